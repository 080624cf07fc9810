"""Before the first release each application has exactly one migration, which matches its models."""

import subprocess
import sys
from pathlib import Path

from django.conf import settings
from django.db.migrations.loader import MigrationLoader

SCRIPT = Path(__file__).parents[3] / "scripts" / "first-migrations"


def test_each_application_has_one_migration() -> None:
    ours = {name.rpartition(".")[2] for name in settings.APPLICATIONS}
    found = sorted(key for key in MigrationLoader(None).disk_migrations if key[0] in ours)
    assert {name for _, name in found} == {"0001_initial"}
    assert len(found) == len({app for app, _ in found})


def test_the_committed_migrations_are_what_the_models_give() -> None:
    done = subprocess.run(
        [sys.executable, str(SCRIPT), "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
