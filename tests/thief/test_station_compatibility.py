"""The reader of the station in compatibility mode: hundreds of consignees pass through the box.

Between messages he finds nobody. While a message is read, its consignees stand in one child process: root can
read them there, and the test says for how long.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
import time
import zlib
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from statistics import median

import psutil
import pytest
from support.erp import erp
from support.first_start import FirstStart
from support.missing import missing
from support.ports import free_port
from support.print_room import PrintRoom, print_room, until
from support.printer import Simulator
from thief.loot import Loot, Victim

from waybillguard.agent.shim.child import Job
from waybillguard.agent.shim.filters import Filters
from waybillguard.agent.shim.guarded import Fragment

pytestmark = [pytest.mark.slow, pytest.mark.timeout(570)]

PERSONS = 1000
A_TASK = 40
LOOKS_AT_PRINTING = 4
MARK = "waybillguard.agent.shim.child"
HOLDER = """
import subprocess, sys
held = sys.stdin.readline()
child = subprocess.Popen([sys.executable, "-c", "import sys; held = input(); print(flush=True); sys.stdin.read()"],
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
child.stdin.write(sys.stdin.readline())
child.stdin.flush()
child.stdout.readline()
print("held", flush=True)
sys.stdin.read()
"""


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


class Reader:
    """Reads a program's memory, its children's and its folder; keeps what he finds in each apart."""

    def __init__(self, program: int, folder: Path) -> None:
        self.program, self.folder = program, folder
        self.in_program, self.in_children, self.in_files = (Loot(victims()) for _ in range(3))
        self.read = self.rounds = 0
        self.children: set[int] = set()

    def look(self) -> None:
        """Read everything once, the program and its children standing still wherever they are."""
        os.kill(self.program, signal.SIGSTOP)  # first: standing still, it waits for no child that ended
        stopped = self._children()
        try:
            for child in stopped:
                with suppress(ProcessLookupError):
                    os.kill(child, signal.SIGSTOP)
            self.read += self.in_program.search_memory(self.program)
            for child in stopped:
                self.children.add(child)
                self.read += self.in_children.search_memory(child)
            self.in_files.search_tree(self.folder)
        finally:
            for one in (*stopped, self.program):
                with suppress(ProcessLookupError):  # a child of a child may have ended as the stops arrived
                    os.kill(one, signal.SIGCONT)
        self.rounds += 1

    def _children(self) -> list[int]:
        try:
            return [child.pid for child in psutil.Process(self.program).children(recursive=True)]
        except psutil.Error:
            return []


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart) -> Iterator[PrintRoom]:
    with print_room(
        tmp_path_factory.mktemp("thief-open"), first_start, simulator=Simulator(keeps_stream=True)
    ) as made:
        made.settings(more=f'[shim]\nlisten = "127.0.0.1:0"\ncompatibility = "127.0.0.1:{free_port(2)}"')
        made.enrol()
        made.states()  # chooses the simulated carrier
        yield made


def test_the_reader_finds_whoever_is_planted_in_a_program_its_child_and_its_files(tmp_path: Path) -> None:
    """The search can fail: one consignee held by a program, one by its child, one in a packed file."""
    if os.getuid() != 0:
        missing("the right to read the memory of other programs", "run as root")
    held, passed_on, written, *others = victims()
    (tmp_path / "spool").write_bytes(b"%PDF" + zlib.compress(f"电话 {written.phone}".encode()))
    with subprocess.Popen(
        [sys.executable, "-c", HOLDER], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as program:
        assert program.stdin is not None
        assert program.stdout is not None
        program.stdin.write(f"{held.name}{held.phone}\n{passed_on.name}{passed_on.phone}\n")
        program.stdin.flush()
        assert program.stdout.readline() == "held\n"
        reader = Reader(program.pid, tmp_path)
        reader.look()
        program.stdin.close()
    assert held.phone in reader.in_program.found
    assert passed_on.phone in reader.in_children.found
    assert set(reader.in_files.found) == {written.phone}
    found = reader.in_program.found | reader.in_children.found
    assert not {other.phone for other in others} & set(found)


def test_between_messages_the_reader_of_the_station_finds_nobody(room: PrintRoom) -> None:
    address = room.pair("old-erp", "", "--compatibility")
    room.let_in("old-erp")
    assert room.agent is not None
    persons, began = victims(), time.monotonic()
    reader, tasks = Reader(room.agent.pid, room.home), PERSONS // A_TASK
    with erp(address) as one:
        for number in range(tasks):
            some = persons[number * A_TASK : (number + 1) * A_TASK]
            one.send({"cmd": "print", "requestID": "r1", "version": "1.0", "task": task(number, some)})
            time.sleep(number / tasks)  # each message is looked at later than the one before it
            reader.look()
            while (answer := one.hear())["cmd"] != "print":  # the notice of an earlier task came first
                pass
            assert answer["status"] == "success", answer["msg"]
        printed = len(room.simulator.labels)
        for look in range(LOOKS_AT_PRINTING):
            wanted = printed + look * (PERSONS - printed) // LOOKS_AT_PRINTING
            until(lambda wanted=wanted: len(room.simulator.labels) >= wanted, room.states, 400)
            reader.look()
        until(lambda: len(room.simulator.labels) == PERSONS, lambda: len(room.simulator.labels), 400)
    took = time.monotonic() - began
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
        f"station reader, compatibility mode: {PERSONS} persons printed in {took:.0f} s; looked {reader.rounds} times "
        f"({reader.read >> 20} MiB, {len(reader.children)} children seen); records obtained: "
        f"{len(reader.in_program.found)} in the agent, {len(reader.in_files.found)} in its files, "
        f"{len(reader.in_children.found)} in children while they lived, {len(after.found)} afterwards "
        f"({read >> 20} MiB of memory, files, log, {len(room.simulator.stream) >> 20} MiB of print stream)\n"
    )
    if os.getuid() == 0:
        assert reader.read > 10 << 20, "the thief must really have read memory"
    assert reader.in_program.found == {}
    assert reader.in_files.found == {}
    assert after.found == {}
    assert cores == {(0, 0)}


def ready(filters: Filters) -> None:
    """Wait for the word of the spare child that it can take a message."""
    assert filters._spare is not None
    assert select.select([filters._spare.stdout], [], [], 60)[0]


def test_a_child_has_a_message_for_a_moment_and_is_gone(capsys: pytest.CaptureFixture[str]) -> None:
    """The window in which root can read a consignee, a message of one and of fifty."""

    async def lives(count: int) -> list[float]:
        filters = Filters()
        filters.prepare()
        taken = []
        for number in range(3):
            await asyncio.to_thread(ready, filters)  # as between two messages of a shift
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
