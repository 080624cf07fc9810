"""Classifies each character of a label with a learned model: a party's name, phone or address, remark, goods, or none.

The weights ``data/fields.npz`` are made by ``scripts/train-label-fields`` from labels written by many authors and from
OCR readings of photographed labels. The network is small and needs only NumPy: recurrent units read each line in both
directions, attention relates lines by their positions, and a second recurrent pass uses the features of the line.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO
from statistics import median
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from waybillguard.label.check.lines import right_of
from waybillguard.label.check.values import Party, TextLine, Zone

type Tags = NDArray[np.int64]
"""One class per character: an index into ``CLASSES``."""
type Numbers = NDArray[np.float32]

CLASSES: Final[tuple[tuple[Party | None, Zone] | None, ...]] = (
    None,
    *((party, zone) for party in (Party.RECEIVER, Party.SENDER) for zone in (Zone.NAME, Zone.PHONE, Zone.ADDRESS)),
    (None, Zone.STAFF), (None, Zone.REMARK), (None, Zone.GOODS),
)  # fmt: skip
"""Staff are those who handle the parcel, and the hotlines of carrier and shop: their names and numbers may show."""
_ZONES: Final = (
    Zone.NAME, Zone.PHONE, Zone.ADDRESS, Zone.REMARK, Zone.GOODS, Zone.WAYBILL_NO, Zone.NOTICE, Zone.TRACE, Zone.SORT_CODE,
)  # fmt: skip
WEIGHTS: Traversable = files("waybillguard.label").joinpath("data", "fields.npz")
_UNKNOWN_SIGN: Final = 1
"""The index of a character unknown to the model; 0 is padding."""
_CHANGE, _CHANGE_INSIDE = 0.5, 2.0
"""Cost of a change of class: between digits and letters, at a sign or a gap; and inside a word."""
_NEAR: Final = 1.5
"""Largest distance in pixels between a character and the same one in a part of its line."""
_MANY_CHARACTERS: Final = 30
_PIECE: Final = 1 << 17
"""Multiplications per piece; OpenBLAS still uses one thread for twice as many."""
_SAME_ROW: Final = 0.6


@dataclass(frozen=True, slots=True)
class Opinion:
    """The rules' classification of a character: its zone, and its party if it is contact data."""

    zone: Zone | None = None
    party: Party | None = None

    def __str__(self) -> str:
        return f"{self.party.value[0] if self.party else ''}{self.zone.value if self.zone else '-'}"


class Seen(NamedTuple):
    """The model's input: a label of n lines, the longest of which has m characters."""

    signs: NDArray[np.int64]
    """n × m: the index of each character, 0 behind the end of a line."""
    opinions: NDArray[np.int64]
    """n × m: the index of the rules' opinion."""
    places: Numbers
    """n × m × 6: across and down the label (0 to 1), size, length of the line, gap before, whether a digit."""
    pairs: Numbers
    """n × n × 11: the position of the second line relative to the first."""


def places(line: TextLine) -> list[float]:
    """Return the middle of each character; if unknown, estimate it from the widths of the line's characters."""
    if len(line.glyphs) == len(line.text):
        return [glyph.x for glyph in line.glyphs]
    rooms = [2 if sign > "\u2e80" else 1 for sign in line.text]
    step = (right_of(line) - line.x) / max(1, sum(rooms))
    ends = np.cumsum(rooms)
    return [line.x + step * (end - room / 2) for end, room in zip(ends, rooms, strict=True)]


def opinions(lines: Sequence[TextLine], placed: Sequence[TextLine]) -> list[list[Opinion]]:
    """Return the rules' opinion of each character of each line, from the parts that ``assign`` returned."""
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
    """Return the characters of a line that a part of a label holds: by their positions if known, else by the text."""
    if len(line.glyphs) == len(line.text) and len(part.glyphs) == len(part.text):
        own = [glyph.x for glyph in part.glyphs]
        return [k for k, glyph in enumerate(line.glyphs) if any(abs(glyph.x - x) < _NEAR for x in own)]
    at = line.text.find(part.text)
    return list(range(at, at + len(part.text))) if at >= 0 and part.text else []


def seen(
    lines: Sequence[TextLine],
    told: Sequence[Sequence[Opinion]],
    signs: Mapping[str, int],
    known: Mapping[str, int],
) -> Seen:
    """Return the model's input; ``signs`` and ``known`` give the indexes of characters and of the rules' opinions."""
    shape = len(lines), max(len(line.text) for line in lines)
    usual = median(line.size for line in lines)
    left, top = min(line.x for line in lines), min(line.y for line in lines)
    wide = max(max(right_of(line) for line in lines) - left, 1)
    high = max(max(line.y + line.size for line in lines) - top, 1)
    out = Seen(
        np.zeros(shape, np.int64), np.zeros(shape, np.int64), np.zeros((*shape, 6), np.float32), _stand(lines)
    )
    for i, (line, row) in enumerate(zip(lines, told, strict=True)):
        end, at = len(line.text), np.array(places(line))
        out.signs[i, :end] = [signs.get(sign, _UNKNOWN_SIGN) for sign in line.text]
        out.opinions[i, :end] = [known.get(str(one), 0) for one in row]
        out.places[i, :end] = np.stack(
            np.broadcast_arrays(
                (at - left) / wide, (line.y - top) / high, np.log2(max(line.size / usual, 0.2)),
                min(end, _MANY_CHARACTERS) / _MANY_CHARACTERS, np.clip(np.diff(at, prepend=at[0]) / line.size, 0, 4) / 4,
                [sign.isdigit() for sign in line.text],
            ),
            axis=-1,
        )  # fmt: skip
    return out


def _stand(lines: Sequence[TextLine]) -> Numbers:
    """Return for each pair of lines how far the second is below, to the right, across a gap, and in reading order."""
    x, right, middle, size = np.array(
        [(line.x, right_of(line), line.y + line.size / 2, line.size) for line in lines], np.float32
    ).T
    down = (middle - middle[:, None]) / size[:, None]
    across = (x - x[:, None]) / size[:, None]
    gap = np.maximum(x - right[:, None], x[:, None] - right) / size[:, None]
    later = np.subtract.outer(np.arange(len(lines)), np.arange(len(lines))).T
    in_row, in_column = (np.abs(down) < _SAME_ROW).astype(np.float32), (gap < 0).astype(np.float32)
    far = [np.sign(one) * np.log1p(np.abs(one)) for one in (down, across, gap, later)]
    return np.stack(
        [*far, in_row, in_column, in_row * np.sign(across), in_column * np.sign(down), later == 1, later == -1,
         np.log2(size / size[:, None])],
        axis=-1,
    ).astype(np.float32)  # fmt: skip


def tag(lines: Sequence[TextLine], told: Sequence[Sequence[Opinion]]) -> list[Tags]:
    """Return the class of each character of each line; ``lines`` must be in reading order (by y, then x)."""
    known = model()
    scores = known.scores(seen(lines, told, known.signs, known.opinions))
    return [_best(line.text, row[: len(line.text)]) for line, row in zip(lines, scores, strict=True)]


@dataclass(frozen=True, slots=True)
class _Model:
    signs: Mapping[str, int]
    opinions: Mapping[str, int]
    weights: Mapping[str, Numbers]

    def scores(self, label: Seen) -> Numbers:
        """Return the logarithm of each class's probability (n × m × classes)."""
        w = self.weights
        ends = (label.signs > 0).sum(axis=1)
        where = _relu(self._linear("places", label.places))
        x = np.concatenate([w["signs"][label.signs], w["opinions"][label.opinions], where], axis=-1)
        read = self._read("first", x, ends)
        inside = (label.signs > 0)[..., None]
        lines = np.concatenate(
            [
                np.where(inside, read, -1e4).max(axis=1),
                (read * inside).sum(axis=1) / ends[:, None].astype(np.float32),
            ],
            axis=-1,
        )
        lines = _relu(self._linear("line", lines))
        for layer in range(2):
            lines = self._look_around(f"around{layer}", lines, label.pairs)
        known = np.broadcast_to(lines[:, None], (*label.signs.shape, lines.shape[-1]))
        again = self._read("second", np.concatenate([read, known], axis=-1), ends)
        out = self._linear("classes", np.concatenate([again, known], axis=-1))
        return out - _log_sum(out)

    def _linear(self, name: str, x: Numbers) -> Numbers:
        return _times(x, self.weights[f"{name}.weight"].T) + self.weights[f"{name}.bias"]

    def _read(self, name: str, x: Numbers, ends: Tags) -> Numbers:
        """Run gated recurrent units over the lines, forwards and backwards."""
        back = np.maximum(ends[:, None] - 1 - np.arange(x.shape[1]), 0)[..., None]
        forth = self._one_way(name, "", x)
        reverse = self._one_way(name, "_reverse", np.take_along_axis(x, back, axis=1))
        return np.concatenate([forth, np.take_along_axis(reverse, back, axis=1)], axis=-1)

    def _one_way(self, name: str, way: str, x: Numbers) -> Numbers:
        w = self.weights
        inner, bias = w[f"{name}.weight_hh_l0{way}"].T, w[f"{name}.bias_hh_l0{way}"]
        gates = _times(x, w[f"{name}.weight_ih_l0{way}"].T) + w[f"{name}.bias_ih_l0{way}"]
        width = len(inner)
        state: Numbers = np.zeros((len(x), width), np.float32)
        out = np.empty((*x.shape[:2], width), np.float32)
        for t in range(x.shape[1]):
            own, kept = gates[:, t], _times(state, inner) + bias
            both = 1 / (1 + np.exp(-(own[:, : 2 * width] + kept[:, : 2 * width])))
            new = np.tanh(own[:, 2 * width :] + both[:, :width] * kept[:, 2 * width :])
            state = (new + both[:, width:] * (state - new)).astype(np.float32, copy=False)
            out[:, t] = state
        return out

    def _look_around(self, name: str, lines: Numbers, pairs: Numbers) -> Numbers:
        """Apply attention: each line takes features from the others, by their content and relative position."""
        heads = len(self.weights[f"{name}.stand2.bias"])
        parts = self._linear(f"{name}.asks", self._normal(f"{name}.before", lines)).reshape(
            len(lines), 3, heads, -1
        )
        asks, offers, gives = parts.transpose(1, 2, 0, 3)
        stand = self._linear(f"{name}.stand2", _relu(self._linear(f"{name}.stand1", pairs))).transpose(
            2, 0, 1
        )
        share = asks @ offers.transpose(0, 2, 1) / asks.shape[-1] ** 0.5 + stand
        share = np.exp(share - _log_sum(share))
        lines = lines + self._linear(
            f"{name}.takes", (share @ gives).transpose(1, 0, 2).reshape(len(lines), -1)
        )
        inner = _relu(self._linear(f"{name}.think1", self._normal(f"{name}.after", lines)))
        return lines + self._linear(f"{name}.think2", inner)

    def _normal(self, name: str, x: Numbers) -> Numbers:
        apart = x - x.mean(axis=-1, keepdims=True)
        spread: Numbers = np.sqrt((apart**2).mean(axis=-1, keepdims=True) + 1e-5).astype(
            np.float32, copy=False
        )
        return apart / spread * self.weights[f"{name}.weight"] + self.weights[f"{name}.bias"]


def _times(x: Numbers, matrix: Numbers) -> Numbers:
    """Multiply in pieces too small for OpenBLAS to use threads; on a busy machine waiting for them takes seconds."""
    rows = x.reshape(-1, len(matrix))
    step = max(1, _PIECE // matrix.size)
    out = np.empty((len(rows), matrix.shape[1]), np.float32)
    for at in range(0, len(rows), step):
        np.matmul(rows[at : at + step], matrix, out=out[at : at + step])
    return out.reshape(*x.shape[:-1], -1)


def _relu(x: Numbers) -> Numbers:
    return np.maximum(x, 0)


def _log_sum(x: Numbers) -> Numbers:
    top = x.max(axis=-1, keepdims=True)
    return top + np.log(np.exp(x - top).sum(axis=-1, keepdims=True))


def _best(text: str, scores: Numbers) -> Tags:
    """Return the best classes for scores (n × classes) by Viterbi; a change of class costs most inside a word."""
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
def model() -> _Model:
    """Return the shipped model."""
    raw = WEIGHTS.read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as stored:
        weights = {name: stored[name] for name in stored.files}
    signs, known = (weights.pop(f"names of {what}") for what in ("signs", "opinions"))
    return _Model(
        {sign: i for i, sign in enumerate(str(signs), start=_UNKNOWN_SIGN + 1)},
        {str(one): i for i, one in enumerate(known, start=1)},
        {name: one.astype(np.float32) for name, one in weights.items()},
    )
