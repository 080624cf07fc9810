"""Threads that race each other in the database, each over one connection that it keeps until the race has ended."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Barrier


@contextmanager
def racers(count: int, initializer: Callable[[], object] | None = None) -> Iterator[ThreadPoolExecutor]:
    """Start as many threads; close their connections after the block."""
    from django.db import connection

    all_here = Barrier(count)

    def meet(_: int) -> None:
        all_here.wait()

    def leave(_: int) -> None:
        connection.close()
        all_here.wait()

    with ThreadPoolExecutor(count, initializer=initializer) as pool:
        list(pool.map(meet, range(count)))  # one task for each thread, so that the pool has all of them
        yield pool
        list(pool.map(leave, range(count)))
