"""Threads that are the first to decode a record type at the same moment."""

import subprocess
import sys
from pathlib import Path

SCENE = Path(__file__).parent / "support" / "first_decoding.py"


def test_threads_that_decode_a_type_first_at_once_do_no_harm() -> None:
    # Runs in a separate process, because the failure is a crash, not an exception.
    done = subprocess.run([sys.executable, str(SCENE)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "3600 decoded\n"), done.stderr[-2000:]
