from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('devices', '0006_key_place'),
    ]

    operations = [
        migrations.AddField(
            model_name='device',
            name='lease_number',
            field=models.BigIntegerField(db_default=0, default=0, help_text='highest number of a request that got jobs (protocol.LeaseRequest)'),
        ),
    ]
