"""Create clerks with second factors and signed-in sessions in a running service's database; print the cookies."""

import json
import sys

from waybillguard.service.operations.start import start_django


def main() -> None:
    start_django()
    import time

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    from waybillguard.service.identity.models import Role, User
    from waybillguard.service.tenancy.models import Tenant

    tenant = Tenant.objects.get()
    cookies = []
    for number in range(int(sys.argv[1])):
        user = User.objects.create_user(username=f"clerk{number}", tenant=tenant, role=Role.CLERK)
        TOTP.activate(user, generate_totp_secret())
        session = SessionStore()
        session[SESSION_KEY] = str(user.pk)
        session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
        session[HASH_SESSION_KEY] = user.get_session_auth_hash()
        session[AUTHENTICATION_METHODS_SESSION_KEY] = [{"method": "password", "at": time.time()}]
        session.create()
        cookies.append(session.session_key)
    sys.stdout.write(json.dumps({"name": settings.SESSION_COOKIE_NAME, "cookies": cookies}))


main()
