"""Add and deactivate people, end their sessions, and use one-time links."""

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django_scopes import scopes_disabled

from waybillguard.service.identity.accounts.factors import end_access
from waybillguard.service.identity.accounts.signals import access_ended
from waybillguard.service.identity.models import Browser, OneTimeLink, ShellToken, SignInLink, User
from waybillguard.service.tenancy.models import Tenant


def add_person(tenant: Tenant, user: User, now: datetime) -> str:
    """Save a new person of ``tenant`` without a password; return the secret of a one-time link."""
    with transaction.atomic():
        user.tenant = tenant
        user.set_unusable_password()
        user.save()
        return OneTimeLink.issue(user, now)


def deactivate(user: User) -> None:
    """End a person's access at once and for good: password, second factors, sessions, tokens, links.

    Other credentials, such as device keys, end by the signal ``access_ended``.
    """
    with transaction.atomic():
        cut(user, for_good=True)
        user.set_unusable_password()
        user.asleep_since = None
        user.save(update_fields=["password", "asleep_since"])
        Authenticator.objects.filter(user=user).delete()
        Browser.objects.filter(user=user).delete()
        with scopes_disabled():  # called with or without an open scope
            SignInLink.objects.filter(user=user).delete()


def cut(user: User, *, for_good: bool = False) -> None:
    """End a person's open access; the account stays closed until reactivated. ``for_good``: also end keys and badge."""
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        ShellToken.objects.filter(user=user).delete()
        OneTimeLink.objects.filter(user=user, used_at=None).delete()
        end_sessions(user)
        transaction.on_commit(lambda: end_access(user))
        access_ended.send(sender=User, user=user, for_good=for_good)


def end_sessions(user: User) -> int:
    """End all sessions of a person; return how many."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        session.end()
    return len(sessions)


def take_link(link: OneTimeLink, now: datetime) -> bool:
    """Consume a link; return False if another request already used it."""
    return OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now) == 1
