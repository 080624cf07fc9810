"""Safe folder and file names for any names of tenants and batches.

A tenant may be called ``../../etc``, ``CON`` or 西湖一仓; two tenants may differ only in case. A folder's name is the
tenant's own name if that is plain lower-case ASCII, otherwise a hash of it. Readers take the tenant's name from the
rows, never from the folder.
"""

import re
from hashlib import sha256
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_HASHED: Final = "h-"
_HASH_DIGITS: Final = 32


def safe_name(name: str) -> str:
    """Return a file or folder name that is unique for ``name``.

    >>> safe_name("yuyao-1"), safe_name("../../etc")[:8], safe_name("Yuyao-1")[:2]
    ('yuyao-1', 'h-74ccf3', 'h-')
    """
    if _PLAIN.fullmatch(name) and not name.startswith(_HASHED):
        return name
    return _HASHED + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]


def day_folder(tenant: str, day: int) -> str:
    """Return the path of a tenant's day folder below the root, with ``/``."""
    return f"tenant={safe_name(tenant)}/day={day}"


def part_file(name: str) -> str:
    """Return the file name of a batch's part in a day."""
    return f"part-{safe_name(name)}.parquet"
