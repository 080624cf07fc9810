"""Names of shards: one shard per warehouse and quarter."""

import hashlib
import re
import time

_PLAIN = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")


def shard_name(tenant: str, local_s: int) -> str:
    """Return the name of the shard for a tenant at a local time (POSIX seconds plus the zone's offset).

    >>> shard_name("hz-01", 1_795_000_000)
    'hz-01-2026q4'
    """
    date = time.gmtime(local_s)
    return f"{tenant_slug(tenant)}-{date.tm_year}q{(date.tm_mon + 2) // 3}"


def tenant_slug(tenant: str) -> str:
    """Return a tenant's part of a shard name: its own name if it is plain, else a short hash ("": house)."""
    if not tenant:
        return "house"
    if _PLAIN.fullmatch(tenant):
        return tenant
    return "t" + hashlib.sha256(tenant.encode()).hexdigest()[:16]
