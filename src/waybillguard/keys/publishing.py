"""Gives a finished file its name without overwriting another file, and durably."""

import os
import sys
from errno import EINVAL, ENOTSUP
from pathlib import Path


def publish_new(draft: Path, target: Path) -> None:
    """Give a finished file its name if the name is free; the draft's name may remain too.

    A hard link, unlike a rename, fails if the name was taken in the meantime. If the file system has no hard links
    (exFAT, many USB sticks and shares), the name is first reserved by exclusively creating an empty file.

    Raises:
        FileExistsError: the name is taken; that file is unchanged.
        OSError: the file system refuses.
    """
    try:
        os.link(draft, target)
    except FileExistsError:
        raise
    except OSError:
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        try:
            draft.replace(target)
        except OSError:
            target.unlink(missing_ok=True)
            raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable, if the system supports it (Windows does not).

    Raises:
        OSError: the disk did not confirm it.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {EINVAL, ENOTSUP}:  # some file systems cannot flush folders
            raise
    finally:
        os.close(descriptor)
