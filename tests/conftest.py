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
