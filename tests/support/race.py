"""Race tests on the real service: seal demo orders, then run a script that sends many requests at once."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from support.first_start import FirstStart
from support.missing import missing
from support.postgres import binaries
from support.running import Person, Running
from waybillguard.simulate import demo_exports

SUPPORT = Path(__file__).parent


@dataclass
class Arena:
    """A service with sealed orders, and the owner in whose name scripts make requests."""

    service: Running
    owner: Person
    runner: subprocess.Popen[str]
    told: Path
    """What the scripts write to their standard error."""

    def run(self, script: str) -> dict[str, Any]:
        """Run ``support/<script>`` against the service and return its output."""
        token = self.owner.login_again(self.service)
        asked = {
            "script": str(SUPPORT / script),
            "environment": {
                "WAYBILLGUARD_TEST_TOKEN": token,
                "WAYBILLGUARD_TEST_TELEPHONE": f"{self.owner.secret} {max(self.owner.used)}",
            },
        }
        assert self.runner.stdin is not None
        assert self.runner.stdout is not None
        self.runner.stdin.write(json.dumps(asked) + "\n")
        self.runner.stdin.flush()
        done = json.loads(self.runner.stdout.readline() or '{"status": "the runner has ended"}')
        assert done["status"] == 0, (done, self.told.read_text()[-3000:])
        result: dict[str, Any] = json.loads(done["output"])
        sys.stdout.write(f"{script}: {result}\n")
        return result


@contextmanager
def arena(database: str, folder: Path, first_start: FirstStart) -> Iterator[Arena]:
    """Start a service after its first start on ``sqlite`` or ``postgresql`` and seal the demo's first export."""
    cluster = None
    if database == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = first_start.cluster()
    service = Running(folder)
    try:
        owner = first_start.service(service, cluster)
        export = folder / "orders.csv"
        export.write_bytes(demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[0].content)  # noqa: DTZ001 - local time of a shop
        assert service.cli("seal", str(export), "--data", str(service.data)).returncode == 1
        with runner(service, folder / "scripts.log") as running:
            yield Arena(service, owner, running, folder / "scripts.log")
    finally:
        service.stop()
        if cluster:
            cluster.stop()


@contextmanager
def runner(service: Running, told: Path) -> Iterator[subprocess.Popen[str]]:
    """Start the process whose children run the scripts."""
    with (
        told.open("w") as log,
        subprocess.Popen(
            [sys.executable, str(SUPPORT / "race_runner.py")],
            env={
                **service.environment,
                "WAYBILLGUARD_HOME": str(service.data),
                "PYTHONPATH": f"{SUPPORT.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
            },
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, text=True,
        ) as running,
    ):  # fmt: skip
        yield running
