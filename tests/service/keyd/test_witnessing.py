"""Checkpoints are witnessed in the background; a rolled-back ledger opens nothing, a silent witness blocks nothing."""

import shutil
from collections.abc import Callable

import pytest
from support.keyd import HERE, Keyd, Witness, until

from waybillguard.ledger.errors import BadProofError
from waybillguard.ledger.merkle import verify_consistency
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer

pytestmark = pytest.mark.timeout(120)
Start = Callable[[Keyd], Witness]


def fine(keyd: Keyd) -> bool:
    shard = keyd.state().shards[0]
    return shard.witnesses[0].state == "fine" and shard.witnesses[0].size == shard.size == shard.witnessed


def test_a_checkpoint_is_witnessed_and_kept(keyd: Keyd, witness: Start) -> None:
    keyd.record(3)
    witness(keyd)
    until(lambda: fine(keyd))
    shard = keyd.state().shards[0]
    assert "— post.test/w1 " in shard.note.decode()
    keyd.stop()
    keyd.start()
    assert keyd.state().shards[0].witnesses[0].size == shard.size, "what was cosigned is kept"


def test_the_growth_of_a_ledger_is_proved_to_whoever_kept_its_root(keyd: Keyd) -> None:
    keyd.record(5)
    before = keyd.state().shards[0]
    keyd.record(4)
    client = keyd.client()
    state = client.call(LedgerState(HERE.tenant, {before.name: before.size}), LedgerStateAnswer)
    client.close()
    after = state.shards[0]
    roots = (bytes.fromhex(before.root), bytes.fromhex(after.root))
    verify_consistency(before.size, after.size, after.growth, *roots)
    with pytest.raises(BadProofError):
        verify_consistency(before.size, after.size, after.growth, roots[1], roots[1])


def test_an_older_copy_of_the_ledger_is_refused_at_the_start(keyd: Keyd, witness: Start) -> None:
    keyd.record(2)
    keyd.stop()
    shutil.copytree(keyd.config.ledger_dir, keyd.data.parent / "older")
    keyd.start()
    keyd.record(3)
    witness(keyd)
    until(lambda: fine(keyd))
    keyd.stop()
    shutil.rmtree(keyd.config.ledger_dir)
    shutil.copytree(keyd.data.parent / "older", keyd.config.ledger_dir)
    keyd.start()
    said = keyd.refusals()
    assert {name for name, error in said.items() if error is None} == set()
    assert all(
        "见证方已见过" in error.zh and "a witness has seen" in error.en for error in said.values() if error
    )
    state = keyd.state()
    assert "旧备份" in state.problem_zh
    assert state.shards[0].size == 2, "the files stay as they are, for whoever looks into it"
    assert "a witness has seen" in keyd.log


def test_a_deleted_ledger_does_not_begin_anew(keyd: Keyd, witness: Start) -> None:
    keyd.record(2)
    witness(keyd)
    until(lambda: fine(keyd))
    keyd.stop()
    shutil.rmtree(keyd.config.ledger_dir)
    keyd.start()
    assert all(keyd.refusals().values())
    assert "deleted" in keyd.state().problem_en


def test_a_rollback_is_noticed_when_the_witness_comes_back(keyd: Keyd, witness: Start) -> None:
    keyd.record(2)
    keyd.stop()
    shutil.copytree(keyd.config.ledger_dir, keyd.data.parent / "older")
    keyd.start()
    keyd.record(3)
    one = witness(keyd)
    until(lambda: fine(keyd))
    one.stop()
    keyd.stop()
    shutil.rmtree(keyd.config.ledger_dir)
    shutil.copytree(keyd.data.parent / "older", keyd.config.ledger_dir)
    keyd.start()
    keyd.record()
    one.start(keyd.state().family)
    until(lambda: bool(keyd.state().problem_en))
    assert all(keyd.refusals().values())


def test_a_witness_that_is_down_stops_nobody_and_is_named(keyd: Keyd, witness: Start) -> None:
    keyd.record(2)
    one = witness(keyd)
    until(lambda: fine(keyd))
    one.stop()
    keyd.record()
    until(lambda: keyd.state().shards[0].witnesses[0].state == "silent")
    state = keyd.state().shards[0].witnesses[0]
    assert state.size == 2
    assert "cannot be reached" in state.problem_en
    assert keyd.refusals()["references"] is None
    one.start(keyd.state().family)
    until(lambda: fine(keyd))


def test_a_witness_that_does_not_answer_in_time_stops_nobody(keyd: Keyd, witness: Start) -> None:
    keyd.record(2)
    one = witness(keyd)
    until(lambda: fine(keyd))
    one.pause()
    keyd.record()
    until(lambda: keyd.state().shards[0].witnesses[0].state == "silent")
    assert keyd.refusals()["tokens"] is None
    one.resume()
    until(lambda: fine(keyd))


def test_wrong_settings_are_said_and_the_old_ones_stay(keyd: Keyd, witness: Start) -> None:
    keyd.record()
    witness(keyd)
    until(lambda: fine(keyd))
    keyd.config.witness_file.write_text("witness post\n")
    until(lambda: bool(keyd.state().settings_zh))
    state = keyd.state()
    assert "line 1" in state.settings_en
    assert [w.name for w in state.shards[0].witnesses] == ["post"]
    assert not state.problem_en
