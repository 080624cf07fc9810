"""The data files of the platforms' calls: every row is read, has a source, and is valid."""

import csv
import re
from collections.abc import Iterator

import pytest
from support.codes import has_code

from waybillguard.access.platforms import Limit, PlatformError, platforms, scene_of, surface
from waybillguard.access.platforms.surface import limits
from waybillguard.access.vocabulary import data_rows, data_text, purposes
from waybillguard.orders.headers import _rows as order_rows

FACTS = {
    "method", "list", "batch", "order", "cipher", "scene", "operator", "constant", "masked", "answers", "answer_order",
    "answer_cipher", "plain", "name", "phone", "phone_2", "address", "inside", "code", "ok", "rule", "until",
}  # fmt: skip
FILES = ("surface", "scenes", "limits", "refusals")


def rows(name: str) -> Iterator[dict[str, str]]:
    return data_rows(f"platforms/{name}.csv")


@pytest.mark.parametrize("name", FILES)
def test_every_row_names_its_source_and_date(name: str) -> None:
    for row in rows(name):
        assert None not in row.values()
        assert None not in row
        assert len(row["source"]) > 15, row
        assert re.fullmatch(r"20\d\d(-\d\d(-\d\d)?)?", row["dated"]), row


def test_every_fact_is_known_and_stands_once() -> None:
    seen = set()
    for row in rows("surface"):
        assert row["fact"] in FACTS, row
        assert row["call"] in {"mask", "decrypt"}
        assert row["value"]
        key = (row["platform"], row["call"], row["fact"])
        assert key not in seen
        seen.add(key)


def test_every_platform_has_both_calls_and_a_lot_it_takes() -> None:
    for platform in platforms():
        asked = surface(platform, "decrypt")
        assert asked.method
        assert asked.path
        assert 1 <= asked.batch <= 100
        assert asked.order
        assert asked.cipher
        masked = surface(platform, "mask")
        assert masked.with_order != bool(masked.method)
        if asked.answers:
            assert bool(asked.plain) != bool(asked.parts)


def test_platforms_are_those_that_exports_name() -> None:
    text = data_text("platforms/surface.csv")
    assert text.startswith("#")
    known = {row["key"] for row in order_rows("headers_platforms.csv")} | {"dangdang"}
    assert set(platforms()) <= known


def test_every_scene_is_of_a_purpose_of_ours_and_a_platform_that_asks() -> None:
    asking = {name for name in platforms() if surface(name, "decrypt").scene}
    found = set()
    for row in rows("scenes"):
        assert row["purpose"] in purposes()
        assert row["platform"] in asking
        assert row["one"].isdigit()
        assert row["many"].isdigit()
        found.add(row["platform"])
    assert asking - found == {"jd"}  # no published source for its codes is known


def test_a_scene_shows_the_least_of_what_the_purpose_needs() -> None:
    shown = {row["purpose"]: row["shows"] for row in rows("scenes") if row["platform"] == "taobao"}
    assert shown["after_sales"] == "phone"
    assert shown["address_change"] == "address"
    assert shown["return_parcel"] == "name"


def test_a_platform_that_asks_for_no_reason_still_wants_a_purpose_of_ours() -> None:
    assert scene_of("pinduoduo", "after_sales", orders=1) == ""
    with pytest.raises(PlatformError, check=has_code("platform_purpose")):
        scene_of("pinduoduo", "", orders=1)


def test_several_orders_at_once_are_no_single_view() -> None:
    assert scene_of("xiaohongshu", "after_sales", orders=1) == "1"
    assert scene_of("xiaohongshu", "after_sales", orders=2) == "4"


def test_limits_are_read_as_published() -> None:
    assert Limit("calls", 1, 10) in limits("pinduoduo", "decrypt")
    assert Limit("calls", 100, 86_400) in limits("pinduoduo", "decrypt")
    assert limits("taobao", "decrypt") == ()
    for row in rows("limits"):
        assert row["unit"] in {"calls", "orders"}


def test_every_row_of_a_file_has_as_many_cells_as_its_head() -> None:
    for name in FILES:
        lines = [line for line in data_text(f"platforms/{name}.csv").splitlines() if not line.startswith("#")]
        widths = {len(row) for row in csv.reader(lines)}
        assert len(widths) == 1
