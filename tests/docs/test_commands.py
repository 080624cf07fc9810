"""The reference of the commands is what their help says."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_the_reference_of_the_commands_is_what_their_help_says() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "commands"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
