"""Reads settings of any program for outside servers and copies sent elsewhere; the rules determine the program."""

import re
from collections.abc import Iterator
from functools import partial
from itertools import islice
from typing import Any

from waybillguard.sensor.evidence.binary import original_place
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_outside

ENDINGS = (
    ".ini", ".conf", ".cfg", ".config", ".json", ".xml", ".yaml", ".yml", ".toml", ".properties", ".ovpn", ".dat", ".set", ".cnf",
    ".ffs_batch", ".ffs_real", ".lua", ".prf", ".env", ".db.json", ".stignore", ".plist",
)  # fmt: skip
MAX_SIZE = 512 << 10
_MAX_NAMED = 50
_COPIES = r"mirror|forward|upload|copy|duplicate|tee|relay|callback|webhook|hook|push|report|sync|backup|redirect|transfer|export"
_KEY = re.compile(
    r"""(?:^|[<\s"'{,;])(?P<key>[\w.-]{0,40}(?:server|host|addr|url|endpoint|remote|gateway|target|dest|peer|ip|"""
    + _COPIES
    + r""")[\w.-]{0,20})["']?\s*(?:[:=]|>|\s(?=\d))\s*["'\[]*(?P<value>(?:\w{2,10}://)?(?:[\w.-]*@)?(?P<host>\d{1,3}(?:\.\d{1,3}){3}|[\w-]+(?:\.[\w-]+)+)[^\s"'<,;\]}]*)""",
    re.IGNORECASE | re.MULTILINE,
)

_CONNECTS = re.compile(
    r"(?:://|@|\s-{0,2}(?:connect|c|s|server|to)[\s=]+)(\d{1,3}(?:\.\d{1,3}){3}):\d{2,5}\b", re.IGNORECASE
)
_SYSLOG_TO = re.compile(r"^[\w.*;,-]+\s+@@?\[?(\d{1,3}(?:\.\d{1,3}){3})", re.MULTILINE)
"""Destination to which rsyslog sends a copy of the logs."""
_NAMED_HOST = re.compile(
    r"(?:[\w-]+\.)+(?!(?:dll|exe|txt|log|ini|json|xml|conf|cfg|db|sys|local|lan|internal|corp|home)$)[a-z]{2,6}",
    re.IGNORECASE,
)
_SPOOL = re.compile(r"spool[\\/]+printers|/var/spool/cups|resources[\\/]+print\.db", re.IGNORECASE)
_RECORDS_WORK = re.compile(
    r"(?:print|打印|screen|截屏|屏幕|key(?:board|stroke|log)|按键|clip|剪贴板)[\w.-]{0,20}?(?:record|capture|audit|monitor|upload|watch|copy|shot|log|记录|审计|监控|上传|抓取)[\w.-]{0,20}"
    r"[\"']?\s*(?:[:=]|>)\s*[\"']?(?:1|true|yes|on|enabled?|开启|是)\b",
    re.IGNORECASE,
)
_RECORDS = re.compile(r"\}\s{0,20},?\s{0,20}\{")
"""Matches a JSON table, which is not a settings file."""


_MAX_OF_ONE = 5


def _said(text: str, file: str, place: str, found: re.Match[str], name: str, **values: Any) -> Observation:  # noqa: ANN401 - the observation's own fields
    """Return an observation of one place in the settings."""
    line, start = text.count("\n", 0, found.start()) + 1, text.rfind("\n", 0, found.start()) + 1
    said = text[max(start, found.start() - 80) : found.end() + 80].partition("\n")[0].strip()
    return Observation(
        kind="setting",
        file=file,
        record=f"line {line}",
        name=name,
        path=place,
        command=said[:200],
        **values,
    )


def read_settings(text: str, file: str) -> Iterator[Observation]:
    """Yield outside servers that settings name by address, and every host that they send copies to."""
    if re.match(r"\s*\[\s*[{\"]", text) or _RECORDS.search(text):
        return
    place, told = original_place(file), 0
    if ":" not in place:
        place = "/" + re.sub(r"^(?:.*/)?\[root\]/", "", file)
    say = partial(_said, text, file, place)
    for name, pattern in (("names_spool", _SPOOL), ("records_work", _RECORDS_WORK)):
        sends = ("copies",) if re.search(_COPIES, text, re.IGNORECASE) else ()
        yield from (say(found, name, marks=sends) for found in islice(pattern.finditer(text), _MAX_OF_ONE))
    for pattern, marks in ((_SYSLOG_TO, ("copies",)), (_CONNECTS, ())):
        sent = (found for found in islice(pattern.finditer(text), _MAX_OF_ONE) if is_outside(found[1]))
        yield from (say(found, "server_outside", origin=found[1], marks=marks) for found in sent)
    for row in _KEY.finditer(text):
        key, host = row["key"], row["host"]
        copies = re.search(_COPIES, key, re.IGNORECASE) is not None
        named = copies and "://" in row["value"] and re.search(r"[a-z]{2,}$", host, re.IGNORECASE) is not None
        plain = not named and _NAMED_HOST.fullmatch(host) is not None
        if is_outside(host) or named or plain:
            told += 1
            if told > _MAX_NAMED:
                return
            yield Observation(
                kind="setting",
                file=file,
                record=f"line {text.count(chr(10), 0, row.start('key')) + 1}",
                name="server_outside",
                path=place,
                command=f"{key} = {row['value'][:200]}",
                origin=host,
                marks=("named",) if plain and not is_outside(host) else ("copies",) if copies else (),
            )
