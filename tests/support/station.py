"""An agent in a separate process, with a simulated service and a given printer, for kills at each step.

Usage: ``python station.py HOME PRINTER_PORT JOBS WAY_LOG STEP``. Two files replace the service: leases are read from
``JOBS`` (one per line), and acknowledgements are appended to ``WAY_LOG``. At ``STEP`` the process kills itself
with SIGKILL: ``leased``, ``begin`` (after the journal entry, before the first byte), ``middle`` (half the bytes
sent), ``delivered`` (all bytes sent, outcome not in the journal), ``noted`` (outcome in the journal, not reported),
``told`` (reported to the service, not marked in the journal), or ``never``.
"""

import asyncio
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from waybillguard.agent import protocol
from waybillguard.agent.journal import FILE, Journal
from waybillguard.agent.keystore import DeviceKeys
from waybillguard.agent.loop import Agent
from waybillguard.agent.pace import Pace
from waybillguard.agent.printers.raw import Patience, RawPrinter

DEVICE = "00112233445566778899aabbccddeeff"
KEYS = DeviceKeys(
    Ed25519PrivateKey.from_private_bytes(bytes(range(32))),
    X25519PrivateKey.from_private_bytes(bytes(range(32, 64))),
)


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


class FolderWay:
    """A simulated service that consists of two files."""

    def __init__(self, jobs: Path, log: Path, step: str) -> None:
        self._jobs, self._log, self._step = jobs, log, step
        self.stop = lambda: None

    async def lease(self, message: protocol.LeaseRequest) -> protocol.Leased:
        del message
        lines = self._jobs.read_bytes().splitlines() if self._jobs.exists() else []
        self._jobs.unlink(missing_ok=True)
        if not lines:
            await asyncio.sleep(0.05)
        return protocol.Leased(jobs=[msgspec.json.decode(line, type=protocol.Lease) for line in lines])

    async def acknowledge(self, message: protocol.Acks) -> protocol.AcksTaken:
        if self._step == "noted":
            die()
        with self._log.open("ab") as handle:
            handle.writelines(msgspec.json.encode(ack) + b"\n" for ack in message.acks)
        if self._step == "told":
            die()
        return protocol.AcksTaken(taken=[ack.job for ack in message.acks])

    async def report(self, message: protocol.Status) -> protocol.StatusTaken:
        del message
        return protocol.StatusTaken(server_time=datetime.now(UTC))


class KilledJournal(Journal):
    step = "never"

    def leased(self, jobs: "list[str]", now: datetime) -> None:  # type: ignore[override]
        super().leased(jobs, now)
        if self.step == "leased" and jobs:
            die()

    def sending(self, job: str, now: datetime) -> None:
        super().sending(job, now)
        if self.step == "begin":
            die()

    def outcome(self, *args, **kwargs) -> None:  # noqa: ANN002, ANN003 - passed on
        if self.step == "delivered":
            die()
        super().outcome(*args, **kwargs)


class KilledPrinter(RawPrinter):
    step = "never"

    async def _write(self, content: bytes) -> None:
        if self.step == "middle" and len(content) > 1000:
            await super()._write(content[: len(content) // 2])
            die()
        await super()._write(content)


async def main() -> None:
    home, port, jobs, log, step = (
        Path(sys.argv[1]),
        int(sys.argv[2]),
        Path(sys.argv[3]),
        Path(sys.argv[4]),
        sys.argv[5],
    )
    KilledJournal.step = KilledPrinter.step = step
    way = FolderWay(jobs, log, step)
    printer = KilledPrinter("127.0.0.1", port, "tspl", patience=Patience(2, 1, 5, 5))

    def now() -> datetime:
        return datetime.now(UTC)

    with KilledJournal(home / FILE, now()) as journal:
        agent = Agent(
            way, device=DEVICE, keys=KEYS, journal=journal, printers={"label-1": (printer, frozenset({"tspl"}))},
            now=now, random=os.urandom, say=lambda _zh, en: sys.stderr.write(en + "\n"),
            pace=Pace(wait=0, idle=0.02, look=0.2, backoff=0.05),
        )  # fmt: skip
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, agent.stop)

        await agent.run()


if __name__ == "__main__":
    asyncio.run(main())
