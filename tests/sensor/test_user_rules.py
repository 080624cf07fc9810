"""YARA and Sigma rules from the user's folder."""

import importlib.util
from pathlib import Path

import pytest
from support.missing import missing

from waybillguard.sensor import examine
from waybillguard.sensor.evidence import user_rules
from waybillguard.sensor.evidence.event import Event
from waybillguard.sensor.evidence.sigma import SigmaError, read_sigma
from waybillguard.sensor.evidence.user_rules import RulesError

YARA = """rule Print_Tap { meta: author = "测试人甲" strings: $a = "tap-marker-778" condition: $a }
rule Other { strings: $a = "never-there" condition: $a }"""
SIGMA = """title: Odd service
author: 测试人乙
logsource: {product: windows, service: system}
detection:
  selection: {EventID: 7045, ServiceName|contains: tap}
  filter: {ImagePath|startswith: 'C:\\Windows\\'}
  condition: selection and not filter
"""
EXPORT = """<Event xmlns="http://schemas.microsoft.com/win/2004/08/events/event"><System>
<Provider Name="Service Control Manager"/><EventID>7045</EventID><EventRecordID>12</EventRecordID>
<TimeCreated SystemTime="2026-05-03T11:58:07Z"/><Channel>System</Channel></System>
<EventData><Data Name="ServiceName">print TAP 3</Data><Data Name="ImagePath">{path}</Data></EventData></Event>"""


def event(number: int = 4688, channel: str = "Security", **fields: str) -> Event:
    return Event("x.evtx", "1", None, "microsoft-windows-security-auditing", number, channel, fields)


def rule(detection: str, source: str = "{product: windows, service: security}") -> str:
    return f"title: t\nlogsource: {source}\ndetection: {detection}\n"


@pytest.fixture
def evidence(tmp_path: Path) -> Path:
    folder = tmp_path / "evidence"
    folder.mkdir()
    (folder / "tool.bin").write_bytes(b"\0\1tap-marker-778\0")
    (folder / "system.xml").write_text(EXPORT.format(path="D:\\t\\tap.exe"))
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    return folder


def matched(evidence: Path, rules: Path) -> dict[str, str]:
    found, _ = examine([str(evidence)], rules=str(rules))
    return {one.tool: one.detail_zh for one in found.findings if one.kind == "rule_match"}


def test_a_sigma_rule_finds_its_event_and_names_its_author(evidence: Path, rules: Path) -> None:
    (rules / "odd.yml").write_text(SIGMA)
    assert matched(evidence, rules) == {"Odd service": "规则“Odd service”命中（来源：测试人乙）。"}


def test_a_filter_of_a_sigma_rule_holds(evidence: Path, rules: Path) -> None:
    (evidence / "system.xml").write_text(EXPORT.format(path="C:\\Windows\\tap.exe"))
    (rules / "odd.yml").write_text(SIGMA)
    assert matched(evidence, rules) == {}


def test_a_yara_rule_finds_its_file_and_names_its_author(evidence: Path, rules: Path) -> None:
    if importlib.util.find_spec("yara_x") is None:
        missing("yara-x", "pip install 'waybillguard[yara]'")
    (rules / "tap.yar").write_text(YARA)
    assert matched(evidence, rules) == {"Print_Tap": "规则“Print_Tap”命中（来源：测试人甲）。"}


def test_without_yara_x_it_is_said_what_to_install(
    evidence: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (rules / "tap.yar").write_text(YARA)
    monkeypatch.setattr(user_rules, "find_spec", lambda _name: None)
    with pytest.raises(RulesError, match="pip install"):
        examine([str(evidence)], rules=str(rules))


def test_a_folder_without_rules_is_refused(evidence: Path, rules: Path) -> None:
    with pytest.raises(RulesError):
        examine([str(evidence)], rules=str(rules))


def test_a_rule_that_needs_what_is_not_covered_is_a_loss_with_its_name(evidence: Path, rules: Path) -> None:
    (rules / "odd.yml").write_text(SIGMA)
    (rules / "count.yml").write_text(rule("{s: {EventID: 1}, condition: s | count() > 3}"))
    found, _ = examine([str(evidence)], rules=str(rules))
    assert [loss.file for loss in found.losses if "not applied" in loss.reason] == ["count.yml"]
    assert any(one.kind == "rule_match" for one in found.findings)


@pytest.mark.parametrize(
    ("detection", "fields", "matches"),
    [
        (
            "{s: {Image|endswith: '\\\\todesk.exe'}, condition: s}",
            {"NewProcessName": "C:\\x\\ToDesk.exe"},
            True,
        ),
        ("{s: {CommandLine|contains|all: [a, b]}, condition: s}", {"CommandLine": "xaybz"}, True),
        ("{s: {CommandLine|contains|all: [a, b]}, condition: s}", {"CommandLine": "xayz"}, False),
        ("{s: {CommandLine|re: 'a[0-9]{2}'}, condition: s}", {"CommandLine": "a12"}, True),
        ("{s: {CommandLine: '*?x'}, condition: s}", {"CommandLine": "abx"}, True),
        (r"{s: {CommandLine: 'a\*b'}, condition: s}", {"CommandLine": "axb"}, False),
        (r"{s: {CommandLine: 'c:\*'}, condition: s}", {"CommandLine": "c:*"}, True),
        ("{s: {CommandLine: '[x]'}, condition: s}", {"CommandLine": "x"}, False),
        ("{s: [{A: '1'}, {B: '2'}], condition: s}", {"B": "2"}, True),
        ("{s: [word], condition: s}", {"B": "a Word here"}, True),
        ("{a1: {A: '1'}, a2: {A: '2'}, condition: 1 of a*}", {"A": "2"}, True),
        ("{a1: {A: '1'}, a2: {B: '2'}, condition: all of them}", {"A": "1"}, False),
        ("{a: {A: '1'}, b: {B: '2'}, condition: not (a or b)}", {"A": "3"}, True),
        ("{a: {A: null}, condition: a}", {"B": "3"}, True),
    ],
)
def test_selections_and_conditions_hold(detection: str, fields: dict[str, str], matches: bool) -> None:
    (one,) = read_sigma(rule(detection))
    assert one.matches(event(**fields)) is matches


def test_a_rule_of_another_channel_says_nothing() -> None:
    (one,) = read_sigma(rule("{s: {A: '1'}, condition: s}"))
    assert not one.matches(event(channel="System", A="1"))


@pytest.mark.parametrize(
    "text",
    [
        "[",
        "a: 1",
        rule("{s: {A|base64offset: x}, condition: s}"),
        rule("{s: {A: x}, condition: other}"),
        rule("{s: {A: x}, condition: (s}"),
        rule("{s: {A|re: '('}, condition: s}"),
        rule("{s: {A: x}, condition: s}", "{product: linux}"),
        rule("{s: {A: x}, condition: s}", "{category: dns_query}"),
    ],
)
def test_what_is_no_rule_or_not_covered_is_refused(text: str) -> None:
    with pytest.raises(SigmaError):
        read_sigma(text)
