"""An inspection runs as a task; its verdicts are in the ledger, can be recomputed, and are shown on pages."""

import io
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from PIL import Image

from waybillguard.inspect import Inspection as Result
from waybillguard.inspect import catalogue, recompute
from waybillguard.service.identity.models import User
from waybillguard.service.inspections import documents, judging, samples, services
from waybillguard.service.inspections.models import (
    Document,
    Inspection,
    LabelSample,
    RegisterEntry,
    SamplePhoto,
)
from waybillguard.service.inspections.registers import open_entry, take_step
from waybillguard.service.inspections.tasks import check_sample, run_inspection
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.config import Config
from waybillguard.service.tenancy.spool import spool_path

type Browser = Callable[[User], Client]


@pytest.fixture
def done(green: SimpleNamespace) -> Inspection:
    with scope(tenant=green.tenant):
        row = Inspection.objects.create(tenant=green.tenant, started_by=green.owner)
        run_inspection.call(row.pk)
        row.refresh_from_db()
    return row


def test_each_verdict_is_an_entry_of_the_ledger_with_the_hash_of_its_evidence(
    done: Inspection, journal: list[tuple[str, Any, dict[str, Any]]]
) -> None:
    entries = [detail for _, _, detail in journal if detail.get("change") == "inspection_verdict"]
    assert len(entries) == len(catalogue().controls) == done.done
    stated = {one.control: one.evidence_sha256 for one in services.result_of(done).verdicts}
    assert {one["control"]: one["evidence"] for one in entries} == stated


def test_a_third_party_recomputes_the_result_from_the_file(done: Inspection, signed_in: Browser) -> None:
    client = signed_in(done.started_by)
    answer = client.get(reverse("inspection_paper", args=[done.pk, "result", "json"]))
    assert recompute(catalogue(), msgspec.json.decode(answer.content, type=Result)) == ()


def test_running_twice_gives_one_result(done: Inspection, journal: list[Any]) -> None:
    before = len(journal)
    run_inspection.call(done.pk)
    assert len(journal) == before


def test_two_inspectors_at_once_get_the_same_inspection(green: SimpleNamespace) -> None:
    with scope(tenant=green.tenant):
        assert services.start(green.owner) == services.start(green.owner)


def test_the_page_names_every_control_and_its_owner(done: Inspection, signed_in: Browser) -> None:
    page = signed_in(done.started_by).get(reverse("inspection", args=[done.pk])).content.decode()
    assert all(control.id in page for control in catalogue().controls)


@pytest.mark.parametrize(
    ("form", "ending"),
    [("report", "pdf"), ("sheet", "docx"), ("audit", "pdf"), ("merchants", "pdf"), ("oscal", "json")],
)
def test_papers_are_handed_out(done: Inspection, signed_in: Browser, form: str, ending: str) -> None:
    answer = signed_in(done.started_by).get(reverse("inspection_paper", args=[done.pk, form, ending]))
    assert answer.status_code == 200
    assert len(answer.content) > 1000


def test_the_owner_reads_no_only_while_every_record_is_whole(done: Inspection, signed_in: Browser) -> None:
    page = signed_in(done.started_by).get(reverse("inspections")).content.decode()
    assert "show nothing that left" in page
    with scope(tenant=done.tenant):
        open_entry(done.started_by, "incident", "外泄", done.started_at, theft=True)
    assert "Yes, from" in signed_in(done.started_by).get(reverse("inspections")).content.decode()


def test_an_inspection_of_last_week_and_a_room_without_print_pcs_are_no_record_that_is_whole(
    done: Inspection,
) -> None:
    with scope(tenant=done.tenant):
        result, now = services.result_of(done), timezone.now()
        assert services.owner_answer(done.tenant, result, now).answer == "no"
        later = services.owner_answer(done.tenant, result, now + timedelta(days=7))
        assert (later.answer, later.lacking[0][1]) == (
            "unknown", "the inspection is 7 days old: run it again"
        )  # fmt: skip
        bare = msgspec.structs.replace(
            result, evidence=tuple(one for one in result.evidence if "stations" not in one.facts)
        )
        assert "no print PC" in services.owner_answer(done.tenant, bare, now).lacking[-1][1]


@pytest.mark.parametrize(("closed_days_ago", "answer"), [(None, "yes"), (20, "yes"), (40, "no")])
def test_a_theft_that_began_long_ago_is_told_as_long_as_it_went_on_in_these_days(
    done: Inspection, closed_days_ago: int | None, answer: str
) -> None:
    now = timezone.now()
    closed = None if closed_days_ago is None else now - timedelta(days=closed_days_ago)
    with scope(tenant=done.tenant):
        RegisterEntry.objects.create(
            tenant=done.tenant, kind="incident", title="外泄", theft=True, opened_at=now - timedelta(days=60),
            closed_at=closed, added_by=done.started_by,
        )  # fmt: skip
        assert services.owner_answer(done.tenant, services.result_of(done), now).answer == answer


def test_the_paper_for_merchants_tells_the_hours_that_the_page_tells(done: Inspection) -> None:
    opened = timezone.now().replace(hour=20, minute=15) - timedelta(days=3)
    with scope(tenant=done.tenant):
        RegisterEntry.objects.create(
            tenant=done.tenant, kind="incident", title="外泄", theft=True, opened_at=opened, added_by=done.started_by
        )  # fmt: skip
        answer = services.owner_answer(done.tenant, services.result_of(done), timezone.now())
    assert f"{timezone.localtime(opened):%Y-%m-%d} 04:15 至" in answer.text_zh


def test_a_new_installation_begins_with_the_health_check(
    warehouse: SimpleNamespace, signed_in: Browser
) -> None:
    client = signed_in(warehouse.owner)
    assert reverse("health_check") in client.get(reverse("inspections")).content.decode()
    page = client.get(reverse("health_check")).content.decode()
    assert page.count("Not done") >= 3


def test_the_steps_of_an_incident_are_ticked_once_each(green: SimpleNamespace) -> None:
    from waybillguard.errors import WaybillGuardError

    with scope(tenant=green.tenant):
        row = open_entry(green.owner, "incident", "测试", green.owner.date_joined)
        take_step(green.owner, row, "police", receipt="1")
        row.refresh_from_db()
        assert row.steps["police"]["receipt"] == "1"
        with pytest.raises(WaybillGuardError):
            take_step(green.owner, row, "police")
        with pytest.raises(WaybillGuardError):
            take_step(green.owner, row, "answered")


def test_not_to_tell_the_persons_needs_the_signed_reason(green: SimpleNamespace) -> None:
    from waybillguard.errors import WaybillGuardError

    with scope(tenant=green.tenant):
        row = open_entry(green.owner, "incident", "测试", green.owner.date_joined)
        with pytest.raises(WaybillGuardError, match="signed reason"):
            take_step(green.owner, row, "persons", exempt=True, receipt=" ")
        take_step(green.owner, row, "persons", exempt=True, receipt="措施有效避免危害，负责人已签字")


def test_a_request_is_not_closed_without_an_answer(green: SimpleNamespace) -> None:
    from waybillguard.errors import WaybillGuardError

    with scope(tenant=green.tenant):
        row = open_entry(green.owner, "request", "查阅", green.owner.date_joined)
        with pytest.raises(WaybillGuardError, match="answered"):
            take_step(green.owner, row, "closed")
        take_step(green.owner, row, "answered")


def test_an_expired_file_uploaded_again_without_its_end_proves_nothing(
    green: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    today = timezone.localdate(now)
    month, day = today - timedelta(days=30), today - timedelta(days=1)
    with scope(tenant=green.tenant):
        Document.objects.filter(tenant=green.tenant, kind__in=("officer", "audit")).delete()
        for kind in ("officer", "audit"):
            monkeypatch.setattr(documents, "keep_evidence", lambda *_, name=kind: name.ljust(64, "0"))
            documents.add_document(green.owner, kind, b"", effective_on=month, expires_on=day)
            again = documents.add_document(green.owner, kind, b"", effective_on=month)
            assert again.again
        assert not documents.valid_documents(green.tenant, "officer", now)
        statuses = {one.control: one.status.value for one in services.judge_now(green.tenant, now).verdicts}
    assert (statuses["GOV-03"], statuses["GOV-06"]) == ("not_satisfied", "no_evidence")


def test_an_incident_page_shows_the_four_hours_while_the_number_is_unknown(
    green: SimpleNamespace, signed_in: Browser
) -> None:
    with scope(tenant=green.tenant):
        row = RegisterEntry.objects.create(
            tenant=green.tenant,
            kind="incident",
            title="测试",
            opened_at=green.owner.date_joined,
            added_by=green.owner,
        )
    page = signed_in(green.owner).get(reverse("register_entry", args=[row.pk])).content.decode()
    assert "the number of persons is not known" in page


def test_a_sample_without_the_reader_says_so(
    warehouse: SimpleNamespace, signed_in: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    from waybillguard.label.check.photo import OcrMissingError

    def missing() -> None:
        raise OcrMissingError(zh="未安装 OCR", en="the OCR extra is not installed")

    monkeypatch.setattr(judging, "ocr_reader", missing)
    with scope(tenant=warehouse.tenant):
        row = LabelSample.objects.create(
            tenant=warehouse.tenant, created_by=warehouse.owner, place="间", first="甲", second="乙"
        )
        check_sample.call(row.pk)
    page = signed_in(warehouse.owner).get(reverse("label_sample", args=[row.pk])).content.decode()
    assert "the OCR extra is not installed" in page
    assert "not complete" in page


def test_photos_are_judged_by_the_worker_and_not_kept(
    warehouse: SimpleNamespace, signed_in: Browser, sealing: ModuleType, tmp_path: Path, settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    settings.CONFIG = Config(tmp_path / "data")
    monkeypatch.setattr(KeydClient, "call", sealing.caller(sealing.operations(tmp_path / "ledger"), []))
    monkeypatch.setattr(judging, "ocr_reader", lambda: lambda _picture: [])
    picture = io.BytesIO()
    Image.new("RGB", (60, 60), "white").save(picture, "PNG")
    files = [SimpleUploadedFile(f"{n}.png", picture.getvalue() + bytes([n])) for n in range(2)]
    files.append(SimpleUploadedFile("cat.png", b"no picture at all"))
    answer = signed_in(warehouse.owner).post(
        reverse("inspection_photos"), {"place": "间", "first": "甲", "second": "乙", "photos": files}
    )
    assert answer.status_code == 302
    with scope(tenant=warehouse.tenant):
        row = LabelSample.objects.get(tenant=warehouse.tenant)
        photos = SamplePhoto.objects.filter(tenant=warehouse.tenant).order_by("position")
        names = [spool_path(photo.spool_name) for photo in photos]
        assert all(name.exists() for name in names)
        check_sample.call(row.pk)
        row.refresh_from_db()
        assert not any(name.exists() for name in names)
        assert [photo.spool_name for photo in photos.all()] == ["", "", ""]
        assert samples.sample_of(row).counts()["no_label"] == 3
    assert (row.state, row.done, row.problem_en) == ("done", 3, "")
