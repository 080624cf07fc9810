"""``check``: one message in, one assessment out."""

from collections.abc import Iterator

import msgspec

from waybillguard.scam.explain import explain
from waybillguard.scam.extract import Facts, extract
from waybillguard.scam.judge import judge
from waybillguard.scam.model import Assessment, Code, Message, MessageClass, Registry, Span, Verdict
from waybillguard.scam.speakers import turns
from waybillguard.scam.verify import compare

MAX_PIECE = 10_000
"""Characters read at once. Longer texts are read in pieces, so that run time is linear in the length."""
_OVERLAP = 500
_GRAVEST = (Verdict.SCAM, Verdict.LIKELY_SCAM, Verdict.UNKNOWN, Verdict.CONSISTENT)


def check(message: Message, registry: Registry | None = None) -> Assessment:
    """Judge whether a message is a scam, with reasons and advice.

    Without an order the verdict is never CONSISTENT. Any text is accepted: empty, very long, or not a message at all.
    If a text is read in pieces, the most severe result counts.
    """
    if len(message.text) <= MAX_PIECE:
        return _check_piece(message, registry)
    read = (
        _moved(_check_piece(msgspec.structs.replace(message, text=message.text[start:end]), registry), start)
        for start, end in _pieces(message.text)
    )
    return min(read, key=lambda found: _GRAVEST.index(found.verdict))


def _moved(found: Assessment, start: int) -> Assessment:
    spans = tuple((first + start, last + start, code) for first, last, code in found.spans)
    return msgspec.structs.replace(found, spans=spans)


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    """Yield overlapping ranges that cover ``text``, so that no request is cut in two."""
    step = MAX_PIECE - _OVERLAP
    for start in range(0, max(1, len(text) - _OVERLAP), step):
        yield start, min(len(text), start + MAX_PIECE)


def _check_piece(message: Message, registry: Registry | None) -> Assessment:
    facts = extract(message, registry)
    comparison = compare(facts, message.order) if message.order is not None else None
    judgement = judge(facts, message.order, comparison)
    reasons, spans = _placed(facts, message.text, judgement.reasons)
    notes = {}
    if not facts.normalised.text.strip():
        notes["empty"] = ""
    elif judgement.sounds_like:
        start, end = facts.normalised.span(*judgement.sounds_like)
        notes["sounds_like"] = message.text[start:end]
    elif judgement.verdict is Verdict.UNKNOWN and not reasons and not facts.asks:
        notes["nothing_found"] = ""
    if facts.normalised.evasion >= 0.5 and judgement.kind is not MessageClass.LEGIT:  # noqa: PLR2004 - two tricks
        notes["evasion"] = ""
    explanation, advice = explain(judgement.verdict, reasons, message.order, notes)
    return Assessment(
        id=message.id,
        verdict=judgement.verdict,
        kind=judgement.kind,
        score=round(judgement.score, 4),
        why=tuple(dict.fromkeys(code for code, _ in reasons)),
        spans=spans,
        explanation_zh=explanation,
        advice_zh=advice,
        evasion=round(facts.normalised.evasion, 2),
    )


def first_alarm(message: Message, registry: Registry | None = None) -> int | None:
    """Return the index of the line at which a dialogue, read line by line, is first recognised as a scam.

    Returns None if it never is. At each line, all lines up to it are known.
    """
    for number, turn in enumerate(turns(message.text)):
        if not turn.own:
            so_far = msgspec.structs.replace(message, text=message.text[: _line_end(message.text, number)])
            if check(so_far, registry).verdict in {Verdict.SCAM, Verdict.LIKELY_SCAM}:
                return number
    return None


def _line_end(text: str, number: int) -> int:
    at = -1
    for _ in range(number + 1):
        at = text.find("\n", at + 1)
        if at < 0:
            return len(text)
    return at


def _placed(
    facts: Facts, original: str, reasons: tuple[tuple[Code, tuple[int, int] | None], ...]
) -> tuple[list[tuple[Code, str]], tuple[Span, ...]]:
    """Return each reason once with the words that caused it, and all its positions in the original."""
    quotes: dict[Code, str] = {}
    spans: dict[Span, None] = {}
    for code, where in reasons:
        if where is None:
            quotes.setdefault(code, "")
            continue
        start, end = facts.normalised.span(*where)
        quotes.setdefault(code, original[start:end])
        spans[start, end, code.value] = None
    return list(quotes.items()), tuple(sorted(spans))
