"""Every text shown to people exists in both languages."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path

import polib
import pytest

ROOT = Path(__file__).resolve().parents[3]
SERVICE = ROOT / "src" / "waybillguard" / "service"
CATALOGUES = sorted(SERVICE.glob("*/locale/zh_Hans/LC_MESSAGES/django.po"))
TEMPLATES = sorted(path for folder in SERVICE.rglob("templates") for path in folder.rglob("*.html"))
HAN = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\((\w+)\)s")
TRANSLATED = re.compile(r"{%\s*blocktranslate.*?{%\s*endblocktranslate\s*%}", re.DOTALL)
COMMENTS = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}", re.DOTALL)
CLASSES = re.compile(r"{% block (?:body|main)_class %}.*?{% endblock %}")
TAGS = re.compile(r"{%.*?%}|{{.*?}}", re.DOTALL)
SPOKEN = ("aria-label", "title", "placeholder", "alt")
NAMES = frozenset(
    """
    Windows macOS Linux iOS iPadOS Android English 中文 dpi CSV A B C j k x p Enter Esc
    sudo cp waybillguard-authority.crt usr local share ca-certificates update-ca-certificates waybillguard
    login PDF Word SHA-256 OSCAL SIEM TLS https WG1-
    """.split()  # noqa: SIM905 - a list of words
)
"""Names, keys and commands that are the same in every language."""


def catalogue() -> list[polib.POEntry]:
    return [entry for path in CATALOGUES for entry in polib.pofile(str(path))]


def test_every_string_is_translated() -> None:
    assert [entry.msgid for entry in catalogue() if not entry.translated() or "fuzzy" in entry.flags] == []


def test_no_two_applications_translate_a_string_differently() -> None:
    words: dict[tuple[str, str], set[str]] = {}
    for entry in catalogue():
        said = words.setdefault((entry.msgctxt or "", entry.msgid), set())
        said.add(entry.msgstr or "".join(entry.msgstr_plural.values()))
    assert {text for (_, text), said in words.items() if len(said) > 1} == set()


def test_a_translation_keeps_its_placeholders() -> None:
    wrong = []
    for entry in catalogue():
        for text in entry.msgstr_plural.values() if entry.msgid_plural else [entry.msgstr]:
            if set(PLACEHOLDER.findall(text)) != set(PLACEHOLDER.findall(entry.msgid_plural or entry.msgid)):
                wrong += [entry.msgid]
    assert wrong == []


OTHER_WORDS = "账本 补打 重新打印 承运商 用户名 商品类别 班长 订单库 密库 警报 报警器 alarm workstation username".split()  # noqa: SIM905
"""Words for which the glossary has another one."""


def test_a_thing_has_one_word() -> None:
    said = " ".join(
        " ".join((entry.msgid, entry.msgstr, *entry.msgstr_plural.values())) for entry in catalogue()
    )
    assert [word for word in OTHER_WORDS if word in said.lower()] == []


def test_chinese_reads_chinese() -> None:
    same = {
        entry.msgid
        for entry in catalogue()
        if not HAN.search(entry.msgstr or "".join(entry.msgstr_plural.values()))
    }
    assert same - NAMES - {", "} == set()


def test_the_committed_catalogues_are_what_the_sources_give() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "messages"), "--check"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


class _Spoken(HTMLParser):
    """Collects the texts of a template."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.found += [value for name, value in attrs if name in SPOKEN and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.found.append(data)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda p: p.relative_to(SERVICE).as_posix())
def test_a_template_says_nothing_outside_translate_tags(path: Path) -> None:
    text = TAGS.sub(
        " ", TRANSLATED.sub(" ", CLASSES.sub(" ", COMMENTS.sub(" ", path.read_text(encoding="utf-8"))))
    )
    parser = _Spoken()
    parser.feed(text)
    words = {word for piece in parser.found for word in re.findall(r"[A-Za-z\u3400-\u9fff][\w.-]*", piece)}
    # A sort code in the drawn example is a picture, not a word.
    assert words - NAMES - {"B12-07", "B12"} == set()


def test_python_shows_no_chinese_outside_models_and_errors() -> None:
    shown = []
    for path in sorted((SERVICE / "web").glob("*.py")) + sorted((SERVICE / "people").glob("*.py")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if HAN.search(line) and "万" not in line and not {"migrations", "errors.py"} & set(path.parts):
                shown.append(f"{path.name}:{number}")
    assert shown == []
