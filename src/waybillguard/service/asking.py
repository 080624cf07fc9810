"""Short questions to the database that every request asks, written out.

Building such a query by the ORM costs ten times what its answer does. Each names its tenant or a key that belongs to
one; nothing here writes.
"""

from typing import Any

from django.db import connection


def first_row(question: str, *values: str | bytes | int | bool | None) -> tuple[Any, ...] | None:
    """Return the first row of an answer, None where there is none. Placeholders are ``%s``; see `marks`."""
    with connection.cursor() as cursor:
        cursor.execute(question, values)
        row: tuple[Any, ...] | None = cursor.fetchone()
        return row


def marks(count: int) -> str:
    """Return so many placeholders for a list in a question."""
    return ", ".join(["%s"] * count)
