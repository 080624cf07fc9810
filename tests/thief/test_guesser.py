"""Who guesses phones against the key process itself: fast, slowly, with many accounts, with invented ones.

He owns the web process, so that no page and no rate limit of the API stands between him and keyd. What he
gains is counted in guesses that were answered; the tokens alone show no number.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from support.grants import granting
from support.loading import beside
from thief.loot import Loot, Victim

from waybillguard.ledger import EntryKind
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import NotGrantedError, TooManySearchesError
from waybillguard.service.keyd.searching import (
    SEARCHES_A_DAY,
    SEARCHES_A_MINUTE,
    SEARCHES_A_MINUTE_IN_ALL,
)
from waybillguard.service.keyd.usage import Usage

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

GUESSES = 10_000
DAY = 20_781
VICTIMS = [Victim(f"猜中{n}某", f"1995555{n * 500:04}", "") for n in range(20)]


class Vault:
    """keyd with a clock that the test moves, and a ledger that only counts: writing is tested elsewhere."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        sealing = beside("sealing")
        self.now, self.entered = 0.0, 0
        self.keyd = sealing.operations(folder)
        self.ask = granting(self.keyd)
        self.keyd.usage = Usage(self.keyd.ledger, self.keyd.limits_of, lambda: self.now)
        monkeypatch.setattr(self.keyd, "write", self._enter)

    def _enter(self, entries: list[Any]) -> list[Any]:
        self.entered += sum(entry.kind == EntryKind.SEARCH for entry in entries)
        return []

    def guess(self, actor: str, *phones: str) -> int:
        """Return how many of the guesses were answered to somebody who is signed in, or invented and so is not."""
        queries = [messages.TokenQuery("phone", phone, [DAY], []) for phone in phones]
        ask = self.keyd.handle if actor.startswith("invented") else self.ask
        try:
            answer = ask(messages.Tokens(context=messages.Context(tenant="w1", actor=actor), queries=queries))
        except (TooManySearchesError, NotGrantedError):
            return 0
        self.answered.append(repr(answer))
        return len(answer.tokens)

    answered: list[str]


@pytest.fixture
def vault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Vault]:
    made = Vault(tmp_path, monkeypatch)
    made.answered = []
    yield made
    loot = Loot(VICTIMS)
    loot.search("".join(made.answered).encode(), "answers")
    made.keyd._ledger.close()
    assert not loot.found, "a token shows no number"


def through(vault: Vault, seconds: float, who: Callable[[int], str]) -> tuple[int, int]:
    """Guess 10,000 phones over so many seconds; return guesses answered and victims among them."""
    answered = hits = 0
    phones = {victim.phone for victim in VICTIMS}
    for n in range(GUESSES):
        vault.now = seconds * n / GUESSES
        phone = f"1995555{n:04}"
        if vault.guess(who(n), phone):
            answered += 1
            hits += phone in phones
    sys.stdout.write(
        f"guesser: {answered} of {GUESSES} guesses answered, {hits} of {len(VICTIMS)} numbers confirmed\n"
    )
    assert vault.entered == answered, "each answered guess stands in the ledger"
    return answered, hits


def test_ten_thousand_guesses_within_a_minute_are_a_hundred_and_twenty(vault: Vault) -> None:
    answered, hits = through(vault, 59, lambda _: "clerk")
    assert answered == SEARCHES_A_MINUTE
    assert hits <= 1


def test_whoever_goes_slowly_comes_no_further_than_a_day_allows(vault: Vault) -> None:
    answered, _ = through(vault, 86_000, lambda _: "clerk")
    assert answered == SEARCHES_A_DAY


def test_many_accounts_share_one_bound(vault: Vault) -> None:
    answered, hits = through(vault, 59, lambda n: f"clerk{n % 50}")
    assert answered == SEARCHES_A_MINUTE_IN_ALL
    assert hits < len(VICTIMS) // 4


def test_invented_accounts_are_answered_nothing(vault: Vault) -> None:
    assert through(vault, 59, lambda n: f"invented{n}") == (0, 0)


def test_a_thousand_phones_in_one_request_are_a_thousand_searches(vault: Vault) -> None:
    assert vault.guess("clerk", *(f"1995555{n:04}" for n in range(1_000))) == 0
    assert vault.entered == 0


def test_who_is_refused_takes_nothing_from_the_others(vault: Vault) -> None:
    through(vault, 59, lambda _: "thief")
    assert vault.guess("clerk", "19955550000") == 1
    vault.now = 61.0
    assert vault.guess("thief", "19955550000") == 1, (
        "what was refused counts for nothing, now or after a restart"
    )
