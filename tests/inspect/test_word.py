"""Each kind of inspection document opens in Word and contains all its texts."""

import io
import subprocess
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import docx
import pytest
from support.inspecting import CLOCK, all_green

from waybillguard.documents import Document, Facts, Heading, Paragraph, Table, to_pdf, to_word
from waybillguard.inspect import Clock, Organisation, catalogue, inspect
from waybillguard.inspect.cases import (
    Attachment,
    Case,
    Event,
    Reference,
    Step,
    Task,
    advance,
    duty_table,
    evidence_pack,
    rectification_report,
    return_visit_record,
)
from waybillguard.inspect.forms import assessment_document, audit_document
from waybillguard.inspect.health_check import HealthCheck, health_document
from waybillguard.inspect.incident import Incident, incident_document
from waybillguard.inspect.label_sample import LabelSample, read_lines, sample_document
from waybillguard.inspect.owner import Watched, merchant_document
from waybillguard.inspect.poster import poster
from waybillguard.inspect.report import report_document
from waybillguard.inspect.sheet import sheet_document

AT, DAY = datetime(2026, 11, 28, 9, tzinfo=UTC), date(2026, 11, 28)
RUN = inspect(catalogue(), Organisation("测试仓库"), all_green(), CLOCK)
LATER = inspect(
    catalogue(),
    Organisation("测试仓库"),
    all_green(),
    Clock(CLOCK.now + timedelta(minutes=1), CLOCK.witnessed),
)
CASE = advance(
    Case(title="某市云仓个人信息保护案", agency="post"),
    Event(on=DAY, kind="open", actor="procuratorate", document=Reference("某市检察院", "检〔2026〕1号", DAY)),
)
TASK = Task(
    warehouse="甲仓", item="1", authority="post", owner="warehouse", due=DAY,
    steps=(Step(AT, "self_certified", "甲仓"),),
)  # fmt: skip
PHOTO = b'{"photo":"a.png","verdict":"pass","fields":[],"layout":"76x130","codes":[]}'
SAMPLE = LabelSample(
    subject="测试仓库",
    place="打单区",
    taken_at=AT,
    inspectors=("甲", "乙"),
    photos=read_lines([PHOTO], ["0" * 64]),
)
KINDS: dict[str, Document] = {
    "report": report_document(RUN),
    "blank sheet": sheet_document("测试仓库"),
    "sheet": sheet_document("测试仓库", [RUN, LATER]),
    "audit, small": audit_document(RUN, 5_000),
    "audit, large": audit_document(RUN, 5_000_000),
    "assessment": assessment_document("测试仓库", "代发货", 5_000, {}),
    "merchants": merchant_document(
        "测试仓库", Watched(since=DAY, until=DAY, ledger_verified=True), RUN, [("A 平台密文", 0.7)]
    ),
    "health check": health_document(HealthCheck("测试仓库", AT, {"labels_checked": 20})),
    "label sample": sample_document(SAMPLE),
    "incident": incident_document("测试仓库", Incident(detected_at=AT)),
    "poster": poster("测试仓库", "测试人丁", "0579-00000000", DAY),
    "rectification": rectification_report(CASE, [TASK], DAY),
    "duties": duty_table(CASE, [TASK], DAY),
    "evidence pack": evidence_pack(
        CASE, [Attachment(kind="photos", name="照片", sha256="ab" * 32, size=1)], DAY
    ),
    "return visit": return_visit_record(CASE, [TASK], DAY),
}


def given(document: Document) -> set[str]:
    """Return all texts of a document description."""
    texts = {document.title}
    for block in document.blocks:
        if isinstance(block, Heading | Paragraph):
            texts.add(block.text)
        elif isinstance(block, Facts):
            texts |= {part for pair in block.pairs for part in pair}
        elif isinstance(block, Table):
            texts |= {cell for row in block.rows for cell in row}
    return {text.strip() for text in texts if text.strip()}


@pytest.mark.parametrize("kind", KINDS)
def test_a_document_opens_in_word_with_every_text(kind: str) -> None:
    word = docx.Document(io.BytesIO(to_word(KINDS[kind])))
    paragraphs = [one.text for one in word.paragraphs]
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    said = "\n".join([*paragraphs, *cells])
    assert [text for text in given(KINDS[kind]) if text not in said] == []


@pytest.mark.parametrize("kind", ["blank sheet", "sheet"])
def test_the_twelve_items_fit_one_page(kind: str, tmp_path: Path) -> None:
    (tmp_path / "sheet.pdf").write_bytes(to_pdf(KINDS[kind]))
    done = subprocess.run(
        ["pdftotext", "-layout", tmp_path / "sheet.pdf", "-"], check=True, capture_output=True
    )
    assert done.stdout.decode().count("\f") == 1
    # With equal columns Word needs two pages. No tool in the tests can count Word's pages.
    table = docx.Document(io.BytesIO(to_word(KINDS[kind]))).tables[1]
    widths = [cell.width for cell in table.rows[1].cells]
    shares = next(block.widths for block in KINDS[kind].blocks if isinstance(block, Table))
    assert widths == [pytest.approx(sum(widths) * share / sum(shares), rel=0.01) for share in shares]
