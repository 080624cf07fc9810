"""A PostgreSQL server of our own for measurements and tests: on a socket in a temporary folder, then gone."""

import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Self

OWNER = "waybillguard"
_RUNUSER = shutil.which("runuser", path=os.environ.get("PATH", "") + ":/usr/sbin:/sbin") or "runuser"


def binaries() -> Path | None:
    """Return the folder of the newest installed server (Debian's layout), or None."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def cpu_seconds(pid: int) -> float:
    """Return the CPU seconds of a process, and of its children that have ended (proc(5), fields 14 to 17)."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


class Cluster:
    """One server; `url(name)` makes a database. The server refuses root, so root runs it as postgres.

    Args:
        options: settings of the server, ``name=value``.
        copy_of: data folder of a server of this class that has ended, instead of a new one.

    Raises:
        RuntimeError: no server is installed.
    """

    def __init__(self, *options: str, copy_of: Path | None = None) -> None:
        folder = binaries()
        if folder is None:
            raise RuntimeError("no PostgreSQL server is installed")
        self._bin = folder
        self._user = "postgres" if os.getuid() == 0 else pwd.getpwuid(os.getuid()).pw_name
        self.folder = Path(tempfile.mkdtemp(prefix="wg-pg-", dir="/tmp"))
        if os.getuid() == 0:
            shutil.chown(self.folder, self._user)
            self.folder.chmod(0o711)  # the service gives root's powers up and still has to reach the socket
        self._settings = ["listen_addresses=", f"unix_socket_directories={self.folder}", *options]
        data = str(self.folder / "data")
        if copy_of is not None:
            subprocess.run(["cp", "-a", str(copy_of), data], check=True)  # noqa: S603, S607 - our own words; keeps the owner
            self.start()
            return
        self._run(
            "initdb",
            "-D",
            data,
            "-A",
            "trust",
            "-U",
            "postgres",
            "--no-sync",
            "-E",
            "UTF8",
            "--locale=C.UTF-8",
        )
        self.start()
        self._run("createuser", "-h", str(self.folder), "-U", "postgres", OWNER)

    def __enter__(self) -> Self:
        """Run until the block ends."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop."""
        self.stop()

    def _run(self, program: str, *arguments: str) -> None:
        command = [str(self._bin / program), *arguments]
        if os.getuid() == 0:
            command = [_RUNUSER, "-u", self._user, "--", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")  # noqa: S603 - our own words

    def start(self) -> None:
        """Start the server, for the first time or after a crash."""
        self._run(
            "pg_ctl", "-D", str(self.folder / "data"), "-w", "-l", str(self.folder / "log"),
            "-o", " ".join(f"-c {setting}" for setting in self._settings), "start",
        )  # fmt: skip

    def crash(self) -> None:
        """End the server at once, in the middle of whatever it does; `start` recovers it."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "immediate", "stop")

    def end(self) -> None:
        """End the server in order, so that its data folder can be copied."""
        self._run("pg_ctl", "-D", str(self.folder / "data"), "-w", "-m", "fast", "stop")

    @property
    def pid(self) -> int:
        """The server's process, the parent of one process a connection."""
        return int((self.folder / "data" / "postmaster.pid").read_text(encoding="ascii").split()[0])

    def url(self, name: str, *, as_owner: bool = True, template: str = "") -> str:
        """Make an empty database, or a copy of ``template``, that an ordinary role owns, as it should be; return its URL.

        Without ``as_owner`` the URL is the administrator's, who may install extensions.
        """
        copied = ("-T", template) if template else ()
        self._run("createdb", "-h", str(self.folder), "-U", "postgres", "-O", OWNER, *copied, name)
        host = str(self.folder).replace("/", "%2F")
        return f"postgresql://{OWNER if as_owner else 'postgres'}@{host}/{name}"

    def stop(self) -> None:
        """Stop the server and remove its folder."""
        if (self.folder / "data" / "postmaster.pid").exists():
            self.crash()
        shutil.rmtree(self.folder, ignore_errors=True)
