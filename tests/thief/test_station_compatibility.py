"""The reader of the station in compatibility mode: two hundred consignees pass through the box.

Between messages he finds nobody. While a message is read, its consignees stand in one child process: root can
read them there, and the test says for how long.
"""

import asyncio
import json
import os
import sys
import threading
import time
from collections.abc import Iterator
from statistics import median

import psutil
import pytest
from support.erp import erp
from support.print_room import PrintRoom, own_shop, print_room, until
from support.printer import Simulator
from support.running import free_port_pair
from thief.loot import Loot, Victim

from waybillguard.agent.shim.child import Job
from waybillguard.agent.shim.filters import Filters
from waybillguard.agent.shim.guarded import Fragment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(570)]

PERSONS = 200
A_TASK = 50
MARK = "waybillguard.agent.shim.child"


def victims() -> list[Victim]:
    return [
        Victim(f"测试{n:04}", f"198{n:04}{n * 7 % 10000:04}", f"机场路{n + 1}号2幢301室")
        for n in range(PERSONS)
    ]


def task(number: int, persons: list[Victim]) -> dict[str, object]:
    documents = [
        {
            "documentID": f"D{n}",
            "contents": [
                {
                    "data": {
                        "receiver": {
                            "name": "测试人",
                            "mobile": one.phone,
                            "address": f"浙江省金华市义乌市北苑街道{one.detail}",
                        },
                        "orderNo": f"CLEAR-{number:03}-{n:03}",
                    }
                }
            ],
        }
        for n, one in enumerate(persons)
    ]
    return {"taskID": f"T-{number}", "printer": "", "preview": False, "documents": documents}


class Reader(threading.Thread):
    """Reads agent and children without a pause; keeps what he finds in each apart."""

    def __init__(self, agent: int) -> None:
        super().__init__(daemon=True)
        self.agent, self.in_agent, self.in_children = agent, Loot(victims()), Loot(victims())
        self.read = 0
        self.children: set[int] = set()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.is_set():
            self.read += self.in_agent.search_memory(self.agent)
            for child in self._children():
                self.children.add(child)
                self.read += self.in_children.search_memory(child)
            self.over.wait(0.5)

    def _children(self) -> list[int]:
        try:
            return [child.pid for child in psutil.Process(self.agent).children(recursive=True)]
        except psutil.Error:
            return []


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrintRoom]:
    with print_room(tmp_path_factory.mktemp("thief-open"), simulator=Simulator(keeps_stream=True)) as made:
        made.seal(own_shop())
        made.settings(more=f'[shim]\nlisten = "127.0.0.1:0"\ncompatibility = "127.0.0.1:{free_port_pair()}"')
        made.enrol()
        made.states()
        yield made


def test_between_messages_the_reader_of_the_station_finds_nobody(room: PrintRoom) -> None:
    address = room.pair("old-erp", "", "--compatibility")
    room.let_in("old-erp")
    assert room.agent is not None
    persons, reader = victims(), Reader(room.agent.pid)
    reader.start()
    with erp(address) as one:
        for number in range(PERSONS // A_TASK):
            some = persons[number * A_TASK : (number + 1) * A_TASK]
            answer = one.ask("print", task=task(number, some))
            while answer["cmd"] != "print":  # the notice of an earlier task came first
                answer = one.hear()
            assert answer["status"] == "success", answer["msg"]
        until(lambda: len(room.simulator.labels) == PERSONS, lambda: len(room.simulator.labels), 400)
    reader.over.set()
    reader.join()
    after = Loot(persons)
    read = after.search_memory(room.agent.pid)
    spare = [child.pid for child in psutil.Process(room.agent.pid).children(recursive=True)]
    for child in spare:
        read += after.search_memory(child)
    after.search_tree(room.home)
    after.search(bytes(room.simulator.stream), "print stream")
    after.search(room.log.read_bytes(), "log")
    cores = {psutil.Process(child).rlimit(psutil.RLIMIT_CORE) for child in spare}
    sys.stdout.write(
        f"station reader, compatibility mode: {PERSONS} persons printed, {len(reader.children)} children seen, "
        f"{reader.read >> 20} MiB read meanwhile; records obtained: {len(reader.in_agent.found)} in the agent, "
        f"{len(reader.in_children.found)} in children while they lived, {len(after.found)} afterwards "
        f"({read >> 20} MiB of memory, files, log, print stream)\n"
    )
    if os.getuid() == 0:
        assert reader.read > 10 << 20, "the thief must really have read memory"
    assert reader.in_agent.found == {}
    assert after.found == {}
    assert cores == {(0, 0)}


def test_a_child_has_a_message_for_a_moment_and_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    """The window in which root can read a consignee, a message of one and of fifty."""

    async def lives(count: int) -> list[float]:
        filters = Filters()
        filters.prepare()
        taken = []
        for number in range(5):
            await asyncio.sleep(3.0)  # the spare one is ready, as between two messages of a shift
            message = {"cmd": "print", "requestID": "r", "task": task(number, victims()[:count])}
            fragment = Fragment(bytes(4), bytearray(json.dumps(message, ensure_ascii=False).encode()))
            job = Job("0" * 32, "pairing", bytes([9]) + bytes(31), [bytes(4)], [len(fragment.payload)])
            filtered = await filters.read(job, [fragment])
            assert len(filtered.documents) == count
            assert not any(fragment.payload), "the carrier wipes its copy"
            assert b"198" + b"0000" not in filtered.frame
            taken.append(filters.lives[-1])
        filters.close()
        return taken

    one, fifty = asyncio.run(lives(1)), asyncio.run(lives(50))
    with capsys.disabled():
        sys.stdout.write(
            f"window of a child: one consignee {median(one) * 1000:.0f} ms, fifty {median(fifty) * 1000:.0f} ms (median)\n"
        )
    deadline = time.monotonic() + 10
    while any(MARK in " ".join(p.info["cmdline"] or []) and p.info["ppid"] == os.getpid()
              for p in psutil.process_iter(["cmdline", "ppid"])):  # fmt: skip
        assert time.monotonic() < deadline, "a child lives on"
        time.sleep(0.1)
