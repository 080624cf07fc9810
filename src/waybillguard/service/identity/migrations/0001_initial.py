import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

from waybillguard.service.identity import schema


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('tenancy', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('first_name', models.CharField(blank=True, max_length=150, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=150, verbose_name='last name')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('role', models.CharField(choices=[('owner', 'Owner'), ('supervisor', 'Supervisor'), ('clerk', 'Label clerk'), ('service', 'Customer service'), ('merchant', 'Merchant'), ('inspector', 'Inspector')], default='clerk', max_length=20)),
                ('display_name', models.CharField(blank=True, max_length=60)),
                ('asleep_since', models.DateTimeField(help_text='unused for long; an owner can wake it', null=True)),
                ('shared', models.BooleanField(default=False, help_text='several people sign in by it')),
                ('wrong_passwords', models.PositiveIntegerField(default=0, help_text='within the hour from ``wrong_since``')),
                ('wrong_since', models.DateTimeField(null=True)),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('tenant', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='users', to='tenancy.tenant')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='AccountChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('what', models.CharField(max_length=40)),
                ('detail', models.JSONField(default=dict)),
                ('at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ledger_index', models.BigIntegerField(null=True)),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='changes', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Badge',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.BinaryField(max_length=32, unique=True)),
                ('pin', models.CharField(help_text='slow hash; until it is chosen, of the start number', max_length=128)),
                ('pin_chosen_at', models.DateTimeField(null=True)),
                ('start_until', models.DateTimeField(help_text='the start number counts until then')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_used', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('issued_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('revoked_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='badges', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Browser',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BinaryField(max_length=32)),
                ('user_agent', models.CharField(blank=True, max_length=200)),
                ('ip', models.GenericIPAddressField(null=True)),
                ('first_seen', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_seen', models.DateTimeField(default=django.utils.timezone.now)),
                ('known_since', models.DateTimeField(help_text='when the person said: that was me', null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Device',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('uid', models.CharField(max_length=32, unique=True)),
                ('station', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('agent', 'Print agent'), ('shim', 'Print component'), ('station', 'Browser at a print station'), ('desk', 'Browser in the office'), ('phone', 'Browser of a phone or handheld'), ('warehouse', 'Warehouse that reports to this hub')], default='agent', max_length=10)),
                ('state', models.CharField(choices=[('active', 'Active'), ('restricted', 'Restricted'), ('revoked', 'Revoked')], default='active', max_length=12)),
                ('signing_key', models.BinaryField(help_text='empty: a browser', max_length=32, null=True, unique=True)),
                ('remote_control', models.BooleanField(db_default=False, default=False, help_text="of a browser: its station's PC is under suspicion (sensors)")),
                ('sealing_key', models.BinaryField(max_length=32)),
                ('cookie_hash', models.BinaryField(help_text='of a browser', max_length=32, null=True, unique=True)),
                ('host_class', models.CharField(blank=True, max_length=10)),
                ('key_place', models.CharField(blank=True, choices=[('tpm', 'TPM'), ('keyring', 'keyring'), ('file', 'file')], db_default='', default='', help_text='as the agent said; empty: it did not', max_length=10)),
                ('os', models.CharField(blank=True, max_length=80)),
                ('version', models.CharField(blank=True, max_length=80)),
                ('printers', models.JSONField(default=list, help_text='as the agent named them (protocol.PrinterInfo)')),
                ('enrolled_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('last_seen', models.DateTimeField(null=True)),
                ('lease_number', models.BigIntegerField(db_default=0, default=0, help_text='highest number of a request that got jobs (protocol.LeaseRequest)')),
                ('runs', models.JSONField(default=list, help_text='latest starts of the agent: [run, first seen], newest last')),
                ('copy_seen_at', models.DateTimeField(help_text='when its key was seen on two machines (runs.py)', null=True)),
                ('changed_at', models.DateTimeField(null=True)),
                ('changed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('enrolled_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='devices', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='DeviceNonce',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('nonce', models.CharField(max_length=64)),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='identity.device')),
            ],
        ),
        migrations.CreateModel(
            name='DirectoryToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('label', models.CharField(blank=True, max_length=80)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='IdentityProvider',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('oidc', 'OpenID Connect'), ('saml', 'SAML 2.0')], max_length=8)),
                ('name', models.CharField(max_length=60)),
                ('origin', models.CharField(help_text='address of this console, as the provider knows it', max_length=200)),
                ('issuer', models.CharField(help_text='issuer (OpenID Connect) or entity ID (SAML)', max_length=300)),
                ('client_id', models.CharField(blank=True, max_length=200)),
                ('sealed_secret', models.TextField(blank=True)),
                ('authority', models.TextField(blank=True, help_text='certificates that alone are trusted, as PEM')),
                ('metadata_url', models.CharField(blank=True, max_length=300)),
                ('metadata', models.TextField(blank=True)),
                ('second_factor', models.JSONField(default=list, help_text='values of acr, amr or AuthnContext')),
                ('revision', models.PositiveIntegerField(default=1)),
                ('tried_revision', models.PositiveIntegerField(default=0)),
                ('active_since', models.DateTimeField(null=True)),
                ('tenant', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='LeavingAudit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('made_at', models.DateTimeField(null=True)),
                ('kinds', models.JSONField(default=dict, help_text='kind of look -> how many')),
                ('days', models.JSONField(default=dict, help_text='day number -> how many looks')),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='LogoutToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mark', models.BinaryField(max_length=32)),
                ('forget_at', models.DateTimeField()),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='MachineKey',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('scopes', models.JSONField(default=list)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('revoked_at', models.DateTimeField(null=True)),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Merchant',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='MerchantPerson',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='people', to='identity.merchant')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='merchant_tie', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='MerchantShop',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('shop', models.CharField(max_length=80)),
                ('merchant', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='shops', to='identity.merchant')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='OneTimeLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SharedUse',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('station', models.CharField(max_length=60)),
                ('day', models.DateField()),
                ('refused', models.BooleanField(help_text='no: it was a sale day, so it was let through')),
                ('first_at', models.DateTimeField()),
                ('last_at', models.DateTimeField()),
                ('requests', models.PositiveIntegerField(default=0)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='ShellToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('label', models.CharField(blank=True, max_length=80)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='SignInLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('oidc', 'OpenID Connect'), ('saml', 'SAML 2.0')], max_length=8)),
                ('issuer', models.CharField(max_length=300)),
                ('subject', models.CharField(max_length=255)),
                ('linked_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('used_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='sign_in_link', to=settings.AUTH_USER_MODEL)),
            ],
        ),
        migrations.CreateModel(
            name='Site',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20)),
                ('name', models.CharField(max_length=60)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('closed_at', models.DateTimeField(null=True)),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='EnrolmentCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('secret_hash', models.BinaryField(max_length=32, unique=True)),
                ('station', models.CharField(max_length=60)),
                ('kind', models.CharField(choices=[('agent', 'Print agent'), ('shim', 'Print component'), ('station', 'Browser at a print station'), ('desk', 'Browser in the office'), ('phone', 'Browser of a phone or handheld'), ('warehouse', 'Warehouse that reports to this hub')], default='agent', max_length=10)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('expires_at', models.DateTimeField()),
                ('used_at', models.DateTimeField(null=True)),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('site', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.site')),
            ],
        ),
        migrations.CreateModel(
            name='Employment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(blank=True, max_length=40)),
                ('name', models.CharField(blank=True, max_length=60)),
                ('employed_from', models.DateField(null=True)),
                ('employed_to', models.DateField(help_text='the last day', null=True)),
                ('temp', models.BooleanField(default=False)),
                ('agency', models.CharField(blank=True, max_length=80)),
                ('identity_checked_on', models.DateField(null=True)),
                ('shift', models.CharField(blank=True, max_length=40)),
                ('home_station', models.CharField(blank=True, max_length=60)),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='employments', to=settings.AUTH_USER_MODEL)),
                ('site', models.ForeignKey(blank=True, help_text='bound to none: empty', null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.site')),
            ],
        ),
        migrations.AddField(
            model_name='device',
            name='site',
            field=models.ForeignKey(help_text='where it stands', null=True, on_delete=django.db.models.deletion.PROTECT, to='identity.site'),
        ),
        migrations.CreateModel(
            name='StationSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('session_key', models.CharField(max_length=40)),
                ('began_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('ends_at', models.DateTimeField(help_text='the end of the shift, at the latest')),
                ('ended_at', models.DateTimeField(null=True)),
                ('badge', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='identity.badge')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='identity.device')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='Tries',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('failures', models.PositiveIntegerField(default=0)),
                ('since', models.DateTimeField(default=django.utils.timezone.now, help_text='of the station: when this count began')),
                ('last_at', models.DateTimeField(null=True)),
                ('waits_until', models.DateTimeField(null=True)),
                ('badge', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='identity.badge')),
                ('device', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='identity.device')),
                ('tenant', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='DirectoryPerson',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='directory', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
            ],
        ),
        migrations.CreateModel(
            name='DirectoryGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200)),
                ('external_id', models.CharField(blank=True, max_length=200)),
                ('role', models.CharField(blank=True, choices=[('owner', 'Owner'), ('supervisor', 'Supervisor'), ('clerk', 'Label clerk'), ('service', 'Customer service'), ('merchant', 'Merchant'), ('inspector', 'Inspector')], max_length=20)),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('changed_at', models.DateTimeField(default=django.utils.timezone.now)),
                ('tenant', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='tenancy.tenant')),
                ('members', models.ManyToManyField(related_name='groups', to='identity.directoryperson')),
            ],
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.UniqueConstraint(django.db.models.functions.text.Lower('username'), name='people_user_name_in_any_case', violation_error_message='Somebody has this sign-in name.'),
        ),
        migrations.AddIndex(
            model_name='accountchange',
            index=models.Index(fields=['tenant', 'person', '-at'], name='identity_ac_tenant__d94dc9_idx'),
        ),
        migrations.AddConstraint(
            model_name='badge',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('user',), name='badge_works_once'),
        ),
        migrations.AddConstraint(
            model_name='browser',
            constraint=models.UniqueConstraint(fields=('user', 'mark'), name='browser_once'),
        ),
        migrations.AddConstraint(
            model_name='devicenonce',
            constraint=models.UniqueConstraint(fields=('device', 'nonce'), name='nonce_once'),
        ),
        migrations.AddConstraint(
            model_name='logouttoken',
            constraint=models.UniqueConstraint(fields=('tenant', 'mark'), name='logout_token_once'),
        ),
        migrations.AddConstraint(
            model_name='merchant',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='merchant_once'),
        ),
        migrations.AddConstraint(
            model_name='merchantshop',
            constraint=models.UniqueConstraint(fields=('tenant', 'shop'), name='merchant_shop_once'),
        ),
        migrations.AddConstraint(
            model_name='shareduse',
            constraint=models.UniqueConstraint(fields=('tenant', 'day', 'account', 'station', 'refused'), name='shared_use_once'),
        ),
        migrations.AddConstraint(
            model_name='signinlink',
            constraint=models.UniqueConstraint(fields=('tenant', 'kind', 'issuer', 'subject'), name='identity_of_one_person'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(fields=('tenant', 'code'), name='site_code_once'),
        ),
        migrations.AddConstraint(
            model_name='site',
            constraint=models.UniqueConstraint(fields=('tenant', 'name'), name='site_name_once'),
        ),
        migrations.AddIndex(
            model_name='employment',
            index=models.Index(fields=['tenant', 'employed_to'], name='identity_em_tenant__704158_idx'),
        ),
        migrations.AddIndex(
            model_name='device',
            index=models.Index(fields=['tenant', 'state', 'station'], name='identity_de_tenant__980515_idx'),
        ),
        migrations.AddConstraint(
            model_name='stationsession',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('device',), name='station_session_once'),
        ),
        migrations.AddConstraint(
            model_name='tries',
            constraint=models.UniqueConstraint(fields=('device', 'badge'), name='tries_once'),
        ),
        migrations.AddConstraint(
            model_name='tries',
            constraint=models.UniqueConstraint(condition=models.Q(('badge', None)), fields=('device',), name='tries_station_once'),
        ),
        *schema.OPERATIONS,
    ]
