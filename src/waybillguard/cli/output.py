"""Output of commands: results go to standard output or a file, everything else to standard error.

Every text of a command is written in both languages, ``中文 / English``. The environment selects one (``LC_ALL``,
``LC_MESSAGES``, ``LANG``: POSIX, "Internationalization Variables"). If it names no language (unset, ``C``,
``POSIX``), both are printed.
"""

import contextlib
import os
import re
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, Any, Final, Never

import typer

from waybillguard.cli.chinese import HELP
from waybillguard.errors import WaybillGuardError, reason_in_chinese

DONE, FOUND, USAGE, FAULT = 0, 1, 2, 3


_BETWEEN: Final = re.compile(r"\s[/·]\s|(?<=）)/\s")
_CHINESE: Final = re.compile(r"[\u4e00-\u9fff]")


def language() -> str:
    """Return the language that the environment names (``zh``, ``en``), or an empty string."""
    named = next(filter(None, map(os.environ.get, ("LC_ALL", "LC_MESSAGES", "LANG"))), "")
    tag = named.partition(".")[0].partition("_")[0].lower()
    return "" if tag in {"c", "posix"} else tag and ("zh" if tag == "zh" else "en")


def one_language(text: str) -> str:
    """Return the selected language of a text ``中文 / English``, or of alternating lines 中文, English.

    An ambiguous text (its data contains Chinese or a slash) is returned unchanged.
    """
    if not (wanted := language()):
        return text
    lines = text.split("\n")
    pairs = list(zip(lines[::2], lines[1::2], strict=False))
    if len(lines) == 2 * len(pairs) and all(
        _CHINESE.search(zh) and not _CHINESE.search(en) for zh, en in pairs
    ):
        return "\n".join(zh if wanted == "zh" else en for zh, en in pairs)
    places = [match.span() for match in _BETWEEN.finditer(text)]
    for start, end in places:
        zh, en = text[:start], text[end:]
        if _CHINESE.search(zh) and (len(places) == 1 or not _CHINESE.search(en)):
            return zh if wanted == "zh" else en
    return text


def speak_one_language(command: Any) -> None:  # noqa: ANN401 - typer keeps its classes to itself
    """Translate the help of a command, its options and its subcommands to the language of the environment."""
    command.help, command.short_help = (text and _help(text) for text in (command.help, command.short_help))
    for parameter in command.params:
        if help_text := getattr(parameter, "help", None):
            parameter.help = _help(help_text)
    for child in getattr(command, "commands", {}).values():
        speak_one_language(child)


def _help(text: str) -> str:
    """Return a help text in one language, capitalised, without full stop after a paragraph of one sentence."""
    chosen = one_language(text)
    if chosen == text:
        return HELP.get(text, text) if language() == "zh" else text
    paragraphs = [part if ". " in part else part.removesuffix(".") for part in chosen.split("\n\n")]
    return chosen[0].upper() + "\n\n".join(paragraphs)[1:]


def say(text: str) -> None:
    """Write a message to standard error."""
    sys.stderr.write(one_language(text) + "\n")
    sys.stderr.flush()


def say_error(error: WaybillGuardError, *, of: str = "") -> None:
    """Write an error to standard error, prefixed with the name of its file."""
    before = f"{of}: " if of else ""
    for text, tag in ((error.zh, "zh"), (error.en, "en")):
        if language() in {"", tag}:
            sys.stderr.write(f"{before}{text}\n")
    sys.stderr.flush()


def fail(error: WaybillGuardError) -> Never:
    """Write an error and exit with status 2.

    Raises:
        typer.Exit: always.
    """
    say_error(error)
    raise typer.Exit(USAGE)


def refuse_output_over(target: str, read: Iterable[Path]) -> None:
    """Exit with an error if the output would overwrite one of the input files ``read``."""
    path = Path(target)
    if target != "-" and any(_is_same(path, file) for file in read):
        say(
            f"{path} 是要读取的文件，不能又作为输出：请换一个文件名；文件未改动"
            f" / {path} is a file to be read: give another name for the output; nothing was changed"
        )
        raise typer.Exit(USAGE)


def _is_same(one: Path, other: Path) -> bool:
    try:
        return one.samefile(other)
    except OSError:
        return False


@contextlib.contextmanager
def json_out(target: str, *, read: Iterable[Path] = ()) -> Iterator[IO[bytes]]:
    """Open the target of JSON output: ``-`` is standard output; a file gets mode 0600.

    Exits with an error if the target is one of the input files ``read``.
    """
    if target == "-":
        yield sys.stdout.buffer
        sys.stdout.buffer.flush()
        return
    path = Path(target)
    refuse_output_over(target, read)
    try:
        handle = path.open("wb")
    except OSError as error:
        say(f"无法写入 {path}：{reason_in_chinese(error)} / cannot write {path}: {error.strerror}")
        raise typer.Exit(USAGE) from None
    with handle:
        if path.is_file():  # not for a device: as root this would make /dev/null unusable for other users
            path.chmod(0o600)
        yield handle
