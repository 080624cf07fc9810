"""The simulated carrier gives the same order the same numbers, and never a number that looks real."""

from importlib.resources import files

import msgspec
import pytest
from support.codes import has_code

from waybillguard.label.carrier import CARRIERS, CarrierRequest, SimulatorCarrier
from waybillguard.label.codes import code128_modules
from waybillguard.label.errors import LabelError

REQUEST = CarrierRequest(b"order-1", "测试人甲", "10000000000", "", "浙江省", "金华市", "义乌市", "示例路1号")


def test_the_same_order_always_gets_the_same_numbers() -> None:
    assert SimulatorCarrier().assign(REQUEST) == SimulatorCarrier().assign(REQUEST)


def test_numbers_follow_from_order_and_seed_and_not_from_the_person() -> None:
    other = msgspec.structs.replace(REQUEST, name="测试人乙", phone="10000000001", detail="示例路2号")
    assert SimulatorCarrier().assign(other) == SimulatorCarrier().assign(REQUEST)
    assert SimulatorCarrier(b"x").assign(REQUEST).waybill_no != SimulatorCarrier().assign(REQUEST).waybill_no


def test_every_simulated_label_is_marked_as_a_sample() -> None:
    assert SimulatorCarrier().assign(REQUEST).sample


def test_a_sort_code_has_province_place_and_route() -> None:
    province, place, route = SimulatorCarrier().assign(REQUEST).sort_code.split("-")
    assert (province, place) == ("浙", "义乌")
    assert 1 <= int(route) <= 99


@pytest.mark.parametrize(
    ("province", "city", "district", "expected"),
    [
        ("内蒙古自治区", "呼伦贝尔市", "鄂温克族自治旗", "蒙-鄂温克族"),
        ("北京市", "北京市", "朝阳区", "京-朝阳"),
        ("广东省", "东莞市", "", "粤-东莞"),
        ("香港特别行政区", "香港特别行政区", "", "港-香港"),
        ("湖北省", "十堰市", "郧县", "鄂-郧县"),
    ],
)
def test_places_are_shortened_as_sorters_say_them(
    province: str, city: str, district: str, expected: str
) -> None:
    request = msgspec.structs.replace(REQUEST, province=province, city=city, district=district)
    assert SimulatorCarrier().assign(request).sort_code.rsplit("-", 1)[0] == expected


def test_ten_thousand_orders_get_ten_thousand_printable_numbers() -> None:
    carrier = SimulatorCarrier()
    numbers = {
        carrier.assign(msgspec.structs.replace(REQUEST, order_uid=str(i).encode())).waybill_no
        for i in range(10_000)
    }
    assert len(numbers) == 10_000
    assert code128_modules(numbers.pop()).any()


def test_an_address_without_a_city_is_refused() -> None:
    with pytest.raises(LabelError, check=has_code("carrier_refused")):
        SimulatorCarrier().assign(msgspec.structs.replace(REQUEST, city=""))


def test_a_request_shows_nothing_of_the_person_when_printed() -> None:
    assert "测试人甲" not in f"{REQUEST!r} {REQUEST}"


def test_the_simulator_is_the_only_carrier_and_has_to_be_named() -> None:
    assert list(CARRIERS) == ["simulator"]


def test_every_province_has_a_short_name_of_one_character() -> None:
    raw = files("waybillguard.label").joinpath("data", "provinces.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in raw.splitlines() if not line.startswith("#")]
    assert len(rows) == 34
    assert all(len(start) == 2 and len(short) == 1 for start, short in rows)
    assert len({short for _, short in rows}) == 34
