"""The command ``waybillguard agent``, in a process of its own: it hardens the process that it runs in."""

import subprocess
import sys


def agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run it to its end and return what it said."""
    command = [sys.executable, "-m", "waybillguard", "agent", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
