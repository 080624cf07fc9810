"""Fixtures that every room's tests share."""

import gc
import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock

import pytest
from hypothesis import settings
from support.missing import missing

if TYPE_CHECKING:
    from support.first_start import FirstStart

# Times are measured by the benches; a busy machine must not fail a property.
settings.register_profile("no deadline", deadline=None)
settings.load_profile("no deadline")


def pytest_collection_finish() -> None:
    """Modules and tests live until the end: the collector need not look at them again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 20, 100)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Workers take the files with slow tests first: a long one that begins last leaves the other worker idle."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        slow = {item.path for item in items if item.get_closest_marker("slow")}
        items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def test_data() -> Path:
    """The folder of measurement data that is never committed (``WAYBILLGUARD_TEST_DATA``)."""
    folder = os.environ.get("WAYBILLGUARD_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        missing("measurement data", "set WAYBILLGUARD_TEST_DATA to its folder")
    return Path(folder)


@pytest.fixture(scope="session")
def first_start(tmp_path_factory: pytest.TempPathFactory) -> "FirstStart":
    """A service after its first start, to be copied; made when the first test of this run wants one."""
    from support.first_start import FirstStart

    base = tmp_path_factory.getbasetemp()
    return FirstStart((base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "first-start")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> Iterator[None]:  # noqa: ARG001 - comes first
    """Make the tables of the tests' database as a first start does: at once."""
    from django.core.management.commands.migrate import Command
    from django.db import connections
    from django_scopes import scopes_disabled

    from waybillguard.service.operations.schema_state import make_tables

    step_by_step = Command.handle

    def handle(command: Command, *arguments: Any, **options: Any) -> None:
        if connections[options["database"]].introspection.table_names():
            step_by_step(command, *arguments, **options)
        else:
            with scopes_disabled():
                make_tables(options["database"])

    with mock.patch.object(Command, "handle", handle):
        yield
