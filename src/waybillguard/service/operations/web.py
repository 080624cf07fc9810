"""The web process: console and API behind TLS."""

import argparse
import atexit
import logging
import multiprocessing
import os
import shutil
import sys
import tempfile
from pathlib import Path

from cryptography.hazmat.primitives import serialization
from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from waybillguard.service.operations.start import START_PATIENCE, load_rooms, start_django
from waybillguard.service.platform.lifeline import end_at_once, end_with_parent

MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of our own below it, mode 0700
_OURS = "waybillguard-web-"


def main() -> None:
    """Serve until a signal arrives. The password of the TLS key file arrives on standard input."""
    end_with_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    options = parser.parse_args()
    key = _key_in_memory(options.key, sys.stdin.readline().strip()) if options.key else None
    if sys.platform == "linux":
        # Load once here and share with the forked workers, so that a worker that died restarts quickly.
        start_django(START_PATIENCE)
        load_rooms()
        multiprocessing.set_start_method("fork")
    # More threads than cores are intended, so drop Granian's warning about it from the first screen.
    logging.getLogger("_granian").addFilter(lambda told: "Python threads" not in str(told.msg))
    Server(
        "waybillguard.service.operations.wsgi:application",
        address=options.host,
        port=options.port,
        interface=Interfaces.WSGI,
        workers=options.workers,
        ssl_cert=options.certificate,
        ssl_key=key,
        log_access=False,
        log_level=LogLevels.warning,
        respawn_failed_workers=True,
        # Print agents long-poll for work, each occupying a thread (stations.bell.MOST_WAITING).
        blocking_threads=40,
        # An ending thread closes its database connections, which the next request would have to reopen.
        blocking_threads_idle_timeout=600,
    ).serve()
    if key is not None:
        shutil.rmtree(key.parent, ignore_errors=True)
    end_at_once()


def _sweep_dead() -> None:
    """Remove the decrypted keys that killed web processes left in the memory file system."""
    for folder in MEMORY.glob(f"{_OURS}*-*"):
        pid = folder.name.removeprefix(_OURS).partition("-")[0]
        if pid.isdigit() and not Path("/proc", pid).exists():
            shutil.rmtree(folder, ignore_errors=True)


def _key_in_memory(path: Path, password: str) -> Path:
    """Decrypt the server's key to a memory file system and return its path; it is never on disk unencrypted.

    Granian reads only RSA keys if encrypted, and its workers read the path whenever they start, so the file is kept as
    long as this process runs.
    """
    key = serialization.load_pem_private_key(path.read_bytes(), password.encode())
    clear = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    _sweep_dead()
    folder = Path(tempfile.mkdtemp(prefix=f"{_OURS}{os.getpid()}-", dir=MEMORY if MEMORY.is_dir() else None))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    target = folder / "server.key"
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as handle:
        handle.write(clear)
    return target


if __name__ == "__main__":
    main()
