"""An error about a missing extra contains an install command that works in the current environment."""

import importlib.metadata
import sys
from types import SimpleNamespace

import pytest

from waybillguard import extras


def test_an_environment_without_pip_is_told_to_use_uv(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "find_spec", lambda _name: None)
    assert extras.install_command("ocr").startswith(f"uv pip install --python {sys.executable} ")


def test_where_only_the_tools_are_installed_the_extra_is_theirs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extras, "distribution", lambda name: SimpleNamespace(name=name))
    monkeypatch.setattr(extras, "find_spec", lambda _name: SimpleNamespace())
    assert extras.install_command("ocr") == f"{sys.executable} -m pip install 'waybillguard-tools[ocr]'"


def test_the_whole_program_names_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise importlib.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(extras, "distribution", missing)
    assert extras.install_command("saml").endswith(" 'waybillguard[saml]'")
