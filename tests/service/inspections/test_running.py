"""An inspection runs as a task, each verdict is in the ledger, and anyone recomputes it; pages show it."""

import io
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django_scopes import scope
from PIL import Image

from waybillguard.inspect import Inspection as Result
from waybillguard.inspect import catalogue, recompute
from waybillguard.service.identity.models import User
from waybillguard.service.inspections import judging, samples, services
from waybillguard.service.inspections.models import Inspection, LabelSample, RegisterEntry, SamplePhoto
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
