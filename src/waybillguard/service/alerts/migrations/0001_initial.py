import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Alert',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rule', models.CharField(max_length=40)),
                ('rules', models.JSONField(default=list)),
                ('severity', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=10)),
                ('account', models.CharField(blank=True, max_length=80)),
                ('workstation', models.CharField(blank=True, max_length=60)),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('raised_at', models.DateTimeField()),
                ('records', models.IntegerField()),
                ('score', models.FloatField()),
                ('reason_zh', models.CharField(max_length=600)),
                ('reason_en', models.CharField(max_length=600)),
                ('evidence', models.JSONField(default=list)),
                ('state', models.CharField(choices=[('open', 'To be checked'), ('confirmed', 'Theft'), ('explained', 'Explained')], default='open', max_length=10)),
                ('found_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('stopped_at', models.DateTimeField(help_text="since when the account's plaintext looks are stopped", null=True)),
                ('handled_at', models.DateTimeField(null=True)),
                ('note', models.CharField(blank=True, max_length=200)),
                ('drill', models.BooleanField(default=False, help_text='of the daily synthetic theft; counted nowhere')),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cases.case')),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Channel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('wecom', 'WeCom robot'), ('dingtalk', 'DingTalk robot'), ('feishu', 'Feishu robot'), ('email', 'E-mail'), ('webhook', 'Webhook')], max_length=10)),
                ('sealed_address', models.TextField()),
                ('console', models.CharField(help_text='where links lead: the console as its owner opened it', max_length=200)),
                ('quiet_from', models.TimeField(null=True)),
                ('quiet_to', models.TimeField(null=True)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Detection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('mark', models.CharField(help_text='of the events it read', max_length=40)),
                ('seconds', models.FloatField(default=0)),
                ('notes', models.JSONField(default=list, help_text='pairs of Chinese and English')),
                ('error', models.CharField(blank=True, max_length=60)),
                ('good_at', models.DateTimeField(help_text='when everything that had come was last judged', null=True)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Drill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('caught', models.BooleanField(default=False)),
                ('records', models.IntegerField(default=0, help_text='taken before the alarm')),
                ('error', models.CharField(blank=True, max_length=60)),
                ('alert', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='alerts.alert')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Explanation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=80)),
                ('rule', models.CharField(max_length=40)),
                ('why', models.CharField(max_length=200)),
                ('until', models.DateField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='KeptEvidence',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sha256', models.CharField(max_length=64)),
                ('body', models.BinaryField()),
                ('alert', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='kept', to='alerts.alert')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Message',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(max_length=80)),
                ('severity', models.CharField(choices=[('low', 'Low'), ('medium', 'Medium'), ('high', 'High'), ('critical', 'Critical')], max_length=10)),
                ('text_zh', models.CharField(max_length=400)),
                ('text_en', models.CharField(max_length=400)),
                ('address', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('sent', 'Sent'), ('failed', 'Failed')], default='waiting', max_length=10)),
                ('tries', models.IntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_at', models.DateTimeField(null=True)),
                ('error', models.CharField(blank=True, max_length=60)),
                ('channel', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='messages', to='alerts.channel')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['tenant', 'state', '-raised_at'], name='alert_state'),
        ),
        migrations.AddIndex(
            model_name='alert',
            index=models.Index(fields=['tenant', 'account', 'workstation'], name='alert_where'),
        ),
        migrations.AddConstraint(
            model_name='drill',
            constraint=models.UniqueConstraint(fields=('tenant', 'day'), name='drill_once_a_day'),
        ),
        migrations.AddConstraint(
            model_name='keptevidence',
            constraint=models.UniqueConstraint(fields=('alert', 'sha256'), name='evidence_kept_once'),
        ),
        migrations.AddIndex(
            model_name='message',
            index=models.Index(fields=['state', 'due_at'], name='message_due'),
        ),
        migrations.AddConstraint(
            model_name='message',
            constraint=models.UniqueConstraint(fields=('channel', 'mark'), name='message_told_once'),
        ),
        protect("alerts"),
    ]
