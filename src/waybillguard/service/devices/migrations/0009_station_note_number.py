from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0008_shim_task_fingerprint'),
    ]

    operations = [
        migrations.AddField(
            model_name='stationnote',
            name='number',
            field=models.BinaryField(help_text="the station's own; told twice, kept once", max_length=16, null=True),
        ),
        migrations.AddConstraint(
            model_name='stationnote',
            constraint=models.UniqueConstraint(fields=('device', 'number'), name='station_note_once'),
        ),
    ]
