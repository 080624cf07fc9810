"""Order exports of an invented warehouse, in the formats of real shops.

Every person is invented: names are drawn from common characters, phones from a block with zeros in place of subscriber
digits, and house numbers at random on common road names.
"""

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

_SURNAMES: Final = (
    "王李张刘陈杨黄赵周吴徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈"
)
_GIVEN: Final = "一乐云佳依依健冰凡雨欣子晨安宁宇宏小山川希平庆彤志怡恒慧文新方旭明晓晴月松林柏桐梦武永河洁浩海清源玉瑞瑶盈真秋立笑维美翔舒若英莉萌蓝诗语轩辰远逸锦雪雯青静颖飞"
_PLACES: Final = (
    ("浙江省", "杭州市", "余杭区", "文一西路"), ("浙江省", "金华市", "义乌市", "机场路"), ("江苏省", "苏州市", "吴中区", "东吴北路"),
    ("广东省", "深圳市", "宝安区", "新湖路"), ("广东省", "广州市", "白云区", "黄石东路"), ("四川省", "成都市", "武侯区", "武阳大道"),
    ("上海市", "上海市", "浦东新区", "张杨路"), ("北京市", "北京市", "朝阳区", "望京街"), ("湖北省", "武汉市", "洪山区", "珞喻路"),
    ("陕西省", "西安市", "雁塔区", "科技路"), ("山东省", "青岛市", "市北区", "辽阳西路"), ("河南省", "郑州市", "金水区", "花园路"),
    ("福建省", "厦门市", "湖里区", "金尚路"), ("湖南省", "长沙市", "岳麓区", "枫林三路"), ("重庆市", "重庆市", "渝北区", "松石大道"),
    ("辽宁省", "沈阳市", "铁西区", "建设中路"), ("安徽省", "合肥市", "蜀山区", "黄山路"), ("云南省", "昆明市", "盘龙区", "北京路"),
)  # fmt: skip
_ESTATES: Final = ("春风里", "明月苑", "青山雅居", "听雨轩", "向阳花园", "云栖新村", "和悦府", "星河湾")
_GOODS: Final = (
    "秋冬加绒卫衣女 米白 L", "真丝连衣裙 藏青 M", "儿童运动鞋 32 码", "不锈钢保温杯 500ml", "纯棉四件套 1.8 米", "手机壳 透明 两件装",
    "坚果礼盒 1kg", "保湿面霜 50g", "双肩包 通勤 黑色", "LED 台灯 护眼", "猫粮 2kg", "绘本 全 10 册",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Export:
    """One export file: its name, bytes and number of data rows."""

    name: str
    content: bytes
    rows: int


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    phone: str
    place: tuple[str, str, str, str]
    detail: str


def demo_exports(seed: int, now: datetime, scale: int = 1) -> list[Export]:
    """Return exports that together cover every lane: own shop (B), a platform's plaintext (C), masked (A).

    Args:
        seed: the same seed gives the same files for the same day.
        now: the warehouse's local time; orders are spread over the previous week.
        scale: multiplies the number of rows (100 to 400 per file at 1).
    """
    rng = random.Random(seed)  # noqa: S311 - invented data, not secrets
    return [
        _own_shop(rng, now, 240 * scale),
        _taobao(rng, now, 120 * scale),
        _pinduoduo_masked(rng, now, 300 * scale),
        _group_buying(rng, now, 100 * scale),
    ]


def _person(rng: random.Random) -> _Person:
    name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(rng.choice((1, 2, 2))))
    phone = f"1990{rng.randrange(10):d}00{rng.randrange(10_000):04d}"
    place = rng.choice(_PLACES)
    unit = rng.choice(
        (
            lambda: (
                f"{rng.randrange(1, 30)}幢{rng.randrange(1, 5)}单元{rng.randrange(1, 30)}0{rng.randrange(1, 5)}室"
            ),
            lambda: f"{rng.randrange(1, 20)}号楼{rng.randrange(1, 25)}0{rng.randrange(1, 5)}",
            lambda: f"{rng.randrange(1, 20)}-{rng.randrange(1, 4)}-{rng.randrange(101, 2505)}",
        )
    )()
    return _Person(name, phone, place, f"{place[3]}{rng.randrange(1, 900)}号{rng.choice(_ESTATES)}{unit}")


def _when(rng: random.Random, now: datetime) -> str:
    return (now - timedelta(minutes=rng.randrange(1, 7 * 24 * 60))).strftime("%Y-%m-%d %H:%M:%S")


def _csv(header: list[str], rows: list[list[str]], encoding: str, before: str = "") -> bytes:
    out = io.StringIO()
    out.write(before)
    writer = csv.writer(out)
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


def _own_shop(rng: random.Random, now: datetime, count: int) -> Export:
    header = [
        "订单编号",
        "店铺",
        "下单时间",
        "收货人",
        "手机号码",
        "省",
        "市",
        "区",
        "详细地址",
        "商品名称",
        "数量",
        "买家留言",
    ]
    remarks = ("", "", "", "请放门口", "易碎轻放", "到了打 19900001234 找李阿姨", "门禁 2580#，周末收")
    rows = []
    for number in range(count):
        person = _person(rng)
        rows.append(
            [
                f"WG{now:%m%d}{number:06d}", rng.choice(("青禾自营店", "青禾分销")), _when(rng, now), person.name, person.phone,
                *person.place[:3], person.detail, rng.choice(_GOODS), str(rng.choice((1, 1, 1, 2))), rng.choice(remarks),
            ]
        )  # fmt: skip
    rows[7][4] = "1.99E+10"
    rows[19][3] = ""
    rows[31][4] = "1990000"
    return Export("own-shop.csv", _csv(header, rows, "utf-8-sig"), count)


def _group_buying(rng: random.Random, now: datetime, count: int) -> Export:
    header = ["团购单号", "下单时间", "收件人", "联系电话", "收货地址", "商品", "件数"]
    rows = []
    for number in range(count):
        person = _person(rng)
        region = "".join(dict.fromkeys(person.place[:3]))
        rows.append(
            [
                f"TG{number:05d}", _when(rng, now), person.name, person.phone, region + person.detail,
                rng.choice(_GOODS), "1",
            ]
        )  # fmt: skip
    before = "小区团购 发货清单\n"
    return Export("group-buying.csv", _csv(header, rows, "gb18030", before), count)


def _taobao(rng: random.Random, now: datetime, count: int) -> Export:
    header = [
        "订单编号",
        "买家会员名",
        "订单创建时间",
        "收货人姓名",
        "收货地址 ",
        "联系手机",
        "宝贝标题 ",
        "宝贝总数量",
        "店铺名称",
        "订单备注",
    ]
    rows = []
    for number in range(count):
        person = _person(rng)
        rows.append(
            [
                f"41{number:013d}", f"tb{rng.randrange(10**8):08d}", _when(rng, now), person.name,
                " ".join((*person.place[:3], person.detail)), f"'{person.phone}", rng.choice(_GOODS), "1", "云裳旗舰店", "",
            ]
        )  # fmt: skip
    return Export("taobao.csv", _csv(header, rows, "gb18030"), count)


def _pinduoduo_masked(rng: random.Random, now: datetime, count: int) -> Export:
    header = [
        "订单号",
        "商品",
        "商品数量(件)",
        "收货人",
        "手机",
        "省",
        "市",
        "区",
        "街道",
        "详细地址",
        "订单成交时间",
        "快递单号",
        "快递公司",
    ]
    rows = []
    mask: Callable[[str], str] = lambda text: text[:1] + "*" * (len(text) - 1)  # noqa: E731 - one column's style
    for number in range(count):
        person = _person(rng)
        rows.append(
            [
                f"{now:%y%m%d}-{number:015d}", rng.choice(_GOODS), "1", mask(person.name), person.phone[:3] + "****" + person.phone[-4:],
                *person.place[:3], "", "****", _when(rng, now), f"YT{rng.randrange(10**13):013d}", "圆通速递",
            ]
        )  # fmt: skip
    return Export("pinduoduo.csv", _csv(header, rows, "utf-8-sig"), count)
