"""Compare everything that was acknowledged with the service's data."""

import json
import time
from collections import Counter
from dataclasses import dataclass, field

from support.running import Running

from storm.database import Embedded
from storm.load import Client, Record, orders_of

AT_ONCE = 1_000


@dataclass
class Account:
    """The result of a comparison; `faults` lists the violations."""

    acknowledged: int = 0
    lost: list[str] = field(default_factory=list)
    double: list[str] = field(default_factory=list)
    unasked: int = 0
    """Orders that exist but were never acknowledged."""
    stuck_keys: list[str] = field(default_factory=list)
    other_answers: list[str] = field(default_factory=list)
    """Idempotency keys whose repeated request got a different response, or one unlike that for a new batch."""
    destroyed: int = 0
    put_off: int = 0
    """Tasks scheduled too far in the future, by a clock that was ahead."""
    ledger: list[str] = field(default_factory=list)

    def faults(self) -> list[str]:
        counted = {
            "lost": self.lost, "double": self.double, "stuck": self.stuck_keys, "another answer": self.other_answers,
        }  # fmt: skip
        found = [f"{len(what)} {name}: {what[:5]}" for name, what in counted.items() if what]
        found += [f"{self.destroyed} orders destroyed"] if self.destroyed else []
        found += [f"{self.put_off} tasks wait for a clock that was wrong"] if self.put_off else []
        return [*found, *self.ledger]


def take(service: Running, database: Embedded, token: str, record: Record, probes: int = 0) -> Account:
    """Compare all acknowledged data with the running service; call `ledger_faults` after it is stopped.

    ``probes``: acknowledged orders besides those of ``record``.
    """
    account = Account(stuck_keys=list(record.stuck))
    numbers = record.numbers()
    account.acknowledged = len(numbers)
    client = Client(service, token)
    found = _found(client, numbers)
    account.lost = [number for number in numbers if not found[number]]
    account.double = [number for number in numbers if found[number] > 1]
    account.other_answers = _other_answers(client, record)
    client.close()
    living, account.destroyed = database.counted()
    account.put_off = _put_off(database)
    account.unasked = living - len(numbers) - probes
    return account


def _found(client: Client, numbers: list[str]) -> Counter[str]:
    found: Counter[str] = Counter()
    for start in range(0, len(numbers), AT_ONCE):
        body = {"order_nos": numbers[start : start + AT_ONCE]}
        deadline = time.monotonic() + 180
        while True:
            answer = client.call("POST", "/orders/masked", json=body)
            if answer is not None and answer.status_code == 200:
                break
            if time.monotonic() > deadline:
                raise TimeoutError("the service does not say what it holds")
            time.sleep(1)
        found.update(order["order_no"] for order in answer.json()["orders"])
    return found


def _other_answers(client: Client, record: Record, most: int = 300) -> list[str]:
    """Return the keys of batches whose response was not that for a new batch, or differs when repeated."""
    wrong = [key for key, (count, answer) in record.sealed.items() if answer["sealed"] != count]
    for key, (count, first) in list(record.sealed.items())[-most:]:
        answer = client.seal(key, orders_of(key, count))
        for _ in range(30):
            if answer is not None and answer.status_code != 429:
                break
            time.sleep(2)
            answer = client.seal(key, orders_of(key, count))
        if answer is None or answer.status_code != 200 or answer.json() != first:
            wrong.append(key)
    return sorted(set(wrong))


def _put_off(database: Embedded) -> int:
    """Return the number of tasks due in more than a day; the worker checks for these once a minute."""
    deadline = time.monotonic() + 100
    while (found := database.put_off()) and time.monotonic() < deadline:
        time.sleep(1)
    return found


def ledger_faults(service: Running) -> list[str]:
    """Return the damage that the ledger's verifier and the doctor find on a stopped service."""
    faults = []
    for command in (["ledger", "fsck"], ["ledger", "audit", "--deep"]):
        done = service.cli(*command, "--data", str(service.data))
        if done.returncode:
            faults.append(f"{' '.join(command)}: {(done.stdout + done.stderr)[-400:]}")
    doctor = service.cli("doctor", "--json", "-", "--data", str(service.data))
    try:
        checks = json.loads(doctor.stdout)["checks"]
    except ValueError:
        return [*faults, f"doctor: {doctor.stderr[-400:]}"]
    # By the doctor's threshold a small disk is always full.
    return [
        *faults,
        *(f"doctor: {one['en']}" for one in checks if one["state"] == "damaged" and one["name"] != "disk"),
    ]
