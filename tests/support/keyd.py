"""A real key process and real witnesses, each in its own folder."""

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from support.grants import FOUNDER, Desk
from waybillguard.keys import keyfile
from waybillguard.keys.primitives import ARGON2_MIN_MEMORY_KIB, ARGON2_MIN_PASSES, Argon2Params
from waybillguard.seal import Contact, SealInput
from waybillguard.service.keyd import label_messages, messages
from waybillguard.service.keyd import ledger_messages as asked
from waybillguard.service.keyd.client import KeydClient, KeydError
from waybillguard.service.platform.config import Config

PHONE = "19900000000"
PASSPHRASE = "tests open this"
CHEAP = Argon2Params(ARGON2_MIN_MEMORY_KIB, ARGON2_MIN_PASSES)
"""The minimum cost of the passphrase hash, which every start of keyd and every unlocking command pays."""
HERE = messages.Context(tenant="here", actor="u1", workstation="pc-1", purpose="print_label")


@dataclass
class Keyd:
    """`python -m waybillguard.service.keyd` on a data folder."""

    data: Path
    environment: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    sealed: tuple[messages.WrappedEpoch, messages.SealedRef] | None = None
    spooled: bytes = b""
    desk: Desk | None = None
    callers: bytes = b""

    def __post_init__(self) -> None:
        self.config.keyd_dir.mkdir(parents=True, exist_ok=True, mode=0o700)

    @property
    def config(self) -> Config:
        return Config(self.data)

    def start(self) -> "Keyd":
        if not self.config.key_file.exists():
            keyfile.create(self.config.key_file, PASSPHRASE, params=CHEAP)
        log = (self.data.parent / "keyd.log").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "waybillguard.service.keyd", "--data", str(self.data)],
            stdin=subprocess.PIPE,
            stderr=log,
            env={**os.environ, **self.environment},
        )
        log.close()
        assert self.process.stdin is not None
        self.process.stdin.write(f"{PASSPHRASE}\n{self.callers.hex()}\n".encode())
        self.process.stdin.close()
        return self

    @property
    def log(self) -> str:
        return (self.data.parent / "keyd.log").read_text()

    def client(self, patience: float = 15.0) -> KeydClient:
        return KeydClient(self.config.keyd_socket, timeout=30.0, patience=patience)

    def kill(self) -> None:
        assert self.process is not None
        self.process.kill()
        self.process.wait()

    def stop(self) -> None:
        if self.desk is not None:
            self.desk.leave()
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def record(self, count: int = 1) -> messages.Recorded:
        """Write some entries."""
        client = self.client()
        for _ in range(count):
            done = client.call(messages.Record(HERE, "import", {"batch": 1}), messages.Recorded)
        client.close()
        return done

    def state(self) -> asked.LedgerStateAnswer:
        client = self.client()
        answer = client.call(asked.LedgerState(HERE.tenant), asked.LedgerStateAnswer)
        client.close()
        return answer

    def seal(self) -> None:
        """Seal one invented order, whose plaintext ``refusals`` requests."""
        client, day = self.client(), 20_000
        epoch = client.call(messages.NewEpoch(HERE.tenant, 1, day), messages.WrappedEpoch)
        contact = Contact(name="测试人", phone=PHONE, detail="不存在路1号")
        row = SealInput(order_uid=bytes([7]) * 16, contact=contact, shop="山里干货", day=day, order_no="R1")
        batch = client.call(messages.SealBatch(HERE.tenant, [epoch], [row]), messages.SealedBatch)
        self.spooled = client.call(messages.NewDataKey(HERE.tenant, "import"), messages.DataKey).wrapped
        client.close()
        one = batch.rows[0]
        self.sealed = (
            epoch,
            messages.SealedRef(row.order_uid, epoch.epoch_id, one.salt, one.blob, "", "", "", day, row.shop),
        )

    def look(self) -> messages.Revealed:
        """Reveal the sealed order's phone as the warehouse's first person, who is signed in."""
        assert self.sealed is not None
        client = self.client()
        try:
            return client.call(self._reveal(*self.sealed), messages.Revealed)
        finally:
            client.close()

    def sign_in(self) -> bytes:
        """Sign in the warehouse's first person; return the grant of the session."""
        if self.desk is None:
            self.desk = Desk.at(self.client(), lambda: time.time_ns() // 1000)
        return self.desk.session(HERE.tenant, FOUNDER)

    def _reveal(self, epoch: messages.WrappedEpoch, order: messages.SealedRef) -> messages.Reveal:
        context = messages.Context(
            HERE.tenant, FOUNDER, "pc-1", purpose="delivery_problem", grant=self.sign_in()
        )
        return messages.Reveal(context, epoch, order, "phone", ["allow-owner"], "0" * 64)

    def refusals(self) -> dict[str, KeydError | None]:
        """Make all requests a thief or a clerk might try; return which of them were refused, and by which check."""
        ticket = label_messages.TicketToIssue(bytes(16), bytes([7]) * 16, 1)
        order = messages.SealedRef(bytes([7]) * 16, 1, b"", b"", "", "", "", 20_000, "")
        requests: dict[str, tuple[messages.Request, type]] = {
            "tokens": (
                messages.Tokens(HERE, [messages.TokenQuery("order", "WG1", [20_000], [])]),
                messages.TokenAnswer,
            ),
            "carrier": (
                label_messages.AssignCarrier(HERE, "simulator", [], [order]),
                label_messages.CarrierAnswer,
            ),
            "references": (label_messages.IssueReferences(HERE, [ticket]), label_messages.References),
            "sign-in": (messages.Record(HERE, "sign_in", {}), messages.Recorded),
        }
        if self.sealed is not None:
            requests["reveal"] = (self._reveal(*self.sealed), messages.Revealed)
            upload = messages.OpenDataKey(HERE, self.spooled, "import")
            requests["waiting upload"] = (upload, messages.DataKey)
        requests["looks"] = (asked.Looks(HERE, bytes([7]) * 16), asked.LooksAnswer)
        client = self.client()
        found: dict[str, KeydError | None] = {}
        for name, (request, answer) in requests.items():
            try:
                client.call(request, answer)
                found[name] = None
            except KeydError as error:
                found[name] = error
        client.close()
        return found


@dataclass
class Witness:
    """`waybillguard ledger witness` in its own folder."""

    folder: Path
    name: str = "post.test/w1"
    port: int = 0
    url: str = ""
    vkeys: list[str] = field(default_factory=list)
    process: subprocess.Popen[str] | None = None

    def start(self, family: list[str]) -> "Witness":
        self.folder.mkdir(exist_ok=True)
        logs = self.folder / "logs"
        logs.write_text("".join(f"{line}\n" for line in family))
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "waybillguard", "ledger", "witness", "--name", self.name, "--logs", str(logs),
                "--state", str(self.folder / "state"), "--port", str(self.port),
            ],
            stderr=subprocess.PIPE,
            text=True,
        )  # fmt: skip
        assert self.process.stderr is not None
        first = self.process.stderr.readline()
        self.vkeys = [self.process.stderr.readline().strip() for _ in range(2)]
        found = re.search(r"http://\S+", first)
        assert found, first
        self.url = found[0]
        self.port = int(self.url.rpartition(":")[2])
        return self

    def policy(self) -> str:
        return f"witness post {self.vkeys[0]} {self.url}\nquorum post\n"

    def pause(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(signal.SIGINT)
            assert self.process.stderr is not None
            self.process.stderr.read()
            self.process.wait(10)
        if self.process is not None and self.process.stderr is not None:
            self.process.stderr.close()


def until(what: Callable[[], bool], seconds: float = 20.0) -> None:
    """Wait for a condition, or fail."""
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.1)
