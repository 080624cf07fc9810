"""Shared accounts: no work without a badge that identifies the person; on a sale day allowed and recorded."""

from collections.abc import Callable
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from support.badges import badge_of, scan, station

from waybillguard.service.authorization.shifts.services import declare_sale, withdraw_sale
from waybillguard.service.identity.models import Permission, SharedUse, ShellToken, User

type SignedIn = Callable[[User], Client]


@pytest.fixture
def shared(scene: SimpleNamespace) -> User:
    User.objects.filter(pk=scene.clerk.pk).update(shared=True)
    return User.objects.select_related("tenant").get(pk=scene.clerk.pk)


def test_a_shared_account_is_sent_to_scan_a_badge(shared: User, signed_in: SignedIn) -> None:
    browser = signed_in(shared)
    for page in ("orders", "printing", "imports", "label_check"):
        assert browser.get(reverse(page))["Location"] == reverse("station")
    assert browser.get(reverse("home")).status_code == 200
    finding = SharedUse.objects.get()
    assert (finding.account, finding.refused) == (shared, True)


def test_by_a_badge_the_person_works_at_the_station_of_the_shared_account(
    scene: SimpleNamespace, shared: User
) -> None:
    _, browser = station(scene.owner)
    browser.force_login(shared)
    assert browser.get(reverse("orders"))["Location"] == reverse("station")
    scan(browser, badge_of(scene.owner, scene.service).code)
    page = browser.get(reverse("orders"))
    assert (page.status_code, page.context["user"]) == (200, scene.service)
    assert SharedUse.objects.get().station == "打包台1"


def test_on_a_sale_day_it_is_let_through_and_named_with_station_and_times(
    scene: SimpleNamespace, shared: User, signed_in: SignedIn
) -> None:
    now, today = timezone.now(), timezone.localdate()
    sale = declare_sale(scene.owner, "双十二", today, today, now)
    _, browser = station(scene.owner, "打包台7")
    browser.force_login(shared)
    assert browser.get(reverse("orders")).status_code == 200
    assert browser.get(reverse("printing")).status_code == 200
    finding = SharedUse.objects.get()
    assert (finding.station, finding.refused, finding.requests) == ("打包台7", False, 1)
    owner = signed_in(scene.owner)
    text = owner.get(reverse("badges")).content.decode()
    assert all(
        word in text
        for word in ("打包台7", "let through: sale day", f"{finding.first_at.astimezone():%Y-%m}")
    )
    withdraw_sale(scene.owner, sale, timezone.now())
    assert browser.get(reverse("orders"))["Location"] == reverse("station")


def test_a_sale_day_opens_no_plaintext_to_a_shared_account(scene: SimpleNamespace, shared: User) -> None:
    from waybillguard.access.request import QuotaFacts, Request, SignIn
    from waybillguard.service.authorization.principal import load_principal
    from waybillguard.service.vault.facts import order_facts

    today = timezone.localdate()
    declare_sale(scene.owner, "双十二", today, today, timezone.now())
    who = load_principal(shared, SignIn(method="second_factor", stepped_up=True, shared=True), timezone.now())
    assert who.duty.facts.sale_day
    decision = who.policies.book.decide(
        Request(
            at=who.now, person=who.person, action="reveal", tenant=who.tenant.slug, device=who.device,
            sign_in=who.sign_in, shift=who.duty.facts, purpose="after_sales",
            order=order_facts(scene.orders[0], who.now), quota=QuotaFacts(left=5),
        )
    )  # fmt: skip
    assert "shared-account" in decision.policies


def test_a_shell_token_of_a_shared_account_does_no_work(shared: User) -> None:
    secret, _ = ShellToken.issue(shared, "test", timezone.now())
    for path in ("orders", "me", "retention"):
        answer = Client().get(f"/api/v1/{path}", headers={"authorization": f"Bearer {secret}"})
        assert answer.status_code == 403
        assert "several people use this account" in answer.json()["detail_en"]
    assert not shared.may(Permission.PRINT)


def test_a_mark_ends_the_sessions_and_shell_tokens_of_the_account(
    scene: SimpleNamespace, confirmed: Callable[..., Client], signed_in: SignedIn
) -> None:
    browser = signed_in(scene.clerk)
    ShellToken.issue(scene.clerk, "test", timezone.now())
    assert browser.get(reverse("orders")).status_code == 200
    confirmed(scene.owner).post(reverse("shared_mark", args=[scene.clerk.pk]), {"shared": "1"})
    assert not ShellToken.objects.filter(user=scene.clerk).exists()
    assert browser.get(reverse("orders"))["Location"].startswith("/login/")


def test_an_owners_account_cannot_be_marked(scene: SimpleNamespace, confirmed: Callable[..., Client]) -> None:
    owner = confirmed(scene.owner)
    page = owner.post(reverse("shared_mark", args=[scene.owner.pk]), {"shared": "1"}, follow=True)
    assert "cannot be a shared one" in page.content.decode()
    assert not User.objects.get(pk=scene.owner.pk).shared
