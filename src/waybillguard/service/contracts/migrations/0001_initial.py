import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.platform.database.row_security import protect


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('exports', '0001_initial'),
        ('identity', '0001_initial'),
        ('tenancy', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Entrustment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(default=1, help_text='number of the version in force')),
                ('first_day', models.DateField()),
                ('last_day', models.DateField(help_text='included')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ended_at', models.DateTimeField(null=True)),
                ('closed_at', models.DateTimeField(null=True)),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='entrustments', to='identity.merchant')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='EntrustmentEnd',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('way', models.CharField(choices=[('delete', 'Delete'), ('return', 'Return')], max_length=8)),
                ('state', models.CharField(choices=[('proposed', 'Proposed'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn'), ('returning', 'Returning'), ('replaced', 'Replaced'), ('destroying', 'Destroying'), ('done', 'Done')], default='proposed', max_length=12)),
                ('proposed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('device', models.CharField(blank=True, help_text='uid of the browser it was proposed at', max_length=32)),
                ('station', models.CharField(blank=True, max_length=60)),
                ('second_at', models.DateTimeField(null=True)),
                ('shops', models.JSONField(default=list, help_text='whose orders: as they were when it was agreed to')),
                ('order_up_to', models.BigIntegerField(help_text='the highest order when it was agreed to: what a shop gets under another owner is not his', null=True)),
                ('orders', models.PositiveIntegerField(default=0, help_text='that were there when it was agreed to')),
                ('returned_at', models.DateTimeField(null=True)),
                ('destroyed', models.PositiveIntegerField(default=0)),
                ('waves', models.PositiveIntegerField(default=0)),
                ('held', models.CharField(blank=True, help_text='the legal hold that it waits for', max_length=200)),
                ('certificate', models.TextField(blank=True, help_text='its words, as the ledger keeps them')),
                ('receipt', models.BigIntegerField(help_text="the certificate's place in the ledger", null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('entrustment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ends', to='contracts.entrustment')),
                ('proposed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('recipient', models.ForeignKey(help_text='of a return', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exports.recipient')),
                ('returned_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='EndPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uids', models.BinaryField(help_text='16 bytes each, joined')),
                ('mandate', models.BinaryField(max_length=1024)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('end', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='contracts.entrustmentend')),
            ],
        ),
        migrations.CreateModel(
            name='EntrustmentVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('purpose', models.CharField(max_length=200)),
                ('kinds', models.CharField(help_text='kinds of personal data', max_length=400)),
                ('method', models.CharField(help_text='how it is processed', max_length=400)),
                ('first_day', models.DateField()),
                ('last_day', models.DateField()),
                ('measures', models.TextField(help_text='protective measures', max_length=2000)),
                ('sub_entrusting', models.BooleanField(default=False, help_text='the merchant consents to sub-entrusting')),
                ('sub_entrusted', models.CharField(blank=True, help_text='to whom and for what', max_length=400)),
                ('contact', models.CharField(help_text="the merchant's contact for personal data", max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('digest', models.CharField(help_text='SHA-256 of the terms, hex', max_length=64)),
                ('entrustment', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='contracts.entrustment')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ReturnFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('end', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='files', to='contracts.entrustmentend')),
                ('export', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='exports.export')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.AddIndex(
            model_name='entrustment',
            index=models.Index(fields=['tenant', 'closed_at'], name='entrustment_tenant'),
        ),
        migrations.AddConstraint(
            model_name='entrustment',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('merchant',), name='entrustment_one_open'),
        ),
        migrations.AddConstraint(
            model_name='entrustmentend',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'proposed')), fields=('entrustment',), name='entrustment_end_proposed'),
        ),
        migrations.AddConstraint(
            model_name='entrustmentend',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['returning', 'destroying'])), fields=('entrustment',), name='entrustment_end_going_on'),
        ),
        migrations.AddConstraint(
            model_name='entrustmentversion',
            constraint=models.UniqueConstraint(fields=('entrustment', 'number'), name='entrustment_version_once'),
        ),
        protect("contracts"),
    ]
