"""The worker process: imports, label runs and sweeps, one task after another."""

import os

from waybillguard.service.processes.start import start_django


def main() -> None:
    """Sweep what a crash left behind, then work until told to stop."""
    os.environ.setdefault("WAYBILLGUARD_KEYD_PATIENCE", "60")
    start_django()
    from django.core.management import call_command

    from waybillguard.service.people.tasks import ensure_round
    from waybillguard.service.printing.services import sweep_interrupted_runs
    from waybillguard.service.vault.services import sweep_interrupted_imports

    sweep_interrupted_imports()
    sweep_interrupted_runs()
    ensure_round()
    call_command("db_worker", "--interval", "0.2", "--no-startup-delay", "--queue-name", "*", verbosity=0)


if __name__ == "__main__":
    main()
