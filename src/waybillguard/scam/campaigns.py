"""Group messages of one campaign by MinHash: near copies with other names, numbers and links.

Two messages are in one group only if a chain of near copies connects them (Jaccard similarity of four-character
shingles with numbers masked, at least ``SIMILAR``). Source: Broder 1997; figures in the docs.
"""

import re
from collections import defaultdict
from collections.abc import Sequence

import msgspec
from rensa import RMinHash, RMinHashLSH

from waybillguard.on_demand import pattern_on_use
from waybillguard.scam.extract import LINK
from waybillguard.scam.normalise import normalise

SIMILAR = 0.5
_PERMUTATIONS = 128
_BANDS = 32
_SHINGLE = 4
_SEED = 7
_NUMBER = pattern_on_use(r"(?<![a-z0-9])(?=[a-z_-]*[0-9])[a-z0-9_-]{5,20}(?![a-z0-9])")
_PUNCTUATION = pattern_on_use(r"[^\u4e00-\u9fffa-z0-9]+")
_ACCOUNT = pattern_on_use(
    r"(?:微信|qq|群|v|账号|专员|飞机|抖音号?|dy号?|telegram|whatsapp|钉钉|飞书|企微)[^，。,;；\n]{0,6}?(?<![a-z0-9])([a-z0-9_-]{5,20})(?![a-z0-9.])"
)
_PHONE = pattern_on_use(r"(?<![0-9a-z])(?:1[3-9][0-9]{9}|00[0-9]{8,14})(?![0-9a-z])")


class Campaign(msgspec.Struct, frozen=True):
    """A group of near copies.

    Attributes:
        members: indexes of the messages in the input.
        accounts: messenger accounts in the messages (微信, QQ), in order of first use.
        phones: telephone numbers in the messages.
        domains: linked domains, official or not.
    """

    members: tuple[int, ...]
    accounts: tuple[str, ...]
    phones: tuple[str, ...]
    domains: tuple[str, ...]

    def __repr__(self) -> str:
        """Return a text with only the size."""
        return f"Campaign({len(self.members)} messages)"


def campaigns(texts: Sequence[str], *, smallest: int = 2) -> tuple[Campaign, ...]:
    """Group near copies among ``texts``, largest group first; groups of fewer than ``smallest`` are left out."""
    plain = [normalise(text).text for text in texts]
    prints = [_fingerprint(text) for text in plain]
    index = RMinHashLSH(threshold=SIMILAR, num_perm=_PERMUTATIONS, num_bands=_BANDS)
    group = list(range(len(texts)))

    def root(number: int) -> int:
        while group[number] != number:
            group[number] = group[group[number]]
            number = group[number]
        return number

    for number, fingerprint in enumerate(prints):
        for other in index.query(fingerprint):
            if root(other) != root(number) and fingerprint.jaccard(prints[other]) >= SIMILAR:
                group[root(number)] = root(other)
        index.insert(number, fingerprint)
    members: defaultdict[int, list[int]] = defaultdict(list)
    for number in range(len(texts)):
        members[root(number)].append(number)
    found = [
        Campaign(
            members=tuple(numbers),
            accounts=_named(_ACCOUNT, plain, numbers, 1),
            phones=_named(_PHONE, plain, numbers, 0),
            domains=_named(LINK, plain, numbers, 2),
        )
        for numbers in members.values()
        if len(numbers) >= smallest
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.members), one.members)))


def _fingerprint(text: str) -> RMinHash:
    masked = _PUNCTUATION.sub("", _NUMBER.sub("0", LINK.sub("", text)))
    fingerprint = RMinHash(num_perm=_PERMUTATIONS, seed=_SEED)
    fingerprint.update([masked[at : at + _SHINGLE] for at in range(max(1, len(masked) - _SHINGLE + 1))])
    return fingerprint


def _named(
    pattern: re.Pattern[str], texts: Sequence[str], numbers: Sequence[int], part: int
) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys(match.group(part) for number in numbers for match in pattern.finditer(texts[number]))
    )
