"""People, their employments, tokens and browsers, and the directory and identity provider they come from."""

import hashlib
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_scopes import ScopedManager, scopes_disabled

from waybillguard.access.decision import Decision
from waybillguard.access.request import Device, Place, SignIn
from waybillguard.service.platform.hooks import Question
from waybillguard.service.tenancy.models import Tenant

LINK_LIFETIME = timedelta(minutes=30)
SHELL_TOKEN_LIFETIME = timedelta(hours=12)
everyday_decision: Question[[Any, Any], Decision | None] = Question("the policies' decision on everyday work")
"""Arguments: person and permission. Returns None if no policy applies. Called by `User.may`."""


@dataclass(frozen=True, slots=True)
class Here:
    """The policy attributes of a browser request: sign-in, device and place.

    ``confirmed_at``: when a second factor was last confirmed, in seconds since 1970; 0 for never.
    """

    sign_in: SignIn
    device: Device
    place: Place
    confirmed_at: float = 0.0

    @property
    def plain(self) -> bool:
        """Tell whether the role alone decides on administration: no badge, no shared account, no bad device."""
        return (
            self.sign_in.method != "badge"
            and not self.sign_in.shared
            and self.device.enrolled
            and not self.device.restricted
            and not self.device.remote_control
        )


class Role(models.TextChoices):
    """A person's role in the warehouse; ``MAY`` maps each role to its permissions."""

    OWNER = "owner", _("Owner")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLERK = "clerk", _("Label clerk")
    SERVICE = "service", _("Customer service")
    MERCHANT = "merchant", _("Merchant")
    INSPECTOR = "inspector", _("Inspector")


class User(AbstractUser):
    """A person with an account; each belongs to one tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="users", null=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.CLERK)
    display_name = models.CharField(max_length=60, blank=True)
    asleep_since = models.DateTimeField(null=True, help_text="unused for long; an owner can wake it")
    shared = models.BooleanField(default=False, help_text="several people sign in by it")
    wrong_passwords = models.PositiveIntegerField(default=0, help_text="within the hour from ``wrong_since``")
    wrong_since = models.DateTimeField(null=True)

    here: "Here | None" = None
    """Sign-in and device of the current request; None outside a browser request."""

    principal: Any = None
    """The person's policy attributes, loaded for the current request (`authorization.principal`)."""

    class Meta(AbstractUser.Meta):
        constraints = (
            # Sign-in names are case-insensitive: "owner" and "Owner" would lock each other out.
            models.UniqueConstraint(
                Lower("username"),
                name="people_user_name_in_any_case",
                violation_error_message=_("Somebody has this sign-in name."),
            ),
        )

    REQUIRED_FIELDS: ClassVar[list[str]] = []
    acting_key = ""
    """The machine key that acts for this person in the current request; set only by the API."""

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Check uniqueness over all tenants: a sign-in name is unique across warehouses."""
        with scopes_disabled():
            super().validate_unique(exclude=exclude)

    def __str__(self) -> str:
        """Return the display name, else the sign-in name."""
        return self.display_name or self.username

    @property
    def by_badge(self) -> bool:
        """Tell whether the request's sign-in is by badge."""
        return self.here is not None and self.here.sign_in.method == "badge"

    def may(self, what: "Permission") -> bool:
        """Tell whether the person's role allows ``what``; for everyday work, the policies must allow it too."""
        if not self.is_active or what not in MAY[Role(self.role)]:
            return False
        decision = everyday_decision(self, what)
        return decision is None or decision.allowed

    def why_not(self, what: "Permission", language: str) -> str:
        """Return the policies' reason for refusing what the role allows; empty if the role itself does not allow it."""
        if not self.is_active or what not in MAY[Role(self.role)]:
            return ""
        decision = everyday_decision(self, what)
        return "" if decision is None or decision.allowed else decision.words(language)


class Permission(models.TextChoices):
    """A permission that a page or an operation requires."""

    IMPORT = "import", _("Import orders")
    PRINT = "print", _("Print labels")
    VIEW = "view", _("See masked orders")
    SEARCH = "search", _("Look up orders")
    CALL = "call", _("Call through a virtual number")
    EXPORT = "export", _("Ask for exports")
    SECOND = "second", _("Agree as the second person")
    LEDGER = "ledger", _("Read the record of looks")
    LEAD = "lead", _("Lead the print room")
    ADMINISTER = "administer", _("Administer")


MAY: dict[Role, frozenset[Permission]] = {
    Role.OWNER: frozenset(Permission),
    Role.SUPERVISOR: frozenset(Permission) - {Permission.ADMINISTER},
    Role.CLERK: frozenset({Permission.IMPORT, Permission.PRINT, Permission.SEARCH, Permission.VIEW}),
    Role.SERVICE: frozenset({Permission.SEARCH, Permission.VIEW, Permission.CALL}),
    Role.MERCHANT: frozenset({Permission.SEARCH, Permission.VIEW}),
    Role.INSPECTOR: frozenset({Permission.VIEW, Permission.EXPORT, Permission.LEDGER}),
}


def token_hash(token: str) -> bytes:
    """Return the hash stored for a bearer secret; with at least 128 random bits a plain hash suffices."""
    return hashlib.sha256(token.encode()).digest()


class OneTimeLink(models.Model):
    """A one-time link to set password and second factor; only its hash is stored."""

    secret_hash = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @classmethod
    def issue(cls, user: User, now: datetime) -> str:
        """Create a link for ``user`` and return its secret; earlier unused links end."""
        cls.objects.filter(user=user, used_at=None).delete()
        secret = secrets.token_urlsafe(24)
        cls.objects.create(
            secret_hash=token_hash(secret), user=user, created_at=now, expires_at=now + LINK_LIFETIME
        )
        return secret

    @classmethod
    def find(cls, secret: str, now: datetime) -> "OneTimeLink | None":
        """Return the link if it is known, unused and not expired."""
        return (
            cls.objects.select_related("user")
            .filter(secret_hash=token_hash(secret), used_at=None, expires_at__gt=now)
            .first()
        )


class ShellToken(models.Model):
    """A 12-hour sign-in of a named person for shell commands and the machine API."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    label = models.CharField(max_length=80, blank=True)

    @classmethod
    def issue(cls, user: User, label: str, now: datetime) -> tuple[str, "ShellToken"]:
        """Create a token for ``user``; return it with its secret, of which only a hash is stored."""
        secret = secrets.token_urlsafe(32)
        row = cls.objects.create(
            user=user,
            secret_hash=token_hash(secret),
            label=label,
            created_at=now,
            expires_at=now + SHELL_TOKEN_LIFETIME,
        )
        return secret, row

    @classmethod
    def find(cls, secret: str, now: datetime) -> "ShellToken | None":
        """Return the token if it is valid and its person is active."""
        return (
            cls.objects.select_related("user", "user__tenant")
            .filter(secret_hash=token_hash(secret), expires_at__gt=now, user__is_active=True)
            .first()
        )


class Employment(models.Model):
    """A period of employment; people of the payroll list who never sign in have rows too."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="employments")
    number = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=60, blank=True)
    employed_from = models.DateField(null=True)
    employed_to = models.DateField(null=True, help_text="the last day")
    temp = models.BooleanField(default=False)
    agency = models.CharField(max_length=80, blank=True)
    identity_checked_on = models.DateField(null=True)
    shift = models.CharField(max_length=40, blank=True)
    home_station = models.CharField(max_length=60, blank=True)
    site = models.ForeignKey(
        "identity.Site", on_delete=models.PROTECT, null=True, blank=True, help_text="bound to none: empty"
    )
    created_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["Employment"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "employed_to"])]


class AccountChange(models.Model):
    """An account change: shown as history, and queued for the ledger.

    ``ledger_index`` is set once the ledger entry is durable; until then the hourly round retries.
    """

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    person = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="changes")
    actor = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    what = models.CharField(max_length=40)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(default=timezone.now)
    ledger_index = models.BigIntegerField(null=True)

    objects: ClassVar[models.Manager["AccountChange"]] = ScopedManager(tenant="tenant")

    class Meta:
        indexes: ClassVar = [models.Index(fields=["tenant", "person", "-at"])]


class Browser(models.Model):
    """A browser in which a person has signed in, identified by the hash of its cookie."""

    user = models.ForeignKey(User, on_delete=models.CASCADE)
    mark = models.BinaryField(max_length=32)
    user_agent = models.CharField(max_length=200, blank=True)
    ip = models.GenericIPAddressField(null=True)
    first_seen = models.DateTimeField(default=timezone.now)
    last_seen = models.DateTimeField(default=timezone.now)
    known_since = models.DateTimeField(null=True, help_text="when the person said: that was me")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["user", "mark"], name="browser_once")]


class LeavingAudit(models.Model):
    """A leaver's accesses of the last 30 days, counted from the ledger when the person leaves."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    kinds = models.JSONField(default=dict, help_text="kind of look -> how many")
    days = models.JSONField(default=dict, help_text="day number -> how many looks")

    objects: ClassVar[models.Manager["LeavingAudit"]] = ScopedManager(tenant="tenant")


class DirectoryToken(models.Model):
    """A bearer token with which a directory manages the people of one warehouse (SCIM); shown once."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=80, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["DirectoryToken"]] = ScopedManager(tenant="tenant")


class DirectoryPerson(models.Model):
    """A person managed by the directory, with the directory's identifier; deleted when the directory deletes them."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="directory")
    external_id = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["DirectoryPerson"]] = ScopedManager(tenant="tenant")


class DirectoryGroup(models.Model):
    """A group of the directory. Only an owner sets the ``role`` of its members."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    members = models.ManyToManyField(DirectoryPerson, related_name="groups")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["DirectoryGroup"]] = ScopedManager(tenant="tenant")


class IdentityProvider(models.Model):
    """The identity provider of a warehouse for single sign-on; there is at most one.

    Every save creates a new ``revision``; it can be switched on only after an owner has tested it.
    """

    class Kind(models.TextChoices):
        """The provider's protocol."""

        OIDC = "oidc", "OpenID Connect"
        SAML = "saml", "SAML 2.0"

    tenant = models.OneToOneField(Tenant, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    name = models.CharField(max_length=60)
    origin = models.CharField(max_length=200, help_text="address of this console, as the provider knows it")
    issuer = models.CharField(max_length=300, help_text="issuer (OpenID Connect) or entity ID (SAML)")
    client_id = models.CharField(max_length=200, blank=True)
    sealed_secret = models.TextField(blank=True)
    authority = models.TextField(blank=True, help_text="certificates that alone are trusted, as PEM")
    metadata_url = models.CharField(max_length=300, blank=True)
    metadata = models.TextField(blank=True)
    second_factor = models.JSONField(default=list, help_text="values of acr, amr or AuthnContext")
    revision = models.PositiveIntegerField(default=1)
    tried_revision = models.PositiveIntegerField(default=0)
    active_since = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["IdentityProvider"]] = ScopedManager(tenant="tenant")

    @property
    def tried(self) -> bool:
        """Tell whether an owner has signed in through the provider with the current settings."""
        return self.tried_revision == self.revision


class LogoutToken(models.Model):
    """A used logout token, by the hash of issuer and id; kept as long as it could be replayed."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    mark = models.BinaryField(max_length=32)
    forget_at = models.DateTimeField()

    objects: ClassVar[models.Manager["LogoutToken"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "mark"], name="logout_token_once")]


class SignInLink(models.Model):
    """A person's identity at the identity provider: only issuer and subject, no name and no e-mail."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.OneToOneField(User, on_delete=models.CASCADE, related_name="sign_in_link")
    kind = models.CharField(max_length=8, choices=IdentityProvider.Kind)
    issuer = models.CharField(max_length=300)
    subject = models.CharField(max_length=255)
    linked_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["SignInLink"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["tenant", "kind", "issuer", "subject"], name="identity_of_one_person"
            )
        ]
