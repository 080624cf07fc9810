"""Paths of an installation, and the secrets that keyd gives to the other processes.

One data folder holds database, ledger, sealed key file and spool. The passphrase of the key file is stored elsewhere,
so that a copy of the data folder cannot be decrypted. Files that only keyd may read are in a separate folder
(``keyd_dir``), which is hidden from the other processes (`operations.isolation`).
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
    """Return this program's configuration folder of the user; it is never inside a data folder."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "waybillguard"


@dataclass(frozen=True)
class Config:
    """Paths of one installation, all below ``data_dir`` except passphrase, sign-in token and keyd's socket."""

    data_dir: Path

    @property
    def database(self) -> Path:
        """The embedded database; SQLite keeps its log, shared memory and writer lock in files beside it."""
        return self.data_dir / "database" / "waybillguard.sqlite3"

    @property
    def keyd_dir(self) -> Path:
        """The folder that only keyd uses: root key, people, shred list, ledger and its witnesses."""
        return self.data_dir / "keyd"

    @property
    def key_file(self) -> Path:
        """The root key, sealed under the passphrase (Argon2id)."""
        return self.keyd_dir / "root.key"

    @property
    def rollover_lock(self) -> Path:
        """Lock held during a replacement of the root key."""
        return self.keyd_dir / "rollover.lock"

    @property
    def people_file(self) -> Path:
        """The people known to keyd, with roles, factors and limits; encrypted."""
        return self.keyd_dir / "people.sealed"

    @property
    def shred_list(self) -> Path:
        """The list of shredded records, which keyd never decrypts again."""
        return self.keyd_dir / "shredded.jsonl"

    @property
    def ledger_dir(self) -> Path:
        """The ledger, which records every access."""
        return self.keyd_dir / "ledger"

    @property
    def service_lock(self) -> Path:
        """Lock held by every process of the running service."""
        return self.data_dir / "service.lock"

    @property
    def maintenance_lock(self) -> Path:
        """Lock held during a restore or move; no service starts meanwhile. Not in backups."""
        return self.data_dir / ".maintenance.lock"

    @property
    def witness_file(self) -> Path:
        """The witnesses of the ledger: a C2SP tlog-policy file (``witness NAME VKEY URL``, ``quorum``)."""
        return self.keyd_dir / "witness.policy"

    @property
    def mirror_file(self) -> Path:
        """The mirror of the ledger: a folder, preferably on another disk, and whether it is required."""
        return self.keyd_dir / "mirror.path"

    @property
    def timestamp_file(self) -> Path:
        """The URL of the RFC 3161 authority that time-stamps the ledger daily; without the file, none is asked."""
        return self.keyd_dir / "timestamp.url"

    @property
    def timestamp_roots(self) -> Path:
        """Root certificates (PEM) that must verify the time stamps; without the file any are accepted."""
        return self.keyd_dir / "timestamp.pem"

    @property
    def shared_dirs(self) -> tuple[Path, ...]:
        """Folders that web and worker write to: database, spool, access events, proofs, logs for platforms."""
        names = ("events", "evidence", "platform-logs")
        return (self.database.parent, self.spool_dir, *(self.data_dir / name for name in names))

    @property
    def temporary_dir(self) -> Path:
        """Temporary files of web and worker, one folder each; emptied at every start. Not in backups."""
        return self.data_dir / ".temporary"

    @property
    def notices_file(self) -> Path:
        """Settings for sending notices to buyers (``service.scams.sending``); without the file, none is sent."""
        return self.data_dir / "notices.json"

    @property
    def prepared_file(self) -> Path:
        """The program version that last prepared the database (`operations.prepared`). Not in backups."""
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
        """The address of the running service, for shell commands of the same user."""
        return self.data_dir / "service.json"

    @cached_property
    def fingerprint(self) -> str:
        """A short identifier of this data folder, for names of files outside it."""
        return hashlib.sha256(str(self.data_dir.resolve()).encode()).hexdigest()[:16]

    @property
    def keyd_socket(self) -> Path:
        """Unix socket of the key process: in the user's runtime folder, else in a private one of /tmp.

        The kernel limits the path to 107 bytes, so a runtime folder with a longer path is not used.
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
        """The credential of the service user's shell at keyd (`keyd.callers`); web and worker cannot read it."""
        return self.data_dir / "shell.caller"

    @property
    def passphrase_file(self) -> Path:
        """The passphrase file: ``WAYBILLGUARD_PASSPHRASE_FILE``, else a file outside the data folder."""
        if given := os.environ.get("WAYBILLGUARD_PASSPHRASE_FILE"):
            return Path(given)
        return default_config_dir() / "unlock" / f"{self.fingerprint}.passphrase"

    @property
    def token_file(self) -> Path:
        """The token of ``waybillguard login``; mode 0600."""
        return default_config_dir() / "tokens" / f"{self.fingerprint}.json"


def ensure_private_dir(path: Path) -> Path:
    """Create a directory that only this user can access.

    Raises:
        PermissionError: the directory exists and belongs to another user, or is open to all users like ``/tmp``.
    """
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.stat()
    if found.st_uid != os.getuid() or found.st_mode & stat.S_ISVTX:
        raise PermissionError(f"{path} belongs to another user, or to all")
    path.chmod(0o700)
    return path


def write_private(path: Path, content: bytes) -> None:
    """Write a file of mode 0600 atomically. An existing folder keeps its mode."""
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
    """Set Django's secret key for this process, before the settings are loaded."""
    global _process_secret  # noqa: PLW0603 - handed over once, by the process that starts Django
    if "django.conf" in sys.modules:
        from django.conf import settings

        if settings.configured and secret != settings.SECRET_KEY:
            raise RuntimeError("settings were read before the secret key arrived")
    _process_secret = secret


def process_secret() -> str:
    """Return the secret of this process; a random one if it serves no sessions (migrations)."""
    return _process_secret or secrets.token_hex(32)
