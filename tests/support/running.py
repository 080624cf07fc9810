"""The real service in its three processes, and a person who signs in through the pages."""

import base64
import hmac
import json
import os
import re
import signal
import ssl
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import IO

import httpx

from support.keyd import CHEAP
from support.ports import free_port
from waybillguard.keys import keyfile
from waybillguard.service.platform.config import Config, write_private

PASSWORD = "corrëct horse 面单 staple"
EARLY = 40
"""Number of 30-second steps by which keyd accepts one-time codes early in tests (`early_codes`)."""


def one_time_code(secret: str, counter: int) -> str:
    """Return the six digits of a counter (RFC 4226, section 5.3)."""
    digest = hmac.digest(base64.b32decode(secret), counter.to_bytes(8, "big"), "sha1")
    start = digest[-1] & 15
    return f"{(int.from_bytes(digest[start : start + 4], 'big') & 0x7FFFFFFF) % 10**6:06}"


@dataclass
class Running:
    """`waybillguard up` on its own data folder."""

    home: Path
    demo: bool = False
    database_url: str = ""
    makes_key: bool = False
    """Whether the service creates its own root key, which is slow to open; otherwise a fast one is provided."""
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    link: str = ""
    output: str = ""
    """The output since the last start."""
    _reader: threading.Thread | None = None

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def url(self) -> str:
        return f"https://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        environment = {
            **os.environ,
            "XDG_CONFIG_HOME": str(self.home / "config"),
            "XDG_RUNTIME_DIR": str(self.home / "run"),
            "WAYBILLGUARD_DATABASE_URL": self.database_url,
            "PYTHONPATH": os.pathsep.join(
                filter(None, (str(Path(__file__).parent / "early_codes"), os.environ.get("PYTHONPATH")))
            ),
        }
        for name in ("WAYBILLGUARD_HOME", "DJANGO_SETTINGS_MODULE"):
            environment.pop(name, None)
        return environment

    def start(self) -> "Running":
        (self.home / "run").mkdir(parents=True, exist_ok=True, mode=0o700)
        self.output = ""
        if not self.makes_key and not self.data.exists():
            self._lay_key()
        command = [
            sys.executable,
            "-m",
            "waybillguard",
            "up",
            "--port",
            str(self.port),
            "--data",
            str(self.data),
        ]
        if self.demo:
            command.append("--demo")
        self.process = subprocess.Popen(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._collect, args=(self.process.stdout,), daemon=True)
        self._reader.start()
        self._wait_for(f"{self.url}/\n")
        if found := re.search(r"/setup/([\w-]+)/", self.output):
            self.link = found.group(1)
        return self

    def _lay_key(self) -> None:
        config = Config(self.data)
        config.keyd_dir.mkdir(parents=True, mode=0o700)
        keyfile.create(config.key_file, PASSWORD, params=CHEAP)
        self.keep_passphrase()

    def keep_passphrase(self) -> None:
        """Keep the passphrase of the provided key where the service looks for it."""
        kept = (
            self.home / "config" / "waybillguard" / "unlock" / f"{Config(self.data).fingerprint}.passphrase"
        )
        write_private(kept, PASSWORD.encode() + b"\n")

    def _collect(self, stream: IO[bytes]) -> None:
        """Read the output until the last process has ended, because a full pipe would block the processes."""
        with stream:
            while piece := os.read(stream.fileno(), 65536):
                self.output += piece.decode(errors="replace")

    def _wait_for(self, what: str, seconds: float = 180.0) -> None:
        assert self._reader is not None
        deadline = time.monotonic() + seconds
        while what not in self.output:
            if not self._reader.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"the service did not start:\n{self.output}")
            time.sleep(0.02)

    def stop(self) -> None:
        if self.process is None:
            return
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.kill()
        if self._reader is not None:
            self._reader.join(10)

    def kill(self) -> None:
        """Kill the supervisor and all its processes with SIGKILL."""
        if self.process is None:
            return
        children = _descendants(self.process.pid)
        for pid in [self.process.pid, *children]:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self.process.wait()

    def pids(self) -> dict[str, int]:
        """Return the processes by role: keyd, web, worker."""
        assert self.process is not None
        named: dict[str, int] = {}
        for pid in _descendants(self.process.pid):
            try:
                command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
            except OSError:
                continue
            for name, mark in (
                ("keyd", "service.keyd"),
                ("worker", "operations.worker"),
                ("web", "operations.web"),
            ):
                if mark in command:
                    named.setdefault(name, pid)
                    break
        return named

    def http(self) -> httpx.Client:
        """Return a browser-like client that trusts this installation's authority."""
        context = ssl.create_default_context(cafile=str(self.data / "tls" / "ca.pem"))
        # One connection per request, because the server closes a connection if it refuses a request without reading it.
        limits = httpx.Limits(max_keepalive_connections=0)
        return httpx.Client(
            base_url=self.url, verify=context, follow_redirects=True, timeout=60.0, limits=limits
        )

    def cli(self, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
        """Run a CLI command against this service."""
        return subprocess.run(
            [sys.executable, "-m", "waybillguard", *arguments], env=self.environment, input=stdin,
            capture_output=True, text=True, check=False, timeout=300,
        )  # fmt: skip


@dataclass
class Person:
    """A person who signs in with password and one-time codes."""

    username: str
    secret: str = ""
    used: set[int] = field(default_factory=set)
    signed_in_at: float = 0.0

    def login_again(self, service: Running) -> str:
        """Sign the CLI in again if the last sign-in is too old for irreversible actions; return its token."""
        if time.monotonic() - self.signed_in_at > 200:
            return self.sign_in(service)
        kept = next((service.home / "config" / "waybillguard" / "tokens").iterdir())
        token: str = json.loads(kept.read_text())["token"]
        return token

    def sign_in(self, service: Running, *, act: str = "") -> str:
        """Sign in to the CLI as its command `login` does, without a process of its own; return the token."""
        self.signed_in_at = time.monotonic()
        asked = {"username": self.username, "password": PASSWORD, "label": "test", "act": act}
        with service.http() as client:
            answer = client.post("/api/v1/login", json={**asked, "code": self.code()})
            if answer.is_error:  # on a busy machine the one-time code can expire before it is checked
                answer = client.post("/api/v1/login", json={**asked, "code": self.code()})
        assert answer.status_code == 200, answer.text
        kept = (
            service.home / "config" / "waybillguard" / "tokens" / f"{Config(service.data).fingerprint}.json"
        )
        write_private(kept, answer.content)
        token: str = answer.json()["token"]
        return token

    def code(self) -> str:
        """Return a one-time code newer than the last, early if allowed; wait if it would be too early."""
        counter = max(int(time.time()) // 30, max(self.used, default=0) + 1)
        while counter > int(time.time()) // 30 + EARLY:
            time.sleep(0.5)
        self.used.add(counter)
        return one_time_code(self.secret, counter)

    def first_sign_in(self, service: Running, client: httpx.Client) -> None:
        """Follow the one-time link through the pages: password, then TOTP."""
        page = client.get(f"/setup/{service.link}/")
        page = submit(client, page, password1=PASSWORD, password2=PASSWORD)
        assert page.url.path == "/account/second-factor/", page.url
        page = client.get("/account/app/")
        found = re.search(r'class="wg-code">([A-Z2-7]{16,})<', page.text)
        assert found, f"no TOTP secret on {page.url}"
        self.secret = found.group(1)
        page = submit(client, page, code=self.code())
        assert page.status_code == 200, page.status_code

    def enter(self, client: httpx.Client) -> None:
        """Sign in through the pages: password, then a code."""
        page = submit(client, client.get("/login/"), login=self.username, password=PASSWORD)
        page = submit(client, page, code=self.code())
        assert page.status_code == 200, page.status_code
        assert page.url.path != "/login/", page.url

    def confirm(self, client: httpx.Client) -> None:
        """Confirm with a code what asks for a recent one; right after a first sign-in nothing does."""
        page = client.get("/account/confirm/code/?next=/")
        if page.url.path == "/account/confirm/code/":
            page = submit(client, page, code=self.code())
        assert page.url.path == "/", page.url

    def submit(self, client: httpx.Client, page: httpx.Response, **values: str | list[str]) -> httpx.Response:
        """Send a page's form; if the action requires its own code, enter one."""
        sent = submit(client, page, **values)
        return submit(client, sent, code=self.code()) if sent.url.path == "/account/confirm/code/" else sent

    def login(self, service: Running, *, act: str = "") -> subprocess.CompletedProcess[str]:
        """Sign in to the CLI; the code also confirms the action."""
        self.signed_in_at = time.monotonic()
        return service.cli(
            "login", "--user", self.username, "--code", self.code(), "--password-stdin", "--data", str(service.data),
            *(["--act", act] if act else []), stdin=PASSWORD + "\n",
        )  # fmt: skip


class _Forms(HTMLParser):
    """Collects a page's POST forms: target address and field values, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[tuple[str, dict[str, list[str]]]] = []
        self._open = False
        self._select = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = values.get("method", "").lower() == "post"
            if self._open:
                self.forms.append((values.get("action", ""), {}))
        elif tag in {"input", "textarea", "select"} and self._open and values.get("name"):
            box = values.get("type") in {"checkbox", "radio"}
            held = self.forms[-1][1].setdefault(values["name"], [])
            self._select = values["name"] if tag == "select" else ""
            if not box and tag != "select":
                held.append(values.get("value", ""))
            elif "checked" in values:
                held.append(values.get("value", "on"))
        elif tag == "option" and self._select and self._open and "selected" in values:
            self.forms[-1][1][self._select].append(values.get("value", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = False


def submit(client: httpx.Client, page: httpx.Response, **values: str | list[str]) -> httpx.Response:
    """Fill in the page's form that has these fields and send it."""
    parser = _Forms()
    parser.feed(page.text)
    wanted = [(action, fields) for action, fields in parser.forms if set(values) <= set(fields)]
    assert wanted, f"no form with {sorted(values)} on {page.url}"
    action, fields = wanted[0]
    return client.post(action or str(page.url), data={**fields, **values}, headers={"Referer": str(page.url)})


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            parent = int((entry / "stat").read_text().rsplit(")", 1)[1].split()[1])
        except (OSError, IndexError, ValueError):
            continue
        if parent == pid:
            found.append(int(entry.name))
            found.extend(_descendants(int(entry.name)))
    return found
