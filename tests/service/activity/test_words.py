"""Every purpose that the service itself records has words on the pages."""

import ast
from pathlib import Path

from django.utils import translation

import waybillguard.service
from waybillguard.access.vocabulary import purposes
from waybillguard.service.activity.templatetags.activity import account_name
from waybillguard.service.activity.words import PURPOSES


def recorded_purposes() -> set[str]:
    calls = (
        node
        for path in Path(waybillguard.service.__path__[0]).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"record", "record_event"}
    )
    return {
        str(word.value.value)
        for call in calls
        for word in call.keywords
        if word.arg == "purpose" and isinstance(word.value, ast.Constant)
    }


def test_no_recorded_purpose_reaches_a_page_as_a_code() -> None:
    found = recorded_purposes()
    assert "label_picture" in found
    assert found - set(PURPOSES) - set(purposes()) == set()


def test_a_carriers_interface_is_not_shown_as_a_code() -> None:
    with translation.override("en"):
        assert account_name("carrier:sf") == "Carrier's interface sf"
    assert account_name("kf01") == "kf01"
