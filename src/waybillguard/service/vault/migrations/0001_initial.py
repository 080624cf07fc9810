import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.vault import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Batch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Reading'), ('preview', 'Preview'), ('committed', 'Committed'), ('undone', 'Undone'), ('failed', 'Failed')], default='waiting', max_length=12)),
                ('kind', models.CharField(help_text='ending of the uploaded file; its name is not kept', max_length=8)),
                ('label', models.CharField(help_text="shown name: day and running number, never the file's", max_length=60)),
                ('bytes_total', models.BigIntegerField(default=0)),
                ('file_sha256', models.BinaryField(default=bytes, max_length=32)),
                ('spool_name', models.CharField(blank=True, max_length=64)),
                ('wrapped_key', models.BinaryField(default=bytes, max_length=64)),
                ('wrapped_password', models.BinaryField(default=bytes, max_length=400)),
                ('rows_read', models.IntegerField(default=0)),
                ('rows_ok', models.IntegerField(default=0)),
                ('rows_reference', models.IntegerField(default=0)),
                ('rows_refused', models.IntegerField(default=0)),
                ('known_from', models.JSONField(default=dict, help_text='rows already sealed, by the import that holds them')),
                ('rows_known', models.IntegerField(default=0, help_text='rows that an earlier import already sealed')),
                ('lanes', models.JSONField(default=dict, help_text='rows a lane: {A: n, B: n, C: n}')),
                ('shops', models.JSONField(default=dict, help_text='rows a shop')),
                ('days', models.JSONField(default=dict, help_text='rows a day number, as text')),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('error_code', models.CharField(blank=True, max_length=40)),
                ('finished_at', models.DateTimeField(null=True)),
                ('receipt', models.JSONField(default=dict)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Epoch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('epoch_id', models.PositiveIntegerField()),
                ('day', models.IntegerField(help_text="days since 1970-01-01 in the tenant's zone")),
                ('wrapped', models.BinaryField(max_length=64)),
                ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='GramChunk',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('rows', models.BinaryField(help_text='msgpack: a list of uid, month, name tokens, address tokens')),
                ('batch', models.ForeignKey(help_text='none: of a rotation', null=True, on_delete=django.db.models.deletion.PROTECT, to='vault.batch')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='GramPlan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('month', models.PositiveIntegerField()),
                ('field', models.CharField(help_text='name or address', max_length=8)),
                ('bits', models.PositiveSmallIntegerField()),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='IdempotencyKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=80)),
                ('request_sha256', models.BinaryField(max_length=32)),
                ('status', models.PositiveSmallIntegerField()),
                ('answer', models.JSONField()),
                ('owner', models.CharField(blank=True, help_text='process at work on it (platform/lifeline)', max_length=40)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='KeyGeneration',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('state', models.CharField(choices=[('current', 'Current'), ('retiring', 'Retiring'), ('kept', 'Kept'), ('rows', 'Rows')], max_length=8)),
                ('wrapped', models.BinaryField(default=bytes, max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('destroyed_at', models.DateTimeField(null=True)),
                ('suite', models.PositiveSmallIntegerField(choices=[(1, 'AES-256-GCM'), (2, 'AES-256-GCM-SIV'), (3, 'SM4-GCM (SM3)')], db_default=1, default=1, help_text='what orders of this generation are sealed with')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.BinaryField(max_length=16, unique=True)),
                ('day', models.IntegerField()),
                ('lane', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], max_length=1)),
                ('lane_in', models.CharField(choices=[('A', 'A'), ('B', 'B'), ('C', 'C')], help_text='the lane it came in by', max_length=1)),
                ('state', models.CharField(choices=[('awaiting_shipment', 'Awaiting Shipment'), ('in_transit', 'In Transit'), ('at_pickup_point', 'At Pickup Point'), ('delivery_failed', 'Delivery Failed'), ('exception', 'Exception'), ('lost', 'Lost'), ('delivered', 'Delivered'), ('returned', 'Returned')], default='awaiting_shipment', max_length=20)),
                ('order_no', models.CharField(blank=True, max_length=80)),
                ('waybill_no', models.CharField(blank=True, max_length=80)),
                ('carrier', models.CharField(blank=True, max_length=40)),
                ('sort_code', models.CharField(blank=True, max_length=60)),
                ('hub', models.CharField(blank=True, max_length=60)),
                ('simulated', models.BooleanField(default=False, help_text='numbers come from the carrier simulator')),
                ('shop', models.CharField(blank=True, max_length=80)),
                ('platform', models.CharField(blank=True, max_length=40)),
                ('created_at', models.DateTimeField(null=True)),
                ('goods_class', models.CharField(blank=True, max_length=20)),
                ('quantity', models.CharField(blank=True, max_length=20)),
                ('province', models.CharField(blank=True, max_length=30)),
                ('city', models.CharField(blank=True, max_length=30)),
                ('district', models.CharField(blank=True, max_length=30)),
                ('masked_name', models.CharField(blank=True, max_length=60)),
                ('masked_phone', models.CharField(blank=True, max_length=60)),
                ('masked_address', models.CharField(blank=True, max_length=300)),
                ('masked_remark', models.CharField(blank=True, max_length=500)),
                ('epoch_id', models.PositiveIntegerField(default=0)),
                ('key_generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('blob', models.BinaryField(default=bytes)),
                ('phone_index', models.BinaryField(default=bytes, max_length=16)),
                ('last4_index', models.BinaryField(default=bytes, max_length=16)),
                ('order_index', models.BinaryField(default=bytes, max_length=16)),
                ('waybill_index', models.BinaryField(default=bytes, max_length=16)),
                ('row_index', models.BinaryField(default=bytes, help_text='keyed digest of the row', max_length=16)),
                ('person_token', models.BinaryField(default=bytes, max_length=16)),
                ('person_token_previous', models.BinaryField(default=bytes, max_length=16)),
                ('decoy_tag', models.BinaryField(default=bytes, max_length=16)),
                ('printed_at', models.DateTimeField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('shredded_at', models.DateTimeField(help_text='contact and masked view are gone', null=True)),
                ('attempts', models.PositiveSmallIntegerField(default=0)),
                ('batch', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='vault.batch')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField(db_default=1, default=1)),
                ('month', models.PositiveIntegerField()),
                ('field', models.CharField(max_length=8)),
                ('token', models.BigIntegerField()),
                ('count', models.PositiveIntegerField()),
                ('ids', models.BinaryField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RefusedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sheet', models.CharField(blank=True, max_length=120)),
                ('row', models.IntegerField()),
                ('reason', models.CharField(max_length=40)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refused', to='vault.batch')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RetentionRule',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('contact_days', models.PositiveSmallIntegerField(default=90, help_text='days after delivery')),
                ('undelivered_days', models.PositiveSmallIntegerField(default=180, help_text='days after the order where no delivery was reported')),
                ('index_days', models.PositiveSmallIntegerField(default=184, help_text='order and waybill indexes')),
                ('look_days', models.PositiveSmallIntegerField(db_default=184, default=184, help_text='words of look records')),
                ('legal_hold', models.CharField(blank=True, help_text='case reference; empty: no hold', max_length=200)),
                ('last_run_at', models.DateTimeField(null=True)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Rotation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('generation', models.PositiveSmallIntegerField()),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('moved_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('position', models.BigIntegerField(default=0, help_text='id of the last order that was sealed again')),
                ('wave', models.PositiveIntegerField(db_default=2500, default=2500, help_text='orders that are written at once')),
                ('total', models.BigIntegerField(default=0)),
                ('done', models.BigIntegerField(default=0)),
                ('unopened', models.BigIntegerField(default=0, help_text='orders left as they were: they do not open')),
                ('days_destroyed', models.PositiveIntegerField(default=0)),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Salt',
            fields=[
                ('order_uid', models.BinaryField(max_length=16, primary_key=True, serialize=False)),
                ('salt', models.BinaryField(max_length=16)),
                ('batch', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='vault.batch')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Shredded',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.CharField(help_text='leaf hash of the ledger entry, hex', max_length=64, unique=True)),
                ('scope', models.CharField(choices=[('orders', 'Orders'), ('day', 'Day'), ('tenant', 'Tenant')], max_length=8)),
                ('day', models.IntegerField(null=True)),
                ('uids', models.BinaryField(default=bytes, help_text='16 bytes an order')),
                ('epoch_up_to', models.PositiveIntegerField(default=0)),
                ('order_up_to', models.BigIntegerField(default=0)),
                ('orders', models.PositiveIntegerField(help_text='how many; not known of an act that was replayed', null=True)),
                ('certificate', models.TextField(blank=True, help_text='its words, as the ledger keeps them')),
                ('at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='batch',
            index=models.Index(fields=['tenant', 'state'], name='batch_tenant_state'),
        ),
        migrations.AddConstraint(
            model_name='epoch',
            constraint=models.UniqueConstraint(fields=('tenant', 'epoch_id'), name='epoch_once'),
        ),
        migrations.AddConstraint(
            model_name='epoch',
            constraint=models.UniqueConstraint(fields=('tenant', 'day', 'generation'), name='epoch_a_day'),
        ),
        migrations.AddConstraint(
            model_name='gramplan',
            constraint=models.UniqueConstraint(fields=('tenant', 'generation', 'month', 'field'), name='gram_plan_once'),
        ),
        migrations.AddConstraint(
            model_name='idempotencykey',
            constraint=models.UniqueConstraint(fields=('tenant', 'key'), name='idempotency_once'),
        ),
        migrations.AddConstraint(
            model_name='keygeneration',
            constraint=models.UniqueConstraint(fields=('tenant', 'number'), name='key_generation_once'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['tenant', 'day', 'id'], name='order_day'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['tenant', 'id'], name='order_tenant'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('shredded_at', None)), fields=['tenant', 'shop', 'id'], name='order_shop_living'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['tenant', 'lane', 'id'], name='order_lane'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['tenant', 'state', 'id'], name='order_state'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['batch'], name='order_batch'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('phone_index__gt', b'')), fields=['phone_index'], name='order_phone'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('last4_index__gt', b'')), fields=['last4_index'], name='order_last4'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('order_index__gt', b'')), fields=['order_index'], name='order_order'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('waybill_index__gt', b'')), fields=['waybill_index'], name='order_waybill'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['row_index'], name='order_row'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['tenant', 'printed_at', 'id'], name='order_printed'),
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(condition=models.Q(('printed_at', None)), fields=['tenant', 'lane', 'id'], name='order_waiting'),
        ),
        migrations.AddConstraint(
            model_name='posting',
            constraint=models.UniqueConstraint(fields=('tenant', 'generation', 'month', 'field', 'token'), name='posting_once'),
        ),
        migrations.AddConstraint(
            model_name='rotation',
            constraint=models.UniqueConstraint(condition=models.Q(('finished_at', None)), fields=('tenant',), name='rotation_one_at_a_time'),
        ),
        *schema.OPERATIONS,
    ]
