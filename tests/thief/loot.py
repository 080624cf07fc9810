"""What a thief could sell: a person's full phone number, in any form a program would keep it.

A record counts as obtained when the eleven digits are found; a name or a street without a way to call
sells for nothing.
"""

import contextlib
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

from ahocorasick_rs import BytesAhoCorasick

_BETWEEN_DIGITS = (b"", b"\0", b"\0\0\0")
"""What stands between two digits in text of one, two (UTF-16) and four bytes (UTF-32) a character."""


@dataclass(frozen=True, slots=True)
class Victim:
    """An invented person whose data lies in the warehouse."""

    name: str
    phone: str
    detail: str


class Loot:
    """Counts whose numbers a thief found, whatever he searched."""

    def __init__(self, victims: Iterable[Victim]) -> None:
        forms = {
            between.join(bytes([digit]) for digit in phone.encode()[::way]): phone
            for phone, between, way in product(
                dict.fromkeys(victim.phone for victim in victims), _BETWEEN_DIGITS, (1, -1)
            )
        }
        self._forms, self._phones = BytesAhoCorasick(forms), list(forms.values())
        self.found: dict[str, str] = {}

    def search(self, data: bytes, where: str) -> None:
        """Look through bytes once for every number in every form, forwards and backwards."""
        for form, _, _ in self._forms.find_matches_as_indexes(data):
            self.found.setdefault(self._phones[form], where)

    def search_tree(self, folder: Path) -> None:
        """Look through every file below a folder, compressed ones unpacked where that is simple."""
        for path in folder.rglob("*"):
            if path.is_file() and not path.is_symlink():
                try:
                    data = path.read_bytes()
                except FileNotFoundError:  # it was there for a moment
                    continue
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
                    if "w" not in permissions and "/" in line:
                        continue  # a library as it lies on the disk
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
