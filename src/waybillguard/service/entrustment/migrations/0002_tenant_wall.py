from django.db import migrations

from waybillguard.service.walls import ENTRUSTMENT_TABLES, drop_walls, raise_walls


class Migration(migrations.Migration):

    dependencies = [
        ('entrustment', '0001_initial'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: raise_walls(editor.connection, ENTRUSTMENT_TABLES),
            lambda apps, editor: drop_walls(editor.connection, ENTRUSTMENT_TABLES),
        ),
    ]
