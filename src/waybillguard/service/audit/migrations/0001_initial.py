import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExportBatch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")),
                ('part', models.CharField(max_length=40)),
                ('rows', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('fixed', 'Fixed'), ('written', 'Written')], default='fixed', max_length=8)),
                ('fixed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('written_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='HourCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(max_length=8)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('day', models.IntegerField()),
                ('hour', models.PositiveSmallIntegerField()),
                ('log', models.BigIntegerField(default=0)),
                ('n', models.PositiveIntegerField()),
                ('exposed', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='OutboxEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ts', models.BigIntegerField(help_text='microseconds since 1970-01-01 UTC')),
                ('day', models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")),
                ('account', models.CharField(blank=True, max_length=80)),
                ('workstation', models.CharField(blank=True, max_length=60)),
                ('ip', models.CharField(blank=True, max_length=45)),
                ('session', models.CharField(blank=True, max_length=16)),
                ('action', models.CharField(max_length=12)),
                ('order_id', models.CharField(blank=True, max_length=80)),
                ('purpose', models.CharField(blank=True, max_length=40)),
                ('exposed', models.BooleanField()),
                ('allowed', models.BooleanField()),
                ('person', models.CharField(blank=True, max_length=80)),
                ('device', models.CharField(blank=True, max_length=60)),
                ('explained_by', models.CharField(blank=True, max_length=16)),
                ('explained_ref', models.CharField(blank=True, max_length=80)),
                ('category', models.CharField(blank=True, max_length=20)),
                ('order_created_at', models.BigIntegerField(null=True)),
                ('decoy', models.BooleanField(null=True)),
                ('person_token', models.CharField(blank=True, max_length=32)),
                ('batch', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, to='audit.exportbatch')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Actor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(help_text='account or station', max_length=8)),
                ('name', models.CharField(max_length=80)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'who', 'name'), name='actor_once')],
            },
        ),
        migrations.CreateModel(
            name='BaseCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(blank=True, max_length=80)),
                ('workstation', models.CharField(blank=True, max_length=60)),
                ('day', models.IntegerField()),
                ('category', models.CharField(blank=True, max_length=20)),
                ('log', models.BigIntegerField(default=0)),
                ('n', models.PositiveIntegerField(help_text='events that name an order')),
                ('exposed', models.PositiveIntegerField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('log__gt', 0)), fields=['log'], name='base_count_log')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'day', 'account', 'workstation', 'category', 'log'), name='base_count_once')],
            },
        ),
        migrations.CreateModel(
            name='DayCount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('who', models.CharField(help_text='all, account or station', max_length=8)),
                ('name', models.CharField(blank=True, max_length=80)),
                ('day', models.IntegerField()),
                ('action', models.CharField(max_length=12)),
                ('log', models.BigIntegerField(default=0)),
                ('n', models.PositiveIntegerField()),
                ('exposed', models.PositiveIntegerField()),
                ('refused', models.PositiveIntegerField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'who', 'name', 'day'], name='day_count_name'), models.Index(condition=models.Q(('log__gt', 0)), fields=['log'], name='day_count_log')],
                'constraints': [models.UniqueConstraint(fields=('tenant', 'who', 'day', 'name', 'action', 'log'), name='day_count_once')],
            },
        ),
        migrations.AddIndex(
            model_name='exportbatch',
            index=models.Index(condition=models.Q(('state', 'fixed')), fields=['tenant', 'day'], name='export_fixed'),
        ),
        migrations.AddIndex(
            model_name='exportbatch',
            index=models.Index(fields=['state', 'written_at'], name='export_written'),
        ),
        migrations.AddIndex(
            model_name='hourcount',
            index=models.Index(condition=models.Q(('log__gt', 0)), fields=['log'], name='hour_count_log'),
        ),
        migrations.AddConstraint(
            model_name='hourcount',
            constraint=models.UniqueConstraint(fields=('tenant', 'who', 'name', 'day', 'hour', 'log'), name='hour_count_once'),
        ),
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('batch', None)), fields=['tenant', 'day', 'id'], name='outbox_waiting'),
        ),
        migrations.AddIndex(
            model_name='outboxevent',
            index=models.Index(condition=models.Q(('batch__isnull', False)), fields=['batch'], name='outbox_batch'),
        ),
        protect("audit"),
    ]
