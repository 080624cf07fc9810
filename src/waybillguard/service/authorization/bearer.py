"""Authentication of the machine API: a person's bearer token or a machine key. No cookies, so no CSRF."""

from django.http import HttpRequest
from django.utils import timezone
from django_scopes import scope
from ninja.security import HttpBearer

from waybillguard.service.identity.grant import show_grant, split_grant
from waybillguard.service.identity.machine_keys import services as keys
from waybillguard.service.identity.machine_keys.scopes import OPERATIONS
from waybillguard.service.identity.merchants.scope import enter
from waybillguard.service.identity.models import MachineKey, ShellToken, User
from waybillguard.service.platform.errors import NotAllowedError

_CONVERTERS = (("<int:import_id>", "{import_id}"), ("<int:run_id>", "{run_id}"), ("<import_id>", "{import_id}"), ("<run_id>", "{run_id}"))  # fmt: skip
_ROOT = "api/v1"


class BearerAuth(HttpBearer):
    """Accept a valid CLI token of an active person, or a valid machine key within its scopes."""

    openapi_description = (
        "An interface key (wgk_…, made by an owner in the console under Devices → Interface keys, with scopes and an end), "
        "or the 12-hour CLI token of a person (POST /login)."
    )

    def authenticate(self, request: HttpRequest, token: str) -> ShellToken | MachineKey | None:
        """Return the token's row and set ``request.user``; return None to reject the call.

        Raises:
            NotAllowedError (scope): the machine key is valid but lacks the scope.
            NotAllowedError: the token belongs to a shared account.
        """
        now = timezone.now()
        secret, grant = split_grant(token)
        found: ShellToken | MachineKey | None = keys.find(secret, now) or ShellToken.find(secret, now)
        if found is None:
            return None
        user = found.made_by if isinstance(found, MachineKey) else found.user
        if user.tenant is None:
            return None
        if isinstance(found, MachineKey):
            _check_scope(request, found)
            user.acting_key = f"key-{found.pk}"
        elif user.shared:
            raise shared_account_error()
        request.user = user
        show_grant(grant)
        # Every query of this request is limited to the person's tenant.
        tenant_scope = scope(tenant=user.tenant)
        tenant_scope.__enter__()
        request.tenant_scope = tenant_scope  # type: ignore[attr-defined]  # left by ApiScopeMiddleware
        request.merchant_wall = enter(user)  # type: ignore[attr-defined]  # the same
        return found


def person_of(request: HttpRequest) -> User:
    """Return the calling user."""
    user = request.user
    if not isinstance(user, User):
        raise PermissionError("the call is not signed in")
    return user


def shared_account_error() -> NotAllowedError:
    """Return the error for a shared account, whose token would not identify a person."""
    return NotAllowedError(
        zh="多人共用的账号不能使用命令行和接口。请用本人账号登录。",
        en="several people use this account, so it has no shell and no API; sign in with an account of your own.",
    )


def operation_of(request: HttpRequest) -> tuple[str, str]:
    """Return method and path of the requested operation, as written in the OpenAPI description."""
    match = request.resolver_match
    path = (match.route if match is not None else "").removeprefix(_ROOT)
    for written, described in _CONVERTERS:
        path = path.replace(written, described)
    return (request.method or "").lower(), path


def _check_scope(request: HttpRequest, key: MachineKey) -> None:
    wanted = OPERATIONS.get(operation_of(request))
    if wanted is None:
        raise keys.lacks_scope("")
    if wanted and wanted not in key.scopes:
        raise keys.lacks_scope(wanted)
