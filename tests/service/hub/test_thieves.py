"""A warehouse that fakes its reports: altered, copied, late or repeated reports are all refused."""

import re
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from support.devices import Keys, enrolled

from waybillguard.agent.protocol import encode
from waybillguard.agent.protocol_town import POSTURE, Posture, Reported
from waybillguard.service.hub.models import Seat, Warehouse

pytestmark = pytest.mark.django_db


def body_of(sequence: int, made_at: datetime) -> bytes:
    good = Reported(control="LBL-01", version=1, status="satisfied")
    return encode(Posture(sequence=sequence, made_at=made_at, controls=(good,)))


def send(body: bytes, headers: dict[str, str]) -> int:
    return Client().post(POSTURE, body, content_type="application/json", headers=headers).status_code


def test_of_all_forgeries_and_replays_none_is_taken_in(town: SimpleNamespace) -> None:
    now = datetime.now(UTC)
    body = body_of(7, now)
    headers = town.keys.headers(POSTURE, body)
    first = Client().post(POSTURE, body, content_type="application/json", headers=headers)
    assert first.status_code == 200, first.content.decode()
    with scope(tenant=town.tenant):
        before = Warehouse.objects.values().get(pk=town.listed.pk)
        _, other = enrolled(town.owner, station="乙仓", kind="warehouse")
    tries = [(body, headers)]
    tries += [
        (altered, headers)
        for altered in (body_of(8, now), body.replace(b"satisfied", b"no_evidence"), body + b" ")
    ]
    fresh = body_of(9, now)
    signed = town.keys.headers(POSTURE, fresh)
    for name, value in signed.items():
        tries += [
            (fresh, {**signed, name: re.sub(r"\d", lambda d: str((int(d[0]) + 1) % 10), value, count=n)})
            for n in (1, 3, 9)
        ]
        tries.append((fresh, {key: kept for key, kept in signed.items() if key != name}))
    tries += [(one, town.keys.headers(POSTURE, one)) for one in (body_of(7, now), body_of(1, now))]
    tries += [
        (one, town.keys.headers(POSTURE, one))
        for one in (body_of(9, now - timedelta(hours=3)), b"{}", b"[]", b"\xff")
    ]
    tries += [
        (one, town.keys.headers(POSTURE, one))
        for one in (b" " * 3_000_000 + fresh, fresh[:-1] + b',"read":[' + b"1," * 60 + b"1]}")
    ]
    for off in (timedelta(minutes=-3), timedelta(minutes=3), timedelta(days=-40)):
        tries.append((fresh, town.keys.headers(POSTURE, fresh, now=now + off)))
    tries.append((fresh, Keys(uid=town.keys.uid).headers(POSTURE, fresh)))
    tries.append((fresh, other.headers(POSTURE, fresh, key_id=town.keys.uid)))
    tries.append((fresh, town.keys.headers("/api/v1/devices/status", fresh)))
    answers = [send(*one) for one in tries]
    assert len(answers) > 25
    assert all(400 <= answer < 500 for answer in answers), answers
    with scope(tenant=town.tenant):
        assert Warehouse.objects.values().get(pk=town.listed.pk) == before


def test_a_session_left_open_gives_nobody_a_seat_at_the_table(
    town: SimpleNamespace, signed_in: Any, confirmed: Any
) -> None:
    address, sent = reverse("town_seat", args=[town.owner.pk]), {"authority": "police"}
    away = signed_in(town.owner).post(address, sent)
    assert away["Location"].startswith("/account/confirm/")
    with scope(tenant=town.tenant):
        assert not Seat.objects.filter(user=town.owner).exists()
        confirmed(town.owner).post(address, sent)
        assert Seat.objects.get(user=town.owner).authority == "police"
