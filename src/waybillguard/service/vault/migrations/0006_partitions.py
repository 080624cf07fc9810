from datetime import UTC, datetime

from django.db import migrations

from waybillguard.service.vault.partitions import split_by_month


class Migration(migrations.Migration):

    atomic = False  # long steps hold no lock, and each is kept when the next one is killed

    dependencies = [
        ('vault', '0005_tenant_wall'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: split_by_month(editor.connection, datetime.now(UTC)),
            migrations.RunPython.noop,
        ),
    ]
