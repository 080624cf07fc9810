"""Texts for a source: why it is listed, why it is not a lead, and which evidence would settle it."""

from collections.abc import Sequence
from typing import Final

from waybillguard.trace.joining import Census
from waybillguard.trace.naming import Named
from waybillguard.trace.structs import Source

_DOUBTS: Final = {
    "tie": (
        "账号与工位（或其他来源）无法区分",
        "account and station, or another source, cannot be told apart",
    ),
    "unsure": ("可能性不足 90%", "its chance is below 90 %"),
    "few": ("能解释的受害人不足 6 名", "it explains fewer than 6 victims"),
    "e_value": ("证据强度不够（e 值未过线）", "the evidence is too weak (e-value)"),
    "permutation": ("随机抽取的同类订单也可能如此", "orders drawn alike could look the same"),
    "work": ("这些查看大多有工单或打单记录解释", "work explains most of these looks"),
    "habit": (
        "该账号或工位这几天的查看与平时无异，除名单外没有其他迹象",
        "it looked at no more in these days than on others: nothing but the list speaks against it",
    ),
    "fdr": (
        "与其他线索合计的误判率超过 1%",
        "with the other leads the expected share of wrong names exceeds 1 %",
    ),
    "pile": ("受害人集中在某个工位或账号上", "its victims pile up on one station or account"),
    "cover": (
        "几乎全部经同一工位或账号，无法与其区分",
        "one station or account handled nearly all of them, so the two cannot be told apart",
    ),
    "untimed": ("多数受害人没有来电时间", "most victims have no time of contact"),
    "several": (
        "同几天里几家快递都像来源，更像它们共同经过的一处",
        "several carriers stand out in the same days, as if what they share had leaked",
    ),
}
_KINDS: Final = {
    "account": ("账号查看过的订单", "orders that the account looked at"),
    "workstation": ("工位处理或打印过的订单", "orders read or printed at the station"),
    "pair": ("账号在该工位处理过的订单", "orders that the account handled at the station"),
    "unlogged": (
        "已打印面单（系统内没有记录的接触，如拍照、快递环节）",
        "labels already printed (contact that no log shows, such as photos or the carrier)",
    ),
    "shop": ("该店铺的订单（店铺一侧）", "the shop's orders (on the shop's side)"),
    "platform": ("全部订单（平台或 ERP 一侧）", "all orders (on the side of the platform or ERP)"),
}
_NEXT: Final = {
    "account": (
        ("登录来源地址与设备记录", "addresses and devices of its sign-ins"),
        ("该账号的人员离职与交接记录", "who held the account, and when it was handed over"),
        ("同时段监控录像", "camera recordings of those hours"),
    ),
    "workstation": (
        ("封存并检查该工位电脑（远控、打印监听程序）", "seal and examine its computer (remote control, print taps)"),
        ("安装时间与启动记录", "times of installation and start"),
        ("该工位打印记录", "the station's print records"),
    ),
    "pair": (
        ("封存并检查该工位电脑", "seal and examine the station's computer"),
        ("让该账号换一台电脑工作以区分账号与工位", "let the account work at another computer, to tell the two apart"),
        ("登录来源地址与设备记录", "addresses and devices of its sign-ins"),
    ),
    "unlogged": (
        ("快递网点揽收与扫描记录", "the carrier's pick-up and scan records"),
        ("发货区监控录像", "camera recordings of the shipping area"),
        ("投放哨兵件到该快递公司", "sentinel parcels by that carrier"),
    ),
    "shop": (
        ("店铺后台子账号登录与导出日志", "sign-ins and exports of the shop's sub-accounts"),
        ("店铺授权的第三方应用清单", "the shop's list of third-party applications"),
    ),
    "platform": (
        ("ERP 接口调用与导出日志", "calls and exports of the ERP's interface"),
        ("其他仓库是否有同一 ERP 的受害人", "victims of the same ERP in other warehouses"),
    ),
}  # fmt: skip
_ELSEWHERE: Final = (
    "但可以说：看来不是由本仓账号或工位流出。",
    " But most likely by no account or station of this warehouse.",
)
_MORE: Final = ("更多受害人（订单号与来电时间）", "more victims (order and time of the call)")


def why(one: Named, doubts: Sequence[str], language: str, *, elsewhere: bool = False) -> str:
    """Return one sentence in ``zh`` or ``en`` for a source. ``elsewhere``: only which outside source it was is open."""
    at = 0 if language == "zh" else 1
    what = _KINDS[one.actor[0]][at]
    days = max(1, round(one.last - one.first))
    if language == "zh":
        said = f"{what}：{one.looked_at} 单、约 {days} 天内，对应约 {one.explained:.0f} 名受害人。"
        tail = "、".join(_DOUBTS[doubt][at] for doubt in doubts)
        return said + (
            f"未列为重点线索：{tail}。{_ELSEWHERE[at] * elsewhere}"
            if doubts
            else "已通过三项校验，可作为重点线索；不是证据。"
        )
    said = f"{what[0].upper()}{what[1:]}: {one.looked_at} in about {days} days, about {one.explained:.0f} victims. "
    tail = "; ".join(_DOUBTS[doubt][at] for doubt in doubts)
    return said + (
        f"No priority lead: {tail}.{_ELSEWHERE[at] * elsewhere}"
        if doubts
        else "Past all three guards: a priority lead, not proof."
    )


def next_evidence(one: Named, doubts: Sequence[str], language: str) -> tuple[str, ...]:
    """Return what to look at next in ``zh`` or ``en``, most conclusive first."""
    extra = (_MORE,) if {"few", "e_value", "unsure"} & set(doubts) else ()
    at = 0 if language == "zh" else 1
    return tuple(texts[at] for texts in (*extra, *_NEXT[one.actor[0]]))


def elsewhere_note(one: Source) -> tuple[str, str]:
    """Return the note for victims whose data leaked outside the warehouse by a source that stays open."""
    count, days = f"{one.explained:.0f}", f"{one.start[:10]}–{one.end[:10]}"
    zh = f"{one.tenant}：{days} 约 {count} 名受害人的数据看来不是由本仓账号或工位流出，而在店铺、平台或快递环节，分不出是哪一个"
    en = (
        f"{one.tenant}: data of about {count} victims ({days}) most likely left by none of its accounts or stations, "
        "but at a shop, the platform or the carrier; which of them is open"
    )
    return zh, en


def goods_note(one: Named) -> tuple[str, str]:
    """Return the note for victims that share a goods class and days, but no source of this warehouse."""
    name, count = one.actor[3], f"{one.explained:.0f}"
    return (
        f"约 {count} 名受害人的共同点只是“{name}”类商品和下单日期：名单可能来自任何地方，不计入来源",
        f"about {count} victims share only the goods class {name} and days: from anywhere, and no source here",
    )


def notes(
    census: Census, *, spans: int, lead: bool, more: int, renamed: int
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the notes to read before the sources."""
    zh: list[str] = []
    en: list[str] = []
    if census.unknown:
        zh.append(f"{census.unknown} 名受害人的订单不在日志和订单表中")
        en.append(f"orders of {census.unknown} victims are in neither log nor orders")
    if census.duplicates:
        zh.append(f"{census.duplicates} 行是同一订单或同一人的其他订单，一人只计一次")
        en.append(f"{census.duplicates} rows repeat an order or a person, and a person counts once")
    if census.contradictory:
        zh.append(f"{census.contradictory} 行自相矛盾（时间早于下单，或订单号与运单号不是同一单），未采用")
        en.append(
            f"{census.contradictory} rows contradict themselves (call before order, or two orders) and were left out"
        )
    if census.untimed:
        zh.append(f"{census.untimed} 名受害人没有来电时间，判断因此变弱")
        en.append(f"{census.untimed} victims have no time of contact, which weakens the result")
    if renamed:
        zh.append(f"{renamed} 个账号改过名（同一人先后使用），按现用名合并计算")
        en.append(
            f"{renamed} accounts were renamed (one person, one after the other) and count under the last name"
        )
    if not spans:
        zh.append("日志中没有可用的事件")
        en.append("the log holds no usable events")
    if not lead:
        zh.append(f"没有重点线索：数据可能不是从本日志记录的环节流出，或受害人太少（约还需 {more} 名）")
        en.append(
            f"no priority lead: the data may have left where this log does not reach, or victims are too few (about {more} more)"
        )
    return tuple(zh), tuple(en)
