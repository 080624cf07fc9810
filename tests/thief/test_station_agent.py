"""The reader of the print station while labels are printed: files, temp, loopback, memory, stream."""

import os
import signal
import sys
from collections.abc import Iterator

import psutil
import pytest
from support.first_start import FirstStart
from support.print_room import PrintRoom, print_room, until
from support.printer import Simulator
from thief.loot import Loot, Victim

pytestmark = [pytest.mark.slow, pytest.mark.timeout(570)]

PERSONS = 1000
AT_ONCE = 500
LOOKS = 16
HEAD = "订单编号,收货人,手机号码,省,市,区,详细地址,商品名称\n"


def victims() -> list[Victim]:
    return [
        Victim(f"测试{n:04}", f"199{n:04}{n * 7 % 10000:04}", f"机场路{n + 1}号2幢301室")
        for n in range(PERSONS)
    ]


def export(persons: list[Victim]) -> bytes:
    rows = [
        f"STATION-{n:05},{p.name},{p.phone},浙江省,金华市,义乌市,{p.detail},袜子"
        for n, p in enumerate(persons)
    ]
    return (HEAD + "\n".join(rows) + "\n").encode()


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[PrintRoom]:
    with print_room(
        tmp_path_factory.mktemp("thief-station"), first_start, simulator=Simulator(keeps_stream=True)
    ) as made:
        made.seal(export(victims()))
        made.enrol()
        yield made


def test_the_reader_of_the_station_gets_nothing_in_ticket_mode(room: PrintRoom) -> None:
    """He reads as the station's user, and here even as root, all the while labels are printed."""
    loot, read = Loot(victims()), 0
    assert room.agent is not None
    asked = 0
    for look in range(LOOKS):
        wanted = 1 + look * PERSONS // LOOKS
        if wanted + PERSONS // LOOKS > asked:
            room.ask(AT_ONCE)
            asked += AT_ONCE
        until(lambda wanted=wanted: len(room.simulator.labels) >= wanted, room.states, 480)
        # Wherever it is now, in the midst of leases, labels and reports.
        room.agent.send_signal(signal.SIGSTOP)
        try:
            assert len(room.simulator.labels) < PERSONS, "it must be looked at while it prints"
            read += loot.search_memory(room.agent.pid)
            loot.search_tree(room.home)
        finally:
            room.agent.send_signal(signal.SIGCONT)
    until(lambda: len(room.simulator.labels) == PERSONS, lambda: (len(room.simulator.labels), room.states()))
    read += loot.search_memory(room.agent.pid)
    loot.search_tree(room.home)
    loot.search(bytes(room.simulator.stream), "print stream")
    loot.search(room.log.read_bytes(), "log")
    names = [person.name.encode() for person in victims()]
    stream = bytes(room.simulator.stream)
    assert not any(name in stream for name in names)
    listening = [
        c for c in psutil.Process(room.agent.pid).net_connections() if c.status == psutil.CONN_LISTEN
    ]
    sys.stdout.write(
        f"station reader: {PERSONS} persons printed, {LOOKS + 1} looks, {read >> 20} MiB of memory read, "
        f"{len(stream) >> 20} MiB of print stream, {len(listening)} ports listening, {len(loot.found)} records obtained\n"
    )
    assert len({room.simulator.codes(n)["Code128"] for n in range(0, PERSONS, 50)}) == PERSONS // 50
    assert listening == []
    if os.getuid() == 0:
        assert read > 10 << 20, "the thief must really have read memory"
    assert not loot.found


def test_the_agents_memory_is_closed_to_other_programs_of_its_user(room: PrintRoom) -> None:
    """Root may always read; whoever is not root is refused by the kernel (PR_SET_DUMPABLE)."""
    if os.getuid() == 0:
        assert room.agent is not None
        # A process that is not dumpable has its /proc files owned by root, whoever runs it.
        limits = psutil.Process(room.agent.pid).rlimit(psutil.RLIMIT_CORE)
        assert limits == (0, 0)
        return
    assert room.agent is not None
    assert Loot(victims()).search_memory(room.agent.pid) == 0
