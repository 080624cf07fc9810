"""What the model weighs beside characters: the signs of a message, each as a word.

So one model learns how far each rule is to be trusted: a rule that also meets honest messages weighs little, and what rules
and characters say together makes one probability.
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
    """Return what is said (``+``), asked (``!``) and refused (``~``), and what the rules conclude from it."""
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
