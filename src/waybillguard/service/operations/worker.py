"""The worker process: imports, label runs and sweeps, one task after another."""

import os
import threading
from contextlib import suppress

from waybillguard.service.operations.start import start_django
from waybillguard.service.platform.lifeline import end_with_parent
from waybillguard.structs import build_structs

A_DAY = 24 * 3600.0


def main() -> None:
    """Sweep what a crash left behind, then work until told to stop."""
    end_with_parent()
    os.environ.setdefault("WAYBILLGUARD_KEYD_PATIENCE", "60")
    start_django()
    from django.core.management import call_command

    from waybillguard.service.activity.foreign import sweep_interrupted_logs
    from waybillguard.service.activity.rounds import export_forever, hand_over_forever, send_forever
    from waybillguard.service.alerts.tasks import watch_forever
    from waybillguard.service.contracts.tasks import sweep_interrupted_ends
    from waybillguard.service.exports.tasks import sweep_interrupted_exports
    from waybillguard.service.identity.accounts.tasks import ensure_round
    from waybillguard.service.print_room.runs.services import sweep_interrupted_runs
    from waybillguard.service.vault.rotation import sweep_interrupted_rotations
    from waybillguard.service.vault.services import sweep_interrupted_imports

    sweep_interrupted_imports()
    sweep_interrupted_rotations()
    sweep_interrupted_runs()
    sweep_interrupted_logs()
    sweep_interrupted_exports()
    sweep_interrupted_ends()
    build_structs()
    threading.Thread(target=_every_day, daemon=True).start()
    threading.Thread(target=_every_minute, name="queue", daemon=True).start()
    threading.Thread(target=export_forever, name="events", daemon=True).start()
    threading.Thread(target=hand_over_forever, name="platforms", daemon=True).start()
    threading.Thread(target=send_forever, name="siem", daemon=True).start()
    threading.Thread(target=watch_forever, name="alerts", daemon=True).start()
    ensure_round()
    call_command("db_worker", "--interval", "0.2", "--no-startup-delay", "--queue-name", "*", verbosity=0)


def _every_minute(pause: threading.Event | None = None) -> None:
    """Bring forward what a wrong clock put off."""
    from django.db import DatabaseError, close_old_connections
    from django.utils import timezone

    from waybillguard.service.platform.queue import bring_forward

    pause = pause or threading.Event()
    while True:
        with suppress(DatabaseError):  # busy, or on a full disk: the next minute
            bring_forward(timezone.now())
        close_old_connections()
        if pause.wait(60.0):
            return


def _every_day(pause: threading.Event | None = None) -> None:
    """Enqueue the daily tasks now and every 24 hours."""
    from waybillguard.service.vault.tasks import apply_retention

    pause = pause or threading.Event()
    while True:
        apply_retention.enqueue()
        if pause.wait(A_DAY):
            return


if __name__ == "__main__":
    main()
