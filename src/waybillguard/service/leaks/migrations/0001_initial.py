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
            name='Leak',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=120)),
                ('state', models.CharField(choices=[('waiting', 'Waiting'), ('running', 'Running'), ('done', 'Done'), ('failed', 'Failed')], default='waiting', max_length=8)),
                ('step', models.CharField(blank=True, choices=[('read', 'Reading access records'), ('search', 'Looking for sources'), ('guards', 'Checking against chance'), ('nodes', 'Comparing with all shipments')], max_length=8)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('finished_at', models.DateTimeField(null=True)),
                ('victims', models.JSONField(default=list, help_text='orders and times of contact; no phone, no name')),
                ('refused', models.JSONField(default=list, help_text='rows of the list that were not read')),
                ('not_found', models.PositiveIntegerField(default=0, help_text='phones without an order here')),
                ('answer', models.JSONField(default=dict)),
                ('nodes', models.JSONField(default=dict)),
                ('error_zh', models.CharField(blank=True, max_length=400)),
                ('error_en', models.CharField(blank=True, max_length=400)),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', '-created_at'], name='leak_newest')],
            },
        ),
        migrations.CreateModel(
            name='NoticeAnswer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('notice', models.JSONField()),
                ('orders', models.JSONField(default=list, help_text="victims' orders, by their uid or number")),
                ('not_found', models.PositiveIntegerField(default=0)),
                ('state', models.CharField(choices=[('asked', 'Waiting for the first person'), ('confirmed', 'Waiting for the second person'), ('agreed', 'Ready'), ('refused', 'Refused')], default='asked', max_length=10)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('first_at', models.DateTimeField(null=True)),
                ('second_at', models.DateTimeField(null=True)),
                ('fetched', models.PositiveIntegerField(default=0)),
                ('first', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('second', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
            options={
                'indexes': [models.Index(fields=['tenant', '-made_at'], name='notice_answer_newest')],
            },
        ),
        protect("leaks"),
    ]
