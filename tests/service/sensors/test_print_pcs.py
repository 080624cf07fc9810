"""Print PCs: reports, approvals, restricting, releasing, and the stages back to clean."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope

from waybillguard.service.cases.models import CaseEvent
from waybillguard.service.identity.devices.browsers import facts_of
from waybillguard.service.identity.models import AccountChange, Device, DeviceKind, User
from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.sensors import services
from waybillguard.service.sensors.errors import SensorServiceError
from waybillguard.service.sensors.models import PrintPc, ScanReport, ToolApproval
from waybillguard.service.sensors.words import health_of

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STATION = "打印台1"


def finding(severity: str = "high", kind: str = "remote_tool", tool: str = "ToDesk") -> dict[str, Any]:
    return {
        "kind": kind, "tool": tool, "severity": severity, "confidence": 0.9, "time": "2026-11-23T20:41:00Z",
        "account": "PC\\dadan", "source": "", "detail_zh": f"发现远程控制软件“{tool}”。", "detail_en": f"Found {tool}.",
        "facts": [{"fact": "service:file:observed", "time": "", "file": "System.evtx", "record": "7"}],
    }  # fmt: skip


def scan(*findings: dict[str, Any]) -> bytes:
    body = {
        "machine": "PC",
        "system": "windows",
        "findings": findings,
        "sessions": [],
        "installs": [],
        "losses": [],
    }
    return json.dumps(body).encode()


pytestmark = pytest.mark.usefixtures("no_keyd")


@pytest.fixture
def here(warehouse: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> Iterator[SimpleNamespace]:
    """A warehouse with an agent and a browser at one station, and a fake ledger that accepts every entry."""
    from waybillguard.service.identity.accounts import changes

    monkeypatch.setattr(changes.journal, "put", lambda *_: SimpleNamespace(index=1))
    with scope(tenant=warehouse.tenant):
        warehouse.agent = Device.objects.create(
            uid="a" * 32, tenant=warehouse.tenant, station=STATION, kind=DeviceKind.AGENT, signing_key=b"s" * 32,
            sealing_key=b"k" * 32, enrolled_by=warehouse.owner,
        )  # fmt: skip
        warehouse.browser = Device.objects.create(
            uid="b" * 32, tenant=warehouse.tenant, station=STATION, kind=DeviceKind.STATION, sealing_key=b"k" * 32,
            cookie_hash=b"c" * 32, enrolled_by=warehouse.owner,
        )  # fmt: skip
        yield warehouse


def pc_of(here: SimpleNamespace) -> PrintPc:
    return PrintPc.objects.select_related("tenant").get(tenant=here.tenant, station=STATION)


def is_held(here: SimpleNamespace) -> bool:
    device = Device.objects.select_related("tenant", "holder", "site").get(pk=here.browser.pk)
    return facts_of(device)[0].remote_control


def noted(here: SimpleNamespace) -> list[str]:
    return list(
        AccountChange.objects.filter(tenant=here.tenant).order_by("pk").values_list("what", flat=True)
    )


def test_a_grave_finding_takes_plaintext_from_the_station_and_lets_its_agent_print(
    here: SimpleNamespace,
) -> None:
    services.take_report(here.tenant, STATION, scan(finding()), NOW, device=here.agent)
    assert pc_of(here).stage == PrintPc.Stage.RESTRICTED
    assert is_held(here)
    assert Device.objects.get(pk=here.agent.pk).state == Device.State.ACTIVE
    assert noted(here) == ["pc_scanned", "pc_restricted"]


def test_a_doubtful_finding_restricts_nothing(here: SimpleNamespace) -> None:
    report = services.take_report(here.tenant, STATION, scan(finding("medium")), NOW, by=here.owner)
    assert (report.high, report.medium) == (0, 1)
    assert pc_of(here).stage == PrintPc.Stage.IN_USE
    assert health_of(pc_of(here), report, NOW) == "doubtful"


def test_an_approved_tool_is_no_finding_until_its_day_has_passed(here: SimpleNamespace) -> None:
    services.approve(here.owner, "ToDesk", "ERP 售后", NOW.date() + timedelta(days=7), NOW)
    assert services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner).high == 0
    later = NOW + timedelta(days=9)
    assert services.take_report(here.tenant, STATION, scan(finding()), later, by=here.owner).high == 1


def test_nobody_approves_what_hides_or_taps(here: SimpleNamespace) -> None:
    services.approve(here.owner, "ToDesk", "ERP 售后", NOW.date() + timedelta(days=7), NOW)
    report = services.take_report(
        here.tenant, STATION, scan(finding(kind="renamed_tool")), NOW, by=here.owner
    )
    assert report.high == 1


def test_a_withdrawn_approval_makes_the_tool_a_finding_again(here: SimpleNamespace) -> None:
    row = services.approve(here.owner, "ToDesk", "ERP 售后", NOW.date() + timedelta(days=7), NOW)
    report = services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner)
    services.withdraw(here.owner, ToolApproval.objects.select_related("tenant").get(pk=row.pk), NOW)
    assert ScanReport.objects.get(pk=report.pk).high == 1


def test_an_approval_has_an_end_within_a_year(here: SimpleNamespace) -> None:
    for days in (-1, 400):
        with pytest.raises(SensorServiceError):
            services.approve(here.owner, "ToDesk", "ERP 售后", NOW.date() + timedelta(days=days), NOW)


def test_release_gives_back_what_the_restriction_took(here: SimpleNamespace) -> None:
    services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner)
    services.release(here.owner, pc_of(here), NOW)
    assert not is_held(here)
    assert noted(here)[-1] == "pc_released"


def test_the_way_back_goes_step_by_step_and_asks_for_a_clean_scan_after_the_rebuild(
    here: SimpleNamespace,
) -> None:
    services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner)
    with pytest.raises(SensorServiceError):
        services.advance(here.owner, pc_of(here), "watching", NOW)
    services.advance(here.owner, pc_of(here), "cleaning", NOW)
    services.advance(here.owner, pc_of(here), "rebuilt", NOW + timedelta(hours=2))
    with pytest.raises(SensorServiceError):
        services.advance(here.owner, pc_of(here), "watching", NOW + timedelta(hours=3))
    services.take_report(here.tenant, STATION, scan(finding("low")), NOW + timedelta(hours=4), by=here.owner)
    services.advance(here.owner, pc_of(here), "watching", NOW + timedelta(hours=5))
    assert not is_held(here)
    assert pc_of(here).watched_until == (NOW + timedelta(days=30)).date()


def test_a_second_program_in_the_thirty_days_restricts_again(here: SimpleNamespace) -> None:
    PrintPc.objects.create(
        tenant=here.tenant,
        station=STATION,
        stage=PrintPc.Stage.WATCHING,
        watched_until=NOW.date() + timedelta(days=9),
    )
    services.take_report(here.tenant, STATION, scan(finding(tool="RustDesk")), NOW, device=here.agent)
    assert pc_of(here).stage == PrintPc.Stage.RESTRICTED


def test_the_watch_ends_by_itself(here: SimpleNamespace) -> None:
    PrintPc.objects.create(
        tenant=here.tenant,
        station=STATION,
        stage=PrintPc.Stage.WATCHING,
        watched_until=NOW.date() - timedelta(days=1),
    )
    assert services.end_watches(here.tenant, NOW) == 1


def test_a_browser_enrolled_at_a_restricted_station_is_held_with_the_next_round(
    here: SimpleNamespace,
) -> None:
    from waybillguard.service.sensors.receivers import every_hour

    services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner)
    Device.objects.filter(pk=here.browser.pk).update(remote_control=False)
    every_hour(here.tenant, NOW)
    assert is_held(here)


@pytest.mark.parametrize("data", [b"", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b"x" * (5 << 20)])
def test_a_file_that_no_scan_wrote_is_refused(here: SimpleNamespace, data: bytes) -> None:
    with pytest.raises(SensorServiceError):
        services.take_report(here.tenant, STATION, data, NOW, by=here.owner)
    assert not PrintPc.objects.filter(tenant=here.tenant).exists()


@pytest.mark.parametrize("time", ["2026-11-23T20:41:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00Z"])
def test_a_report_with_times_that_no_scan_tells_is_refused(here: SimpleNamespace, time: str) -> None:
    with pytest.raises(SensorServiceError):
        services.take_report(here.tenant, STATION, scan({**finding(), "time": time}), NOW, device=here.agent)


def test_a_null_in_a_name_does_not_keep_a_report_from_arriving(here: SimpleNamespace) -> None:
    named = {**finding(), "detail_zh": "服务“a\0b”会自动运行。"}
    services.take_report(here.tenant, STATION, scan(named), NOW, device=here.agent)
    lines = CaseEvent.objects.filter(tenant=here.tenant).values_list("text_zh", flat=True)
    assert "服务“a\ufffdb”会自动运行。" in list(lines)


def test_later_scans_do_not_push_out_the_report_that_a_case_holds_as_evidence(
    here: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "KEPT_REPORTS", 3)
    grave = services.take_report(here.tenant, STATION, scan(finding()), NOW, device=here.agent)
    for hour in range(6):
        services.take_report(here.tenant, STATION, scan(), NOW + timedelta(hours=hour), device=here.agent)
    kept = ScanReport.objects.filter(tenant=here.tenant).order_by("pk")
    assert kept[0].pk == grave.pk
    assert len(kept) == 4


def test_a_scan_that_powershell_wrote_to_a_file_is_taken(here: SimpleNamespace) -> None:
    data = scan(finding()).decode().encode("utf-16")
    assert services.take_report(here.tenant, STATION, data, NOW, by=here.owner).high == 1


def test_the_page_says_what_to_do_first_and_what_to_leave_alone(
    here: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    services.take_report(
        here.tenant,
        STATION,
        scan(finding(), finding("medium", "print_monitor", "Helper Port")),
        NOW,
        by=here.owner,
    )
    browser = signed_in(here.owner)
    listed = browser.get(reverse("print_pcs"))
    assert STATION in listed.content.decode()
    page = browser.get(reverse("print_pc", args=[pc_of(here).pk])).content.decode()
    assert "Do first" in page
    assert "Leave alone" in page
    assert "Helper Port" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh-hans", "服务：文件名与该工具相符（依据实际样本）"),
        ("en", "Service: the file name is the tool&#x27;s (seen in practice)"),
    ],
)
def test_the_page_tells_facts_in_words_and_their_time_in_its_zone(
    here: SimpleNamespace, signed_in: Callable[[User], Client], language: str, words: str
) -> None:
    told = finding()
    told["facts"] += [{"fact": "newer", "time": time} for time in ("2026-11-23T20:41:00+00:00", "no time")]
    services.take_report(here.tenant, STATION, scan(told), NOW, by=here.owner)
    page = signed_in(here.owner).get(
        reverse("print_pc", args=[pc_of(here).pk]), headers={"accept-language": language}
    )
    assert f'<span title="service:file:observed">{words}</span>' in page.content.decode()
    assert '<small class="wg-muted wg-num">2026-11-24 04:41 · ' in page.content.decode()


def test_a_scan_is_entered_on_the_page(here: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    text = scan(finding("medium")).decode()
    answer = signed_in(here.owner).post(reverse("print_pc_report"), {"station": STATION, "pasted": text})
    assert answer["Location"] == reverse("print_pc", args=[pc_of(here).pk])


def test_a_scans_file_is_uploaded_for_a_pc_without_an_agent_and_does_not_stay_in_the_spool(
    here: SimpleNamespace, signed_in: Callable[[User], Client], sealing: ModuleType, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    written: list[messages.Request] = []
    monkeypatch.setattr(KeydClient, "call", sealing.caller(sealing.operations(tmp_path / "ledger"), written))
    upload = SimpleUploadedFile("scan.json", b"\xef\xbb\xbf" + scan(finding("medium")))
    answer = signed_in(here.owner).post(reverse("print_pc_report"), {"station": "无代理电脑", "file": upload})
    assert answer.status_code == 302
    assert PrintPc.objects.get(tenant=here.tenant, station="无代理电脑").reports.count() == 1
    assert [one.what for one in written if isinstance(one, messages.OpenDataKey)] == ["pc_scan"]
    assert list(settings.CONFIG.spool_dir.iterdir()) == []


def test_an_upload_that_is_no_scan_and_nothing_at_all_are_refused(
    here: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    client = signed_in(here.owner)
    assert client.post(reverse("print_pc_report"), {"station": "x"}).status_code == 422
    client.post(reverse("print_pc_report"), {"station": "x", "pasted": "no scan"})
    assert not PrintPc.objects.filter(tenant=here.tenant, station="x").exists()


def test_another_warehouse_sees_nothing(
    here: SimpleNamespace, elsewhere: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    services.take_report(here.tenant, STATION, scan(finding()), NOW, by=here.owner)
    browser = signed_in(elsewhere.owner)
    assert browser.get(reverse("print_pc", args=[pc_of(here).pk])).status_code == 404
    assert STATION not in browser.get(reverse("print_pcs")).content.decode()


def test_a_grave_finding_opens_the_stations_case_once_with_the_report_as_evidence(
    here: SimpleNamespace,
) -> None:
    from waybillguard.service.cases.models import Case

    for hours in (0, 4):
        services.take_report(
            here.tenant, STATION, scan(finding()), NOW + timedelta(hours=hours), device=here.agent
        )
    (case,) = Case.objects.filter(tenant=here.tenant)
    assert case.kind == Case.Kind.STATION
    assert case.evidence.count() == 1


def test_the_agent_reports_a_scan_with_its_signature(warehouse: SimpleNamespace) -> None:
    from support.devices import enrolled

    from waybillguard.agent.protocol import encode
    from waybillguard.agent.protocol_sensor import SCAN, ScanSent

    with scope(tenant=warehouse.tenant):
        device, keys = enrolled(warehouse.owner, station=STATION)
    body = encode(ScanSent(scan=scan(finding("medium")).decode()))
    headers = keys.headers(SCAN, body)
    answer = Client().post(SCAN, body, content_type="application/json", headers=headers)
    assert answer.status_code == 200
    with scope(tenant=warehouse.tenant):
        assert ScanReport.objects.get(tenant=warehouse.tenant).device_id == device.pk
    forged = Client().post(SCAN, body + b" ", content_type="application/json", headers=headers)
    assert forged.status_code == 401


def test_the_demo_has_one_pc_with_a_tap_and_one_that_is_clean(here: SimpleNamespace) -> None:
    from waybillguard.service.sensors.demo import CLEAN, PLANTED, fill

    fill(here.owner)
    stages = dict(PrintPc.objects.filter(tenant=here.tenant).values_list("station", "stage"))
    assert stages == {CLEAN: PrintPc.Stage.IN_USE, PLANTED: PrintPc.Stage.RESTRICTED}
    assert ScanReport.objects.get(tenant=here.tenant, pc__station=CLEAN).high == 0


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("zh-hans", "evil.zip · 在压缩包中超过 64 MiB；请解压后给出文件夹"),
        ("en", "evil.zip · larger than 64 MiB in a zip"),
    ],
)
def test_what_could_not_be_read_is_told_in_the_language_of_the_page(
    here: SimpleNamespace, signed_in: Callable[[User], Client], language: str, told: str
) -> None:
    body = json.loads(scan())
    body["losses"] = [
        {
            "file": "evil.zip",
            "reason": "larger than 64 MiB in a zip; unpack it and give the folder",
            "records_read": 0,
        }
    ]
    services.take_report(here.tenant, STATION, json.dumps(body).encode(), NOW, by=here.owner)
    page = signed_in(here.owner).get(
        reverse("print_pc", args=[pc_of(here).pk]), headers={"accept-language": language}
    )
    assert told in page.content.decode()
