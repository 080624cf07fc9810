"""Simulate an attacker in a confined process: ``python -m support.thief_program`` with a JSON plan.

It prints the names of the resources it obtained as JSON.
"""

import ctypes
import json
import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from waybillguard.service.keyd import export_messages, messages, rotation_messages
from waybillguard.service.keyd.client import KeydClient, RefusedError
from waybillguard.service.keyd.shredlog import ShredLog

PTRACE_ATTACH = 16


def main() -> None:
    plan = json.loads(sys.argv[1])
    obtained = [name for name, attempt in attempts(plan).items() if worked(attempt)]
    sys.stdout.write(json.dumps(obtained))


def attempts(plan: dict[str, Any]) -> dict[str, Callable[[], object]]:
    found: dict[str, Callable[[], object]] = {}
    for path in plan["files"]:
        found[f"read {path}"] = lambda path=path: Path(path).read_bytes()
        found[f"write {path}"] = lambda path=path: Path(path).open("ab").close()
    for folder in plan["folders"]:
        found[f"list {folder}"] = lambda folder=folder: list(Path(folder).iterdir())
        found[f"plant {folder}"] = lambda folder=folder: Path(folder, "planted").write_text("")
    for name, pid in plan["processes"].items():
        found |= {
            f"signal {name}": lambda pid=pid: os.kill(pid, 0),
            f"environment {name}": lambda pid=pid: Path(f"/proc/{pid}/environ").read_bytes(),
            f"memory {name}": lambda pid=pid: Path(f"/proc/{pid}/mem").open("rb").close(),
            f"attach {name}": lambda pid=pid: attach(pid),
            f"standard input of {name}": lambda pid=pid: Path(f"/proc/{pid}/fd/0").readlink(),
            f"folder of {name}": lambda pid=pid: Path(f"/proc/{pid}/cwd").readlink(),
        }
    found["another port"] = listen
    for name, request in requests().items():
        found[f"ask {name}"] = lambda request=request: ask(plan["socket"], request)
    found["control"] = lambda: Path(plan["control"]).read_bytes()
    return found


def requests() -> dict[str, messages.Request]:
    """Try resources that neither web nor worker may access, and for each one that only the other may access."""
    here = messages.Context("here", "u1", purpose="after_sales")
    order = messages.SealedRef(bytes(16), 1, b"", b"", "", "", "", 20_000, "")
    epoch = messages.WrappedEpoch(1, 20_000, b"")
    return {
        "status": messages.Status(),
        "django": messages.Derive("django"),
        "tls": messages.Derive("tls"),
        "authority": messages.Derive("authority"),
        "shred log": ShredLog(),
        "upload": messages.OpenDataKey(here, b"", "import"),
        "password": messages.UnwrapText(here, b""),
        "end rotation": rotation_messages.EndRotation(here, 2, 0, 0, 0),
        "export": export_messages.SealExport(here, 1, bytes(32), b"", 0, [epoch], [], ["p"], "1"),
        "reveal": messages.Reveal(here, epoch, order, "phone", ["p"], "1"),
    }


def ask(path: str, request: messages.Request) -> None:
    """Send a request to keyd; any response except "not your work" counts as accepted."""
    client = KeydClient(Path(path), patience=0)
    try:
        client.call(request, object)
    except RefusedError as error:
        if error.reason == "caller_not_allowed":
            raise PermissionError from error
    finally:
        client.close()


def attach(pid: int) -> None:
    if ctypes.CDLL(None, use_errno=True).ptrace(PTRACE_ATTACH, pid, None, None) != 0:
        raise PermissionError


def listen() -> None:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))


def worked(attempt: Callable[[], object]) -> bool:
    try:
        attempt()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
