"""Sandbox of each process of the service, for installations with a single OS user (`sandbox.launch`).

web and worker may access the database, the spool and what they need to run. They may not access the passphrase, the
root key, keyd's people, shred list and ledger, the authority's key, the sign-in of the CLI, other processes of the user,
or the user's home. keyd, the supervisor and the CLI have full access and are not confined.
"""

import os
import shutil
from enum import StrEnum
from pathlib import Path
from typing import Final

from waybillguard.sandbox import landlock
from waybillguard.sandbox.landlock import Rules
from waybillguard.sandbox.launch import Launch
from waybillguard.service.platform.config import Config, ensure_private_dir

_SYSTEM: Final = (
    # Name resolution, certificates, time zone and users of this machine.
    *(
        "/etc/hosts",
        "/etc/resolv.conf",
        "/etc/nsswitch.conf",
        "/etc/host.conf",
        "/etc/gai.conf",
        "/etc/services",
    ),
    *(
        "/run/systemd/resolve",
        "/etc/ssl",
        "/etc/pki",
        "/etc/ca-certificates",
        "/etc/timezone",
        "/etc/protocols",
    ),
    *(
        "/etc/passwd",
        "/etc/group",
        "/etc/mime.types",
        "/etc/alternatives",
        "/etc/python3",
        "/etc/java-21-openjdk",
    ),
    # Processes see themselves and the processor; the kernel hides other processes.
    *("/proc", "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm", "/dev/urandom", "/dev/random"),
)
_DEVICES: Final = ("/dev/null", "/dev/zero", "/dev/full", "/dev/tty")
_NAMED_BY: Final = (
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "PGPASSFILE",
    "PGSSLROOTCERT",
    "PGSSLCERT",
    "PGSSLKEY",
    "PGSERVICEFILE",
)
"""Environment variables of OpenSSL and libpq that name files read by web and worker."""


class Part(StrEnum):
    """The confined processes."""

    WEB = "web"
    WORKER = "worker"


def launch_of(config: Config, part: Part, port: int = 0) -> Launch:
    """Return the sandbox of ``part``. Call `prepare` first: folders created later are not accessible."""
    temporary = temporary_of(config, part)
    home = Path.home()
    read = [
        *landlock.interpreter_paths(), *_SYSTEM, *(os.environ[name] for name in _NAMED_BY if os.environ.get(name)),
        str(home / ".pgpass"), str(home / ".postgresql"), str(config.tls_dir / "ca.pem"),
    ]  # fmt: skip
    write = [*_DEVICES, str(temporary), *map(str, config.shared_dirs)]
    if part == Part.WEB:
        read += [str(config.tls_dir / name) for name in ("server.pem", "server.key")]
        write.append("/dev/shm")  # noqa: S108 - locks of multiprocessing; the server's open key
    # The worker listens on no port, unless it runs a Spark driver, which listens on several.
    ports = None if part == Part.WORKER else (port,)
    return Launch(Rules(tuple(read), tuple(write), bind=ports))


def prepare(config: Config, part: Part) -> None:
    """Create the folders that ``part`` writes to, and empty its temporary folder."""
    temporary = temporary_of(config, part)
    shutil.rmtree(temporary, ignore_errors=True)
    for folder in (config.data_dir, config.temporary_dir, temporary, *config.shared_dirs):
        ensure_private_dir(folder)


def temporary_of(config: Config, part: Part) -> Path:
    """Return the folder for temporary files of ``part``."""
    return config.temporary_dir / part.value
