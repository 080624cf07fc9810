"""Reads text of any origin for programs, CUPS parts, hosts, antivirus messages, phone networks and the spool.

Such texts are logs of routers and antivirus, notes, and lists without a reader of their own. Each regular expression
is preceded by a quick search for words, so that long logs cost little.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import batched

from waybillguard.sensor.catalogue import catalogue
from waybillguard.sensor.evidence.linux_files import PATHS
from waybillguard.sensor.evidence.print_config import cups_program
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_outside, is_phone_network

_BATCH = 2_000
_LONGEST = 4_000
_MAX_TOLD = 20_000
_HOST = re.compile(r"(?<![\w.-])[\w-]++(?:\.[\w-]++){1,6}")
_CUPS_PROGRAM = re.compile(r"/usr/lib(?:exec|64)?/cups/(?:backend|filter)/[\w.+-]+")
_STORED = re.compile(
    r"(?<!\S)\S*?(?:spool[\\/]+printers|/var/spool/cups|\.spl\b|resources[\\/]+print\.db)\S*", re.IGNORECASE
)
_SENT = re.compile(
    r"upload|上传|同步|\bsync|\bPUT\b|\bsent\b|发送|外发|transfer|<JUNCTION>|<SYMLINKD?>|<联接>",
    re.IGNORECASE,
)
_PHONE = re.compile(
    r"^\d+: (?:usb|rndis)\d+:|(?:iPhone|iPad) USB|Remote NDIS|\bRNDIS\b|Apple Mobile Device Ethernet|基于远程 ?NDIS",
    re.IGNORECASE,
)
_PROXY = re.compile(
    r"(?:代理服务器|Proxy Server\(?s?\)?|https?_proxy)\s*[:：=]\s*(?:https?=|https?://)?(\d{1,3}(?:\.\d{1,3}){3}):\d+",
    re.IGNORECASE,
)
_TRUSTED = re.compile(
    r"信任|白名单|排除|放行|exclu[ds]|white ?list|allow ?list|\btrusted|\bignored", re.IGNORECASE
)
_ALARM = re.compile(
    r"\b(?:Trojan|HackTool|Hack\.|Backdoor|RemoteAdmin|Remote\.?Control|Risk\.?(?:Ware|Tool)|PUA|PUP|Monitor|Spy)[\w./:!-]*"
    r"|木马|后门|风险(?:程序|软件)|远控|监控软件|病毒",
    re.IGNORECASE,
)
_NETWORK = re.compile(r"(?:SSID|配置文件|Profile)\b[^:：]{0,20}[:：](.{0,40})", re.IGNORECASE)
type _Tell = Callable[[str, str, str], Iterator[Observation]]


def read_text(lines: Iterable[tuple[int, str]], file: str) -> Iterator[Observation]:
    """Yield the programs and other objects that a text names; hosts only if in the catalogue, each once."""
    told: set[str] = set()
    for batch in batched(lines, _BATCH):
        low = "\n".join(line for _, line in batch).lower()
        tells = [tell for words, tell in _TELLS if any(word in low for word in words)]
        for number, line in batch:
            record = f"line {number}"
            for host in _HOST.findall(line[:_LONGEST]):
                if host not in told and len(told) < _MAX_TOLD:
                    told.add(host)
                    if catalogue().is_tool_domain(host.lower()):
                        yield Observation(
                            kind="host_named", file=file, record=record, origin_name=host.lower()
                        )
            for tell in tells:
                yield from tell(line[:_LONGEST], file, record)


def _cups(line: str, file: str, record: str) -> Iterator[Observation]:
    for path in dict.fromkeys(_CUPS_PROGRAM.findall(line)):
        yield from cups_program(path, file, record)


def _spool_sent(line: str, file: str, record: str) -> Iterator[Observation]:
    stored = _STORED.search(line)
    if stored and _SENT.search(line):
        yield Observation(
            kind="setting", file=file, record=record, name="names_spool", command=stored[0][:200], marks=("copies",)
        )  # fmt: skip


def _proxy(line: str, file: str, record: str) -> Iterator[Observation]:
    proxy = _PROXY.search(line)
    if proxy and is_outside(proxy[1]):
        yield Observation(
            kind="setting", file=file, record=record, name="outside_proxy", command=proxy[0].strip(), origin=proxy[1]
        )  # fmt: skip


def _phone(line: str, file: str, record: str) -> Iterator[Observation]:
    network = _NETWORK.search(line)
    if _PHONE.search(line) or (network and is_phone_network(network[1])):
        yield Observation(
            kind="posing_device", file=file, record=record, name="RNDIS", product="network", command=line.strip()[:200]
        )  # fmt: skip


def _guard(line: str, file: str, record: str) -> Iterator[Observation]:
    """Yield what an antivirus log reports about a program: an alarm, or an exclusion."""
    for path in PATHS.findall(line) if "\\" in line else ():
        alarm = _ALARM.search(line.replace(path, ""))
        if _TRUSTED.search(line):
            yield Observation(
                kind="setting", file=file, record=record, name="antivirus_exclusion", path=path.lower(), command=path
            )  # fmt: skip
        elif alarm:
            yield Observation(
                kind="rule_match",
                file=file,
                record=record,
                name=f"{alarm[0]}: {path}"[:200],
                path=path.lower(),
                origin_name=file.rpartition("/")[2],
            )


_BRANCH = re.compile(r"[├└|`]─?-?\s?(\d{2,7}) (/\S+.*)$")


def _branch(line: str, file: str, record: str) -> Iterator[Observation]:
    """Yield a running program from the process tree that ``systemctl status`` prints."""
    row = _BRANCH.search(line)
    if row:
        path = row[2].split()[0]
        yield Observation(
            kind="program_run",
            file=file,
            record=record,
            name=path.rpartition("/")[2],
            path=path,
            command=row[2][:1000],
            session=f"pid{row[1]}",
        )


_WORDED: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "unpackaged",
        re.compile(
            r"no path found matching pattern\s+(/\S+?)\.?$|file (/\S+) is not owned by any package|没有找到与\s*(/\S+)\s*相匹配的路径|文件 (/\S+) 不属于任何软件包"
        ),
    ),
    ("shadow_copy", re.compile(r"(?:Type|类型)\s*[:：]\s*(ClientAccessible)\s*$")),
    (
        "interceptor_root",
        re.compile(
            r"\b(?:CN|O|label)\s*[=:]\s*\"?(mitmproxy|DO_NOT_TRUST_FiddlerRoot|Charles Proxy|PortSwigger CA|Proxyman CA|HTTP Debugger)\b"
        ),
    ),
)


def _worded(line: str, file: str, record: str) -> Iterator[Observation]:
    """Yield messages in plain words: a file of no package, a requested shadow copy, the root CA of an interceptor."""
    for name, pattern in _WORDED:
        said = pattern.search(line)
        if said:
            told = next(each for each in said.groups() if each)
            yield Observation(
                kind="setting", file=file, record=record, name=name, path=told.lower(), command=told
            )


_TELLS: tuple[tuple[tuple[str, ...], _Tell], ...] = (
    (("/cups/",), _cups),
    (("├─", "└─", "|-", "`-"), _branch),
    (
        (
            "no path found", "not owned by any", "相匹配的路径", "不属于任何软件包", "clientaccessible", "mitmproxy", "fiddlerroot",
            "charles proxy", "portswigger", "proxyman", "http debugger",
        ),
        _worded,
    ),
    (("spool", "print.db", ".spl"), _spool_sent),
    (("proxy", "代理服务器"), _proxy),
    (("ndis", "iphone", "ipad", "ssid", "配置文件", "profile", ": usb", "apple mobile"), _phone),
    (
        (
            "信任", "白名单", "排除", "放行", "exclu", "white", "allow", "trusted", "ignored", "trojan", "hacktool", "hack.", "backdoor",
            "remoteadmin", "control", "risk", "pua", "pup", "spy", "木马", "后门", "风险", "远控", "监控", "病毒",
        ),
        _guard,
    ),
)  # fmt: skip
