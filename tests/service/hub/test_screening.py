"""Screening of victims: only the police learn the matches, and only after a warehouse's owner agreed."""

import io
import zipfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope, scopes_disabled
from support.devices import enrolled

from waybillguard.agent.protocol_screening import ANSWER, ASK, ScreeningAsk, ScreeningPart
from waybillguard.service.hub.errors import HubError
from waybillguard.service.hub.models import HubLink, HubScreening, ScreeningTo, Seat, Warehouse
from waybillguard.service.hub.screened import answer_parts
from waybillguard.service.hub.screening import answer_file, send_screening
from waybillguard.service.hub.sending import link_to_hub, send
from waybillguard.service.hub.towns import add_warehouse, open_town, warehouse_code
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.keyd.ledger_messages import LedgerState, LedgerStateAnswer
from waybillguard.service.platform.tls import ensure_certificate
from waybillguard.service.vault.models import Order
from waybillguard.trace.matching import Police

pytestmark = pytest.mark.django_db(transaction=True)
VICTIMS = ("YT0000000003", "YT0000000007", "YT9999999999")


@pytest.fixture
def police(elsewhere: SimpleNamespace, made_up: Any) -> Iterator[SimpleNamespace]:
    """A hub with one warehouse, and one officer each of the police and of the post authority."""
    with scope(tenant=elsewhere.tenant):
        open_town(elsewhere.tenant, "测试镇")
        elsewhere.listed = add_warehouse(elsewhere.owner, "甲仓", "北苑")
        for authority in ("police", "post"):
            user = made_up.make_user(elsewhere.tenant, authority, Role.INSPECTOR)
            Seat.objects.create(tenant=elsewhere.tenant, user=user, authority=authority)
            setattr(elsewhere, authority, user)
        yield elsewhere


@pytest.fixture
def linked(
    scene: SimpleNamespace,
    police: SimpleNamespace,
    live_server: Any,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> SimpleNamespace:
    """A warehouse with twelve sealed orders that reports to the hub over a real socket."""
    front = KeydClient.call

    def call(self: KeydClient, request: Any, answer: Any) -> Any:
        """A stub, because the tests' keyd keeps no shards."""
        return (
            LedgerStateAnswer("", "", [], "", [], "")
            if isinstance(request, LedgerState)
            else front(self, request, answer)
        )

    monkeypatch.setattr(KeydClient, "call", call)
    settings.STATIC_URL = "/not-served-by-the-test-server/"
    ensure_certificate(settings.CONFIG.tls_dir, "made-up", ["localhost"], timezone.now())
    with scope(tenant=scene.tenant):
        for at, one in enumerate(scene.orders):
            Order.objects.filter(pk=one.pk).update(waybill_no=f"yt {at:010}")
    with scope(tenant=police.tenant):
        code = warehouse_code(police.owner, police.listed)
    with scope(tenant=scene.tenant):
        link_to_hub(scene.owner, live_server.url.replace("127.0.0.1", "localhost"), code)
    return scene


def report(here: SimpleNamespace) -> bool:
    with scope(tenant=here.tenant):
        return send(HubLink.objects.get(), timezone.now())


def test_the_police_learn_which_victims_passed_and_nobody_else_learns_anything(
    linked: SimpleNamespace,
    police: SimpleNamespace,
    confirmed: Callable[..., Client],
    signed_in: Callable[[User], Client],
) -> None:
    client = Police(VICTIMS)
    with scope(tenant=police.tenant):
        upload = SimpleUploadedFile("request.bin", client.request())
        form = {
            "number": "测公协查〔1〕号",
            "since": timezone.localdate() - timedelta(days=30),
            "file": upload,
        }
        sent = signed_in(police.police).post(reverse("screening_send"), form, follow=True)
        assert "测公协查〔1〕号" in sent.content.decode()
    assert report(linked)
    with scope(tenant=linked.tenant):
        asked = HubScreening.objects.get()
        assert (asked.document, asked.agreed_at) == ("测公协查〔1〕号", None)
    assert report(linked)
    with scope(tenant=police.tenant):
        assert ScreeningTo.objects.get().answered_at is None
    with scope(tenant=linked.tenant):
        page = confirmed(linked.owner).post(reverse("screening_agree", args=[asked.pk]))
        assert page.status_code == 302
    assert report(linked)
    with scope(tenant=linked.tenant):
        done = HubScreening.objects.get()
        assert (done.error_zh, done.agreed_by) == ("", linked.owner)
        assert done.compared >= len(linked.orders)
    with scope(tenant=police.tenant):
        copy = ScreeningTo.objects.get()
        packed = signed_in(police.police).get(reverse("screening_answer", args=[copy.pk])).content
    with zipfile.ZipFile(io.BytesIO(packed)) as files:
        assert files.namelist() == ["response.bin", "setup-1.bin"]
        found = client.intersection(files.read("setup-1.bin"), files.read("response.bin"))
    assert found == list(VICTIMS[:2])
    kept = packed + bytes(copy.screening.request)
    assert not any(f"YT{at:010}".encode() in kept for at in range(12))
    assert not any(victim.encode() in kept for victim in VICTIMS)


def test_other_authorities_neither_send_nor_see_a_screening(
    police: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    with pytest.raises(HubError):
        send_screening(police.post, "测〔1〕号", timezone.localdate(), b"x")
    sent = send_screening(police.police, "测〔1〕号", timezone.localdate(), b"x")
    client = signed_in(police.post)
    assert client.get(reverse("screening", args=[sent.pk])).status_code == 404
    copy = ScreeningTo.objects.get()
    ScreeningTo.objects.update(answered_at=timezone.now())
    assert client.get(reverse("screening_answer", args=[copy.pk])).status_code == 404
    assert "测〔1〕号" not in client.get(reverse("screenings")).content.decode()


@pytest.mark.parametrize("content", [b"", b"x" * 400_001])
def test_a_file_that_is_none_or_a_number_used_before_sends_nothing(
    police: SimpleNamespace, content: bytes
) -> None:
    with pytest.raises(HubError):
        send_screening(police.police, "测〔1〕号", timezone.localdate(), content)
    send_screening(police.police, "测〔1〕号", timezone.localdate(), b"x")
    with pytest.raises(HubError):
        send_screening(police.police, "测〔1〕号", timezone.localdate(), b"x")


def test_a_warehouse_that_was_not_asked_gets_nothing_and_parts_must_fit(police: SimpleNamespace) -> None:
    with scope(tenant=police.tenant):
        add_warehouse(police.owner, "乙仓", "江东")
        keys = {}
        for name in ("甲仓", "乙仓"):
            device, keys[name] = enrolled(police.owner, station=name, kind="warehouse")
            Warehouse.objects.filter(name=name).update(device=device)
        sent = send_screening(police.police, "测〔1〕号", timezone.localdate(), b"x", "北苑")
    assert keys["乙仓"].post(ASK, ScreeningAsk(id=sent.pk)).status_code == 422
    assert keys["甲仓"].post(ASK, ScreeningAsk(id=sent.pk)).status_code == 200

    def part(number: int, parts: int, response: bytes = b"") -> int:
        message = ScreeningPart(id=sent.pk, part=number, parts=parts, setup=b"s", response=response)
        status: int = keys["甲仓"].post(ANSWER, message).status_code
        return status

    assert part(1, 2) == 422
    assert part(1, 2, b"r") == 200
    assert part(2, 3) == 422
    with scope(tenant=police.tenant):
        assert ScreeningTo.objects.get().answered_at is None
    assert part(2, 2) == 200
    assert part(2, 2) == 422
    with (
        scope(tenant=police.tenant),
        zipfile.ZipFile(io.BytesIO(answer_file(ScreeningTo.objects.get()))) as files,
    ):
        assert files.namelist() == ["response.bin", "setup-1.bin", "setup-2.bin"]


def test_a_large_warehouse_answers_in_parts_and_an_empty_one_answers_too(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("waybillguard.service.hub.screened._PART", 5)
    police = Police(VICTIMS)
    waybills = [f"YT{at:010}" for at in range(12)]
    parts = list(answer_parts(1, waybills, police.request()))
    found = [name for one in parts for name in police.intersection(one.setup, parts[0].response)]
    assert (len(parts), sorted(found)) == (3, sorted(VICTIMS[:2]))
    (alone,) = answer_parts(1, [], police.request())
    assert police.intersection(alone.setup, alone.response) == []


def test_an_unreadable_request_is_said_and_nothing_is_answered(
    linked: SimpleNamespace, police: SimpleNamespace, confirmed: Callable[..., Client]
) -> None:
    with scope(tenant=police.tenant):
        send_screening(police.police, "测〔1〕号", timezone.localdate(), b"no request")
    report(linked)
    with scope(tenant=linked.tenant):
        asked = HubScreening.objects.get()
        confirmed(linked.owner).post(reverse("screening_agree", args=[asked.pk]))
    report(linked)
    with scope(tenant=linked.tenant):
        assert HubScreening.objects.get().error_zh
    with scopes_disabled():
        assert ScreeningTo.objects.get().answered_at is None
