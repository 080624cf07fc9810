"""Checks every entry of the catalogue: schema, marks, sources, and names that are specific enough."""

import json
import re
from importlib.resources import files
from pathlib import Path

import pytest

from waybillguard.sensor.case import Case
from waybillguard.sensor.catalogue import catalogue, read_tools
from waybillguard.sensor.evidence.tool_logs import PARSERS
from waybillguard.sensor.harden import items
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.rules import judge
from waybillguard.sensor.rules.print_stream import print_parts_known


def _seen(kind: str, **values: object) -> Observation:
    return Observation(kind=kind, file="f", record=str(values), **values)  # type: ignore[arg-type]


def test_each_tool_has_facts_whose_marks_name_a_source() -> None:
    for tool in read_tools():
        assert {mark for mark, _, _ in tool.facts()} <= set(tool.sources), tool.id


def test_a_parser_stands_beside_a_cited_line_format() -> None:
    for tool in read_tools():
        if tool.parser:
            assert tool.parser in PARSERS
            assert len(tool.line_format) > 40, tool.id


def test_one_file_a_hand_written_tool() -> None:
    folder = Path(str(files("waybillguard.sensor") / "data" / "tools"))
    known = catalogue().by_id
    assert all(path.stem in known for path in folder.glob("*.yaml"))


@pytest.mark.data
def test_every_tool_of_the_source_is_in_the_catalogue(test_data: Path) -> None:
    entries = json.loads((test_data / "remote-tools/lolrmm-facts.json").read_text("utf-8"))
    have = {
        re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
        for tool in read_tools()
        for name in (tool.name, tool.id)
    }
    assert {re.sub(r"[^a-z0-9]+", "-", entry["name"].lower()).strip("-") for entry in entries} - have == set()


@pytest.mark.parametrize(
    "path",
    [
        r"c:\windows\system32\dwm.exe",
        r"d:\a\installer.exe",
        r"c:\program files\tencent\qq\bin\qq.exe",
        r"c:\windows\system32\mstsc.exe",
    ],
)
def test_names_that_many_programs_share_say_nothing_alone(path: str) -> None:
    assert judge(Case([_seen("program_run", path=path, name=path.rpartition("\\")[2])])) == ()


def test_an_assumed_fact_never_makes_more_than_a_low_finding() -> None:
    case = Case(
        [
            _seen("service_installed", name="Sainbox", path=r"c:\windows\system32\svchost.exe"),
            _seen(
                "service",
                name="Sainbox",
                path=r"c:\windows\system32\svchost.exe",
                command="svchost -k netsvcs",
            ),
        ]
    )
    assert [finding.severity for finding in judge(case) if finding.kind == "attack_tool"] == ["low"]


def test_the_hardening_list_says_why_and_what_it_disturbs() -> None:
    assert all(item.why_zh and item.disturbs_zh and item.why_en and item.disturbs_en for item in items())
    assert all(item.how_zh or item.windows or item.linux for item in items())


def test_the_print_components_ports_are_known() -> None:
    assert {13528, 13529, 5000, 18653, 16888, 16889, 28613, 28713, 28813, 12705} <= set(
        print_parts_known().ports
    )
