"""Where the service keeps its things, and the secrets the key process hands to its siblings.

One data folder holds database, ledger, sealed key file and spool; the passphrase that opens the key
file lies elsewhere, so that an image of the data folder opens nothing. What keyd alone may read lies in a folder of
its own (``keyd_dir``), so that other processes can be kept out of it (`operations.isolation`).
"""

import hashlib
import os
import secrets
import stat
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

_SOCKET_PATH = 107


def default_data_dir() -> Path:
    """Return ``$WAYBILLGUARD_HOME``, else the user's data folder (XDG base directory specification)."""
    if home := os.environ.get("WAYBILLGUARD_HOME"):
        return Path(home)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "waybillguard"


def default_config_dir() -> Path:
    """Return the user's configuration folder for this program; never inside a data folder."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "waybillguard"


@dataclass(frozen=True)
class Config:
    """Paths of one installation, all below ``data_dir`` but for the passphrase."""

    data_dir: Path

    @property
    def database(self) -> Path:
        """The embedded database; the files beside it are its own (log, shared memory, the queue of writers)."""
        return self.data_dir / "database" / "waybillguard.sqlite3"

    @property
    def keyd_dir(self) -> Path:
        """What belongs to keyd alone: root key, people, shred list, ledger and who watches over it."""
        return self.data_dir / "keyd"

    @property
    def key_file(self) -> Path:
        """The root key, sealed under the passphrase (Argon2id)."""
        return self.keyd_dir / "root.key"

    @property
    def rollover_lock(self) -> Path:
        """Held by whoever replaces the root key."""
        return self.keyd_dir / "rollover.lock"

    @property
    def people_file(self) -> Path:
        """Whom keyd knows: roles, factors, limits; encrypted."""
        return self.keyd_dir / "people.sealed"

    @property
    def shred_list(self) -> Path:
        """What was shredded and is never opened again."""
        return self.keyd_dir / "shredded.jsonl"

    @property
    def ledger_dir(self) -> Path:
        """The record of every look."""
        return self.keyd_dir / "ledger"

    @property
    def service_lock(self) -> Path:
        """Held by every process of a service that runs on the folder."""
        return self.data_dir / "service.lock"

    @property
    def maintenance_lock(self) -> Path:
        """Held by who restores or moves the folder; no service starts meanwhile. In no backup."""
        return self.data_dir / ".maintenance.lock"

    @property
    def witness_file(self) -> Path:
        """Who witnesses the ledger: a C2SP tlog-policy file (``witness NAME VKEY URL``, ``quorum``)."""
        return self.keyd_dir / "witness.policy"

    @property
    def mirror_file(self) -> Path:
        """Where the ledger is mirrored to: a folder, best on another disk, and whether it is required."""
        return self.keyd_dir / "mirror.path"

    @property
    def timestamp_file(self) -> Path:
        """Address of the RFC 3161 authority that stamps the ledger daily; absent: none is asked."""
        return self.keyd_dir / "timestamp.url"

    @property
    def timestamp_roots(self) -> Path:
        """Root certificates (PEM) under which its stamps must verify; absent: any are taken."""
        return self.keyd_dir / "timestamp.pem"

    @property
    def shared_dirs(self) -> tuple[Path, ...]:
        """Folders that web and worker write in: database, spool, access events, proofs, logs for platforms."""
        names = ("events", "evidence", "platform-logs")
        return (self.database.parent, self.spool_dir, *(self.data_dir / name for name in names))

    @property
    def temporary_dir(self) -> Path:
        """Temporary files of web and worker, a folder each; emptied at every start, in no backup."""
        return self.data_dir / ".temporary"

    @property
    def notices_file(self) -> Path:
        """Where notices to buyers of our own shops go (``service.scams.sending``); absent: none is sent directly."""
        return self.data_dir / "notices.json"

    @property
    def prepared_file(self) -> Path:
        """With which program the database was prepared last (`operations.prepared`); in no backup."""
        return self.data_dir / "prepared"

    @property
    def spool_dir(self) -> Path:
        """Uploads and label files, encrypted, short-lived."""
        return self.data_dir / "spool"

    @property
    def tls_dir(self) -> Path:
        """Certificate authority and server certificate; private keys encrypted."""
        return self.data_dir / "tls"

    @property
    def run_file(self) -> Path:
        """Address of the running service, for shell commands of the same user."""
        return self.data_dir / "service.json"

    @cached_property
    def fingerprint(self) -> str:
        """A short name of this data folder, for things that lie outside it."""
        return hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:16]

    @property
    def keyd_socket(self) -> Path:
        """Unix socket of the key process: in the user's runtime folder, else in a private one of /tmp.

        The kernel allows a path of 107 bytes, so a runtime folder deep in the tree is passed over.
        """
        if given := os.environ.get("WAYBILLGUARD_KEYD_SOCKET"):
            return Path(given)
        name = f"keyd-{self.fingerprint}.sock"
        runtime = os.environ.get("XDG_RUNTIME_DIR")
        if runtime and len(os.fsencode(f"{runtime}/{name}")) <= _SOCKET_PATH:
            return Path(runtime) / name
        return Path(f"/tmp/waybillguard-{os.getuid()}") / name  # noqa: S108 - made 0700 and its owner checked by ensure_private_dir

    @property
    def caller_file(self) -> Path:
        """What the shell of the service's own user shows to keyd (`keyd.callers`); web and worker cannot read it."""
        return self.data_dir / "shell.caller"

    @property
    def passphrase_file(self) -> Path:
        """Where the passphrase lies when nobody gave another place: outside the data folder."""
        if given := os.environ.get("WAYBILLGUARD_PASSPHRASE_FILE"):
            return Path(given)
        return default_config_dir() / "unlock" / f"{self.fingerprint}.passphrase"

    @property
    def token_file(self) -> Path:
        """The shell's sign-in (``waybillguard login``), mode 0600."""
        return default_config_dir() / "tokens" / f"{self.fingerprint}.json"


def ensure_private_dir(path: Path) -> Path:
    """Make ``path`` for this user alone.

    Raises:
        PermissionError: it exists and belongs to somebody else, or is everybody's, as ``/tmp`` is.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.stat()
    if found.st_uid != os.getuid() or found.st_mode & stat.S_ISVTX:
        raise PermissionError(f"{path} belongs to another user, or to all")
    path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 in one step: it is there whole or not at all. A folder that exists stays as it is."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as handle:
            handle.write(content)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


_process_secret: str | None = None


def use_process_secret(secret: str) -> None:
    """Set Django's secret key for this process before settings are read."""
    global _process_secret  # noqa: PLW0603 - handed over once, by the process that starts Django
    if "django.conf" in sys.modules:
        from django.conf import settings

        if settings.configured and secret != settings.SECRET_KEY:
            raise RuntimeError("settings were read before the secret key arrived")
    _process_secret = secret


def process_secret() -> str:
    """Return the secret of this process; a random one where no sessions are served (migrations)."""
    return _process_secret or secrets.token_hex(32)
