"""Fill the demo's hub: a town of invented warehouses, some silent, one with a rolled-back ledger."""

import secrets
from datetime import datetime, timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.utils import timezone
from django_scopes import scope

from waybillguard.agent.protocol_town import Checkpoint, Given, LogSigned, Notice, PostureTaken, ScreeningTold
from waybillguard.inspect import catalogue
from waybillguard.inspect.cases import Event, Reference, report_step
from waybillguard.inspect.sheet import items
from waybillguard.ledger import note as notes
from waybillguard.ledger.merkle import leaf_hash, root_of
from waybillguard.ledger.note import ED25519, NoteSigner
from waybillguard.service.cases.joint import StepTaken, append, open_joint, read
from waybillguard.service.hub.cosigned import store_cosignature
from waybillguard.service.hub.criminal_views import add_criminal
from waybillguard.service.hub.downlink import send_notice
from waybillguard.service.hub.inbox import store_hub_answer
from waybillguard.service.hub.inspecting import keep_finding, plan
from waybillguard.service.hub.intake import evaluate, raise_alarm, silence_mark
from waybillguard.service.hub.models import Check, MonthEnd, Screening, ScreeningTo, TownAlarm, Warehouse
from waybillguard.service.hub.screened import take_screenings
from waybillguard.service.hub.table import today
from waybillguard.service.hub.tasks_of import give_tasks, tasks_for
from waybillguard.service.hub.towns import open_town, set_seat
from waybillguard.service.hub.witnessing import cosign
from waybillguard.service.identity.context import tenant_of
from waybillguard.service.identity.models import User

_DISTRICTS: Final = ("北苑", "福田", "江东", "稠城", "后宅", "佛堂", "廿三里", "苏溪", "上溪")
_COUNT: Final = 36
_STEP: Final = 7
_SPARED: Final = 11
_CLEAN: Final = 3
_FOUND: Final = 6
_ENTRIES: Final = 40


def fill(owner: User) -> None:
    """Create the data that the hub's pages show."""
    tenant, now = tenant_of(owner), timezone.now()
    with scope(tenant=tenant):
        open_town(tenant, "演示镇")
        set_seat(owner, owner, "procuratorate")
        last = (today().replace(day=1) - timedelta(days=1)).replace(day=1)
        for number in range(_COUNT):
            one = Warehouse(
                tenant=tenant, name=f"演示{number + 1}号仓", district=_DISTRICTS[number % len(_DISTRICTS)],
                added_by=owner, reported_at=now - timedelta(minutes=number), posture_sha256=secrets.token_hex(32),
                sequence=number + 1, ledger_size=100 * number,
            )  # fmt: skip
            _report(one, number)
            one.save()
            before = Warehouse(tenant=tenant, name=one.name)
            _report(before, number + 1 if number % 2 else number)
            MonthEnd.objects.create(tenant=tenant, warehouse=one, month=last, summary=before.summary)
        silent, back = Warehouse.objects.filter(tenant=tenant).order_by("pk")[3:5]
        silent.reported_at = now - timedelta(hours=15)
        silent.save(update_fields=["reported_at"])
        raise_alarm(silent, TownAlarm.Kind.SILENT, silence_mark(silent), now - timedelta(hours=9))
        raise_alarm(back, TownAlarm.Kind.LEDGER, "ledger:demo", now - timedelta(hours=2))
        _ledgers(owner, back, now)
        _joint_case(owner)
        _inspection(owner)
        _notice(owner, now)
        _criminal(owner)
        _screening(owner, now)


def _ledgers(owner: User, back: Warehouse, now: datetime) -> None:
    """Create a cosigned ledger, stored at hub and warehouse, and a rewritten ledger."""
    tenant, first = tenant_of(owner), Warehouse.objects.filter(tenant=tenant_of(owner)).order_by("pk")[0]
    leaves = [leaf_hash(bytes([number])) for number in range(_ENTRIES)]
    grown = _checkpoint("demo-01", leaves)
    store_cosignature(tenant, grown, cosign(first, grown, now), now)
    for history in (leaves, [leaf_hash(b"rewritten"), *leaves[1:]]):
        cosign(back, _checkpoint("demo-05", history), now - timedelta(hours=2))


def _checkpoint(name: str, leaves: list[bytes]) -> Checkpoint:
    """Return the checkpoint of an invented ledger, signed by an invented log."""
    log = Ed25519PrivateKey.from_private_bytes(name.ljust(32).encode())
    origin, root = f"{name.encode().hex():0>16}.waybillguard.local/{name}-2026q4", root_of(leaves)
    line = NoteSigner(origin, ED25519, log).sign(notes.Checkpoint(origin, len(leaves), root).text(), 0)
    signed = LogSigned(origin=origin, key=log.public_key().public_bytes_raw(), signature=line.data)
    return Checkpoint(shard=0, size=len(leaves), root=root.hex(), signed=signed)


def _joint_case(owner: User) -> None:
    """Create a case in rectification: a proposal with its deadline, tasks of one warehouse, one reported done."""
    tenant, day = tenant_of(owner), today() - timedelta(days=40)
    opened = Event(
        on=day, kind="open", actor="procuratorate", document=Reference("procuratorate", "演检立〔1〕号", day)
    )
    joint = open_joint(
        owner, "procuratorate", "演示镇云仓个人信息保护案", "post", ("police", "cac", "market"), opened
    )
    proposed = day + timedelta(days=9)
    paper = Reference("procuratorate", "演检建〔1〕号", proposed)
    worst = Warehouse.objects.filter(tenant=tenant).order_by("pk")[1]
    due = today() + timedelta(days=20)
    for value in (
        Event(on=day + timedelta(days=3), kind="site_visit", actor="police", note="抽查 20 张面单"),
        Event(on=day + timedelta(days=6), kind="round_table", actor="cac"),
        Event(on=proposed, kind="proposal", actor="procuratorate", document=paper),
        Event(on=day + timedelta(days=12), kind="rectification", actor="post"),
    ):
        append(joint, read(joint).version, "event", value, by=owner, authority=value.actor)
    tasks = tasks_for(worst, due, read(joint))
    give_tasks(joint, read(joint).version, worst, tasks, by=owner, authority="procuratorate")
    said = report_step(tasks[0], "self_certified", worst.name, timezone.now() - timedelta(hours=2)).steps[-1]
    taken = StepTaken(warehouse=worst.name, item=tasks[0].item, step=said)
    append(joint, read(joint).version, "step", taken, by=owner, authority="post")


def _notice(owner: User, now: datetime) -> None:
    """Create a warning read by half the town, and this warehouse's own copy of it with a task."""
    tenant, text = (
        tenant_of(owner),
        "有人冒充 IT 人员来电，要求打单电脑安装远程控制程序。请提醒当班人员拒绝并报告。",
    )
    sent = send_notice(owner, "warning", "警惕冒充 IT 的来电", text, due=today() + timedelta(days=7))
    for at, copy in enumerate(sent.copies.filter(tenant=tenant).order_by("pk")):
        if at % 3:
            copy.fetched_at = now - timedelta(minutes=at)
            copy.read_at = now if at % 2 else None
            copy.save()
    given = Given(
        case=1, title="演示镇云仓个人信息保护案", item="4", authority="police", due=today() + timedelta(days=20),
        state="notified",
    )  # fmt: skip
    told = Notice(
        id=sent.pk,
        kind="warning",
        authority=sent.authority,
        title=sent.title,
        text=text,
        sent_at=now,
        due=sent.due,
    )
    store_hub_answer(tenant, PostureTaken(sha256="0" * 64, notices=(told,), tasks=(given,)), now)


def _criminal(owner: User) -> None:
    """Create three criminal cases, two of them with the same way in."""
    listed = list(Warehouse.objects.filter(tenant=tenant_of(owner)).order_by("pk")[:3])
    for at, (one, way) in enumerate(zip(listed, ("temp", "burglary", "temp"), strict=True), 1):
        add_criminal(owner, "演示公安", f"演公立〔{at}〕号", today() - timedelta(days=30 * at), one, way, "")


def _screening(owner: User, now: datetime) -> None:
    """Create an unanswered screening of the police, at the hub and at this warehouse."""
    tenant, since = tenant_of(owner), today() - timedelta(days=60)
    sent = Screening.objects.create(
        tenant=tenant, number="演公协查〔1〕号", since=since, request=secrets.token_bytes(64), sent_by=owner
    )
    for one in Warehouse.objects.filter(tenant=tenant):
        ScreeningTo.objects.create(tenant=tenant, screening=sent, warehouse=one, told_at=now)
    told = ScreeningTold(id=sent.pk, authority="police", document=sent.number, since=since)
    take_screenings(tenant, (told,), now)


def _inspection(owner: User) -> None:
    """Create an inspection of six warehouses, a third of it done."""
    special = plan(owner, "演示镇面单专项检查", ["1", "4", "7"], today(), 6)
    checks = special.checks.select_related("special", "warehouse__tenant", "tenant").order_by("pk")
    for number, check in enumerate(checks[:_FOUND]):
        result = Check.Result.FAILED if number % 2 else Check.Result.PASSED
        keep_finding(owner, check, f"demo-{check.pk:08}", result, "retested", "", timezone.now())


def _report(one: Warehouse, number: int) -> None:
    """Store a report for a warehouse; the reported gaps vary with ``number``."""
    weak = [item for item in items() if number % _CLEAN and (number * _STEP + item.number) % _SPARED == 0]
    bad = {name for item in weak for name in item.controls}
    one.posture = [
        [control.id, "not_satisfied" if control.id in bad else "satisfied"]
        for control in catalogue().controls
    ]
    evaluate(one, (), today())
