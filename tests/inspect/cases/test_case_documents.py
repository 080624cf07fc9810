"""The documents of a case contain exactly the recorded facts."""

from datetime import UTC, date, datetime

from waybillguard.documents import to_html, to_pdf, to_word
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
    hand_over,
    rectification_report,
    return_visit_record,
    town_table,
)

DAY = date(2026, 6, 1)
AT = datetime(2026, 6, 1, 9, tzinfo=UTC)
REFERENCE = Reference("某市检察院", "检〔2026〕1号", DAY)
CASE = advance(
    Case(title="某市云仓个人信息保护案", agency="post"),
    Event(on=DAY, kind="open", actor="procuratorate", document=REFERENCE),
)
SELF = Task(
    warehouse="甲仓",
    item="1",
    authority="post",
    owner="warehouse",
    due=DAY,
    steps=(Step(AT, "self_certified", "甲仓"),),
)
CLOSED = Task(
    warehouse="乙仓", item="4", authority="police", owner="warehouse", due=DAY,
    steps=(Step(AT, "self_certified", "乙仓"), Step(AT, "retest_passed", "police", "cd" * 32)),
)  # fmt: skip


def test_a_self_report_is_not_counted_as_done() -> None:
    page = to_html(rectification_report(CASE, [SELF, CLOSED], date(2026, 7, 1)))
    assert "共 2 项，复测通过 1 项" in page
    assert "自报完成，待复测（逾期）" in page


def test_the_authorities_document_is_quoted_by_number_and_date() -> None:
    page = to_html(duty_table(CASE, [SELF], DAY))
    assert "检〔2026〕1号（2026-06-01）" in page
    assert "条号未核" in page


def test_a_broken_chain_of_custody_is_said() -> None:
    import msgspec

    file = hand_over(Attachment(kind="photos", name="照片", sha256="ab" * 32, size=1), "甲", "乙", AT)
    broken = msgspec.structs.replace(file, sha256="00" * 32)
    page = to_html(evidence_pack(CASE, [file, broken], DAY))
    assert page.count("<td>完整</td>") == page.count("<td>不完整</td>") == 1
    assert "2026-06-01 17:00" in page, "hand-overs by the hour in China"


def test_a_hand_over_of_the_night_stands_on_the_day_of_the_clock_on_the_wall() -> None:
    night = datetime(2026, 6, 1, 17, 30, tzinfo=UTC)
    file = hand_over(Attachment(kind="photos", name="照片", sha256="ab" * 32, size=1), "甲", "乙", night)
    assert "2026-06-02 01:30" in to_html(evidence_pack(CASE, [file], DAY))
    task = Task(
        warehouse="乙仓", item="4", authority="police", owner="warehouse", due=DAY,
        steps=(Step(night, "retest_passed", "police", "cd" * 32),),
    )  # fmt: skip
    assert "2026-06-02" in to_html(return_visit_record(CASE, [task], DAY))


def test_every_document_becomes_pdf_and_word() -> None:
    documents = (
        rectification_report(CASE, [SELF, CLOSED], DAY),
        duty_table(CASE, [SELF], DAY),
        evidence_pack(CASE, [], DAY),
        return_visit_record(CASE, [CLOSED], DAY),
        town_table("某市", [], [], DAY),
    )
    for document in documents:
        assert to_pdf(document).startswith(b"%PDF")
        assert to_word(document).startswith(b"PK")
