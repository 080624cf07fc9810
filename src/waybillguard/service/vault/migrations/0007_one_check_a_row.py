from django.db import migrations

from waybillguard.service.vault.partitions import keep_one_check


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0006_partitions'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: keep_one_check(editor.connection),
            migrations.RunPython.noop,
        ),
    ]
