"""A timestamp authority (`openssl ts`) on its own port."""

import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from support.missing import missing

_CONFIG = """
[tsa]
default_tsa = main
[main]
serial = serial
signer_cert = tsa.pem
signer_key = tsa.key
default_policy = 1.2.3.4.1
signer_digest = sha256
digests = sha256, sha512
ess_cert_id_alg = sha256
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign
[stamps]
basicConstraints = critical, CA:FALSE
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
"""


@dataclass
class Authority:
    """Issues timestamps over HTTP; ``broken`` returns a timestamp for another request, ``down`` an error."""

    folder: Path
    url: str = ""
    asked: int = 0
    down: bool = False
    replay: bytes = b""
    sent: list[bytes] = field(default_factory=list)

    @property
    def roots(self) -> Path:
        return self.folder / "root.pem"

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def make(self) -> None:
        """Create the root and signing certificates."""
        if shutil.which("openssl") is None:
            missing("openssl", "install the package openssl")
        self.folder.mkdir(parents=True)
        (self.folder / "ts.cnf").write_text(_CONFIG)
        (self.folder / "serial").write_text("01\n")
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes")
        self._openssl(
            "req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-subj",
            "/CN=test root", "-config", "ts.cnf", "-extensions", "root", "-set_serial", "1",
        )  # fmt: skip
        self._openssl(
            "req",
            *key,
            "-keyout",
            "tsa.key",
            "-out",
            "tsa.csr",
            "-subj",
            "/CN=test stamps",
            "-config",
            "ts.cnf",
        )
        self._openssl(
            "x509", "-req", "-in", "tsa.csr", "-CA", "root.pem", "-CAkey", "root.key", "-out", "tsa.pem",
            "-days", "30", "-extfile", "ts.cnf", "-extensions", "stamps", "-set_serial", "2",
        )  # fmt: skip

    def answer(self, query: bytes) -> bytes:
        """Return the timestamp response for a query."""
        self.asked += 1
        if self.replay:
            return self.replay
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl(
            "ts",
            "-reply",
            "-config",
            "ts.cnf",
            "-section",
            "main",
            "-queryfile",
            "query.tsq",
            "-out",
            "reply.tsr",
        )
        self.sent.append((self.folder / "reply.tsr").read_bytes())
        return self.sent[-1]


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Run an authority."""
    made = Authority(folder)
    made.make()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            body = b"" if made.down else made.answer(query)
            self.send_response(500 if made.down else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Write no access log."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_address[1]}/"
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield made
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
