"""Shredding inside keyd: nothing is destroyed unless its own list can store it."""

from pathlib import Path
from types import ModuleType

import pytest
from support.grants import granting

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.shredlog import ShredList


def test_a_list_that_takes_no_line_is_said_with_its_reason_and_forbids_nothing(
    sealing: ModuleType, tmp_path: Path
) -> None:
    keyd = sealing.operations(tmp_path)
    keyd.shredded = ShredList(tmp_path / "gone" / "shredded.jsonl")
    request = messages.Shred(
        messages.Context(tenant="here", actor="u7"), messages.ShredScope("orders", [bytes(16)]), 1, ""
    )
    with pytest.raises(RequestRefusedError, match="nothing was destroyed"):
        granting(keyd)(request)
    assert not keyd.shredded.forbids("here", bytes(16))
    (tmp_path / "gone").mkdir()
    granting(keyd)(request)
    assert keyd.shredded.forbids("here", bytes(16))
    keyd._ledger.close()
