"""People, tenants and how they sign in the first time."""

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
"""Person and permission; None where the policies have no say. Asked wherever a role is asked (`User.may`)."""


@dataclass(frozen=True, slots=True)
class Here:
    """What a request of a browser says of the person: sign-in, device and place, as the policies take them.

    ``confirmed_at``: when a second factor was last shown, seconds since 1970; 0: never.
    """

    sign_in: SignIn
    device: Device
    place: Place
    confirmed_at: float = 0.0

    @property
    def plain(self) -> bool:
        """Tell whether the role alone decides on administration: neither badge nor shared name nor a bad device."""
        return (
            self.sign_in.method != "badge"
            and not self.sign_in.shared
            and self.device.enrolled
            and not self.device.restricted
            and not self.device.remote_control
        )


class Role(models.TextChoices):
    """What somebody does in the warehouse; what follows from it is decided in one place (``MAY``)."""

    OWNER = "owner", _("Owner")
    SUPERVISOR = "supervisor", _("Supervisor")
    CLERK = "clerk", _("Label clerk")
    SERVICE = "service", _("Customer service")
    MERCHANT = "merchant", _("Merchant")
    INSPECTOR = "inspector", _("Inspector")


class User(AbstractUser):
    """A person with a sign-in. One person belongs to one tenant."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="users", null=True)
    role = models.CharField(max_length=20, choices=Role, default=Role.CLERK)
    display_name = models.CharField(max_length=60, blank=True)
    asleep_since = models.DateTimeField(null=True, help_text="unused for long; an owner can wake it")
    shared = models.BooleanField(default=False, help_text="several people sign in by it")
    wrong_passwords = models.PositiveIntegerField(default=0, help_text="within the hour from ``wrong_since``")
    wrong_since = models.DateTimeField(null=True)

    here: "Here | None" = None
    """How and at which device the person of this very request stands; None outside a request of a browser."""

    principal: Any = None
    """What the policies are told of this person, as it was loaded for this request (`authorization.principal`)."""

    class Meta(AbstractUser.Meta):
        constraints = (
            # People sign in by the name in any case: a second "Owner" would shut out both.
            models.UniqueConstraint(
                Lower("username"),
                name="people_user_name_in_any_case",
                violation_error_message=_("Somebody has this sign-in name."),
            ),
        )

    REQUIRED_FIELDS: ClassVar[list[str]] = []
    acting_key = ""
    """Which machine key acts for this person in the present request; set by the API alone."""

    def validate_unique(self, exclude: Collection[str] | None = None) -> None:
        """Check against the people of every warehouse: a sign-in name is one person's in all of them."""
        with scopes_disabled():
            super().validate_unique(exclude=exclude)

    def __str__(self) -> str:
        """Return the shown name, else the sign-in name."""
        return self.display_name or self.username

    def may(self, what: "Permission") -> bool:
        """Tell whether this person's role allows ``what``, and for everyday work the policies in force too."""
        if not self.is_active or what not in MAY[Role(self.role)]:
            return False
        decision = everyday_decision(self, what)
        return decision is None or decision.allowed

    def why_not(self, what: "Permission", language: str) -> str:
        """Return why the policies refuse what the role allows, in words; empty where the role itself does not."""
        if not self.is_active or what not in MAY[Role(self.role)]:
            return ""
        decision = everyday_decision(self, what)
        return "" if decision is None or decision.allowed else decision.words(language)


class Permission(models.TextChoices):
    """What a page or an operation asks for."""

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
    """Return what is stored of a bearer secret of at least 128 random bits (a plain hash suffices)."""
    return hashlib.sha256(token.encode()).digest()


class OneTimeLink(models.Model):
    """A link that sets password and second factor once; what is stored cannot be turned back into it."""

    secret_hash = models.BinaryField(max_length=32, unique=True)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    @classmethod
    def issue(cls, user: User, now: datetime) -> str:
        """Make a link secret for ``user``; earlier unused links of that person end."""
        cls.objects.filter(user=user, used_at=None).delete()
        secret = secrets.token_urlsafe(24)
        cls.objects.create(
            secret_hash=token_hash(secret), user=user, created_at=now, expires_at=now + LINK_LIFETIME
        )
        return secret

    @classmethod
    def find(cls, secret: str, now: datetime) -> "OneTimeLink | None":
        """Return the link if it is known, unused and in time."""
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
        """Make a token for ``user``; the secret is shown once and never stored."""
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
        """Return the living token of an active person."""
        return (
            cls.objects.select_related("user", "user__tenant")
            .filter(secret_hash=token_hash(secret), expires_at__gt=now, user__is_active=True)
            .first()
        )


class Employment(models.Model):
    """One period in which somebody works here; who never signs in has a row too (the payroll list)."""

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
    """Something that happened to an account: its history on the page, and the queue to the ledger.

    ``ledger_index`` is set once the entry is durable there; until then the round tries again.
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
    """A browser in which somebody has signed in; known by the hash of a cookie of its own."""

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
    """What a leaver looked at in the last 30 days, out of the ledger; made when access ends."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.ForeignKey(User, on_delete=models.CASCADE)
    since = models.DateTimeField()
    until = models.DateTimeField()
    made_at = models.DateTimeField(null=True)
    kinds = models.JSONField(default=dict, help_text="kind of look -> how many")
    days = models.JSONField(default=dict, help_text="day number -> how many looks")

    objects: ClassVar[models.Manager["LeavingAudit"]] = ScopedManager(tenant="tenant")


class DirectoryToken(models.Model):
    """A bearer token by which one group's directory keeps the people of one warehouse (SCIM); shown once."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    secret_hash = models.BinaryField(max_length=32, unique=True)
    label = models.CharField(max_length=80, blank=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField(default=timezone.now)
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar[models.Manager["DirectoryToken"]] = ScopedManager(tenant="tenant")


class DirectoryPerson(models.Model):
    """A person whom the directory keeps: its own name for them; gone from here when it deletes them."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    user = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True, related_name="directory")
    external_id = models.CharField(max_length=200, blank=True)
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["DirectoryPerson"]] = ScopedManager(tenant="tenant")


class DirectoryGroup(models.Model):
    """A group of the directory. What its members may do here an owner decides (``role``), nobody else."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT)
    name = models.CharField(max_length=200)
    external_id = models.CharField(max_length=200, blank=True)
    role = models.CharField(max_length=20, choices=Role, blank=True)
    members = models.ManyToManyField(DirectoryPerson, related_name="groups")
    made_at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(default=timezone.now)

    objects: ClassVar[models.Manager["DirectoryGroup"]] = ScopedManager(tenant="tenant")


class IdentityProvider(models.Model):
    """The one identity provider through which a warehouse's people may sign in.

    Every save is a new ``revision``; only the revision that an owner has tried can be switched on.
    """

    class Kind(models.TextChoices):
        """What the provider speaks."""

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
        """Tell whether an owner has come back from the provider as it is set up now."""
        return self.tried_revision == self.revision


class LogoutToken(models.Model):
    """A logout token of a provider that was used, by the hash of issuer and id; kept while it could come again."""

    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, db_index=False)
    mark = models.BinaryField(max_length=32)
    forget_at = models.DateTimeField()

    objects: ClassVar[models.Manager["LogoutToken"]] = ScopedManager(tenant="tenant")

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["tenant", "mark"], name="logout_token_once")]


class SignInLink(models.Model):
    """Who somebody is at the identity provider: issuer and subject, nothing else; no name, no e-mail."""

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
