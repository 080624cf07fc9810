"""Rollover to a new root key: what opens afterwards, what does not, and a kill at every statement."""

import os
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType

import pytest
from support.codes import has_code

from waybillguard.cli import rolling
from waybillguard.cli.remote import ServiceError
from waybillguard.keys import RootKey, escrow, holders, keyfile, primitives, rollover
from waybillguard.keys.errors import KeysError, UnwrapError, WrongPassphraseError
from waybillguard.keys.hierarchy import FileHolder, Purpose, epoch_context, new_epoch, unwrap_epoch
from waybillguard.keys.primitives import blake2b_derive
from waybillguard.keys.rollover import RolledHolder
from waybillguard.service.platform import config as config_module
from waybillguard.service.platform.config import Config

OLD, NEW = "the old invented passphrase", "the new invented passphrase"
CONTEXT = epoch_context("w1", 1, 20_000)
PURPOSES = [purpose for purpose in Purpose if purpose is not Purpose.WRAP]


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.setenv("WAYBILLGUARD_PASSPHRASE_FILE", str(tmp_path / "passphrase"))
    # What a guess costs is no matter here; hundreds of files are opened.
    monkeypatch.setattr(
        keyfile,
        "argon2id",
        lambda secret, salt, _params: blake2b_derive(secret.encode(), salt, person=b"cheap", size=32),
    )
    made = Config(tmp_path / "data")
    made.keyd_dir.mkdir(parents=True)
    keyfile.create(made.key_file, OLD)
    config_module.write_private(made.passphrase_file, OLD.encode() + b"\n")
    return made


def rolled(config: Config, new: str = NEW) -> RolledHolder:
    """Replace the root key as the command and keyd do, one after the other."""
    before = rollover.open_root(config.key_file, config.passphrase_file.read_text().strip())
    rollover.stage(config.key_file, before.holder, new)
    config_module.write_private(config.passphrase_file, new.encode() + b"\n")
    opened = rollover.open_root(config.key_file, new)
    assert opened.staged
    rollover.settle(config.key_file)
    assert isinstance(opened.holder, RolledHolder)
    return opened.holder


def test_a_staged_root_key_is_in_force_for_its_own_secret_alone(config: Config) -> None:
    old = rollover.open_root(config.key_file, OLD).holder
    staged = rollover.stage(config.key_file, old, NEW)
    assert rollover.open_root(config.key_file, OLD).holder.key_id == old.key_id
    assert rollover.open_root(config.key_file, NEW).holder.key_id == staged != old.key_id
    with pytest.raises(WrongPassphraseError):
        rollover.open_root(config.key_file, "neither of the two")


def test_derived_keys_stay_and_wrapping_changes(config: Config) -> None:
    old = rollover.open_root(config.key_file, OLD).holder
    sealed_before = new_epoch(old, tenant="w1", day=20_000, epoch_id=1)
    new = rolled(config)
    assert [new.derive(purpose, b"c") for purpose in PURPOSES] == [
        old.derive(purpose, b"c") for purpose in PURPOSES
    ]
    assert unwrap_epoch(new, sealed_before) == unwrap_epoch(old, sealed_before), "while it is renewed"
    made_after = new_epoch(new, tenant="w1", day=20_001, epoch_id=2)
    with pytest.raises(UnwrapError):
        unwrap_epoch(old, made_after)


def test_the_old_root_key_opens_nothing_made_or_wrapped_again_after_it(config: Config) -> None:
    """The thief has the old passphrase and the old key file, and later a copy of everything else."""
    thief = FileHolder(keyfile.unlock(config.key_file, OLD))
    before = new_epoch(thief, tenant="w1", day=20_000, epoch_id=1)
    new = rolled(config)
    again = new.renew(before.wrapped, [b"of something else", CONTEXT])
    assert again not in {b"", before.wrapped}
    assert new.renew(again, [CONTEXT]) == again, "a second pass leaves it"
    assert new.renew(b"\x00" * 40, [CONTEXT]) == b""
    for wrapped in (again, new.wrap(b"k" * 32, CONTEXT)):
        with pytest.raises(UnwrapError):
            thief.unwrap(wrapped, CONTEXT)
    for one in keyfile.earlier_roots_of(config.key_file, keyfile.unlock(config.key_file, NEW)).roots:  # type: ignore[union-attr]
        with pytest.raises(UnwrapError):
            thief.unwrap(bytes.fromhex(one.sealed), b"")
    with pytest.raises(KeysError):
        keyfile.unlock(config.key_file, OLD)


def test_a_key_planted_by_the_thief_is_refused_once_all_is_wrapped_again(config: Config) -> None:
    thief = FileHolder(keyfile.unlock(config.key_file, OLD))
    new = rolled(config)
    planted = new_epoch(thief, tenant="w1", day=20_000, epoch_id=9)
    rollover.end_renewal(new)
    for holder in (new, rollover.open_root(config.key_file, NEW).holder):
        with pytest.raises(UnwrapError):
            unwrap_epoch(holder, planted)


def test_what_was_overlooked_is_not_lost(config: Config) -> None:
    old = rollover.open_root(config.key_file, OLD).holder
    late = old.wrap(b"k" * 32, CONTEXT)
    new = rolled(config)
    rollover.end_renewal(new)
    third = rolled(config, "a third invented passphrase")
    assert third.unwrap(third.renew(late, [CONTEXT]), CONTEXT) == b"k" * 32
    assert third.derive(Purpose.LEDGER) == old.derive(Purpose.LEDGER)


def test_passphrase_holder_and_shares_keep_the_chain(config: Config) -> None:
    ledger = rollover.open_root(config.key_file, OLD).holder.derive(Purpose.LEDGER)
    new = rolled(config)
    keyfile.change_passphrase(config.key_file, NEW, "a fourth invented passphrase")
    root = holders.unlock(config.key_file, "a fourth invented passphrase")
    assert rollover.holder_of(config.key_file, root).derive(Purpose.LEDGER) == ledger
    lines = escrow.split(new.root, 2, 3, new.earlier[0].root)
    assert {len(line.split()) for line in lines} == {59}
    joined, first = escrow.join(lines[1:])
    assert (joined, first) == (root, new.earlier[0].root)
    assert escrow.join(escrow.split(RootKey(bytes(32)), 2, 2)) == (RootKey(bytes(32)), None)


def test_the_file_stays_within_its_bound_and_says_when_no_more_fit(config: Config) -> None:
    for number in range(rollover.MOST_EARLIER):
        rolled(config, f"invented passphrase {number}")
    assert config.key_file.stat().st_size <= keyfile.MAX_FILE_BYTES
    last = rollover.open_root(config.key_file, config.passphrase_file.read_text().strip()).holder
    with pytest.raises(KeysError, check=has_code("key_use")):
        rollover.stage(config.key_file, last, "one invented passphrase more")


def test_a_staged_file_of_another_time_is_passed_over(config: Config) -> None:
    old = rollover.open_root(config.key_file, OLD).holder
    rollover.stage(config.key_file, old, NEW)
    stale = rollover.staged_file(config.key_file).read_bytes()
    rolled(config, "a newer invented passphrase")
    keyfile.write_key_file(rollover.staged_file(config.key_file), stale, replace=False)
    with pytest.raises(WrongPassphraseError):
        rollover.open_root(config.key_file, NEW)
    assert not rollover.open_root(config.key_file, "a newer invented passphrase").staged


def test_a_rollover_that_is_only_finished_says_that_it_makes_no_new_root_key(
    config: Config, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Otherwise, after a second leak, a user would believe that the leaked passphrase was replaced."""
    monkeypatch.setattr(rolling, "WAIT_S", 0.0)
    begun = rolled(config)
    rolling.put_in_force(config, None, lambda: "asked of nobody", lambda _path, _what: "")
    said = capsys.readouterr().err
    assert begun.key_id in said
    assert "no new root key or passphrase is made" in said


def test_two_calls_at_once_do_not_both_make_a_root_key(
    config: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "WAIT_S", 0.0)
    read = lambda path, _what: path.read_text().strip()  # noqa: E731 - one expression, used twice

    def meanwhile() -> str:
        with pytest.raises(ServiceError, match="another keys rollover is running"):
            rolling.put_in_force(config, None, lambda: "a third invented passphrase", read)
        return NEW

    rolling.put_in_force(config, None, meanwhile, read)
    assert rollover.open_root(config.key_file, NEW).staged


def test_a_folder_that_cannot_be_written_is_told(config: Config) -> None:
    config.rollover_lock.mkdir()
    with pytest.raises(ServiceError, match="cannot be written"):
        rolling.put_in_force(config, None, lambda: NEW, lambda _path, _what: OLD)


# --- killed at every statement ------------------------------------------------------------------------------------

WATCHED = {rollover.__file__, keyfile.__file__, rolling.__file__, config_module.__file__, primitives.__file__}


def the_whole_way(config: Config) -> None:
    """Do what the command does, then what keyd does at its start, then the end of the renewal."""
    rolling.put_in_force(config, None, lambda: NEW, lambda path, _what: path.read_text().strip())  # type: ignore[union-attr]
    opened = rollover.open_root(config.key_file, config.passphrase_file.read_text().strip())
    if opened.staged:
        rollover.settle(config.key_file)
    assert isinstance(opened.holder, RolledHolder)
    rollover.end_renewal(opened.holder)


def deaths_that_differ(folder: Path, work: Callable[[], None]) -> tuple[int, list[int]]:
    """Do the work and count its statements; return also those before which the folder has changed.

    A death leaves only what is on the disk, so that it is the same at all statements between two changes.
    """
    known: object = None
    seen, differ = 0, []

    def look(frame: FrameType, event: str, _argument: object) -> Callable[..., object] | None:
        nonlocal known, seen
        if frame.f_code.co_filename not in WATCHED:
            return None
        if event == "line":
            now = {path: path.is_file() and path.read_bytes() for path in folder.rglob("*")}
            if now != known:
                known = now
                differ.append(seen)
            seen += 1
        return look

    before = sys.gettrace()
    sys.settrace(look)
    try:
        work()
    finally:
        sys.settrace(before)
    return seen, differ


def killed_at(statement: int, work: Callable[[], None]) -> bool:
    """Run the work in a child that ends without a word at that statement; False if it came to its end."""
    child = os.fork()
    if child == 0:
        left = statement

        def count(frame: FrameType, event: str, _argument: object) -> Callable[..., object] | None:
            nonlocal left
            if frame.f_code.co_filename not in WATCHED:
                return None
            if event == "line":
                left -= 1
                if left < 0:
                    os._exit(9)
            return count

        sys.settrace(count)
        try:
            work()
        except BaseException:  # noqa: BLE001 - whatever it is, the parent hears of it
            os._exit(1)
        os._exit(0)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    assert code in {0, 9}
    return code == 9


def test_killed_at_any_statement_one_of_the_two_opens_and_a_second_call_ends_it(
    config: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolling, "WAIT_S", 0.0)
    fresh = {path: path.read_bytes() for path in (config.key_file, config.passphrase_file)}
    old = FileHolder(keyfile.unlock(config.key_file, OLD))
    epoch = new_epoch(old, tenant="w1", day=20_000, epoch_id=1)
    states = set()

    def as_before() -> None:
        for path in config.keyd_dir.iterdir():
            path.unlink()
        for path, content in fresh.items():
            config_module.write_private(path, content)

    the_whole_way(config)  # what is done only once in a process is not counted
    as_before()
    statements, differ = deaths_that_differ(tmp_path, lambda: the_whole_way(config))
    for statement in (*differ, statements - 1):
        as_before()
        assert killed_at(statement, lambda: the_whole_way(config))
        secret = config.passphrase_file.read_text().strip()
        opened = rollover.open_root(config.key_file, secret).holder
        assert opened.derive(Purpose.LEDGER) == old.derive(Purpose.LEDGER)
        renewing = not isinstance(opened, RolledHolder) or opened.renewing
        if renewing:
            assert unwrap_epoch(opened, epoch) == unwrap_epoch(old, epoch)
        states.add(
            (secret, rollover.staged_file(config.key_file).exists(), opened.key_id == old.key_id, renewing)
        )
        if renewing:
            the_whole_way(config)
        ended = rollover.open_root(config.key_file, NEW).holder
        assert isinstance(ended, RolledHolder)
        assert not ended.renewing
        assert not rollover.staged_file(config.key_file).exists()
    as_before()
    assert not killed_at(statements, lambda: the_whole_way(config)), "all statements were counted"
    assert statements > 60
    assert len(differ) > 8
    assert {
        (OLD, False, True, True), (OLD, True, True, True), (NEW, True, False, True), (NEW, False, False, True),
    } <= states, "every state on the way was seen"  # fmt: skip
