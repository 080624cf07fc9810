"""How commands speak: results to standard output or a file, everything else to standard error."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Never

import typer

from waybillguard.errors import WaybillGuardError

DONE, FOUND, USAGE, FAULT = 0, 1, 2, 3


def say(text: str) -> None:
    """Write a line for people to standard error."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


def fail(error: WaybillGuardError) -> Never:
    """Say what went wrong in both languages and leave with exit status 2.

    Raises:
        typer.Exit: always.
    """
    say(error.zh)
    say(error.en)
    raise typer.Exit(USAGE)


@contextlib.contextmanager
def json_out(target: str) -> Iterator[IO[bytes]]:
    """Open where JSON goes: ``-`` is standard output; a file is made in place, mode 0600."""
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    try:
        handle = path.open("wb")
    except OSError as error:
        say(f"无法写入 {path}：{error.strerror} / cannot write {path}: {error.strerror}")
        raise typer.Exit(USAGE) from None
    with handle:
        if path.is_file():  # never a device: as root, /dev/null would be closed to everybody
            path.chmod(0o600)
        yield handle
