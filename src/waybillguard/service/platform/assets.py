"""The static files the console serves itself: hashed once, compressed once, kept in memory."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass, field
from functools import cache, cached_property
from importlib.resources import files
from pathlib import Path

_FOLDERS = (
    Path(str(files("waybillguard.service.platform"))) / "static",
    Path(str(files("allauth.mfa"))) / "static",
    Path(str(files("allauth.account"))) / "static",
)
_COMPRESSIBLE = frozenset({".css", ".js", ".svg", ".txt", ".json"})
_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it goes out."""

    path: Path
    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """First 12 hex digits of the content's SHA-256: part of its address."""
        return hashlib.sha256(self.content).hexdigest()[:12]

    @cached_property
    def compressed(self) -> bytes | None:
        """The gzip form, where it pays."""
        if self.path.suffix not in _COMPRESSIBLE:
            return None
        small = gzip.compress(self.content, 9, mtime=0)
        return small if len(small) < len(self.content) else None

    @property
    def content_type(self) -> str:
        """Media type by the file's ending."""
        guessed = mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"
        return _TYPES.get(self.path.suffix, guessed)


@cache
def assets() -> dict[str, Asset]:
    """Return every served file by its name below ``/static/``."""
    found: dict[str, Asset] = {}
    for folder in reversed(_FOLDERS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = Asset(path, path.read_bytes())
    return found


@cache
def address(name: str) -> str:
    """Return the address of a file; it changes with the content, so browsers may keep it for ever.

    Raises:
        KeyError: no such file is in the package.
    """
    return f"/static/{assets()[name].digest}/{name}"
