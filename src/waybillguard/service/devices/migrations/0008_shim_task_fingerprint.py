from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0007_lease_number'),
    ]

    operations = [
        migrations.AddField(
            model_name='shimtask',
            name='fingerprint',
            field=models.BinaryField(db_default=b'', default=bytes, help_text='SHA-256 of what was asked for; empty: from before it was kept', max_length=32),
        ),
    ]
