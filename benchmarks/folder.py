"""A measurement of the service's tables: in a process and an empty data folder of its own, on SQLite."""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks import ROOT


def measured(module: str, *arguments: str) -> list[dict[str, Any]]:
    """Run ``python -m module`` with a data folder that goes away afterwards; return the rows it printed."""
    with tempfile.TemporaryDirectory(prefix="waybillguard-bench-") as folder:
        environment = {**os.environ, "WAYBILLGUARD_HOME": f"{folder}/data", "XDG_RUNTIME_DIR": folder}
        environment.pop("WAYBILLGUARD_DATABASE_URL", None)
        result = subprocess.run(  # noqa: S603 - our own module
            [sys.executable, "-m", module, *arguments],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            check=True,
        )
    rows: list[dict[str, Any]] = json.loads(result.stdout)
    return rows


def measure(measurement: Callable[[Any], list[dict[str, Any]]]) -> None:
    """Be that process: make the tables and an owner, and print what the measurement says of him as one JSON line."""
    import secrets

    import django

    from waybillguard.service.platform.config import use_process_secret

    Path(os.environ["WAYBILLGUARD_HOME"]).mkdir(mode=0o700, parents=True)
    use_process_secret(secrets.token_hex(32))
    os.environ["DJANGO_SETTINGS_MODULE"] = "waybillguard.service.platform.settings"
    django.setup()
    from django_scopes import scope

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.operations.schema_state import migrate
    from waybillguard.service.tenancy.models import Tenant

    migrate()
    tenant = Tenant.objects.create(slug="bench", name="bench")
    user = User.objects.create_user(username="bench", tenant=tenant, role=Role.OWNER)
    with scope(tenant=tenant):
        sys.stdout.write(json.dumps(measurement(user)))
