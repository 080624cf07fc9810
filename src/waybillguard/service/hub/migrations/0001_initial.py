import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('cases', '0001_initial'),
        ('identity', '0001_initial'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='HubLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('server', models.CharField(max_length=200)),
                ('device', models.CharField(max_length=32)),
                ('known_as', models.CharField(help_text="this warehouse's name at the hub", max_length=60)),
                ('authority', models.TextField(help_text="certificate of the hub's authority, PEM")),
                ('sealed_keys', models.TextField()),
                ('sequence', models.BigIntegerField(default=0)),
                ('seen_shard', models.IntegerField(default=0, help_text='how much of the ledger the hub has seen')),
                ('seen_size', models.BigIntegerField(default=0)),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tried_at', models.DateTimeField(null=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('sent_sha256', models.CharField(blank=True, max_length=64)),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('linked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Notice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('warning', 'Warning'), ('training', 'Training')], max_length=10)),
                ('title', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=2000)),
                ('authority', models.CharField(max_length=20)),
                ('district', models.CharField(blank=True, help_text='empty: the whole town', max_length=30)),
                ('due', models.DateField(null=True)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sent_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RoomLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=20)),
                ('given_to', models.CharField(help_text='the office it was made for; printed on what it hands out', max_length=60)),
                ('token_hash', models.BinaryField(max_length=32, unique=True)),
                ('code_hash', models.CharField(max_length=200)),
                ('ends_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('opened', models.PositiveIntegerField(default=0)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('joint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rooms', to='cases.jointcase')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Seat',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(max_length=20)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='seat', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Special',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('authority', models.CharField(max_length=20)),
                ('joint', models.BooleanField(default=False, help_text='several authorities go together')),
                ('items', models.JSONField(help_text='numbers of the twelve items, as text')),
                ('on', models.DateField()),
                ('seed', models.CharField(help_text='of the sample, so that anybody can draw it again', max_length=16)),
                ('left_out', models.JSONField(default=list, help_text='[warehouse, item, authority, day] inspected already')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Town',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('silent_hours', models.PositiveSmallIntegerField(default=6)),
                ('period_days', models.PositiveSmallIntegerField(default=90, help_text='the same item of a warehouse is inspected once in so many days')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Warehouse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('district', models.CharField(max_length=30)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('sequence', models.BigIntegerField(default=0)),
                ('reported_at', models.DateTimeField(null=True)),
                ('posture', models.JSONField(default=list, help_text='[control, status] of the last report')),
                ('posture_sha256', models.CharField(blank=True, max_length=64)),
                ('shard', models.IntegerField(default=0)),
                ('ledger_size', models.BigIntegerField(default=0)),
                ('ledger_root', models.CharField(blank=True, max_length=64)),
                ('proved_at', models.DateTimeField(help_text='when the ledger last proved that it only grew', null=True)),
                ('summary', models.JSONField(default=dict)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.device')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='TownAlarm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('silent', 'Reports no more'), ('sequence', 'Report replayed, or key copied'), ('ledger', 'Ledger went back or was rewritten'), ('hidden', 'Ledger not shown, or growth not proved'), ('theft', 'Theft that may be in progress')], max_length=10)),
                ('mark', models.CharField(max_length=100)),
                ('raised_at', models.DateTimeField()),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('severity', models.CharField(default='high', max_length=10)),
                ('records', models.IntegerField(default=0)),
                ('account', models.CharField(blank=True, help_text='pseudonym', max_length=16)),
                ('ended_at', models.DateTimeField(null=True)),
                ('seen_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='alarms', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='NoticeTo',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('fetched_at', models.DateTimeField(null=True)),
                ('read_at', models.DateTimeField(null=True)),
                ('notice', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='copies', to='hub.notice')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notices', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='MonthEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(help_text='its first day')),
                ('summary', models.JSONField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='months', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='Criminal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('authority', models.CharField(help_text='who filed it', max_length=60)),
                ('number', models.CharField(max_length=80)),
                ('date', models.DateField()),
                ('way_in', models.CharField(blank=True, choices=[('temp', 'Temp with a USB stick'), ('burglary', 'Burglary'), ('remote', 'Remote-control program'), ('leaver', 'Account of a leaver'), ('bribe', 'Bribed employee'), ('call', 'Call from "IT"'), ('other', 'Another way'), ('', 'Not known yet')], max_length=10)),
                ('gang', models.CharField(blank=True, help_text="the investigator's own label", max_length=40)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='criminal', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='Check',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('item', models.CharField(max_length=3)),
                ('result', models.CharField(blank=True, choices=[('', 'Not inspected yet'), ('passed', 'In order'), ('failed', 'Not in order')], max_length=8)),
                ('claim', models.CharField(default='retested', help_text='witnessed: shown; retested: tried', max_length=16)),
                ('note', models.CharField(blank=True, max_length=300)),
                ('found_at', models.DateTimeField(help_text="by the inspector's phone", null=True)),
                ('came_at', models.DateTimeField(null=True)),
                ('uid', models.CharField(blank=True, help_text='made by the phone: the same twice is once', max_length=36)),
                ('found_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('special', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='hub.special')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='checks', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='CaseWarehouse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('joint', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cases.jointcase')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='Witnessed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=100)),
                ('key', models.BinaryField(help_text="the log's Ed25519 key, as first seen", max_length=32)),
                ('size', models.BigIntegerField()),
                ('note', models.TextField(help_text='signed by the log and this hub')),
                ('signed_at', models.DateTimeField()),
                ('forked', models.TextField(blank=True, help_text='signed by the log; not by this hub')),
                ('forked_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warehouse', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='witnessed', to='hub.warehouse')),
            ],
        ),
        migrations.CreateModel(
            name='CheckPhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=36)),
                ('sha256', models.CharField(max_length=64)),
                ('size', models.IntegerField(default=0)),
                ('kind', models.CharField(max_length=8)),
                ('spool_name', models.CharField(max_length=64)),
                ('wrapped_key', models.BinaryField(max_length=512)),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('check_row', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='hub.check')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('check_row', 'uid'), name='check_photo_once')],
            },
        ),
        migrations.CreateModel(
            name='HubCosigned',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('origin', models.CharField(max_length=100)),
                ('size', models.BigIntegerField(default=0)),
                ('note', models.TextField(blank=True)),
                ('log_keys', models.TextField(blank=True)),
                ('hub_key', models.CharField(blank=True, max_length=2000)),
                ('signed_at', models.DateTimeField(null=True)),
                ('refused', models.CharField(blank=True, max_length=16)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'origin'), name='hub_cosigned_once')],
            },
        ),
        migrations.CreateModel(
            name='HubNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('warning', 'Warning'), ('training', 'Training')], max_length=10)),
                ('authority', models.CharField(max_length=20)),
                ('title', models.CharField(max_length=80)),
                ('text', models.CharField(max_length=2000)),
                ('due', models.DateField(null=True)),
                ('sent_at', models.DateTimeField()),
                ('arrived_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('read_at', models.DateTimeField(null=True)),
                ('read_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='hub_notice_once')],
            },
        ),
        migrations.CreateModel(
            name='HubTask',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.BigIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('item', models.CharField(max_length=3)),
                ('authority', models.CharField(max_length=20)),
                ('due', models.DateField()),
                ('state', models.CharField(max_length=16)),
                ('done_at', models.DateTimeField(help_text="said here, until the hub's state follows", null=True)),
                ('done_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'case', 'item'), name='hub_task_once')],
            },
        ),
        migrations.AddIndex(
            model_name='notice',
            index=models.Index(fields=['tenant', '-id'], name='town_notice_newest'),
        ),
        migrations.AddIndex(
            model_name='roomlink',
            index=models.Index(fields=['tenant', 'joint'], name='room_link_of'),
        ),
        migrations.AddIndex(
            model_name='special',
            index=models.Index(fields=['tenant', '-id'], name='special_newest'),
        ),
        migrations.AddConstraint(
            model_name='warehouse',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='warehouse_name_once'),
        ),
        migrations.AddIndex(
            model_name='townalarm',
            index=models.Index(fields=['tenant', '-raised_at'], name='town_alarm_newest'),
        ),
        migrations.AddConstraint(
            model_name='townalarm',
            constraint=models.UniqueConstraint(fields=('warehouse', 'mark'), name='town_alarm_once'),
        ),
        migrations.AddConstraint(
            model_name='noticeto',
            constraint=models.UniqueConstraint(fields=('notice', 'warehouse'), name='town_notice_once'),
        ),
        migrations.AddConstraint(
            model_name='monthend',
            constraint=models.UniqueConstraint(fields=('tenant', 'month', 'warehouse'), name='month_end_once'),
        ),
        migrations.AddConstraint(
            model_name='criminal',
            constraint=models.UniqueConstraint(fields=('tenant', 'authority', 'number'), name='criminal_case_once'),
        ),
        migrations.AddIndex(
            model_name='check',
            index=models.Index(fields=['tenant', 'warehouse', 'item'], name='check_of_item'),
        ),
        migrations.AddConstraint(
            model_name='check',
            constraint=models.UniqueConstraint(fields=('special', 'warehouse', 'item'), name='check_once'),
        ),
        migrations.AddConstraint(
            model_name='casewarehouse',
            constraint=models.UniqueConstraint(fields=('warehouse', 'joint'), name='case_warehouse_once'),
        ),
        migrations.AddConstraint(
            model_name='witnessed',
            constraint=models.UniqueConstraint(fields=('tenant', 'origin'), name='witnessed_origin_once'),
        ),
        protect("hub"),
    ]
