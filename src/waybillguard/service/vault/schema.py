"""Additional schema steps of the vault's first migration (see ``scripts/first-migrations``)."""

from datetime import UTC, datetime

from django.db import migrations

from waybillguard.service.platform.database.row_security import protect
from waybillguard.service.vault.partitions import keep_one_check, part_by_month

OPERATIONS = (
    protect("vault"),
    migrations.RunPython(
        lambda _apps, editor: part_by_month(editor, datetime.now(UTC)), migrations.RunPython.noop
    ),
    migrations.RunPython(lambda _apps, editor: keep_one_check(editor.connection), migrations.RunPython.noop),
)
