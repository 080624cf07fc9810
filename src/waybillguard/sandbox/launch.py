"""Start a module of ours with less: ``python -m waybillguard.sandbox.launch RULES MODULE ARGUMENTS...``.

``RULES`` is a `Launch` in JSON. What is taken away is taken before the module is read, so nothing of it ever runs
with more; process id, standard input and environment stay. What could not be taken is told to the module in the
environment (`LACKING`), for it is part of what an owner must know.
"""

import os
import sys
from typing import Final

import msgspec

from waybillguard.sandbox import capabilities, landlock, seccomp
from waybillguard.sandbox.landlock import Rules, Taken

LACKING: Final = "WAYBILLGUARD_LACKING"
"""Environment: what this process should have lost and did not, comma-separated."""


class Launch(msgspec.Struct, frozen=True):
    """What to leave a program with, and which system calls to refuse it."""

    rules: Rules
    refused: tuple[str, ...] = seccomp.OTHERS


def command(launch: Launch, module: str, *arguments: str) -> list[str]:
    """Return the command line that starts ``module`` so."""
    return [
        sys.executable, "-P", "-m", "waybillguard.sandbox.launch",
        msgspec.json.encode(launch).decode(), module, *arguments,
    ]  # fmt: skip


def apply(launch: Launch) -> frozenset[Taken]:
    """Take from this process what ``launch`` does not name; return what is missing from that."""
    wanted = {Taken.FILES, Taken.SIGNALS, Taken.SYSTEM_CALLS}
    if launch.rules.bind is not None or not launch.rules.connect:
        wanted.add(Taken.NETWORK)
    capabilities.drop(capabilities.NET_BIND_SERVICE)
    taken = landlock.restrict(launch.rules) | seccomp.refuse(*launch.refused)
    return frozenset(wanted) - taken


def main() -> None:
    """Restrict this process and become the module."""
    launch = msgspec.json.decode(sys.argv[1], type=Launch)
    lacking = apply(launch)
    os.environ[LACKING] = ",".join(sorted(lacking))
    os.execv(sys.executable, [sys.executable, "-P", "-m", *sys.argv[2:]])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
