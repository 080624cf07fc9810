"""kill -9 of every process while labels are printed: none is lost or duplicated, over real HTTPS."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from support.first_start import FirstStart
from support.running import Running

from waybillguard.agent.protocol import (
    ACKS,
    LEASE,
    Ack,
    Acks,
    AcksTaken,
    Lease,
    Leased,
    LeaseRequest,
    decode,
    encode,
)
from waybillguard.agent.sealedjob import open_job
from waybillguard.agent.signing import sign
from waybillguard.simulate import demo_exports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(280)]
TESTS = Path(__file__).parents[3]


class Agent:
    """Speaks the protocol over real HTTPS."""

    def __init__(self, service: Running, keys: dict[str, str]) -> None:
        self.service = service
        self.uid = keys["uid"]
        self.signing = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(keys["signing"]))
        self.sealing = X25519PrivateKey.from_private_bytes(bytes.fromhex(keys["sealing"]))

    def signed(self, path: str, body: bytes) -> dict[str, str]:
        return sign(
            "POST", f"{self.service.url}{path}", body, key=self.signing, key_id=self.uid, now=datetime.now(UTC),
            random=os.urandom,
        )  # fmt: skip

    def send(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> httpx.Response:
        headers = {"Content-Type": "application/json", **(headers or self.signed(path, body))}
        with self.service.http() as client:
            return client.post(path, content=body, headers=headers)

    def lease(self, most: int = 4) -> list[Lease]:
        asked = encode(LeaseRequest(printers=["label-1"], most=most, wait_s=0))
        answer = self.send(LEASE, asked)
        assert answer.status_code == 200, answer.text
        return decode(Leased, answer.content).jobs

    def ack(self, jobs: list[Lease], outcome: str) -> AcksTaken:
        now = datetime.now(UTC)
        acks = Acks(acks=[Ack(job=job.job, outcome=outcome, at=now) for job in jobs])  # type: ignore[arg-type]
        answer = self.send(ACKS, encode(acks))
        assert answer.status_code == 200, answer.text
        return decode(AcksTaken, answer.content)


def test_a_service_that_is_killed_between_lease_and_word_loses_and_doubles_nothing(
    tmp_path: Path, first_start: FirstStart
) -> None:
    service = Running(tmp_path)
    try:
        first_start.service(service)
        export = tmp_path / "orders.csv"
        export.write_bytes(demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[0].content)  # noqa: DTZ001 - local time of a shop
        assert service.cli("seal", str(export), "--data", str(service.data)).returncode == 1
        made = subprocess.run(
            [sys.executable, str(TESTS / "support" / "make_wave.py")],
            env={**service.environment, "WAYBILLGUARD_HOME": str(service.data), "PYTHONPATH": str(TESTS)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert made.returncode == 0, made.stderr[-3000:]
        agent = Agent(service, json.loads(made.stdout))
        before = agent.lease()
        assert len(before) == 4

        service.kill()
        service.start()

        # Leased jobs are not handed out again; labels printed meanwhile can still be reported.
        after = [job for _ in range(3) for job in agent.lease()]
        assert len(after) == 8
        assert not {job.ticket for job in before} & {job.ticket for job in after}
        assert sorted(agent.ack(before, "sent").taken) == sorted(job.job for job in before)
        assert sorted(agent.ack(after, "sent").taken) == sorted(job.job for job in after)
        assert agent.lease() == []
        for job in before + after:
            content = open_job(job, device=agent.uid, key=agent.sealing)
            assert content.startswith(b"SIZE 76 mm")

        # A replayed signed request is refused, and an unknown client gets nothing.
        body = encode(LeaseRequest(printers=["label-1"], wait_s=0))
        headers = agent.signed(LEASE, body)
        assert agent.send(LEASE, body, headers).status_code == 200
        again = agent.send(LEASE, body, headers)
        assert (again.status_code, again.json()["title"]) == (401, "replayed")
        assert agent.send(LEASE, body, {"X-Nothing": "1"}).status_code == 401
    finally:
        service.stop()
