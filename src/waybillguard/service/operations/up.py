"""``waybillguard up``: start the three processes, keep them running, and end them together.

Order matters: keyd first (nothing starts without keys), then the database, then worker and web.
A process that dies is restarted; if it keeps dying, restarts slow down and a message is printed.
"""

import json
import os
import secrets
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.callers import Caller, caller_key
from waybillguard.service.keyd.client import CALLER, KeydClient, KeydUnavailableError
from waybillguard.service.keyd.shredlog import ShredLines, ShredLog
from waybillguard.service.operations.address import Address
from waybillguard.service.operations.backup_lock import refuse_maintenance
from waybillguard.service.operations.children import STOP_TIMEOUT, Child, Children
from waybillguard.service.operations.data_folder import make_data_folder, refuse_foreign_folder
from waybillguard.service.operations.isolation import Part
from waybillguard.service.operations.ledger_age import missing_entries
from waybillguard.service.operations.output import Output
from waybillguard.service.operations.passphrase import Unlocking
from waybillguard.service.operations.prepared import is_prepared, note_prepared
from waybillguard.service.operations.schema_state import refuse_other_folder
from waybillguard.service.operations.start_errors import StartError
from waybillguard.service.platform.config import Config, ensure_private_dir, write_private
from waybillguard.service.platform.disk import NO_ROOM, is_full, room
from waybillguard.service.platform.lifeline import SUPERVISOR, FolderLock, StopFlag
from waybillguard.service.platform.tls import ServerCertificate, ensure_certificate, fingerprint

START_TIMEOUT = 180.0
# Seconds between two checks for dead processes and the certificate.
LOOK = 0.1
CERTIFICATE_LOOK = 20.0


@dataclass(frozen=True, slots=True)
class Options:
    """The options of `waybillguard up`."""

    config: Config
    host: str = "localhost"
    port: int = 8443
    demo: bool = False
    workers: int = 1
    hub: str = ""


class Supervisor:
    """Runs the service in the foreground until a signal arrives."""

    def __init__(self, options: Options, say: Callable[[str], None]) -> None:
        self.options = options
        self.config = options.config
        self._say = say
        self._folder = options.config.data_dir.resolve()
        self._stop = StopFlag()
        self._unlocking: Unlocking | None = None
        self._keyd: Child | None = None
        self._callers = _given_secret() or secrets.token_bytes(32)
        self._authority = ""
        self._tls: ServerCertificate | None = None
        self._lock = FolderLock(self.config.service_lock)
        self._address = Address(options.host, options.port)
        self._children = Children(self.config, self._lock, self._environment, self._stop, say)

    def run(self) -> None:
        """Start everything, print how to sign in, wait, stop everything.

        Raises:
            StartError: the service cannot start (port in use, wrong passphrase, damaged key file).
            EarlierStateError: the data folder has the schema of another development state; nothing was changed.
        """
        try:
            with Output():
                self._run()
        except OSError as error:
            if not is_full(error, self.config.data_dir):
                raise
            raise self._no_room() from None

    def _no_room(self) -> StartError:
        folder = self.config.data_dir
        return StartError(
            zh=f"{folder} 所在的磁盘已满，服务没有启动，已有数据没有改动。请释放空间（例如移走旧备份）后重新启动。",
            en=f"the disk of {folder} is full: the service did not start, and no data was changed. Free some space (old "
            "backups, for example) and start again.",
        )

    def _run(self) -> None:
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._on_signal)
        refuse_foreign_folder(self.config.data_dir)
        refuse_other_folder(self.config)
        make_data_folder(self.config.data_dir)
        ensure_private_dir(self.config.spool_dir)
        if not _given_secret():
            ensure_private_dir(self.config.keyd_socket.parent)
        self._take_folder()
        refuse_maintenance(self.config)
        with self._address.take_port():
            self._serve()

    def _serve(self) -> None:
        if not _given_secret():
            self._unlocking = Unlocking(self.config, self._say)
        try:
            self._start_keyd()
            client = self._client()
            tls_secret, self._authority = (
                client.call(messages.Derive(purpose=purpose), messages.Secret).value
                for purpose in ("tls", "authority")
            )
            prepared = self._is_prepared(client)
            self._tell_missing_entries(client)
            client.close()
            self._tls = self._certificate(tls_secret)
            first = {} if prepared else self._bootstrap()
            self._start_servers(tls_secret)
            self._wait_until_ready()
            if self.options.demo:
                self._start_demo_station(first.get("station", ""))
            self._announce(first)
            self._watch()
        finally:
            self._shut_down()

    # --- parts of a start -------------------------------------------------------------------------

    def _take_folder(self) -> None:
        """Lock the data folder; end and name the processes that a killed service left running on it.

        Raises:
            StartError: another service runs on the folder.
        """
        if self._lock.take():
            return
        holders = self._lock.holders()
        if self._supervisor() in holders:
            raise StartError(
                zh=f"数据目录 {self.config.data_dir} 上已有服务在运行（进程 {self._supervisor()}）。请先停止它。",
                en=f"a service already runs on {self.config.data_dir} (process {self._supervisor()}). Stop it first.",
            )
        ended = ", ".join(map(str, self._lock.end_holders()))
        self._say(
            f"已结束上次残留的进程：{ended}\nEnded processes that an earlier run had left behind: {ended}"
        )
        deadline = time.monotonic() + STOP_TIMEOUT
        while not (taken := self._lock.take()) and time.monotonic() < deadline:
            time.sleep(0.1)  # the kernel releases the files of a killed process with a delay
        if not taken:
            raise StartError(
                zh=f"无法独占数据目录 {self.config.data_dir}：仍有进程占用。",
                en=f"the data folder {self.config.data_dir} is still held by a process.",
            )

    def _supervisor(self) -> int:
        """Return the pid of the supervisor recorded in the folder; 0 if there is none."""
        try:
            return int(json.loads(self.config.run_file.read_text(encoding="utf-8"))["pid"])
        except (OSError, ValueError, KeyError):
            return 0

    def _client(self, **how: float) -> KeydClient:
        client = KeydClient(self.config.keyd_socket, **how)
        client.hello = messages.Hello(Caller.SUPERVISOR, caller_key(self._callers, Caller.SUPERVISOR))
        return client

    def _certificate(self, password: str) -> ServerCertificate:
        return ensure_certificate(
            self.config.tls_dir,
            password,
            self._address.host_names(),
            datetime.now(UTC),
            authority_password=self._authority,
        )

    def _environment(self, caller: Caller | None = None) -> dict[str, str]:
        environment = {
            **os.environ,
            "WAYBILLGUARD_HOME": str(self._folder),
            "WAYBILLGUARD_ORIGIN": self._address.origin,
            "DJANGO_SETTINGS_MODULE": "waybillguard.service.platform.settings",
            "PYTHONUNBUFFERED": "1",
            SUPERVISOR: str(os.getpid()),
        }
        names = [f"[{name}]" if ":" in name else name for name in self._address.all_names()]
        environment.setdefault("WAYBILLGUARD_HOSTS", ",".join(names))
        environment[CALLER] = f"{caller}:{caller_key(self._callers, caller)}" if caller else ""
        return environment

    def _start_keyd(self) -> None:
        keyd = Child(
            "keyd",
            [
                "waybillguard.service.keyd",
                "--data",
                str(self._folder),
                *(["--demo"] if self.options.demo else []),
            ],
            lambda: f"{self._unlocking.current() if self._unlocking else ''}\n{self._callers.hex()}",
        )
        if not _given_secret():  # otherwise keyd runs as its own systemd unit and user
            self._children.add(keyd)
        self._keyd = keyd
        client = self._client(timeout=START_TIMEOUT, patience=0)
        deadline = time.monotonic() + START_TIMEOUT
        while time.monotonic() < deadline and not self._stop.is_set():
            if keyd.process is not None and keyd.process.poll() is not None:
                if room(self._folder) < NO_ROOM:
                    raise self._no_room()
                raise StartError(
                    zh="密钥进程没有启动，原因见上一行。数据未被改动。",
                    en="the key process did not start; the line above says why. No data was changed.",
                )
            try:
                client.call(messages.Status(), messages.StatusAnswer)
            except KeydUnavailableError:
                time.sleep(0.05)
            else:
                client.close()
                shell = f"{Caller.SHELL}:{caller_key(self._callers, Caller.SHELL)}\n"
                write_private(self.config.caller_file, shell.encode())
                return
        raise StartError(zh="密钥进程未能及时应答", en="the key process did not answer in time")

    def _tell_missing_entries(self, client: KeydClient) -> None:
        status = client.call(messages.Status(), messages.StatusAnswer)
        for missing in missing_entries(self.config, status.entries) if status.healthy else []:
            self._say(f"!! {missing.zh}\n!! {missing.en}")

    def _renew_root_key(self) -> None:
        """Restart keyd if `keys rollover` staged a new root key whose secret is in the passphrase file."""
        if self._unlocking is not None and self._keyd is not None and self._unlocking.replaced():
            self._say("根密钥更换，密钥进程重新启动 / the root key is replaced; the key process starts again")
            if self._keyd.process is not None:
                self._keyd.process.terminate()

    def _is_prepared(self, client: KeydClient) -> bool:
        if self.options.hub:
            return False
        lines = client.call(ShredLog(), ShredLines).lines
        return is_prepared(self.config, {line.mark for line in lines}, _database_url())

    def _bootstrap(self) -> dict[str, str]:
        arguments = [sys.executable, "-P", "-m", "waybillguard.service.operations.bootstrap"]
        if self.options.demo:
            arguments.append("--demo")
        if self.options.hub:
            arguments += ["--hub", self.options.hub]
        result = subprocess.run(  # noqa: S603
            arguments,
            env=self._environment(Caller.SUPERVISOR),
            cwd=self._folder,
            stdout=subprocess.PIPE,
            check=False,
        )
        if result.returncode != 0:
            if room(self.config.data_dir) < NO_ROOM:
                raise self._no_room()
            raise StartError(
                zh="数据库准备失败，原因见上。未删除任何数据；可用 waybillguard doctor 检查。",
                en="preparing the database failed; the reason is above. Nothing was deleted; waybillguard doctor "
                "looks at it.",
            )
        answer: dict[str, str] = json.loads(result.stdout)
        note_prepared(self.config, _database_url())
        return answer

    def _start_servers(self, tls_secret: str) -> None:
        tls = self._tls
        if tls is None:
            raise RuntimeError("no certificate")
        serve = ["waybillguard.service.operations.web", "--host", self._address.to_bind()]
        serve += ["--certificate", str(tls.certificate), "--key", str(tls.key)]
        for child in (
            Child("worker", ["waybillguard.service.operations.worker"], str, Caller.WORKER, Part.WORKER),
            Child("web", [*serve, "--port", str(self.options.port), "--workers", str(self.options.workers)],
                  lambda: tls_secret, Caller.WEB, Part.WEB, self.options.port),
        ):  # fmt: skip
            self._children.add(child)

    def _start_demo_station(self, code: str) -> None:
        """Start the demo's printer and agent; the code is used once, since the agent stays enrolled."""
        home = self.config.data_dir / "demo-station"
        codes = iter([code])
        module = "waybillguard.service.operations.demo_station"
        child = Child(
            "station",
            [module, "--home", str(home), "--server", self._address.origin],
            lambda: next(codes, ""),
        )
        self._children.add(child)

    def _wait_until_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT
        while not self._stop.is_set():
            if time.monotonic() > deadline:
                raise StartError(zh="控制台未能及时启动", en="the console did not start in time")
            try:
                socket.create_connection((self._address.to_bind(), self.options.port), timeout=1).close()
            except OSError:
                time.sleep(0.1)
            else:
                return
            self._children.restart_dead()

    def _announce(self, first: dict[str, str]) -> None:
        write_private(
            self.config.run_file,
            json.dumps(
                {"url": self._address.origin, "ca": str(self.config.tls_dir / "ca.pem"), "pid": os.getpid()}
            ).encode(),
        )
        authority = self.config.tls_dir / "ca.pem"
        self._say(f"证书指纹 / certificate fingerprint (SHA-256): {fingerprint(authority)}")
        self._say(f"信任证书 / trust this console's certificate: {self._address.origin}/trust/")
        if first.get("link"):
            self._say(
                "首次登录：30 分钟内打开一次此链接，设置密码与身份验证器或通行密钥\n"
                "First sign-in: open this link once within 30 minutes to set password and TOTP or passkey\n"
                f"  {self._address.origin}/setup/{first['link']}/"
            )
        self._say("按 Ctrl-C 停止 / Ctrl-C stops the service")
        self._say(f"控制台 / console: {self._address.origin}/")

    # --- running and ending -----------------------------------------------------------------------

    def _watch(self) -> None:
        looked = time.monotonic()
        while not self._stop.wait(LOOK):
            self._renew_root_key()
            self._children.restart_dead()
            if time.monotonic() - looked > CERTIFICATE_LOOK:
                looked = time.monotonic()
                with suppress(OSError):  # disk full: keep the old certificate until there is space
                    self._renew_certificate()

    def _renew_certificate(self) -> None:
        """Renew the certificate if it expires soon, or if the clock was set back to before its start."""
        if self._tls is None:
            return
        before = self._tls.certificate.stat().st_mtime_ns
        self._certificate(self._tls.password)
        if self._tls.certificate.stat().st_mtime_ns == before:
            return
        self._say("证书已更新，控制台重新启动 / the certificate was renewed; the console starts again")
        for child in self._children.all:
            if child.name == "web" and child.process is not None:
                child.process.terminate()

    def _on_signal(self, _number: int, _frame: FrameType | None) -> None:
        self._stop.set()

    def _shut_down(self) -> None:
        self._stop.set()
        self.config.run_file.unlink(missing_ok=True)
        self.config.caller_file.unlink(missing_ok=True)
        self._children.end()
        if self._children.all and self.config.database.exists():
            _fold_log(self.config.database)
        self._lock.free()


def _fold_log(database: Path) -> None:
    """Merge the write-ahead log into the embedded database; processes ended by a signal do not do this themselves."""
    with (
        suppress(sqlite3.Error),
        closing(sqlite3.connect(database)) as opened,
    ):  # on failure, the next start does it
        opened.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _database_url() -> str:
    return os.environ.get("WAYBILLGUARD_DATABASE_URL", "")


def _given_secret() -> bytes:
    """Return the callers' secret of a keyd with its own systemd unit; empty if `up` starts keyd."""
    path = os.environ.get("WAYBILLGUARD_CALLERS_FILE")
    return bytes.fromhex(Path(path).read_text(encoding="ascii").strip()) if path else b""


def demo_data_dir() -> Path:
    """Return the demo's data folder, below the current directory so that it is easy to delete."""
    return Path.cwd() / ".demo"
