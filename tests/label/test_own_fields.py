"""Sort code, hub, carrier, station and bar code of our labels hold no person, home, phone or identity number."""

import gzip
import random
import re
import sys
from importlib.resources import files
from pathlib import Path

import pytest

from waybillguard.label.check import LabelRefusedError, require
from waybillguard.label.check.names import SURNAME
from waybillguard.label.check.own_fields import judge_number, judge_own
from waybillguard.label.check.values import Zone

sys.path.insert(0, str(Path(__file__).parent))
from check_labels import drawn_label

FIELDS = ["sort_code", "hub", "carrier", "station"]
NAMES = ["谢雨桐", "谢 雨 桐", "谢雨桐收", "谢雨桐女士", "欧阳娜娜", "王伟", "王囍", "330-谢雨桐-08"]
HOMES = ["银海路399号3幢701", "银海路三九九号3幢701", "云朵花园3幢701", "云朵花园12号楼-1602"]
HOUSES = ["银海路399号", "义乌银海路399", "后宅村5组12号"]
NUMBERS = [
    "YT19900010011",
    "SF13812345678",
    "13812345678CN",
    "13812345678-1",
    "YT19900010-011",
    "PA19900010011",
]
IDENTITIES = ["110101199001011237", "YT110101199001011237", "33072219991231123X"]
SORT_CODES = [
    "330-ZJ08-12", "浙-义乌-08", "010 A12-3", "300-A12-01", "318-D03 00", "义乌 北苑 12", "579WA-012-A", "755W",
    "金华 义乌 北苑", "浙江省金华市义乌市", "广东-深圳-宝安-福永", "上海转浦东", "石家庄包", "义乌佛堂(直)",
    "深圳-马家龙-12", "粤-龙华-07", "浙-王江泾-02", "苏-常熟-梅李-12", "8-3-1106", "内蒙-呼伦贝尔-鄂温克-112",
    "上海-王港-12", "广州天河5部", "中山路2部", "3号线-12", "王店 08",
]  # fmt: skip
HUBS = [
    "义乌集散", "北京顺义", "苍梧路自提点", "校内互寄", "王店", "杭州分拨中心", "万江", "温江", "江安", "高桥", "石河子",
    "安亭", "华南城", "深圳宝安西", "人民路3号店", "义乌1号分拨", "2号仓", "园区5号库", "陈江", "白云机场", "谢岗网点",
]  # fmt: skip
CARRIERS = [
    "圆通速递", "申通", "韵达", "顺丰", "极兔", "德邦", "京东快递", "中国邮政", "EMS", "丰网", "全峰", "苏宁", "安能", "黄马甲",
    "顺丰特快", "J&T Express", "龙邦速递", "国通快递", "simulator",
    "ZTO-中通快递", "圆通(华东)", "顺丰冷运-常温", "京东-时效件", "韵达快递(电子面单)", "中通快递(易碎)",
]  # fmt: skip
STATIONS = [
    "打包台07", "3号工位", "打包室2", "3号楼打包台2", "A栋2楼工位5", "B座301打包室", "金海路88号仓打包台3",
    "DESKTOP-7F3AC91", "192.168.1.105", "二楼左", "王工位", "小王的电脑", "PC-20261124001", "3幢打包台1", "5号库12号台",
]  # fmt: skip
HONEST = [
    *(("sort_code", one) for one in SORT_CODES), *(("hub", one) for one in HUBS),
    *(("carrier", one) for one in CARRIERS), *(("station", one) for one in STATIONS),
]  # fmt: skip
#: Shapes of waybill numbers; 9 stands for any digit.
CARRIER_NUMBERS = [
    "YT9999999999999", "SF1999999999999", "JDVB99999999999", "JDVA99999999999-1-1-", "JDX099999999999-1-1-", "79999999999999",
    "779999999999999", "439999999999999", "JT9999999999999", "1999999999999", "DPK999999999999", "1Z999AA19999999999",
    "LP00999999999999", "9999999999", "999999999999", "RB999999999CN", "KYE999999999999",
]  # fmt: skip


def refused(**changes: object) -> str:
    with pytest.raises(LabelRefusedError) as caught:
        require(drawn_label(**changes))
    return caught.value.rule


@pytest.mark.parametrize("text", NAMES)
@pytest.mark.parametrize("field", FIELDS)
def test_a_bare_name_in_a_field_of_places_and_firms_is_refused(field: str, text: str) -> None:
    assert refused(**{field: text}) in {"TXT-05", "NAM-05"}


@pytest.mark.parametrize("name", ["谢**", "**", "某某贸易有限公司"])
def test_a_name_beside_a_place_is_refused_unless_the_label_shows_another_surname(name: str) -> None:
    phone = "400-858-2020" if "公司" in name else "*******5678"
    assert refused(sort_code="义乌-谢雨桐-08", name=name, phone=phone) == "TXT-05"


@pytest.mark.parametrize("text", HOMES)
@pytest.mark.parametrize("field", FIELDS)
def test_a_home_in_a_field_of_places_and_firms_is_refused(field: str, text: str) -> None:
    assert refused(**{field: text}) in {"ADR-01", "TXT-06"}


@pytest.mark.parametrize("text", HOUSES)
@pytest.mark.parametrize("field", ["sort_code", "hub", "carrier"])
def test_a_house_number_belongs_into_the_address(field: str, text: str) -> None:
    assert refused(**{field: text}) == "TXT-06"


@pytest.mark.parametrize("field", ["hub", "carrier", "station"])
def test_an_account_in_a_field_of_places_and_firms_is_refused(field: str) -> None:
    assert refused(**{field: "xieyt@example.com"}) == "TXT-04"


@pytest.mark.parametrize("field", FIELDS)
def test_an_identity_number_in_a_field_of_places_and_firms_is_refused(field: str) -> None:
    assert refused(**{field: IDENTITIES[0]})


@pytest.mark.parametrize("text", [*NUMBERS, *IDENTITIES])
def test_a_phone_or_an_identity_number_inside_the_bar_code_is_refused(text: str) -> None:
    assert refused(waybill_no=text) == "COD-01"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"sort_code": "谢雨桐"}, "重新导入"),
        ({"waybill_no": "YT19900010011"}, "重新导入"),
        ({"station": "谢雨桐"}, "工位名称"),
    ],
)
def test_a_refusal_says_where_such_a_field_is_corrected(changes: dict[str, str], said: str) -> None:
    with pytest.raises(LabelRefusedError) as caught:
        require(drawn_label(**changes))
    assert said in caught.value.zh
    assert not any(text in caught.value.zh + caught.value.en for text in changes.values())


@pytest.mark.parametrize("text", ["JDVB13812345678", "JDVB13812345678-1-1"])
def test_a_number_of_jingdong_that_ends_as_the_phone_does_is_refused(text: str) -> None:
    assert judge_number(text, "*******5679") is None
    assert judge_number(text, "*******5678") is not None


@pytest.mark.parametrize(("field", "text"), HONEST)
@pytest.mark.parametrize("name", ["王**", "谢**", ""])
def test_what_carriers_and_warehouses_write_there_passes(field: str, text: str, name: str) -> None:
    for own in [name] if name else {f"{sign}**" for sign in text if sign in SURNAME and "马家龙" not in text}:
        require(drawn_label(**{field: text, "name": own}))


def test_no_place_of_the_division_tree_is_taken_for_a_person() -> None:
    folder = files("waybillguard.orders").joinpath("data")
    rows = gzip.decompress(folder.joinpath("divisions.tsv.gz").read_bytes()).decode().splitlines()
    towns = gzip.decompress(folder.joinpath("towns.tsv.gz").read_bytes()).decode().splitlines()
    names = {row.split("\t")[2] for row in rows}
    names |= {town for row in towns for town in row.split("\t")[1].split(";")}
    names |= {re.sub("(?:街道|地区|[省市区县旗镇乡])$", "", name) for name in names}
    taken = [
        name
        for name in names
        if name.isalpha() and len(name) > 1 and judge_own(Zone.HUB, name, f"{name[0]}**") is not None
    ]
    assert taken == []


@pytest.mark.parametrize("shape", CARRIER_NUMBERS)
def test_no_waybill_number_of_a_carrier_is_taken_for_a_phone(shape: str) -> None:
    digits = random.Random(shape)
    for _ in range(500):
        number = re.sub("9", lambda _match: digits.choice("0123456789"), shape)
        assert judge_number(number, "*******5678") is None or "5678" in number


def test_a_number_of_jingdong_with_its_count_of_parcels_passes() -> None:
    require(drawn_label(waybill_no="JDVA09999999999-1-1-"))


def test_a_number_of_the_post_passes_by_its_check_digit() -> None:
    assert judge_number("PA19900010311", "*******5678") is None
    assert judge_number("PA19900010411", "*******5678") is not None
