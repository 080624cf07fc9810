"""Run scripts in children of a process that has loaded the service, so that none of them pays for a start.

Reads a line of JSON for each script: its path and its environment. Answers with a line: exit status and output.
"""

import json
import os
import runpy
import sys
import tempfile
from typing import Any

from support.children import run
from waybillguard.service.operations.start import load_rooms, start_django


def script(asked: dict[str, Any], output: int) -> None:
    """Run one script in this child, as if it were a program of its own."""
    os.dup2(output, sys.stdout.fileno())
    os.environ.update(asked["environment"])
    runpy.run_path(asked["script"], run_name="__main__")
    sys.stdout.flush()


def main() -> None:
    start_django()
    load_rooms()
    for line in sys.stdin:
        with tempfile.TemporaryFile() as output:
            status = run(script, json.loads(line), output.fileno())
            output.seek(0)
            answer = {"status": status, "output": output.read().decode()}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


main()
