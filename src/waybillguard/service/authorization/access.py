"""Access to pages: public pages, the second-factor rule, the permission decorator for views."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from allauth.mfa.models import Authenticator
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.utils.translation import get_language

from waybillguard.service.audit.recording import refuse
from waybillguard.service.identity.models import MAY, Permission, Role, User
from waybillguard.service.platform.database.raw_sql import first_row

OPEN_PAGES = frozenset(
    {
        "account_login",
        "account_logout",
        "account_inactive",
        "mfa_authenticate",
        "mfa_login_webauthn",
        "sso_which",
        "sso_start",
        "sso_callback",
        "sso_acs",
        "sso_acs_finish",
        "sso_metadata",
        "sso_logout",
        "setup",
        "station",
        "station_enrol",
        "station_pin",
        "trust",
        "trust_authority",
        "set_language",
        "health",
        "ledger_verify",
        "case_room",
        "phone_worker",
        "scam_check",
        "scam_paid",
        "scam_paid_sheet",
        "my_parcel",
        "my_parcel_check",
        "my_parcel_ask",
    }
)
"""URL names of the pages that need no sign-in; all others do."""

ENROLMENT_PAGES = frozenset(
    {
        "second_factor",
        "mfa_activate_totp",
        "mfa_add_webauthn",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "sso_again",
    }
)
"""Pages that a user without the required second factor may open."""

OWN_SIGN_IN = frozenset({"api", "scim"})
"""URL namespaces that authenticate by bearer token and ignore the session."""

BADGE_PAGES = OPEN_PAGES | {"home", "todo", "bell", "lanes", "looks", "activity", "activity_events"}
"""Pages open to a badge sign-in besides masked work. None of them changes the account or its sign-in methods."""

MASKED_WORK = frozenset({Permission.IMPORT, Permission.PRINT, Permission.VIEW, Permission.SEARCH})
"""Permissions of a badge sign-in. A shared account needs a badge sign-in before it may use them."""

_NEEDS_SECOND_FACTOR = frozenset(
    {
        Permission.IMPORT,
        Permission.PRINT,
        Permission.EXPORT,
        Permission.SECOND,
        Permission.LEAD,
        Permission.ADMINISTER,
    }
)
_ACTIONS = {
    Permission.IMPORT: "import",
    Permission.PRINT: "print",
    Permission.VIEW: "view",
    Permission.SEARCH: "search",
    Permission.CALL: "call",
    Permission.EXPORT: "export",
}
_STRONG = (Authenticator.Type.TOTP.value, Authenticator.Type.WEBAUTHN.value)
_HAS_STRONG = "SELECT 1 FROM mfa_authenticator WHERE user_id = %s AND type IN (%s, %s) LIMIT 1"


def needs_second_factor(user: User) -> bool:
    """Return whether the person's role has a permission that requires a second factor."""
    return bool(MAY[Role(user.role)] & _NEEDS_SECOND_FACTOR)


def has_second_factor(user: User) -> bool:
    """Return whether an authenticator app or a passkey is set up (recovery codes alone do not count)."""
    return first_row(_HAS_STRONG, user.pk, *_STRONG, before_scope=True) is not None


def is_last_second_factor(authenticator: Authenticator) -> bool:
    """Return whether this is the user's last authenticator app or passkey."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_STRONG)
    return authenticator.type in _STRONG and not others.exclude(pk=authenticator.pk).exists()


def signed_in(request: HttpRequest) -> User:
    """Return the signed-in user of a request.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


type View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Decorate a view: the user's role must have ``permission``."""

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:  # noqa: ANN401
            user = signed_in(request)
            if not user.may(permission):
                if permission in _ACTIONS:
                    refuse(user, _ACTIONS[permission])
                raise PermissionDenied(user.why_not(permission, get_language() or "zh-hans"))
            return view(request, *args, **kwargs)

        guarded.asks_for = permission  # type: ignore[attr-defined]
        return guarded

    return guard
