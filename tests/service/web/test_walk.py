"""Every URL of the service: refused without sign-in, refused across tenants, allowed by role.

A new URL fails here until it is added to ``PAGES`` or ``OPERATIONS``.
"""

import copy
import secrets
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.cookies import SimpleCookie
from types import ModuleType, SimpleNamespace
from typing import Any, Self
from unittest import mock

import msgspec
import pytest
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.test import Client, override_settings
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled
from support.in_force import DAY_AND_NIGHT, any_hour

from waybillguard.access.settings import default_settings
from waybillguard.inspect import Clock, Organisation, catalogue, inspect
from waybillguard.inspect.cases import Event
from waybillguard.service.activity.gateways import FileGateway
from waybillguard.service.activity.models import ForeignLog, PlatformHandover, PlatformShop
from waybillguard.service.alerts.messages import add_channel
from waybillguard.service.alerts.models import Alert, Explanation
from waybillguard.service.alerts.response import keep_evidence
from waybillguard.service.authorization.access import ENROLMENT_PAGES
from waybillguard.service.authorization.models import Overtime, Restriction, Sale
from waybillguard.service.authorization.policy_versions import save_draft
from waybillguard.service.cases.joint import open_joint
from waybillguard.service.cases.services import open_case
from waybillguard.service.contracts.models import Entrustment, EntrustmentEnd, EntrustmentVersion
from waybillguard.service.exports.models import Export, Recipient
from waybillguard.service.external_accounts.models import (
    Leaving,
    LeavingItem,
    OutsideAccount,
    StaffOrAccountList,
    System,
)
from waybillguard.service.hub.downlink import send_notice
from waybillguard.service.hub.inspecting import plan
from waybillguard.service.hub.models import (
    Check,
    CheckPhoto,
    HubCosigned,
    HubNotice,
    HubScreening,
    HubTask,
    Screening,
    ScreeningTo,
    Seat,
    TownAlarm,
    Witnessed,
)
from waybillguard.service.hub.towns import add_warehouse, open_town
from waybillguard.service.identity.accounts import journal
from waybillguard.service.identity.machine_keys.scopes import OPERATIONS as FOR_KEYS
from waybillguard.service.identity.models import (
    MAY,
    Browser,
    DirectoryGroup,
    DirectoryToken,
    Employment,
    MachineKey,
    Merchant,
    Permission,
    Role,
    ShellToken,
    Site,
    User,
)
from waybillguard.service.inspections.models import (
    Document,
    Inspection,
    LabelSample,
    RegisterEntry,
    RiskAcceptance,
)
from waybillguard.service.leaks.models import Leak, NoticeAnswer
from waybillguard.service.lookups.models import Call, DecoyOrder, LookAlarm, QuotaRaise
from waybillguard.service.people import middleware
from waybillguard.service.print_room.models import CompatibilityMode, HeadAlarm, ReprintAsk, Ticket
from waybillguard.service.print_room.stations.printers import printers_of
from waybillguard.service.print_room.stations.waves import make_wave_of
from waybillguard.service.scams.models import PrivacyRequest, WarningList, WarningShare
from waybillguard.service.sensors.models import PrintPc, ToolApproval
from waybillguard.service.vault.models import Order, PlannedDestruction, Shredded
from waybillguard.service.web.api.routes import api

pytestmark = pytest.mark.usefixtures("no_keyd")


@contextmanager
def undone() -> Iterator[None]:
    """Roll back the database at the end."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def both(django_db_setup: None, django_db_blocker: Any, made_up: ModuleType) -> Iterator[dict[str, Any]]:
    """Two warehouses, made once for thousands of pages; each test sees their original state."""
    del django_db_setup
    md5 = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), undone(), md5, any_hour():
        yield {slug: made_up.make_warehouse(slug) for slug in ("here", "elsewhere")}


def _copied(made: SimpleNamespace) -> SimpleNamespace:
    return SimpleNamespace(**{name: copy.copy(one) for name, one in vars(made).items()})


@pytest.fixture
def warehouse(both: dict[str, Any], db: None) -> SimpleNamespace:
    """The user's own warehouse."""
    del db
    return _copied(both["here"])


@pytest.fixture
def elsewhere(both: dict[str, Any], db: None) -> SimpleNamespace:
    """Another tenant with the same kinds of things."""
    del db
    return _copied(both["elsewhere"])


@dataclass(frozen=True)
class Somebody:
    """A user and the cookies of a sign-in, which is made once and used by many new browsers."""

    user: User
    cookies: SimpleCookie

    @classmethod
    def signed_in(cls, user: User, browser: Client) -> Self:
        """Return a user with the cookies of the browser in which they are signed in."""
        return cls(user, browser.cookies)

    def browser(self) -> Client:
        """Return a new browser with these cookies."""
        client = Client(headers={"accept-language": "en"})
        client.cookies.load({name: one.value for name, one in self.cookies.items()})
        return client


@pytest.fixture(scope="module")
def of_each_role(both: dict[str, Any], django_db_blocker: Any, made_up: ModuleType) -> dict[Role, Somebody]:
    """One signed-in person a role in the user's own warehouse, made once as the warehouses are."""
    told = {}
    md5 = override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"])
    with django_db_blocker.unblock(), md5, mock.patch.object(journal, "write"):
        for role in Role:
            user = made_up.make_user(both["here"].tenant, f"somebody-{role}", role)
            if role is Role.MERCHANT:
                made_up.tie_merchant(user)
            browser = Client()
            browser.force_login(user)
            told[role] = Somebody.signed_in(user, browser)
    return told


def each[Name](names: Iterable[Name], tell: Callable[[Name], Any]) -> dict[Name, Any]:
    """Run questions one after the other, each rolled back; return their answers, with exceptions as text.

    For thousands of questions that are faster than a test of their own, on an unchanged warehouse.
    """
    told = {}
    for name in names:
        cache.clear()
        with undone():
            try:
                told[name] = tell(name)
            except Exception as error:  # noqa: BLE001 - reported together with the others
                told[name] = repr(error)
    return told


type Ids = Callable[[SimpleNamespace], dict[str, Any]]


@dataclass(frozen=True)
class Page:
    """Access class of a URL: ``open``, ``own`` (the user's own data) or the required permission."""

    asks: str | Permission
    method: str = "get"
    ids: Ids | None = None
    extra: dict[str, Any] = field(default_factory=dict)


def batch(made: SimpleNamespace) -> dict[str, Any]:
    return {"pk": made.batch.pk}


def run(made: SimpleNamespace) -> dict[str, Any]:
    return {"pk": made.run.pk}


def order(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        found = Order.objects.filter(batch=made.batch, lane="B").order_by("pk").first()
    assert found is not None
    return {"pk": found.pk}


def shredded(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Shredded.objects.create(
            tenant=made.tenant, mark=secrets.token_hex(32), scope="orders", at=timezone.now()
        )
    return {"pk": row.pk}


def person(made: SimpleNamespace) -> dict[str, Any]:
    return {"pk": made.clerk.pk}


def token(made: SimpleNamespace) -> dict[str, Any]:
    return {"pk": ShellToken.issue(made.owner, "test", timezone.now())[1].pk}


def passkey(made: SimpleNamespace) -> dict[str, Any]:
    data = {"name": "key", "credential": {}}
    return {"pk": Authenticator.objects.create(user=made.owner, type="webauthn", data=data).pk}


def user_session(made: SimpleNamespace) -> dict[str, Any]:
    row = UserSession.objects.create(user=made.clerk, ip="127.0.0.1", session_key=f"made-up-{made.clerk.pk}")
    return {"pk": made.clerk.pk, "session": row.pk}


def browser(made: SimpleNamespace) -> dict[str, Any]:
    return {"pk": Browser.objects.create(user=made.owner, mark=bytes(32)).pk}


def directory_token(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = DirectoryToken.objects.create(
            tenant=made.tenant, secret_hash=secrets.token_bytes(32), made_by=made.owner
        )
    return {"pk": row.pk}


def machine_key(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = MachineKey.objects.create(
            tenant=made.tenant, name="ERP", secret_hash=secrets.token_bytes(32), made_by=made.owner,
            expires_at=timezone.now(),
        )  # fmt: skip
    return {"pk": row.pk}


def directory_group(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        return {"pk": DirectoryGroup.objects.create(tenant=made.tenant, name="all").pk}


def compatibility_mode(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        found, _ = enrolled(made.owner)
        row = CompatibilityMode.objects.create(tenant=made.tenant, device=found, erp="erp", on_by=made.owner)
    return {"pk": row.pk}


def staff_list(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = StaffOrAccountList.objects.create(
            tenant=made.tenant, created_by=made.owner, kind="accounts", spool_name="made-up"
        )
    return {"pk": row.pk}


def foreign_log(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = ForeignLog.objects.create(
            tenant=made.tenant, created_by=made.owner, source="ERP", source_key="erp", kind="csv",
            spool_name="made-up", file_sha256=bytes(32),
        )  # fmt: skip
    return {"pk": row.pk}


def platform_shop(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = PlatformShop.objects.create(
            tenant=made.tenant,
            platform="jd",
            shop=f"shop {made.tenant.pk}",
            seller="S",
            since=0,
            made_by=made.owner,
        )
    return {"pk": row.pk}


def platform_handover(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = PlatformHandover.objects.create(
            tenant=made.tenant, shop_id=platform_shop(made)["pk"], name="jd-1", kind="login", records=1, orders=0,
            first=0, last=0, sha256="", bodies=[{"result": 0}],
        )  # fmt: skip
        FileGateway(row.shop).hand_over(row.name, "m", row.bodies)
    return {"pk": row.pk}


def outside_account(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        system = System.objects.create(tenant=made.tenant, name="ERP", name_key="erp")
        return {"pk": OutsideAccount.objects.create(tenant=made.tenant, system=system, account="a").pk}


def leaving(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        employment = Employment.objects.create(tenant=made.tenant, user=made.clerk, name="somebody")
        row = Leaving.objects.create(tenant=made.tenant, employment=employment, left_on=timezone.localdate())
    return {"pk": row.pk}


def leaving_item(made: SimpleNamespace) -> dict[str, Any]:
    found = leaving(made)
    with scope(tenant=made.tenant):
        item = LeavingItem.objects.create(tenant=made.tenant, leaving_id=found["pk"], system="ERP")
    return {**found, "item": item.pk}


def policy_version(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        settings = default_settings().to_form()
        return {"pk": save_draft(made.owner, settings, DAY_AND_NIGHT, timezone.now()).pk}


def quota_raise(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        made_raise = QuotaRaise.objects.create(
            tenant=made.tenant,
            account=made.clerk,
            scope="day",
            extra=1,
            until=timezone.now(),
            asked_by=made.owner,
        )
    return {"pk": made_raise.pk}


def alarm(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        made_alarm = LookAlarm.objects.create(
            tenant=made.tenant, account=made.clerk, kind="refusals", severity="medium", count=5, mark="test"
        )
    return {"pk": made_alarm.pk}


def device(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        return {"pk": enrolled(made.owner)[0].pk}


def print_pc(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        return {"pk": PrintPc.objects.get_or_create(tenant=made.tenant, station="工位")[0].pk}


def tool_approval(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = ToolApproval.objects.create(
            tenant=made.tenant, tool="ToDesk", used_by="ERP", until=timezone.localdate(), made_by=made.owner
        )
    return {"pk": row.pk}


def overtime(made: SimpleNamespace) -> dict[str, Any]:
    now = timezone.now()
    with scope(tenant=made.tenant):
        row = Overtime.objects.create(
            tenant=made.tenant, person=made.clerk, start=now, end=now + timedelta(hours=1), reason="wave",
            granted_by=made.owner,
        )  # fmt: skip
    return {"pk": row.pk}


def sale(made: SimpleNamespace) -> dict[str, Any]:
    today = timezone.localdate()
    with scope(tenant=made.tenant):
        return {
            "pk": Sale.objects.create(
                tenant=made.tenant, name="sale", first=today, last=today, declared_by=made.owner
            ).pk
        }


def station_printer(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        device, _ = enrolled(made.owner)
        return {"pk": printers_of(device, ["label-1"])[0].pk}


def wave(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        first = Order.objects.filter(batch=made.batch, lane="B").values_list("pk", flat=True)[:1]
        return {"pk": make_wave_of(made.owner, list(first), timezone.now()).pk}


def reprint(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        asked = ReprintAsk.objects.create(
            tenant=made.tenant, printer_id=station_printer(made)["pk"], wave_id=wave(made)["pk"], first=1, last=1,
            labels=1, asked_by=made.clerk,
        )  # fmt: skip
    return {"pk": asked.pk}


def uncertain(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        ticket = Ticket.objects.filter(run=made.run).order_by("pk").first()
        assert ticket is not None
        Ticket.objects.filter(pk=ticket.pk).update(printer_id=station_printer(made)["pk"])
    return {"ticket": bytes(ticket.uid).hex()}


def head_alarm(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        pk = station_printer(made)["pk"]
        return {"pk": HeadAlarm.objects.create(tenant=made.tenant, printer_id=pk, failures=5).pk}


def an_export(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Export.objects.create(
            tenant=made.tenant,
            asked_by=made.owner,
            form="masked",
            purpose="after_sales",
            selection=[],
            records=0,
        )
    return {"pk": row.pk}


def a_call(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Call.objects.create(
            tenant=made.tenant, person=made.owner, order_id=order(made)["pk"], purpose="after_sales",
            provider="simulator", allowed=True, policy_version="", released_at=timezone.now(),
        )  # fmt: skip
    return {"pk": row.pk}


def recipient(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Recipient.objects.create(
            tenant=made.tenant, name="somebody", organisation="somewhere", public_key=secrets.token_bytes(32),
            registered_by=made.owner,
        )  # fmt: skip
    return {"pk": row.pk}


def merchant(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        return {"pk": Merchant.objects.create(tenant=made.tenant, name=secrets.token_hex(4)).pk}


def site(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        name = secrets.token_hex(4).upper()
        return {"pk": Site.objects.create(tenant=made.tenant, code=name, name=name).pk}


def entrustment(made: SimpleNamespace) -> dict[str, Any]:
    today = timezone.localdate()
    with scope(tenant=made.tenant):
        row = Entrustment.objects.create(
            tenant=made.tenant, merchant_id=merchant(made)["pk"], first_day=today, last_day=today
        )
        terms = {
            "purpose": "p",
            "kinds": "k",
            "method": "m",
            "measures": "m",
            "contact": "c",
            "digest": "0" * 64,
        }
        EntrustmentVersion.objects.create(
            tenant=made.tenant, entrustment=row, number=1, first_day=today, last_day=today, made_by=made.owner,
            **terms,
        )  # fmt: skip
    return {"pk": row.pk}


def entrustment_end(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = EntrustmentEnd.objects.create(
            tenant=made.tenant, entrustment_id=entrustment(made)["pk"], way="delete", proposed_by=made.owner
        )
    return {"pk": row.pk}


def certified_end(made: SimpleNamespace) -> dict[str, Any]:
    ids = entrustment_end(made)
    with scope(tenant=made.tenant):
        EntrustmentEnd.objects.filter(**ids).update(state="done", certificate="销毁证明")
    return ids


P = Permission


def a_plan(made: SimpleNamespace) -> dict[str, Any]:
    now = timezone.now()
    with scope(tenant=made.tenant):
        row = PlannedDestruction.objects.create(
            tenant=made.tenant, state="held", announced_at=now, looked_at=now, cutoff=now, orders=1, living=2
        )
    return {"pk": row.pk}


def an_alert(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Alert.objects.create(
            tenant=made.tenant, rule="off_shift", severity="high", account="kf01", first_at=timezone.now(),
            last_at=timezone.now(), raised_at=timezone.now(), records=40, score=0.9, reason_zh="测试", reason_en="A test",
        )  # fmt: skip
    return {"pk": row.pk}


def kept_evidence(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        alert = Alert.objects.get(pk=an_alert(made)["pk"])
        return {"pk": keep_evidence(alert, timezone.now()).pk}


def a_decoy(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = DecoyOrder.objects.create(
            tenant=made.tenant, uid=secrets.token_hex(16), number="T1", placed_by=made.owner
        )
    return {"pk": row.pk}


def a_restriction(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Restriction.objects.create(tenant=made.tenant, station="S1", kind="no_plaintext")
    return {"pk": row.pk}


def an_explanation(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Explanation.objects.create(
            tenant=made.tenant,
            account="kf01",
            rule="export",
            why="对账",
            until=timezone.localdate(),
            made_by=made.owner,
        )
    return {"pk": row.pk}


def a_channel(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = add_channel(
            made.owner, "webhook", "值班群", "json://127.0.0.1:9/hook", (None, None), "http://testserver/"
        )
    return {"pk": row.pk}


def a_case(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        source = secrets.token_hex(4)
        return {"pk": open_case(made.tenant, source, "leak", "测试案件", "Case for a test").pk}


def a_warning(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = WarningList.objects.create(
            tenant=made.tenant, title="leak", first_day=0, last_day=40_000, kinds="收件姓名、电话", cause="远程控制",
            certainty="可能", measures="已停用", made_by=made.owner,
        )  # fmt: skip
    return {"pk": row.pk}


def a_share(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = WarningShare.objects.create(
            tenant=made.tenant, warning_id=a_warning(made)["pk"], name="shop", orders=1
        )
    return {"pk": row.pk}


def a_privacy_request(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = PrivacyRequest.objects.create(
            tenant=made.tenant, order_no="W1", kind="delete", due_on=timezone.localdate()
        )
    return {"pk": row.pk}


def a_leak(made: SimpleNamespace) -> dict[str, Any]:
    """A finished trace with one victim."""
    counted = dict.fromkeys(("unknown", "contradictory", "duplicates", "without_contact_time"), 0)
    checks = counted | {
        "victims_read": 1,
        "victims_joined": 0,
        "more_needed": 19,
        "notes_zh": [],
        "notes_en": [],
    }
    affected = {"estimate": 0, "low": 0, "high": 0}
    answer = {"sources": [], "outside": 1.0, "affected": affected, "checks": checks}
    with scope(tenant=made.tenant):
        leak = Leak.objects.create(tenant=made.tenant, title="测试名单", state="done", answer=answer)
        return {"pk": leak.pk}


NOTICE = {
    "authority": "某市公安局", "number": "公(网)调证字〔2026〕12号", "date": "2026-11-20",
    "from": "2026-11-01", "to": "2026-11-10",
}  # fmt: skip


def a_notice_answer(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        return {"pk": NoticeAnswer.objects.create(tenant=made.tenant, made_by=made.owner, notice=NOTICE).pk}


def a_case_tab(made: SimpleNamespace) -> dict[str, Any]:
    return a_case(made) | {"tab": "evidence"}


def a_town_warehouse(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        open_town(made.tenant, "测试镇")
        return {"pk": add_warehouse(made.owner, secrets.token_hex(4), "北苑").pk}


def a_witnessed(made: SimpleNamespace) -> dict[str, Any]:
    warehouse = a_town_warehouse(made)["pk"]
    with scope(tenant=made.tenant):
        row = Witnessed.objects.create(
            tenant=made.tenant, warehouse_id=warehouse, origin=secrets.token_hex(8), key=b"k" * 32, size=1,
            note="x", signed_at=timezone.now(),
        )  # fmt: skip
    return {"pk": row.pk, "what": "cosigned"}


def a_hub_cosigned(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = HubCosigned.objects.create(tenant=made.tenant, origin=secrets.token_hex(8), note="x")
    return {"pk": row.pk, "what": "checkpoint"}


def a_town_alarm(made: SimpleNamespace) -> dict[str, Any]:
    warehouse = a_town_warehouse(made)["pk"]
    with scope(tenant=made.tenant):
        row = TownAlarm.objects.create(
            tenant=made.tenant, warehouse_id=warehouse, kind="silent", mark="x", raised_at=timezone.now()
        )
    return {"pk": row.pk}


def a_town_notice(made: SimpleNamespace) -> dict[str, Any]:
    a_seat(made)
    a_town_warehouse(made)
    with scope(tenant=made.tenant):
        return {"pk": send_notice(made.owner, "warning", "x", "x").pk}


def a_hub_notice(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = HubNotice.objects.create(
            tenant=made.tenant, number=secrets.randbelow(10**9), kind="warning", authority="police", title="x",
            text="x", sent_at=timezone.now(),
        )  # fmt: skip
    return {"pk": row.pk}


def a_hub_task(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = HubTask.objects.create(
            tenant=made.tenant, case=secrets.randbelow(10**9), title="x", item="1", authority="police",
            due=timezone.localdate(), state="notified",
        )  # fmt: skip
    return {"pk": row.pk}


def a_seat(made: SimpleNamespace) -> None:
    with scope(tenant=made.tenant):
        Seat.objects.get_or_create(
            user=made.owner, defaults={"tenant": made.tenant, "authority": "procuratorate"}
        )


def a_screening(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        Seat.objects.update_or_create(
            user=made.owner, defaults={"tenant": made.tenant, "authority": "police"}
        )
        row = Screening.objects.create(
            tenant=made.tenant, number=secrets.token_hex(4), since=timezone.localdate(), request=b"x",
            sent_by=made.owner,
        )  # fmt: skip
    return {"pk": row.pk}


def a_screening_answer(made: SimpleNamespace) -> dict[str, Any]:
    warehouse, screening = a_town_warehouse(made)["pk"], a_screening(made)["pk"]
    with scope(tenant=made.tenant):
        row = ScreeningTo.objects.create(
            tenant=made.tenant, screening_id=screening, warehouse_id=warehouse, answered_at=timezone.now()
        )
    return {"pk": row.pk}


def a_hub_screening(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = HubScreening.objects.create(
            tenant=made.tenant, number=secrets.randbelow(10**9), document="x", authority="police",
            since=timezone.localdate(),
        )  # fmt: skip
    return {"pk": row.pk}


def a_joint_case(made: SimpleNamespace) -> dict[str, Any]:
    a_seat(made)
    with scope(tenant=made.tenant):
        first = Event(on=timezone.localdate(), kind="open", actor="procuratorate")
        return {"pk": open_joint(made.owner, "procuratorate", "测试案", "post", [], first).pk}


def a_special(made: SimpleNamespace) -> dict[str, Any]:
    a_seat(made)
    a_town_warehouse(made)
    with scope(tenant=made.tenant):
        return {"pk": plan(made.owner, "测试检查", ["1"], timezone.localdate(), 1).pk}


def a_check_photo(made: SimpleNamespace) -> dict[str, Any]:
    special = a_special(made)["pk"]
    with scope(tenant=made.tenant):
        check = Check.objects.get(special=special)
        row = CheckPhoto.objects.create(
            tenant=made.tenant, check_row=check, uid="x", sha256="0" * 64, kind="jpg", spool_name="x",
            wrapped_key=b"x", added_by=made.owner,
        )  # fmt: skip
    return {"pk": row.pk}


def a_case_record(made: SimpleNamespace) -> dict[str, Any]:
    return a_case(made) | {"form": "docx"}


def an_inspection(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        result = inspect(catalogue(), Organisation(made.tenant.name), (), Clock(timezone.now()))
        row = Inspection.objects.create(
            tenant=made.tenant, started_by=made.owner, state="done", result=msgspec.json.encode(result)
        )
    return {"pk": row.pk}


def label_sample(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = LabelSample.objects.create(
            tenant=made.tenant, created_by=made.owner, place="间", first="甲", second="乙", state="done"
        )
    return {"pk": row.pk}


def a_policy(made: SimpleNamespace) -> dict[str, Any]:
    found = a_document(made)
    with scope(tenant=made.tenant):
        Document.objects.filter(pk=found["pk"]).update(
            kind="policy_labels", effective_on=timezone.localdate()
        )
    return found


def a_document(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = Document.objects.create(
            tenant=made.tenant,
            kind="audit",
            effective_on=timezone.localdate(),
            sha256="0" * 64,
            added_by=made.owner,
        )
    return {"pk": row.pk}


def an_incident(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = RegisterEntry.objects.create(
            tenant=made.tenant, kind="incident", title="测试", opened_at=timezone.now(), added_by=made.owner
        )
    return {"pk": row.pk}


def an_accepted_risk(made: SimpleNamespace) -> dict[str, Any]:
    with scope(tenant=made.tenant):
        row = RiskAcceptance.objects.create(
            tenant=made.tenant, control="LBL-05", reason="测试", measure="测试", accepted_by=made.owner,
            until=timezone.now() + timedelta(days=9),
        )  # fmt: skip
    return {"pk": row.pk}


PAGES: dict[str, Page] = {
    "account_login": Page("open"),
    "account_logout": Page("open"),
    "account_inactive": Page("open"),
    "mfa_authenticate": Page("open"),
    "mfa_login_webauthn": Page("open"),
    "sso_which": Page("open"),
    "sso_start": Page("open", extra={"slug": "unknown"}),
    "sso_callback": Page("open", extra={"slug": "unknown"}),
    "sso_acs": Page("open", "post", extra={"slug": "unknown"}),
    "sso_acs_finish": Page("open", extra={"slug": "unknown"}),
    "sso_logout": Page("open", "post", extra={"slug": "unknown"}),
    "sso_metadata": Page("open", extra={"slug": "unknown"}),
    "setup": Page("open", extra={"secret": "unknown"}),
    "trust": Page("open"),
    "ledger_verify": Page("open"),
    "keys": Page(P.ADMINISTER),
    "keys_body": Page(P.ADMINISTER),
    "keys_rotate": Page(P.ADMINISTER, "post"),
    "retention": Page(P.ADMINISTER),
    "retention_set": Page(P.ADMINISTER, "post"),
    "retention_destroy": Page(P.ADMINISTER, "post"),
    "retention_certificate": Page(P.ADMINISTER, ids=shredded),
    "ledger": Page(P.LEDGER),
    "protections": Page(P.ADMINISTER),
    "ledger_policy": Page(P.LEDGER),
    "ledger_note": Page(P.LEDGER, extra={"shard": "here-2026q4"}),
    "order_looks": Page(P.LEDGER, ids=order),
    "order_looks_file": Page(P.LEDGER, ids=order),
    "trust_authority": Page("open"),
    "set_language": Page("open", "post"),
    "health": Page("open"),
    "home": Page("own"),
    "todo": Page("own"),
    "bell": Page("own"),
    "signed_in": Page("own"),
    "lanes": Page("own"),
    "second_factor": Page("own"),
    "account_reauthenticate": Page("own"),
    "mfa_reauthenticate": Page("own"),
    "mfa_reauthenticate_webauthn": Page("own"),
    "account_change_password": Page("own"),
    "mfa_index": Page("own"),
    "mfa_activate_totp": Page("own"),
    "mfa_deactivate_totp": Page("own"),
    "mfa_list_webauthn": Page("own"),
    "mfa_add_webauthn": Page("own"),
    "mfa_remove_webauthn": Page("own", ids=passkey),
    "mfa_edit_webauthn": Page("own", ids=passkey),
    "mfa_view_recovery_codes": Page("own"),
    "mfa_generate_recovery_codes": Page("own"),
    "mfa_download_recovery_codes": Page("own"),
    "usersessions_list": Page("own"),
    "tokens": Page("own"),
    "sso_again": Page("own"),
    "sso_link": Page("own", "post"),
    "sso_unlink": Page("own", "post"),
    "single_sign_on": Page(P.ADMINISTER),
    "sso_try": Page(P.ADMINISTER),
    "sso_on": Page(P.ADMINISTER, "post"),
    "sso_off": Page(P.ADMINISTER, "post"),
    "sso_save_oidc": Page(P.ADMINISTER, "post"),
    "sso_save_saml": Page(P.ADMINISTER, "post"),
    "person_unlink": Page(P.ADMINISTER, "post", ids=person),
    "token_revoke": Page("own", "post", ids=token),
    "people": Page(P.ADMINISTER),
    "person_add": Page(P.ADMINISTER, "post"),
    "person_link": Page(P.ADMINISTER, "post", ids=person),
    "person_deactivate": Page(P.ADMINISTER, "post", ids=person),
    "person": Page(P.ADMINISTER, ids=person),
    "person_edit": Page(P.ADMINISTER, "post", ids=person),
    "person_role": Page(P.ADMINISTER, "post", ids=person),
    "person_wake": Page(P.ADMINISTER, "post", ids=person),
    "directory": Page(P.ADMINISTER),
    "directory_token_add": Page(P.ADMINISTER, "post"),
    "directory_token_revoke": Page(P.ADMINISTER, "post", ids=directory_token),
    "directory_group": Page(P.ADMINISTER, "post", ids=directory_group),
    "machine_keys": Page(P.ADMINISTER),
    "machine_key_add": Page(P.ADMINISTER, "post"),
    "machine_key_revoke": Page(P.ADMINISTER, "post", ids=machine_key),
    "session_end": Page(P.ADMINISTER, "post", ids=user_session),
    "browser_known": Page("own", "post", ids=browser),
    "register": Page(P.ADMINISTER),
    "register_list_take": Page(P.ADMINISTER, "post", extra={"kind": "accounts"}),
    "register_list": Page(P.ADMINISTER, ids=staff_list),
    "register_list_act": Page(P.ADMINISTER, "post", ids=staff_list, extra={"action": "discard"}),
    "outside_account_add": Page(P.ADMINISTER, "post"),
    "outside_account_drop": Page(P.ADMINISTER, "post", ids=outside_account),
    "leaving": Page(P.ADMINISTER, ids=leaving),
    "leaving_show": Page(P.ADMINISTER, "post", ids=leaving_item),
    "leaving_evidence": Page(P.ADMINISTER, ids=leaving_item),
    "leaving_close": Page(P.ADMINISTER, "post", ids=leaving),
    "leaving_of": Page(P.ADMINISTER, ids=person),
    "imports": Page(P.IMPORT),
    "import_detail": Page(P.IMPORT, ids=batch),
    "import_body": Page(P.IMPORT, ids=batch),
    "import_refused": Page(P.IMPORT, ids=batch),
    "import_act": Page(P.IMPORT, "post", ids=batch, extra={"action": "discard"}),
    "orders": Page(P.VIEW),
    "order_search": Page(P.SEARCH, "post"),
    "order_detail": Page(P.VIEW, ids=order),
    "order_label": Page(P.VIEW, ids=order),
    "reveal": Page(P.SEARCH, ids=order),
    "reveal_show": Page(P.SEARCH, "post", ids=order),
    "activity": Page("own"),
    "activity_events": Page("own"),
    "activity_logs": Page(P.ADMINISTER),
    "activity_log": Page(P.ADMINISTER, ids=foreign_log),
    "activity_log_body": Page(P.ADMINISTER, ids=foreign_log),
    "activity_log_map": Page(P.ADMINISTER, "post", ids=foreign_log),
    "activity_log_refused": Page(P.ADMINISTER, ids=foreign_log),
    "activity_log_act": Page(P.ADMINISTER, "post", ids=foreign_log, extra={"action": "discard"}),
    "order_activity": Page(P.ADMINISTER, ids=order),
    "platform_logs": Page(P.ADMINISTER),
    "platform_shop_add": Page(P.ADMINISTER, "post"),
    "platform_shop_stop": Page(P.ADMINISTER, "post", ids=platform_shop),
    "platform_log_again": Page(P.ADMINISTER, "post", ids=platform_handover),
    "platform_log_file": Page(P.ADMINISTER, ids=platform_handover, extra={"ending": "csv"}),
    "looks": Page("own"),
    "looks_of": Page(P.ADMINISTER, ids=person),
    "quotas": Page(P.SECOND),
    "quota_freeze": Page(P.ADMINISTER, "post", ids=person),
    "raise_ask": Page(P.SECOND, "post"),
    "raise_agree": Page(P.SECOND, "post", ids=quota_raise),
    "raise_end": Page(P.SECOND, "post", ids=quota_raise),
    "alarm_seen": Page(P.ADMINISTER, "post", ids=alarm),
    "exports": Page(P.EXPORT),
    "scam_check": Page("open"),
    "scam_paid": Page("open"),
    "scam_paid_sheet": Page("open"),
    "my_parcel": Page("open", extra={"token": "unknown"}),
    "my_parcel_check": Page("open", "post", extra={"token": "unknown"}),
    "my_parcel_ask": Page("open", "post", extra={"token": "unknown"}),
    "scams": Page(P.CALL),
    "scams_check": Page(P.CALL),
    "scams_contact": Page(P.CALL, "post"),
    "scams_victims": Page(P.LEAD),
    "warning_new": Page(P.LEAD),
    "warning": Page(P.LEAD, ids=a_warning),
    "warning_police": Page(P.LEAD, "post", ids=a_warning),
    "warning_file": Page(P.LEAD, "post", ids=a_share),
    "warning_send": Page(P.LEAD, "post", ids=a_share),
    "warning_notified": Page(P.LEAD, "post", ids=a_share),
    "privacy_request": Page(P.LEAD, "post", ids=a_privacy_request),
    "alerts": Page(P.SECOND),
    "alert": Page(P.SECOND, ids=an_alert),
    "alert_decide": Page(P.SECOND, "post", ids=an_alert),
    "alert_stop": Page(P.ADMINISTER, "post", ids=an_alert),
    "detectors": Page(P.SECOND),
    "alert_evidence": Page(P.SECOND, ids=kept_evidence),
    "guard": Page(P.SECOND),
    "decoy_add": Page(P.ADMINISTER, "post"),
    "decoy_end": Page(P.ADMINISTER, "post", ids=a_decoy),
    "threshold_set": Page(P.ADMINISTER, "post"),
    "drill_now": Page(P.ADMINISTER, "post"),
    "siem": Page(P.ADMINISTER),
    "siem_save": Page(P.ADMINISTER, "post"),
    "siem_act": Page(P.ADMINISTER, "post"),
    "restriction_lift": Page(P.ADMINISTER, "post", ids=a_restriction),
    "explanation_end": Page(P.ADMINISTER, "post", ids=an_explanation),
    "channels": Page(P.ADMINISTER),
    "channel_add": Page(P.ADMINISTER, "post"),
    "channel_act": Page(P.ADMINISTER, "post", ids=a_channel),
    "leaks": Page(P.SECOND),
    "leak": Page(P.SECOND, ids=a_leak),
    "leak_body": Page(P.SECOND, ids=a_leak),
    "leak_bundle": Page(P.SECOND, ids=a_leak),
    "leak_station": Page(P.SECOND),
    "leak_answers": Page(P.SECOND),
    "leak_answer": Page(P.SECOND, ids=a_notice_answer),
    "leak_answer_confirm": Page(P.SECOND, "post", ids=a_notice_answer),
    "leak_answer_files": Page(P.SECOND, "post", ids=a_notice_answer),
    "plan": Page(P.SECOND, ids=a_plan),
    "plan_stop": Page(P.SECOND, "post", ids=a_plan),
    "waiting_stop": Page(P.SECOND, "post"),
    "plan_confirm": Page(P.ADMINISTER, "post", ids=a_plan),
    "clock_confirm": Page(P.ADMINISTER, "post"),
    "town": Page(P.LEDGER),
    "town_paper": Page(P.LEDGER, extra={"ending": "pdf"}),
    "town_warehouse": Page(P.LEDGER, ids=a_town_warehouse),
    "town_witnessed": Page(P.LEDGER, ids=a_witnessed),
    "town_alarm_seen": Page(P.LEAD, "post", ids=a_town_alarm),
    "town_settings": Page(P.ADMINISTER),
    "town_seat": Page(P.ADMINISTER, "post", ids=person),
    "town_warehouse_add": Page(P.ADMINISTER, "post"),
    "town_warehouse_list": Page(P.ADMINISTER, "post"),
    "town_notices": Page(P.LEDGER),
    "town_notice_send": Page(P.LEDGER, "post"),
    "town_notice": Page(P.LEDGER, ids=a_town_notice),
    "hub_inbox": Page(P.LEDGER),
    "hub_notice_read": Page(P.LEAD, "post", ids=a_hub_notice),
    "hub_task_done": Page(P.LEAD, "post", ids=a_hub_task),
    "criminal_cases": Page(P.LEDGER),
    "criminal_add": Page(P.LEDGER, "post"),
    "screenings": Page(P.LEDGER),
    "screening_send": Page(P.LEDGER, "post"),
    "screening": Page(P.LEDGER, ids=a_screening),
    "screening_answer": Page(P.LEDGER, ids=a_screening_answer),
    "screening_agree": Page(P.ADMINISTER, "post", ids=a_hub_screening),
    "joint_parties": Page(P.LEDGER, "post", ids=a_joint_case),
    "town_warehouse_code": Page(P.ADMINISTER, "post", ids=a_town_warehouse),
    "specials": Page(P.LEDGER),
    "special_plan": Page(P.LEDGER, "post"),
    "special": Page(P.LEDGER, ids=a_special),
    "special_phone": Page(P.LEDGER, ids=a_special),
    "special_state": Page(P.LEDGER, ids=a_special),
    "special_finding": Page(P.LEDGER, "post", ids=a_special),
    "special_photo": Page(P.LEDGER, "post", ids=a_special),
    "check_photo": Page(P.LEDGER, ids=a_check_photo),
    "phone_worker": Page("open"),
    "joint_cases": Page(P.LEDGER),
    "joint_open": Page(P.LEDGER, "post"),
    "joint_case": Page(P.LEDGER, ids=a_joint_case),
    "joint_event": Page(P.LEDGER, "post", ids=a_joint_case),
    "joint_tasks": Page(P.LEDGER, "post", ids=a_joint_case),
    "joint_step": Page(P.LEDGER, "post", ids=a_joint_case),
    "joint_attach": Page(P.LEDGER, "post", ids=a_joint_case),
    "joint_room": Page(P.LEDGER, "post", ids=a_joint_case),
    "joint_paper": Page(P.LEDGER, ids=a_joint_case, extra={"name": "duties", "ending": "pdf"}),
    "case_room": Page("open", extra={"token": "made-up"}),
    "hub_link": Page(P.ADMINISTER),
    "hub_cosigned": Page(P.ADMINISTER, ids=a_hub_cosigned),
    "hub_link_make": Page(P.ADMINISTER, "post"),
    "hub_link_act": Page(P.ADMINISTER, "post"),
    "cases": Page(P.SECOND),
    "case_open": Page(P.SECOND, "post"),
    "case": Page(P.SECOND, ids=a_case),
    "case_tab": Page(P.SECOND, ids=a_case_tab),
    "case_note": Page(P.SECOND, "post", ids=a_case),
    "case_close": Page(P.ADMINISTER, "post", ids=a_case),
    "case_record": Page(P.SECOND, ids=a_case_record),
    "inspections": Page(P.LEDGER),
    "inspection_run": Page(P.LEAD, "post"),
    "inspection": Page(P.LEDGER, ids=an_inspection),
    "inspection_body": Page(P.LEDGER, ids=an_inspection),
    "inspection_paper": Page(P.LEDGER, ids=an_inspection, extra={"form": "sheet", "ending": "docx"}),
    "inspection_blank_sheet": Page(P.LEDGER, extra={"ending": "docx"}),
    "accepted_risks": Page(P.LEAD),
    "accepted_risk_end": Page(P.LEAD, "post", ids=an_accepted_risk),
    "wall_poster": Page(P.LEDGER, extra={"ending": "docx"}),
    "health_check": Page(P.LEDGER),
    "health_paper": Page(P.LEDGER, extra={"ending": "docx"}),
    "label_samples": Page(P.LEDGER),
    "inspection_photos": Page(P.LEAD, "post"),
    "label_sample": Page(P.LEDGER, ids=label_sample),
    "label_sample_body": Page(P.LEDGER, ids=label_sample),
    "label_sample_paper": Page(P.LEDGER, ids=label_sample, extra={"ending": "docx"}),
    "inspection_documents": Page(P.LEDGER),
    "inspection_document_add": Page(P.LEAD, extra={"kind": "audit"}),
    "inspection_document_file": Page(P.LEDGER, ids=a_document),
    "internal_rules": Page("own"),
    "internal_rule_file": Page("own", ids=a_policy),
    "internal_rule_read": Page("own", "post", ids=a_document),
    "inspection_document_withdraw": Page(P.LEAD, "post", ids=a_document),
    "register_entries": Page(P.LEAD),
    "register_entry": Page(P.LEAD, ids=an_incident),
    "register_step": Page(P.LEAD, "post", ids=an_incident),
    "register_paper": Page(P.LEAD, ids=an_incident, extra={"ending": "docx"}),
    "training": Page("own"),
    "training_people": Page(P.LEAD),
    "training_agreement": Page("own"),
    "lesson": Page("own", extra={"name": "owner"}),
    "export_new": Page(P.EXPORT, "post"),
    "export_ask": Page(P.EXPORT, "post"),
    "export": Page(P.EXPORT, ids=an_export),
    "export_body": Page(P.EXPORT, ids=an_export),
    "export_decide": Page(P.SECOND, "post", ids=an_export),
    "export_withdraw": Page(P.EXPORT, "post", ids=an_export),
    "export_file": Page(P.EXPORT, "post", ids=an_export),
    "recipients": Page(P.SECOND),
    "recipient_add": Page(P.SECOND, "post"),
    "recipient_act": Page(P.SECOND, "post", ids=recipient),
    "calls": Page(P.CALL),
    "call": Page(P.CALL, ids=order),
    "call_end": Page(P.CALL, "post", ids=a_call),
    "call_provider": Page(P.ADMINISTER, "post"),
    "merchants": Page(P.ADMINISTER),
    "merchant_add": Page(P.ADMINISTER, "post"),
    "merchant": Page(P.ADMINISTER, ids=merchant),
    "merchant_save": Page(P.ADMINISTER, "post", ids=merchant),
    "sites": Page(P.ADMINISTER),
    "site_add": Page(P.ADMINISTER, "post"),
    "site_rename": Page(P.ADMINISTER, "post", ids=site),
    "site_close": Page(P.ADMINISTER, "post", ids=site),
    "site_reopen": Page(P.ADMINISTER, "post", ids=site),
    "entrustments": Page(P.ADMINISTER),
    "entrustment_new": Page(P.ADMINISTER),
    "entrustment": Page(P.SECOND, ids=entrustment),
    "entrustment_body": Page(P.SECOND, ids=entrustment),
    "entrustment_change": Page(P.ADMINISTER, ids=entrustment),
    "entrustment_propose": Page(P.ADMINISTER, "post", ids=entrustment),
    "entrustment_answer": Page(P.SECOND, "post", ids=entrustment_end),
    "entrustment_files": Page(P.ADMINISTER, "post", ids=entrustment_end),
    "entrustment_returned": Page(P.ADMINISTER, "post", ids=entrustment_end),
    "entrustment_certificate": Page(P.SECOND, ids=certified_end),
    "policies": Page(P.ADMINISTER),
    "limits": Page(P.ADMINISTER),
    "limits_check": Page(P.ADMINISTER, "post"),
    "limits_sign": Page(P.ADMINISTER, "post"),
    "limits_withdraw": Page(P.ADMINISTER, "post"),
    "policy_edit": Page(P.ADMINISTER),
    "policy_version": Page(P.ADMINISTER, ids=policy_version),
    "policy_try": Page(P.ADMINISTER, "post", ids=policy_version),
    "policy_agree": Page(P.ADMINISTER, "post", ids=policy_version),
    "policy_activate": Page(P.ADMINISTER, "post", ids=policy_version),
    "policy_restore": Page(P.ADMINISTER, "post", ids=policy_version),
    "print_pcs": Page(P.LEAD),
    "print_pc": Page(P.LEAD, ids=print_pc),
    "print_pc_report": Page(P.LEAD, "post"),
    "print_pc_restrict": Page(P.LEAD, "post", ids=print_pc),
    "print_pc_release": Page(P.ADMINISTER, "post", ids=print_pc),
    "print_pc_step": Page(P.ADMINISTER, "post", ids=print_pc, extra={"to": "cleaning"}),
    "tool_approve": Page(P.ADMINISTER, "post"),
    "tool_approval_withdraw": Page(P.ADMINISTER, "post", ids=tool_approval),
    "devices": Page(P.ADMINISTER),
    "device_code": Page(P.ADMINISTER, "post"),
    "device_restrict": Page(P.ADMINISTER, "post", ids=device),
    "device_release": Page(P.ADMINISTER, "post", ids=device),
    "device_site": Page(P.ADMINISTER, "post", ids=device),
    "device_revoke": Page(P.ADMINISTER, "post", ids=device),
    "station": Page("open"),
    "station_pin": Page("open", "post"),
    "station_enrol": Page("open", "post"),
    "badges": Page(P.ADMINISTER),
    "badge": Page(P.ADMINISTER, ids=person),
    "badge_issue": Page(P.ADMINISTER, "post", ids=person),
    "badge_start": Page(P.ADMINISTER, "post", ids=person),
    "badge_revoke": Page(P.ADMINISTER, "post", ids=person),
    "shared_mark": Page(P.ADMINISTER, "post", ids=person),
    "duty": Page(P.ADMINISTER),
    "overtime_grant": Page(P.ADMINISTER, "post"),
    "overtime_withdraw": Page(P.ADMINISTER, "post", ids=overtime),
    "sale_declare": Page(P.ADMINISTER, "post"),
    "sale_withdraw": Page(P.ADMINISTER, "post", ids=sale),
    "compatibility": Page(P.ADMINISTER),
    "compatibility_on": Page(P.ADMINISTER, "post"),
    "compatibility_off": Page(P.ADMINISTER, "post", ids=compatibility_mode),
    "station_record": Page(P.LEAD),
    "station_record_file": Page(P.LEAD, "post"),
    "custom_area": Page(P.LEAD),
    "printing": Page(P.PRINT),
    "print_start": Page(P.PRINT, "post"),
    "wave_make": Page(P.PRINT, "post"),
    "wave": Page(P.PRINT, ids=wave),
    "wave_body": Page(P.PRINT, ids=wave),
    "wave_print": Page(P.PRINT, "post", ids=wave),
    "wave_find": Page(P.PRINT, "post", ids=wave),
    "reprint_decide": Page(P.PRINT, "post", ids=reprint),
    "stations": Page(P.LEAD),
    "printer_act": Page(P.LEAD, "post", ids=station_printer, extra={"action": "empty"}),
    "ticket_settle": Page(P.LEAD, "post", ids=uncertain),
    "head_done": Page(P.LEAD, "post", ids=head_alarm),
    "print_rules": Page(P.ADMINISTER, "post"),
    "scans": Page(P.PRINT),
    "scan_one": Page(P.PRINT, "post"),
    "scan_file": Page(P.PRINT, "post"),
    "label_check": Page(P.SEARCH),
    "run_detail": Page(P.PRINT, ids=run),
    "run_body": Page(P.PRINT, ids=run),
    "run_file": Page(P.PRINT, "post", ids=run),
}

API = "/api/v1"
OPERATIONS: dict[tuple[str, str], str] = {
    ("post", "/notice-answers"): P.SECOND,
    ("get", "/notice-answers/{answer_id}"): "answer",
    ("get", "/notice-answers/{answer_id}/files"): "answer",
    ("post", "/login"): "open",
    ("get", "/me"): "own",
    ("post", "/logout"): "own",
    ("post", "/imports"): P.IMPORT,
    ("get", "/imports/{import_id}"): "batch",
    ("get", "/imports/{import_id}/refused"): "batch",
    ("post", "/imports/{import_id}/commit"): "batch",
    ("post", "/imports/{import_id}/undo"): "batch",
    ("get", "/orders"): P.VIEW,
    ("post", "/orders/search"): P.SEARCH,
    ("get", "/orders/{order_id}/looks"): P.LEDGER,
    ("post", "/orders/seal"): P.IMPORT,
    ("post", "/orders/masked"): P.SEARCH,
    ("post", "/orders/state"): P.IMPORT,
    ("post", "/shred"): P.ADMINISTER,
    ("get", "/retention"): P.ADMINISTER,
    ("put", "/retention"): P.ADMINISTER,
    ("post", "/keys/rotation"): P.ADMINISTER,
    ("get", "/keys/rotation"): P.ADMINISTER,
    ("get", "/leakage"): P.ADMINISTER,
    ("get", "/openapi.json"): "own",
    ("post", "/parcel-links"): P.SEARCH,
    ("post", "/messages/check"): P.SEARCH,
    ("post", "/inspections"): P.LEAD,
    ("get", "/inspections/{inspection_id}"): "inspection",
    ("post", "/label-runs"): P.PRINT,
    ("get", "/label-runs/{run_id}"): "run",
    ("get", "/label-runs/{run_id}/refused"): "run",
    ("get", "/label-runs/{run_id}/file"): "run",
    ("post", "/devices/enrol"): "open",
    ("post", "/devices/print"): "device",
    ("post", "/devices/outcomes"): "device",
    ("post", "/devices/notes"): "device",
    ("post", "/devices/intake/key"): "device",
    ("post", "/devices/intake"): "device",
    ("post", "/devices/lease"): "device",
    ("post", "/devices/scan"): "device",
    ("post", "/devices/acks"): "device",
    ("post", "/devices/status"): "device",
    ("post", "/town/posture"): "device",
    ("post", "/town/screening"): "device",
    ("post", "/town/screening/answer"): "device",
}
CLOSED = [operation for operation, kind in OPERATIONS.items() if kind != "open"]

BEHIND: dict[str, Permission] = {
    "batch": P.IMPORT,
    "run": P.PRINT,
    "answer": P.SECOND,
    "inspection": P.LEDGER,
}
"""Permission required by an operation on an object of the user's own warehouse."""
BODIES: dict[tuple[str, str], dict[str, Any]] = {
    ("post", "/orders/search"): {"kind": "order", "value": "made-up"},
    ("post", "/orders/seal"): {
        "orders": [{"order_no": "W1", "name": "x", "phone": "19900000000", "detail": "x"}]
    },
    ("post", "/orders/masked"): {"order_nos": ["made-up"]},
    ("post", "/orders/state"): {"changes": [{"order_no": "made-up", "state": "lost"}]},
    ("post", "/shred"): {"scope": "orders", "ids": []},
    ("put", "/retention"): {"contact_days": 90, "undelivered_days": 180, "index_days": 184},
    ("post", "/label-runs"): {"orders": ["made-up"]},
    ("post", "/parcel-links"): {"order_no": "made-up"},
    ("post", "/messages/check"): {"text": "made-up", "order_no": "made-up"},
    ("post", "/notice-answers"): {"notice": {}, "victims": ""},
}
"""Input that an operation requires; without it, the response does not depend on the role."""
PUBLIC_BY_NATURE = frozenset({"api-root"})
"""Ninja's own empty page. The API description itself requires sign-in."""


def _patterns(resolver: URLResolver, namespace: str = "") -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLPattern):
            yield namespace, entry.name or str(entry.pattern)
        else:
            yield from _patterns(entry, entry.namespace or namespace)


def _operations() -> dict[tuple[str, str], dict[str, Any]]:
    schema = api.get_openapi_schema(path_prefix="")
    return {(verb, path): op for path, verbs in schema["paths"].items() for verb, op in verbs.items()}


def _address(name: str, made: SimpleNamespace) -> str:
    page = PAGES[name]
    return reverse(name, kwargs={**page.extra, **(page.ids(_copied(made)) if page.ids else {})})


@pytest.fixture(scope="module")
def once_made() -> dict[str, str]:
    """The addresses that `where` has made."""
    return {}


@pytest.fixture
def where(once_made: dict[str, str], warehouse: SimpleNamespace) -> Callable[[str], str]:
    """Return the addresses of pages that must answer before they look for what the address names.

    What it names is made for the first question only; a page that looks for it later says 404, which no such test
    takes.
    """

    def address(name: str) -> str:
        if name not in once_made:
            once_made[name] = _address(name, warehouse)
        return once_made[name]

    return address


def _guarded() -> list[str]:
    return [name for name, page in PAGES.items() if page.asks != "open"]


def test_every_page_is_placed_in_this_walk() -> None:
    own = {"api", "scim"}  # these require a bearer token; scim: tests/service/people/test_scim.py
    found = {name for namespace, name in _patterns(get_resolver()) if namespace not in own}
    assert found == set(PAGES)


def test_every_operation_is_placed_in_this_walk() -> None:
    assert set(_operations()) == set(OPERATIONS)


def test_every_operation_a_machine_key_may_do_exists() -> None:
    assert set(FOR_KEYS) <= set(OPERATIONS)


def test_no_machine_key_may_do_what_only_an_owner_may() -> None:
    assert not {kind for operation, kind in OPERATIONS.items() if operation in FOR_KEYS} & {
        P.ADMINISTER,
        "device",
    }


def test_no_other_address_hides_in_the_api() -> None:
    names = {name for namespace, name in _patterns(get_resolver()) if namespace == "api"}
    described = {op["operationId"] for op in _operations().values()}
    assert names == described | PUBLIC_BY_NATURE


def test_a_page_sends_a_stranger_to_the_sign_in(where: Callable[[str], str]) -> None:
    def ask(name: str) -> tuple[int, str]:
        response = getattr(Client(), PAGES[name].method)(where(name))
        return response.status_code, response["Location"].partition("?")[0]

    assert each(_guarded(), ask) == dict.fromkeys(_guarded(), (302, "/login/"))


def test_a_fragment_sends_the_whole_window_to_the_sign_in(where: Callable[[str], str]) -> None:
    def ask(name: str) -> tuple[int, str]:
        client = Client(headers={"HX-Request": "true"})
        response = getattr(client, PAGES[name].method)(where(name))
        return response.status_code, response["HX-Redirect"]

    assert each(_guarded(), ask) == dict.fromkeys(_guarded(), (401, "/login/"))


@pytest.mark.parametrize("name", [n for n in PAGES if n not in _guarded()])
def test_an_open_page_answers_a_stranger(name: str, warehouse: SimpleNamespace) -> None:
    response = getattr(Client(), PAGES[name].method)(_address(name, warehouse))
    assert response.status_code in {200, 302, 404, 410, 422}


def _by_role(people: dict[Role, Somebody], ask: Callable[[Somebody], Any]) -> dict[Role, Any]:
    """Send a request as one user of each role, each rolled back; return the answers."""
    told = {}
    for role, somebody in people.items():
        cache.clear()
        with undone():
            told[role] = ask(Somebody(copy.copy(somebody.user), somebody.cookies))
    return told


@pytest.mark.parametrize("name", [n for n, p in PAGES.items() if isinstance(p.asks, Permission)])
def test_a_page_answers_by_role(
    name: str, warehouse: SimpleNamespace, of_each_role: dict[Role, Somebody]
) -> None:
    address = _address(name, warehouse)

    def ask(somebody: Somebody) -> str:
        response = getattr(somebody.browser(), PAGES[name].method)(address)
        if response.headers.get("Location", "").startswith("/login/"):
            return "sent to the sign-in"
        return "refused" if response.status_code == 403 else "let in"

    assert _by_role(of_each_role, ask) == {
        role: "let in" if PAGES[name].asks in MAY[role] else "refused" for role in Role
    }


def test_a_page_hides_what_belongs_to_another_tenant_and_shows_ones_own(
    warehouse: SimpleNamespace, elsewhere: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    confirmed = signed_in(warehouse.owner)
    _confirmed(confirmed, warehouse.owner)
    owner = Somebody.signed_in(warehouse.owner, confirmed)

    def ask(name: str) -> tuple[int, bool]:
        client = owner.browser()
        theirs = getattr(client, PAGES[name].method)(_address(name, elsewhere))
        ours = getattr(client, PAGES[name].method)(_address(name, warehouse))
        # 422: found, but the empty form is refused
        return theirs.status_code, ours.status_code in {200, 302, 409, 422}

    names = [name for name, page in PAGES.items() if page.ids is not None]
    assert each(names, ask) == dict.fromkeys(names, (404, True))


def test_a_role_with_power_enrols_a_second_factor_first(
    warehouse: SimpleNamespace,
    made_up: ModuleType,
    signed_in: Callable[[User], Client],
    where: Callable[[str], str],
) -> None:
    fresh = made_up.make_user(warehouse.tenant, "fresh", Role.OWNER, second_factor=False)
    somebody = Somebody.signed_in(fresh, signed_in(fresh))

    def ask(name: str) -> bool:
        response = getattr(somebody.browser(), PAGES[name].method)(where(name))
        return response.headers.get("Location") == reverse("second_factor")

    names = [name for name in _guarded() if name != "second_factor"]
    assert each(names, ask) == {name: name not in ENROLMENT_PAGES for name in names}


def test_somebody_without_a_tenant_gets_nothing(
    where: Callable[[str], str], made_up: ModuleType, signed_in: Callable[[User], Client]
) -> None:
    nobody = made_up.make_user(None, "nobody", Role.OWNER)
    somebody = Somebody.signed_in(nobody, signed_in(nobody))

    def ask(name: str) -> int:
        status: int = getattr(somebody.browser(), PAGES[name].method)(where(name)).status_code
        return status

    assert each(_guarded(), ask) == dict.fromkeys(_guarded(), 403)


def test_every_page_is_rate_limited(
    warehouse: SimpleNamespace,
    signed_in: Callable[[User], Client],
    monkeypatch: pytest.MonkeyPatch,
    where: Callable[[str], str],
) -> None:
    monkeypatch.setattr(middleware, "PERSON_A_MINUTE", 0)
    monkeypatch.setattr(middleware, "STRANGER_A_MINUTE", 0)
    owner = Somebody.signed_in(warehouse.owner, signed_in(warehouse.owner))

    def ask(name: str) -> list[int]:
        address, method = where(name), PAGES[name].method
        return [getattr(client, method)(address).status_code for client in (Client(), owner.browser())]

    assert each(PAGES, ask) == {name: [429, 429] for name in PAGES}


def test_every_operation_is_rate_limited() -> None:
    assert api.throttle


def test_an_operation_refuses_a_call_without_a_token(
    warehouse: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    owner = Somebody.signed_in(warehouse.owner, signed_in(warehouse.owner))

    def ask(operation: tuple[str, str]) -> list[int]:
        verb, path = operation
        address = _api_address(path, warehouse)
        # The API does not accept a browser session; it would then need CSRF tokens.
        return [getattr(client, verb)(address).status_code for client in (Client(), owner.browser())]

    assert each(CLOSED, ask) == {operation: [401, 401] for operation in CLOSED}


def _api_address(path: str, made: SimpleNamespace) -> str:
    with scope(tenant=made.tenant):
        order = Order.objects.filter(batch=made.batch).values_list("pk", flat=True).first()
    ids = {"{import_id}": made.batch.pk, "{run_id}": made.run.pk, "{order_id}": order}
    if "{answer_id}" in path:
        ids["{answer_id}"] = a_notice_answer(made)["pk"]
    if "{inspection_id}" in path:
        ids["{inspection_id}"] = an_inspection(made)["pk"]
    for name, key in ids.items():
        path = path.replace(name, str(key))
    return API + path


def _call(operation: tuple[str, str], user: User, made: SimpleNamespace) -> Any:
    verb, path = operation
    secret, _ = ShellToken.issue(user, "test", timezone.now())
    about: dict[str, Any] = {"headers": {"authorization": f"Bearer {secret}"}}
    if operation == ("post", "/imports"):
        about["data"] = {"file": SimpleUploadedFile("orders.csv", b"a,b\n1,2\n")}
    elif operation in BODIES:
        about |= {"data": BODIES[operation], "content_type": "application/json"}
    return getattr(Client(raise_request_exception=False), verb)(_api_address(path, made), **about)


@pytest.mark.parametrize(
    "operation", [op for op, kind in OPERATIONS.items() if isinstance(kind, Permission) or kind in BEHIND]
)
def test_an_operation_answers_by_role(
    operation: tuple[str, str], warehouse: SimpleNamespace, of_each_role: dict[Role, Somebody]
) -> None:
    kind = OPERATIONS[operation]

    def ask(somebody: Somebody) -> str:
        status = _call(operation, somebody.user, warehouse).status_code
        return {403: "refused", 401: "no sign-in", 404: "not found"}.get(status, "let in")

    assert _by_role(of_each_role, ask) == {
        role: "let in" if BEHIND.get(kind, kind) in MAY[role] else "refused" for role in Role
    }


@pytest.mark.parametrize(
    "operation",
    [op for op, kind in OPERATIONS.items() if kind in BEHIND or op == ("get", "/orders/{order_id}/looks")],
)
def test_an_operation_hides_what_belongs_to_another_tenant(
    operation: tuple[str, str], warehouse: SimpleNamespace, elsewhere: SimpleNamespace
) -> None:
    assert _call(operation, warehouse.owner, elsewhere).status_code == 404


def test_an_operation_names_its_authentication() -> None:
    described = _operations()
    assert [operation for operation in CLOSED if not described[operation]["security"]] == []


def _confirmed(client: Client, user: User) -> None:
    """Mark the session as recently reauthenticated."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "password", "at": time.time(), "reauthenticated": True}
    ]
    session["account_authentication_methods_user"] = str(user.pk)
    session.save()
