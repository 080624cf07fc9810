"""Features of the model besides characters: the signs of a message, each as a word.

So one model learns the reliability of each rule: a rule that also matches honest messages gets a low weight. Rules and
characters together give one probability.
"""

from waybillguard.scam.signs import Signs

_OF_SIGNS = (
    "callback",
    "claim",
    "courier",
    "engaged",
    "formal",
    "introduced",
    "offer",
    "parcel",
    "problem",
    "shop",
    "unseen",
    "voice",
)


def features(signs: Signs, *, certain: bool, likely: bool) -> set[str]:
    """Return the claims (``+``), requests (``!``) and refusals (``~``) as words, and the conclusions of the rules."""
    facts = signs.facts
    found = {f"+{kind}" for kind in facts.found}
    found.update(f"!{kind}" for kind in signs.hard)
    found.update(f"~{kind}" for kind in facts.refused)
    found.update(name for name in _OF_SIGNS if getattr(signs, name))
    known = {
        "warns": facts.warns,
        "own_story": facts.own_story,
        "bad_link": signs.link,
        "good_link": len(facts.links) > len(facts.bad_links),
        "bare_link": facts.bare_link is not None,
        "carrier": bool(facts.carriers),
        "hard": bool(signs.hard),
        "certain": certain,
        "likely": likely,
    }
    found.update(name for name, holds in known.items() if holds)
    return found
