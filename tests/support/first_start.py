"""A service after its first start and its owner's first sign-in: made once a run, and copied for who needs one.

For tests whose subject is not the first start. All copies have the same keys and the same owner.
"""

import dataclasses
import fcntl
import json
import shutil
import subprocess
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from support.postgres import Cluster
from support.running import Person, Running
from waybillguard.service.operations.prepared import note_prepared
from waybillguard.service.platform.config import Config

DATABASE = "service"
"""The name of a copy's database on a PostgreSQL server."""
_TEMPLATE = "first"


@dataclass(frozen=True)
class FirstStart:
    """What is copied; ``folder`` is shared by all processes of a test run."""

    folder: Path

    def cluster(self) -> Cluster:
        """Return a PostgreSQL server of the caller's own, which knows the database after a first start."""
        return Cluster(self._made("postgresql") / "cluster")

    def service(self, service: Running, cluster: Cluster | None = None) -> Person:
        """Lay the data folder of a new service, with a database ``cluster`` made; start it, and sign the CLI in."""
        made = self._made("postgresql" if cluster else "sqlite")
        (service.home / "run").mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copytree(made / "home" / "data", service.data, dirs_exist_ok=True)
        service.keep_passphrase()
        if cluster:
            service.database_url = cluster.url(DATABASE, template=_TEMPLATE)
            note_prepared(Config(service.data), service.database_url)
        kept = json.loads((made / "owner.json").read_text())
        owner = Person(kept["username"], kept["secret"], set(kept["used"]))
        service.start()
        try:
            assert not service.link, "its first start is over"
            owner.sign_in(service)
        except BaseException:
            service.stop()
            raise
        return owner

    def _made(self, database: str) -> Path:
        """Return the folder of a first start, made by whoever comes first."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        made = self.folder / database
        with (self.folder / f"{database}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not made.exists():
                part = self.folder / f"{database}.part"
                shutil.rmtree(part, ignore_errors=True)
                _make(part, Cluster if database == "postgresql" else None)
                part.rename(made)
        return made


def _make(folder: Path, new_cluster: Callable[[], Cluster] | None) -> None:
    folder.mkdir(mode=0o711)
    with ExitStack() as ending:
        cluster = ending.enter_context(new_cluster()) if new_cluster else None
        service = Running(folder / "home", database_url=cluster.url(_TEMPLATE) if cluster else "")
        ending.callback(service.stop)
        service.start()
        owner = Person("owner")
        with service.http() as browser:
            owner.first_sign_in(service, browser)
        service.stop()
        kept = dataclasses.asdict(owner) | {"used": sorted(owner.used)}
        (folder / "owner.json").write_text(json.dumps(kept))
        if cluster:
            cluster.end()
            subprocess.run(["cp", "-a", str(cluster.folder / "data"), str(folder / "cluster")], check=True)
