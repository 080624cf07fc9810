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
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(help_text='of inspect/data/documents.yaml', max_length=30)),
                ('title', models.CharField(blank=True, max_length=120)),
                ('effective_on', models.DateField()),
                ('expires_on', models.DateField(null=True)),
                ('values', models.JSONField(default=dict, help_text='answers to the fields of the kind')),
                ('sha256', models.CharField(max_length=64)),
                ('again', models.BooleanField(default=False, help_text='the same file was here before with another date')),
                ('added_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ledger_index', models.BigIntegerField(null=True)),
                ('withdrawn_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.merchant')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Inspection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('done', models.PositiveSmallIntegerField(default=0, help_text='verdicts that stand in the ledger')),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('counts', models.JSONField(default=dict, help_text='status -> how many controls')),
                ('result', models.BinaryField(default=bytes)),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('started_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='LabelSample',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('place', models.CharField(max_length=80)),
                ('first', models.CharField(help_text='inspector who signs', max_length=60)),
                ('second', models.CharField(help_text='the other inspector who signs', max_length=60)),
                ('state', models.CharField(choices=[('checking', 'Checking'), ('done', 'Done')], default='checking', max_length=8)),
                ('total', models.PositiveSmallIntegerField(default=0)),
                ('done', models.PositiveSmallIntegerField(default=0)),
                ('problem_zh', models.CharField(blank=True, max_length=300)),
                ('problem_en', models.CharField(blank=True, max_length=300)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='PolicyRead',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ledger_index', models.BigIntegerField()),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reads', to='inspections.document')),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RegisterEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('incident', 'Incident'), ('request', 'Request of a person')], max_length=10)),
                ('opened_at', models.DateTimeField()),
                ('due_at', models.DateTimeField(null=True)),
                ('title', models.CharField(max_length=120)),
                ('theft', models.BooleanField(default=False, help_text='a theft was confirmed')),
                ('persons_high', models.PositiveIntegerField(help_text='upper bound of persons; empty: not known', null=True)),
                ('steps', models.JSONField(default=dict, help_text='step -> time and receipt')),
                ('reason', models.CharField(blank=True, help_text='of a refusal', max_length=300)),
                ('closed_at', models.DateTimeField(null=True)),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='RiskAcceptance',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('control', models.CharField(max_length=10)),
                ('reason', models.CharField(max_length=200)),
                ('measure', models.CharField(max_length=200)),
                ('accepted_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('until', models.DateTimeField()),
                ('accepted_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='SamplePhoto',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField()),
                ('sha256', models.CharField(max_length=64)),
                ('spool_name', models.CharField(blank=True, max_length=64)),
                ('wrapped_key', models.BinaryField(default=bytes, max_length=512)),
                ('line', models.JSONField(help_text='of label check; texts in it are left out', null=True)),
                ('sample', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='inspections.labelsample')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(fields=['tenant', 'kind', '-id'], name='document_newest'),
        ),
        migrations.AddIndex(
            model_name='inspection',
            index=models.Index(fields=['tenant', '-id'], name='inspection_newest'),
        ),
        migrations.AddIndex(
            model_name='labelsample',
            index=models.Index(fields=['tenant', '-id'], name='label_sample_newest'),
        ),
        migrations.AddConstraint(
            model_name='policyread',
            constraint=models.UniqueConstraint(fields=('document', 'person'), name='policy_read_once'),
        ),
        migrations.AddIndex(
            model_name='registerentry',
            index=models.Index(fields=['tenant', 'kind', '-id'], name='register_newest'),
        ),
        protect("inspections"),
    ]
