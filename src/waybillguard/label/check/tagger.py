"""What each character of a label belongs to: somebody's name, phone or address, or nothing; learned, not ruled.

Weights: ``data/fields.npz``, made by ``scripts/train-label-fields`` from labels written by many authors and from readings
of photographed ones. Two steps: the first sees the words, the places and what the rules think (``parties.assign``), the
second sees besides what the first found in the lines around. A linear model over hashed features; NumPy alone.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise
from statistics import median
from typing import Final
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.check.lines import right_of, same_row
from waybillguard.label.check.values import Party, TextLine, Zone

type Tags = NDArray[np.int64]
"""One class a character: an index of ``CLASSES``."""

CLASSES: Final[tuple[tuple[Party, Zone] | None, ...]] = (
    None,
    *((party, zone) for party in (Party.RECEIVER, Party.SENDER) for zone in (Zone.NAME, Zone.PHONE, Zone.ADDRESS)),
)  # fmt: skip
_CONTACT: Final = {pair: i for i, pair in enumerate(CLASSES) if pair is not None}
_ZONES: Final = (
    Zone.NAME, Zone.PHONE, Zone.ADDRESS, Zone.REMARK, Zone.GOODS, Zone.WAYBILL_NO, Zone.NOTICE, Zone.TRACE, Zone.SORT_CODE,
)  # fmt: skip
_WINDOWS: Final = ((-1, 1), (-2, 1), (0, 2), (0, 3), (-1, 2), (-3, 1), (0, 4), (-2, 3))
_PARTIES: Final = {
    "R": re.compile(
        "收|买家|客户|顾客|取件人|签收|到货|领|送达|去向|TO|To|用户|订货|下单|receiver|consignee",
        re.IGNORECASE,
    ),
    "S": re.compile("寄|发|卖家|商家|供|出货|店铺|门店|来自|FROM|From|始发|sender|shipper", re.IGNORECASE),
}
_HEADING: Final = re.compile(r"[^\d*:]{1,10}:")
BUCKETS: Final = 1 << 20
"""Numbers that features share; two that fall on one are told apart by the others."""
_CHANGE, _CHANGE_INSIDE = 2.0, 6.0
"""What a change of class costs: between digits and letters, at a sign or a gap; and inside a word."""
_NEAR: Final = 1.5
"""Pixels between a character and the same one in a part of its line."""


@dataclass(frozen=True, slots=True)
class Opinion:
    """What the rules think of a character: its zone, and whose it is if it is a contact's."""

    zone: Zone | None = None
    party: Party | None = None

    def __str__(self) -> str:
        return f"{self.party.value[0] if self.party else ''}{self.zone.value if self.zone else '-'}"


def places(line: TextLine) -> list[float]:
    """Return the middle of each character; where they are not known, by the width of a line's signs."""
    if len(line.glyphs) == len(line.text):
        return [glyph.x for glyph in line.glyphs]
    rooms = [2 if sign > "\u2e80" else 1 for sign in line.text]
    step = (right_of(line) - line.x) / max(1, sum(rooms))
    ends = np.cumsum(rooms)
    return [line.x + step * (end - room / 2) for end, room in zip(ends, rooms, strict=True)]


def opinions(lines: Sequence[TextLine], placed: Sequence[TextLine]) -> list[list[Opinion]]:
    """Return what the rules' parts of the lines (``assign``) say of each character of each line."""
    told = []
    for line in lines:
        row = [Opinion()] * len(line.text)
        for part in placed:
            apart = abs(part.y + part.size / 2 - line.y - line.size / 2)
            if part.zone not in _ZONES or apart >= 0.8 * line.size + abs(part.size - line.size) / 2:
                continue
            for k in _held(line, part):
                if row[k] == Opinion():
                    row[k] = Opinion(part.zone, part.party if part.block else None)
        told.append(row)
    return told


def _held(line: TextLine, part: TextLine) -> list[int]:
    """Return which characters of a line a part of a label holds: by their places, where they are known, else by the words."""
    if len(line.glyphs) == len(line.text) and len(part.glyphs) == len(part.text):
        own = [glyph.x for glyph in part.glyphs]
        return [k for k, glyph in enumerate(line.glyphs) if any(abs(glyph.x - x) < _NEAR for x in own)]
    at = line.text.find(part.text)
    return list(range(at, at + len(part.text))) if at >= 0 and part.text else []


def tag(lines: Sequence[TextLine], told: Sequence[Sequence[Opinion]]) -> list[Tags]:
    """Return the class of each character of each line; the lines in reading order (by y, then x)."""
    first, second = _model()
    return second.classes(lines, told, first.classes(lines, told, None))


def _shape(text: str) -> str:
    return re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub(r"\d", "9", text)))


def features(
    lines: Sequence[TextLine], told: Sequence[Sequence[Opinion]], before: Sequence[Tags] | None
) -> Iterator[list[str]]:
    """Yield what is seen of each character of each line; ``before`` is what the first step found."""
    names = [[str(one) for one in row] for row in told]
    for i, line in enumerate(lines):
        common = [*_of_line(lines, i), *_around(lines, i, names, before)]
        if before is not None:
            common += _found_so_far(before, i)
        yield from (
            [*common, *own]
            for own in _of_characters(line, names[i], before[i] if before is not None else None)
        )


def _of_line(lines: Sequence[TextLine], i: int) -> list[str]:
    """See a line as a whole: its size, its place, and how far above it a word for a party stands."""
    line = lines[i]
    usual = median(other.size for other in lines)
    top, bottom = lines[0].y, max(other.y for other in lines) + 1
    out = [
        "b", f"size{round(2 * np.log2(max(line.size / usual, 0.2)))}", f"y{6 * (line.y - top) // (bottom - top)}",
        f"len{min(len(line.text), 12)}",
    ]  # fmt: skip
    for party, words in _PARTIES.items():
        at = next((j for j in range(i, -1, -1) if words.search(lines[j].text[:8])), None)
        found = words.search(lines[at].text) if at is not None else None
        out.append(f"t{party}{min(i - at, 6) if at is not None else '-'}")
        if found is not None:
            out.append(f"t{party}={found[0]}")
    for side, near in (
        ("u", _above),
        ("l", _left),
    ):  # the last word for a party in the column, and in the row
        far, party = min(
            ((far, party) for other in lines for party, words in _PARTIES.items()
             if other is not line and words.search(other.text[:8]) and (far := near(other, line)) is not None),
            default=(9, "-"),
        )  # fmt: skip
        out += [f"{side}{party}", f"{side}{party}{far}"]
    return out


def _above(other: TextLine, line: TextLine) -> int | None:
    """How many type sizes a line stands below another in its column, None if it does not."""
    far = (line.y - other.y) / line.size
    column = min(right_of(other), right_of(line)) > max(other.x, line.x) - 2 * line.size
    return min(round(far), 9) if far > 0.7 and column and not same_row(other, line) else None  # noqa: PLR2004


def _left(other: TextLine, line: TextLine) -> int | None:
    """How many type sizes a line stands to the right of another in its row, None if it does not."""
    return (
        min(round((line.x - right_of(other)) / line.size), 9)
        if same_row(other, line) and other.x < line.x
        else None
    )


def _around(
    lines: Sequence[TextLine], i: int, names: Sequence[Sequence[str]], before: Sequence[Tags] | None
) -> Iterator[str]:
    """See the lines to the left, to the right, above and below."""
    line = lines[i]
    row = [j for j, other in enumerate(lines) if j != i and same_row(other, line)]
    column = [
        j for j, other in enumerate(lines)
        if j != i and min(right_of(other), right_of(line)) > max(other.x, line.x)
    ]  # fmt: skip
    neighbours = {
        "L": max((j for j in row if lines[j].x < line.x), key=lambda j: lines[j].x, default=None),
        "R": min((j for j in row if lines[j].x > line.x), key=lambda j: lines[j].x, default=None),
        "U": max((j for j in column if lines[j].y + lines[j].size / 2 < line.y), key=lambda j: lines[j].y, default=None),
        "D": min((j for j in column if lines[j].y > line.y + line.size / 2), key=lambda j: lines[j].y, default=None),
    }  # fmt: skip
    for side, j in neighbours.items():
        if j is None:
            yield f"{side}-"
            continue
        text, far = _shape(lines[j].text), round(min(abs(lines[j].y - line.y) / line.size, 9))
        for part in (
            text[:2],
            text[:4],
            f">{text[-2:]}",
            f">{text[-4:]}",
            f"d{far}",
            f"o{names[j][0]}",
            f"o>{names[j][-1]}",
        ):
            yield side + part
        if len(text) <= 6:  # noqa: PLR2004 - a tag or a heading
            yield f"{side}={text}"
        if before is not None:
            tags = before[j]
            yield from (f"{side}p{tags[0]}", f"{side}p>{tags[-1]}", f"{side}pm{np.bincount(tags).argmax()}",
                        f"{side}p>{tags[-1]}d{far}")  # fmt: skip


def _found_so_far(before: Sequence[Tags], i: int) -> list[str]:
    """Say which fields the first step found above and below, and which was the last."""
    above, below = (np.concatenate([*part, np.zeros(0, np.int64)]) for part in (before[:i], before[i + 1 :]))
    last = above[above > 0]
    have, come = (
        "".join(str(k) for k in range(1, len(CLASSES)) if (part == k).any()) for part in (above, below)
    )
    return [f"have{have}", f"come{come}", f"last{last[-1] if len(last) else '-'}"]


def _of_characters(line: TextLine, names: Sequence[str], tags: Tags | None) -> Iterator[list[str]]:
    """See each character, what stands about it, its word, and what stands before it in the line."""
    text, shape = line.text, _shape(line.text)
    heading = _HEADING.match(text)
    words = [found.span() for found in re.finditer(r"\S+", text)]
    for k, sign in enumerate(text):
        start, end = next(((a, b) for a, b in words if a <= k < b), (k, k + 1))
        word, ahead, behind = shape[start:end], shape[:start].split(), shape[end:].split()
        mark = max(text.rfind(one, 0, k) for one in ":)】]")
        left, right = names[k - 1] if k else "^", names[k + 1] if k + 1 < len(text) else "$"
        out = [
            f"c{'9' if sign.isdigit() else sign}", f"o{names[k]}", f"o<{left}", f"o>{right}", f"o{left}{names[k]}",
            f"w{word[:2]}", f"w{word[:4]}", f"w>{word[-2:]}", f"w>{word[-3:]}", f"wn{min(len(word), 14)}", f"w*{'*' in word}",
            f"a{ahead[-1][-4:] if ahead else '^'}", f"z{behind[0][:4] if behind else '$'}", f"l{shape[:4]}", f"i{min(len(ahead), 4)}",
            f"h{heading[0] if heading is not None and k >= heading.end() else ''}", f"m{shape[max(0, mark - 4) : mark + 1]}",
        ]  # fmt: skip
        if len(word) <= 12:  # noqa: PLR2004
            out.append(f"w={word}")
        for a, b in _WINDOWS:
            seen = shape[max(0, k + a) : k + b]
            out.append(f"g{a}{b}{'^' if k + a < 0 else ''}{seen}{'$' if k + b > len(text) else ''}")
        if tags is not None:
            near = (tags[k - 1] if k else "^", tags[k + 1] if k + 1 < len(text) else "$")
            out += [f"p{tags[k]}", f"p<{near[0]}", f"p>{near[1]}", f"p{tags[k]}{names[k]}",
                    f"pw{np.bincount(tags[start:end]).argmax()}"]  # fmt: skip
        yield out


def keys_of(seen: Sequence[str]) -> list[int]:
    """Return the numbers by which features are known to the model."""
    return [crc32(one.encode()) % BUCKETS for one in seen]


@dataclass(frozen=True, slots=True)
class _Step:
    keys: NDArray[np.uint32]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    def classes(
        self, lines: Sequence[TextLine], told: Sequence[Sequence[Opinion]], before: Sequence[Tags] | None
    ) -> list[Tags]:
        rows = [keys_of(seen) for seen in features(lines, told, before)]
        ends = np.cumsum([len(line.text) for line in lines])
        flat = np.fromiter((key for row in rows for key in row), np.uint32)
        at = np.minimum(np.searchsorted(self.keys, flat), len(self.keys) - 1)
        known = np.where((self.keys[at] == flat)[:, None], self.weights[at], 0)
        starts = np.cumsum([0, *(len(row) for row in rows[:-1])])
        scores = np.add.reduceat(known, starts, axis=0) + self.bias
        return [
            _best(line.text, scores[a:b]) for line, (a, b) in zip(lines, pairwise([0, *ends]), strict=True)
        ]


def _best(text: str, scores: NDArray[np.float32]) -> Tags:
    """Return the best classes of a line's characters (n × classes): a change costs, most of all inside a word (Viterbi)."""
    total = scores[0]
    back = []
    for k in range(1, len(text)):
        change = total.max() - (_CHANGE if _kind(text[k]) != _kind(text[k - 1]) else _CHANGE_INSIDE)
        stays = total >= change
        back.append(np.where(stays, np.arange(len(total)), total.argmax()))
        total = np.where(stays, total, change) + scores[k]
    out = [int(total.argmax())]
    for came in reversed(back):
        out.append(int(came[out[-1]]))
    return np.array(out[::-1], np.int64)


def _kind(sign: str) -> str:
    return "9" if sign.isdigit() or sign in "*+-" else "x" if sign.isalpha() else sign


@cache
def _model() -> tuple[_Step, _Step]:
    raw = files("waybillguard.label").joinpath("data", "fields.npz").read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as stored:
        first, second = (
            _Step(
                np.cumsum(stored[f"steps{i}"], dtype=np.uint32),
                stored[f"weights{i}"] * stored[f"scale{i}"],
                stored[f"bias{i}"],
            )
            for i in (1, 2)
        )
    return first, second
