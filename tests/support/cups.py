"""A real CUPS server with the test's own folder, port and queues."""

import shutil
import socket
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Self

from support.ports import free_port

CUPSD = shutil.which("cupsd", path="/usr/sbin:/usr/local/sbin:/usr/bin") or ""
LPADMIN = shutil.which("lpadmin", path="/usr/sbin:/usr/local/sbin:/usr/bin") or ""

_SERVER = """\
Listen 127.0.0.1:{port}
Listen {root}/cups.sock
DefaultAuthType None
DefaultEncryption IfRequested
LogLevel warn
MaxLogSize 0
Browsing No
WebInterface No
PreserveJobHistory {history}
PreserveJobFiles No
ErrorPolicy retry-current-job
JobRetryInterval 1
<Location />
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Location /admin>
  Order allow,deny
  Allow from 127.0.0.1
</Location>
<Policy default>
  JobPrivateAccess all
  JobPrivateValues none
  <Limit All>
    Order allow,deny
    Allow from 127.0.0.1
  </Limit>
</Policy>
"""
_FILES = """\
ServerRoot {root}/etc
RequestRoot {root}/spool
TempDir {root}/spool/tmp
CacheDir {root}/cache
StateDir {root}/state
AccessLog {root}/access.log
ErrorLog {root}/error.log
PageLog {root}/page.log
ServerKeychain {root}/ssl
CreateSelfSignedCerts yes
FileDevice Yes
SystemGroup root
"""


class Cups:
    """One print server; ``queue`` creates a queue."""

    def __init__(self, history: str = "300") -> None:
        self._history = history

    def __enter__(self) -> Self:
        self.root = Path(tempfile.mkdtemp(prefix="wg-cups-", dir="/tmp"))
        self.root.chmod(0o755)
        for name in ("etc/ppd", "spool/tmp", "cache", "state/certs", "ssl"):
            (self.root / name).mkdir(parents=True)
        for name in ("raw.convs", "raw.types"):
            if (Path("/etc/cups") / name).exists():
                shutil.copy(Path("/etc/cups") / name, self.root / "etc" / name)
        self.port = free_port()
        values = {"root": self.root, "port": self.port, "history": self._history}
        (self.root / "cupsd.conf").write_text(_SERVER.format(**values))
        (self.root / "cups-files.conf").write_text(_FILES.format(**values))
        command = [CUPSD, "-f", "-c", str(self.root / "cupsd.conf"), "-s", str(self.root / "cups-files.conf")]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 20
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise RuntimeError(f"cupsd ended: {self._log()}")
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return self
            time.sleep(0.05)
        raise RuntimeError(f"cupsd does not listen: {self._log()}")

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.root, ignore_errors=True)

    def queue(self, name: str, device: str, *, info: str = "", accepts: bool = True) -> str:
        """Create a raw queue for a device and return its address."""
        arguments = ["-p", name, "-v", device, "-m", "raw", "-D", info or name]
        if accepts:
            arguments.append("-E")
        subprocess.run(
            [LPADMIN, "-h", f"127.0.0.1:{self.port}", *arguments], check=True, capture_output=True, timeout=20
        )
        return f"ipp://127.0.0.1:{self.port}/printers/{name}"

    def spooled(self) -> list[Path]:
        """Return the job files (``d…``) in the spool."""
        return sorted((self.root / "spool").glob("d*"))

    def _log(self) -> str:
        path = self.root / "error.log"
        return path.read_text(errors="replace")[-2000:] if path.exists() else "no log"
