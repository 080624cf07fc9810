"""Keys of waiting files: each opening is recorded first, and no process opens a backup's key here."""

import secrets
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from waybillguard.keys.errors import KeysError
from waybillguard.ledger import EntryKind, FieldClass
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.errors import LedgerStoppedError
from waybillguard.ledger.person import words_of
from waybillguard.ledger.view import ShardView
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.files import SPOOLED, WAITING
from waybillguard.service.keyd.operations import Operations
from waybillguard.service.operations.backup import ARCHIVE_OWNER

WHO = messages.Context(tenant="here", actor="u7", workstation="worker", purpose="import")


@pytest.fixture
def keyd(sealing: ModuleType, tmp_path: Path) -> Iterator[Operations]:
    made: Operations = sealing.operations(tmp_path)
    yield made
    made._ledger.close()


def openings(keyd: Operations) -> Iterator[tuple[Leaf, dict[str, object]]]:
    """All ledger entries about keys with their bodies, oldest first."""
    ledger = keyd._ledger
    for name in ledger.shards():
        ledger.checkpoint(name)
        view = ShardView(ledger.shard(name).store)
        for index in range(ledger.head(name).size):
            leaf = decode_leaf(view.leaf(index))
            if isinstance(leaf, Leaf) and leaf.kind == EntryKind.KEY:
                yield leaf, words_of(ledger, name, index)


def words(keyd: Operations) -> list[dict[str, object]]:
    return [said for _, said in openings(keyd)]


def classes(keyd: Operations) -> list[int]:
    return [leaf.field_class for leaf, _ in openings(keyd)]


@pytest.mark.parametrize("what", SPOOLED)
def test_a_file_is_opened_on_record(keyd: Operations, what: str) -> None:
    made = keyd.handle(messages.NewDataKey("here", what))
    assert isinstance(made, messages.DataKey)
    assert not words(keyd)
    assert keyd.handle(messages.OpenDataKey(WHO, made.wrapped, what)) == made
    (entry,) = words(keyd)
    assert isinstance(entry["detail"], dict)
    assert (entry["actor"], entry["detail"]["what"]) == ("u7", what)
    assert classes(keyd) == [SPOOLED[what]]


@pytest.mark.parametrize("kind", sorted(WAITING))
def test_a_waiting_upload_opens_under_no_other_name(keyd: Operations, kind: str) -> None:
    """The web process may not open it, and would call it a label file."""
    made = keyd.handle(messages.NewDataKey("here", kind))
    assert isinstance(made, messages.DataKey)
    for what in sorted(SPOOLED.keys() - {kind}):
        with pytest.raises(KeysError):
            keyd.handle(messages.OpenDataKey(WHO, made.wrapped, what))
    assert {entry["detail"]["what"] for entry in words(keyd)} == SPOOLED.keys() - {kind}, (
        "each try is on record"
    )  # type: ignore[index]


def test_a_password_is_opened_on_record(keyd: Operations) -> None:
    secret = secrets.token_hex(8)
    wrapped = keyd.handle(messages.WrapText("here", secret))
    assert isinstance(wrapped, messages.Wrapped)
    assert keyd.handle(messages.UnwrapText(WHO, wrapped.wrapped)) == messages.Text(secret)
    (entry,) = words(keyd)
    assert isinstance(entry["detail"], dict)
    assert entry["detail"]["what"] == "password"
    assert classes(keyd) == [FieldClass.OTHER]


def test_the_key_of_a_backup_is_opened_by_nobody(keyd: Operations) -> None:
    made = keyd.handle(messages.NewDataKey(ARCHIVE_OWNER))
    assert isinstance(made, messages.DataKey)
    with pytest.raises(RequestRefusedError):
        keyd.handle(messages.OpenDataKey(messages.Context(ARCHIVE_OWNER, "u7"), made.wrapped, "import"))
    with pytest.raises(RequestRefusedError):
        keyd.handle(messages.OpenDataKey(WHO, made.wrapped, "backup"))


def test_nothing_is_opened_without_a_receipt(keyd: Operations, monkeypatch: pytest.MonkeyPatch) -> None:
    made = keyd.handle(messages.NewDataKey("here"))
    text = keyd.handle(messages.WrapText("here", "words"))
    assert isinstance(made, messages.DataKey)
    assert isinstance(text, messages.Wrapped)

    def stopped(_entries: object) -> None:
        raise LedgerStoppedError(zh="台账已停", en="the ledger stopped")

    monkeypatch.setattr(keyd._ledger, "append", stopped)
    for request in (
        messages.OpenDataKey(WHO, made.wrapped, "import"),
        messages.UnwrapText(WHO, text.wrapped),
    ):
        with pytest.raises(LedgerStoppedError):
            keyd.handle(request)
