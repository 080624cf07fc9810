from django.db import migrations, models
from django.db.models import F


def count_again(apps, schema_editor):
    """Runs of printers with a reason counted whole until now."""
    runs = apps.get_model('printing', 'LabelRun')._base_manager.using(schema_editor.connection.alias)
    runs.exclude(reason='').update(again=F('wanted'))


class Migration(migrations.Migration):

    dependencies = [
        ('printing', '0005_forms_of_languages'),
    ]

    operations = [
        migrations.AddField(
            model_name='labelrun',
            name='again',
            field=models.PositiveIntegerField(db_default=0, default=0, help_text='labels of it that count as printed again (see `reprints`)'),
        ),
        migrations.RunPython(count_again, migrations.RunPython.noop, elidable=True),
    ]
