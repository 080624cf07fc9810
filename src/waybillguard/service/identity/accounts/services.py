"""What an owner does with people: add, link, deactivate."""

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
    """Save a new person of ``tenant`` without a password; return the secret of the one-time link."""
    with transaction.atomic():
        user.tenant = tenant
        user.set_unusable_password()
        user.save()
        return OneTimeLink.issue(user, now)


def deactivate(user: User) -> None:
    """End a person's access at once and for good: password, second factors, sessions, tokens, links.

    Whatever else lets somebody in (device keys) listens to ``access_ended``.
    """
    with transaction.atomic():
        cut(user, for_good=True)
        user.set_unusable_password()
        user.asleep_since = None
        user.save(update_fields=["password", "asleep_since"])
        Authenticator.objects.filter(user=user).delete()
        Browser.objects.filter(user=user).delete()
        with scopes_disabled():  # the tenant's own rounds, the directory and an owner all come here
            SignInLink.objects.filter(user=user).delete()


def cut(user: User, *, for_good: bool = False) -> None:
    """End what a person has open: the account lets nobody in until it is woken. ``for_good``: keys and badge end."""
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
    """Use a link up; False when somebody was faster."""
    return OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now) == 1
