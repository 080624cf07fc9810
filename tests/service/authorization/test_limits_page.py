"""The page of keyd's limits: compare, confirm, sign."""

import re
from collections.abc import Callable
from datetime import datetime
from html import unescape
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from support.codes import has_code
from support.grants import TOTP_SECRET, code_now

from waybillguard.service.alerts.models import Channel, Message
from waybillguard.service.authorization.errors import PolicyVersionError
from waybillguard.service.authorization.limits import services
from waybillguard.service.keyd.limits import (
    HOUSE_LIMITS,
    PERSON_LIMITS,
    ROLES,
    Limits,
    Window,
    shipped_limits,
)

NOW = datetime(2026, 11, 2, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

type SignedIn = Callable[..., Client]


def form(limits: Limits, **changed: str) -> dict[str, str]:
    told = {f"{role}.{name}": str(getattr(limits.of(role), name)) for role in ROLES for name in PERSON_LIMITS}
    told |= {name: str(getattr(limits, name)) for name in HOUSE_LIMITS}
    return {**told, "windows": "", **changed}


def test_lower_limits_are_compared_confirmed_and_in_force_and_told(
    scene: SimpleNamespace, signed_in: SignedIn
) -> None:
    Channel.objects.create(
        tenant=scene.tenant, kind="webhook", name="值班群", sealed_address="", added_by=scene.owner
    )
    client = signed_in(scene.owner)
    assert client.get(reverse("limits")).status_code == 200
    changed = form(shipped_limits(), **{"service.reveals_hour": "10", "windows": "08:00-20:00"})
    page = client.post(reverse("limits_check"), changed).content.decode()
    assert "60→10" in page
    assert "→08:00-20:00" in page
    sent = unescape(re.findall(r'name="limits" value="([^"]+)"', page)[0])
    asked = client.post(reverse("limits_sign"), {"limits": sent})
    assert asked["Location"].startswith(reverse("mfa_reauthenticate"))
    assert services.read(scene.tenant).limits == shipped_limits(), "nothing before the code"
    client.post(asked["Location"], {"code": code_now(TOTP_SECRET)})
    in_force = services.read(scene.tenant).limits
    assert in_force.of("service").reveals_hour == 10
    assert in_force.windows == (Window(0, 720),)
    assert Message.objects.filter(tenant=scene.tenant, mark__startswith="limits:set").exists()


def test_what_is_no_number_is_said_and_changes_nothing(scene: SimpleNamespace, signed_in: SignedIn) -> None:
    changed = form(shipped_limits(), **{"clerk.reveals_hour": "-1"})
    page = signed_in(scene.owner).post(reverse("limits_check"), changed)
    assert page.status_code == 422
    assert services.read(scene.tenant).limits == shipped_limits()


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("", ()),
        ("08:00-20:00", (Window(0, 720),)),
        ("20：00—04:00，06:00-07:30", (Window(720, 1_200), Window(1_320, 1_410))),
    ],
)
def test_shifts_are_read_and_shown_in_the_hours_of_the_warehouse(
    text: str, windows: tuple[Window, ...]
) -> None:
    assert services.windows_from(text, NOW) == windows
    assert services.windows_from(services.windows_text(windows, NOW), NOW) == windows


@pytest.mark.parametrize("text", ["8", "25:00-26:00", "08:00-", "早上", "08:00-20:61"])
def test_what_is_no_shift_is_refused(text: str) -> None:
    with pytest.raises(PolicyVersionError, check=has_code("limits")):
        services.windows_from(text, NOW)
