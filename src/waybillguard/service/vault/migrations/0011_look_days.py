from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0010_every_wall'),
    ]

    operations = [
        migrations.AddField(
            model_name='retentionrule',
            name='look_days',
            field=models.PositiveSmallIntegerField(
                db_default=184, default=184, help_text='words of look records'
            ),
        ),
    ]
