"""The twelve-item sheet: the same items before and after, with responsible person and competent authority."""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Final

import msgspec

from waybillguard.documents import Block, Document, Facts, Paragraph, Signatures, Table
from waybillguard.inspect.catalogue import catalogue, read_yaml
from waybillguard.inspect.model import Inspection, Status, Verdict

#: Worst first.
ORDER: Final = (
    Status.NOT_SATISFIED,
    Status.NO_EVIDENCE,
    Status.RISK_ACCEPTED,
    Status.SATISFIED,
    Status.NOT_APPLICABLE,
)
STATUS_ZH: Final = {
    Status.SATISFIED: "符合",
    Status.NOT_SATISFIED: "不符合",
    Status.NO_EVIDENCE: "无证据",
    Status.NOT_APPLICABLE: "不适用",
    Status.RISK_ACCEPTED: "已接受风险",
}


class Item(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One line of the sheet."""

    number: int
    gap: str
    title_zh: str
    title_en: str
    check_zh: str
    check_en: str
    minutes: int
    controls: tuple[str, ...]
    owner: str
    authority: str


class Line(msgspec.Struct, frozen=True):
    """A judged item: its worst control decides. ``open_controls`` are the controls that are not satisfied."""

    item: Item
    status: Status
    open_controls: tuple[str, ...]
    reason_zh: str
    reason_en: str


class Comparison(msgspec.Struct, frozen=True):
    """The items in two runs. ``elsewhere`` are controls outside the sheet that fail in the second run."""

    lines: tuple[tuple[Line, Line], ...]
    elsewhere: tuple[str, ...]

    @property
    def mended(self) -> int:
        """Return how many items were open in the first run and are satisfied in the second."""
        return sum(
            before.status in ORDER[:2] and after.status is Status.SATISFIED for before, after in self.lines
        )


@cache
def items() -> tuple[Item, ...]:
    """Return the twelve items in order."""
    return tuple(read_yaml("sheet.yaml", list[Item]))


def fill(verdicts: Iterable[Verdict]) -> tuple[Line, ...]:
    """Judge every item by its controls; a control without a verdict counts as no evidence."""
    by_id = {verdict.control: verdict for verdict in verdicts}
    return tuple(_line(item, by_id) for item in items())


def compare(before: Inspection, after: Inspection) -> Comparison:
    """Compare two runs, and list failed controls outside the sheet.

    Raises:
        ValueError: the second run is not later than the first.
    """
    if after.clock.now <= before.clock.now:
        raise ValueError("the second run is not later than the first")
    listed = {control for item in items() for control in item.controls}
    elsewhere = tuple(
        verdict.control
        for verdict in after.verdicts
        if verdict.control not in listed and verdict.status is Status.NOT_SATISFIED
    )
    return Comparison(tuple(zip(fill(before.verdicts), fill(after.verdicts), strict=True)), elsewhere)


def sheet_document(
    subject: str, runs: Sequence[Inspection] = (), *, retested: Iterable[str] = ()
) -> Document:
    """Return the sheet as a document: blank, with one run, or with two compared.

    Args:
        subject: the warehouse.
        runs: none for a blank sheet, one, or two of the same warehouse in order of time.
        retested: controls that were re-tested by somebody else; all others are self-reported.

    Raises:
        ValueError: the runs are not in order of time.
    """
    elsewhere: tuple[str, ...] = ()
    columns: list[tuple[Line, ...]] = [fill(run.verdicts) for run in runs]
    if len(runs) == 2:  # noqa: PLR2004 - before and after
        elsewhere = compare(*runs).elsewhere
    bodies = catalogue().bodies
    rows = []
    for at, item in enumerate(items()):
        results = [STATUS_ZH[column[at].status] for column in columns] or ["□是 □否"] * 2
        rows.append(
            (
                str(item.number),
                item.title_zh,
                item.check_zh,
                f"{bodies.authorities[item.authority].zh}／{bodies.owners[item.owner].zh}",
                *(results if len(results) == 2 else [*results, ""]),  # noqa: PLR2004
            )
        )
    again = frozenset(retested)
    facts = [
        ("被检查单位", subject),
        ("检查依据", "个人信息保护法、反电信网络诈骗法、GB/T 41833-2022（推荐性标准）等"),
    ]
    for name, run in zip(("整改前", "整改后"), runs, strict=False):
        facts.append((name, run.clock.now.strftime("%Y-%m-%d %H:%M UTC")))
    blocks: list[Block] = [Facts(tuple(facts))]
    blocks.append(
        Table(
            ("序", "项目", "怎么查（共 20 分钟）", "主管／责任", "整改前", "整改后"),
            tuple(rows),
            (3, 8, 21, 8, 6, 6),
        )
    )
    if runs:
        last = columns[-1]
        reasons = tuple(
            (str(line.item.number), line.reason_zh)
            for line in last
            if line.status in ORDER[:2] and line.reason_zh
        )
        if reasons:
            blocks.append(Table(("序", "未通过的原因"), reasons, (1, 12)))
        claim = "已复测" if again >= {c for i in items() for c in i.controls} else "单位自报，未复测"
        blocks.append(Paragraph(f"数据来源：{claim}。", "note"))
    if elsewhere:
        blocks.append(
            Paragraph(f"检查表以外另有 {len(elsewhere)} 项不符合：{'、'.join(elsewhere)}。", "warning")
        )
    blocks.append(Signatures(("检查人一", "检查人二", "被检查单位")))
    return Document(
        title="订单信息安全十二项检查表",
        blocks=tuple(blocks),
        foot="面单事项写作“不符合 GB/T 41833”，不作违法认定。",
    )


def _line(item: Item, by_id: dict[str, Verdict]) -> Line:
    found = [(by_id[name].status if name in by_id else Status.NO_EVIDENCE, name) for name in item.controls]
    status = min((one for one, _ in found), key=ORDER.index)
    open_controls = tuple(name for one, name in found if one in ORDER[:2])
    titles = catalogue().by_id()
    said_zh = [f"{titles[name].title_zh}：{by_id[name].reason_zh}" for name in open_controls if name in by_id]
    said_en = [f"{titles[name].title_en}: {by_id[name].reason_en}" for name in open_controls if name in by_id]
    return Line(item, status, open_controls, "；".join(said_zh), "; ".join(said_en))
