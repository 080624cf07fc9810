"""Starts a module with reduced rights: ``python -m waybillguard.sandbox.launch RULES MODULE ARGUMENTS...``.

``RULES`` is a `Launch` in JSON. Rights are removed before the module is loaded, so none of its code runs with more.
Process id, standard input and environment stay the same. Rights that could not be removed are listed in the
environment variable `LACKING`, so that the module can report them to the owner.
"""

import os
import sys
from typing import Final

import msgspec

from waybillguard.sandbox import capabilities, landlock, seccomp
from waybillguard.sandbox.landlock import Rules, Taken

LACKING: Final = "WAYBILLGUARD_LACKING"
"""Environment variable: the rights that could not be removed, comma-separated."""


class Launch(msgspec.Struct, frozen=True):
    """The rights that a program keeps, and the system calls that it is refused."""

    rules: Rules
    refused: tuple[str, ...] = seccomp.OTHERS


def command(launch: Launch, module: str, *arguments: str) -> list[str]:
    """Return the command line that starts ``module`` with these rights."""
    return [
        sys.executable, "-P", "-m", "waybillguard.sandbox.launch",
        msgspec.json.encode(launch).decode(), module, *arguments,
    ]  # fmt: skip


def apply(launch: Launch) -> frozenset[Taken]:
    """Remove the rights that ``launch`` does not name from this process; return those that could not be removed."""
    wanted = {Taken.FILES, Taken.SIGNALS, Taken.SYSTEM_CALLS}
    if launch.rules.bind is not None or not launch.rules.connect:
        wanted.add(Taken.NETWORK)
    capabilities.drop(capabilities.NET_BIND_SERVICE)
    taken = landlock.restrict(launch.rules) | seccomp.refuse(*launch.refused)
    return frozenset(wanted) - taken


def main() -> None:
    """Restrict this process and replace it by the module."""
    launch = msgspec.json.decode(sys.argv[1], type=Launch)
    lacking = apply(launch)
    os.environ[LACKING] = ",".join(sorted(lacking))
    os.execv(sys.executable, [sys.executable, "-P", "-m", *sys.argv[2:]])  # noqa: S606 - our own interpreter


if __name__ == "__main__":
    main()
