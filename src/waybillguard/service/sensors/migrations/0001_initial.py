import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('identity', '0001_initial'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PrintPc',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('station', models.CharField(max_length=60)),
                ('stage', models.CharField(choices=[('in_use', 'In use'), ('restricted', 'Restricted'), ('cleaning', 'Evidence kept, being cleaned'), ('rebuilt', 'Rebuilt, to be proven clean'), ('watching', 'Proven clean, being watched')], default='in_use', max_length=12)),
                ('stage_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('watched_until', models.DateField(null=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.site')),
                ('stage_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ScanReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sha256', models.CharField(max_length=64)),
                ('high', models.PositiveIntegerField(default=0)),
                ('medium', models.PositiveIntegerField(default=0)),
                ('low', models.PositiveIntegerField(default=0)),
                ('body', models.BinaryField(help_text='the scan as JSON (contracts: sensor examine)')),
                ('device', models.ForeignKey(help_text='whose key signed it; empty: entered by hand', null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.device')),
                ('entered_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('pc', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reports', to='sensors.printpc')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ToolApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('tool', models.CharField(max_length=80)),
                ('used_by', models.CharField(max_length=80)),
                ('until', models.DateField()),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(help_text='empty: every site', null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.site')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddConstraint(
            model_name='printpc',
            constraint=models.UniqueConstraint(fields=('tenant', 'station'), name='print_pc_once'),
        ),
        migrations.AddIndex(
            model_name='scanreport',
            index=models.Index(fields=['pc', '-id'], name='sensor_scan_newest'),
        ),
        protect("sensors"),
    ]
