"""Make a temp who may see plaintext, with a fresh step-up, in a running service's database; print the cookie."""

import json
import sys

from waybillguard.service.processes.start import start_django


def main() -> None:
    start_django()
    import time
    from datetime import timedelta

    from allauth.account.internal.flows.login import AUTHENTICATION_METHODS_SESSION_KEY
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone
    from django_scopes import scope

    from waybillguard.access.settings import default_settings
    from waybillguard.service.people.models import Employment, Role, Tenant, User
    from waybillguard.service.policy.models import PolicyVersion
    from waybillguard.service.policy.versions import save_draft

    tenant = Tenant.objects.get()
    today = timezone.localdate()
    with scope(tenant=tenant):
        if sys.argv[1] == "allowed":
            always = {"name": "always", "start": "00:00", "end": "00:00", "weekdays": list(range(7))}
            values = default_settings().to_form() | {"temps_reveal": True}
            owner = User.objects.filter(role=Role.OWNER).first()
            draft = save_draft(owner, values, {"shifts": [always]}, timezone.now())
            PolicyVersion.objects.filter(pk=draft.pk).update(state=PolicyVersion.State.ACTIVE)
        cookies = []
        for number in range(int(sys.argv[2])):
            user = User.objects.create_user(
                username=f"{sys.argv[1]}-{number}",
                tenant=tenant,
                role=Role.SERVICE,
                last_login=timezone.now(),
            )
            TOTP.activate(user, generate_totp_secret())
            Employment.objects.create(
                tenant=tenant, user=user, temp=True, employed_from=today - timedelta(days=9),
                employed_to=today + timedelta(days=9), identity_checked_on=today,
            )  # fmt: skip
            session = SessionStore()
            session[SESSION_KEY] = str(user.pk)
            session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
            session[HASH_SESSION_KEY] = user.get_session_auth_hash()
            session[AUTHENTICATION_METHODS_SESSION_KEY] = [
                {"method": "mfa", "type": "totp", "at": time.time(), "reauthenticated": True}
            ]
            session["account_authentication_methods_user"] = str(user.pk)
            session.create()
            cookies.append(session.session_key)
    sys.stdout.write(json.dumps({"name": settings.SESSION_COOKIE_NAME, "cookies": cookies}))


main()
