"""Shared fixtures of the events tests: one Spark session per test process, because it takes seconds to start."""

import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest
from support.missing import missing

#: For small tables and queries that run once: compiling well would take longer than what is compiled.
SHORT_LIVED = {
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
}


@pytest.fixture(scope="session")
def spark() -> Iterator[Any]:
    """A Spark session on this machine."""
    if find_spec("pyspark") is None:
        missing("pyspark", "install the extra [spark]")
    if shutil.which("java") is None:
        missing("Java 17 or newer", "Spark runs on it; install a JRE")
    from waybillguard.events.engines.spark import local_session

    session = local_session(settings=SHORT_LIVED)
    yield session
    session.stop()
