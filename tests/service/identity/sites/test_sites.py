"""Sites are managed by the owner and assigned to people and devices; the policies use them."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled
from support.in_force import DAY_AND_NIGHT

from waybillguard.access.request import Request, SignIn
from waybillguard.access.settings import default_settings
from waybillguard.service.authorization.active_policies import active_policies
from waybillguard.service.authorization.models import PolicyVersion, RecordedDecision
from waybillguard.service.authorization.policy_versions import save_draft, try_out
from waybillguard.service.authorization.principal import load_principal
from waybillguard.service.external_accounts.services import apply_list, take_list
from waybillguard.service.identity.devices.browsers import facts_of
from waybillguard.service.identity.devices.services import issue_code
from waybillguard.service.identity.models import (
    AccountChange,
    Device,
    DeviceKind,
    Employment,
    EnrolmentCode,
    Site,
    User,
)
from waybillguard.service.identity.sites.errors import SiteError
from waybillguard.service.identity.sites.services import (
    add_site,
    close_site,
    hold_open,
    move_device,
    reopen_site,
)
from waybillguard.service.lookups.errors import RevealDeniedError
from waybillguard.service.lookups.services import new_form, reveal
from waybillguard.service.print_room.stations import tickets
from waybillguard.service.print_room.stations.errors import OtherSiteError
from waybillguard.service.print_room.stations.printers import printers_of
from waybillguard.service.print_room.stations.waves import make_wave_of

type Confirmed = Callable[..., Client]


@pytest.fixture
def here(scene: SimpleNamespace) -> SimpleNamespace:
    """The warehouse with two sites."""
    now = timezone.now()
    scene.first = add_site(scene.owner, "yw-1", "义乌一号仓", now)
    scene.second = add_site(scene.owner, "JH-2", "金华二号仓", now)
    return scene


@pytest.fixture
def bound(here: SimpleNamespace) -> SimpleNamespace:
    """Everybody is limited to their own site; customer service and the clerk belong to the first one."""
    settings = default_settings().to_form() | {"own_site_only": True, "shift_actions": []}
    draft = save_draft(here.owner, settings, DAY_AND_NIGHT, timezone.now())
    PolicyVersion.objects.filter(pk=draft.pk).update(state=PolicyVersion.State.ACTIVE)
    for user in (here.service, here.clerk):
        employ_at(here, user, here.first)
    return here


def employ_at(here: SimpleNamespace, user: User, site: Site | None) -> Employment:
    return Employment.objects.create(
        tenant=here.tenant, user=user, name="x", site=site, identity_checked_on=timezone.localdate(),
        employed_from=timezone.localdate() - timedelta(days=300),
    )  # fmt: skip


def desk(here: SimpleNamespace, site: Site | None) -> Device:
    device, _ = enrolled(here.owner, kind=DeviceKind.DESK)
    Device.objects.filter(pk=device.pk).update(site=site)
    return Device.objects.select_related("tenant", "holder", "site").get(pk=device.pk)


def look(here: SimpleNamespace, user: User, device: Device, sign_in: SignIn) -> Any:
    order = here.orders[0]
    order.tenant = here.tenant
    who = load_principal(user, sign_in, timezone.now(), facts_of(device))
    return reveal(who, order, group="phone", purpose="after_sales", form=new_form(user, order))


def fresh(user: User) -> User:
    return User.objects.select_related("tenant").get(pk=user.pk)


def test_plaintext_is_shown_at_the_own_site_and_refused_by_name_at_another(
    bound: SimpleNamespace, stepped_up: SignIn
) -> None:
    assert look(bound, fresh(bound.service), desk(bound, bound.first), stepped_up).record.phone
    for elsewhere in (bound.second, None):
        with pytest.raises(RevealDeniedError) as refused:
            look(bound, fresh(bound.service), desk(bound, elsewhere), stepped_up)
        assert refused.value.policies == ("own-site-plaintext",)


def test_the_decision_is_written_down_with_both_sites(bound: SimpleNamespace, stepped_up: SignIn) -> None:
    with pytest.raises(RevealDeniedError):
        look(bound, fresh(bound.service), desk(bound, bound.second), stepped_up)
    request = Request.from_record(bytes(RecordedDecision.objects.get(action="reveal").request))
    assert (request.person.home_site, request.place.site) == ("YW-1", "JH-2")


def test_who_belongs_to_no_site_sees_plaintext_at_each(bound: SimpleNamespace, stepped_up: SignIn) -> None:
    for site in (bound.first, bound.second, None):
        assert look(bound, fresh(bound.owner), desk(bound, site), stepped_up).record.phone


def test_labels_go_to_printers_of_the_own_site_and_to_those_of_none(bound: SimpleNamespace) -> None:
    device, _ = enrolled(bound.owner)
    (printer,) = printers_of(device, ["label-1"])
    clerk = fresh(bound.clerk)
    wave = make_wave_of(clerk, [order.pk for order in bound.orders[:3]], timezone.now())
    places = list(wave.places.order_by("position"))
    device.site = printer.device.site = bound.second
    with pytest.raises(OtherSiteError) as refused:
        tickets.issue(clerk, printer, places[:1], wave, timezone.now())
    assert "own-site-print" in refused.value.en
    assert not RecordedDecision.objects.get(action="print").allowed
    for at, site in enumerate((bound.first, None), start=1):
        printer.device.site = site
        assert tickets.issue(clerk, printer, places[at : at + 1], wave, timezone.now()).labels
    assert RecordedDecision.objects.count() == 1, "what is allowed every day stands in the table of events"


def test_what_would_happen_names_the_looks_at_another_site(here: SimpleNamespace, stepped_up: SignIn) -> None:
    employ_at(here, here.owner, here.first)
    look(here, fresh(here.owner), desk(here, here.second), stepped_up)
    form = default_settings().to_form() | {"own_site_only": True}
    trial = try_out(save_draft(here.owner, form, DAY_AND_NIGHT, timezone.now()), timezone.now())
    assert [after.policies for _, _, after in trial.changes] == [("own-site-plaintext",)]


def test_the_policy_form_offers_the_own_site(here: SimpleNamespace, confirmed: Confirmed) -> None:
    from waybillguard.service.authorization.forms import PolicyForm

    form = PolicyForm(start=active_policies(here.tenant))
    values = {
        name: field.initial
        for name, field in form.fields.items()
        if field.initial is not None and field.initial is not False
    }
    answer = confirmed(here.owner).post(reverse("policy_edit"), values | {"own_site_only": "on"})
    assert answer.status_code == 302
    assert PolicyVersion.objects.get().settings["own_site_only"] is True


@pytest.mark.parametrize("code", ["", "-a", "a b", "仓", "a" * 21, "a/b"])
def test_a_code_that_is_none_makes_no_site(here: SimpleNamespace, code: str) -> None:
    with pytest.raises(SiteError):
        add_site(here.owner, code, "third", timezone.now())


def test_a_code_or_name_is_given_once(here: SimpleNamespace, elsewhere: SimpleNamespace) -> None:
    for code, name in (("YW-1", "another"), ("X-9", "义乌一号仓")):
        with pytest.raises(SiteError):
            add_site(here.owner, code, name, timezone.now())
    with scope(tenant=elsewhere.tenant):
        assert add_site(elsewhere.owner, "YW-1", "义乌一号仓", timezone.now())


def test_a_site_is_closed_only_when_nobody_and_nothing_belongs_to_it(here: SimpleNamespace) -> None:
    now, period, device = timezone.now(), employ_at(here, here.clerk, here.first), desk(here, here.first)
    for _ in range(2):
        with pytest.raises(SiteError):
            close_site(here.owner, here.first, now)
        Employment.objects.filter(pk=period.pk).update(employed_to=timezone.localdate() - timedelta(days=1))
    move_device(here.owner, device, here.second, now)
    close_site(here.owner, here.first, now)
    with pytest.raises(SiteError):
        hold_open(here.first)
    reopen_site(here.owner, here.first, now)
    hold_open(here.first)
    changes = AccountChange.objects.filter(what__startswith="site_").order_by("pk")
    assert [one.what for one in changes][2:] == ["site_closed", "site_reopened"]
    assert {one.detail["site"] for one in changes} == {"YW-1", "JH-2"}


def test_a_device_enrolled_with_a_code_stands_where_the_code_says(here: SimpleNamespace) -> None:
    issue_code(
        here.owner, station="pc-1", kind=DeviceKind.AGENT, holder=None, certificate=bytes(32), now=timezone.now(),
        site=here.second,
    )  # fmt: skip
    assert EnrolmentCode.objects.get().site == here.second


def test_the_pages_give_sites_to_people_and_devices_and_filter_by_them(
    here: SimpleNamespace, confirmed: Confirmed
) -> None:
    client = confirmed(here.owner)
    employ_at(here, here.clerk, None)
    client.post(reverse("person_edit", args=[here.clerk.pk]), {"number": "D01", "site": here.first.pk})
    assert Employment.objects.get(user=here.clerk).site == here.first
    assert AccountChange.objects.get(what="edited").detail["site"] == "YW-1"
    device = desk(here, None)
    client.post(reverse("device_site", args=[device.pk]), {"site": here.second.pk})
    assert Device.objects.get(pk=device.pk).site == here.second

    def shown(page: str, site: Site) -> Any:
        return client.get(reverse(page), {"site": site.pk}).context

    assert [one.username for one in shown("people", here.first)["people"]] == ["clerk"]
    assert shown("people", here.second)["people"] == []
    assert shown("devices", here.first)["devices"] == []
    assert [one.pk for one in shown("devices", here.second)["devices"]] == [device.pk]


def test_a_site_of_another_warehouse_or_a_closed_one_is_no_choice(
    here: SimpleNamespace, elsewhere: SimpleNamespace, confirmed: Confirmed
) -> None:
    client = confirmed(here.owner)
    with scope(tenant=elsewhere.tenant):
        other = add_site(elsewhere.owner, "X-1", "别处", timezone.now())
    close_site(here.owner, here.second, timezone.now())
    employ_at(here, here.clerk, None)
    device = desk(here, None)
    for site in (other, here.second):
        answer = client.post(reverse("person_edit", args=[here.clerk.pk]), {"site": site.pk})
        assert answer.status_code == 422
        client.post(reverse("device_site", args=[device.pk]), {"site": site.pk})
    assert Employment.objects.get(user=here.clerk).site is None
    assert Device.objects.get(pk=device.pk).site is None


def test_a_warehouse_without_sites_is_asked_for_none(scene: SimpleNamespace, confirmed: Confirmed) -> None:
    client = confirmed(scene.owner)
    assert "site" not in client.get(reverse("devices")).context["form"].fields
    assert "site" not in client.get(reverse("people")).context["period"].fields
    assert "no site" not in client.get(reverse("devices")).content.decode()


def test_a_payroll_list_gives_sites_and_names_the_rows_it_refuses(
    here: SimpleNamespace, confirmed: Confirmed
) -> None:
    text = "工号,姓名,场地\nD7,测试人甲,JH-2\nD8,测试人乙,没有的仓\nD9,测试人丙,义乌一号仓\n"
    row = take_list(here.owner, "payroll", "", None, text)
    page = confirmed(here.owner).get(reverse("register_list", args=[row.pk])).content.decode()
    assert "There is no open site of this code or name." in page
    assert "没有的仓" not in page
    apply_list(here.owner, row, timezone.now())
    given = dict(Employment.objects.exclude(number="").values_list("number", "site__code"))
    assert given == {"D7": "JH-2", "D9": "YW-1"}
    again = take_list(here.owner, "payroll", "", None, "工号,姓名,场地\nD7,测试人甲,\n")
    apply_list(here.owner, again, timezone.now())
    assert Employment.objects.get(number="D7").site == here.second


def test_a_new_period_out_of_a_list_stays_at_the_site_of_the_one_before(here: SimpleNamespace) -> None:
    period = employ_at(here, here.clerk, here.first)
    today = timezone.localdate()
    Employment.objects.filter(pk=period.pk).update(
        number="D7", employed_from=today - timedelta(days=90), employed_to=today - timedelta(days=30)
    )
    begins = today - timedelta(days=1)
    text = f"工号,姓名,入职日期\nD7,x,{begins}\nD8,y,{begins}\n"
    apply_list(here.owner, take_list(here.owner, "payroll", "", None, text), timezone.now())
    latest = Employment.objects.filter(number="D7").order_by("pk").last()
    assert latest is not None
    assert (latest.pk == period.pk, latest.user, latest.site) == (False, here.clerk, here.first)
    assert Employment.objects.get(number="D8").site is None


def test_pages_ask_no_more_however_many_sites_there_are(
    here: SimpleNamespace, confirmed: Confirmed, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        site = add_site(here.owner, f"S-{number}", f"site {number}", timezone.now())
        desk(here, site)
        employ_at(here, here.clerk, site)
    client = confirmed(here.owner)
    for page in ("sites", "people", "devices", "merchants"):
        with django_assert_max_num_queries(20):
            assert client.get(reverse(page)).status_code == 200
