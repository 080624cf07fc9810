"""The twelve-item sheet: one page, with the same items before and after."""

from datetime import timedelta

import msgspec
import pytest
from support.inspecting import CLOCK, CONTROLS, NOW, all_green, evidence_for, red_facts

from waybillguard.documents import to_html, to_pdf, to_word
from waybillguard.inspect import Clock, Inspection, Organisation, Status, catalogue, inspect
from waybillguard.inspect.sheet import compare, fill, items, sheet_document


def run(*red: str, later: bool = False) -> Inspection:
    evidence = [one for one in all_green() if one.control not in red]
    evidence += [evidence_for(CONTROLS[name], next(red_facts(CONTROLS[name]))[1]) for name in red]
    clock = Clock(NOW + timedelta(minutes=1)) if later else CLOCK
    return inspect(catalogue(), Organisation("测试仓库"), evidence, clock)


def test_twelve_items_take_twenty_minutes_and_cover_the_four_gaps() -> None:
    assert [item.number for item in items()] == list(range(1, 13))
    assert sum(item.minutes for item in items()) == 20
    assert {item.gap for item in items()} == catalogue().bodies.common_gaps.keys()


def test_every_item_rests_on_controls_and_names_authority_and_owner() -> None:
    for item in items():
        assert set(item.controls) <= CONTROLS.keys()
        assert item.authority in catalogue().bodies.authorities
        assert item.owner in catalogue().bodies.owners


def test_an_item_is_as_good_as_its_worst_control() -> None:
    lines = fill(run("LBL-02").verdicts)
    assert lines[0].status is Status.NOT_SATISFIED
    assert lines[0].open_controls == ("LBL-02",)
    assert fill([])[0].status is Status.NO_EVIDENCE


def test_before_and_after_are_the_same_items() -> None:
    compared = compare(run("LBL-02", "EPT-01"), run("EPT-01", later=True))
    assert compared.mended == 1
    assert [before.item for before, _ in compared.lines] == [after.item for _, after in compared.lines]


def test_cleaning_up_only_what_the_sheet_names_is_seen() -> None:
    after = run("SEC-03", later=True)
    assert compare(run(), after).elsewhere == ("SEC-03",)
    assert "检查表以外另有 1 项不符合：SEC-03" in to_html(sheet_document("测试仓库", [run(), after]))


def test_runs_out_of_order_are_refused() -> None:
    with pytest.raises(ValueError, match="not later"):
        compare(run(), run())


def test_the_sheet_fits_one_page_when_blank_and_becomes_word() -> None:
    blank = sheet_document("测试仓库")
    assert b"/Count 1" in to_pdf(blank)
    assert to_word(blank).startswith(b"PK")


def test_the_sheet_never_calls_anything_illegal() -> None:
    page = to_html(sheet_document("测试仓库", [run("LBL-02")]))
    assert "违法" not in page.replace("不作违法认定", "")
    assert "自报" in page
    assert msgspec.json.encode(run()) == msgspec.json.encode(run())
