# ruff: noqa: ARG001 - fixtures are asked for by name
"""Tracing in the console: a list is traced, a case is opened, an answer requires two people."""

import csv
import io
import json
import shutil
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.events.engines.answers import HandoverRow
from waybillguard.service.audit.store import event_store
from waybillguard.service.authorization.principal import Principal
from waybillguard.service.cases.models import Case
from waybillguard.service.identity.models import Role, User
from waybillguard.service.keyd import ledger_messages, messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.leaks import answers, bundle, demo, services
from waybillguard.service.leaks.errors import LeakError
from waybillguard.service.leaks.models import Leak, NoticeAnswer
from waybillguard.service.leaks.picture import time_axis
from waybillguard.service.leaks.risks import answers_waiting
from waybillguard.service.leaks.tasks import trace_leak
from waybillguard.service.platform.config import Config
from waybillguard.service.vault.shred import finish, shred_orders
from waybillguard.simulate import Made, Parameters, make_world
from waybillguard.simulate.folder import iso
from waybillguard.trace import TraceError, read_victims
from waybillguard.trace.answer import FEWEST
from waybillguard.trace.guards import BY_CHANCE
from waybillguard.trace.handover import check, viewers
from waybillguard.trace.notice import read_notice
from waybillguard.trace.reasons import _DOUBTS

pytestmark = pytest.mark.django_db

NOTICE = {
    "authority": "某市公安局", "number": "公(网)调证字〔2026〕12号", "date": "2026-11-20",
    "from": "2026-10-26", "to": "2026-11-10",
}  # fmt: skip


@pytest.fixture(scope="module")
def world() -> Made:
    return make_world(Parameters(seed=5, days=12, warehouses=1, parcels=120, kinds=("leaver",), outside=0.2))


@pytest.fixture(scope="module")
def kept_log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The service's folder with the simulated events, written by the first test that needs them."""
    return tmp_path_factory.mktemp("written") / "data"


@pytest.fixture
def log(warehouse: SimpleNamespace, world: Made, kept_log: Path, tmp_path: Path, settings: Any) -> Made:
    """Use the simulated events as the warehouse's own log, in the test's own folder."""
    if not kept_log.exists():
        settings.CONFIG = Config(kept_log)
        store = event_store(warehouse.tenant)
        for one in world.events:
            if len(one):
                store.append(f"s-{one.day}", {**one.for_store(), "tenant": warehouse.tenant.slug})
    settings.CONFIG = Config(shutil.copytree(kept_log, tmp_path / "data"))
    return world


@pytest.fixture
def ledger(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """A fake keyd that finds no numbers and accepts every ledger entry."""
    told: list[Any] = []

    def answer(_self: Any, request: Any, kind: Any) -> Any:
        told.append(request)
        if kind is messages.TokenAnswer:
            return messages.TokenAnswer(tokens=[[] for _ in request.queries])
        if kind is ledger_messages.LedgerStateAnswer:
            return ledger_messages.LedgerStateAnswer("", "", [], "policy\n", [], "")
        return messages.Recorded(index=1, leaf_hash="00", origin="here")

    monkeypatch.setattr(KeydClient, "call", answer)
    return told


def csv_of(world: Made) -> bytes:
    lines = ["order_id,contacted_at,reported_at,certainty"]
    lines += [f"{v.order_id},{iso(v.contacted_at)},{iso(v.reported_at)},{v.certainty}" for v in world.victims]
    return "\n".join(lines).encode()


def test_a_pasted_list_is_traced_and_opens_its_case(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any], signed_in: Callable[[User], Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        leak = services.start(warehouse.owner, csv_of(log), "四月来电")
        trace_leak.func(leak.pk)
        leak.refresh_from_db()
        assert leak.state == Leak.State.DONE, leak.error_zh
        case = Case.objects.get(source=f"leak:{leak.pk}")
        assert case.evidence.count() == 1
        thief = next(theft.account for theft in log.thefts)
        leads = [one for one in leak.answer["sources"] if one["priority_lead"]]
        assert {one["account"] for one in leads} <= {thief}
    client = signed_in(warehouse.owner)
    page = client.get(reverse("leak", args=[leak.pk])).content.decode()
    assert "not proof" in page
    tab = client.get(reverse("case_tab", args=[case.pk, "tracing"])).content.decode()
    assert reverse("leak", args=[leak.pk]) in tab


def workbook_of(log: Made) -> bytes:
    book, written = openpyxl.Workbook(), io.BytesIO()
    for row in csv.reader(io.StringIO(csv_of(log).decode("utf-8-sig"))):
        book.active.append(row)
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize(("name", "written"), [("victims.csv", csv_of), ("victims.xlsx", workbook_of)])
def test_a_list_is_uploaded_as_a_file_and_does_not_stay_in_the_spool(
    name: str, written: Callable[[Made], bytes], warehouse: SimpleNamespace, log: Made, signed_in: Callable[[User], Client],
    sealing: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.setattr(KeydClient, "call", sealing.caller(sealing.operations(tmp_path / "ledger"), []))
    monkeypatch.setattr(services, "trace_leak", SimpleNamespace(enqueue=lambda _pk: None), raising=False)
    upload = SimpleUploadedFile(name, written(log))
    answer = signed_in(warehouse.owner).post(reverse("leaks"), {"title": "名单", "list": "", "file": upload})
    assert answer.status_code == 302
    with scope(tenant=warehouse.tenant):
        assert len(Leak.objects.get().victims) == len(log.victims)
    assert list(settings.CONFIG.spool_dir.iterdir()) == []


def test_a_list_without_a_name_is_called_after_its_victims(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any], signed_in: Callable[[User], Client]
) -> None:
    signed_in(warehouse.owner).post(reverse("leaks"), {"title": " ", "list": csv_of(log).decode()})
    with scope(tenant=warehouse.tenant):
        assert Leak.objects.get().title == f"List of {len(log.victims)} victims"


def test_the_bundle_is_checked_by_its_hash_list_and_holds_the_question(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any], signed_in: Callable[[User], Client]
) -> None:
    with scope(tenant=warehouse.tenant):
        leak = services.start(warehouse.owner, csv_of(log), "名单")
        trace_leak.func(leak.pk)
    content = signed_in(warehouse.owner).get(reverse("leak_bundle", args=[leak.pk])).content
    files = unpacked(content)
    assert check(files) == []
    assert len(json.loads(files["trace.json"])["question"]["victims"]) == len(log.victims)
    assert files["report.pdf"].startswith(b"%PDF")


def test_a_phone_is_looked_up_and_not_kept(warehouse: SimpleNamespace, log: Made, ledger: list[Any]) -> None:
    with scope(tenant=warehouse.tenant):
        leak = services.start(
            warehouse.owner, "手机号,来电时间\n13800001111,2026-11-01\n".encode(), "一个电话"
        )
        assert leak.victims == []
        assert leak.not_found == 1
        assert "13800001111" not in str(Leak.objects.values())
    assert any("13800001111" in str(getattr(one, "queries", "")) for one in ledger)


def test_a_victim_whose_order_was_shredded_is_traced_by_that_order(scene: SimpleNamespace) -> None:
    """The log identifies orders by uid, which is kept after shredding, so the order number alone would find nothing."""
    order = scene.orders[0]
    finish(shred_orders(scene.owner, [order]))
    resolved = services.resolve(scene.owner, read_victims(f"order_id\n{order.order_no}\n".encode()))
    assert resolved.orders == {bytes(order.uid).hex()}
    assert [one["order_id"] for one in resolved.victims] == [bytes(order.uid).hex()]


def test_what_is_no_list_is_refused(warehouse: SimpleNamespace, ledger: list[Any]) -> None:
    with scope(tenant=warehouse.tenant):
        with pytest.raises(TraceError):
            services.start(warehouse.owner, b"hello", "x")
        assert not Leak.objects.exists()


def test_a_station_shows_what_passed_it_between_two_moments(
    warehouse: SimpleNamespace, log: Made, signed_in: Callable[[User], Client]
) -> None:
    from waybillguard.service.leaks.tracing import engine_of
    from waybillguard.trace.handover import station_exposure

    with scope(tenant=warehouse.tenant), engine_of(warehouse.tenant) as engine:
        begin = datetime(2026, 10, 27, tzinfo=UTC)
        name = engine.connection.execute(
            "SELECT workstation FROM events WHERE action = 'print' LIMIT 1"
        ).fetchall()
        found = station_exposure(engine, warehouse.tenant.slug, name[0][0], begin, begin + timedelta(days=3))
        all_of_it = station_exposure(
            engine, warehouse.tenant.slug, name[0][0], begin, begin + timedelta(days=30)
        )
    assert 0 < found.printed < all_of_it.printed
    assert sum(found.by_day().values()) == len(found.orders)
    assert signed_in(warehouse.owner).get(reverse("leak_station")).status_code == 200


@pytest.fixture
def second(warehouse: SimpleNamespace, made_up: Any) -> User:
    return made_up.make_user(warehouse.tenant, "second", Role.SUPERVISOR)


def as_asker(user: User, now: datetime) -> Principal:
    from waybillguard.access.request import SignIn
    from waybillguard.service.authorization.principal import load_principal

    return load_principal(user, SignIn(method="second_factor", stepped_up=True), now)


def asked(warehouse: SimpleNamespace, world: Made) -> NoticeAnswer:
    return answers.ask(warehouse.owner, read_notice(json.dumps(NOTICE).encode()), read_victims(csv_of(world)))


def test_an_answer_wants_two_different_people(
    warehouse: SimpleNamespace, second: User, log: Made, ledger: list[Any]
) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        answer = asked(warehouse, log)
        with pytest.raises(LeakError):
            answers.fetch(warehouse.owner, answer, now)
        answers.confirm(as_asker(warehouse.owner, now), answer)
        with pytest.raises(LeakError):
            answers.confirm(as_asker(warehouse.owner, now), answer)
        with pytest.raises(LeakError):
            answers.confirm(as_asker(warehouse.clerk, now), answer)
        answers.confirm(as_asker(second, now), answer)
        answer.refresh_from_db()
        assert answer.state == NoticeAnswer.State.AGREED
        with pytest.raises(LeakError):
            answers.fetch(warehouse.owner, answer, now + timedelta(days=8))
        with pytest.raises(LeakError):
            answers.fetch(warehouse.clerk, answer, now)


def test_what_is_handed_over_checks_offline_and_recounts(
    warehouse: SimpleNamespace, second: User, log: Made, ledger: list[Any]
) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        answer = asked(warehouse, log)
        answers.confirm(as_asker(warehouse.owner, now), answer)
        answers.confirm(as_asker(second, now), answer)
        answer.refresh_from_db()
        files = unpacked(answers.fetch(warehouse.owner, answer, now))
    assert check(files) == []
    assert check(files | {"records.csv": b"changed"}) == ["records.csv"]
    rows = files["records.csv"].decode("utf-8-sig").splitlines()
    assert len(rows) > 10
    assert not {"name", "phone", "address"} & set(rows[0].split(","))
    viewers = list(csv.DictReader(io.StringIO(files["viewers.csv"].decode("utf-8-sig"))))
    assert sum(int(one["操作次数"]) for one in viewers) == sum(
        bool(one["order_id"]) for one in csv.DictReader(rows)
    )
    assert "见证人" in files["fixed-evidence-list.csv"].decode() or files["handover.pdf"].startswith(b"%PDF")
    assert files["ledger/policy.txt"] == b"policy\n"
    kinds = [one.detail["what"] for one in ledger if isinstance(one, messages.Record)]
    assert kinds == ["answer_confirmed", "answer_confirmed", "answer_fetched"]


def test_a_refusal_stands_in_the_ledger_and_comes_before_the_files_are_fetched(
    warehouse: SimpleNamespace, second: User, log: Made, ledger: list[Any]
) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        refused, fetched = asked(warehouse, log), asked(warehouse, log)
        answers.refuse(as_asker(second, now), refused)
        with pytest.raises(LeakError, match="refused"):
            answers.refuse(as_asker(second, now), refused)
        answers.confirm(as_asker(warehouse.owner, now), fetched)
        answers.confirm(as_asker(second, now), fetched)
        fetched.refresh_from_db()
        answers.fetch(warehouse.owner, fetched, now)
        with pytest.raises(LeakError, match="fetched"):
            answers.refuse(as_asker(second, now), fetched)
    kinds = [one.detail["what"] for one in ledger if isinstance(one, messages.Record)]
    assert kinds == ["answer_refused", "answer_confirmed", "answer_confirmed", "answer_fetched"]


def test_an_unattended_session_fetches_no_files(
    warehouse: SimpleNamespace,
    second: User,
    log: Made,
    ledger: list[Any],
    signed_in: Callable[[User], Client],
) -> None:
    now = timezone.now()
    with scope(tenant=warehouse.tenant):
        answer = asked(warehouse, log)
        answers.confirm(as_asker(warehouse.owner, now), answer)
        answers.confirm(as_asker(second, now), answer)
    gone = signed_in(warehouse.owner).post(reverse("leak_answer_files", args=[answer.pk]))
    assert gone.status_code == 302
    assert "/account/confirm/" in gone["Location"]
    answer.refresh_from_db()
    assert answer.fetched == 0


def test_no_cell_of_the_victims_is_a_formula() -> None:
    leak = SimpleNamespace(victims=[{"order_id": "+1+cmd", "category": '=HYPERLINK("http://e.example","x")'}])
    (line,) = csv.DictReader(io.StringIO(bundle._victims(leak).decode()))  # type: ignore[arg-type]
    assert (line["order_id"][0], line["category"][0]) == ("'", "'")


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_viewers_are_named_and_orders_numbered() -> None:
    row = dict.fromkeys(HandoverRow.__struct_fields__) | {
        "ts_us": 1_795_000_000_000_000, "account": "u3", "workstation": "desk", "order_id": "ab" * 16,
        "exposed": True, "allowed": True,
    }  # fmt: skip
    twice = [HandoverRow(**row), HandoverRow(**row | {"ts_us": row["ts_us"] + 1_000_000, "exposed": False})]
    (line,) = csv.DictReader(
        io.StringIO(viewers(twice, {"u3": "=小吴", "ab" * 16: "N-1"}).decode("utf-8-sig"))
    )
    assert (line["订单号"], line["人员"], line["操作次数"], line["其中显示明文"]) == (
        "N-1",
        "'=小吴",
        "2",
        "1",
    )
    assert line["最早"] < line["最晚"]
    assert b"'=1+1" in viewers([HandoverRow(**row | {"order_id": "=1+1"})], {})
    assert (line["account"], line["order_id"]) == ("u3", "ab" * 16)


def test_a_notice_waits_in_the_list_of_whoever_has_not_confirmed_it(
    warehouse: SimpleNamespace, second: User, log: Made, ledger: list[Any]
) -> None:
    now = timezone.now()

    def told(user: User) -> bool:
        return bool(list(answers_waiting(user)))

    with scope(tenant=warehouse.tenant):
        answer = asked(warehouse, log)
        assert told(warehouse.owner)
        assert told(second)
        answers.confirm(as_asker(warehouse.owner, now), answer)
        assert not told(warehouse.owner)
        assert told(second)
        answers.confirm(as_asker(second, now), answer)
        assert not told(second)


@pytest.mark.parametrize(
    "listed",
    [
        "13800001111\n",
        "订单号\n13800001111\n",
        "运单号,订单号\n13800001111,13800001111\n",
        "订单号\n张三13800001111\nA1\n",
    ],
)
def test_a_phone_in_the_column_of_orders_is_looked_up_and_not_kept(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any], listed: str
) -> None:
    with scope(tenant=warehouse.tenant):
        services.start(warehouse.owner, listed.encode(), "受害人 13800001111 报案")
        notice = read_notice(json.dumps(NOTICE).encode())
        answers.ask(warehouse.owner, notice, read_victims(listed.encode()))
        kept = str([*Leak.objects.values(), *NoticeAnswer.objects.values()])
    assert "13800001111" not in kept


def test_all_orders_of_a_phone_are_answered_and_its_row_is_said_to_be_left_out_of_the_trace(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    def orders(_user: User, texts: set[str], fields: Any) -> dict[str, list[str]]:
        return {text: ["aa" * 16, "bb" * 16] for text in texts if "phone" in fields}

    monkeypatch.setattr(services, "_orders_of", orders)
    content = b"order_id,phone,contacted_at\n,13800001111,\nA1,,2026-11-01\n"
    with scope(tenant=warehouse.tenant):
        answer = answers.ask(warehouse.owner, read_notice(json.dumps(NOTICE).encode()), read_victims(content))
        leak = services.start(warehouse.owner, content, "名单")
        trace_leak.func(leak.pk)
        leak.refresh_from_db()
    assert answer.orders == ["A1", "aa" * 16, "bb" * 16]
    assert leak.refused == [1]
    assert any("第 1 行" in note for note in leak.answer["checks"]["notes_zh"])


def test_a_notice_names_people_and_what_they_did_is_handed_over(
    warehouse: SimpleNamespace, second: User, log: Made, ledger: list[Any]
) -> None:
    def scoped(account: str) -> NoticeAnswer:
        asked = NOTICE | {"scope": {"accounts": [account]}}
        return answers.ask(
            warehouse.owner, read_notice(json.dumps(asked).encode()), read_victims(csv_of(log))
        )

    with scope(tenant=warehouse.tenant):
        notice = read_notice(json.dumps(NOTICE | {"scope": {"accounts": [str(second)]}}).encode())
        assert answers._scope(warehouse.tenant, notice).accounts == (f"u{second.pk}",)
        with pytest.raises(LeakError) as error:
            scoped("没有这个人")
        assert "没有这个人" not in error.value.zh
        assert scoped(str(second)).state == NoticeAnswer.State.ASKED


def test_the_evidence_states_the_bars_that_the_guards_hold(
    warehouse: SimpleNamespace, log: Made, ledger: list[Any]
) -> None:
    with scope(tenant=warehouse.tenant):
        leak = services.start(warehouse.owner, csv_of(log), "名单")
        trace_leak.func(leak.pk)
        leak.refresh_from_db()
        said = json.loads(bundle.bundle_json(leak))["method"]["guards"]
    assert said[1] == f"permutation within strata p <= {100 * BY_CHANCE:g} %"
    assert _DOUBTS["few"][1] == f"it explains fewer than {FEWEST:g} victims"


def test_nobody_in_the_list_of_the_demo_has_reported_a_call_to_come(
    warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo, "trace_leak", SimpleNamespace(enqueue=lambda _pk: None))
    demo.fill(warehouse.owner)
    with scope(tenant=warehouse.tenant):
        victims = Leak.objects.get(title=demo.TITLE).victims
    assert len(victims) > 50
    assert max(datetime.fromisoformat(one["reported_at"]) for one in victims) <= timezone.now()


def test_a_list_that_is_refused_stays_in_the_form_with_the_reason(
    warehouse: SimpleNamespace, signed_in: Callable[..., Client], ledger: list[Any]
) -> None:
    sent = {"title": "96110 转来的名单", "list": "随便写的一行"}
    page = signed_in(warehouse.owner).post(reverse("leaks"), sent).content.decode()
    form = page.split('id="trace-list"')[1].split("</dialog>")[0]
    assert " data-open-now" in form.split(">")[0]
    assert 'role="alert"' in form
    assert all(typed in form for typed in sent.values())


def test_the_time_axis_says_how_many_calls_its_tallest_bar_stands_for() -> None:
    calls = [{"contacted_at": f"2026-11-{day:02}T03:00:00+00:00"} for day in (3, 4, 4, 4, 9)]
    axis = time_axis(calls, [], ZoneInfo("Asia/Shanghai"))
    assert axis
    assert axis.most == 3
    assert max(bar.height for bar in axis.calls) == next(
        bar.height for bar in axis.calls if bar.label.endswith(": 3")
    )
