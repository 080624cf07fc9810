"""keyd's daily timestamp: off by default, requested once a day; a failure is reported and harmless."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.authority import Authority, authority
from support.keyd import Keyd, until
from typer.testing import CliRunner

from waybillguard.cli.ledger import app
from waybillguard.ledger import Entry, EntryKind, Ledger, LedgerKeys, LocalStorage
from waybillguard.service.keyd.timestamping import RETRY_S, Timestamping

pytestmark = pytest.mark.timeout(120)
START = 1_795_000_000
DAY = 86_400


@pytest.fixture
def tsa(tmp_path: Path) -> Iterator[Authority]:
    with authority(tmp_path / "tsa") as made:
        yield made


class Time:
    """A clock that moves only when told, in seconds and microseconds."""

    def __init__(self) -> None:
        self.now = START

    def us(self) -> int:
        return self.now * 1_000_000


@pytest.fixture
def moment() -> Time:
    return Time()


@pytest.fixture
def ledger(tmp_path: Path, moment: Time) -> Iterator[Ledger]:
    with Ledger.open(LocalStorage(tmp_path / "ledger"), LedgerKeys(secret=bytes(32)), moment.us) as made:
        grow(made)
        yield made


def grow(ledger: Ledger) -> None:
    ledger.append([Entry(time_us=1, kind=EntryKind.SIGN_IN, tenant="here")])


def stamper(tmp_path: Path, moment: Time) -> Timestamping:
    return Timestamping(tmp_path / "timestamp.url", tmp_path / "timestamp.pem", lambda: moment.now)


def test_without_an_address_nobody_is_asked(tmp_path: Path, ledger: Ledger, moment: Time) -> None:
    (name,) = ledger.shards()
    made = stamper(tmp_path, moment)
    made.round(ledger, name)
    assert ledger.shard(name).store.stamps() == []
    assert made.problem is None


def test_a_log_that_grew_is_stamped_once_a_day(
    tmp_path: Path, ledger: Ledger, tsa: Authority, moment: Time
) -> None:
    (name,) = ledger.shards()
    made = stamper(tmp_path, moment)
    (tmp_path / "timestamp.url").write_text(f"{tsa.url}\n")
    (tmp_path / "timestamp.pem").write_bytes(tsa.roots.read_bytes())
    made.round(ledger, name)
    grow(ledger)
    made.round(ledger, name)
    assert tsa.asked == 1, "once a day"
    moment.now += DAY
    made.round(ledger, name)
    moment.now += DAY
    made.round(ledger, name)
    assert [stamp.size for stamp in ledger.shard(name).store.stamps()] == [1, 3]
    assert tsa.asked == 2, "a day on which only the last stamp was recorded needs none"


def test_a_stamp_that_does_not_hold_under_the_roots_is_not_kept(
    tmp_path: Path, ledger: Ledger, tsa: Authority, moment: Time
) -> None:
    (name,) = ledger.shards()
    stranger = Authority(tmp_path / "stranger")
    stranger.make()
    (tmp_path / "timestamp.url").write_text(tsa.url)
    (tmp_path / "timestamp.pem").write_bytes(stranger.roots.read_bytes())
    made = stamper(tmp_path, moment)
    made.round(ledger, name)
    assert ledger.shard(name).store.stamps() == []
    assert made.problem is not None
    made.round(ledger, name)
    assert tsa.asked == 1, "not at every round"
    (tmp_path / "timestamp.pem").unlink()
    moment.now += int(RETRY_S) + 1
    made.round(ledger, name)
    assert len(ledger.shard(name).store.stamps()) == 1
    assert made.problem is None


@pytest.mark.parametrize("text", ["ftp://somewhere/", "", "file:///etc/passwd"])
def test_an_address_that_is_none_is_said(tmp_path: Path, ledger: Ledger, moment: Time, text: str) -> None:
    (name,) = ledger.shards()
    (tmp_path / "timestamp.url").write_text(text)
    made = stamper(tmp_path, moment)
    made.round(ledger, name)
    assert made.problem is not None
    assert "timestamp.url" in made.problem.en


def test_the_key_process_stamps_and_the_audit_verifies(keyd: Keyd, tsa: Authority) -> None:
    keyd.record(3)
    keyd.config.timestamp_file.write_text(tsa.url)
    until(lambda: keyd.state().shards[0].stamped > 0)
    state = keyd.state()
    assert state.shards[0].stamped_s > START
    assert not state.settings_en
    done = CliRunner().invoke(app, ["audit", "--data", str(keyd.data), "--tsa", str(tsa.roots)])
    assert done.exit_code == 0, done.output
    assert "proved" in done.output


def test_an_authority_that_is_down_stops_nobody_and_is_said(keyd: Keyd, tsa: Authority) -> None:
    tsa.down = True
    keyd.record(3)
    keyd.config.timestamp_file.write_text(tsa.url)
    until(lambda: bool(keyd.state().settings_en))
    assert "timestamp" in keyd.state().settings_en
    assert keyd.refusals()["references"] is None
