from django.db import migrations

from waybillguard.service.people import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        *schema.DEPENDENCIES,
    ]

    operations = [
        *schema.OPERATIONS,
    ]
