"""Settings of any program that name a server outside, or that send a copy of something: whose they are, the rules ask."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.binary import original_place
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import is_outside

ENDINGS = (
    ".ini", ".conf", ".cfg", ".config", ".json", ".xml", ".yaml", ".yml", ".toml", ".properties", ".ovpn", ".dat", ".set", ".cnf",
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

_RECORDS = re.compile(r"\}[ \t]{0,9}\r?\n[ \t]{0,9}\{")
"""A table in JSON, no settings."""


def read_settings(text: str, file: str) -> Iterator[Observation]:
    """Yield the servers outside that settings name by a bare address, and every host that they send copies to."""
    if re.match(r"\s*\[\s*[{\"]", text) or _RECORDS.search(text):
        return
    place, told = original_place(file), 0
    if ":" not in place:
        place = "/" + re.sub(r"^(?:.*/)?\[root\]/", "", file)
    for row in _KEY.finditer(text):
        key, host = row["key"], row["host"]
        copies = re.search(_COPIES, key, re.IGNORECASE) is not None
        named = copies and "://" in row["value"] and re.search(r"[a-z]{2,}$", host, re.IGNORECASE) is not None
        if is_outside(host) or named:
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
                marks=("copies",) if copies else (),
            )
