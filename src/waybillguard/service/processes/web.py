"""The web process: console and API behind TLS."""

import argparse
import sys
from pathlib import Path

from granian.constants import Interfaces
from granian.server import Server


def main() -> None:
    """Serve until told to stop. The key file's password arrives on standard input."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--certificate", type=Path)
    parser.add_argument("--key", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--app", default="waybillguard.service.wsgi:application")
    parser.add_argument("--interface", choices=["wsgi", "asgi"], default="wsgi")
    options = parser.parse_args()
    password = sys.stdin.readline().strip() or None
    blocking = {"blocking_threads": 4} if options.interface == "wsgi" else {}
    Server(
        options.app,
        address=options.host,
        port=options.port,
        interface=Interfaces(options.interface),
        workers=options.workers,
        ssl_cert=options.certificate,
        ssl_key=options.key,
        ssl_key_password=password,
        log_access=False,
        log_level="warning",
        respawn_failed_workers=True,
        **blocking,
    ).serve()


if __name__ == "__main__":
    main()
