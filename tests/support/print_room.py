"""A print room: the real service, an enrolled agent in a separate process, a simulated printer."""

import html
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from support.first_start import FirstStart
from support.printer import Simulator
from support.running import Person, Running, submit
from waybillguard.simulate import demo_exports

HELPER = Path(__file__).with_name("ask_labels.py")


class PrintRoom:
    """``agent`` is the running process; ``simulator`` prints."""

    def __init__(self, service: Running, simulator: Simulator, browser: httpx.Client, owner: Person) -> None:
        self.service, self.simulator, self.browser, self.owner = service, simulator, browser, owner
        self.home = service.home / "station"
        self.agent: subprocess.Popen[bytes] | None = None
        self.log = service.home / "agent.log"
        self._helper: subprocess.Popen[str] | None = None
        self._helpers_environment: dict[str, str] = {}

    def seal(self, content: bytes) -> None:
        # The CLI signs in only when needed: the next one-time code may be half a minute away.
        if not self.owner.signed_in_at:
            assert self.owner.login(self.service).returncode == 0
        source = self.service.home / "orders.csv"
        source.write_bytes(content)
        done = self.service.cli("seal", str(source), "--data", str(self.service.data))
        assert done.returncode in {0, 1}, done.stderr
        source.unlink()

    def code(self, station: str = "打包台1") -> str:
        page = submit(self.browser, self.browser.get("/devices/"), station=station)
        found = re.search(r"agent enrol --server \S+ (WG1-[0-9A-Z-]+)", html.unescape(page.text))
        assert found, page.text[:500]
        return found.group(1)

    def settings(self, language: str = "tspl", more: str = "") -> None:
        """Write agent.toml; ``more`` is inserted before the printers."""
        self.home.mkdir(exist_ok=True, mode=0o700)
        (self.home / "agent.toml").write_text(
            f'{more}\n[printers.label-1]\nuri = "{self.simulator.uri}"\nlanguages = ["{language}"]\n', "utf-8"
        )

    def pair(self, name: str, origin: str = "", *options: str) -> str:
        """Pair an ERP with the shim and return its address."""
        done = self.service.cli("agent", "pair", name, "--home", str(self.home), "--origin", origin, *options)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip().splitlines()[-1]

    def start(self, *arguments: str, code: str = "") -> None:
        """Start the agent; it runs until it is stopped or killed."""
        command = [
            sys.executable,
            "-m",
            "waybillguard",
            "agent",
            *(["enrol", code, "--run"] if code else ["run"]),
            "--home",
            str(self.home),
            "--key-store",
            "file",
        ]
        shim = "[shim]" in (self.home / "agent.toml").read_text("utf-8")
        mark = "the shim listens" if shim else "the agent runs"
        before = self.log.read_text().count(mark) if self.log.exists() else 0
        with self.log.open("ab") as log:
            self.agent = subprocess.Popen(
                [*command, *arguments],
                env={**self.service.environment, "TMPDIR": str(self.home)},
                stdout=log,
                stderr=log,
                cwd=self.home,
            )
        until(lambda: self.log.read_text().count(mark) > before, self.log.read_text)

    def enrol(self) -> None:
        self.start("--server", self.service.url, code=self.code())

    def stop(self) -> int:
        assert self.agent is not None
        self.agent.send_signal(signal.SIGTERM)
        return self.agent.wait(30)

    def kill(self) -> None:
        assert self.agent is not None
        self.agent.kill()
        self.agent.wait()

    def helper(self, *arguments: str) -> Any:
        """Ask ``ask_labels.py``, which is started once, because loading Django costs more than the request."""
        helper = self._running_helper()
        assert helper.stdin is not None
        assert helper.stdout is not None
        try:
            helper.stdin.write(json.dumps(arguments) + "\n")
            helper.stdin.flush()
            line = helper.stdout.readline()
        except BrokenPipeError:
            line = ""
        if not line:  # the helper could not start, because no service was running
            self._end_helper()
        said = json.loads(line or '{"fault": "the helper ended"}')
        assert "answer" in said, said["fault"]
        return said["answer"]

    def _running_helper(self) -> subprocess.Popen[str]:
        environment = {**self.service.environment, "WAYBILLGUARD_HOME": str(self.service.data)}
        if self._helper is not None and environment != self._helpers_environment:  # another clock
            self._end_helper()
        if self._helper is None:
            self._helpers_environment = environment
            self._helper = subprocess.Popen(
                [sys.executable, str(HELPER)],
                env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
            )  # fmt: skip
        return self._helper

    def _end_helper(self) -> None:
        if self._helper is not None:
            with suppress(BrokenPipeError):
                self._helper.communicate()
            self._helper = None

    def close(self) -> None:
        """Stop the processes beside the service."""
        if self.agent is not None and self.agent.poll() is None:
            self.kill()
        self._end_helper()

    def ask(self, labels: int) -> None:
        self.helper("ask", "label-1", str(labels))

    def states(self) -> dict[str, int]:
        found: dict[str, int] = self.helper("states")
        return found

    def let_in(self, erp: str) -> httpx.Response:
        """Turn on compatibility mode for an ERP of the only device, as the owner."""
        page = self.browser.get("/devices/compatibility/")
        device = re.search(r'<option value="(\d+)"', page.text)
        assert device, page.text[:500]
        return submit(self.browser, page, device=device[1], erp=erp)

    def press(self, what: str) -> httpx.Response:
        """Press a button for the only device on the devices page."""
        page = self.browser.get("/devices/")
        found = re.search(rf'action="(/devices/\d+/{what}/)"', page.text)
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page.text)
        assert found
        assert token
        data = {"csrfmiddlewaretoken": token[1]}
        return self.browser.post(found[1], data=data, headers={"Referer": f"{self.service.url}/devices/"})


def until(met: Callable[[], bool], why: Callable[[], object] = str, seconds: float = 60.0) -> None:
    deadline = time.monotonic() + seconds
    while not met():
        assert time.monotonic() < deadline, why()
        time.sleep(0.05)


@contextmanager
def print_room(
    home: Path, first_start: FirstStart, *, simulator: Simulator | None = None
) -> Iterator[PrintRoom]:
    """Yield a print room with the owner signed in and no device enrolled."""
    service = Running(home)
    try:
        owner = first_start.service(service)
        with simulator or Simulator() as printer, service.http() as browser:
            owner.enter(browser)
            owner.confirm(browser)
            room = PrintRoom(service, printer, browser, owner)
            room.settings()
            try:
                yield room
            finally:
                room.close()
    finally:
        service.stop()


def own_shop(seed: int = 7) -> bytes:
    """Return an export of an invented own shop, entirely in lane B."""
    exports = demo_exports(seed, datetime(2026, 11, 24, 12, 0, 0))  # noqa: DTZ001 - local time of a shop
    return exports[0].content
