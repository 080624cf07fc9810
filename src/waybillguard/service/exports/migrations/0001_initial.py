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
            name='Recipient',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60)),
                ('organisation', models.CharField(max_length=80)),
                ('public_key', models.BinaryField(max_length=32)),
                ('registered_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('confirmed_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('confirmed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('registered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Export',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('device', models.CharField(blank=True, help_text='uid of the browser it was asked at', max_length=32)),
                ('station', models.CharField(blank=True, max_length=60)),
                ('form', models.CharField(choices=[('masked', 'Masked'), ('sealed', 'Sealed')], max_length=8)),
                ('table', models.CharField(choices=[('csv', 'Csv'), ('xlsx', 'Xlsx')], default='csv', max_length=4)),
                ('purpose', models.CharField(max_length=24)),
                ('selection', models.JSONField(help_text='ids of orders')),
                ('records', models.PositiveIntegerField()),
                ('mandate', models.BinaryField(default=bytes, help_text="keyd's: the asker's proposal, then what two people agreed to", max_length=1024)),
                ('state', models.CharField(choices=[('asked', 'Asked'), ('agreed', 'Agreed'), ('making', 'Making'), ('ready', 'Ready'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('failed', 'Failed'), ('expired', 'Expired')], default='asked', max_length=10)),
                ('second_at', models.DateTimeField(null=True)),
                ('policies', models.CharField(blank=True, max_length=300)),
                ('policy_version', models.CharField(blank=True, max_length=64)),
                ('reason_zh', models.CharField(blank=True, max_length=400)),
                ('reason_en', models.CharField(blank=True, max_length=400)),
                ('counted_at', models.DateTimeField(null=True)),
                ('claimed_until', models.DateTimeField(help_text='a worker is at it until then', null=True)),
                ('claim', models.CharField(blank=True, help_text='which worker; what it writes names its claim', max_length=32)),
                ('tries', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveIntegerField(default=0)),
                ('left_out', models.PositiveIntegerField(default=0)),
                ('head', models.BinaryField(default=bytes, help_text='beginning of a sealed file', max_length=4200)),
                ('origin', models.CharField(blank=True, max_length=120)),
                ('spool_name', models.CharField(blank=True, max_length=64)),
                ('wrapped_key', models.BinaryField(default=bytes, max_length=64)),
                ('finished_at', models.DateTimeField(null=True)),
                ('expires_at', models.DateTimeField(null=True)),
                ('downloads', models.PositiveIntegerField(default=0)),
                ('fetched_at', models.DateTimeField(null=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('recipient', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='exports', to='exports.recipient')),
            ],
        ),
        migrations.CreateModel(
            name='ExportPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('records', models.PositiveIntegerField()),
                ('sealed', models.BinaryField()),
                ('export', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='exports.export')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('export', 'number'), name='export_part_once')],
            },
        ),
        migrations.AddConstraint(
            model_name='recipient',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('tenant', 'public_key'), name='recipient_key_once'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['tenant', '-asked_at'], name='export_tenant'),
        ),
        migrations.AddIndex(
            model_name='export',
            index=models.Index(fields=['tenant', 'state'], name='export_state'),
        ),
        protect("exports"),
    ]
