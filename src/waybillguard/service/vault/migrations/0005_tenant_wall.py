from django.db import migrations

from waybillguard.service.walls import drop_walls, raise_walls


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0004_key_generations'),
    ]

    operations = [
        migrations.RunPython(
            lambda apps, editor: raise_walls(editor.connection),
            lambda apps, editor: drop_walls(editor.connection),
        ),
    ]
