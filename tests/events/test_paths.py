from hypothesis import given
from hypothesis import strategies as st

from waybillguard.events.paths import day_folder, part_file, safe_name


@given(st.text())
def test_any_name_gives_a_folder_that_stays_below_its_root(name: str) -> None:
    safe = safe_name(name)
    assert safe
    assert set(safe) <= set("abcdefghijklmnopqrstuvwxyz0123456789_-")
    assert len(safe) < 64


@given(st.text(), st.text())
def test_two_tenants_never_share_a_folder(one: str, other: str) -> None:
    assert (safe_name(one).casefold() == safe_name(other).casefold()) is (one == other)


def test_a_tenant_cannot_take_the_folder_of_another_by_calling_itself_after_it() -> None:
    assert safe_name(safe_name("西湖一仓")) != safe_name("西湖一仓")
    assert safe_name("Yuyao") != safe_name("yuyao")


def test_a_plain_name_stays_readable() -> None:
    assert day_folder("yuyao-1", 20_760) == "tenant=yuyao-1/day=20760"
    assert part_file("outbox-000001") == "part-outbox-000001.parquet"
