from django.db import migrations

from waybillguard.service.walls import Wall, wall


class Migration(migrations.Migration):

    dependencies = [
        ('entrustment', '0001_initial'),
    ]

    operations = [
        wall(
            Wall('entrustment_entrustment'),
            Wall('entrustment_entrustmentend'),
            Wall('entrustment_entrustmentversion'),
            Wall('entrustment_returnfile'),
        ),
    ]
