"""Fixtures that every room's tests share."""

import os
from pathlib import Path

import pytest
from hypothesis import settings
from support.missing import missing

# Times are measured by the benches; a busy machine must not fail a property.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of measurement data that is never committed (``WAYBILLGUARD_TEST_DATA``)."""
    folder = os.environ.get("WAYBILLGUARD_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("measurement data", "set WAYBILLGUARD_TEST_DATA to its folder")
    return Path(folder)
