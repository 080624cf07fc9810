"""Enrol, lease, print, report: the real service, the real agent, and a printer that draws its jobs."""

import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.print_room import PrintRoom, own_shop, print_room, until

MOST_LOST = 8  # jobs in one lease

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[PrintRoom]:
    with print_room(tmp_path_factory.mktemp("print-room"), first_start) as made:
        made.seal(own_shop())
        made.enrol()
        yield made


def waybills(room: PrintRoom) -> list[str]:
    return [room.simulator.codes(n)["Code128"] for n in range(len(room.simulator.labels))]


def test_labels_come_out_once_and_read_back(room: PrintRoom) -> None:
    room.ask(5)
    room.simulator.wait_for(5, 60)
    until(lambda: room.states() == {"sent": 5}, room.states)
    read = [room.simulator.codes(n) for n in range(5)]
    assert len({code["Code128"] for code in read}) == 5
    assert len({code["QRCode"] for code in read}) == 5
    assert all(len(code["QRCode"]) == 72 for code in read)
    assert room.simulator.faults == []


def test_a_code_that_was_used_enrols_nobody_else(room: PrintRoom, tmp_path: Path) -> None:
    code = room.code("打包台2")
    looked = room.service.cli("agent", "check", "--home", str(tmp_path))
    assert looked.returncode == 1, "it looked at printers alone, and there is none"
    home = tmp_path / "first"
    first = room.service.cli(
        "agent", "enrol", "WG1-" + code[4:-1], "--server", room.service.url, "--home", str(home)
    )
    assert first.returncode == 2
    assert "mistyped" in first.stderr


def test_the_agent_killed_in_the_middle_of_a_batch_doubles_and_loses_nothing(room: PrintRoom) -> None:
    before = len(room.simulator.labels)
    room.simulator.speed = 0.15
    room.ask(20)
    until(lambda: len(room.simulator.labels) >= before + 5, lambda: len(room.simulator.labels))
    room.kill()
    room.start()

    def settled() -> bool:
        states = room.states()
        return not {"issued", "leased"} & set(states) and states.get("uncertain", 0) <= 1 + MOST_LOST

    until(settled, room.states, 150)
    room.simulator.speed = 0.0
    printed = waybills(room)
    assert len(printed) == len(set(printed)), "a label came out twice"
    # What was not begun was given back. Uncertain are the label under the head at that moment, and, if the kill
    # fell between the service's answer and its arrival, the jobs of that one answer.
    assert sum(room.states().values()) == 25


def test_a_service_that_comes_back_hears_what_was_printed(room: PrintRoom) -> None:
    before = len(room.simulator.labels)
    room.service.kill()
    room.service.stop()
    room.service.start()
    room.ask(2)
    room.simulator.wait_for(before + 2, 90)
    printed = waybills(room)
    assert len(printed) == len(set(printed))


def test_jobs_lost_with_an_answer_are_taken_back_and_nothing_is_doubled(room: PrintRoom) -> None:
    """The agent dies while it waits for work; what is handed to its dead connection was never printed."""
    before, states = len(room.simulator.labels), room.states()
    time.sleep(2)  # its next lease hangs at the service
    room.kill()
    room.ask(3)
    time.sleep(2)
    room.start()
    until(lambda: not {"issued", "leased"} & set(room.states()), room.states, 120)
    now = room.states()
    printed = waybills(room)
    assert len(printed) == len(set(printed))
    lost = now.get("void", 0) - states.get("void", 0)
    assert len(printed) - before == now.get("sent", 0) - states.get("sent", 0) == 3 - lost
    assert now.get("uncertain", 0) == states.get("uncertain", 0)


def test_a_restricted_device_is_cut_at_once(room: PrintRoom) -> None:
    before = len(room.simulator.labels)
    room.press("restrict")
    issued = room.helper("states")
    with pytest.raises(AssertionError, match="restricted"):
        room.ask(1)
    until(lambda: "restricted" in room.log.read_text(), room.log.read_text)
    assert (len(room.simulator.labels), room.states()) == (before, issued)


def test_a_revoked_device_ends_its_agent(room: PrintRoom) -> None:
    room.press("revoke")
    assert room.agent is not None
    assert room.agent.wait(60) == 1
    assert "revoked" in room.log.read_text()


def test_the_station_keeps_ids_and_keys_and_no_label(room: PrintRoom) -> None:
    kept = {path.name for path in room.home.iterdir()}
    assert kept == {"agent.toml", "authority.pem", "device.json", "device.key", "journal.jsonl", "lock"}
    for name in kept - {"agent.toml"}:
        assert (room.home / name).stat().st_mode & 0o777 == 0o600, name
    for line in (room.home / "journal.jsonl").read_text().splitlines():
        assert set(json.loads(line)) <= {"job", "state", "at", "reason"}
