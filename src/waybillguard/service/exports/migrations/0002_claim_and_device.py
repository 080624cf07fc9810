"""Which worker has an export, and at which device and station it was asked for."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("exports", "0001_initial")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="export",
            name="claim",
            field=models.CharField(
                blank=True, default="", max_length=32, help_text="which worker; what it writes names its claim"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="export",
            name="device",
            field=models.CharField(
                blank=True, default="", max_length=32, help_text="uid of the browser it was asked at"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="export",
            name="station",
            field=models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
    ]
