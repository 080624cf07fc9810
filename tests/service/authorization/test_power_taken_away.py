"""Locks and ended access reach keyd even if the first message was lost."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.authorization import restrictions
from waybillguard.service.identity.accounts import factors
from waybillguard.service.identity.accounts.services import cut
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd import enrolling, messages, signing_in
from waybillguard.service.keyd.client import KeydUnavailableError, RefusedError
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.tenancy.signals import round_made


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """Requests to an unavailable keyd, and the repeated ones."""
    made = SimpleNamespace(asked=[], again=[], error=KeydUnavailableError(zh="没有应答", en="no answer"))

    def ask(request: messages.Request, _answer: type) -> None:
        made.asked.append(request)
        if made.error is not None:
            raise made.error

    monkeypatch.setattr(factors, "ask", ask)
    monkeypatch.setattr(factors, "insist", lambda _path, request: made.again.append(request))
    monkeypatch.setattr(factors, "shown_grant", lambda: b"shown")
    return made


@pytest.fixture
def clerk(warehouse: SimpleNamespace) -> User:
    return User.objects.create_user(username="clerk2", tenant=warehouse.tenant, role=Role.CLERK)


def test_what_keyd_has_not_heard_is_said_again(
    clerk: User, told: SimpleNamespace, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        cut(clerk)
    factors.set_role(clerk, clerk, Role.CLERK)
    factors.sign_out(clerk)
    assert [type(one) for one in told.again] == [enrolling.Suspend, enrolling.SetRole, signing_in.EndSession]
    told.error = RefusedError(zh="没有", en="it has ended", reason="not_granted")
    factors.sign_out(clerk)
    assert len(told.again) == 3, "what was heard is not said again"


def test_who_is_locked_is_told_to_keyd_every_hour(clerk: User, told: SimpleNamespace) -> None:
    with scope(tenant=clerk.tenant):
        restrictions.restrict(clerk.tenant, "locked", person=clerk, now=timezone.now())
        told.asked.clear()
        told.error = None
        now = timezone.now()
        round_made.send(sender=Tenant, tenant=clerk.tenant, now=now, believed=now)
    assert [one.person for one in told.asked if isinstance(one, enrolling.Suspend)] == [f"u{clerk.pk}"]
