"""What the pages tell people to type, set, open or look for is there under that name."""

import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import typer
from django.utils import translation

from waybillguard.cli import program
from waybillguard.service.identity.machine_keys.scopes import SCOPES
from waybillguard.service.platform.navigation import GROUP_NAMES, entries

HERE = Path(__file__)
ROOT = HERE.parents[2]
LANGUAGES = {"en": "en", "zh": "zh-hans"}
PAGES = sorted(
    path
    for path in [*ROOT.glob("*.md"), *(ROOT / "docs").glob("[ez][nh]/**/*.md")]
    if "adr" not in path.parts and path.name != "CHANGELOG.md"
)
TEXTS = {str(path.relative_to(ROOT)): path.read_text("utf-8") for path in PAGES}


def commands() -> dict[tuple[str, ...], set[str]]:
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(command: Any, words: tuple[str, ...]) -> None:
        found[words] = {word for one in command.params for word in (*one.opts, *one.secondary_opts)}
        for name, inner in getattr(command, "commands", {}).items():
            walk(inner, (*words, name))

    walk(typer.main.get_command(program()), ())
    return found


COMMANDS = commands()


@pytest.mark.parametrize("name", TEXTS)
def test_a_command_on_a_page_exists_with_its_options(name: str) -> None:
    text = TEXTS[name].replace("\\\n", " ")
    for line in re.findall(r"(?m)(?:^|`|bin/)waybillguard ((?!-)[a-z][^`\n]*)", text):
        words: tuple[str, ...] = ()
        for word in line.split():
            if (*words, word) not in COMMANDS:
                break
            words = (*words, word)
        assert words, f"{name}: waybillguard {line}"
        words = ("trace", "events") if words == ("trace",) else words  # the short form
        known = COMMANDS[words] | {"--help"}
        used = set(re.findall(r"(?<!\S)\[?(--[a-z][a-z-]*)", line))
        assert used <= known, f"{name}: waybillguard {line}: {used - known}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_of_the_shell_names_every_command_and_no_other(language: str) -> None:
    text = TEXTS[f"docs/{language}/rooms/shell.md"]
    named = set(re.findall(r"`([a-z]+)", text))
    there = {words[0] for words in COMMANDS if words}
    assert there <= named
    assert set(re.findall(r"(?m)^\| `([a-z]+)", text)) <= there


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_of_the_source_that_a_page_names_exists(name: str) -> None:
    for path in re.findall(r"`((?:tests|scripts|benchmarks|deploy|requirements)/[\w./-]+)`", TEXTS[name]):
        if "APP" not in path:
            assert (ROOT / path).exists(), f"{name}: {path}"


@cache
def sources() -> str:
    folders = ("src", "tests", "benchmarks")
    return "".join(
        one.read_text("utf-8") for folder in folders for one in (ROOT / folder).rglob("*.py") if one != HERE
    )


@pytest.mark.parametrize("name", TEXTS)
def test_a_setting_that_a_page_names_is_read_somewhere(name: str) -> None:
    for variable in set(re.findall(r"WAYBILLGUARD_[A-Z_]+", TEXTS[name])):
        assert variable in sources(), f"{name}: {variable}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_for_integrators_names_every_scope(language: str) -> None:
    named = re.findall(r"(?m)^\| `([a-z]+)` \|", TEXTS[f"docs/{language}/integrate.md"])
    assert named == list(SCOPES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_way_through_the_menu_is_one_that_the_menu_has(language: str) -> None:
    with translation.override(LANGUAGES[language]):
        ways = {
            way
            for entry in entries()
            for way in (
                (str(GROUP_NAMES[entry.group]), str(entry.label)),
                *((str(entry.label), str(tab.label)) for tab in entry.tabs),
            )
        }
    told = {
        (page, (first, second))
        for page, text in TEXTS.items()
        if page.startswith(f"docs/{language}")
        for first, second in re.findall(r"[*“]([^*“”→\n]+) → ([^*“”→\n]+)[*”]", text)
    }
    assert told
    assert not sorted(one for one in told if one[1] not in ways)
