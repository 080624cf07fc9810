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
            name='Overtime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('start', models.DateTimeField()),
                ('end', models.DateTimeField()),
                ('reason', models.CharField(max_length=120)),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('granted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='overtime', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'end'], name='overtime_tenant_end')],
            },
        ),
        migrations.CreateModel(
            name='PolicyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('draft', 'Draft'), ('active', 'Active'), ('retired', 'Retired')], default='draft', max_length=8)),
                ('settings', models.JSONField()),
                ('roster', models.JSONField(default=dict, help_text='{shifts: [...], sale_days: [...]}')),
                ('book', models.BinaryField()),
                ('version', models.CharField(help_text='SHA-256 of texts and schema, hex', max_length=64)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tested_at', models.DateTimeField(help_text='when it passed the examples, as it is now', null=True)),
                ('tested_on', models.PositiveIntegerField(help_text='number in force when it was tested', null=True)),
                ('based_on', models.PositiveIntegerField(help_text='number in force when it was drafted', null=True)),
                ('activated_at', models.DateTimeField(null=True)),
                ('restored_from', models.PositiveIntegerField(null=True)),
                ('ledger_index', models.BigIntegerField(null=True)),
                ('activated_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('agreed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'number'), name='policy_number_once'), models.UniqueConstraint(condition=models.Q(('state', 'active')), fields=('tenant',), name='policy_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='RecordedDecision',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('action', models.CharField(max_length=20)),
                ('allowed', models.BooleanField()),
                ('policies', models.CharField(blank=True, help_text='ids of those that decided', max_length=300)),
                ('version', models.CharField(max_length=64)),
                ('request', models.BinaryField(help_text='Request.to_record')),
                ('actor', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'at'], name='decision_tenant_at')],
            },
        ),
        migrations.CreateModel(
            name='Restriction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('station', models.CharField(blank=True, max_length=60)),
                ('kind', models.CharField(choices=[('locked', 'Locked'), ('no_plaintext', 'No plaintext, exports and label files')], max_length=12)),
                ('rule', models.CharField(blank=True, max_length=40)),
                ('source', models.CharField(blank=True, help_text='what it answers, as alert:12', max_length=40)),
                ('since', models.DateTimeField(default=django.utils.timezone.now)),
                ('lifted_at', models.DateTimeField(null=True)),
                ('why', models.CharField(blank=True, help_text='why it was lifted', max_length=200)),
                ('lifted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('set_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('lifted_at', None)), fields=['tenant', 'person'], name='restriction_in_force')],
            },
        ),
        migrations.CreateModel(
            name='Sale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('declared_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('declared_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('withdrawn_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'last'], name='sale_tenant_last')],
            },
        ),
        protect("authorization"),
    ]
