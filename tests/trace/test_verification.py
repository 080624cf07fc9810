"""A third party checks a handed-over folder without the warehouse."""

import pytest

from waybillguard.trace import TraceError
from waybillguard.trace.handover import checksums
from waybillguard.trace.verification import verify

RECORDS = b"time,account,order_id\n2026-11-01T08:00:00+08:00,u1,o1\n2026-11-01T09:00:00+08:00,u1,o2\n"


def folder(**more: bytes) -> dict[str, bytes]:
    files = {"records.csv": RECORDS, "notice.json": b"{}"} | more
    return files | {"SHA256SUMS": checksums(files)}


def test_an_untouched_folder_holds_and_is_counted() -> None:
    found = verify(folder())
    assert found.holds
    assert (found.files, found.records, found.orders, found.proofs) == (2, 2, 2, ())


def test_a_changed_row_is_found() -> None:
    found = verify(folder() | {"records.csv": RECORDS.replace(b"u1,o2", b"u2,o2")})
    assert (found.holds, found.wrong) == (False, ("records.csv",))


def test_a_file_laid_in_later_is_found() -> None:
    assert verify(folder() | {"more.csv": b""}).wrong == ("more.csv",)


def test_a_proof_that_proves_nothing_does_not_hold() -> None:
    files = folder(
        **{"ledger/looks-00.jsonl": b'{"v":"waybillguard-looks/v2"}\n', "ledger/policy.txt": b"quorum none\n"}
    )
    found = verify(files)
    assert not found.holds
    assert found.wrong == ()
    assert found.proofs[0].reason_zh


def test_what_is_no_such_folder_is_said() -> None:
    with pytest.raises(TraceError):
        verify({"a.txt": b""})


def test_the_bundle_of_a_trace_is_checked_by_its_hashes() -> None:
    files = {"trace.json": b"{}", "report.pdf": b"%PDF"}
    assert verify(files | {"SHA256SUMS": checksums(files)}).holds
    assert verify(files | {"SHA256SUMS": checksums(files), "trace.json": b"[]"}).wrong == ("trace.json",)


def test_orders_without_a_proof_are_counted_since_a_row_may_have_been_taken_out() -> None:
    assert verify(folder()).unproved == 2
