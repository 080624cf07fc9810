"""A ledger folder older than its database is noticed without a witness."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from waybillguard.service.operations.ledger_age import Missing, missing_entries
from waybillguard.service.platform.config import Config


@pytest.fixture
def folder(tmp_path: Path) -> Config:
    """A database with two committed imports and one that is only previewed."""
    config = Config(tmp_path)
    config.database.parent.mkdir()
    rows = [("committed", 4), ("committed", 9), ("preview", 30)]
    with closing(sqlite3.connect(config.database)) as database:
        database.execute("CREATE TABLE vault_batch (state text, receipt text)")
        for state, index in rows:
            receipt = {"origin": "waybillguard.example/abc/main-2026", "index": index}
            database.execute("INSERT INTO vault_batch VALUES (?, ?)", (state, json.dumps(receipt)))
        database.execute("INSERT INTO vault_batch VALUES ('committed', '{}')")
        database.commit()
    return config


def test_a_ledger_that_holds_every_receipt_is_in_order(folder: Config) -> None:
    assert missing_entries(folder, {"main-2026": 10}) == []


@pytest.mark.parametrize("entries", [{"main-2026": 9}, {"main-2026": 3}, {"other-2026": 50}, {}])
def test_a_ledger_that_ends_before_a_receipt_is_older(folder: Config, entries: dict[str, int]) -> None:
    (missing,) = missing_entries(folder, entries)
    assert missing == Missing("main-2026", entries.get("main-2026", 0), 9)
    assert "9" in missing.zh
    assert "receipt" in missing.en


def test_a_folder_without_a_database_says_nothing(tmp_path: Path) -> None:
    assert missing_entries(Config(tmp_path), {}) == []
