"""Giving a finished file its name: never another's, and so that a power cut does not take it back."""

import os
import sys
from errno import EINVAL, ENOTSUP
from pathlib import Path


def publish_new(draft: Path, target: Path) -> None:
    """Give a finished file its name if nobody has it; the draft's own name may stay beside it.

    A hard link, unlike a rename, fails when the name was taken in the meantime. Where the file system has none (exFAT,
    many USB sticks and shares) the name is taken first, by an empty file that nobody else can have made.

    Raises:
        FileExistsError: the name is taken; it is untouched.
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
    """Make the names in a folder durable, where the system can: Windows opens no folder for it.

    Raises:
        OSError: the disk did not confirm it.
    """
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in {EINVAL, ENOTSUP}:  # some file systems flush no folders
            raise
    finally:
        os.close(descriptor)
