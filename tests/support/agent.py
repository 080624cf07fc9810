"""Run ``waybillguard agent`` in a separate process, because it hardens the process that it runs in."""

import subprocess
import sys


def agent(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command to its end and return its output."""
    command = [sys.executable, "-m", "waybillguard", "agent", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
