"""Short-lived encrypted files: uploads and label files, each under its own key, wrapped by keyd.

Nothing is stored in the clear, and files that no row names are deleted.
"""

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db.models import Model
from django_scopes import scopes_disabled

from waybillguard.seal import SealedReader, StreamSealer
from waybillguard.service.keyd import messages
from waybillguard.service.platform.config import ensure_private_dir
from waybillguard.service.platform.hooks import Registry
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

_OWNERS: Registry[type[Model]] = Registry()
READ_SIZE = 256 * 1024


class SpoolWriter:
    """Encrypts data into a new spool file.

    Use as a context manager; an exception removes the file. ``what`` binds its key to one kind of waiting upload
    (`keyd.files.WAITING`).
    """

    def __init__(self, tenant: Tenant, what: str = "") -> None:
        data_key = keyd().call(messages.NewDataKey(tenant=tenant.slug, what=what), messages.DataKey)
        self.wrapped_key = data_key.wrapped
        self.name = secrets.token_hex(16)
        self.size = 0
        self._hash = hashlib.sha256()
        self._path = spool_path(self.name)
        ensure_private_dir(self._path.parent)
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        self._file = os.fdopen(descriptor, "wb")
        self._stream = StreamSealer(data_key.key)

    @property
    def sha256(self) -> bytes:
        """SHA-256 of the plaintext written so far."""
        return self._hash.digest()

    def write(self, data: bytes) -> int:
        """Encrypt and append ``data``."""
        self._hash.update(data)
        self.size += len(data)
        self._file.write(self._stream.update(data))
        return len(data)

    def finish(self) -> None:
        """Seal the end of the file, so that a reader detects truncation."""
        self._file.write(self._stream.finish())
        self._file.flush()
        os.fsync(self._file.fileno())
        self._file.close()

    def abandon(self) -> None:
        """Remove the file."""
        self._file.close()
        self._path.unlink(missing_ok=True)


def spool_path(name: str) -> Path:
    """Return the path of a spool file."""
    return Path(settings.CONFIG.spool_dir) / name


def open_spool(context: messages.Context, what: str, name: str, wrapped_key: bytes) -> SealedReader:
    """Open a spool file for reading its plaintext from start to end, after recording it in the ledger.

    Args:
        context: who opens it.
        what: the kind of file (`keyd.files.SPOOLED`).
        name: the file's name.
        wrapped_key: its key as stored in the database.
    """
    request = messages.OpenDataKey(context=context, wrapped=wrapped_key, what=what)
    return SealedReader(keyd().call(request, messages.DataKey).key, spool_path(name).open("rb"))


def spool_chunks(context: messages.Context, what: str, name: str, wrapped_key: bytes) -> Iterator[bytes]:
    """Yield the plaintext of a spool file in pieces; see `open_spool`."""
    with open_spool(context, what, name, wrapped_key) as reader:
        while piece := reader.read(READ_SIZE):
            yield piece


def remove_spool(name: str) -> None:
    """Remove a spool file if it is still there."""
    if name:
        spool_path(name).unlink(missing_ok=True)


def spool_owner[M: type[Model]](model: M) -> M:
    """Register a model whose rows name spool files in ``spool_name``; these files are not swept."""
    _OWNERS.add(model)
    return model


def is_claimed(name: str) -> bool:
    """Return whether a row of any registered model, of any tenant, names a spool file."""
    with scopes_disabled():
        return any(model._default_manager.filter(spool_name=name).exists() for model in _OWNERS)  # noqa: SLF001


def sweep_spool(older_than: float = 3600.0) -> int:
    """Remove unnamed files older than ``older_than`` seconds; return how many."""
    folder = Path(settings.CONFIG.spool_dir)
    if not folder.is_dir():
        return 0
    # List the folder first, so that files claimed meanwhile are found in the rows.
    old = [path for path in folder.iterdir() if time.time() - path.stat().st_mtime > older_than]
    with scopes_disabled():
        keep = {
            name
            for model in _OWNERS
            for name in model._default_manager.exclude(spool_name="").values_list("spool_name", flat=True)  # noqa: SLF001
        }
    removed = 0
    for path in old:
        if path.name not in keep:
            path.unlink(missing_ok=True)
            removed += 1
    return removed
