"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest
from support.missing import missing


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of measurement data that is never committed (``WAYBILLGUARD_TEST_DATA``)."""
    folder = os.environ.get("WAYBILLGUARD_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("measurement data", "set WAYBILLGUARD_TEST_DATA to its folder")
    return Path(folder)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put the browser's tests last: its event loop stays in the thread, and others start their own."""
    browser = Path(__file__).parent / "browser"
    items.sort(key=lambda item: browser in item.path.parents)
