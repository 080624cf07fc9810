"""Mount a small disk below the data folder, and fill it."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

MIB = 1 << 20


def mount(folder: Path, mib: int) -> str:
    """Mount a small disk at ``folder``; return the reason if that fails, else an empty string."""
    if os.geteuid() != 0:
        return "only root may mount a small disk"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    command = ["mount", "-t", "tmpfs", "-o", f"size={mib}m,mode=0700", "tmpfs", str(folder)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    return done.stderr.strip() or ("" if done.returncode == 0 else "a tmpfs cannot be mounted here")


def refused(folder: Path) -> str:
    """Return the reason why no small disk can be mounted here, or an empty string."""
    why = mount(folder, 1)
    if not why:
        unmount(folder)
    return why


def unmount(folder: Path) -> None:
    subprocess.run(["umount", "-l", str(folder)], check=True)


@contextmanager
def full(folder: Path, left: int = 0, name: str = "ballast") -> Iterator[None]:
    """Fill the disk except for ``left`` bytes, and free the space at the end."""
    ballast = folder / name
    with ballast.open("wb") as file:
        size = MIB
        while size >= 4096:
            try:
                file.write(bytes(size))
                file.flush()
            except OSError:
                size //= 2
    if left:
        os.truncate(ballast, max(0, ballast.stat().st_size - left))
    try:
        yield
    finally:
        ballast.unlink()
