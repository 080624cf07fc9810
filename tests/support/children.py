"""Children of a process that has already loaded Django: each may die of SIGKILL, and none pays for a start of its own.

Fork before the parent opens a database connection or starts a thread.
"""

import os
import traceback
from collections.abc import Callable
from typing import Any


def started(work: Callable[..., Any], *arguments: Any) -> int:
    """Start work in a child; return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work(*arguments)
    except BaseException:  # noqa: BLE001 - the child ends here, whatever it met
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Wait for a child; return its exit status, or minus the signal it died of."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(work: Callable[..., Any], *arguments: Any) -> int:
    """Do work in a child and wait for it."""
    return ended(started(work, *arguments))


def killed_everywhere(
    prepare: Callable[[], Any], work: Callable[[str], Any], points: tuple[str, ...]
) -> dict[str, Any]:
    """Prepare, die at every point, then let two at once do what is left; return how each child ended."""
    return {
        "prepare": run(prepare),
        "died": {point: run(work, point) for point in points},
        "left": [ended(child) for child in [started(work, "none"), started(work, "none")]],
    }
