"""Concurrent requests get no more than sequential ones."""

import os
from types import SimpleNamespace
from typing import Any

import pytest
from support.at_once import together
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault

from waybillguard.service.keyd import messages, signing_in
from waybillguard.service.keyd.refusals import Rate

CONTEXT = messages.Context(TENANT, FOUNDER)


@pytest.mark.parametrize("restarted", [False, True])
def test_sixty_codes_at_once_are_ten_tries(vault: Vault, *, restarted: bool) -> None:
    if restarted:
        vault.restart()
    told = together(60, lambda n: vault.ask(signing_in.OpenSession(CONTEXT, f"{n:06}")))
    assert sum("is wrong" in one for one in told) == signing_in.TRIES


class Yielding(dict[tuple[str, str], tuple[float, int]]):
    """Lets another thread run between reading and writing."""

    def get(self, *args: Any) -> Any:
        found = super().get(*args)
        os.sched_yield()
        return found


def test_what_is_written_in_a_minute_stays_bounded_when_many_are_refused_at_once() -> None:
    clock: Any = SimpleNamespace(s=0.0)
    rate = Rate(50, 60.0, lambda: clock.s)
    rate._windows = Yielding()
    let: list[bool] = []
    together(20, lambda _: let.extend(rate.allow(TENANT, "", 1) for _ in range(500)))
    assert let.count(True) == 50
    clock.s = 60.0
    assert rate.allow(TENANT, "", 1)
