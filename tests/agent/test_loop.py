"""The loop prints each label once, reports every outcome, and stops on request."""

import asyncio
import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import msgspec
import pytest
from support import station

from waybillguard.agent import protocol
from waybillguard.agent.errors import RefusedError, unreachable
from waybillguard.agent.journal import FILE, Journal
from waybillguard.agent.loop import Agent
from waybillguard.agent.pace import Backoff, Pace
from waybillguard.agent.printers.model import Delivery, Standing
from waybillguard.agent.protocol import Ack, JobHead, Lease
from waybillguard.agent.sealedjob import lease

QUICK = Pace(
    wait=0, idle=0.005, look=0.02, report=0.05, backoff=0.01, longest_backoff=0.05, margin=2, most=8, low=2
)


def job(number: int, **change: Any) -> Lease:
    head = JobHead(
        **{"job": f"{number:032x}", "ticket": f"T{number}", "attempt": 1, "printer": "label-1", "language": "tspl",
           "expires": datetime.now(UTC) + timedelta(minutes=2), **change}
    )  # fmt: skip
    return lease(
        b"label %d" % number, head, device=station.DEVICE, key=station.KEYS.sealing_public, random=os.urandom
    )


class PaperPrinter:
    """A printer that keeps what it was sent."""

    def __init__(self) -> None:
        self.printed: list[bytes] = []
        self.state = Standing("ready")
        self.fails: Exception | None = None
        self.closed = False

    async def standing(self) -> Standing:
        return self.state

    async def deliver(self, content: bytes, language: str, begin: Callable[[], None]) -> Delivery:
        del language
        if not self.state.can_start:
            return Delivery("failed", "paper_out")
        begin()
        if self.fails is not None:
            raise self.fails
        self.printed.append(content)
        await asyncio.sleep(0)
        return Delivery("sent")

    async def close(self) -> None:
        self.closed = True


class ListWay:
    """A service that hands out lists of jobs and remembers what it is told."""

    def __init__(self, *leases: list[Lease] | Exception) -> None:
        self.leases = list(leases)
        self.acks: list[Ack] = []
        self.deaf = False
        self.reports: list[protocol.Status] = []
        self.asked: list[protocol.LeaseRequest] = []
        self.refused: Exception | None = None
        self.refuses: set[str] = set()

    async def lease(self, message: protocol.LeaseRequest) -> protocol.Leased:
        self.asked.append(message)
        await asyncio.sleep(0)
        if self.refused:
            raise self.refused
        found = self.leases.pop(0) if self.leases else []
        if isinstance(found, Exception):
            raise found
        return protocol.Leased(jobs=found)

    async def acknowledge(self, message: protocol.Acks) -> protocol.AcksTaken:
        if self.deaf:
            raise unreachable()
        if self.refused:
            raise self.refused
        self.acks += message.acks
        jobs = [ack.job for ack in message.acks]
        return protocol.AcksTaken(
            taken=[j for j in jobs if j not in self.refuses], refused=[j for j in jobs if j in self.refuses]
        )

    async def report(self, message: protocol.Status) -> protocol.StatusTaken:
        if self.deaf:
            raise unreachable()
        self.reports.append(message)
        return protocol.StatusTaken(server_time=datetime.now(UTC))


class Scene:
    def __init__(self, tmp_path: Path, way: ListWay) -> None:
        self.way, self.printer, self.said = way, PaperPrinter(), list[str]()
        self.journal = Journal(tmp_path / FILE, datetime.now(UTC))
        self.agent = Agent(
            way, device=station.DEVICE, keys=station.KEYS, journal=self.journal,
            printers={"label-1": (self.printer, frozenset({"tspl"}))}, now=lambda: datetime.now(UTC),
            random=os.urandom, say=lambda _zh, en: self.said.append(en), pace=QUICK,
        )  # fmt: skip

    async def until(self, met: Callable[[], bool], seconds: float = 5.0) -> None:
        running = asyncio.create_task(self.agent.run(grace=1.0))
        try:
            async with asyncio.timeout(seconds):
                while not met() and not running.done():  # noqa: ASYNC110 - the scene is met by values, not by an event
                    await asyncio.sleep(0.005)
        finally:
            self.agent.stop()
            await running
            self.journal.close()


def outcomes(way: ListWay) -> list[tuple[int, str, str]]:
    return [(int(ack.job, 16), ack.outcome, ack.reason) for ack in way.acks]


def test_jobs_are_printed_in_order_and_told(tmp_path: Path) -> None:
    way = ListWay([job(1), job(2)], [job(3)])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: len(way.acks) == 3))
    assert scene.printer.printed == [b"label 1", b"label 2", b"label 3"]
    assert outcomes(way) == [(1, "sent", ""), (2, "sent", ""), (3, "sent", "")]
    assert scene.journal.holding() == []
    assert scene.printer.closed


def test_a_job_whose_lease_ends_while_the_printer_connects_is_not_begun(tmp_path: Path) -> None:
    clock = [datetime.now(UTC)]
    way = ListWay([job(1, expires=clock[0] + timedelta(seconds=10))])
    scene = Scene(tmp_path, way)
    scene.agent._now = lambda: clock[0]
    deliver = scene.printer.deliver

    async def slowly(*arguments: Any) -> Delivery:
        clock[0] += timedelta(seconds=9)
        return await deliver(*arguments)

    scene.printer.deliver = slowly  # type: ignore[method-assign]
    asyncio.run(scene.until(lambda: len(way.acks) == 1))
    assert outcomes(way) == [(1, "failed", "expired")]
    assert scene.printer.printed == []


def test_a_clock_that_is_set_back_makes_no_lease_longer(tmp_path: Path) -> None:
    back = [timedelta()]
    way = ListWay([job(1, expires=datetime.now(UTC) + timedelta(seconds=QUICK.margin + 0.3))])
    scene = Scene(tmp_path, way)
    scene.agent._now = lambda: datetime.now(UTC) - back[0]
    deliver = scene.printer.deliver

    async def slowly(*arguments: Any) -> Delivery:
        back[0] = timedelta(hours=1)
        await asyncio.sleep(0.4)
        return await deliver(*arguments)

    scene.printer.deliver = slowly  # type: ignore[method-assign]
    asyncio.run(scene.until(lambda: len(way.acks) == 1))
    assert outcomes(way) == [(1, "failed", "expired")]
    assert scene.printer.printed == []


def test_each_request_for_work_has_a_higher_number_than_all_before(tmp_path: Path) -> None:
    class Ahead(ListWay):
        async def lease(self, message: protocol.LeaseRequest) -> protocol.Leased:
            leased = await super().lease(message)
            return msgspec.structs.replace(leased, after=2**52) if len(self.asked) == 3 else leased

    way = Ahead()
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: len(way.asked) >= 5))
    numbers = [one.number for one in way.asked]
    assert all(earlier < later for earlier, later in pairwise(numbers))
    assert numbers[0] < 2**52 < numbers[3]


def test_each_start_is_a_run_of_its_own(tmp_path: Path) -> None:
    runs = []
    for start in ("first", "second"):
        (tmp_path / start).mkdir()
        way = ListWay()
        scene = Scene(tmp_path / start, way)
        asyncio.run(scene.until(lambda way=way: len(way.asked) >= 3))
        runs.append({one.run for one in way.asked})
    assert [len(run) for run in runs] == [1, 1]
    assert runs[0] != runs[1]


def test_a_job_that_comes_twice_is_printed_once(tmp_path: Path) -> None:
    same = job(1)
    way = ListWay([same, job(2)], [same], [same])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: not way.leases and len(way.acks) >= 2))
    assert scene.printer.printed == [b"label 1", b"label 2"]


def test_a_lost_network_prints_nothing_twice_and_tells_later(tmp_path: Path) -> None:
    way = ListWay([job(1)], unreachable(), unreachable(), [job(2)])
    way.deaf = True
    scene = Scene(tmp_path, way)

    def met() -> bool:
        if len(scene.printer.printed) == 2:
            way.deaf = False
        return len(way.acks) >= 2

    asyncio.run(scene.until(met))
    assert scene.printer.printed == [b"label 1", b"label 2"]
    assert outcomes(way) == [(1, "sent", ""), (2, "sent", "")]
    assert sum("does not answer" in line for line in scene.said) == 1


def test_what_was_not_told_before_the_end_is_told_by_the_next_run(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    way.deaf = True
    first = Scene(tmp_path, way)
    asyncio.run(first.until(lambda: bool(first.printer.printed)))
    assert way.acks == []
    way.deaf = False
    second = Scene(tmp_path, way)
    asyncio.run(second.until(lambda: bool(way.acks)))
    assert (outcomes(way), second.printer.printed) == ([(1, "sent", "")], [])


def test_an_expired_job_is_not_printed(tmp_path: Path) -> None:
    way = ListWay([job(1, expires=datetime.now(UTC) + timedelta(seconds=1))])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: bool(way.acks)))
    assert (outcomes(way), scene.printer.printed) == ([(1, "failed", "expired")], [])


@pytest.mark.parametrize(
    ("change", "reason"),
    [({"printer": "label-9"}, "printer_unknown"), ({"language": "zpl"}, "language")],
)
def test_a_job_for_another_printer_or_language_is_not_printed(
    tmp_path: Path, change: dict[str, Any], reason: str
) -> None:
    way = ListWay([job(1, **change)])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: bool(way.acks)))
    assert (outcomes(way), scene.printer.printed) == ([(1, "failed", reason)], [])


def test_a_job_that_does_not_open_is_not_printed(tmp_path: Path) -> None:
    way = ListWay([msgspec.structs.replace(job(1), ticket="T2")])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: bool(way.acks)))
    assert (outcomes(way), scene.printer.printed) == ([(1, "failed", "bad_seal")], [])


def test_a_printer_that_breaks_in_its_own_way_leaves_the_job_uncertain(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    scene = Scene(tmp_path, way)
    scene.printer.fails = RuntimeError("a driver's own trouble")
    asyncio.run(scene.until(lambda: bool(way.acks)))
    assert outcomes(way) == [(1, "uncertain", "printer_error")]
    assert not any("own trouble" in line for line in scene.said)


def test_a_start_that_a_full_disk_does_not_note_is_no_fault_of_the_printer(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    scene = Scene(tmp_path, way)

    async def deliver(content: bytes, language: str, begin: Callable[[], None]) -> Delivery:
        del content, language
        place = scene.journal._descriptor
        kept, full = os.dup(place), os.open("/dev/full", os.O_WRONLY)
        os.dup2(full, place)
        try:
            begin()
        finally:
            os.dup2(kept, place)
            os.close(kept)
            os.close(full)
        return Delivery("sent")

    scene.printer.deliver = deliver  # type: ignore[method-assign]
    asyncio.run(scene.until(lambda: bool(way.acks)))
    assert outcomes(way) == [(1, "failed", "not_started")]


def test_a_printer_without_paper_leases_nothing_and_is_reported(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    scene = Scene(tmp_path, way)
    scene.printer.state = Standing("paper_out")
    asyncio.run(scene.until(lambda: len(way.reports) >= 2))
    assert way.asked == []
    assert way.reports[0].printers[0].state == "paper_out"


def test_a_printer_that_gets_paper_works_on(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    scene = Scene(tmp_path, way)
    scene.printer.state = Standing("paper_out")

    def met() -> bool:
        if way.reports:
            scene.printer.state = Standing("ready")
        return bool(way.acks)

    asyncio.run(scene.until(met))
    assert outcomes(way) == [(1, "sent", "")]


def test_jobs_not_begun_when_it_stops_are_given_back(tmp_path: Path) -> None:
    way = ListWay([job(n) for n in range(1, 6)])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: len(scene.printer.printed) >= 1))
    told = {number: outcome for number, outcome, _ in outcomes(way)}
    assert set(told) == {1, 2, 3, 4, 5}
    assert sum(outcome == "sent" for outcome in told.values()) == len(scene.printer.printed)


def test_a_revoked_device_ends(tmp_path: Path) -> None:
    way = ListWay()
    way.refused = RefusedError(zh="已撤销", en="revoked", reason="device_revoked", status=403)
    scene = Scene(tmp_path, way)
    with pytest.raises(RefusedError):
        asyncio.run(scene.until(lambda: False))


def test_a_restricted_device_waits_and_says_so_once(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    way.refused = RefusedError(zh="已限制", en="restricted", reason="device_restricted", status=403)
    scene = Scene(tmp_path, way)

    def met() -> bool:
        if len(way.asked) >= 3:
            way.refused = None
        return bool(way.acks)

    asyncio.run(scene.until(met))
    assert scene.said.count("restricted") == 1
    assert outcomes(way) == [(1, "sent", "")]


def test_an_acknowledgement_that_the_service_refuses_is_not_repeated(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    way.refuses = {f"{1:032x}"}
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: bool(way.acks) and not scene.journal.holding()))
    assert len(way.acks) == 1
    assert any("console" in line for line in scene.said)


def test_a_lease_names_what_is_held(tmp_path: Path) -> None:
    way = ListWay([job(1)])
    way.deaf = True
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: any(asked.holding for asked in way.asked)))
    assert way.asked[0].holding == []
    assert [f"{1:032x}"] in [asked.holding for asked in way.asked]


def test_nothing_of_a_job_is_ever_said(tmp_path: Path) -> None:
    way = ListWay([job(1), job(2, language="zpl")])
    scene = Scene(tmp_path, way)
    asyncio.run(scene.until(lambda: len(way.acks) == 2))
    assert not any("label 1" in line or "label 2" in line for line in scene.said)


def test_waits_double_to_a_limit_and_begin_anew() -> None:
    backoff = Backoff(Pace(backoff=1, longest_backoff=8), lambda size: b"\xff" * size)
    taken = [backoff.take() for _ in range(5)]
    assert [round(wait) for wait in taken] == [1, 2, 4, 8, 8]
    backoff.reset()
    assert backoff.take() < 1.01
