"""Run an action in many threads at the same time."""

import sys
import threading
from collections.abc import Callable

from waybillguard.service.keyd.errors import FactorRefusedError


def together(count: int, act: Callable[[int], object]) -> list[str]:
    """Run an action in threads that start together and switch often; return each thread's error, or None."""
    told: list[str] = []
    start = threading.Barrier(count)

    def one(n: int) -> None:
        start.wait()
        try:
            act(n)
        except FactorRefusedError as error:
            told.append(error.en)
        else:
            told.append("")

    threads = [threading.Thread(target=one, args=(n,)) for n in range(count)]
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(before)
    assert len(told) == count
    return told
