"""Enrolled browsers: how one signs in, and what it changes for looks at plaintext."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.badges import station
from support.codes import has_code
from support.in_force import DAY_AND_NIGHT

from waybillguard.access.whatif import book_of
from waybillguard.service.authorization.models import PolicyVersion, RecordedDecision
from waybillguard.service.identity.devices.browsers import COOKIE, issue_code
from waybillguard.service.identity.models import Device, EnrolmentCode, Permission
from waybillguard.service.lookups.models import Look, QuotaCounter

type Confirmed = Callable[..., Client]


def code_of(scene: SimpleNamespace, **changes: Any) -> str:
    values = {"station": "打包台1", "kind": "station", "holder": None, "now": timezone.now()} | changes
    return issue_code(scene.owner, **values)


def enrol(code: str, client: Client | None = None) -> tuple[Any, Client]:
    client = client or Client(headers={"accept-language": "en"})
    return client.post(reverse("station_enrol"), {"code": code}), client


def test_a_code_typed_in_a_browser_enrols_it_once(scene: SimpleNamespace) -> None:
    code = code_of(scene)
    answer, client = enrol(code.lower().replace("-", " "))
    assert answer["Location"] == reverse("station")
    cookie = answer.cookies[COOKIE]
    assert (cookie["httponly"], cookie["secure"], cookie["samesite"]) == (True, True, "Strict")
    device = Device.objects.get(kind="station")
    assert cookie.value.encode() not in bytes(device.cookie_hash), "what is stored is a hash"
    assert "打包台1" in client.get(reverse("station")).content.decode()
    again, _ = enrol(code)
    assert again.status_code == 403
    assert Device.objects.filter(kind="station").count() == 1


def test_the_enrolment_of_a_browser_stands_in_the_ledger(scene: SimpleNamespace) -> None:
    enrol(code_of(scene))
    told = [r.detail for r in scene.written if getattr(r, "kind", "") == "account"]
    assert {"change": "device_enrolled", "kind": "station"}.items() <= told[-1].items()


@pytest.mark.parametrize("text", ["", "0000-0000-0000-0000", "nonsense", "WG1-AAAAA", "é" * 16])
@pytest.mark.usefixtures("scene")
def test_a_wrong_code_enrols_nothing(text: str) -> None:
    answer, _ = enrol(text)
    assert answer.status_code in {403, 422}
    assert COOKIE not in answer.cookies


def test_a_code_for_a_browser_ends_after_a_quarter_of_an_hour_or_with_its_owner(
    scene: SimpleNamespace,
) -> None:
    late = code_of(scene, now=timezone.now() - timedelta(minutes=16))
    orphan = code_of(scene)
    assert enrol(late)[0].status_code == 403
    type(scene.owner).objects.filter(pk=scene.owner.pk).update(is_active=False)
    assert enrol(orphan)[0].status_code == 403


def test_an_agents_code_enrols_no_browser_and_a_browsers_code_no_agent(scene: SimpleNamespace) -> None:
    from waybillguard.agent.protocol import Enrol
    from waybillguard.service.identity.devices.browsers import _typed
    from waybillguard.service.identity.devices.errors import DeviceError
    from waybillguard.service.identity.devices.services import enrol as take_in

    code = code_of(scene)
    asked = Enrol(
        secret=_typed(code), signing_key=bytes(32), sealing_key=bytes(32), host_class="box", os="", version=""
    )
    with pytest.raises(DeviceError, check=has_code("code_unknown")):
        take_in(asked, timezone.now())
    assert EnrolmentCode.objects.filter(used_at=None).count() == 1


@pytest.mark.usefixtures("scene")
def test_guesses_at_codes_are_limited() -> None:
    statuses = [enrol("0000-0000-0000-0000")[0].status_code for _ in range(25)]
    assert statuses[-1] == 429


def test_an_owner_makes_the_code_on_the_devices_page(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    import re

    page = confirmed(scene.owner).post(
        reverse("device_code"), {"station": "打包台9", "kind": "station", "holder": ""}
    )
    found = re.search(r'value="((?:[0-9A-Z]{4}-){3}[0-9A-Z]{4})"', page.content.decode())
    assert found
    assert enrol(found[1])[0].status_code == 302


def look(client: Client, scene: SimpleNamespace, number: int = 0) -> Any:
    order = scene.orders[number]
    page = client.get(reverse("reveal", args=[order.pk]))
    assert page.context is not None, page.headers
    asked = {"group": "phone", "purpose": "after_sales", "form": page.context["form"]}
    return client.post(reverse("reveal_show", args=[order.pk]), asked)


def at(device_browser: Client, person: Client) -> Client:
    """The person's browser, which also sends the cookie of the device."""
    person.cookies[COOKIE] = device_browser.cookies[COOKIE].value
    return person


def in_force(scene: SimpleNamespace, **changes: Any) -> None:
    """Put a policy in force as the pages would."""
    from waybillguard.access.settings import Settings, default_settings

    settings = Settings.from_form(default_settings().to_form() | changes)
    book = book_of(settings)
    PolicyVersion.objects.create(
        tenant=scene.tenant, number=1, settings=settings.to_form(), roster=DAY_AND_NIGHT, book=book.pack(),
        version=book.version, made_by=scene.owner, state="active",
    )  # fmt: skip


def policies_of(answer: Any) -> list[str]:
    assert answer.status_code == 403
    return Look.objects.order_by("-pk")[0].policies.split()


def test_on_day_one_a_browser_nobody_enrolled_shows_plaintext(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    assert look(confirmed(scene.owner), scene).status_code == 200


def test_work_only_on_enrolled_devices(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    in_force(scene, enrolled_only=True)
    anywhere = confirmed(scene.owner)
    for page in ("orders", "printing", "imports"):
        assert anywhere.get(reverse(page)).status_code == 403, page
    assert anywhere.get(reverse("reveal", args=[scene.orders[0].pk])).status_code == 403
    assert anywhere.get(reverse("devices")).status_code == 200, "or nobody could enrol a browser"
    assert not Look.objects.exists()
    _, desk = station(scene.owner, "财务室", "desk")
    assert look(at(desk, confirmed(scene.owner)), scene).status_code == 200


@pytest.mark.parametrize(
    ("state", "policy"), [("restricted", "device-restricted"), ("revoked", "device-unknown")]
)
def test_a_restricted_or_revoked_browser_gets_nothing(
    state: str, policy: str, scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    device, desk = station(scene.owner, "财务室", "desk")
    client = at(desk, confirmed(scene.owner))
    form = client.get(reverse("reveal", args=[scene.orders[0].pk])).context["form"]
    Device.objects.filter(pk=device.pk).update(state=state)
    asked = {"group": "phone", "purpose": "after_sales", "form": form}
    answer = client.post(reverse("reveal_show", args=[scene.orders[0].pk]), asked)
    assert answer.status_code == 403
    assert not Look.objects.filter(allowed=True).exists()
    for page in ("orders", "people", "printing"):
        assert client.get(reverse(page)).status_code == 403, page
    request = RecordedDecision.objects.order_by("-pk").first()
    assert request is None or policy in request.policies.split()


def test_a_browser_of_another_warehouse_is_unknown_here(
    scene: SimpleNamespace, elsewhere: SimpleNamespace, confirmed: Confirmed
) -> None:
    with scope(tenant=elsewhere.tenant):
        _, foreign = station(elsewhere.owner, "别处", "desk")
    assert at(foreign, confirmed(scene.owner)).get(reverse("orders")).status_code == 403


def test_a_leavers_own_browser_is_unknown_from_then_on(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    _, phone = station(scene.owner, "客服", "desk", holder=scene.clerk)
    client = at(phone, confirmed(scene.owner))
    assert client.get(reverse("orders")).status_code == 200
    type(scene.clerk).objects.filter(pk=scene.clerk.pk).update(is_active=False)
    assert client.get(reverse("orders")).status_code == 403


def test_an_owner_says_which_kinds_of_devices_show_plaintext(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    in_force(scene, reveal_devices=["desk"])
    _, table = station(scene.owner)
    assert policies_of(look(at(table, confirmed(scene.owner)), scene)) == ["reveal-device"]
    _, phone = station(scene.owner, "手机", "phone")
    assert policies_of(look(at(phone, confirmed(scene.owner)), scene)) == ["reveal-device"]


def test_the_quota_of_a_device_counts_on_the_enrolled_browser_whoever_looks(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    device, desk = station(scene.owner, "财务室", "desk")
    assert look(at(desk, confirmed(scene.owner)), scene, 0).status_code == 200
    assert look(at(desk, confirmed(scene.owner)), scene, 1).status_code == 200
    assert QuotaCounter.objects.get(scope="device_day").used == 2
    assert QuotaCounter.objects.get(scope="device_day").holder == device.uid


def test_what_would_happen_names_looks_of_browsers_nobody_enrolled(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    from waybillguard.access.settings import default_settings
    from waybillguard.service.authorization.policy_versions import save_draft, try_out

    _, desk = station(scene.owner, "财务室", "desk")
    assert look(confirmed(scene.owner), scene, 0).status_code == 200
    assert look(at(desk, confirmed(scene.owner)), scene, 1).status_code == 200
    values = default_settings().to_form() | {"enrolled_only": True}
    trial = try_out(save_draft(scene.owner, values, DAY_AND_NIGHT, timezone.now()), timezone.now())
    assert trial.outcome.now_denied == {"reveal": 1}
    assert trial.outcome.by_policy == {"reveal-enrolled": 1}


def test_the_ledger_names_the_station_of_a_look(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    _, desk = station(scene.owner, "财务室", "desk")
    look(at(desk, confirmed(scene.owner)), scene)
    (asked,) = [r for r in scene.written if type(r).__name__ == "Reveal"]
    assert asked.context.workstation == "财务室"


def test_a_restricted_desk_does_not_work_on_in_a_private_window(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    in_force(scene, enrolled_only=True)
    device, desk = station(scene.owner, "财务室", "desk")
    client = at(desk, confirmed(scene.clerk))
    assert client.get(reverse("orders")).status_code == 200
    Device.objects.filter(pk=device.pk).update(state="restricted")
    assert client.get(reverse("orders")).status_code == 403
    assert confirmed(scene.clerk).get(reverse("orders")).status_code == 403, (
        "the same browser without its cookie"
    )


def test_the_home_page_says_that_any_browser_counts_while_it_does(
    scene: SimpleNamespace, confirmed: Confirmed
) -> None:
    told = "private window"
    assert told in confirmed(scene.owner).get(reverse("todo")).content.decode()
    assert told not in confirmed(scene.clerk).get(reverse("todo")).content.decode()
    in_force(scene, enrolled_only=True)
    assert told not in confirmed(scene.owner).get(reverse("todo")).content.decode()


def test_the_worker_and_the_machine_api_work_on_where_browsers_must_be_enrolled(
    scene: SimpleNamespace,
) -> None:
    in_force(scene, enrolled_only=True)
    clerk = type(scene.clerk).objects.select_related("tenant").get(pk=scene.clerk.pk)
    assert clerk.may(Permission.PRINT)
