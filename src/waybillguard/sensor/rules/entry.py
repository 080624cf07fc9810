"""Rules for physical entry: wake-ups, sign-ins, USB disks and posing devices, mostly outside the shift."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import timedelta

from waybillguard.events.shared import Finding
from waybillguard.sensor.case import Case, capped, fact, near
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name

_MADE = (
    "service_installed",
    "program_installed",
    "task",
    "printer",
    "print_monitor",
    "account_created",
    "firewall_rule",
)
_ZH = {
    "boot": "开机",
    "wake": "唤醒",
    "sign_in": "登录",
    "usb_storage": "插入 U 盘",
    "door": "门禁或摄像头记录",
    "install": "安装程序",
}
_EN = {
    "boot": "boot",
    "wake": "wake",
    "sign_in": "sign-in",
    "usb_storage": "USB disk",
    "door": "door or camera",
    "install": "installation",
}


def off_hours(case: Case) -> Iterator[Finding]:
    """Yield one finding for each night in which somebody used the machine."""
    nights: dict[str, list[tuple[str, Observation]]] = defaultdict(list)
    for seen in case.of("boot", "wake", "sign_in", "usb_storage", "door"):
        if case.out_of_shift(seen.time) and seen.time and not _is_old_key(seen):
            nights[case.local(seen.time - timedelta(hours=12))[:10]].append((seen.kind, seen))
    tools = {
        (seen.file, seen.record)
        for rows in case.by_tool.values()
        for seen, found in rows
        if found[0].tool.kind not in {"client", "print_component", "management", "transfer"}
    }
    for seen in case.of("service_installed", "program_installed", "print_monitor"):
        if (seen.file, seen.record) in tools and case.out_of_shift(seen.time) and seen.time:
            nights[case.local(seen.time - timedelta(hours=12))[:10]].append(("install", seen))
    for rows in nights.values():
        kinds = list(dict.fromkeys(kind for kind, _ in rows))
        present = {"sign_in", "usb_storage", "door"} & set(kinds)
        if not present and kinds != ["install"]:
            severity = "low"
        elif "install" in kinds and present:
            severity = "high"
        elif len(present) > 1 or "usb_storage" in present:
            severity = "medium"
        else:
            severity = "low"
        if severity == "low" and not present:
            continue
        made = _made_then(case, [seen for _, seen in rows])
        rows.sort(key=lambda row: row[1].time or row[1].time)  # type: ignore[arg-type, return-value]
        facts = tuple(fact(seen, f"out_of_shift:{kind}") for kind, seen in rows[:30])
        facts += tuple(fact(seen, f"{seen.kind}:made_then") for seen in made[:10])
        names = "、".join(dict.fromkeys(seen.name or base_name(seen.path) for seen in made[:5]))
        yield Finding(
            kind="off_hours_entry",
            tool="",
            severity=capped(severity, facts),
            confidence=0.7,
            time=rows[0][1].time,
            account=next((seen.account for kind, seen in rows if kind == "sign_in" and seen.account), ""),
            detail_zh=f"{case.local(rows[0][1].time)} 起，班次外有人用过这台电脑：{'、'.join(_ZH[kind] for kind in kinds)}{'；同时新建了 ' + names if names else ''}。请对照门禁和监控录像。",
            detail_en=f"From {case.local(rows[0][1].time)} somebody used this PC outside the shift: {', '.join(_EN[kind] for kind in kinds)}{'; made then: ' + names if names else ''}. Compare with door and camera.",
            facts=facts,
        )


def _made_then(case: Case, present: list[Observation]) -> list[Observation]:
    """Return what was installed outside the shift within an hour of somebody's presence."""
    there = [each for each in present if each.kind in {"sign_in", "usb_storage", "door"}]
    return [
        each
        for each in case.of(*_MADE)
        if case.out_of_shift(each.time)
        and each.record.isdigit()
        and (each.kind not in {"task", "printer"} or "created" in each.marks)
        and not each.path.startswith(("c:\\windows\\", "c:\\programdata\\microsoft\\"))
        and near(there, each)
    ]


def usb_disks(case: Case) -> Iterator[Finding]:
    """Yield the USB disks that were plugged in."""
    rows = case.of("usb_storage")
    if not rows:
        return
    names = list(dict.fromkeys(each.name for each in rows))
    yield Finding(
        kind="usb_storage",
        tool="",
        severity="low",
        confidence=0.9,
        time=min((each.time for each in rows if each.time), default=None),
        detail_zh=f"接过 {len(names)} 个 U 盘或移动硬盘。打印电脑应当关闭 USB 存储。",
        detail_en=f"{len(names)} USB disk(s) were plugged in. USB storage should be off on a print PC.",
        facts=tuple(fact(each, "usb_storage") for each in rows[:30]),
    )


_BOARDS = {
    "2341",
    "0525",
    "1D6B",
    "2A03",
    "16C0",
    "1B4F",
    "03EB",
    "239A",
    "2E8A",
    "1209",
    "F000",
    "CAFE",
    "303A",
}
"""USB vendor IDs of programmable boards that can pose as keyboards (USB-IF's list).

Arduino, Linux gadgets, Teensy, SparkFun, Atmel, Adafruit, Raspberry, ESP.
"""


def posing_devices(case: Case) -> Iterator[Finding]:
    """Yield USB network cards, keyboards plugged in outside the shift, and boards that pose as either."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("posing_device"):
        if case.out_of_shift(seen.time) or seen.name[4:8] in _BOARDS or seen.product == "network":
            groups[seen.name].append(seen)
    for name, rows in groups.items():
        typed = [
            each
            for each in case.of("program_run", "task")
            if each.time and rows[0].time and timedelta(0) <= each.time - rows[0].time < timedelta(minutes=2)
        ]
        night = case.out_of_shift(rows[0].time)
        zh = "键盘" if rows[0].product == "keyboard" else "网卡"
        wireless = name.startswith("Wi-Fi ")
        shared = (
            rows[0].product == "network" and name[4:8] not in _BOARDS and (wireless or not (typed and night))
        )
        facts = [fact(each, "posing_device") for each in rows]
        facts += [fact(each, f"{each.kind}:just_after") for each in typed[:5]]
        yield Finding(
            kind="typing_device",
            tool=name,
            severity=capped(
                "low" if shared and not night else "medium" if shared or not (typed and night) else "high",
                facts,
            ),
            confidence=0.8 if typed else 0.6,
            time=rows[0].time,
            detail_zh=f"{case.local(rows[0].time)} 连上了手机的无线网络（{name}）：数据可绕过店里的网络出去。请确认是谁的手机。"
            if wireless
            else f"{case.local(rows[0].time)} 接上了一个网卡（{name}），像是手机的 USB 网络共享（RNDIS）或上网卡：数据可绕过店里的网络出去。请找出这个设备。"
            if shared
            else f"{case.local(rows[0].time)} 接上了一个自称{zh}的设备（{name}）{'，紧接着就有命令运行' if typed else ''}。它可能会自己打字或把上网数据引走，请找出这个设备。",
            detail_en=f"At {case.local(rows[0].time)} the PC joined a phone's wireless network ({name}): data can leave past the site's network. Ask whose phone it is."
            if wireless
            else f"At {case.local(rows[0].time)} a network card came ({name}), as a phone's USB tethering (RNDIS) or a modem: data can leave past the site's network. Find the device."
            if shared
            else f"At {case.local(rows[0].time)} a device came that calls itself a {rows[0].product} ({name}){'; commands ran right after' if typed else ''}. It may type by itself or take the traffic: find it.",
            facts=tuple(facts[:20]),
        )


def _is_old_key(seen: Observation) -> bool:
    """Return whether a time comes from a registry key: it may be that of an update, not of plugging in."""
    return seen.kind == "usb_storage" and "\\" in seen.record and "setupapi" not in seen.marks
