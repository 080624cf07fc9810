"""Every kind of account change, with a ledger that can be written and one that cannot.

Changes that grant rights are refused without a receipt. Changes that revoke rights take effect at once, and are
written as soon as the ledger is available.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

import pytest
from allauth.core.context import request_context
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction
from django.test import Client, RequestFactory
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled

from waybillguard.access.request import SignIn
from waybillguard.service.activity import siem
from waybillguard.service.activity.models import PlatformShop, SiemTarget
from waybillguard.service.alerts import services as alerts
from waybillguard.service.alerts.models import Alert
from waybillguard.service.authorization import restrictions
from waybillguard.service.authorization.models import Overtime, Restriction, Sale
from waybillguard.service.authorization.principal import Principal, load_principal
from waybillguard.service.authorization.shifts.services import declare_sale, grant_overtime
from waybillguard.service.cases.models import Case as IncidentCase
from waybillguard.service.cases.services import close_case, open_case
from waybillguard.service.contracts import ending
from waybillguard.service.contracts.ending import agree, propose
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd
from waybillguard.service.contracts.terms import Terms, begin
from waybillguard.service.external_accounts.models import OutsideAccount
from waybillguard.service.identity.accounts import journal as real
from waybillguard.service.identity.accounts.change_kinds import EFFECTS, Effect, effect_of
from waybillguard.service.identity.accounts.changes import note, write_to_ledger
from waybillguard.service.identity.accounts.employment import employ, end_expired, let_go, sleep_unused
from waybillguard.service.identity.accounts.sso_proof import Proof
from waybillguard.service.identity.devices.services import issue_code, release, restrict, revoke
from waybillguard.service.identity.merchants.services import set_merchant
from waybillguard.service.identity.models import (
    AccountChange,
    Badge,
    Browser,
    Device,
    DirectoryGroup,
    DirectoryPerson,
    DirectoryToken,
    Employment,
    EnrolmentCode,
    IdentityProvider,
    MachineKey,
    Merchant,
    MerchantShop,
    OneTimeLink,
    Role,
    ShellToken,
    SignInLink,
    Site,
    User,
)
from waybillguard.service.identity.sites import services as sites
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydUnavailableError
from waybillguard.service.lookups import guard, raises
from waybillguard.service.lookups.calls.services import provider_of, set_provider
from waybillguard.service.lookups.models import DecoyOrder, QuotaState, Threshold
from waybillguard.service.people.badges import services
from waybillguard.service.people.scim import store
from waybillguard.service.people.sso import flows, logout
from waybillguard.service.people.templatetags.people import CHANGES
from waybillguard.service.print_room.models import CompatibilityMode
from waybillguard.service.sensors import services as sensors
from waybillguard.service.sensors.models import PrintPc, ScanReport, ToolApproval
from waybillguard.service.vault import planned
from waybillguard.service.vault.models import Order, PlannedDestruction, RetentionRule
from waybillguard.service.vault.retention import rule_of

type Case = tuple[Callable[[], object], Callable[[], bool]]
"""The action to perform, and a check of whether it took effect."""


class Ledger:
    """A ledger that can be switched off."""

    def __init__(self) -> None:
        self.away = False
        self.written: list[str] = []

    def put(self, _tenant: Any, _kind: str, _actor: str, _request: Any, detail: dict[str, Any]) -> Any:
        if self.away:
            raise KeydUnavailableError(zh="密钥进程没有应答", en="the key process does not answer")
        self.written.append(str(detail.get("change") or detail.get("what")))
        return messages.Recorded(len(self.written), "", "")


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> Ledger:
    made = Ledger()
    monkeypatch.setattr(real, "put", made.put)
    return made


@pytest.fixture
def here(warehouse: SimpleNamespace, ledger: Ledger) -> Iterator[SimpleNamespace]:
    del ledger
    with scope(tenant=warehouse.tenant):
        yield warehouse


def owner_of(here: SimpleNamespace) -> Client:
    """The browser of an owner who just confirmed the password; a 503 response raises no exception."""
    client = Client(headers={"accept-language": "en"})
    client.force_login(here.owner)
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(here.owner.pk)
    session.save()
    return client


def fresh(user: User) -> User:
    return User.objects.get(pk=user.pk)


def within(here: SimpleNamespace, action: Callable[[], object]) -> Callable[[], object]:
    """Perform an action as from an owner's page."""

    def run() -> object:
        request = RequestFactory().post("/")
        request.user = here.owner
        with request_context(request):
            return action()

    return run


def sleeper(here: SimpleNamespace) -> User:
    User.objects.filter(pk=here.clerk.pk).update(is_active=False, asleep_since=timezone.now())
    return fresh(here.clerk)


def period(here: SimpleNamespace, days: int | None = None) -> Employment:
    ends = None if days is None else timezone.localdate() + timedelta(days=days)
    return Employment.objects.create(tenant=here.tenant, user=here.clerk, name="x", employed_to=ends)


def device(here: SimpleNamespace) -> Device:
    return Device.objects.create(
        tenant=here.tenant, uid="d" * 16, kind="agent", station="pc-1", holder=here.clerk,
        signing_key=bytes(32), sealing_key=bytes(32), enrolled_by=here.owner,
    )  # fmt: skip


def employed(here: SimpleNamespace) -> Case:
    user = User(username="new-clerk", role=Role.CLERK)
    return (
        lambda: employ(here.owner, user, Employment(temp=False), timezone.now()),
        lambda: User.objects.filter(username="new-clerk").exists(),
    )


def edited(here: SimpleNamespace) -> Case:
    period(here)
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("person_edit", args=[here.clerk.pk]), {"number": "77"}),
        lambda: Employment.objects.filter(user=here.clerk, number="77").exists(),
    )


def shortened(here: SimpleNamespace) -> Case:
    period(here)
    browser, day = owner_of(here), timezone.localdate()
    return (
        lambda: browser.post(reverse("person_edit", args=[here.clerk.pk]), {"employed_to": str(day)}),
        lambda: Employment.objects.filter(user=here.clerk, employed_to=day).exists(),
    )


def woken(here: SimpleNamespace) -> Case:
    user, browser = sleeper(here), owner_of(here)
    return (
        lambda: browser.post(reverse("person_wake", args=[user.pk])),
        lambda: fresh(user).is_active and OneTimeLink.objects.filter(user=user).exists(),
    )


def link(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("person_link", args=[here.clerk.pk])),
        lambda: OneTimeLink.objects.filter(user=here.clerk).exists(),
    )


def password_set(here: SimpleNamespace) -> Case:
    user = fresh(here.clerk)

    def change() -> None:
        user.set_password("parcels leave at six sharp")
        user.save()

    return within(here, change), lambda: fresh(user).check_password("parcels leave at six sharp")


def role(here: SimpleNamespace, before: Role = Role.CLERK, after: Role = Role.OWNER) -> Case:
    User.objects.filter(pk=here.clerk.pk).update(role=before)
    user = fresh(here.clerk)
    user.role = after
    return within(here, lambda: user.save(update_fields=["role"])), lambda: fresh(user).role == after


def role_lowered(here: SimpleNamespace) -> Case:
    return role(here, Role.CLERK, Role.MERCHANT)


def gone(here: SimpleNamespace) -> Case:
    user = fresh(here.clerk)
    return (
        within(here, lambda: let_go(here.owner, user, timezone.now())),
        lambda: not fresh(user).is_active and not Authenticator.objects.filter(user=user).exists(),
    )


def expired(here: SimpleNamespace) -> Case:
    period(here, -1)
    return (
        lambda: end_expired(here.tenant, timezone.localtime()),
        lambda: not fresh(here.clerk).is_active,
    )


def asleep(here: SimpleNamespace) -> Case:
    User.objects.update(date_joined=timezone.now() - timedelta(days=15))
    return lambda: sleep_unused(here.tenant, timezone.now()), lambda: not fresh(here.clerk).is_active


def session_ended(here: SimpleNamespace) -> Case:
    Client().force_login(here.clerk)
    session = UserSession.objects.create(user=here.clerk, ip="192.0.2.1", session_key="k" * 32)
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("session_end", args=[here.clerk.pk, session.pk])),
        lambda: not UserSession.objects.filter(pk=session.pk).exists(),
    )


def token_revoked(here: SimpleNamespace) -> Case:
    _, token = ShellToken.issue(here.owner, "shell", timezone.now())
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("token_revoke", args=[token.pk])),
        lambda: not ShellToken.objects.filter(pk=token.pk).exists(),
    )


def browser_known(here: SimpleNamespace) -> Case:
    row = Browser.objects.create(user=here.owner, mark=bytes(32))
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("browser_known", args=[row.pk])),
        lambda: Browser.objects.filter(pk=row.pk).exclude(known_since=None).exists(),
    )


def device_code(here: SimpleNamespace) -> Case:
    return (
        lambda: issue_code(
            here.owner,
            station="pc-1",
            kind="agent",
            holder=here.clerk,
            certificate=bytes(32),
            now=timezone.now(),
        ),
        EnrolmentCode.objects.exists,
    )


def device_state(here: SimpleNamespace, action: Callable[..., None], before: str, after: str) -> Case:
    one = device(here)
    Device.objects.filter(pk=one.pk).update(state=before)
    one.refresh_from_db()
    return (
        lambda: action(here.owner, one, timezone.now()),
        lambda: Device.objects.get(pk=one.pk).state == after,
    )


def freeze(here: SimpleNamespace) -> Case:
    asker = SimpleNamespace(tenant=here.tenant, user=here.owner, now=timezone.now())

    def stop() -> None:
        with patch.object(raises, "_allowed"):  # the policies are not tested here
            raises.set_frozen(asker, here.clerk, frozen=True)  # type: ignore[arg-type]

    return stop, lambda: QuotaState.objects.filter(account=here.clerk).exclude(frozen_at=None).exists()


def account_entered(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    values = {"system": "聚单ERP", "account": "dd09", "owner": "", "enabled": "yes"}
    return (
        lambda: browser.post(reverse("outside_account_add"), values),
        lambda: OutsideAccount.objects.filter(account="dd09").exists(),
    )


def account_dropped(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    browser.post(reverse("outside_account_add"), {"system": "聚单ERP", "account": "dd08", "enabled": "yes"})
    row = OutsideAccount.objects.get(account="dd08")
    return (
        lambda: browser.post(reverse("outside_account_drop", args=[row.pk])),
        lambda: OutsideAccount.objects.filter(pk=row.pk).exclude(gone_at=None).exists(),
    )


def by_note(what: str) -> Callable[[SimpleNamespace], Case]:
    """Kinds whose pages need files or an hour's wait are tested through the function that all pages call."""

    def case(here: SimpleNamespace) -> Case:
        return (
            lambda: note(here.tenant, what, actor=here.owner),
            lambda: AccountChange.objects.filter(what=what).exists(),
        )

    return case


def directory_token(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    return (
        lambda: client.post(reverse("directory_token_add"), {"label": "HR"}),
        DirectoryToken.objects.exists,
    )


def directory_token_revoked(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    row = DirectoryToken.objects.create(tenant=here.tenant, secret_hash=bytes(32), made_by=here.owner)
    return (
        lambda: client.post(reverse("directory_token_revoke", args=[row.pk])),
        lambda: DirectoryToken.objects.filter(pk=row.pk).exclude(revoked_at=None).exists(),
    )


def directory_role(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    row = DirectoryGroup.objects.create(tenant=here.tenant, name="all")
    return (
        lambda: client.post(reverse("directory_group", args=[row.pk]), {"role": "service"}),
        lambda: DirectoryGroup.objects.filter(pk=row.pk, role="service").exists(),
    )


def directory_let_go(here: SimpleNamespace) -> Case:
    DirectoryPerson.objects.create(tenant=here.tenant, user=here.clerk)
    return (
        lambda: store.remove(here.tenant, str(here.clerk.pk)),
        lambda: not fresh(here.clerk).is_active,
    )


def machine_key(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    told = {"name": "ERP", "scope": ["seal"], "days": "30"}
    return (lambda: client.post(reverse("machine_key_add"), told), MachineKey.objects.exists)


def machine_key_revoked(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    row = MachineKey.objects.create(
        tenant=here.tenant, name="ERP", secret_hash=bytes(32), made_by=here.owner, expires_at=timezone.now()
    )
    return (
        lambda: client.post(reverse("machine_key_revoke", args=[row.pk])),
        lambda: MachineKey.objects.filter(pk=row.pk).exclude(revoked_at=None).exists(),
    )


def platform_shop(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    told = {"platform": "jd", "shop": "s", "seller": "S", "gateway": "file"}
    return (lambda: client.post(reverse("platform_shop_add"), told), PlatformShop.objects.exists)


def platform_shop_stopped(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    row = PlatformShop.objects.create(
        tenant=here.tenant, platform="jd", shop="s", seller="S", since=0, made_by=here.owner
    )
    return (
        lambda: client.post(reverse("platform_shop_stop", args=[row.pk])),
        lambda: PlatformShop.objects.filter(pk=row.pk).exclude(stopped_at=None).exists(),
    )


def badge(here: SimpleNamespace) -> services.Issued:
    return services.issue(here.owner, here.clerk, timezone.now())


def badge_issued(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("badge_issue", args=[here.clerk.pk])),
        lambda: Badge.objects.filter(user=here.clerk, revoked_at=None).exists(),
    )


def badge_revoked(here: SimpleNamespace) -> Case:
    badge(here)
    write_to_ledger(here.tenant)
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("badge_revoke", args=[here.clerk.pk])),
        lambda: not Badge.objects.filter(user=here.clerk, revoked_at=None).exists(),
    )


def badge_start_number(here: SimpleNamespace) -> Case:
    old = badge(here).badge.pin
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("badge_start", args=[here.clerk.pk])),
        lambda: not Badge.objects.filter(user=here.clerk, pin=old).exists(),
    )


def badge_pin(here: SimpleNamespace) -> Case:
    made = badge(here).badge
    return (
        lambda: services.choose_pin(made.pk, services.pin_mark(made), "830417", timezone.now()),
        lambda: Badge.objects.filter(pk=made.pk).exclude(pin_chosen_at=None).exists(),
    )


def shared(here: SimpleNamespace, *, mark: bool) -> Case:
    User.objects.filter(pk=here.clerk.pk).update(shared=not mark)
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("shared_mark", args=[here.clerk.pk]), {"shared": str(int(mark))}),
        lambda: fresh(here.clerk).shared is mark,
    )


def overtime(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    start = timezone.localtime() + timedelta(hours=1)
    values = {
        "person": here.clerk.pk, "start": f"{start:%Y-%m-%dT%H:%M}", "reason": "wave 3",
        "end": f"{start + timedelta(hours=2):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    return lambda: browser.post(reverse("overtime_grant"), values), Overtime.objects.exists


def overtime_withdrawn(here: SimpleNamespace) -> Case:
    now = timezone.now()
    row = grant_overtime(here.owner, here.clerk, now, now + timedelta(hours=2), "wave 3", now)
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("overtime_withdraw", args=[row.pk])),
        lambda: not Overtime.objects.filter(withdrawn_at=None).exists(),
    )


def sale_declared(here: SimpleNamespace) -> Case:
    browser = owner_of(here)
    today = timezone.localdate()
    values = {"name": "双十二", "first": str(today), "last": str(today)}
    return lambda: browser.post(reverse("sale_declare"), values), Sale.objects.exists


def sale_withdrawn(here: SimpleNamespace) -> Case:
    today = timezone.localdate()
    row = declare_sale(here.owner, "双十二", today, today, timezone.now())
    browser = owner_of(here)
    return (
        lambda: browser.post(reverse("sale_withdraw", args=[row.pk])),
        lambda: not Sale.objects.filter(withdrawn_at=None).exists(),
    )


def compatibility(here: SimpleNamespace, *, on: bool) -> Case:
    box = enrolled(here.owner)[0]
    Device.objects.filter(pk=box.pk).update(host_class="box")
    browser = owner_of(here)
    told = {"device": box.pk, "erp": "ERP"}
    living = CompatibilityMode.objects.filter(device=box, off_at=None)
    if on:
        return lambda: browser.post(reverse("compatibility_on"), told), living.exists
    row = CompatibilityMode.objects.create(
        tenant=here.tenant, device=box, erp="ERP", on_by=here.owner, on_at=timezone.now()
    )
    return (
        lambda: browser.post(reverse("compatibility_off", args=[row.pk])),
        lambda: not living.exists(),
    )


def provider(here: SimpleNamespace, **about: Any) -> IdentityProvider:
    return IdentityProvider.objects.create(
        tenant=here.tenant, kind="oidc", name="Group", origin="http://testserver", issuer="https://group.test",
        client_id="x", **about,
    )  # fmt: skip


def sso_set(here: SimpleNamespace) -> Case:
    client, entered = owner_of(here), {"name": "Group", "issuer": "https://group.test", "client_id": "x"}
    return lambda: client.post(reverse("sso_save_oidc"), entered), IdentityProvider.objects.exists


def sso_on(here: SimpleNamespace) -> Case:
    client, row = owner_of(here), provider(here, tried_revision=1)
    return (
        lambda: client.post(reverse("sso_on")),
        lambda: IdentityProvider.objects.filter(pk=row.pk, active_since__isnull=False).exists(),
    )


def sso_off(here: SimpleNamespace) -> Case:
    client, row = owner_of(here), provider(here, active_since=timezone.now())
    return (
        lambda: client.post(reverse("sso_off")),
        lambda: IdentityProvider.objects.filter(pk=row.pk, active_since=None).exists(),
    )


def sso_linked(here: SimpleNamespace) -> Case:
    row, proof = provider(here, active_since=timezone.now()), Proof("somebody", (), 0.0)
    return (
        lambda: flows.tie(row, proof, here.clerk, here.clerk),
        SignInLink.objects.filter(user=here.clerk).exists,
    )


def sso_unlinked(here: SimpleNamespace) -> Case:
    client = owner_of(here)
    SignInLink.objects.create(
        tenant=here.tenant, user=here.clerk, kind="oidc", issuer="https://group.test", subject="somebody"
    )
    return (
        lambda: client.post(reverse("person_unlink", args=[here.clerk.pk])),
        lambda: not SignInLink.objects.filter(user=here.clerk).exists(),
    )


def sso_logged_out(here: SimpleNamespace) -> Case:
    """Return a valid token; invalid ones are tested in sso/test_logout.py."""
    row = provider(here, active_since=timezone.now())
    SignInLink.objects.create(
        tenant=here.tenant, user=here.clerk, kind="oidc", issuer="https://group.test", subject="somebody"
    )
    client = Client()
    client.force_login(here.clerk)
    session = client.session
    session["account_authentication_methods"] = [{"method": "sso", "provider": row.pk}]
    session.save()
    UserSession.objects.create(user=here.clerk, ip="192.0.2.1", session_key=session.session_key)

    def told() -> None:
        with patch.object(logout, "_claims", lambda *_: {"jti": "1", "sub": "somebody"}):
            logout.log_out(row, "")

    return told, lambda: not UserSession.objects.filter(user=here.clerk).exists()


def merchant(here: SimpleNamespace) -> Case:
    made = Merchant.objects.create(tenant=here.tenant, name="somebody")
    return (
        within(here, lambda: set_merchant(here.owner, made, ["a shop"], [])),
        within(here, lambda: MerchantShop.objects.filter(merchant=made).exists()),
    )


def _contract(here: SimpleNamespace) -> Entrustment:
    today = timezone.localdate()
    terms = Terms("p", "k", "m", today, today, "m", sub_entrusting=False, sub_entrusted="", contact="c")
    return begin(here.owner, Merchant.objects.create(tenant=here.tenant, name="somebody"), terms)


def _asker(user: User) -> Principal:
    return load_principal(user, SignIn(method="second_factor", stepped_up=True), timezone.now())


def entrustment(here: SimpleNamespace) -> Case:
    return within(here, lambda: _contract(here)), within(here, Entrustment.objects.exists)


def entrustment_end_proposed(here: SimpleNamespace) -> Case:
    with scope(tenant=here.tenant):
        contract = _contract(here)
    return (
        within(here, lambda: propose(_asker(here.owner), contract, "delete")),
        within(here, EntrustmentEnd.objects.exists),
    )


def entrustment_ended(here: SimpleNamespace) -> Case:
    second = User.objects.create_user(username="another-owner", tenant=here.tenant, role=Role.OWNER)
    with scope(tenant=here.tenant):
        end = propose(_asker(here.owner), _contract(here), "delete")

    def agreed() -> object:
        with patch.object(ending, "allow"):
            return agree(_asker(second), end)

    return (
        within(here, agreed),
        within(here, lambda: Entrustment.objects.filter(ended_at__isnull=False).exists()),
    )


def virtual_numbers(here: SimpleNamespace) -> Case:
    return (
        within(here, lambda: set_provider(here.owner, here.tenant, "simulator")),
        within(here, lambda: provider_of(here.tenant) == "simulator"),
    )


def a_site(here: SimpleNamespace, *, closed: bool = False) -> Site:
    now = timezone.now()
    return Site.objects.create(
        tenant=here.tenant, code="A-1", name="first", closed_at=now if closed else None
    )


def site_added(here: SimpleNamespace) -> Case:
    return (
        lambda: sites.add_site(here.owner, "A-1", "first", timezone.now()),
        Site.objects.filter(code="A-1").exists,
    )


def site_renamed(here: SimpleNamespace) -> Case:
    one = a_site(here)
    return (
        lambda: sites.rename_site(here.owner, one, "second", timezone.now()),
        Site.objects.filter(name="second").exists,
    )


def site_closed(here: SimpleNamespace) -> Case:
    one = a_site(here)
    return (
        lambda: sites.close_site(here.owner, one, timezone.now()),
        Site.objects.exclude(closed_at=None).exists,
    )


def site_reopened(here: SimpleNamespace) -> Case:
    one = a_site(here, closed=True)
    return (
        lambda: sites.reopen_site(here.owner, one, timezone.now()),
        Site.objects.filter(closed_at=None).exists,
    )


def device_moved(here: SimpleNamespace) -> Case:
    one, browser, moved = a_site(here), owner_of(here), device(here)
    return (
        lambda: browser.post(reverse("device_site", args=[moved.pk]), {"site": one.pk}),
        Device.objects.filter(pk=moved.pk, site=one).exists,
    )


def print_pc(here: SimpleNamespace, stage: str) -> PrintPc:
    return PrintPc.objects.create(tenant=here.tenant, station="pc-1", stage=stage)


def pc_stage(here: SimpleNamespace, action: Callable[[PrintPc], object], before: str, after: str) -> Case:
    pc = print_pc(here, before)
    return lambda: action(pc), PrintPc.objects.filter(pk=pc.pk, stage=after).exists


def pc_scanned(here: SimpleNamespace) -> Case:
    body = b'{"findings": []}'
    return (
        lambda: sensors.take_report(here.tenant, "pc-1", body, timezone.now(), by=here.owner),
        ScanReport.objects.exists,
    )


def tool_approved(here: SimpleNamespace) -> Case:
    return (
        lambda: sensors.approve(here.owner, "ToDesk", "ERP", timezone.localdate(), timezone.now()),
        ToolApproval.objects.exists,
    )


def tool_approval_withdrawn(here: SimpleNamespace) -> Case:
    row = ToolApproval.objects.create(
        tenant=here.tenant, tool="ToDesk", used_by="ERP", until=timezone.localdate(), made_by=here.owner
    )
    return (
        lambda: sensors.withdraw(here.owner, row, timezone.now()),
        ToolApproval.objects.exclude(withdrawn_at=None).exists,
    )


def a_plan(here: SimpleNamespace, state: str) -> PlannedDestruction:
    now = timezone.now()
    return PlannedDestruction.objects.create(
        tenant=here.tenant, state=state, announced_at=now, looked_at=now, cutoff=now, orders=1, living=2
    )


def plan_decided(
    here: SimpleNamespace, act: Callable[[User, PlannedDestruction], None], before: str, after: str
) -> Case:
    plan = a_plan(here, before)
    return (
        lambda: act(here.owner, plan),
        PlannedDestruction.objects.filter(pk=plan.pk, state=after).exists,
    )


def plan_announced(here: SimpleNamespace) -> Case:
    return lambda: planned.tend(here.tenant, timezone.now()), PlannedDestruction.objects.exists


def clock_confirmed(here: SimpleNamespace) -> Case:
    rule_of(here.tenant)
    return (
        lambda: planned.confirm_clock(here.owner, timezone.now()),
        RetentionRule.objects.exclude(clock_seen_at=None).exists,
    )


def case_closed(here: SimpleNamespace) -> Case:
    case = open_case(here.tenant, "test:1", "leak", "测试", "Test")
    return (
        lambda: close_case(case, here.owner, "查明"),
        IncidentCase.objects.filter(pk=case.pk, state="closed").exists,
    )


def alert_explained(here: SimpleNamespace) -> Case:
    now = timezone.now()
    alert = Alert.objects.create(
        tenant=here.tenant, rule="burst", severity="high", account=f"u{here.clerk.pk}", first_at=now, last_at=now,
        raised_at=now, records=3, score=1.0, reason_zh="测试", reason_en="test",
    )  # fmt: skip
    return (
        lambda: alerts.explain(alert, here.owner, "每月对账", None, now),
        Alert.objects.filter(pk=alert.pk, state="explained").exists,
    )


def restricted(here: SimpleNamespace) -> Case:
    return (
        lambda: restrictions.restrict(here.tenant, "locked", person=here.clerk, now=timezone.now()),
        Restriction.objects.filter(person=here.clerk, lifted_at=None).exists,
    )


def restriction_lifted(here: SimpleNamespace) -> Case:
    row = Restriction.objects.create(tenant=here.tenant, person=here.clerk, kind="no_plaintext")
    return (
        lambda: restrictions.lift([row], here.owner, "误报", timezone.now()),
        Restriction.objects.filter(pk=row.pk).exclude(lifted_at=None).exists,
    )


def threshold(here: SimpleNamespace) -> Case:
    return (
        lambda: guard.set_threshold(here.owner, here.tenant, "guard_burst.reveal.refuse", 30),
        Threshold.objects.filter(value=30).exists,
    )


def decoy_placed(here: SimpleNamespace) -> Case:
    number = Order.objects.filter(tenant=here.tenant).earliest("pk").order_no
    return (
        lambda: guard.place_decoy(here.owner, here.tenant, number),
        DecoyOrder.objects.filter(number=number).exists,
    )


def siem_set(here: SimpleNamespace) -> Case:
    return (
        lambda: siem.set_target(here.owner, "siem.example", 6514, "", tls=True, now=timezone.now()),
        SiemTarget.objects.filter(host="siem.example").exists,
    )


def siem_removed(here: SimpleNamespace) -> Case:
    SiemTarget.objects.create(tenant=here.tenant, host="siem.example", added_by=here.owner)
    return (
        lambda: siem.remove_target(here.owner, timezone.now()),
        lambda: not SiemTarget.objects.filter(tenant=here.tenant).exists(),
    )


CASES: dict[str, Callable[[SimpleNamespace], Case]] = {
    "destruction_planned": plan_announced,
    "destruction_stopped": lambda here: plan_decided(here, planned.stop, "waiting", "stopped"),
    "destruction_confirmed": lambda here: plan_decided(here, planned.confirm, "held", "waiting"),
    "clock_confirmed": clock_confirmed,
    "case_closed": case_closed,
    "alert_explained": alert_explained,
    "restricted": restricted,
    "restriction_lifted": restriction_lifted,
    "threshold": threshold,
    "decoy_placed": decoy_placed,
    "siem_set": siem_set,
    "siem_removed": siem_removed,
    "employed": employed,
    "machine_key": machine_key,
    "machine_key_revoked": machine_key_revoked,
    "platform_shop": platform_shop,
    "platform_shop_stopped": platform_shop_stopped,
    "edited": edited,
    "shortened": shortened,
    "woken": woken,
    "link": link,
    "password_set": password_set,
    "role": role,
    "role_lowered": role_lowered,
    "let_go": gone,
    "expired": expired,
    "asleep": asleep,
    "session_ended": session_ended,
    "token_revoked": token_revoked,
    "browser_known": browser_known,
    "device_code": device_code,
    "device_active": lambda here: device_state(here, release, "restricted", "active"),
    "device_restricted": lambda here: device_state(here, restrict, "active", "restricted"),
    "device_revoked": lambda here: device_state(here, revoke, "active", "revoked"),
    "pc_scanned": pc_scanned,
    "pc_restricted": lambda here: pc_stage(
        here, lambda pc: sensors.restrict(here.owner, pc, timezone.now()), "in_use", "restricted"
    ),
    "pc_released": lambda here: pc_stage(
        here, lambda pc: sensors.release(here.owner, pc, timezone.now()), "restricted", "in_use"
    ),
    "pc_step": lambda here: pc_stage(
        here, lambda pc: sensors.advance(here.owner, pc, "cleaning", timezone.now()), "restricted", "cleaning"
    ),
    "tool_approved": tool_approved,
    "tool_approval_withdrawn": tool_approval_withdrawn,
    "directory_token": directory_token,
    "directory_token_revoked": directory_token_revoked,
    "directory_role": directory_role,
    "directory_let_go": directory_let_go,
    "badge_issued": badge_issued,
    "badge_revoked": badge_revoked,
    "badge_start_number": badge_start_number,
    "badge_pin": badge_pin,
    "shared": lambda here: shared(here, mark=True),
    "not_shared": lambda here: shared(here, mark=False),
    "overtime": overtime,
    "overtime_withdrawn": overtime_withdrawn,
    "sale_declared": sale_declared,
    "sale_withdrawn": sale_withdrawn,
    "compatibility_on": lambda here: compatibility(here, on=True),
    "compatibility_off": lambda here: compatibility(here, on=False),
    "sso_set": sso_set,
    "sso_on": sso_on,
    "sso_off": sso_off,
    "sso_linked": sso_linked,
    "sso_unlinked": sso_unlinked,
    "sso_logged_out": sso_logged_out,
    "freeze": freeze,
    "merchant": merchant,
    "site_added": site_added,
    "site_renamed": site_renamed,
    "site_closed": site_closed,
    "site_reopened": site_reopened,
    "device_moved": device_moved,
    "virtual_numbers": virtual_numbers,
    "entrustment": entrustment,
    "entrustment_end_proposed": entrustment_end_proposed,
    "entrustment_ended": entrustment_ended,
    "account_entered": account_entered,
    "account_dropped": account_dropped,
    **{
        what: by_note(what)
        for what in (
            "seat", "seat_left", "hub_linked", "hub_unlinked", "screening_agreed", "case_room", "case_room_ended",
            "new_browser", "list_applied", "reconciled", "leaving_item", "leaving_closed", "evidence_seen",
            "account_revived", "raise_ended", "export_refused", "export_withdrawn", "export_expired", "recipient_revoked",
            "directory_renamed", "device_copied",
            "entrustment_end_refused", "entrustment_end_withdrawn", "entrustment_returned", "entrustment_closed",
            "entrustment_record_destroyed",
        )
    },
}  # fmt: skip


def attempt(action: Callable[[], object]) -> None:
    """Perform the action; an unavailable ledger shows as an exception or as a 503 response."""
    with suppress(KeydUnavailableError), transaction.atomic():
        action()


def test_every_kind_of_change_has_its_case() -> None:
    assert set(CASES) == set(EFFECTS)


def test_every_kind_of_change_has_words() -> None:
    assert set(CHANGES) == set(EFFECTS)


@pytest.mark.parametrize("what", [what for what, effect in EFFECTS.items() if effect is Effect.GIVES])
def test_what_gives_power_stands_in_the_ledger_first(
    what: str, here: SimpleNamespace, ledger: Ledger
) -> None:
    action, done = CASES[what](here)
    ledger.written.clear()
    ledger.away = True
    attempt(action)
    assert not done(), f"{what} took effect without a receipt"
    assert not AccountChange.objects.filter(what=what, ledger_index=None).exists()
    ledger.away = False
    action, done = CASES[what](here) if what in {"password_set", "role", "employed"} else (action, done)
    action()
    assert done()
    assert what in ledger.written
    assert AccountChange.objects.filter(what=what).exclude(ledger_index=None).exists()


@pytest.mark.parametrize("what", [what for what, effect in EFFECTS.items() if effect is not Effect.GIVES])
def test_what_takes_power_away_never_waits_and_is_written_behind(
    what: str, here: SimpleNamespace, ledger: Ledger
) -> None:
    action, done = CASES[what](here)
    ledger.written.clear()
    ledger.away = True
    action()
    assert done(), f"{what} waited for the ledger"
    assert write_to_ledger(here.tenant) == 0
    assert AccountChange.objects.filter(what=what, ledger_index=None).exists()
    ledger.away = False
    assert write_to_ledger(here.tenant) > 0
    assert what in ledger.written
    assert not AccountChange.objects.filter(ledger_index=None).exists()


def test_a_kind_that_nobody_classified_counts_as_giving_power() -> None:
    assert effect_of("something new") is Effect.GIVES


def test_a_second_factor_is_neither_added_nor_removed_without_a_receipt(
    here: SimpleNamespace, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        real, "write", lambda kind, _user, _request, **detail: ledger.put(None, kind, "", None, detail)
    )
    factor = Authenticator.objects.get(user=here.owner)
    ledger.away = True
    attempt(within(here, factor.delete))
    assert Authenticator.objects.filter(pk=factor.pk).exists()
    passkey = Authenticator(user=here.owner, type=Authenticator.Type.WEBAUTHN, data={})
    attempt(within(here, passkey.save))
    assert Authenticator.objects.filter(user=here.owner).count() == 1
    ledger.away = False
    within(here, passkey.save)()
    assert "second factor added" in ledger.written
