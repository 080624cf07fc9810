"""Self-audit (合规自查) and impact assessment (影响评估), for small and large handlers.

The official forms were not available: every form is marked 原文未核, and its questions are the project's own.
"""

from collections.abc import Mapping
from functools import cache
from typing import Literal

import msgspec

from waybillguard.documents import Block, Document, Facts, Heading, Paragraph, Signatures, Table
from waybillguard.inspect.catalogue import catalogue, read_yaml
from waybillguard.inspect.model import Inspection, Status
from waybillguard.inspect.sheet import ORDER, STATUS_ZH

type Tier = Literal["small", "large"]


class Question(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A question of the self-audit, answered by controls."""

    number: int
    zh: str
    en: str
    basis: str
    controls: tuple[str, ...]


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A situation or a question of the assessment, with the article it is based on."""

    id: str
    zh: str
    en: str
    basis: str


class Assessment(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Impact assessment: three questions for each of five situations; large handlers answer three more."""

    situations: tuple[Part, ...]
    questions: tuple[Part, ...]
    large_questions: tuple[Part, ...]


class Forms(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """All forms as data."""

    status: str
    small_below: int
    source_zh: str
    source_en: str
    audit_small: tuple[Question, ...]
    assessment: Assessment


@cache
def forms() -> Forms:
    """Return the forms of this version."""
    return read_yaml("forms.yaml", Forms)


def tier(persons: int) -> Tier:
    """Return the tier of a handler by its number of distinct persons: below 100,000 is small (Order 25, as reported)."""
    return "small" if persons < forms().small_below else "large"


def questions(which: Tier) -> tuple[Question, ...]:
    """Return the questions of the self-audit: 19 for a small handler, one per control for a large one."""
    if which == "small":
        return forms().audit_small
    found = catalogue()
    return tuple(
        Question(
            number=number,
            zh=control.title_zh,
            en=control.title_en,
            basis=f"{found.law(control.sources[0].law, control.sources[0].version).title_zh} {control.sources[0].article}",
            controls=(control.id,),
        )
        for number, control in enumerate(found.controls, start=1)
    )


def audit_document(inspection: Inspection, persons: int) -> Document:
    """Return the self-audit filled from an inspection."""
    which = tier(persons)
    by_id = {verdict.control: verdict for verdict in inspection.verdicts}
    rows = []
    for question in questions(which):
        verdicts = [by_id[name] for name in question.controls if name in by_id]
        status = min((one.status for one in verdicts), key=ORDER.index, default=Status.NO_EVIDENCE)
        worst = [one for one in verdicts if one.status is status]
        proof = "、".join(one.evidence_sha256[:12] for one in worst if one.evidence_sha256)
        rows.append((str(question.number), question.zh, question.basis, STATUS_ZH[status], proof))
    return Document(
        title="个人信息保护合规自查表（自拟，原文未核）",
        subtitle=inspection.organisation.name,
        blocks=(
            Paragraph(forms().source_zh, "warning"),
            Facts(
                (
                    ("处理人数", f"{persons:,}（{'不满' if which == 'small' else '达到'}10万人）"),
                    ("检查时间", f"{inspection.clock.now:%Y-%m-%d %H:%M} UTC"),
                )
            ),
            Table(("序", "问题", "依据", "结论", "证据哈希"), tuple(rows), (1, 7, 5, 2, 4)),
            Signatures(("自查人", "负责人")),
        ),
        foot="原文未核：非官方表格。",
    )


def assessment_document(
    subject: str, flow: str, persons: int, answers: Mapping[tuple[str, str], str]
) -> Document:
    """Return the impact assessment of one data flow.

    ``answers``: (situation, question) → text. A situation without answers is printed as not applicable; a missing
    answer in an applicable situation is marked.
    """
    form, which = forms().assessment, tier(persons)
    asked = form.questions + (form.large_questions if which == "large" else ())
    blocks: list[Block] = [
        Paragraph(forms().source_zh, "warning"),
        Facts((("数据流", flow), ("处理人数", f"{persons:,}"))),
    ]
    for situation in form.situations:
        blocks.append(Heading(f"{situation.zh}（{situation.basis}）", 2))
        if not any((situation.id, question.id) in answers for question in asked):
            blocks.append(Paragraph("不涉及。"))
            continue
        rows = tuple((one.zh, one.basis, answers.get((situation.id, one.id), "未填写")) for one in asked)
        blocks.append(Table(("问题", "依据", "回答"), rows, (5, 4, 8)))
    blocks.append(Signatures(("评估人", "负责人")))
    return Document(
        title="个人信息保护影响评估（自拟，原文未核）",
        subtitle=subject,
        blocks=tuple(blocks),
        foot="评估报告和处理情况记录至少保存三年（个人信息保护法第五十六条）。原文未核：非官方表格。",
    )
