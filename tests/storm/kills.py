"""Kill the service and single processes with SIGKILL, and measure the time to recovery."""

import os
import random
import signal
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from support.running import Running

from storm.database import Embedded, Server, children
from storm.load import Client, Record, import_file, orders_of
from storm.station import Station

VICTIMS = ("keyd", "worker", "web", "supervisor", "agent", "web worker", "everything")
WORKER_TOO = {"worker", "supervisor", "everything", "backend", "postmaster"}
"""After killing these, a file import is tested too, because sealing over the API does not need the worker."""
PATIENCE = 120.0


@dataclass
class Recoveries:
    """Seconds from each kill until the service worked again."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    never: list[str] = field(default_factory=list)
    failed_starts: list[str] = field(default_factory=list)

    def all(self) -> list[float]:
        return [one for part in self.seconds.values() for one in part]

    def told(self) -> dict[str, dict[str, float]]:
        """Return number, median and maximum, for each kind of process and in total."""
        parts = {**self.seconds, "all": self.all()}
        return {
            name: {
                "kills": len(times), "median_s": round(statistics.median(times), 1), "max_s": round(max(times), 1),
            }
            for name, times in parts.items()
            if times
        }  # fmt: skip


class Killer:
    """Kills processes one after another and waits for recovery each time."""

    def __init__(self, service: Running, database: Embedded, station: Station, token: str, seed: int) -> None:
        self.recoveries = Recoveries()
        self._service, self._database, self._station = service, database, station
        self._random = random.Random(seed)
        self._client, self._record = Client(service, token), Record()
        self._number = 0
        self.probes = 0
        """Orders acknowledged by the recovery checks."""

    def kill(self, victim: str) -> None:
        """Kill at a random time, then wait until a new batch (and, if the worker is affected, an import) succeeds."""
        time.sleep(self._random.uniform(0.1, 2.5))
        began = time.monotonic()
        if victim in {"supervisor", "everything"}:
            self._kill_service(whole=victim == "everything")
        elif victim == "agent":
            self._station.kill()
            self.recoveries.seconds.setdefault(victim, []).append(time.monotonic() - began)
            return
        elif isinstance(self._database, Server) and victim in self._database.victims:
            self._database.kill_one(victim, self._random)
            if victim == "postmaster":
                self._database.start()
        elif (pid := self._pid(victim)) is not None:
            os.kill(pid, signal.SIGKILL)
        else:
            return
        if self.works(PATIENCE, worker=victim in WORKER_TOO):
            self.recoveries.seconds.setdefault(victim, []).append(time.monotonic() - began)
        else:
            self.recoveries.never.append(victim)

    def works(self, seconds: float, *, worker: bool) -> bool:
        """Wait until a new batch is sealed and a file imported; return False if it takes longer than ``seconds``."""
        self._number += 1
        deadline = time.monotonic() + seconds
        key = f"probe-{self._number:06}"
        if not _until(deadline, lambda: _done(self._client, key)):
            return False
        self.probes += 1
        if not worker:
            return True
        ended = lambda: time.monotonic() > deadline  # noqa: E731 - one expression, used once
        imported = _until(
            deadline, lambda: import_file(self._client, f"{key}-f", ended, self._record, rows=1)
        )
        self.probes += imported
        return imported

    def _kill_service(self, *, whole: bool) -> None:
        service = self._service
        assert service.process is not None
        if whole:
            service.kill()
            self._database.kill()
            self._database.start()
        else:
            service.process.send_signal(signal.SIGKILL)
            service.process.wait()
        for _ in range(3):
            try:
                service.start()
            except RuntimeError as error:
                self.recoveries.failed_starts.append(str(error)[-600:])
            else:
                return

    def _pid(self, victim: str) -> int | None:
        name = victim.split(maxsplit=1)[0]
        pid = self._service.pids().get(name)
        if pid is None or victim == name:
            return pid
        return next(iter(children(pid)), None)  # the process that serves requests, a child of its supervisor

    def close(self) -> None:
        self._client.close()


def _done(client: Client, key: str) -> bool:
    answer = client.seal(key, orders_of(key, 1))
    return answer is not None and answer.status_code == 200


def _until(deadline: float, condition: Callable[[], bool]) -> bool:
    while time.monotonic() < deadline:
        if condition():
            return True
        time.sleep(0.2)
    return False
