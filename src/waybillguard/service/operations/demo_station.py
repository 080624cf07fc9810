"""The demo's print station: a printer that saves pictures to a folder, and the real agent.

Started by ``waybillguard up --demo``. The enrolment code arrives on standard input; the agent is the command that a
warehouse runs on the computer beside its printer.
"""

import argparse
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Final

from waybillguard.service.operations.demo_printer import DemoPrinter
from waybillguard.service.platform.lifeline import end_with_parent

STATION: Final = "演示打印台"
PRINTED: Final = "printed"
_AGAIN_S: Final = 5.0
_SETTINGS: Final = """host_class = "box"

[printers.demo]
uri = "raw://127.0.0.1:{port}"
languages = ["tspl"]
dpi = 203
model = "demo printer"
"""


def main() -> None:
    """Run printer and agent until a signal arrives."""
    end_with_parent()
    parser = argparse.ArgumentParser()
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--server", required=True)
    options = parser.parse_args()
    code = sys.stdin.readline().strip()
    home: Path = options.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    printer = DemoPrinter(home / PRINTED, 0)
    threading.Thread(target=printer.serve_forever, daemon=True).start()
    (home / "agent.toml").write_text(_SETTINGS.format(port=printer.server_address[1]), encoding="utf-8")
    command = [sys.executable, "-m", "waybillguard", "agent"]
    common = ["--home", str(home), "--key-store", "file", "--server", options.server]
    log = (home / "agent.log").open("ab")  # keep the terminal for the service's own output
    running: list[subprocess.Popen[bytes]] = []

    def stop(*_: object) -> None:
        for agent in running[-1:]:
            agent.terminate()
            with suppress(ChildProcessError):
                os.waitpid(agent.pid, 0)  # not `agent.wait()`: the call below holds its lock in this thread
        os._exit(0)

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, stop)
    while True:
        words = [*command, *(["enrol", code, "--run"] if code else ["run"]), *common]
        running.append(subprocess.Popen(words, stdout=log, stderr=log))  # noqa: S603 - our own command
        running[-1].wait()
        code = ""
        time.sleep(_AGAIN_S)


if __name__ == "__main__":
    main()
