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
            name='Leaving',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('left_on', models.DateField()),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('closed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('employment', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, to='identity.employment')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='LeavingItem',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('system', models.CharField(max_length=200)),
                ('account', models.CharField(blank=True, max_length=200)),
                ('shown_at', models.DateTimeField(null=True)),
                ('evidence_sha256', models.CharField(blank=True, max_length=64)),
                ('leaving', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='items', to='external_accounts.leaving')),
                ('shown_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Reconciliation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('month', models.CharField(max_length=7)),
                ('accounts', models.PositiveIntegerField()),
                ('people', models.PositiveIntegerField()),
                ('kinds', models.JSONField(default=dict)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='StaffOrAccountList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('kind', models.CharField(choices=[('accounts', 'Accounts'), ('payroll', 'Payroll'), ('merchants', 'Merchants')], max_length=10)),
                ('system', models.CharField(blank=True, max_length=200)),
                ('state', models.CharField(choices=[('preview', 'Preview'), ('applied', 'Applied'), ('discarded', 'Discarded')], default='preview', max_length=10)),
                ('spool_name', models.CharField(blank=True, max_length=64)),
                ('wrapped_key', models.BinaryField(max_length=512)),
                ('file_sha256', models.BinaryField(max_length=32)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='System',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('name_key', models.CharField(max_length=200)),
                ('listed_at', models.DateTimeField(help_text='when its own list was last taken in', null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='OutsideAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=200)),
                ('account_key', models.CharField(max_length=200)),
                ('owner', models.CharField(blank=True, max_length=200)),
                ('owner_key', models.CharField(blank=True, max_length=200)),
                ('number', models.CharField(blank=True, max_length=200)),
                ('role', models.CharField(blank=True, max_length=200)),
                ('enabled', models.BooleanField(null=True)),
                ('last_used', models.DateTimeField(null=True)),
                ('by_hand', models.BooleanField(default=False)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('gone_at', models.DateTimeField(help_text='when a list of the system no longer had it', null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('system', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='external_accounts.system')),
            ],
        ),
        migrations.CreateModel(
            name='Finding',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=30)),
                ('severity', models.CharField(max_length=10)),
                ('rank', models.PositiveSmallIntegerField(default=9)),
                ('since', models.DateField(null=True)),
                ('raised_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('settled_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='external_accounts.outsideaccount')),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('settled_at', None)), fields=('account', 'kind'), name='finding_open_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='system',
            constraint=models.UniqueConstraint(fields=('tenant', 'name_key'), name='system_once'),
        ),
        migrations.AddConstraint(
            model_name='outsideaccount',
            constraint=models.UniqueConstraint(fields=('system', 'account_key', 'owner_key'), name='outside_account_once'),
        ),
        protect("external_accounts"),
    ]
