"""Many who ask at the same moment."""

import sys
import threading
from collections.abc import Callable

from waybillguard.service.keyd.errors import FactorRefusedError


def together(count: int, act: Callable[[int], object]) -> list[str]:
    """Do something in so many threads that start at once and take turns often; return how each was refused, or not."""
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
