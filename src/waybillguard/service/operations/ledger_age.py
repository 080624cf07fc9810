"""Detect a ledger older than its database: the database holds receipts of entries that the ledger lacks.

This happens if the ledger's folder is replaced by an old copy. Witnesses detect it too; this check needs none.
"""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from typing import NamedTuple

from waybillguard.service.platform.config import Config


class Missing(NamedTuple):
    """A ledger shard that lacks an entry of which the database has a receipt."""

    shard: str
    entries: int
    receipt: int

    @property
    def zh(self) -> str:
        """The description in Chinese."""
        return (
            f"台账 {self.shard} 比数据库旧：数据库持有第 {self.receipt} 条的回执，台账只有 {self.entries} 条。"
            "台账目录可能被换成了旧副本，其后的查看记录不在其中。"
        )

    @property
    def en(self) -> str:
        """The description in English."""
        return (
            f"the ledger {self.shard} is older than the database: that holds the receipt of entry {self.receipt}, the "
            f"ledger has {self.entries} entries. Its folder may be an old copy; looks since then are not in it."
        )


def missing_entries(config: Config, entries: Mapping[str, int]) -> list[Missing]:
    """Compare the receipts of imports in the embedded database with the number of entries of each shard.

    Args:
        config: the data folder.
        entries: number of entries of each shard, by name; a missing shard counts as empty.
    """
    try:
        with closing(sqlite3.connect(f"file:{config.database}?mode=ro", uri=True, timeout=10)) as database:
            rows = database.execute(
                "SELECT receipt ->> 'origin', max(receipt ->> 'index') FROM vault_batch WHERE state = 'committed' "
                "AND receipt ->> 'origin' IS NOT NULL GROUP BY 1"
            ).fetchall()
    except sqlite3.Error:
        return []  # missing, busy or damaged: reported by other checks
    receipts = [(str(origin).rpartition("/")[2], int(index)) for origin, index in rows]
    return [
        Missing(shard, entries.get(shard, 0), index)
        for shard, index in receipts
        if index >= entries.get(shard, 0)
    ]
