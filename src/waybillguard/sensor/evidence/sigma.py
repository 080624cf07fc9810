"""Evaluates Sigma rules on Windows events: selections of fields, and conditions over them.

Supported: selections as maps, lists of maps and keywords; the modifiers contains, startswith, endswith, re, all and
cased; conditions with and, or, not, brackets and "1 of" or "all of". A rule that needs anything else is rejected by
name, because a partly supported rule would silently miss events. Format: Sigma specification 2
(github.com/SigmaHQ/sigma-specification).
"""

import re
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from typing import Any, Final

import msgspec
import yaml

from waybillguard.sensor.evidence.event import Event

type Test = Callable[[Mapping[str, str]], bool]

_CHANNELS: Final = {
    "security": ("security",), "system": ("system",), "application": ("application",),
    "sysmon": ("microsoft-windows-sysmon/operational",), "powershell": ("microsoft-windows-powershell/operational",),
    "taskscheduler": ("microsoft-windows-taskscheduler/operational",),
    "printservice-operational": ("microsoft-windows-printservice/operational",),
    "printservice-admin": ("microsoft-windows-printservice/admin",),
    "terminalservices-localsessionmanager": ("microsoft-windows-terminalservices-localsessionmanager/operational",),
    "firewall-as": ("microsoft-windows-windows firewall with advanced security/firewall",),
    "windefend": ("microsoft-windows-windows defender/operational",),
}  # fmt: skip
_CATEGORIES: Final = {
    "process_creation": ("1", "4688"),
    "network_connection": ("3",),
    "registry_set": ("13",),
}
#: Field names of event 4688 for the Sysmon names that Sigma uses.
_SAME: Final = {
    "Image": "NewProcessName", "ParentImage": "ParentProcessName", "User": "SubjectUserName", "CommandLine": "CommandLine",
}  # fmt: skip
_TOKEN: Final = re.compile(r"\(|\)|[\w*]+")
#: Splits a text into wildcards, escaped characters and other text.
_PART: Final = re.compile(r"\\[*?\\]|.", re.DOTALL)
_MOST: Final = 200


class SigmaError(ValueError):
    """A rule is invalid or uses an unsupported feature, named in the text."""


class SigmaRule(msgspec.Struct, frozen=True):
    """A parsed rule."""

    title: str
    author: str
    test: Test

    def matches(self, event: Event) -> bool:
        """Return whether an event matches the rule."""
        return self.test(_fields(event))


def read_sigma(text: str) -> list[SigmaRule]:
    """Return the rules of a file.

    Raises:
        SigmaError: a rule is not for Windows events, or uses an unsupported feature.
    """
    try:
        documents = [one for one in yaml.safe_load_all(text) if one is not None]
    except (yaml.YAMLError, RecursionError) as error:
        raise SigmaError("no YAML") from error
    if not documents or not all(isinstance(one, dict) and "detection" in one for one in documents):
        raise SigmaError("no Sigma rule")
    return [_rule(one) for one in documents]


def _rule(body: dict[str, Any]) -> SigmaRule:
    detection = body["detection"]
    if not isinstance(detection, dict) or "condition" not in detection:
        raise SigmaError("no condition")
    if "timeframe" in detection or "correlation" in body:
        raise SigmaError("timeframe and correlation are not covered")
    parts = {str(name): _selection(value) for name, value in detection.items() if name != "condition"}
    conditions = detection["condition"]
    wanted = [
        _Condition(str(one), parts).read()
        for one in (conditions if isinstance(conditions, list) else [conditions])
    ]
    source = _source(body.get("logsource"))
    return SigmaRule(
        title=str(body.get("title", "Sigma"))[:_MOST],
        author=str(body.get("author", ""))[:_MOST],
        test=lambda fields: source(fields) and any(one(fields) for one in wanted),
    )


def _source(logsource: object) -> Test:
    if not isinstance(logsource, dict):
        raise SigmaError("no logsource")
    product = str(logsource.get("product", "windows")).lower()
    if product != "windows":
        raise SigmaError(f"product {product} is not covered")
    tests: list[Test] = []
    if service := str(logsource.get("service") or "").lower():
        if service not in _CHANNELS:
            raise SigmaError(f"service {service} is not covered")
        channels = _CHANNELS[service]
        tests.append(lambda fields: fields["Channel"].lower() in channels)
    if category := str(logsource.get("category") or "").lower():
        if category not in _CATEGORIES:
            raise SigmaError(f"category {category} is not covered")
        numbers = _CATEGORIES[category]
        tests.append(lambda fields: fields["EventID"] in numbers)
    return lambda fields: all(test(fields) for test in tests)


def _selection(value: object) -> Test:
    if isinstance(value, dict):
        tests = [_field(str(name), wanted) for name, wanted in value.items()]
        return lambda fields: all(test(fields) for test in tests)
    if isinstance(value, list):
        tests = [_selection(one) for one in value]
        return lambda fields: any(test(fields) for test in tests)
    words = str(value).lower()
    return lambda fields: any(words in one.lower() for one in fields.values())


def _field(key: str, wanted: object) -> Test:
    name, *modifiers = key.split("|")
    known = {"contains", "startswith", "endswith", "re", "all", "cased"}
    if unknown := set(modifiers) - known:
        raise SigmaError(f"modifier {', '.join(sorted(unknown))} is not covered")
    if wanted is None:
        return lambda fields: not fields.get(name)
    values = [str(one) for one in (wanted if isinstance(wanted, list) else [wanted])]
    tests = [_value(one, modifiers) for one in values]
    needed = all if "all" in modifiers else any
    return lambda fields: name in fields and needed(test(fields[name]) for test in tests)


def _value(wanted: str, modifiers: list[str]) -> Callable[[str], bool]:
    if "re" in modifiers:
        try:
            pattern = re.compile(wanted)
        except re.error as error:
            raise SigmaError("a regular expression cannot be read") from error
        return lambda value: pattern.search(value) is not None
    body = "".join(_plain(part) for part in _PART.findall(wanted))
    before = ".*" if {"contains", "endswith"} & set(modifiers) else ""
    after = ".*" if {"contains", "startswith"} & set(modifiers) else ""
    text = re.compile(before + body + after, re.DOTALL | (0 if "cased" in modifiers else re.IGNORECASE))
    return lambda value: text.fullmatch(value) is not None


def _plain(part: str) -> str:
    """Return a part of a Sigma text as a regular expression: a wildcard, an escaped character, or other text."""
    if part in {"*", "?"}:
        return ".*" if part == "*" else "."
    return re.escape(part[1:] if len(part) > 1 else part)


class _Condition:
    """Recursive-descent parser of a condition: or, and, not, brackets, quantifiers, names."""

    def __init__(self, text: str, parts: Mapping[str, Test]) -> None:
        if "|" in text:
            raise SigmaError("aggregations are not covered")
        self._tokens: list[str] = _TOKEN.findall(text)
        self._parts = parts

    def read(self) -> Test:
        test = self._either()
        if self._tokens:
            raise SigmaError("the condition cannot be read")
        return test

    def _either(self) -> Test:
        tests = [self._both()]
        while self._take("or"):
            tests.append(self._both())
        return lambda fields: any(test(fields) for test in tests)

    def _both(self) -> Test:
        tests = [self._one()]
        while self._take("and"):
            tests.append(self._one())
        return lambda fields: all(test(fields) for test in tests)

    def _one(self) -> Test:
        if self._take("not"):
            denied = self._one()
            return lambda fields: not denied(fields)
        if self._take("("):
            inner = self._either()
            if not self._take(")"):
                raise SigmaError("a bracket is missing")
            return inner
        word = self._next()
        if word in {"1", "all"} and self._take("of"):
            return self._several(word, self._next())
        if word not in self._parts:
            raise SigmaError("the condition names no selection")
        return self._parts[word]

    def _several(self, how_many: str, names: str) -> Test:
        chosen = [
            test for name, test in self._parts.items()
            if (names == "them" and not name.startswith("_")) or fnmatchcase(name, names)
        ]  # fmt: skip
        if not chosen:
            raise SigmaError("the condition names no selection")
        enough = any if how_many == "1" else all
        return lambda fields: enough(test(fields) for test in chosen)

    def _take(self, word: str) -> bool:
        if self._tokens and self._tokens[0].lower() == word:
            del self._tokens[0]
            return True
        return False

    def _next(self) -> str:
        if not self._tokens:
            raise SigmaError("the condition ends early")
        word = self._tokens.pop(0)
        return word.lower() if word.lower() in {"all", "them"} else word


def _fields(event: Event) -> dict[str, str]:
    fields = {name: event.fields[theirs] for name, theirs in _SAME.items() if theirs in event.fields}
    head = {"EventID": str(event.number), "Channel": event.channel, "Provider_Name": event.provider}
    return fields | event.fields | head
