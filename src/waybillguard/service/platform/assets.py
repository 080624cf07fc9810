"""The console's static files, hashed and compressed once and kept in memory."""

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
    """One static file."""

    path: Path
    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """The first 12 hex digits of the content's SHA-256; part of the URL."""
        return hashlib.sha256(self.content).hexdigest()[:12]

    @cached_property
    def compressed(self) -> bytes | None:
        """The gzip-compressed content; None if compression does not pay."""
        if self.path.suffix not in _COMPRESSIBLE:
            return None
        small = gzip.compress(self.content, 9, mtime=0)
        return small if len(small) < len(self.content) else None

    @property
    def content_type(self) -> str:
        """The media type, from the file's extension."""
        guessed = mimetypes.guess_type(self.path.name)[0] or "application/octet-stream"
        return _TYPES.get(self.path.suffix, guessed)


@cache
def assets() -> dict[str, Asset]:
    """Return all served files by their path below ``/static/``."""
    found: dict[str, Asset] = {}
    for folder in reversed(_FOLDERS):
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                found[path.relative_to(folder).as_posix()] = Asset(path, path.read_bytes())
    return found


@cache
def address(name: str) -> str:
    """Return the URL of a file; it changes with the content, so browsers may cache it forever.

    Raises:
        KeyError: the package has no such file.
    """
    return f"/static/{assets()[name].digest}/{name}"
