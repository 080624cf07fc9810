"""Django settings: secure by default, in one file without secrets.

Environment: ``WAYBILLGUARD_HOME`` (data folder), ``WAYBILLGUARD_DATABASE_URL`` (PostgreSQL instead of
the embedded database), ``WAYBILLGUARD_HOSTS`` (names the console answers to, comma-separated),
``WAYBILLGUARD_ORIGIN`` (set by the supervisor).
"""

import os
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.utils.csp import CSP

from waybillguard.service.platform.config import Config, default_data_dir, process_secret

SERVICE = Path(__file__).resolve().parent.parent
CONFIG = Config(default_data_dir())

SECRET_KEY = process_secret()
DEBUG = False
ALLOWED_HOSTS = os.environ.get("WAYBILLGUARD_HOSTS", "localhost,127.0.0.1,[::1]").split(",")
ORIGIN = os.environ.get("WAYBILLGUARD_ORIGIN", "https://localhost:8443")
CSRF_TRUSTED_ORIGINS = [ORIGIN]

APPLICATIONS = sorted(f"waybillguard.service.{found.parent.name}" for found in SERVICE.glob("*/apps.py"))
"""Our applications: each folder of the service with an ``apps.py``."""

INSTALLED_APPS = [
    *APPLICATIONS,
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "django_scopes",
    "django_tasks_db",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "waybillguard.service.platform.static_files.StaticFilesMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "waybillguard.service.people.middleware.PersonMiddleware",
    "waybillguard.service.platform.polling.PolledMiddleware",
    "waybillguard.service.identity.grant.GrantMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "waybillguard.service.people.badges.middleware.HereMiddleware",
    "waybillguard.service.people.middleware.LastSeenMiddleware",
    "waybillguard.service.identity.accounts.browsers.BrowserMiddleware",
    "waybillguard.service.people.middleware.SignedInMiddleware",
    "waybillguard.service.people.middleware.TenantMiddleware",
    "waybillguard.service.vault.uploads.UnclaimedUploadMiddleware",
    "waybillguard.service.identity.request_origin.RequestOriginMiddleware",
    "waybillguard.service.web.form_addresses.FormAddressMiddleware",
    "waybillguard.service.web.api.middleware.ApiScopeMiddleware",
]

ROOT_URLCONF = "waybillguard.service.web.urls"
WSGI_APPLICATION = "waybillguard.service.operations.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SERVICE / "platform" / "templates"],  # override templates of other packages
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.csp",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "waybillguard.service.web.context.console",
            ],
        },
    },
]


def _database(url: str) -> dict[str, object]:
    if not url:
        return {
            "ENGINE": "waybillguard.service.platform.database.sqlite",
            "NAME": CONFIG.database,
            "TEST": {"NAME": ":memory:"},  # as with Django's own backend: one database per test process
            "CONN_MAX_AGE": None,
            "OPTIONS": {
                # Write transactions take the lock at their start: a later upgrade could deadlock.
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA secure_delete=ON;"
                    "PRAGMA temp_store=MEMORY; PRAGMA mmap_size=268435456; PRAGMA cache_size=-65536;"
                    "PRAGMA wal_autocheckpoint=8000;"
                ),
            },
        }
    parts = urlsplit(url)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


# Seconds to wait for a restarting keyd: short for pages, longer for the worker.
KEYD_PATIENCE = float(os.environ.get("WAYBILLGUARD_KEYD_PATIENCE", "5"))

DATABASES = {"default": _database(os.environ.get("WAYBILLGUARD_DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}
CACHES = {
    "default": {
        "BACKEND": "waybillguard.service.platform.limits.SteadyCache",
        # Rate limits are counted in this cache: with Django's default of 300 entries, counts could be evicted.
        "OPTIONS": {"MAX_ENTRIES": 50_000},
    }
}

# --- people -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "identity.User"
AUTHENTICATION_BACKENDS = ["waybillguard.service.identity.accounts.backends.PeopleBackend"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
ACCOUNT_ADAPTER = "waybillguard.service.people.adapters.AccountAdapter"
ACCOUNT_FORMS = {"login": "waybillguard.service.people.forms.LoginForm"}
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_PREVENT_ENUMERATION = True
MFA_ADAPTER = "waybillguard.service.people.adapters.MFAAdapter"
MFA_FORMS = {
    "authenticate": "waybillguard.service.people.factor_forms.AuthenticateForm",
    "reauthenticate": "waybillguard.service.people.factor_forms.ReauthenticateForm",
    "activate_totp": "waybillguard.service.people.factor_forms.ActivateTOTPForm",
    "add_webauthn": "waybillguard.service.people.factor_forms.AddWebAuthnForm",
    "authenticate_webauthn": "waybillguard.service.people.factor_forms.AuthenticateWebAuthnForm",
    "reauthenticate_webauthn": "waybillguard.service.people.factor_forms.ReauthenticateWebAuthnForm",
    "login_webauthn": "waybillguard.service.people.factor_forms.LoginWebAuthnForm",
}
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Waybill Guard"
MFA_TOTP_TOLERANCE = 1
# Providers, secrets and links are stored in our own tables (people.sso); allauth's social accounts are not used.
SOCIALACCOUNT_ADAPTER = "waybillguard.service.people.sso.adapter.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = False
SOCIALACCOUNT_AUTO_SIGNUP = False
SOCIALACCOUNT_STORE_TOKENS = False
USERSESSIONS_TRACK_ACTIVITY = True
USERSESSIONS_ADAPTER = "waybillguard.service.people.adapters.SessionsAdapter"
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "account_login"

# --- transport, cookies, headers ----------------------------------------------------------------
SECURE_PROXY_SSL_HEADER = None
SECURE_HSTS_SECONDS = 0  # own authority: HSTS would lock people out before they trust it
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_ENGINE = "waybillguard.service.identity.accounts.sessionstore"
SESSION_COOKIE_NAME = "__Host-waybillguard-session"
GRANT_COOKIE_NAME = "__Host-waybillguard-grant"
SESSION_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-waybillguard-csrf"
CSRF_COOKIE_SECURE = True
CSRF_COOKIE_HTTPONLY = True  # forms carry the token
CSRF_COOKIE_SAMESITE = "Strict"
CSRF_FAILURE_VIEW = "waybillguard.service.web.error_pages.csrf_failure"
LANGUAGE_COOKIE_SECURE = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF, CSP.NONCE],
    "style-src": [CSP.SELF, CSP.NONCE],
    "img-src": [CSP.SELF, "data:"],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "frame-ancestors": [CSP.NONE],
    "base-uri": [CSP.NONE],
    "manifest-src": [CSP.SELF],
    "require-trusted-types-for": ["'script'"],
    "trusted-types": ["htmx", "inspection"],
}

# --- uploads: never on disk in the clear --------------------------------------------------------
FILE_UPLOAD_HANDLERS = ["waybillguard.service.vault.uploads.EncryptingUploadHandler"]
FILE_UPLOAD_TEMP_DIR = None
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
UPLOAD_MAX_BYTES = 256 * 1024 * 1024

# --- language, time, static ---------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"
STATIC_URL = "/static/"

NINJA_NUM_PROXIES = 0  # no reverse proxy: forwarding headers are not trusted

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "filters": {
        "no_links": {"()": "waybillguard.service.platform.logs.HideLinks"},
        "once": {"()": "waybillguard.service.platform.logs.OnceAMinute"},
    },
    "handlers": {
        "stderr": {"class": "logging.StreamHandler", "formatter": "line", "filters": ["no_links", "once"]}
    },
    "root": {"handlers": ["stderr"], "level": "WARNING"},
}
