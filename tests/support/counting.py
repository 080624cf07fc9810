"""Count the database cost of an operation: statements, and writing transactions."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.test.utils import CaptureQueriesContext

_WRITES = ("INSERT", "UPDATE", "DELETE")


@dataclass
class Cost:
    """The counts, set when the block ends."""

    statements: int = 0
    writing: int = 0


@contextmanager
def cost() -> Iterator[Cost]:
    """Count within the block. The test must use real transactions."""
    counted = Cost()
    with CaptureQueriesContext(connection) as captured:
        yield counted
    inside = False
    for query in captured.captured_queries:
        text = query["sql"].removeprefix("1 times: ").lstrip().upper()
        if text.startswith("BEGIN"):
            inside = True
            counted.writing += 1
        elif text.startswith(("COMMIT", "ROLLBACK")):
            inside = False
        else:
            counted.statements += 1
            counted.writing += text.startswith(_WRITES) and not inside
