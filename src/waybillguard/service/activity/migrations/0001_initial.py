import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ForeignLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('source', models.CharField(max_length=60)),
                ('source_key', models.CharField(max_length=60)),
                ('kind', models.CharField(max_length=8)),
                ('state', models.CharField(choices=[('mapping', 'Mapping'), ('waiting', 'Waiting'), ('reading', 'Reading'), ('done', 'Done'), ('failed', 'Failed'), ('undone', 'Undone'), ('discarded', 'Discarded')], default='mapping', max_length=10)),
                ('file_sha256', models.BinaryField(max_length=32)),
                ('bytes_total', models.BigIntegerField(default=0)),
                ('spool_name', models.CharField(blank=True, max_length=64)),
                ('wrapped_key', models.BinaryField(default=bytes, max_length=512)),
                ('mapping', models.JSONField(default=dict, help_text='the mapping as confirmed (events: LogMapping)')),
                ('rows', models.IntegerField(default=0)),
                ('events', models.IntegerField(default=0)),
                ('known', models.IntegerField(default=0, help_text='events that an earlier log already brought')),
                ('refused', models.IntegerField(default=0)),
                ('ignored', models.IntegerField(default=0, help_text='rows of operations that show nothing')),
                ('days', models.JSONField(default=list, help_text='day numbers that hold a part of this log')),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('finished_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ForeignMapping',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source_key', models.CharField(max_length=60)),
                ('mapping', models.JSONField(default=dict)),
                ('confirmed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='PlatformShop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('platform', models.CharField(max_length=20)),
                ('shop', models.CharField(help_text='as the orders name it', max_length=80)),
                ('app_key', models.CharField(blank=True, max_length=80)),
                ('app_name', models.CharField(blank=True, max_length=80)),
                ('seller', models.CharField(help_text='how the platform names the merchant', max_length=120)),
                ('url', models.CharField(blank=True, max_length=200)),
                ('sent_to', models.CharField(blank=True, help_text='where orders are handed on to', max_length=200)),
                ('codes', models.JSONField(default=dict, help_text="the platform's codes by our action, where unpublished")),
                ('gateway', models.CharField(default='file', max_length=40)),
                ('since', models.BigIntegerField(help_text='events from here on are told (microseconds, UTC)')),
                ('stopped_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='PlatformHandover',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('kind', models.CharField(max_length=8)),
                ('records', models.PositiveIntegerField()),
                ('orders', models.PositiveIntegerField()),
                ('first', models.BigIntegerField(help_text='time of the first event, microseconds UTC')),
                ('last', models.BigIntegerField()),
                ('bodies', models.JSONField(default=list)),
                ('sha256', models.CharField(max_length=64)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('handed', 'Handed'), ('refused', 'Refused')], default='waiting', max_length=8)),
                ('reason', models.CharField(blank=True, max_length=60)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('handed_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='activity.platformshop')),
            ],
        ),
        migrations.CreateModel(
            name='PlatformTake',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('part', models.CharField(max_length=40)),
                ('taken_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('left', models.JSONField(default=dict, help_text='events that could not be told, by reason')),
                ('shop', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='activity.platformshop')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RefusedLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(blank=True, max_length=80)),
                ('row', models.IntegerField()),
                ('reason', models.CharField(max_length=40)),
                ('field', models.CharField(blank=True, max_length=20)),
                ('log', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused_lines', to='activity.foreignlog')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='SiemTarget',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('host', models.CharField(max_length=200)),
                ('port', models.PositiveIntegerField(default=6514)),
                ('tls', models.BooleanField(default=True)),
                ('authority', models.TextField(blank=True, help_text="PEM of the authority that signed the collector; empty: the system's")),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_to', models.BigIntegerField(default=0)),
                ('sent', models.BigIntegerField(default=0, help_text='events sent so far')),
                ('sent_at', models.DateTimeField(null=True)),
                ('failed_at', models.DateTimeField(help_text='since when it fails; empty while it works', null=True)),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='foreignlog',
            index=models.Index(fields=['tenant', 'state'], name='log_tenant_state'),
        ),
        migrations.AddConstraint(
            model_name='foreignmapping',
            constraint=models.UniqueConstraint(fields=('tenant', 'source_key'), name='foreign_mapping_once'),
        ),
        migrations.AddConstraint(
            model_name='platformshop',
            constraint=models.UniqueConstraint(condition=models.Q(('stopped_at', None)), fields=('tenant', 'platform', 'shop'), name='platform_shop_once'),
        ),
        migrations.AddIndex(
            model_name='platformhandover',
            index=models.Index(fields=['shop', '-id'], name='handover_shop'),
        ),
        migrations.AddIndex(
            model_name='platformhandover',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['tenant', 'not_before'], name='handover_due'),
        ),
        migrations.AddConstraint(
            model_name='platformhandover',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='platform_handover_once'),
        ),
        migrations.AddConstraint(
            model_name='platformtake',
            constraint=models.UniqueConstraint(fields=('shop', 'part'), name='platform_take_once'),
        ),
        protect("activity"),
    ]
