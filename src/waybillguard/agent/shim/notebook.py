"""Stores the station's unsent notes on lane A and refusals across restarts: numbers and codes, no personal data.

The file has one JSON line per note and one for each group of sent notes; a note may name the oldest note, which was
dropped for it. Each note has a random number, so the service stores it once even if it is sent again.
"""

import contextlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from waybillguard.agent.files import write_private
from waybillguard.agent.protocol import Id
from waybillguard.agent.protocol_desk import Note
from waybillguard.keys.appending import append_whole
from waybillguard.keys.primitives import Random

FILE: Final = "notes.jsonl"
_MOST: Final = 100_000
_COMPACT_AT: Final = 4096


class _Line(msgspec.Struct, frozen=True, omit_defaults=True):
    note: Note | None = None
    told: tuple[Id, ...] = ()


class NoteBook:
    """The notes that were not sent yet, oldest first; used by one process at a time.

    Args:
        path: the file; None keeps them in memory (tests).
        random: source of the notes' numbers.
    """

    def __init__(self, path: Path | None = None, *, random: Random = os.urandom) -> None:
        self._path, self._random = path, random
        self._notes: dict[str, Note] = {}
        self._descriptor, self._lines = -1, 0
        if path is not None:
            self._read(path)
            self._compact(path)

    def close(self) -> None:
        """Close the file. All notes have been written already."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def keep(self, note: Note) -> None:
        """Add a note. If the disk is full, the note is still sent unless the station stops before."""
        number = self._random(16).hex()
        note = msgspec.structs.replace(note, number=number)
        self._notes[number] = note
        dropped: tuple[Id, ...] = ()
        if len(self._notes) > _MOST:
            dropped = (next(iter(self._notes)),)
            del self._notes[dropped[0]]
        self._add(_Line(note=note, told=dropped))
        self._compact_if_long()

    def first(self, most: int) -> list[Note]:
        """Return the oldest notes."""
        return [note for note, _ in zip(self._notes.values(), range(most), strict=False)]

    def mark_sent(self, notes: Sequence[Note]) -> None:
        """Remove notes that the service has stored."""
        numbers = tuple(number for note in notes if isinstance(number := note.number, str))
        for number in numbers:
            self._notes.pop(number, None)
        self._add(_Line(told=numbers))
        self._compact_if_long()

    def _read(self, path: Path) -> None:
        with contextlib.suppress(FileNotFoundError):
            for raw in path.read_bytes().split(b"\n"):
                try:
                    line = msgspec.json.decode(raw, type=_Line)
                except msgspec.DecodeError:
                    continue  # cut off by a crash
                if line.note is not None and isinstance(line.note.number, str):
                    self._notes[line.note.number] = line.note
                for number in line.told:
                    self._notes.pop(number, None)

    def _add(self, line: _Line) -> None:
        if self._path is None:
            return
        with contextlib.suppress(OSError):
            self._open(self._path)
            append_whole(self._descriptor, msgspec.json.encode(line) + b"\n", durable=False)
            self._lines += 1

    def _open(self, path: Path) -> None:
        if self._descriptor < 0:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def _compact_if_long(self) -> None:
        # The limit grows with the stored notes; otherwise each answer after an outage would rewrite all of them.
        if self._path is not None and self._lines > _COMPACT_AT + 2 * len(self._notes):
            self._compact(self._path)

    def _compact(self, path: Path) -> None:
        """Rewrite the file with the unsent notes; the old file stays until the new one is complete."""
        self.close()
        lines = [msgspec.json.encode(_Line(note=note)) + b"\n" for note in self._notes.values()]
        self._lines = len(lines)  # also if the disk is full: the next attempt is after as many more lines
        with contextlib.suppress(OSError):
            write_private(path, b"".join(lines))
