"""Run one storm, from start to result."""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from support.first_start import FirstStart

from storm import clock, disk, flips
from storm.account import Account, ledger_faults, take
from storm.database import Embedded, Server
from storm.kills import VICTIMS, Killer
from storm.load import Load
from storm.station import Station, station

SETTLE = 120.0
FULL_FOR = 6.0
STEP_FOR = 8.0


@dataclass(frozen=True)
class Plan:
    """The number of faults of each kind; kills are also limited by ``seconds``."""

    kills: int = 12
    seconds: float = 3600.0
    full_disks: int = 1
    clock: bool = True
    flips: int = 3
    seed: int = 1
    postgresql: bool = False
    victims: tuple[str, ...] = ()
    """The processes to kill in turn; empty means all."""


@dataclass
class Result:
    """The result of a storm."""

    recoveries: dict[str, Any] = field(default_factory=dict)
    account: Account = field(default_factory=Account)
    not_tried: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    labels: int = 0
    repeated: int = 0
    longest_409_s: float = 0.0
    answers: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0

    def told(self) -> dict[str, Any]:
        return {**asdict(self), "account": {**asdict(self.account), "faults": self.account.faults()}}


class Storm:
    """Runs a plan on a new service below ``home``."""

    def __init__(self, home: Path, plan: Plan, say: Callable[[str], object], first_start: FirstStart) -> None:
        self.plan, self.result = plan, Result()
        self._say, self._home, self._first_start = say, home, first_start
        self._service = clock.WrongClock(home / "s")
        self._database = Embedded(self._service.data)
        self._mounted = False

    def run(self) -> Result:
        began = time.monotonic()
        if self.plan.full_disks:
            why = disk.mount(self._service.data, 96 + 2 * self.plan.kills)
            self._mounted = not why
            if why:
                self.result.not_tried.append(f"full disk: {why}")
        if self.plan.clock and clock.faketime() is None:
            self.result.not_tried.append("clock: libfaketime is not installed (package faketime)")
        try:
            if self.plan.postgresql:
                self._database = Server(self._first_start.cluster())
            owner = self._first_start.service(self._service, self._database.cluster)
            token = owner.login_again(self._service)
            with self._service.http() as browser:
                owner.enter(browser)
                owner.confirm(browser)
                with station(self._service, browser, owner, self._database) as printing:
                    self._weather(token, printing)
            self._say("ledger")
            self._service.stop()
            self.result.account.ledger = ledger_faults(self._service)
            self.result.faults += self.result.account.faults()
        finally:
            self._service.stop()
            self._database.stop()
            if self._mounted:
                disk.unmount(self._service.data)
            self.result.seconds = round(time.monotonic() - began, 1)
        return self.result

    def _weather(self, token: str, printing: Station) -> None:
        load = Load(self._service, token)
        killer = Killer(self._service, self._database, printing, token, self.plan.seed)
        load.start()
        self._kill(killer, printing)
        if self._mounted:
            for _ in range(self.plan.full_disks):
                self._fill(killer)
        if self.plan.clock and clock.faketime() is not None:
            self._turn_the_clock(killer)
        if self.plan.flips:
            self._flip(load)
        load.finish(SETTLE)
        result, record = self.result, load.record
        result.recoveries = killer.recoveries.told()
        result.faults += [f"not recovered after a kill of {one}" for one in killer.recoveries.never]
        result.faults += [f"did not start again: {one}" for one in killer.recoveries.failed_starts]
        result.repeated, result.longest_409_s = record.repeated, round(record.longest_409, 1)
        result.answers = record.unexpected
        killer.close()
        self._say("account")
        result.account = take(self._service, self._database, token, record, killer.probes)
        result.faults += printing.faults(SETTLE)
        result.labels = printing.printed

    def _kill(self, killer: Killer, printing: Station) -> None:
        deadline = time.monotonic() + self.plan.seconds
        victims = self.plan.victims or VICTIMS + self._database.victims
        for number in range(self.plan.kills):
            if time.monotonic() > deadline:
                break
            if not printing.waiting() and not printing.ask(SETTLE):
                self.result.faults.append("labels could not be asked for")
            victim = victims[number % len(victims)]
            killer.kill(victim)
            if number % 10 == 9:
                self._say(f"{number + 1} kills: {killer.recoveries.told()['all']}")

    def _fill(self, killer: Killer) -> None:
        self._say("full disk")
        with disk.full(self._service.data):
            time.sleep(FULL_FOR)
        self._recovers(killer, "a full disk")

    def _turn_the_clock(self, killer: Killer) -> None:
        """Start with a clock one year ahead, correct it, then set it wrong by an hour, while the service runs."""
        service = self._service
        self._say("clock")
        service.set(clock.YEAR)
        service.faked = True
        self._restart()
        for step in clock.STEPS:
            service.set(step)
            time.sleep(STEP_FOR)
        self._recovers(killer, "a clock that was wrong")

    def _flip(self, load: Load) -> None:
        self._say("flips")
        orders = len(load.record.numbers())
        found = flips.flip(self._service, self._home, self.plan.flips, self.plan.seed, orders)
        if found.taken or found.badly or not found.whole:
            self.result.faults.append(f"backups: {asdict(found)}")

    def _recovers(self, killer: Killer, what: str) -> None:
        began = time.monotonic()
        if not killer.works(SETTLE, worker=True):
            self.result.faults.append(f"not recovered after {what}")
            return
        killer.recoveries.seconds.setdefault(what, []).append(time.monotonic() - began)

    def _restart(self) -> None:
        self._service.kill()
        self._service.start()
