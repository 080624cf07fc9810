"""Rules for autostarts from user-writable places: low alone, medium with a second rare fact.

Autostarts from data folders, from which some makers run programs as well, are reported only with a second fact, and so
are those that ``odd_starts`` reports.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

import msgspec

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import Case, capped, fact
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import is_data_place, is_own_place
from waybillguard.sensor.paths import base_name, started_files
from waybillguard.sensor.rules.starts import MAX_ROWS, MAX_STARTS, lets_in, oddity, talks_outside

_SECOND = {
    "lets_in": ("别的电脑能连到它", "other PCs can reach it"),
    "talks_outside": ("它连着店外的地址", "it is connected to an address outside the site"),
    "hooks": ("它的文件夹里有库被装进别的程序", "a library of its folder is loaded into other programs"),
    "out_of_shift": ("它是班次外放进来的", "it came outside the shift"),
    "labels": ("它的命令里提到面单或订单", "its command speaks of labels or orders"),
    "hidden": ("任务被设为不显示", "its task is hidden from view"),
    "nameless": ("它的文件夹没有名字，只有编号", "its folder bears a number and no name"),
    "starts_twice": ("它有不止一种自动启动方式", "it starts in more than one way"),
}


def own_starts(case: Case) -> Iterator[Finding]:
    """Yield autostarts from user-writable places by program; tools of the catalogue have their own rule."""
    known = {(seen.file, seen.record) for rows in case.by_tool.values() for seen, _ in rows}
    groups: dict[tuple[str, ...], list[Observation]] = defaultdict(list)
    for each in case.of("autorun", "task", "service", "service_installed"):
        seen = _by_script(each)
        if _is_own(seen) and base_name(seen.path) and (seen.file, seen.record) not in known:
            groups[(seen.file, seen.name) if _is_own_unit(seen) else (seen.path,)].append(seen)
    made: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("task"):
        if "created" in seen.marks:
            made[base_name(seen.name)].append(seen)
    for rows in islice(groups.values(), MAX_STARTS):
        path, own_unit = rows[0].path, _is_own_unit(rows[0])
        paths = list(dict.fromkeys(each.path for each in rows))[:5]  # a unit may start several programs
        seconds = list(dict.fromkeys(each for one in paths for each in _second_facts(case, one, rows, made)))
        if not seconds and (is_data_place(path) or any(oddity(each) for each in rows)):
            continue
        facts = [fact(each, f"{each.kind}:own_place") for each in rows[:MAX_ROWS]]
        facts += [each for _, each in seconds]
        why = list(dict.fromkeys(code for code, _ in seconds))
        zh = "；".join(_SECOND[code][0] for code in why)
        en = "; ".join(_SECOND[code][1] for code in why)
        how_zh, how_en = (
            (f"由个人账号自己的服务启动（{path}）", f"is started by a person's own service ({path})")
            if own_unit
            else (
                f"从个人能写的位置自动运行（{path}）",
                f"starts by itself from a place that people can write to ({path})",
            )
        )
        yield Finding(
            kind="own_start",
            tool=rows[0].name if own_unit else base_name(path),
            severity=capped("medium" if why else "low", facts),
            confidence=0.65 if why else 0.4,
            time=min((each.time for each in rows if each.time), default=None),
            account=next((each.account for each in rows if each.account), ""),
            source=next((each.origin for one in paths for each in talks_outside(case, one)), ""),
            detail_zh=f"“{rows[0].name}”{how_zh}{'：' + zh if why else ''}。请确认是谁装的。",
            detail_en=f"“{rows[0].name}” {how_en}{': ' + en if why else ''}. Ask who installed it.",
            facts=tuple(facts),
        )


def _by_script(seen: Observation) -> Observation:
    """Replace an interpreter or wrapper with the user-writable file that it starts."""
    started = next((each for each in started_files(seen.path, seen.command) if is_own_place(each)), "")
    return msgspec.structs.replace(seen, path=started) if started and started != seen.path else seen


def _is_own_unit(seen: Observation) -> bool:
    """Return whether a user-made service runs a system program; its unit then identifies it better than the program."""
    return "own_unit" in seen.marks and not is_own_place(seen.path) and not is_data_place(seen.path)


def _is_own(seen: Observation) -> bool:
    return is_own_place(seen.path) or is_data_place(seen.path) or "own_unit" in seen.marks


_NAMELESS = re.compile(
    r"\\(?:programdata|appdata\\\w+|users\\\w+)\\(?:\{[0-9a-f-]{36}\}|[0-9a-f]{8,40})\\[^\\]+$"
)
_LABELS = re.compile(r"面单|订单|发货|打单|打印|waybill|print\.db", re.IGNORECASE)


def _second_facts(
    case: Case, path: str, rows: list[Observation], created: dict[str, list[Observation]]
) -> Iterator[tuple[str, Fact]]:
    """Yield the second rare facts about a program, each with its code and record."""
    folder = path[: len(path) - len(base_name(path))]
    for seen in lets_in(case, path)[:3]:
        yield "lets_in", fact(seen, f"{seen.kind}:lets_in")
    for seen in talks_outside(case, path)[:3]:
        yield "talks_outside", fact(seen, "connection:outside")
    for seen in [each for each in case.of("hook") if folder and each.path.startswith(folder)][:3]:
        yield "hooks", fact(seen, f"hook:{seen.name}")
    for seen in [each for each in rows if _LABELS.search(each.command.replace(each.path, ""))][:3]:
        yield "labels", fact(seen, f"{seen.kind}:labels")
    for seen in [each for each in rows if "hidden" in each.marks][:3]:
        yield "hidden", fact(seen, "task:hidden")
    if _NAMELESS.search(path):
        yield "nameless", fact(rows[0], f"{rows[0].kind}:nameless")
    names = {base_name(each.name) for each in rows if each.kind == "task"}
    made = (each for name in sorted(names) for each in created.get(name, ()))
    # An event has the time of the act; the time of a file or key may be that of an update.
    came = [*rows, *made, *(each for each in case.with_path("program_seen", path) if not each.marks)]
    for seen in [each for each in came if each.record.isdigit() and case.out_of_shift(each.time)][:3]:
        yield "out_of_shift", fact(seen, f"{seen.kind}:out_of_shift")
    if len({each.kind for each in rows if each.kind != "service_installed"}) > 1:
        yield "starts_twice", fact(rows[-1], f"{rows[-1].kind}:starts_twice")
