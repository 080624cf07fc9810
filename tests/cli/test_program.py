"""Modules that the command line imports."""

import subprocess
import sys

import typer

from waybillguard.cli import program


def names(word: str = "") -> list[str]:
    return list(typer.main.get_command(program(word)).commands)  # type: ignore[attr-defined]


def test_a_commands_name_gives_it_alone_and_any_other_word_all() -> None:
    every = names()
    assert [names(word) for word in every] == [[word] for word in every]
    assert names("--help") == names("no such command") == every


def test_a_command_starts_without_what_only_its_neighbours_need() -> None:
    loaded = "import sys; from waybillguard.cli import program; program('detect'); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True)
    assert not {"httpx", "cryptography", "duckdb", "numpy"} & set(done.stdout.split())
