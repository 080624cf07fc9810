"""Printable report of a trace, in Chinese: question, conclusion, confidence, next steps, and what it does not prove."""

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from waybillguard.documents import Block, Bullets, Document, Facts, Heading, Paragraph, Table
from waybillguard.service.activity.names import Names, names_of
from waybillguard.service.leaks.models import Leak
from waybillguard.trace.guards import ALPHA, BY_CHANCE
from waybillguard.trace.handover import NOT_PROOF

KINDS: Final = {
    "account": "账号",
    "workstation": "工位",
    "pair": "账号与工位（两者无法区分）",
    "unlogged": "面单打印之后（系统内无记录的接触）",
    "shop": "店铺一侧",
    "platform": "平台或 ERP 一侧",
}
NODES: Final = {
    "shop": "店铺", "erp": "ERP", "warehouse": "仓库", "outlet": "揽收网点", "carrier": "快递公司", "goods_class": "物品类别",
    "ship_day": "发货日",
}  # fmt: skip
LIMITS: Final = (
    "“重点线索”只说明：名单上的人，其订单与该来源的接触，按时间和数量无法用偶然解释。它不说明是谁坐在电脑前。",
    "账号可能被他人使用，工位可能被远程控制；动手处理任何人之前，须由登录地址、监控、设备检查等其他证据印证。",
    "名单如果是有意拼凑的，结果会跟着错。名单从哪里来、谁筛选过，须另行核实。",
    "未列为线索的来源不等于没有问题；本日志记录不到的环节（拍照、快递、店铺后台、平台）只能看到间接迹象。",
)
STEPS: Final = (
    "先封存：相关工位的电脑不关机、不重装、不清理，断网后等待取证。",
    "先保全：导出期间内的访问记录和监控录像，多数监控约 30 天后被覆盖。",
    "报案并把本材料交办案人员；收到调取证据通知书后，在“答复通知书”中办理。",
    "不要当面质问，不要据此停职、处罚；可先收回权限、更换密码。",
)


def probability_text(posterior: float) -> str:
    """Return a probability as text; 99 % and more is shown as ``>99%``."""
    return ">99%" if posterior >= 0.99 else f"{posterior:.0%}"  # noqa: PLR2004


def report(leak: Leak) -> Document:
    """Return the report of a finished trace; times are in the warehouse's time zone."""
    accounts, stations = names_of(leak.tenant)
    answer: dict[str, Any] = leak.answer | {
        "sources": [
            _shown(one, accounts, stations) | {"tie": [_shown(tie, accounts, stations) for tie in one["tie"]]}
            for one in leak.answer["sources"]
        ]
    }
    checks, zone = answer["checks"], ZoneInfo(leak.tenant.time_zone)
    leads = [one for one in answer["sources"] if one["priority_lead"]]
    blocks: list[Block] = [
        Heading("一、问题与数据"),
        Facts(
            (
                ("仓库", str(leak.tenant)),
                ("名单", f"{checks['victims_read']} 行，对上订单 {checks['victims_joined']} 名"),
                (
                    "对不上",
                    f"{checks['unknown']} 名不在记录中，{checks['contradictory']} 行自相矛盾，{checks['duplicates']} 行重复",
                ),
                ("没有来电时间", f"{checks['without_contact_time']} 名"),
            )
        ),
        *(Paragraph(note) for note in checks["notes_zh"]),
        Heading("二、结论"),
        Paragraph(_conclusion(answer, leads), "warning" if leads else "plain"),
        Heading("三、来源与时间"),
    ]
    if answer["sources"]:
        rows = tuple(_row(one, zone) for one in answer["sources"])
        blocks.append(
            Table(
                ("结论", "来源", "时间", "可能性", "受害人 / 经过订单", "依据与疑点"),
                rows,
                (3, 5, 6, 3, 3, 10),
            )
        )
    else:
        blocks.append(Paragraph("没有找到可以与偶然区分的来源。"))
    blocks += _guards(answer["sources"])
    blocks += _nodes(leak.nodes)
    blocks += [
        Heading("五、下一步"),
        Bullets((*(STEPS if leads else ()), *_evidence(answer["sources"])), numbered=True),
        Heading("六、本结果不能证明什么"),
        Bullets(LIMITS),
        Paragraph(
            "复算：waybillguard trace 访问记录 --victims victims.csv --orders 订单表 --roster 排班表 --json result.json。"
            "名单在本包内；访问记录、订单表、排班表须向本仓调取，标识见 trace.json。"
        ),
        Paragraph(NOT_PROOF, "warning"),
    ]
    return Document(
        title="泄露溯源报告", subtitle=leak.title, blocks=tuple(blocks), foot=NOT_PROOF, landscape=True
    )


def _shown(source: dict[str, Any], accounts: Names, stations: Names) -> dict[str, Any]:
    """Return a source with names of people and stations instead of keys."""
    return source | {
        "account": accounts.shown(source["account"]) if source["account"] else "",
        "workstation": stations.shown(source["workstation"]) if source["workstation"] else "",
    }


def _conclusion(answer: dict[str, Any], leads: list[dict[str, Any]]) -> str:
    outside = f"名单中约 {answer['outside']:.0%} 的人无法归到任何一个来源。"
    if not leads:
        return f"没有重点线索：数据可能不是从本日志记录的环节流出，或受害人还不够多。{outside}"
    affected = answer["affected"]
    return (
        f"有 {len(leads)} 个重点线索：{'；'.join(name(one) for one in leads)}。{outside}"
        f"经各来源流出、可能受影响的约 {affected['estimate']} 人（{affected['low']}–{affected['high']}）。"
    )


def _row(one: dict[str, Any], zone: ZoneInfo) -> tuple[str, ...]:
    begin, end = (datetime.fromisoformat(one[at]).astimezone(zone) for at in ("from", "to"))
    others = [name(other) for other in one["tie"] if not part_of(one, other)]
    tie = f"无法区分：{'、'.join(others)}。" if others else ""
    return (
        "重点线索" if one["priority_lead"] else "不是线索",
        name(one),
        f"{begin:%Y-%m-%d %H:%M} 至 {end:%m-%d %H:%M}",
        probability_text(one["posterior"]),
        f"{one['explained']:.0f} / {one['looked_at']}",
        one["why_zh"] + tie,
    )


def _guards(sources: list[dict[str, Any]]) -> list[Block]:
    named = [one for one in sources if one["kind"] in {"account", "workstation", "pair"}]
    if not named:
        return []
    rows = tuple(
        (name(one), f"{one['fdr']:.1%}", _p(one["p_permutation"]), _e(one["e_value"])) for one in named
    )
    return [
        Heading("四、三项校验"),
        Paragraph(
            f"每项都通过才列为重点线索：误判率不超过 {ALPHA:.0%}（贝叶斯）；从同仓、同日、同类、同店订单中随机抽取时，"
            f"出现同样结果的概率不超过 {BY_CHANCE:.0%}（置换检验）；证据强度 e 值经多重校正后过线，可随名单增加反复查看。"
        ),
        Table(("来源", "累计误判率", "置换检验 p", "e 值"), rows, (6, 3, 3, 3)),
    ]


def _p(p: float) -> str:
    # The p value comes from 60 draws and a fitted tail, so smaller values cannot be distinguished.
    return "<0.001" if p < 0.001 else f"{p:.3f}"  # noqa: PLR2004


def _e(e: float) -> str:
    return ">1,000,000" if e > 1e6 else f"{e:,.0f}"  # noqa: PLR2004


def _nodes(nodes: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    if found := nodes.get("nodes"):
        rows = tuple(
            (NODES.get(one["kind"], one["kind"]), one["value"], str(one["victims"]), f"{one['expected']:.1f}",
             f"{one['ratio']:.1f}（{one['low']:.1f}–{one['high']:.1f}）")
            for one in found
        )  # fmt: skip
        blocks += [
            Heading("共同环节", 2),
            Table(("环节", "名称", "受害人", "按比例应有", "倍数（区间）"), rows, (3, 6, 2, 3, 4)),
        ]
    if asked := nodes.get("requests"):
        logs = tuple(
            (one["whom"], one["which_log"], f"{one['from']} 至 {one['to']}", one["keep_until"])
            for one in asked
        )
        blocks += [
            Heading("建议调取", 2),
            Table(("向谁", "哪份日志", "期间", "最迟（之后可能被覆盖）"), logs, (4, 7, 4, 4)),
        ]
    return blocks


def _evidence(sources: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(f"{name(one)}：{'；'.join(one['next_evidence'])}" for one in sources if one["next_evidence"])


def part_of(source: dict[str, Any], tie: dict[str, Any]) -> bool:
    """Return whether a tie is the account or the station that the pair already names."""
    at = "account" if tie["kind"] == "account" else "workstation"
    return bool(source["kind"] == "pair" and tie[at] and tie[at] == source[at])


def name(source: dict[str, Any]) -> str:
    """Return a source's kind and names in words."""
    parts = (source.get("account"), source.get("workstation"), source.get("detail"))
    return " ".join([KINDS[source["kind"]], *(part for part in parts if part)])
