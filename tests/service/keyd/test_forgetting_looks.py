"""keyd erases the bodies of look records after six months, never earlier, and records that first."""

import secrets
import time
from pathlib import Path

import pytest
from support.codes import has_code

from waybillguard.keys.hierarchy import FileHolder, Purpose, RootKey
from waybillguard.ledger import Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.errors import BadEntryError, LedgerError
from waybillguard.ledger.person import words_of
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.keyd.operations import Operations

DAY_S = 86_400
WHO = messages.Context(tenant="here", actor="u7", purpose="complaint")
RULE = messages.Context(tenant="here", actor="retention", purpose="retention")


def test_words_of_looks_live_half_a_year_and_end_by_the_clock(tmp_path: Path) -> None:
    now = time.time_ns() // 1000
    holder = FileHolder(RootKey(secrets.token_bytes(32)))
    keys = LedgerKeys(secret=bytes(holder.derive(Purpose.LEDGER)))
    ledger = Ledger.open(LocalStorage(tmp_path), keys, lambda: now)
    keyd = Operations(holder, ledger, lambda: now)
    try:
        keyd.handle(messages.Record(WHO, "sign_in", {}))
        keyd.handle(messages.Record(WHO, "account", {"change": "role"}))
        (shard,) = ledger.shards_of("here")
        first = next(n for n in range(4) if words_of(ledger, shard, n).get("actor") == "u7")
        now += 184 * DAY_S * 1_000_000
        early = ledger_messages.ForgetLooks(RULE, now // 1_000_000 - 100 * DAY_S)
        with pytest.raises(LedgerError, check=has_code("erasure_refused")):
            keyd.handle(early)
        now += DAY_S * 1_000_000
        due = ledger_messages.ForgetLooks(RULE, now // 1_000_000 - 184 * DAY_S)
        assert keyd.handle(due) == ledger_messages.ForgottenLooks(1)
        with pytest.raises(BadEntryError):
            words_of(ledger, shard, first)
        assert words_of(ledger, shard, first + 1)["detail"] == {"change": "role"}
        assert keyd.handle(due) == ledger_messages.ForgottenLooks(0)
    finally:
        ledger.close()
