"""What a thief could sell: a person's full phone number, in any form a program would keep it.

A record counts as obtained when the eleven digits are found; a name or a street without a way to call
sells for nothing.
"""

import contextlib
import re
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

_MOBILE = re.compile(rb"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")


@dataclass(frozen=True, slots=True)
class Victim:
    """An invented person whose data lies in the warehouse."""

    name: str
    phone: str
    detail: str


class Loot:
    """Counts whose numbers a thief found, whatever he searched."""

    def __init__(self, victims: Iterable[Victim]) -> None:
        self._phones = {victim.phone for victim in victims}
        self.found: dict[str, str] = {}

    def search(self, data: bytes, where: str) -> None:
        """Look through bytes as text of one byte a digit, of two (UTF-16), and reversed."""
        for view in (data, data[::2], data[1::2], data[::-1]):
            for match in _MOBILE.finditer(view):
                digits = match.group().decode()
                for candidate in (digits, digits[::-1]):
                    if candidate in self._phones:
                        self.found.setdefault(candidate, where)

    def search_tree(self, folder: Path) -> None:
        """Look through every file below a folder, compressed ones unpacked where that is simple."""
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                data = path.read_bytes()
                self.search(data, str(path.name))
                for inflated in _inflate(data):
                    self.search(inflated, str(path.name))

    def search_memory(self, pid: int) -> int:
        """Look through the readable memory of a process; return how many bytes could be read."""
        read = 0
        try:
            maps = Path(f"/proc/{pid}/maps").read_text().splitlines()
            with Path(f"/proc/{pid}/mem").open("rb", buffering=0) as memory:
                for line in maps:
                    span, permissions = line.split()[:2]
                    if not permissions.startswith("r") or "[v" in line:
                        continue
                    start, end = (int(part, 16) for part in span.split("-"))
                    if end - start > 512 * 1024 * 1024:
                        continue
                    try:
                        memory.seek(start)
                        data = memory.read(end - start)
                    except (OSError, ValueError, OverflowError):
                        continue
                    read += len(data)
                    self.search(data, f"memory of process {Path(line.split()[-1]).name}")
        except (OSError, PermissionError):
            return read
        return read


def _inflate(data: bytes) -> Iterable[bytes]:
    """Yield what zlib streams inside a file hold (PDF pages, PNG, Z64 graphics)."""
    place = 0
    while (place := data.find(b"x", place)) >= 0 and place + 2 < len(data):
        if (data[place] * 256 + data[place + 1]) % 31 == 0:
            with contextlib.suppress(zlib.error):
                yield zlib.decompressobj().decompress(data[place:], 64 * 1024 * 1024)
        place += 1
