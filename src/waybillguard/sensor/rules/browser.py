"""Rules for access to the browser's pages, and so to orders: proxies, interceptors, extensions, the hosts file."""

import re
from collections import defaultdict
from collections.abc import Iterator
from fnmatch import fnmatch

from waybillguard.events.shared import Fact, Finding
from waybillguard.sensor.case import Case, capped, fact, independent
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import system_parts
from waybillguard.sensor.paths import (
    WEB_PORTS,
    base_name,
    is_hidden_place,
    is_outside,
    is_this_pc,
    is_user_writable,
)
from waybillguard.sensor.rules.print_stream import print_parts_known
from waybillguard.sensor.sessions import is_public

_TWO = 2


def browser_ways(case: Case) -> Iterator[Finding]:
    """Yield access to the browser: a proxy on this PC, an external proxy script, extensions from outside the stores."""
    for seen in case.of("setting"):
        if seen.name == "local_proxy":
            yield from _local_proxy(case, seen)
        elif seen.name == "outside_proxy":
            yield _browser(
                seen, [], "浏览器经店外的代理上网", "The browser goes through a proxy outside the site"
            )
        elif seen.name == "proxy_script" and _is_outside(seen.command):
            yield _browser(
                seen,
                [],
                "浏览器的代理由店外的脚本决定",
                "A script outside the site decides the browser's proxy",
            )
        elif seen.name == "forced_extension":
            address = seen.command.partition(";")[2].lower()
            if not any(store in address for store in system_parts().extension_stores):
                yield _browser(
                    seen,
                    [],
                    "浏览器被强制安装了商店以外的扩展",
                    "The browser is made to install an extension from outside the stores",
                )
    for seen in case.of("program_run", "autorun", "service", "task"):
        if any(fnmatch(base_name(seen.path or seen.name), each) for each in system_parts().interceptors):
            yield _browser(
                seen,
                [],
                "有程序在解密浏览器的网络内容",
                "A program decrypts what the browser sends and receives",
            )


def _local_proxy(case: Case, seen: Observation) -> Iterator[Finding]:
    rows = [each for each in case.of("listener") if each.port == seen.port and (each.path or each.name)]
    odd = [each for each in rows if is_user_writable(each.path) or is_hidden_place(each.path)]
    if odd:
        facts = [fact(each, "listener:proxy") for each in odd]
        yield _browser(
            seen,
            facts,
            f"浏览器经本机程序“{odd[0].name}”上网",
            f"The browser goes through “{odd[0].name}” on this PC",
        )


def _is_outside(address: str) -> bool:
    host = re.sub(r"^\w+://(?:[^@/]*@)?([^:/]+).*$", r"\1", address.strip().lower())
    return is_public(host) or (
        "." in host and not host.endswith((".local", ".lan", ".corp", ".internal", ".home"))
    )


def _browser(seen: Observation, more: list[Fact], zh: str, en: str) -> Finding:
    facts = [fact(seen, seen.name if seen.kind == "setting" else f"{seen.kind}:interceptor"), *more]
    return Finding(
        kind="browser_read",
        tool=base_name(seen.path) if seen.kind != "setting" else "",
        severity=capped("high" if independent(facts) >= _TWO else "medium", facts),
        confidence=0.75,
        time=seen.time,
        account=seen.account,
        source=seen.command if seen.kind == "setting" else "",
        detail_zh=f"{zh}：{seen.command or seen.path}。网页上的订单会被它看到。",
        detail_en=f"{en}: {seen.command or seen.path}. It sees the orders on the page.",
        facts=tuple(facts[:20]),
    )


_ALL_ADDRESSES = {"0.0.0.0", "::", "*"}  # noqa: S104 - as listeners are written


def hosts_entries(case: Case) -> Iterator[Finding]:
    """Yield hosts entries that redirect a label's domain, or point any public name to a server on this PC."""
    web = [
        each
        for each in case.of("listener")
        if each.port in WEB_PORTS and (is_this_pc(each.origin) or each.origin.strip("[]") in _ALL_ADDRESSES)
    ]
    rows = [seen for seen in case.of("setting") if seen.name == "hosts_entry"]
    labels = [seen for seen in rows if _is_label_domain(seen.command)]
    if labels:
        names, to = _names_of(labels), labels[0].origin
        yield _hosts_entry(
            labels,
            web if any(is_this_pc(each.origin) for each in labels) else [],
            f"hosts 文件把 {names} 指到了 {to}：面单数据会先到那里。",
            f"The hosts file leads {names} to {to}; label data go there first.",
        )
    posed = [seen for seen in rows if web and not _is_label_domain(seen.command) and _is_posed_here(seen)]
    if posed:
        names = _names_of(posed)
        yield _hosts_entry(
            posed,
            web,
            f"hosts 文件把 {names} 指到了这台电脑（{posed[0].origin}），而这台电脑上有程序在网页端口监听：发往这些网站的内容会先经过它。",
            f"The hosts file leads {names} to this PC ({posed[0].origin}), where a program listens on a web port; what is sent to these sites reaches it first.",
        )


def _names_of(rows: list[Observation]) -> str:
    return "、".join(dict.fromkeys(each.command for each in rows[:5]))


def _hosts_entry(rows: list[Observation], web: list[Observation], zh: str, en: str) -> Finding:
    return Finding(
        kind="hosts_entry",
        tool="",
        severity="medium",
        confidence=0.85,
        time=rows[0].time,
        source=rows[0].origin,
        detail_zh=zh,
        detail_en=en,
        facts=(
            *(fact(each, "hosts_entry") for each in rows[:20]),
            *(fact(each, "listener:web") for each in web[:5]),
        ),
    )


_OWN_NAMES = re.compile(
    r"^[^.]+$|\.(?:local|lan|home|internal|corp|localdomain|localhost|test|arpa)$", re.IGNORECASE
)


def _is_posed_here(seen: Observation) -> bool:
    """Return whether a hosts entry points a public name to this PC itself."""
    return is_this_pc(seen.origin) and not _OWN_NAMES.search(seen.command)


def name_policies(case: Case) -> Iterator[Finding]:
    """Yield name policies with a separate DNS server for a label's domain, or an external one for any domain."""
    for seen in case.of("setting"):
        if seen.name == "name_policy" and (_is_label_domain(seen.command) or is_outside(seen.origin)):
            yield Finding(
                kind="name_policy",
                tool="",
                severity="medium",
                confidence=0.8,
                time=seen.time,
                source=seen.origin,
                detail_zh=f"名称解析策略让这台电脑向 {seen.origin} 询问 {seen.command} 的地址：面单数据可能先到那里。",
                detail_en=f"A name policy has this PC ask {seen.origin} where {seen.command} is; label data may go there first.",
                facts=(fact(seen, "name_policy"),),
            )


def _is_label_domain(name: str) -> bool:
    return any(name == each or name.endswith(f".{each}") for each in system_parts().label_domains)


_STRONG = {"debugger", "nativeMessaging", "proxy", "desktopCapture", "tabCapture", "pageCapture", "webRequest", "cookies", "clipboardRead", "scripting", "downloads"}  # fmt: skip


def extensions(case: Case) -> Iterator[Finding]:
    """Yield extensions from outside the stores that can read order pages or print jobs, or control the browser."""
    groups: dict[str, list[Observation]] = defaultdict(list)
    for seen in case.of("extension"):
        groups[seen.session.lower()].append(seen)
    for key, rows in groups.items():
        stores = system_parts().extension_stores
        if any(store in each.origin_name.lower() for each in rows for store in stores):
            continue
        asked = {word for each in rows for word in each.command.split()}
        pages = [word for word in asked if "/" in word or word == "<all_urls>"]
        reads = [page for page in pages if _reads_labels(page)]
        local = [each for each in rows if each.path]
        odd = any(not each.path.startswith("c:\\program files") for each in local)
        if not (reads or asked & _STRONG or local):
            continue
        facts = [fact(each, f"extension:{'+'.join(each.marks)}") for each in rows]
        # A helper script of the shop does not name the component's port or an outside address.
        grave = odd and any(_names_address(page) for page in pages)
        name = next((each.name for each in rows if "registry" not in each.marks and each.name), key)
        script = all("user_script" in each.marks for each in rows)
        yield Finding(
            kind="browser_extension",
            tool=name,
            severity=capped("high" if grave and independent(facts) >= _TWO else "medium", facts),
            confidence=0.75 if reads else 0.6,
            time=min((each.time for each in rows if each.time), default=None),
            source=key,
            detail_zh=f"浏览器{'用户脚本' if script else '扩展'}“{name}”（{key}）不是从商店安装的{'，能读取订单网页或打印组件的内容' if reads else ''}。",
            detail_en=f"The browser's {'user script' if script else 'extension'} “{name}” ({key}) does not come from a store{' and can read order pages or the print component' if reads else ''}.",
            facts=tuple(facts[:20]),
        )


def _page_host(page: str) -> tuple[str, int]:
    found = re.match(r"^[*\w]+://([^/:]+)(?::(\d+))?", page)
    return (found[1].removeprefix("*.").lower(), int(found[2] or 0)) if found else ("", 0)


def _reads_labels(page: str) -> bool:
    host, _ = _page_host(page)
    return host in {"*", ""} or _is_label_domain(host) or _names_address(page)


def _names_address(page: str) -> bool:
    host, port = _page_host(page)
    return is_outside(host) or (is_this_pc(host) and port in print_parts_known().ports)
