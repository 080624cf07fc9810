"""The agent's loop: leases jobs, prints them and reports outcomes. Each printer prints one label at a time.

Content is in memory only while it prints. Leasing, each printer, reporting and watching run as separate tasks, so a
printer without paper does not block others, and outcomes are reported as soon as the service answers again. The
journal (`waybillguard.agent.journal`), not the network, ensures that no job is printed twice.
"""

import asyncio
import contextlib
import secrets
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final, Protocol

from msgspec import UNSET

from waybillguard.agent import protocol
from waybillguard.agent.errors import AgentError, RefusedError, SealedJobError, UnreachableError
from waybillguard.agent.journal import Journal
from waybillguard.agent.keystore import DeviceKeys
from waybillguard.agent.pace import Backoff, Pace
from waybillguard.agent.printers.model import Delivery, Printer, Standing
from waybillguard.agent.protocol import MOST_ACKS, Lease, PrinterStatus, Reason
from waybillguard.agent.sealedjob import open_job
from waybillguard.keys.primitives import Random

_REMEMBERED: Final = 4096


class LoopClient(Protocol):
    """The calls that the loop makes (`waybillguard.agent.client.ServiceClient`)."""

    async def lease(self, message: protocol.LeaseRequest) -> protocol.Leased:
        """Request jobs."""

    async def acknowledge(self, message: protocol.Acks) -> protocol.AcksTaken:
        """Report the outcomes of jobs."""

    async def report(self, message: protocol.Status) -> protocol.StatusTaken:
        """Report the states of the printers."""


@dataclass(slots=True)
class _ActivePrinter:
    """One printer at work."""

    printer: Printer
    languages: frozenset[str]
    standing: Standing = field(default_factory=lambda: Standing("unknown"))
    queue: asyncio.Queue[Lease] = field(default_factory=asyncio.Queue)
    idle: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.idle.set()


class _NotBegunError(Exception):
    """The label is not started: its lease has expired, or the start cannot be recorded."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Agent:
    """Runs a station until it is stopped or revoked.

    Args:
        client: the client of the service.
        device: this device's id.
        keys: its keys.
        journal: the station's journal.
        printers: the pinned printers by name, with the languages each may be sent.
        now: the clock.
        random: random source to spread waiting times.
        say: receives messages for people in two languages; never content of a job.
        pace: waiting times.
        version: version of the program, for reports.
    """

    def __init__(
        self,
        client: LoopClient,
        *,
        device: str,
        keys: DeviceKeys,
        journal: Journal,
        printers: Mapping[str, tuple[Printer, frozenset[str]]],
        now: Callable[[], datetime],
        random: Random,
        say: Callable[[str, str], None],
        pace: Pace | None = None,
        version: str = "",
    ) -> None:
        self._client, self._device, self._keys, self._journal = client, device, keys, journal
        self._printers = {
            name: _ActivePrinter(printer, languages) for name, (printer, languages) in printers.items()
        }
        self._now, self._random, self._say = now, random, say
        self._pace = pace or Pace()
        self._version = version
        self._offset = timedelta()
        #: When leases end, on the monotonic clock of this machine.
        self._ends: dict[str, float] = {}
        self._number = 0
        self._run = secrets.token_hex(8)
        self._recent: deque[str] = deque(maxlen=_REMEMBERED)
        self._stopping = asyncio.Event()
        self._untold = asyncio.Event()
        self._changed = asyncio.Event()
        self._over: AgentError | None = None
        #: The calls that fail at present (lease, acks, status), with the reason.
        self._trouble: dict[str, str] = {}

    def stop(self) -> None:
        """Stop leasing. Jobs being printed are finished; jobs that were not started are returned."""
        self._stopping.set()
        self._changed.set()

    def standings(self) -> dict[str, Standing]:
        """Return the last known state of each printer."""
        return {name: active.standing for name, active in self._printers.items()}

    async def run(self, grace: float = 15.0) -> None:
        """Work until stopped.

        Raises:
            RefusedError: the service has revoked this device.
        """
        self._untold.set()
        await asyncio.gather(*(self._check_printer(active) for active in self._printers.values()))
        workers = [asyncio.create_task(self._work(active)) for active in self._printers.values()]
        others = [asyncio.create_task(task()) for task in (self._lease, self._report_outcomes, self._watch)]
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait([stopping, *workers, *others], return_when=asyncio.FIRST_COMPLETED)
            self.stop()
            await self._finish_jobs(grace)
        finally:
            for task in (stopping, *workers, *others):
                task.cancel()
            done = await asyncio.gather(*workers, *others, stopping, return_exceptions=True)
            for active in self._printers.values():
                await active.printer.close()
        if self._over is not None:
            raise self._over
        for result in done:
            if isinstance(result, Exception):
                raise result

    async def _finish_jobs(self, grace: float) -> None:
        """Finish the jobs being printed and report them, within the grace period."""
        for active in self._printers.values():
            while not active.queue.empty():
                self._outcome(active.queue.get_nowait().job, Delivery("failed", "not_started"))
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(grace):
                for active in self._printers.values():
                    await active.idle.wait()
                while self._journal.unreported() and self._over is None:
                    if not await self._send_outcomes():
                        return

    # --- leasing ----------------------------------------------------------------------------------

    async def _lease(self) -> None:
        backoff, clock = Backoff(self._pace, self._random), asyncio.get_running_loop().time
        while not self._stopping.is_set():
            names = [name for name, active in self._printers.items() if self._wants_work(active)]
            if not names:
                self._changed.clear()
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(self._pace.look):
                        await self._changed.wait()
                continue
            asked = clock()
            held = self._journal.holding()
            request = protocol.LeaseRequest(
                printers=names,
                most=self._pace.most,
                wait_s=self._pace.wait,
                holding=held if len(held) <= protocol.MOST_HELD else None,
                number=self._next_number(),
                run=self._run,
            )
            try:
                leased = await self._client.lease(request)
            except AgentError as error:
                await self._pause(error, backoff)
                continue
            backoff.reset()
            self._clear_problem("lease")
            self._take(leased.jobs)
            if leased.after is not UNSET:
                self._number = max(self._number, leased.after)
            if not leased.jobs and clock() - asked < self._pace.idle:
                await self._sleep(self._pace.idle)

    def _next_number(self) -> int:
        """Return a number above all earlier ones: the clock in milliseconds, or one more than the last number."""
        self._number = max(self._number + 1, int(self._now().timestamp() * 1000))
        return self._number

    def _wants_work(self, active: _ActivePrinter) -> bool:
        return active.standing.can_start and active.queue.qsize() <= self._pace.low

    def _take(self, jobs: list[Lease]) -> None:
        known = {*self._journal.holding(), *self._recent}
        fresh = [job for job in jobs if job.job not in known]  # the same job twice is printed once
        self._journal.leased([job.job for job in fresh], self._now())
        running = asyncio.get_running_loop().time()
        for job in fresh:
            self._ends[job.job] = running + (job.expires - self._now() - self._offset).total_seconds()
            active = self._printers.get(job.printer)
            if active is None:
                self._outcome(job.job, Delivery("failed", "printer_unknown"))
            else:
                active.queue.put_nowait(job)

    # --- printing ---------------------------------------------------------------------------------

    async def _work(self, active: _ActivePrinter) -> None:
        while True:
            job = await active.queue.get()
            active.idle.clear()
            try:
                delivery = await self._print(active, job)
                self._outcome(job.job, delivery)
                if delivery.outcome != "sent":
                    self._say(
                        f"{job.printer}：任务 {job.job[:8]} {_WORDS[delivery.outcome][0]}（{delivery.reason}）",
                        f"{job.printer}: job {job.job[:8]} {_WORDS[delivery.outcome][1]} ({delivery.reason})",
                    )
                    await self._check_printer(active)
            finally:
                active.idle.set()
                self._changed.set()

    async def _print(self, active: _ActivePrinter, job: Lease) -> Delivery:
        if reason := self._why_not(active, job):
            return Delivery("failed", reason)
        begun = False

        def begin() -> None:
            nonlocal begun
            if self._is_over(job):  # the printer may have delayed the job since the check above
                raise _NotBegunError("expired")
            try:
                self._journal.sending(job.job, self._now())
            except OSError:  # a full disk, which is not the printer's fault
                raise _NotBegunError("not_started") from None
            begun = True

        try:
            # The content is in memory only during this statement.
            return await active.printer.deliver(
                open_job(job, device=self._device, key=self._keys.sealing), job.language, begin
            )
        except _NotBegunError as error:
            return Delivery("failed", error.reason)
        except SealedJobError:
            return Delivery("failed", "bad_seal")
        except Exception:  # noqa: BLE001 - whatever a printer's driver throws, the label is not sent again
            return Delivery("uncertain", "printer_error") if begun else Delivery("failed", "printer_error")

    def _why_not(self, active: _ActivePrinter, job: Lease) -> Reason:
        """Return why a job cannot be started, or ''."""
        if self._stopping.is_set():
            return "not_started"
        if job.language not in active.languages:
            return "language"
        return "expired" if self._is_over(job) else ""

    def _is_over(self, job: Lease) -> bool:
        by_clock = self._now() + self._offset + timedelta(seconds=self._pace.margin) >= job.expires
        return by_clock or asyncio.get_running_loop().time() + self._pace.margin >= self._ends[job.job]

    def _outcome(self, job: str, delivery: Delivery) -> None:
        reason: Reason = delivery.reason
        self._journal.outcome(job, delivery.outcome, self._now(), reason)
        self._recent.append(job)
        self._ends.pop(job, None)
        self._untold.set()

    # --- reporting --------------------------------------------------------------------------------

    async def _report_outcomes(self) -> None:
        backoff = Backoff(self._pace, self._random)
        while True:
            await self._untold.wait()
            self._untold.clear()
            while self._journal.unreported():
                if await self._send_outcomes():
                    backoff.reset()
                else:
                    await asyncio.sleep(backoff.take())

    async def _send_outcomes(self) -> bool:
        acks = self._journal.unreported()[:MOST_ACKS]
        try:
            taken = await self._client.acknowledge(protocol.Acks(acks=acks))
        except AgentError as error:
            self._report_problem("acks", error)
            return False
        self._clear_problem("acks")
        known = {*taken.taken, *taken.refused}
        self._journal.mark_reported(known, self._now())
        if taken.refused:
            self._say(
                f"服务未采纳 {len(taken.refused)} 条回执（任务已另行处理），请在控制台查看",
                f"the service did not take {len(taken.refused)} acknowledgements (settled otherwise); see the console",
            )
        return bool(known)

    # --- watching ---------------------------------------------------------------------------------

    async def _watch(self) -> None:
        clock = asyncio.get_running_loop().time
        reported_at, shown = -self._pace.report, ""
        while True:
            await asyncio.gather(
                *(self._check_printer(active) for active in self._printers.values() if active.idle.is_set())
            )
            now_shown = " ".join(f"{name}={active.standing.state}" for name, active in self._printers.items())
            if now_shown != shown or clock() - reported_at >= self._pace.report:
                if now_shown != shown:
                    self._say(f"打印机：{now_shown or '未设置'}", f"printers: {now_shown or 'none set'}")
                shown = now_shown
                if await self._report():
                    reported_at = clock()
            await asyncio.sleep(self._pace.look)

    async def _check_printer(self, active: _ActivePrinter) -> None:
        before = active.standing.can_start
        active.standing = await active.printer.standing()
        if active.standing.can_start != before:
            self._changed.set()

    async def _report(self) -> bool:
        now = self._now()
        printers = [
            PrinterStatus(
                printer=name,
                state="busy"
                if not active.idle.is_set() and active.standing.can_start
                else active.standing.state,
                at=now,
                waiting=active.standing.waiting,
                detail=active.standing.detail,
            )
            for name, active in self._printers.items()
        ]
        try:
            taken = await self._client.report(
                protocol.Status(
                    printers=printers, unacknowledged=len(self._journal.unreported()), version=self._version
                )
            )
        except AgentError as error:
            self._report_problem("status", error)
            return False
        self._clear_problem("status")
        self._offset = taken.server_time - self._now()
        return True

    # --- trouble ----------------------------------------------------------------------------------

    async def _pause(self, error: AgentError, backoff: Backoff) -> None:
        self._report_problem("lease", error)
        patient = isinstance(error, UnreachableError)
        await self._sleep(backoff.take() if patient else max(backoff.take(), self._pace.longest_backoff / 4))

    async def _sleep(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._stopping.wait()

    def _report_problem(self, what: str, error: AgentError) -> None:
        """Report a problem to people once, not at every attempt; stop if the device is revoked."""
        if isinstance(error, RefusedError) and error.reason == "device_revoked":
            self._over = error
            self.stop()
        said = str(error) in self._trouble.values()
        self._trouble[what] = str(error)
        if not said:
            self._say(error.zh, error.en)

    def _clear_problem(self, what: str) -> None:
        if self._trouble.pop(what, "") and not self._trouble:
            self._say("已重新连接", "connected again")


_WORDS: Final = {
    "sent": ("已打印", "printed"),
    "failed": ("未打印", "not printed"),
    "uncertain": ("是否打印不确定，请在控制台核对", "may have been printed; check in the console"),
}
