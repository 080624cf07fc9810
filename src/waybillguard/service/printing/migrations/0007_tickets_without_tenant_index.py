from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    dependencies = [
        ("people", "0006_single_sign_on"),
        ("printing", '0006_again'),
    ]

    operations = [
        migrations.AlterField(
            model_name="ticket",
            name="tenant",
            field=models.ForeignKey(db_index=False, on_delete=PROTECT, to="people.tenant"),
        ),
    ]
