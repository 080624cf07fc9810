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

from support.missing import missing
from support.postgres import Cluster, binaries
from support.running import Person, Running
from waybillguard.simulate import demo_exports

SUPPORT = Path(__file__).parent


@dataclass
class Arena:
    """A service with sealed orders, and the owner in whose name scripts make requests."""

    service: Running
    owner: Person

    def run(self, script: str) -> dict[str, Any]:
        """Run ``support/<script>`` against the service and return its output."""
        token = self.owner.login_again(self.service)
        done = subprocess.run(
            [sys.executable, str(SUPPORT / script)],
            env={
                **self.service.environment,
                "WAYBILLGUARD_HOME": str(self.service.data),
                "WAYBILLGUARD_TEST_TOKEN": token,
                "WAYBILLGUARD_TEST_TELEPHONE": f"{self.owner.secret} {max(self.owner.used)}",
                "PYTHONPATH": f"{SUPPORT.parent}{os.pathsep}{os.environ.get('PYTHONPATH', '')}",
            },
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-3000:]
        result: dict[str, Any] = json.loads(done.stdout)
        sys.stdout.write(f"{script}: {result}\n")
        return result


@contextmanager
def arena(database: str, folder: Path) -> Iterator[Arena]:
    """Start a new service on ``sqlite`` or ``postgresql`` and seal the demo's first export."""
    cluster = None
    if database == "postgresql":
        if binaries() is None:
            missing("a PostgreSQL server", "install the package postgresql")
        cluster = Cluster()
    service = Running(folder, database_url=cluster.url("race") if cluster else "")
    try:
        service.start()
        owner = Person("owner")
        with service.http() as browser:
            owner.first_sign_in(service, browser)
        assert owner.login(service).returncode == 0
        export = folder / "orders.csv"
        export.write_bytes(demo_exports(5, datetime(2026, 11, 24, 12, 0, 0))[0].content)  # noqa: DTZ001 - local time of a shop
        assert service.cli("seal", str(export), "--data", str(service.data)).returncode == 1
        yield Arena(service, owner)
    finally:
        service.stop()
        if cluster:
            cluster.stop()
