"""Names of tenants and batches as names of folders and files, whatever the names are.

A tenant may be called ``../../etc``, ``CON`` or 西湖一仓; two tenants may differ in case alone. A folder's
name is either the tenant's own, if that is plain lower-case ASCII, or a hash of it. Readers never take the
tenant's name back from the folder: it stands in the rows.
"""

import re
from hashlib import sha256
from typing import Final

_PLAIN: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,59}")
_HASHED: Final = "h-"
_HASH_DIGITS: Final = 32


def safe_name(name: str) -> str:
    """Return a name of a file or folder that stands for ``name`` and for no other.

    >>> safe_name("yuyao-1"), safe_name("../../etc")[:8], safe_name("Yuyao-1")[:2]
    ('yuyao-1', 'h-74ccf3', 'h-')
    """
    if _PLAIN.fullmatch(name) and not name.startswith(_HASHED):
        return name
    return _HASHED + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:_HASH_DIGITS]


def day_folder(tenant: str, day: int) -> str:
    """Return the folder of a tenant's day below the root, with ``/``."""
    return f"tenant={safe_name(tenant)}/day={day}"


def part_file(name: str) -> str:
    """Return the file name of the part that a batch writes into a day."""
    return f"part-{safe_name(name)}.parquet"
