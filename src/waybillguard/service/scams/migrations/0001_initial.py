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
        ('vault', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='WarningList',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=80)),
                ('first_day', models.IntegerField()),
                ('last_day', models.IntegerField()),
                ('order_up_to', models.BigIntegerField(default=0)),
                ('order_nos', models.JSONField(default=list)),
                ('kinds', models.CharField(max_length=120)),
                ('cause', models.CharField(max_length=120)),
                ('certainty', models.CharField(max_length=4)),
                ('measures', models.CharField(max_length=160)),
                ('reported', models.CharField(blank=True, max_length=120)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('case', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cases.case')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='WarningShare',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(help_text='of the merchant, or of the shop that has none', max_length=80)),
                ('shops', models.JSONField(default=list)),
                ('orders', models.PositiveIntegerField()),
                ('state', models.CharField(choices=[('waiting', 'To hand over'), ('handed', 'List with the merchant'), ('notified', 'Buyers told')], default='waiting', max_length=8)),
                ('handed_at', models.DateTimeField(null=True)),
                ('notified_at', models.DateTimeField(null=True)),
                ('notified', models.PositiveIntegerField(help_text='buyers told, as the merchant says', null=True)),
                ('handed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('merchant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='identity.merchant')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('warning', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shares', to='scams.warninglist')),
            ],
        ),
        migrations.CreateModel(
            name='PrivacyRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_no', models.CharField(max_length=80)),
                ('shop', models.CharField(blank=True, max_length=80)),
                ('kind', models.CharField(choices=[('correct', 'Correct'), ('delete', 'Delete'), ('object', 'Object to processing'), ('export', 'Get a copy')], max_length=8)),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('due_on', models.DateField(help_text='our target: fifteen working days')),
                ('state', models.CharField(choices=[('open', 'Waiting to be passed on'), ('forwarded', 'With the merchant'), ('done', 'Done'), ('refused', 'Refused')], default='open', max_length=10)),
                ('forwarded_at', models.DateTimeField(null=True)),
                ('finished_at', models.DateTimeField(null=True)),
                ('handled_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='vault.order')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', 'state', 'due_on'], name='privacy_request_due')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('state__in', ['open', 'forwarded'])), fields=('order', 'kind'), name='privacy_request_one_open')],
            },
        ),
        migrations.CreateModel(
            name='ReportedContact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order_uid', models.BinaryField(max_length=16)),
                ('contacted_on', models.DateField()),
                ('verdict', models.CharField(max_length=12)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('order', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='vault.order')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('tenant', 'order_uid'), name='reported_contact_once')],
            },
        ),
        migrations.AddIndex(
            model_name='warninglist',
            index=models.Index(fields=['tenant', '-id'], name='warning_list_tenant'),
        ),
        protect("scams"),
    ]
