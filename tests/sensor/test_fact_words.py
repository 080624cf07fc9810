"""Every possible fact code has a translation in both languages: kinds, marks, acts, and codes from the rules."""

import ast
import json
import re
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import get_args

import pytest
from typer.testing import CliRunner

from waybillguard.cli.sensor import app
from waybillguard.sensor import rules
from waybillguard.sensor.catalogue import FactType, Mark
from waybillguard.sensor.fact_words import in_words, known_words
from waybillguard.sensor.observation import Kind
from waybillguard.sensor.parts import command_acts
from waybillguard.sensor.rules.commands import _RUNS
from waybillguard.sensor.rules.entry import _ZH
from waybillguard.sensor.rules.hooks import _HOOKS
from waybillguard.sensor.rules.starts import _ENGLISH
from waybillguard.sensor.rules.system import _SETTINGS
from waybillguard.sensor.rules.tools import _REASONS

KINDS = get_args(Kind.__value__)
ACTS = [act.code for act in command_acts()]
# The expressions inside codes, with all their possible values.
PLACES = {
    "each.kind": KINDS,
    "seen.kind": KINDS,
    "rows[0].kind": KINDS,
    "rows[-1].kind": KINDS,
    "kind": tuple(_ZH),
    "why[0]": tuple(_ENGLISH),
    "act.code": tuple(ACTS),
    "what": tuple(_RUNS),
    "place": tuple(_HOOKS),
    "reason": tuple(_REASONS),
    "name": (*_SETTINGS, "names_spool", "records_work"),
    "match.type": get_args(FactType.__value__),
    "match.mark": get_args(Mark.__value__),
    "'+'.join(each.marks)": ("manifest", "unpacked", "registry", "user_script", "manifest+registry"),
    "each.port": ("13528",),
    "seen.name": ("local_proxy", "outside_proxy", "proxy_script", "forced_extension"),
    "f'hook:{seen.name}'": tuple(f"hook:{place}" for place in _HOOKS),
    "f'session:{each.name}'": ("session:4778", "session:4779", "session:24", "session:25"),
    "f'attempts:{each.name}:{each.count}'": tuple(
        f"attempts:{name}:37" for name in ("4625", "4825", "131", "140", "ssh")
    ),
}
NUMBERS = {"13528", "37"}


def written(node: ast.expr) -> list[str]:
    """Return all possible values of an expression in a code; fails for an expression that is not listed here."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.IfExp():
            return written(node.body) + written(node.orelse)
        case ast.FormattedValue():
            return written(node.value)
        case ast.JoinedStr() if ast.unparse(node) not in PLACES:
            texts = [""]
            for part in node.values:
                texts = [text + more for text in texts for more in written(part)]
            return texts
    return list(PLACES[ast.unparse(node)])


def codes_of_rules() -> Iterator[str]:
    for path in sorted(Path(rules.__path__[0]).glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.Call(func=ast.Name(id="fact"), args=[_, code]):
                    yield from written(code)
                case ast.Call(func=ast.Name(id="Fact"), keywords=[ast.keyword(arg="fact", value=code), *_]):
                    yield from written(code)


CODES = sorted({*codes_of_rules(), *(f"{kind}:{act}" for kind in KINDS for act in ACTS)})


def without_words(code: str) -> list[str]:
    """Return the parts of a code that appear untranslated in its Chinese phrase."""
    parts = [part for part in re.split(r"[:+]", code) if part not in NUMBERS]
    phrase = in_words(code, "zh")
    return [part for part in parts if re.search(rf"(?<![\w/]){part}(?!\w)", phrase, re.ASCII)]


def test_the_rules_write_the_codes_that_are_known_from_frozen_pcs() -> None:
    known = {"service:own_place", "host_named:domain:documented", "setting:rdp_shadow", "listener:13528", "hidden_place",
             "out_of_shift:usb_storage", "session", "log_cleared_near", "hook:com_class", "script:uploads", "renamed"}  # fmt: skip
    assert known <= set(CODES)


def test_every_code_that_a_rule_can_write_has_words_in_both_languages() -> None:
    assert {code: left for code in CODES if (left := without_words(code))} == {}


def test_the_words_are_chinese_and_english_and_each_part_has_its_own() -> None:
    words = known_words()
    for zh, en in chain.from_iterable(
        table.values() for table in (words.kinds, words.types, words.marks, words.special)
    ):
        assert re.search(r"[\u4e00-\u9fff]", zh), en
        assert en.isascii(), zh
        assert not re.search(r"[a-z]_[a-z]", zh + en)
    assert set(KINDS) <= set(words.kinds)
    assert set(get_args(FactType.__value__)) == set(words.types)
    assert set(get_args(Mark.__value__)) == set(words.marks)


def test_no_words_are_kept_for_codes_that_nobody_writes() -> None:
    written_parts = {part for code in CODES for part in re.split(r"[:+]", code)} | set(CODES)
    for key in known_words().special:
        assert key in written_parts or any(code.startswith(f"{key}:") for code in CODES), key


@pytest.mark.parametrize(
    ("code", "zh", "en"),
    [
        ("service:own_place", "服务：程序放在个人能写的位置", "Service: the program lies where people can write"),
        (
            "host_named:domain:documented",
            "文字中提到的网址：域名属于该工具（依据公开资料）",
            "Host named in a text: the domain is the tool's (by published sources)",
        ),
        ("listener:13528", "监听端口：13528", "Listening port: 13528"),
        ("attempts:4625:37", "远程登录尝试：登录失败（37 次）", "Attempts to sign in remotely: refused (37 times)"),
        (
            "extension:manifest+registry",
            "浏览器扩展：扩展的说明文件、由注册表加进浏览器",
            "Browser extension: the extension's manifest, added to the browser by the registry",
        ),
        ("extension:", "浏览器扩展", "Browser extension"),
        ("hosts_entry", "hosts 文件改了网址的去向", "The hosts file leads a name elsewhere"),
    ],
)  # fmt: skip
def test_a_code_reads_as_a_phrase(code: str, zh: str, en: str) -> None:
    assert (in_words(code, "zh"), in_words(code, "en")) == (zh, en)


@pytest.mark.parametrize("code", ["", ":", "::", "newer", "newer:file:observed"])
def test_a_code_of_a_kind_that_is_not_known_stays_as_it_is(code: str) -> None:
    assert in_words(code, "zh") == in_words(code, "en") == code


def test_a_part_that_is_not_known_stays_beside_the_words() -> None:
    assert in_words("service:newer:last", "zh") == "服务：newer（last）"


def test_the_report_and_the_command_tell_facts_in_words_and_the_time_of_the_pc(tmp_path: Path) -> None:
    pc = Path(__file__).parents[1] / "cases/sensor_ninth/planted/win-07-relay-on-component-port/pc"
    out, report = tmp_path / "out.json", tmp_path / "report.html"
    done = CliRunner().invoke(app, ["examine", str(pc), "--json", str(out), "--report", str(report)])
    page = report.read_text("utf-8")
    assert "    监听端口：16888（netstat-ano.txt line 6）" in done.stderr
    assert "<td>监听端口：16888</td>" in page
    assert "<td>程序运行：属于同一个程序</td><td>2026-11-18 08:03:12</td>" in page
    codes = {fact["fact"] for each in json.loads(out.read_bytes())["findings"] for fact in each["facts"]}
    assert "listener:16888" in codes
    assert not [code for code in codes if code in page + done.output]
