"""Probability that a message is a fraud, from its wording and the signs found by the rules. Linear, only numpy.

Weights: ``data/model.npz``, made by ``scripts/train-scam-model`` on texts written for this project and on TeleAntiFraud's
agent-written dialogues (Apache-2.0). Wording is scored by character n-grams, in the whole message and in its worst
passage, so that ordinary sentences do not hide a fraud. The combination of wording and signs is trained on messages by
authors that were not used to train the wording, so that the weights hold for new messages.
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

#: Of longer texts only both ends are read, because the important parts of a message are its first or last lines.
MAX_CHARACTERS = 400
_BLANK = re.compile(r"\s+")
_CLAUSE = re.compile(r"[^，。,；;！!？?\n]+")
_DIGITS = re.compile(r"[0-9]+")
_SENTENCE_END = re.compile(r"[。！？!?；;\n]")
#: Minimum length of a passage in characters; a shorter one contains too little by itself.
_MIN_PASSAGE = 14


class Likeness(msgspec.Struct, frozen=True):
    """Probabilities of the classes; they add up to 1."""

    legit: float
    parcel_scam: float
    other_scam: float

    @property
    def scam(self) -> float:
        """Probability of a fraud of either class."""
        return self.parcel_scam + self.other_scam


class Classifier:
    """Two linear steps. First: character n-grams (1–3), tf-idf weighted, unit length. Second: their scores and the signs.

    Each step answers two questions: fraud or honest, and for a fraud, about a parcel or not.
    """

    def __init__(
        self, grams: list[str], weights: np.ndarray, bias: np.ndarray, signs: list[str], steps: np.ndarray
    ) -> None:
        """Store n-grams with weights (n × 3: idf, fraud, parcel) and the two biases (2).

        ``signs`` come with the weights ``steps`` of the second step (3 + signs × 2: fraud, parcel): for the score of the
        whole, the score of the worst passage, the constant, and each sign.
        """
        self._rows: dict[str, tuple[float, ...]] = {
            gram: tuple(row) for gram, row in zip(grams, weights.tolist(), strict=True)
        }
        self._bias = tuple(bias.tolist())
        self._whole, self._worst, self._constant, *rest = (tuple(row) for row in steps.tolist())
        self._signs = dict(zip(signs, rest, strict=True))

    def likeness(
        self, text: str, signs: AbstractSet[str] = frozenset(), *, worst_alone: bool = False
    ) -> Likeness:
        """Return the probability of each class for a normalised ``text`` with the ``signs`` found in it.

        With ``worst_alone``, score only its worst passage.
        """
        whole = self.scores(text)
        worst = max((self.scores(text[slice(*span)]) for span in passages(text)), default=whole)
        if worst_alone:
            whole = worst
        added = [self._signs[sign] for sign in signs if sign in self._signs]
        fraud, parcel = (
            1 / (1 + math.exp(-(
                whole[at] * self._whole[at] + worst[at] * self._worst[at] + self._constant[at]
                + sum(one[at] for one in added)
            )))
            for at in range(2)
        )  # fmt: skip
        return Likeness(1 - fraud, fraud * parcel, fraud * (1 - parcel))

    def scores(self, text: str) -> tuple[float, float]:
        """Return the log-odds of the wording for a fraud, and, given a fraud, for one about a parcel."""
        square = fraud = parcel = 0.0
        grams = grams_of(text)
        for row, count in zip(map(self._rows.get, grams), grams.values(), strict=True):
            if row is not None:
                value, of_fraud, of_parcel = row
                if count > 1:
                    value *= 1.0 + math.log(count)
                square += value * value
                fraud += value * of_fraud
                parcel += value * of_parcel
        length = math.sqrt(square) or 1.0
        return fraud / length + self._bias[0], parcel / length + self._bias[1]

    def telling(self, text: str) -> tuple[int, int]:
        """Return the range of the clause in a normalised ``text`` with the highest score for a fraud."""
        clauses = [match.span() for match in _CLAUSE.finditer(text[: 2 * MAX_CHARACTERS])]
        return max(clauses, key=lambda span: self._pull(text[slice(*span)]), default=(0, len(text)))

    def _pull(self, clause: str) -> float:
        return sum(row[0] * row[1] for gram in grams_of(clause) if (row := self._rows.get(gram)) is not None)


def passages(text: str) -> list[tuple[int, int]]:
    """Return the ranges of a text's passages: sentences of some length; empty if the text is one passage."""
    if len(text) > 2 * MAX_CHARACTERS:
        last = len(text) - MAX_CHARACTERS
        return [
            *passages(text[:MAX_CHARACTERS]),
            *((start + last, end + last) for start, end in passages(text[last:])),
        ]
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if match.end() - start >= _MIN_PASSAGE:
            found.append((start, match.end()))
            start = match.end()
    if not found:
        return []
    found.append((start, len(text)))
    if len(text) - start < _MIN_PASSAGE:
        found[-2:] = [(found[-2][0], len(text))]
    return found if len(found) > 1 else []


def grams_of(text: str) -> Counter[str]:
    """Count the n-grams (1–3 characters) of a text; a number counts as one character."""
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
        weights, bias, steps = (stored[name].astype(np.float64) for name in ("weights", "bias", "steps"))
    return Classifier(grams, weights, bias, signs, steps)
