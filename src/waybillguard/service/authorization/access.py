"""Who may open which page: the list of open pages, the second-factor rule, the guard of views."""

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
"""Names of the pages that ask for no sign-in; everything else does."""

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
"""What somebody who still lacks the second factor may open."""

OWN_SIGN_IN = frozenset({"api", "scim"})
"""URL namespaces that ask for a bearer token themselves and never look at the session."""

BADGE_PAGES = OPEN_PAGES | {"home", "todo", "bell", "lanes", "looks", "activity", "activity_events"}
"""What a sign-in by badge may open besides masked work: nothing that changes the account or its ways in."""

MASKED_WORK = frozenset({Permission.IMPORT, Permission.PRINT, Permission.VIEW, Permission.SEARCH})
"""What a badge opens, and what a shared account does only after somebody has said by a badge who is working."""

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
    """Tell whether the person's role may do what only a second factor protects."""
    return bool(MAY[Role(user.role)] & _NEEDS_SECOND_FACTOR)


def has_second_factor(user: User) -> bool:
    """Tell whether an authenticator app or a passkey is set up (recovery codes alone do not count)."""
    return first_row(_HAS_STRONG, user.pk, *_STRONG, before_scope=True) is not None


def is_last_second_factor(authenticator: Authenticator) -> bool:
    """Tell whether no strong factor would be left without this one."""
    others = Authenticator.objects.filter(user_id=authenticator.user_id, type__in=_STRONG)
    return authenticator.type in _STRONG and not others.exclude(pk=authenticator.pk).exists()


def signed_in(request: HttpRequest) -> User:
    """Return the person of a request that passed the sign-in guard.

    Raises:
        PermissionDenied: nobody is signed in.
    """
    if not request.user.is_authenticated:
        raise PermissionDenied
    return request.user


type View = Callable[..., HttpResponseBase]


def requires(permission: Permission) -> Callable[[View], View]:
    """Guard a view: the person's role must allow ``permission``."""

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
