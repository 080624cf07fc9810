"""Write sign-ins, sign-outs, and changes of passwords, factors and roles to the ledger.

Sign-ins, new passwords, added or removed second factors and wider roles are written first, and refused if that
fails. Sign-outs and failed sign-ins never wait for the ledger.
"""

import logging
from typing import Any

from allauth.core import context as allauth_context
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authentication_failed
from django.contrib.auth.signals import user_logged_out, user_login_failed
from django.db.models.signals import pre_delete, pre_save
from django.http import HttpRequest
from django_scopes import scopes_disabled

from waybillguard.service.audit.recording import record_unhindered
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.models import MAY, Role, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydError
from waybillguard.service.platform.sessions import session_mark
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant

logger = logging.getLogger(__name__)


def write(kind: str, user: User | None, request: HttpRequest | None, **detail: str | int) -> None:
    """Write an event about ``user``; ``detail`` holds no personal data, and never a name typed at sign-in.

    Raises:
        KeydError: the event cannot be written, so it must not happen.
    """
    tenant = user.tenant if user is not None else _only_tenant()
    put(tenant, kind, f"u{user.pk}" if user is not None else "", request, detail)


def put(
    tenant: Tenant | None, kind: str, actor: str, request: HttpRequest | None, detail: dict[str, str | int]
) -> messages.Recorded:
    """Write an event in the name of ``actor`` (``u`` and the person's primary key, or ``service``).

    Raises:
        KeydError: the event cannot be written.
    """
    context = messages.Context(
        tenant=tenant.slug if tenant else "",
        actor=actor,
        session=session_mark(request) if request is not None and hasattr(request, "session") else "",
    )
    return keyd().call(messages.Record(context=context, kind=kind, detail=detail), messages.Recorded)


def _only_tenant() -> Tenant | None:
    """Return the tenant if there is only one; failed sign-ins under an unknown name belong to it."""
    with scopes_disabled():  # count all tenants, regardless of the open scope
        found = list(Tenant.objects.order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _try(kind: str, user: User | None, request: HttpRequest | None, **detail: str | int) -> None:
    try:
        write(kind, user, request, **detail)
    except KeydError as error:
        logger.warning("%s is not in the ledger: %s", kind, error.code)


def _on_failed(request: HttpRequest | None = None, **about: Any) -> None:  # noqa: ANN401 - of a signal
    name = str((about.get("credentials") or {}).get("username", ""))
    user = User.objects.filter(username__iexact=name).select_related("tenant").first() if name else None
    _try("sign_in_failed", user, request, step="password")
    failed(user)


def _on_code_failed(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:  # noqa: ANN401
    known = user if isinstance(user, User) else None
    _try("sign_in_failed", known, request, step="second factor")
    failed(known)


def _record(tenant: Tenant | None, action: str, user: User | None, *, allowed: bool = True) -> None:
    record_unhindered(tenant, action, user, allowed=allowed)


def sign_in_failed(tenant: Tenant, user: User | None, request: HttpRequest, step: str) -> None:
    """Record a failed sign-in at a station, which determines the warehouse; it never waits for the ledger."""
    try:
        put(tenant, "sign_in_failed", f"u{user.pk}" if user is not None else "", request, {"step": step})
    except KeydError as error:
        logger.warning("sign_in_failed is not in the ledger: %s", error.code)
    _record(tenant, "login_failed", user, allowed=False)


def failed(user: User | None) -> None:
    """Record a failed sign-in as an access event; an unknown name is assigned to the tenant if there is only one."""
    tenant = user.tenant if user is not None else _only_tenant()
    _record(tenant, "login_failed", user, allowed=False)


def refused(user: User | None, request: HttpRequest, *, step: str) -> None:
    """Record that a sign-in failed at ``step``; it never waits for the ledger."""
    _try("sign_in_failed", user, request, step=step)
    failed(user)


def _on_out(request: HttpRequest | None = None, user: Any = None, **_: Any) -> None:  # noqa: ANN401
    if isinstance(user, User):
        _try("sign_out", user, request)
        factors.sign_out(user)
        _record(user.tenant, "logout", user)


def _on_factor(instance: Authenticator, signal: Any, **_: Any) -> None:  # noqa: ANN401
    """Write the adding or removing of a factor to the ledger before it happens; not outside a request.

    Factors deleted with a closed account are skipped too: closing is a single ledger event.
    """
    request = allauth_context.request
    added = signal is pre_save
    if not added:
        factors.forget(instance)
    if request is None or (added and not instance._state.adding):  # noqa: SLF001 - Django's documented state
        return
    if not added and not instance.user.is_active:
        return
    what = "second factor added" if added else "second factor removed"
    write("account", instance.user, request, what=what, type=str(instance.type))


def _on_person(instance: User, update_fields: frozenset[str] | None = None, **_: Any) -> None:  # noqa: ANN401
    """Write a new password or role to the ledger before it is saved."""
    from waybillguard.service.identity.accounts.changes import note  # circular import

    request = allauth_context.request
    if request is None or instance.pk is None or instance.tenant is None:
        return
    actor = getattr(request, "user", None)
    actor = actor if isinstance(actor, User) else instance
    saved = frozenset(("password", "role")) if update_fields is None else update_fields
    if "password" in saved and getattr(instance, "_password", None) is not None:
        note(instance.tenant, "password_set", person=instance, actor=actor)
    if "role" in saved:
        before = User.objects.filter(pk=instance.pk).values_list("role", flat=True).first()
        if before is not None and before != instance.role:
            lowered = MAY[Role(instance.role)] <= MAY[Role(before)]
            what = "role_lowered" if lowered else "role"
            note(instance.tenant, what, person=instance, actor=actor, before=before, after=instance.role)


def connect() -> None:
    """Connect the signal receivers."""
    user_login_failed.connect(_on_failed, dispatch_uid="journal failed")
    authentication_failed.connect(_on_code_failed, dispatch_uid="journal code failed")
    user_logged_out.connect(_on_out, dispatch_uid="journal out")
    pre_save.connect(_on_person, sender=User, dispatch_uid="journal person")
    for signal in (pre_save, pre_delete):
        signal.connect(_on_factor, sender=Authenticator, dispatch_uid="journal factor")
