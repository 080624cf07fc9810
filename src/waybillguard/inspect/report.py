"""The inspection report (检查报告): verdicts with evidence, responsible person and fix, for PDF and Word."""

from collections.abc import Iterable

from waybillguard.documents import Block, Document, Facts, Heading, Paragraph, Signatures, Table
from waybillguard.inspect.catalogue import Catalogue, catalogue
from waybillguard.inspect.model import Control, Inspection, Status, Verdict
from waybillguard.inspect.sheet import ORDER, STATUS_ZH

_SEVERITY_ZH = {"critical": "严重", "high": "高", "medium": "中", "low": "低"}
_CLAIM_ZH = {"self_reported": "单位自报", "witnessed": "有见证", "retested": "已复测", "": "—"}


def report_document(inspection: Inspection) -> Document:
    """Return the whole report; findings first, then the four common gaps, then every control."""
    found = catalogue()
    pairs = [(found.by_id()[one.control], one) for one in inspection.verdicts if one.control in found.by_id()]
    pairs.sort(key=lambda pair: (ORDER.index(pair[1].status), list(_SEVERITY_ZH).index(pair[0].severity)))
    counts = {status: sum(one.status is status for one in inspection.verdicts) for status in Status}
    clock = inspection.clock
    witnessed = f"{clock.witnessed:%Y-%m-%d %H:%M} UTC" if clock.witnessed else "无见证"
    blocks: list[Block] = [
        Facts(
            (
                ("被检查单位", inspection.organisation.name),
                ("检查时间", f"{clock.now:%Y-%m-%d %H:%M} UTC"),
                ("最近见证时间", witnessed),
                ("检查项版本", inspection.catalogue_sha256[:16]),
                ("结果", "，".join(f"{STATUS_ZH[status]} {counts[status]}" for status in ORDER)),
            )
        ),
        Heading("一、需要整改"),
    ]
    open_ones = [pair for pair in pairs if pair[1].status in ORDER[:2]]
    blocks.append(_todo(found, open_ones) if open_ones else Paragraph("没有需要整改的项目。"))
    blocks += [Heading("二、共性问题"), _gaps(found, pairs), Heading("三、全部检查项"), _every(found, pairs)]
    blocks.append(
        Paragraph(
            "“无证据”不等于符合。证据由单位自报的，复测以前只是声明；每项结论可用所附证据和本版检查项重新计算。",
            "note",
        )
    )
    blocks.append(Signatures(("检查人一", "检查人二", "被检查单位")))
    return Document(
        title="订单信息安全检查报告",
        subtitle=inspection.organisation.name,
        blocks=tuple(blocks),
        foot="GB/T 为推荐性标准；本报告不作违法认定。",
        landscape=True,
    )


def _todo(found: Catalogue, pairs: Iterable[tuple[Control, Verdict]]) -> Table:
    bodies = found.bodies
    rows = tuple(
        (
            control.id,
            control.title_zh,
            _SEVERITY_ZH[control.severity],
            STATUS_ZH[verdict.status],
            verdict.reason_zh,
            control.fix_zh,
            f"{bodies.owners[control.owner].zh}／{bodies.authorities[control.authority].zh}",
        )
        for control, verdict in pairs
    )
    return Table(
        ("编号", "项目", "程度", "结论", "原因", "怎么改", "责任／主管"), rows, (2, 4, 1, 2, 6, 6, 3)
    )


def _gaps(found: Catalogue, pairs: Iterable[tuple[Control, Verdict]]) -> Table:
    pairs = tuple(pairs)
    rows = []
    for gap, name in found.bodies.common_gaps.items():
        ones = [verdict.status for control, verdict in pairs if control.common_gap == gap]
        counts = tuple(str(ones.count(status)) for status in ORDER[:2])
        rows.append((name.zh, *counts, str(len(ones))))
    return Table(("共性问题", "不符合", "无证据", "检查项"), tuple(rows), (8, 2, 2, 2))


def _every(found: Catalogue, pairs: Iterable[tuple[Control, Verdict]]) -> Table:
    rows = tuple(
        (
            control.id,
            control.title_zh,
            "；".join(f"{found.law(one.law, one.version).title_zh} {one.article}" for one in control.sources),
            STATUS_ZH[verdict.status],
            _CLAIM_ZH[verdict.claim],
            f"{verdict.observed_to:%m-%d %H:%M}" if verdict.observed_to else "—",
            verdict.evidence_sha256[:12] or "—",
        )
        for control, verdict in sorted(pairs, key=lambda pair: pair[0].id)
    )
    return Table(("编号", "项目", "依据", "结论", "来源", "观察至", "证据哈希"), rows, (2, 5, 7, 2, 2, 3, 4))
