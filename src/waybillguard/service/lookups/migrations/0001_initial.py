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
        ('vault', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='CallSetting',
            fields=[
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='tenancy.tenant')),
                ('provider', models.CharField(blank=True, max_length=40)),
            ],
        ),
        migrations.CreateModel(
            name='GuardMemory',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('memory', models.TextField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='QuotaRaise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=12)),
                ('extra', models.PositiveIntegerField()),
                ('until', models.DateTimeField()),
                ('why', models.CharField(blank=True, max_length=200)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('agreed_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='QuotaState',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('frozen_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Call',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('purpose', models.CharField(max_length=24)),
                ('provider', models.CharField(max_length=40)),
                ('allowed', models.BooleanField()),
                ('policies', models.CharField(blank=True, max_length=300)),
                ('policy_version', models.CharField(max_length=64)),
                ('reason_zh', models.CharField(blank=True, max_length=400)),
                ('reason_en', models.CharField(blank=True, max_length=400)),
                ('number', models.CharField(blank=True, max_length=30)),
                ('extension', models.CharField(blank=True, max_length=10)),
                ('sample', models.BooleanField(default=False)),
                ('until', models.DateTimeField(null=True)),
                ('released_at', models.DateTimeField(null=True)),
                ('receipt_index', models.BigIntegerField(null=True)),
                ('receipt_hash', models.CharField(blank=True, max_length=64)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='vault.order')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'person', '-at'], name='call_person')],
            },
        ),
        migrations.CreateModel(
            name='DecoyOrder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=32)),
                ('number', models.CharField(help_text='order number as the owner typed it', max_length=80)),
                ('placed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('placed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'uid'), name='decoy_once')],
            },
        ),
        migrations.CreateModel(
            name='GuardAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('act', models.CharField(max_length=8)),
                ('kind', models.CharField(choices=[('slow', 'Slowed down'), ('step_up', 'Asked to confirm again'), ('refuse', 'Refused')], max_length=8)),
                ('rule', models.CharField(max_length=40)),
                ('count', models.PositiveIntegerField()),
                ('limit', models.PositiveIntegerField()),
                ('times', models.PositiveIntegerField(default=1)),
                ('workstation', models.CharField(blank=True, max_length=60)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', '-at'], name='guard_answer_at'), models.Index(fields=['tenant', 'person', '-at'], name='guard_answer_person')],
            },
        ),
        migrations.CreateModel(
            name='Look',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('nonce', models.CharField(max_length=32, unique=True)),
                ('group', models.CharField(max_length=8)),
                ('purpose', models.CharField(max_length=24)),
                ('allowed', models.BooleanField()),
                ('policies', models.CharField(blank=True, max_length=300)),
                ('policy_version', models.CharField(max_length=64)),
                ('reason_zh', models.CharField(blank=True, max_length=400)),
                ('reason_en', models.CharField(blank=True, max_length=400)),
                ('receipt_index', models.BigIntegerField(null=True)),
                ('receipt_hash', models.CharField(blank=True, max_length=64)),
                ('receipt_origin', models.CharField(blank=True, max_length=120)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='vault.order')),
                ('person', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'person', '-at'], name='look_person'), models.Index(fields=['tenant', '-at'], name='look_tenant')],
            },
        ),
        migrations.CreateModel(
            name='LookAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='persons_30d or refusals', max_length=20)),
                ('severity', models.CharField(max_length=10)),
                ('count', models.PositiveIntegerField()),
                ('mark', models.CharField(help_text='told once: level and day', max_length=60)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ledger_index', models.BigIntegerField(null=True)),
                ('seen_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'kind', 'mark'), name='look_alarm_once')],
            },
        ),
        migrations.CreateModel(
            name='QuotaCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('scope', models.CharField(max_length=12)),
                ('holder', models.CharField(max_length=60)),
                ('window', models.CharField(max_length=60)),
                ('used', models.PositiveIntegerField(default=0)),
                ('at', models.DateTimeField(default=django.utils.timezone.now, help_text='first use; old windows are swept by it')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'scope', 'holder', 'window'), name='counter_once')],
            },
        ),
        migrations.CreateModel(
            name='QuotaPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token', models.BinaryField(max_length=16)),
                ('last_day', models.DateField()),
                ('account', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'token'), name='person_once')],
            },
        ),
        migrations.CreateModel(
            name='Threshold',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('value', models.FloatField()),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('set_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'name'), name='threshold_once')],
            },
        ),
        protect("lookups"),
    ]
