"""Explain a verdict in Chinese: reasons with quotations from the message, and one next step (``data/texts.yaml``)."""

from functools import cache

import msgspec

from waybillguard.scam.model import Code, OrderFacts, Verdict
from waybillguard.shipped import read_yaml

_MAX_QUOTE = 24
_MAX_REASONS = 4


class Texts(msgspec.Struct, frozen=True):
    """All texts, by use."""

    reasons: dict[str, str]
    states: dict[str, str]
    verdicts: dict[str, str]
    advice: dict[str, str]
    notes: dict[str, str]


@cache
def texts() -> Texts:
    """Return the shipped texts."""
    return read_yaml("waybillguard.scam", "data/texts.yaml", Texts)


def explain(
    verdict: Verdict, reasons: list[tuple[Code, str]], order: OrderFacts | None, notes: dict[str, str]
) -> tuple[str, str]:
    """Return the explanation and the advice.

    Args:
        verdict: verdict on the message.
        reasons: each reason with the words of the message that caused it (empty: no particular words).
        order: the order that the message was compared with.
        notes: keys of ``notes`` to add, each with the words of the message that caused it.
    """
    said = texts()
    state = (
        said.states.get(order.status, "") if order is not None and order.status is not None else "没有记录"
    )
    carrier = (order.carrier or "别家") if order is not None else ""
    sentences = [said.verdicts[verdict]]
    for code, quote in reasons[:_MAX_REASONS]:
        sentence = said.reasons[code].format(quote=_quoted(quote), state=state, carrier=carrier)
        sentences.append(sentence.replace("（）", ""))
    sentences.extend(
        said.notes[note].format(quote=_quoted(quote)).replace("（）", "") for note, quote in notes.items()
    )
    advice = said.advice[verdict]
    if any(code is Code.WARNING_NOT_SCAM for code, _ in reasons) and verdict is Verdict.UNKNOWN:
        sentences = sentences[1:]
        advice = said.advice["warning"]
    return "".join(sentences), advice


def _quoted(quote: str) -> str:
    """Return a short quotation on one line, without bidirectional control characters."""
    tidy = "".join(character for character in quote if character.isprintable()).strip()
    if not tidy:
        return ""
    return f"“{tidy[:_MAX_QUOTE]}{'…' if len(tidy) > _MAX_QUOTE else ''}”"
