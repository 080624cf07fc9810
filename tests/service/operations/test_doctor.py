"""``doctor`` names damaged, missing and interrupted parts, without a traceback."""

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from support.ports import free_port

from waybillguard.ledger import Entry, EntryKind, FieldClass, Ledger, LedgerKeys, LocalStorage
from waybillguard.ledger.merkle import leaf_hash
from waybillguard.ledger.segment import encode_frame, frames_of
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.shredlog import ShredLine, ShredList
from waybillguard.service.operations import doctor
from waybillguard.service.operations.schema_state import DamagedDatabaseError, refuse_other_folder
from waybillguard.service.platform.config import Config
from waybillguard.service.platform.health import Check, certificate, database, machine
from waybillguard.service.platform.tls import ensure_certificate

NOW = datetime(2026, 12, 1, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    monkeypatch.delenv("WAYBILLGUARD_DATABASE_URL", raising=False)
    made = Config(tmp_path / "data")
    made.database.parent.mkdir(parents=True)
    made.ledger_dir.mkdir(parents=True)
    with closing(sqlite3.connect(made.database)) as opened:
        opened.execute("CREATE TABLE t (a TEXT)")
        opened.executemany("INSERT INTO t VALUES (?)", [("x" * 500,)] * 200)
        opened.commit()
    return made


def only(found: list[Check]) -> Check:
    (check,) = found
    return check


def overwrite(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(b"\xa5" * 600)


def test_a_whole_database_is_called_whole(config: Config) -> None:
    assert only(database.database(config)).state == "good"


@pytest.mark.parametrize("at", [0, 4096, 20_000])
def test_a_damaged_database_is_named_with_the_way_back(config: Config, at: int) -> None:
    overwrite(config.database, at)
    check = only(database.database(config))
    assert check.state == "damaged"
    assert "restore" in check.do_en


def test_a_start_on_a_malformed_database_says_so_in_words(config: Config) -> None:
    config.database.write_bytes(b"not a database at all" * 100)
    with pytest.raises(DamagedDatabaseError, match="damaged"):
        refuse_other_folder(config)


def test_certificates_are_missing_early_late_or_good(config: Config) -> None:
    ensure_certificate(config.tls_dir, "s", ["localhost"], NOW)

    def states(now: datetime) -> list[str]:
        return [check.state for check in certificate.certificates(config, now)]

    assert states(NOW) == ["good", "good"]
    assert states(NOW - timedelta(days=3)) == ["warning", "warning"]
    assert states(NOW + timedelta(days=350)) == ["warning", "good"]
    assert states(NOW + timedelta(days=400)) == ["damaged", "good"]
    (config.tls_dir / "ca.pem").write_bytes(b"rot")
    assert states(NOW) == ["good", "damaged"]


def test_a_clock_before_the_last_write_is_not_believed(config: Config) -> None:
    written = datetime.fromtimestamp(config.database.stat().st_mtime, UTC)
    assert machine.clock(config, written).state == "good"
    assert machine.clock(config, written - timedelta(hours=1)).state == "warning"
    assert machine.clock(config, written + timedelta(days=366)).state == "warning"


def test_a_shred_list_with_a_torn_line_is_damaged(config: Config) -> None:
    config.shred_list.write_text('{"a":1}\n{"b":')
    found = {check.name: check.state for check in doctor.examine(config, NOW)}
    assert found["shred_list"] == "damaged"


def test_a_line_of_the_shred_list_that_is_no_text_is_damaged_and_stops_no_start(config: Config) -> None:
    kept = ShredList(config.shred_list, bytes(32))
    kept.add(ShredLine("mark", "here", 0, messages.ShredScope("orders", [bytes(16)])))
    whole = config.shred_list.read_bytes()
    foreign = whole.replace(b'"tag":"', '"tag":"\u00e9'.encode())
    assert foreign != whole
    config.shred_list.write_bytes(whole.replace(b"mark", b"m\xffrk") + foreign + whole)
    assert len(ShredList(config.shred_list, bytes(32)).lines) == 1
    assert {check.name: check.state for check in doctor.examine(config, NOW)}["shred_list"] == "damaged"


def test_a_shredding_that_was_taken_out_of_the_list_is_told(config: Config) -> None:
    """Removing a line from the shred list would allow decryption again; the ledger still shows the shredding."""
    keys = LedgerKeys(secret=bytes(32))
    with closing(Ledger.open(LocalStorage(config.ledger_dir), keys)) as ledger:
        entry = Entry(
            time_us=ledger.now_us(), kind=EntryKind.SHRED, tenant="here", field_class=FieldClass.CONTACT
        )
        receipts = ledger.append([entry, entry])
        ledger.checkpoint(ledger.shards_of("here")[0])
    kept = ShredList(config.shred_list, bytes(32))

    def state() -> str:
        return {check.name: check.state for check in doctor.examine(config, NOW)}["shred_list"]

    assert state() == "damaged", "the whole list is gone"
    for receipt in receipts:
        kept.add(ShredLine(receipt.leaf_hash.hex(), "here", 0, messages.ShredScope("orders", [bytes(16)])))
    assert state() == "good"
    config.shred_list.write_bytes(config.shred_list.read_bytes().strip().split(b"\n")[0])
    assert state() == "damaged"


def test_a_postgresql_server_that_does_not_answer_is_told_quickly_too(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def named() -> dict[str, str]:
        return {check.name: check.state for check in doctor.examine(config, NOW, quick=True)}

    assert "database" not in named(), "the embedded one is read page by page"
    monkeypatch.setenv("WAYBILLGUARD_DATABASE_URL", f"postgresql://nobody@127.0.0.1:{free_port()}/none")
    assert named()["database"] == "damaged"


def test_a_root_key_that_is_gone_is_told_where_people_are_known(config: Config) -> None:
    config.people_file.write_bytes(b"")
    found = {check.name: check for check in doctor.examine(config, NOW, quick=True)}
    assert found["root_key"].state == "damaged"
    assert "recover" in found["root_key"].do_en


def test_a_rollover_that_broke_off_is_told(config: Config) -> None:
    from waybillguard.keys import Argon2Params, keyfile, rollover

    cheap = Argon2Params(memory_kib=19_456, passes=2)
    keyfile.create(config.key_file, "an invented passphrase", params=cheap)
    assert "rollover" not in {check.name for check in doctor.examine(config, NOW, quick=True)}
    holder = rollover.open_root(config.key_file, "an invented passphrase").holder
    rollover.stage(config.key_file, holder, "another invented passphrase")
    found = {check.name: check for check in doctor.examine(config, NOW, quick=True)}
    assert found["rollover"].state == "warning"
    assert "keys rollover" in found["rollover"].do_en


def test_a_passphrase_in_the_data_folder_is_told(config: Config, monkeypatch: pytest.MonkeyPatch) -> None:
    from waybillguard.keys import Argon2Params, keyfile

    keyfile.create(
        config.key_file, "an invented passphrase", params=Argon2Params(memory_kib=19_456, passes=2)
    )
    place = config.data_dir / "passphrase"
    place.write_text("an invented passphrase")
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(place))
    found = {check.name: check for check in doctor.examine(config, NOW, quick=True)}
    assert found["passphrase"].state == "missing"


def test_a_passphrase_in_a_folder_that_this_user_may_not_enter_is_told(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.keys import Argon2Params, keyfile

    place = config.data_dir.parent / "closed" / "passphrase"
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(place))
    keyfile.create(
        config.key_file, "an invented passphrase", params=Argon2Params(memory_kib=19_456, passes=2)
    )
    real = Path.exists

    def exists(self: Path, **how: bool) -> bool:
        if self == place:
            raise PermissionError(13, "Permission denied", str(self))
        return real(self, **how)

    monkeypatch.setattr(Path, "exists", exists)
    found = {check.name: check for check in doctor.examine(config, quick=True)}
    assert found["passphrase"].state == "unknown"
    assert "user of the service" in found["passphrase"].do_en


def test_every_check_speaks_both_languages(config: Config) -> None:
    for check in doctor.examine(config, NOW):
        assert check.zh, check.name
        assert check.en, check.name
        assert bool(check.do_zh) == bool(check.do_en), check.name


def test_entries_that_do_not_give_the_signed_root_are_never_called_whole(config: Config) -> None:
    """The entries are altered with consistent checksums and tree, so only the signature reveals it."""
    with closing(Ledger.open(LocalStorage(config.ledger_dir), LedgerKeys(secret=bytes(32)))) as ledger:
        entry = Entry(time_us=ledger.now_us(), kind=EntryKind.REVEAL, tenant="here", actor="u1")
        ledger.append([entry, entry])
        (name,) = ledger.shards_of("here")

    def state() -> str:
        return {check.name: check.state for check in doctor.examine(config, NOW)}["ledger"]

    assert state() == "good"
    (path,) = (config.ledger_dir / name).glob("seg-*.wgl")
    (frame,) = frames_of(path.read_bytes())
    leaves = frame.leaves()
    leaves[0] = leaves[0][:12] + bytes(16) + leaves[0][28:]
    path.write_bytes(encode_frame(0, leaves, [record for _, record in frame.records()]))
    (config.ledger_dir / name / "hash-0").write_bytes(b"".join(map(leaf_hash, leaves)))
    assert state() == "damaged"
