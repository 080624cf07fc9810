"""Whether the ledger is older than the database beside it: entries are gone that the database holds receipts of.

Witnesses show that as well; this needs none. It is what an old copy of the ledger's folder looks like.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from waybillguard.service.platform.config import Config


class Missing(NamedTuple):
    """A shard of the ledger that ends before an entry the database has a receipt of."""

    shard: str
    entries: int
    receipt: int

    @property
    def zh(self) -> str:
        """What is the case, in Chinese."""
        return (
            f"台账 {self.shard} 比数据库旧：数据库持有第 {self.receipt} 条的回执，台账只有 {self.entries} 条。"
            "台账目录可能被换成了旧副本，其后的查看记录不在其中。"
        )

    @property
    def en(self) -> str:
        """What is the case, in English."""
        return (
            f"the ledger {self.shard} is older than the database: that holds the receipt of entry {self.receipt}, the "
            f"ledger has {self.entries} entries. Its folder may be an old copy; looks since then are not in it."
        )


def missing_entries(config: Config, entries: Mapping[str, int]) -> list[Missing]:
    """Compare receipts of imports in the embedded database with how many entries each shard holds.

    Args:
        config: the data folder.
        entries: entries of each shard, by name; one that is not named holds none.
    """
    try:
        with closing(sqlite3.connect(f"file:{config.database}?mode=ro", uri=True, timeout=10)) as database:
            rows = database.execute(
                "SELECT receipt ->> 'origin', max(receipt ->> 'index') FROM vault_batch WHERE state = 'committed' "
                "AND receipt ->> 'origin' IS NOT NULL GROUP BY 1"
            ).fetchall()
    except sqlite3.Error:
        return []  # none yet, busy or damaged: other checks say so
    receipts = [(str(origin).rpartition("/")[2], int(index)) for origin, index in rows]
    return [
        Missing(shard, entries.get(shard, 0), index)
        for shard, index in receipts
        if index >= entries.get(shard, 0)
    ]
