"""Why the ledger stopped, as keyd remembers it."""

from errno import ENOSPC
from types import SimpleNamespace
from typing import Any

import pytest

from waybillguard.ledger.committer import stopped_by
from waybillguard.ledger.errors import LedgerStoppedError
from waybillguard.service.keyd.keeper import Keeper


def test_a_caller_of_a_ledger_closed_before_does_not_hide_that_the_present_one_wants_room() -> None:
    """Such a caller knows no cause; had keyd taken his word, it would have waited for a person for ever."""
    nothing: Any = None
    keeper = Keeper(nothing, nothing, nothing, nothing, nothing, nothing)

    def late(_request: Any) -> object:
        raise stopped_by(None)

    full = OSError(ENOSPC, "no room")
    keeper._ledger = SimpleNamespace(stopped=stopped_by(full))  # type: ignore[assignment]
    keeper._work = late
    with pytest.raises(LedgerStoppedError):
        keeper.handle(nothing)
    assert isinstance(keeper.problem, LedgerStoppedError)
    assert keeper.problem.errno == ENOSPC
