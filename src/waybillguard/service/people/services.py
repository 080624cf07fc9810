"""What an owner does with people: add, link, deactivate."""

from datetime import datetime

from allauth.usersessions.models import UserSession
from django.db import transaction

from waybillguard.service.people.models import OneTimeLink, ShellToken, Tenant, User


def add_person(tenant: Tenant, user: User, now: datetime) -> str:
    """Save a new person of ``tenant`` without a password; return the secret of the one-time link."""
    with transaction.atomic():
        user.tenant = tenant
        user.set_unusable_password()
        user.save()
        return OneTimeLink.issue(user, now)


def deactivate(user: User) -> None:
    """End a person's access at once: sign-in, sessions, shell tokens, unused links."""
    with transaction.atomic():
        user.is_active = False
        user.save(update_fields=["is_active"])
        ShellToken.objects.filter(user=user).delete()
        OneTimeLink.objects.filter(user=user, used_at=None).delete()
        for session in UserSession.objects.filter(user=user):
            session.end()


def take_link(link: OneTimeLink, now: datetime) -> bool:
    """Use a link up; False when somebody was faster."""
    return OneTimeLink.objects.filter(pk=link.pk, used_at=None, expires_at__gt=now).update(used_at=now) == 1
