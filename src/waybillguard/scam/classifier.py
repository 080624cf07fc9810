"""How probable it is that a message is a fraud: character n-grams and the signs the rules found, a linear model, numpy alone.

Weights: ``data/model.npz``, made by ``scripts/train-scam-model`` on texts written for this project and on TeleAntiFraud's
agent-written dialogues (Apache-2.0). The signs keep it from judging style alone, the characters from knowing only the words
of the rules.
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
#: What a sign weighs beside the n-grams, which are scaled to length one.
SIGN_WEIGHT = 0.5
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
    """A linear model over character n-grams (1–3), tf-idf weighted and scaled to length one, and over signs."""

    def __init__(
        self,
        grams: list[str],
        weights: np.ndarray,
        signs: list[str],
        sign_weights: np.ndarray,
        intercepts: np.ndarray,
    ) -> None:
        """Take n-grams with their weights (n × 4: idf, then one column a class), signs with theirs (n × 3), intercepts (3)."""
        self._rows: dict[str, tuple[float, ...]] = {
            gram: tuple(row) for gram, row in zip(grams, weights.tolist(), strict=True)
        }
        weighed = (SIGN_WEIGHT * sign_weights).tolist()
        self._signs = {sign: tuple(row) for sign, row in zip(signs, weighed, strict=True)}
        self._intercepts = tuple(intercepts.tolist())

    def likeness(self, text: str, signs: AbstractSet[str] = frozenset()) -> Likeness:
        """Return how probable each class is for a normalised ``text`` with the ``signs`` that were found in it."""
        square = 0.0
        legit = parcel = other = 0.0
        rows = self._rows
        for gram, count in grams_of(text).items():
            row = rows.get(gram)
            if row is not None:
                value = row[0] if count == 1 else (1.0 + math.log(count)) * row[0]
                square += value * value
                legit += value * row[1]
                parcel += value * row[2]
                other += value * row[3]
        length = math.sqrt(square) or 1.0
        legit, parcel, other = legit / length, parcel / length, other / length
        for sign in signs:
            weights = self._signs.get(sign)
            if weights is not None:
                legit += weights[0]
                parcel += weights[1]
                other += weights[2]
        first = self._intercepts
        totals = (first[0] + legit, first[1] + parcel, first[2] + other)
        top = max(totals)
        powers = [math.exp(total - top) for total in totals]
        whole = sum(powers)
        return Likeness(*(power / whole for power in powers))

    def telling(self, text: str) -> tuple[int, int]:
        """Return where the clause of a normalised ``text`` stands whose wording speaks most for a fraud."""
        clauses = [match.span() for match in _CLAUSE.finditer(text[: 2 * MAX_CHARACTERS])]
        return max(clauses, key=lambda span: self._pull(text[slice(*span)]), default=(0, len(text)))

    def _pull(self, clause: str) -> float:
        rows = (self._rows[gram] for gram in grams_of(clause) if gram in self._rows)
        return sum(row[0] * (max(row[2], row[3]) - row[1]) for row in rows)


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
        numbers = [stored[name].astype(np.float64) for name in ("weights", "sign_weights", "intercepts")]
    return Classifier(grams, numbers[0], signs, numbers[1], numbers[2])
