"""The worker process: runs imports, label runs and clean-ups, one task at a time."""

import logging
import os
import threading
from collections.abc import Callable
from contextlib import suppress

from waybillguard.errors import WaybillGuardError
from waybillguard.service.operations.start import START_PATIENCE, start_django
from waybillguard.service.platform.disk import is_full
from waybillguard.service.platform.lifeline import end_at_once, end_with_parent, own_mark
from waybillguard.structs import build_structs

logger = logging.getLogger(__name__)
A_DAY = 24 * 3600.0
A_MINUTE = 60.0
LOOK_AGAIN = 1.0
"""Seconds between two checks whether the database is available again."""


def main() -> None:
    """Clean up after a crash, then process tasks until a signal arrives."""
    end_with_parent()
    os.environ.setdefault("WAYBILLGUARD_KEYD_PATIENCE", "60")
    start_django(START_PATIENCE)
    from django.core.management import call_command
    from django.tasks.signals import task_finished

    from waybillguard.service.activity.foreign import sweep_interrupted_logs
    from waybillguard.service.activity.rounds import export_forever, hand_over_forever, send_forever
    from waybillguard.service.alerts.tasks import watch_forever
    from waybillguard.service.contracts.tasks import sweep_interrupted_ends
    from waybillguard.service.exports.tasks import sweep_interrupted_exports
    from waybillguard.service.identity.accounts.tasks import ensure_round
    from waybillguard.service.platform.queue import requeue_running, retry_if_disk_full
    from waybillguard.service.print_room.runs.services import sweep_interrupted_runs
    from waybillguard.service.vault.interrupted import sweep_interrupted_imports
    from waybillguard.service.vault.rotation import sweep_interrupted_rotations

    build_structs()
    for name, forever in {
        "days": _every_day, "queue": _every_minute, "events": export_forever, "platforms": hand_over_forever,
        "siem": send_forever, "alerts": watch_forever,
    }.items():  # fmt: skip
        threading.Thread(target=forever, name=name, daemon=True).start()

    task_finished.connect(retry_if_disk_full)
    me = own_mark()

    def work() -> None:
        requeue_running(me)
        sweep_interrupted_imports()
        sweep_interrupted_rotations()
        sweep_interrupted_runs()
        sweep_interrupted_logs()
        sweep_interrupted_exports()
        sweep_interrupted_ends()
        ensure_round()
        call_command(
            "db_worker", "--interval", "0.2", "--no-startup-delay", "--queue-name", "*", "--worker-id", me, verbosity=0
        )  # fmt: skip

    retry_on_database_failure(work)


def retry_on_database_failure(work: Callable[[], None], pause: threading.Event | None = None) -> None:
    """Run ``work`` until it returns; if the database fails or its disk is full, run it again after recovery.

    The process is not restarted: loading takes longer than most databases need to recover, and repeated restarts slow
    down. ``pause``: ends the waiting, for tests.
    """
    from django.conf import settings
    from django.db import DatabaseError, InterfaceError, OperationalError, connection

    pause = pause or threading.Event()
    while True:
        try:
            work()
        except (OperationalError, InterfaceError, OSError, WaybillGuardError) as error:
            full = is_full(error, settings.CONFIG.data_dir)
            if not full and not isinstance(error, OperationalError | InterfaceError):
                raise
            what = "disk is full" if full else "database is gone"
            # Do not log the error's text, which may quote a row.
            logger.error("the %s; the worker waits: %s", what, type(error).__name__)  # noqa: TRY400
            with suppress(DatabaseError, InterfaceError):
                connection.close()
        else:
            return
        if pause.wait(LOOK_AGAIN):
            return


def _every_minute(pause: threading.Event | None = None) -> None:
    """Every minute, run tasks early that a wrong clock postponed."""
    from django.utils import timezone

    from waybillguard.service.platform.queue import bring_forward

    _forever(lambda: bring_forward(timezone.now()), A_MINUTE, pause)


def _every_day(pause: threading.Event | None = None) -> None:
    """Enqueue the daily tasks now and every 24 hours."""
    from waybillguard.service.vault.tasks import apply_retention

    _forever(apply_retention.enqueue, A_DAY, pause)


def _forever(step: Callable[[], object], seconds: float, pause: threading.Event | None) -> None:
    """Run ``step`` now and every ``seconds``; if the database fails, retry after a minute."""
    from django.db import DatabaseError, InterfaceError, close_old_connections

    pause = pause or threading.Event()
    while True:
        wait = A_MINUTE
        with suppress(DatabaseError, InterfaceError):  # busy, unavailable, or disk full
            step()
            wait = seconds
        close_old_connections()
        if pause.wait(wait):
            return


if __name__ == "__main__":
    with suppress(SystemExit):  # raised by the queue when it is told to stop
        main()
    end_at_once()
