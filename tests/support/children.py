"""Fork children of a process that has loaded Django, so that killed children need no start-up time.

Fork before the parent opens a database connection or starts a thread.
"""

import os
import traceback
from collections.abc import Callable
from typing import Any


def started(work: Callable[..., Any], *arguments: Any) -> int:
    """Start work in a child process and return its process id."""
    child = os.fork()
    if child:
        return child
    try:
        work(*arguments)
    except BaseException:  # noqa: BLE001 - the child must end here after any error
        traceback.print_exc()
        os._exit(1)
    os._exit(0)


def ended(child: int) -> int:
    """Wait for a child and return its exit status, or the negative number of the signal that killed it."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(work: Callable[..., Any], *arguments: Any) -> int:
    """Run work in a child and wait for it."""
    return ended(started(work, *arguments))


def killed_everywhere(
    prepare: Callable[[], Any], work: Callable[[str], Any], points: tuple[str, ...]
) -> dict[str, Any]:
    """Run the work in children killed at each point, then in two concurrent children; return how each child ended."""
    return {
        "prepare": run(prepare),
        "died": {point: run(work, point) for point in points},
        "left": [ended(child) for child in [started(work, "none"), started(work, "none")]],
    }
