"""The figures of the documentation, each beside its peers in the same run; not part of the wheel."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
NO_PEERS = "`make bench` sets up the peers"


def peers_python() -> str:
    """Return the interpreter of the environment in which the peers are installed, or nothing.

    ``make bench`` makes it from ``benchmarks/peers.txt``; ``WAYBILLGUARD_PEERS`` names another.
    """
    made = ROOT / ".tools" / "peers" / "bin" / "python"
    return os.environ.get("WAYBILLGUARD_PEERS", str(made) if made.exists() else "")
