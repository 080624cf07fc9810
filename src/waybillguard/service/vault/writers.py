"""Two database connections that store chunks in parallel, on PostgreSQL only.

SQLite has one writer, and inside an open transaction another connection would not see its rows: there the caller's
own thread writes at once. The first chunk is always written that way, because most files have only one.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Barrier
from typing import Final

from django.db import connection, models
from django_scopes import scope

from waybillguard.service.tenancy.models import Tenant

AT_ONCE: Final = 2
"""Chunks in progress at a time; each uses one core of the server."""


class Writers:
    """Stores chunks in the tenant's scope, at most `AT_ONCE` at a time; further calls wait."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._waiting: deque[Future[None]] = deque()
        self._several = connection.vendor == "postgresql" and not connection.in_atomic_block
        self._pool: ThreadPoolExecutor | None = None

    def numbers(self, model: type[models.Model], count: int) -> list[tuple[int, ...]]:
        """Draw ``count`` ascending primary keys; empty tuples if rows are written in order anyway."""
        if self._pool is None or not count:
            return [()] * count
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)::regclass) FROM generate_series(1, %s)",
                [model._meta.db_table, model._meta.pk.column, count],  # noqa: SLF001 - Django's public way in
            )
            return [(int(number),) for (number,) in cursor.fetchall()]

    def write(self, act: Callable[[], None]) -> None:
        """Run ``act``, now or soon. Raises the error of an earlier one."""
        if self._pool is None:
            act()
            if self._several:
                self._pool = ThreadPoolExecutor(AT_ONCE, "store")
            return
        while len(self._waiting) >= AT_ONCE:
            self._waiting.popleft().result()
        self._waiting.append(self._pool.submit(self._scoped, act))

    def wait(self) -> None:
        """Wait until all is stored; raises the first error."""
        while self._waiting:
            self._waiting.popleft().result()

    def close(self) -> None:
        """Wait, close the connections and end the threads; raises nothing. Safe to repeat."""
        pool, self._pool, self._several = self._pool, None, False
        if pool is None:
            return
        self._waiting.clear()
        together = Barrier(AT_ONCE)  # so that each thread closes its own connection

        def leave() -> None:
            together.wait()
            connection.close()

        for _ in range(AT_ONCE):
            pool.submit(leave)
        pool.shutdown()

    def _scoped(self, act: Callable[[], None]) -> None:
        with scope(tenant=self._tenant):
            act()
