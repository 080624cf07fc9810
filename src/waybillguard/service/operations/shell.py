"""The signed-in owner on whose behalf a shell command acts."""

import msgspec
from django.utils import timezone

from waybillguard.errors import WaybillGuardError
from waybillguard.service.identity.grant import show_grant, split_grant
from waybillguard.service.identity.models import Permission, ShellToken, User
from waybillguard.service.platform.config import Config


class NotSignedInError(WaybillGuardError):
    """Nobody with the required permission is signed in to the CLI."""

    code = "not_signed_in"


def signed_in_owner(config: Config) -> User:
    """Return the person signed in by `waybillguard login`; the person must be allowed to administer.

    Raises:
        NotSignedInError: nobody is signed in, or the person may not administer.
    """
    try:
        token = str(msgspec.json.decode(config.token_file.read_bytes())["token"])
    except (OSError, msgspec.MsgspecError, KeyError, TypeError):
        token = ""
    secret, grant = split_grant(token)
    found = ShellToken.find(secret, timezone.now()) if secret else None
    if found is None or found.user.tenant is None:
        raise NotSignedInError(
            zh="尚未登录或登录已过期。请运行：waybillguard login",
            en="nobody is signed in, or the sign-in has ended. Run: waybillguard login",
        )
    if not found.user.may(Permission.ADMINISTER):
        raise NotSignedInError(
            zh="只有管理员可以执行此操作。请用管理员账号登录。",
            en="only somebody who may administer can do this. Sign in as the owner.",
        )
    show_grant(grant)
    return found.user
