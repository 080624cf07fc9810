"""Every purpose recorded by the service has a label on the pages."""

import ast
from pathlib import Path

from django.utils import translation

import waybillguard.service
from waybillguard.access.vocabulary import purposes
from waybillguard.service.activity.names import Names
from waybillguard.service.activity.words import PURPOSES
from waybillguard.service.platform import words


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


def test_what_acts_for_no_person_and_places_without_a_name_are_not_shown_as_codes() -> None:
    accounts = Names({}, {"u7": "小孙"}, words.account)
    with translation.override("zh-hans"):
        shown = [accounts.shown(one) for one in ("carrier:sf", "buyer", "room:3", "u7", "kf01")]
        places = [
            words.station(one) for one in ("console", "browser-ecd2732a", "town:5", "joint:2", "打包台 1")
        ]
    assert shown == ["快递公司接口 sf", "买家", "案件室访客", "小孙", "kf01"]
    assert places == ["控制台", "浏览器 ecd2732a", "辖区中心", "辖区中心", "打包台 1"]
