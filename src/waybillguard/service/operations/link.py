"""Issue a one-time link for a named person who lost the password or second factor.

Requires the right to run programs as the service's OS user on its machine; the use is written to the ledger.
"""

import json
import sys

from waybillguard.errors import WaybillGuardError
from waybillguard.service.operations.start import start_django
from waybillguard.service.operations.trouble import explained
from waybillguard.service.platform.lifeline import end_at_once


class UnknownPersonError(WaybillGuardError):
    """No active person has this sign-in name."""

    code = "unknown_person"


def main() -> int:
    """Print the link; return 2 if the person is unknown, or the service or its database does not answer."""
    return explained(_issue)


def _issue() -> None:
    start_django()
    from allauth.mfa.models import Authenticator
    from django.conf import settings
    from django.utils import timezone

    from waybillguard.service.identity.accounts.factors import expect
    from waybillguard.service.identity.accounts.services import end_sessions
    from waybillguard.service.identity.context import context_of
    from waybillguard.service.identity.models import OneTimeLink, ShellToken, User
    from waybillguard.service.keyd import messages
    from waybillguard.service.tenancy.key_process import keyd

    user = User.objects.select_related("tenant").filter(username=sys.argv[1], is_active=True).first()
    if user is None or user.tenant is None:
        raise UnknownPersonError(zh="没有这个在职人员", en="there is no such active person")
    request = messages.Record(
        context=context_of(user, workstation="console", purpose="shell"),
        kind="account",
        detail={"what": "one-time link issued on the server, sign-in reset", "user": user.pk},
    )
    keyd().call(request, messages.Recorded)
    expect(user, user, replacing=True)
    # The old password and second factors end when the link is made.
    Authenticator.objects.filter(user=user).delete()
    user.set_unusable_password()
    user.save()
    ShellToken.objects.filter(user=user).delete()
    end_sessions(user)
    secret = OneTimeLink.issue(user, timezone.now())
    run = json.loads(settings.CONFIG.run_file.read_text(encoding="utf-8"))
    sys.stdout.write(f"{run['url']}/setup/{secret}/\n")


if __name__ == "__main__":
    end_at_once(main())
