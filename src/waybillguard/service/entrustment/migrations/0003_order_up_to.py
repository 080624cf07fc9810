from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("entrustment", "0002_tenant_wall")]

    operations = [
        migrations.AddField(
            model_name="entrustmentend",
            name="order_up_to",
            field=models.BigIntegerField(
                help_text="the highest order when it was agreed to: what a shop gets under another owner is not his",
                null=True,
            ),
        ),
    ]
