from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('vault', '0007_one_check_a_row'),
    ]

    operations = [
        migrations.AddField(
            model_name='keygeneration',
            name='suite',
            field=models.PositiveSmallIntegerField(
                choices=[(1, 'AES-256-GCM'), (2, 'AES-256-GCM-SIV'), (3, 'SM4-GCM (SM3)')],
                db_default=1,
                default=1,
                help_text='what orders of this generation are sealed with',
            ),
        ),
        migrations.AddField(
            model_name='rotation',
            name='wave',
            field=models.PositiveIntegerField(
                db_default=2500, default=2500, help_text='orders that are written at once'
            ),
        ),
    ]
