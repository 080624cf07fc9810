"""How probable it is that a message is a fraud: its wording first, then the signs the rules found; linear, numpy alone.

Weights: ``data/model.npz``, made by ``scripts/train-scam-model`` on texts written for this project and on TeleAntiFraud's
agent-written dialogues (Apache-2.0). Wording is weighed by character n-grams. What a sign adds is learned on messages whose
author the wording was not learned from: so a sign weighs what it is worth on new messages.
"""

import math
import re
from collections import Counter
from collections.abc import Set as AbstractSet
from functools import cache
from importlib.resources import files
from io import BytesIO
from itertools import pairwise

import msgspec
import numpy as np

#: Longer texts are read at both ends: what matters in a message is said in its first or last lines.
MAX_CHARACTERS = 400
_BLANK = re.compile(r"\s+")
_CLAUSE = re.compile(r"[^，。,；;！!？?\n]+")
_DIGITS = re.compile(r"[0-9]+")


class Likeness(msgspec.Struct, frozen=True):
    """Probabilities that add up to one."""

    legit: float
    parcel_scam: float
    other_scam: float

    @property
    def scam(self) -> float:
        """Probability of either fraud."""
        return self.parcel_scam + self.other_scam


class Classifier:
    """A linear model over character n-grams (1–3), tf-idf weighted and scaled to length one; a second over it and signs."""

    def __init__(
        self,
        grams: list[str],
        weights: np.ndarray,
        bias: np.ndarray,
        signs: list[str],
        sign_weights: np.ndarray,
    ) -> None:
        """Take n-grams with weights (n × 3: idf, parcel, other; both against legit) and the bias of the two (2).

        Then the signs with theirs (n × 3: a column a class), of which the first three are the parcel score of the
        wording, its other score and the constant.
        """
        self._rows: dict[str, tuple[float, ...]] = {
            gram: tuple(row) for gram, row in zip(grams, weights.tolist(), strict=True)
        }
        self._bias = tuple(bias.tolist())
        self._parcel, self._other, self._constant, *rest = (tuple(row) for row in sign_weights.tolist())
        self._signs = dict(zip(signs[3:], rest, strict=True))

    def likeness(self, text: str, signs: AbstractSet[str] = frozenset()) -> Likeness:
        """Return how probable each class is for a normalised ``text`` with the ``signs`` that were found in it."""
        scores = self._scores(text)
        added = [self._signs[sign] for sign in signs if sign in self._signs]
        totals = [
            scores[0] * self._parcel[at] + scores[1] * self._other[at] + self._constant[at]
            + sum(one[at] for one in added)
            for at in range(3)
        ]  # fmt: skip
        top = max(totals)
        powers = [math.exp(total - top) for total in totals]
        whole = sum(powers)
        return Likeness(*(power / whole for power in powers))

    def _scores(self, text: str) -> tuple[float, float]:
        """Return how much the wording speaks for either fraud, as log-odds against legit."""
        square = parcel = other = 0.0
        rows = self._rows
        for gram, count in grams_of(text).items():
            row = rows.get(gram)
            if row is not None:
                value = row[0] if count == 1 else (1.0 + math.log(count)) * row[0]
                square += value * value
                parcel += value * row[1]
                other += value * row[2]
        length = math.sqrt(square) or 1.0
        return parcel / length + self._bias[0], other / length + self._bias[1]

    def telling(self, text: str) -> tuple[int, int]:
        """Return where the clause of a normalised ``text`` stands whose wording speaks most for a fraud."""
        clauses = [match.span() for match in _CLAUSE.finditer(text[: 2 * MAX_CHARACTERS])]
        return max(clauses, key=lambda span: self._pull(text[slice(*span)]), default=(0, len(text)))

    def _pull(self, clause: str) -> float:
        rows = (self._rows[gram] for gram in grams_of(clause) if gram in self._rows)
        return sum(row[0] * max(row[1], row[2]) for row in rows)


def grams_of(text: str) -> Counter[str]:
    """Return the n-grams (1–3 characters) of a text and how often each occurs; numbers count as one sign."""
    if len(text) > MAX_CHARACTERS:
        text = text[: MAX_CHARACTERS // 2] + " " + text[-MAX_CHARACTERS // 2 :]
    text = _DIGITS.sub("0", _BLANK.sub("", text))
    counts = Counter(text)
    counts.update(map("".join, pairwise(text)))
    counts.update(map("".join, zip(text, text[1:], text[2:], strict=False)))
    return counts


@cache
def classifier() -> Classifier:
    """Return the shipped model."""
    raw = files("waybillguard.scam").joinpath("data", "model.npz").read_bytes()
    with np.load(BytesIO(raw), allow_pickle=False) as stored:
        grams, signs = (stored[name].tobytes().decode("utf-8").split("\n") for name in ("grams", "signs"))
        weights, bias, sign_weights = (
            stored[name].astype(np.float64) for name in ("weights", "bias", "sign_weights")
        )
    return Classifier(grams, weights, bias, signs, sign_weights)
