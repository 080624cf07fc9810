"""What stands on the labels: invented people, masks as carriers print them, faults and traps.

Verdicts are those of column ``min``: a name hides one character or more (a title hides nothing), a phone shows at
most five of its eleven digits, an address hides unit, room and household. Floors, buildings and house numbers may
show; organisations may show; a virtual number counts as one only with a date printed that has not passed.
"""

from dataclasses import dataclass, replace
from random import Random

SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
COMPOUND = ("欧阳", "司马", "上官", "诸葛", "皇甫")
GIVEN = [
    "雨桐",
    "子轩",
    "浩宇",
    "梦琪",
    "建华",
    "秀兰",
    "志强",
    "晓燕",
    "文静",
    "俊峰",
    "佳怡",
    "海涛",
    "丽娟",
    "明辉",
    "思远",
    "雪梅",
    "立新",
    "国栋",
    "玉珍",
    "嘉豪",
    "芳",
    "磊",
    "洋",
    "静",
    "勇",
    "敏",
    "霞",
    "鹏",
]
REGIONS = (
    ("浙江省", "金华市", "义乌市", "稠江街道"),
    ("江苏省", "苏州市", "昆山市", "花桥镇"),
    ("广东省", "广州市", "白云区", "嘉禾街道"),
    ("四川省", "成都市", "武侯区", "簇桥街道"),
    ("山东省", "济南市", "历下区", "燕山街道"),
    ("湖北省", "武汉市", "洪山区", "关山街道"),
    ("福建省", "泉州市", "晋江市", "青阳街道"),
    ("河南省", "郑州市", "金水区", "文化路街道"),
    ("湖南省", "长沙市", "岳麓区", "望月湖街道"),
    ("陕西省", "西安市", "雁塔区", "小寨路街道"),
    ("安徽省", "合肥市", "蜀山区", "三里庵街道"),
    ("河北省", "保定市", "莲池区", "东关街道"),
)
ROADS = [
    "机场路",
    "长江北路",
    "育才街",
    "望江路",
    "建设大道",
    "学府路",
    "青年路",
    "滨湖大道",
    "商城大道",
    "胜利南街",
    "朝阳路",
]
ESTATES = [
    "福田小区",
    "锦绣花园",
    "翠苑新村",
    "东湖雅居",
    "万科金色家园",
    "阳光丽景",
    "龙湖水晶郦城",
    "幸福里",
    "紫荆苑",
]
OFFICES = ["国贸大厦", "财富中心", "时代广场", "银泰写字楼"]
FIRMS = [
    "青禾服饰有限公司",
    "云杉电子商务有限公司",
    "宏达五金经营部",
    "小鹿家居旗舰店",
    "北辰食品有限公司",
    "优选生活馆仓库",
]
CARRIERS = ["速达快递", "飞鹿速运", "天行物流", "邮联快递", "同辉快运", "蓝燕速递", "京阳物流", "极光快递"]
GOODS = [
    "女装2件",
    "陶瓷杯1个",
    "文具套装×3",
    "运动鞋42码",
    "四件套1.8米",
    "坚果礼盒",
    "手机壳透明款",
    "儿童雨靴",
    "数据线5根",
]
HEALTH_GOODS = ["胰岛素笔用针头", "验孕棒5支", "血糖试纸50片", "痔疮凝胶", "助眠软糖", "成人护理垫"]
REMARKS = [
    "放门口，周末送",
    "勿折，轻拿轻放",
    "换XL码",
    "到付勿收",
    "缺货联系客服",
    "礼盒包装，不放小票",
    "工作日送",
    "送货上门",
]
STARS = ("*", "*", "*", "＊", "●", "○", "×")


@dataclass(frozen=True)
class Field:
    """A field as printed and whether it is compliant."""

    text: str
    verdict: str = "pass"


@dataclass(frozen=True)
class Party:
    """Receiver or sender."""

    name: Field
    phone: Field
    address: Field
    #: Printed small near the phone, such as until when a virtual number works.
    note: str = ""


@dataclass(frozen=True)
class Content:
    """Everything a layout may print."""

    carrier: str
    waybill: str
    sort: str
    hub: str
    order: str
    receiver: Party
    sender: Party
    goods: Field
    remark: Field
    token: Field
    printed: str
    station: str
    weight: str
    tags: tuple[str, ...] = ()


def digits(rng: Random, count: int) -> str:
    """Some digits."""
    return "".join(rng.choice("0123456789") for _ in range(count))


def mobile(rng: Random) -> str:
    """A mobile number."""
    return rng.choice(("138", "159", "186", "177", "150", "199", "135")) + digits(rng, 8)


def open_name(rng: Random) -> str:
    """A full name."""
    surname = rng.choice(COMPOUND) if rng.random() < 0.08 else rng.choice(SURNAMES)
    return surname + rng.choice(GIVEN)


def masked_name(rng: Random, star: str) -> Field:
    """A name that hides one character at least; the count of stars tells nothing."""
    name = open_name(rng)
    surname = name[:2] if name[:2] in COMPOUND else name[0]
    forms = [surname + star * rng.choice((1, 2, 2, 3)), surname + star + name[-1], star + name[-1]]
    return Field(forms[0] if rng.random() < 0.6 or len(name) < 3 else rng.choice(forms))


def masked_phone(rng: Random, star: str) -> Field:
    """A phone that shows five digits at most."""
    number = mobile(rng)
    forms = (
        number[:3] + star * 6 + number[-2:],
        star * 7 + number[-4:],
        number[:3] + star * 8,
        number[0] + star * rng.choice((5, 6)) + number[-4:],
        number[:3] + " " + star * 4 + " " + star * 2 + number[-2:],
        "尾号" + number[-4:],
        star * 11,
    )
    return Field(rng.choice(forms))


def street(rng: Random) -> str:
    """Region, road and house number."""
    return "".join(rng.choice(REGIONS)) + rng.choice(ROADS) + f"{rng.randint(2, 899)}号"


def masked_address(rng: Random, star: str) -> Field:
    """An address without unit, room and household."""
    base, estate, block = street(rng), rng.choice(ESTATES), rng.randint(1, 29)
    hidden = star * rng.choice((3, 4, 4, 5, 6))
    forms = (
        f"{base}{estate}{block}幢{hidden}",
        f"{base}{estate}{block}号楼{hidden}",
        f"{base}{estate}{hidden}",
        f"{base}{hidden}",
        f"{base}{rng.choice(OFFICES)}A座{hidden}",
        f"{base}{estate}{block}-{star}-{star * 3}",
    )
    return Field(rng.choice(forms))


def waybill(rng: Random) -> str:
    """A waybill number."""
    return rng.choice(("SD", "FL", "7", "YL", "JY", "LY", "43")) + digits(rng, 13)


def compliant(rng: Random) -> Content:
    """A label on which everything that must be hidden is hidden."""
    star = rng.choice(STARS)
    number = waybill(rng)
    sender = Party(masked_name(rng, star), masked_phone(rng, star), masked_address(rng, star))
    if rng.random() < 0.35:
        sender = replace(sender, name=Field(rng.choice(FIRMS)), address=Field(street(rng)))
    token = "".join(rng.choice("0123456789ABCDEFGHJKLMNPQRSTUVWXYZ$*+-./:") for _ in range(72))
    return Content(
        carrier=rng.choice(CARRIERS),
        waybill=number,
        sort=f"{rng.randint(100, 999)}-{rng.choice('ABCDEFG')}{rng.randint(10, 99)} {rng.randint(0, 99):02d}",
        hub=rng.choice(REGIONS)[2].rstrip("市区") + "集散",
        order=digits(rng, 18),
        receiver=Party(masked_name(rng, star), masked_phone(rng, star), masked_address(rng, star)),
        sender=sender,
        goods=Field(rng.choice(GOODS)),
        remark=Field(rng.choice(REMARKS)),
        token=Field(rng.choice((number, token, token))),
        printed=f"2026-{rng.randint(9, 11):02d}-{rng.randint(1, 28):02d} {rng.randint(7, 23):02d}:{rng.randint(0, 59):02d}",
        station=f"打单{rng.randint(1, 9)}号台",
        weight=f"{rng.randint(2, 90) / 10:.1f}kg",
    )


def of(content: Content, party: str, **changes: object) -> Content:
    """The content with some fields of one party changed."""
    return replace(content, **{party: replace(getattr(content, party), **changes)})


def tempt(rng: Random, content: Content, trap: str) -> Content:
    """The same label with something that looks like a fault and is none."""
    base, estate, block = street(rng), rng.choice(ESTATES), rng.randint(1, 29)
    virtual = rng.choice(("184", "172", "165")) + digits(rng, 8) + "-" + digits(rng, 4)
    changed = {
        "organisation": lambda: of(content, "receiver", name=Field(rng.choice(FIRMS))),
        "locker": lambda: of(
            content,
            "receiver",
            address=Field(base + estate + rng.choice(("丰巢柜", "菜鸟驿站", "南门快递柜2号柜", "代收点"))),
        ),
        "landline": lambda: of(content, "receiver", phone=Field("0579-******" + digits(rng, 2))),
        "service number": lambda: of(
            content,
            "sender",
            name=Field(rng.choice(FIRMS)),
            phone=Field("400-" + digits(rng, 3) + "-" + digits(rng, 4)),
        ),
        "virtual with date": lambda: of(
            content, "receiver", phone=Field(virtual), note="虚拟号 有效期至2027-03-31"
        ),
        "floor": lambda: of(
            content, "receiver", address=Field(f"{base}{estate}{block}幢{rng.randint(2, 19)}楼****")
        ),
        "village": lambda: of(
            content, "receiver", address=Field("".join(rng.choice(REGIONS)) + "后山村5组***")
        ),
        "order like a phone": lambda: replace(content, order=mobile(rng)),
        "health goods": lambda: replace(content, goods=Field(rng.choice(HEALTH_GOODS))),
        "street only": lambda: of(content, "receiver", address=Field("".join(rng.choice(REGIONS)))),
    }[trap]()
    return replace(changed, tags=(*changed.tags, trap))


TRAPS = (
    "organisation",
    "locker",
    "landline",
    "service number",
    "virtual with date",
    "floor",
    "village",
    "order like a phone",
    "health goods",
    "street only",
)


def spoil(rng: Random, content: Content, fault: str) -> Content:
    """The same label with one fault."""
    base, estate, block = street(rng), rng.choice(ESTATES), rng.randint(1, 29)
    number, room = mobile(rng), f"{rng.randint(1, 28)}{rng.randint(1, 6):02d}"
    virtual = rng.choice(("184", "172", "165")) + digits(rng, 8) + "-" + digits(rng, 4)
    unit = rng.choice(
        (
            f"{block}幢{rng.randint(1, 4)}单元{room}室",
            f"{block}号楼{room}",
            f"{block}-{rng.randint(1, 4)}-{room}",
            f"{block}幢{room}室",
        )
    )
    personal = f"{open_name(rng)},{number},{base}{estate}{unit}"
    bad = "fail"
    changed = {
        "name": lambda: of(content, "receiver", name=Field(open_name(rng), bad)),
        "title": lambda: of(
            content, "receiver", name=Field(rng.choice(SURNAMES) + rng.choice(("先生", "女士", "小姐")), bad)
        ),
        "phone": lambda: of(content, "receiver", phone=Field(number, bad)),
        "phone by four": lambda: of(content, "receiver", phone=Field(number[:3] + "****" + number[-4:], bad)),
        "landline": lambda: of(content, "receiver", phone=Field("0571-8" + digits(rng, 7), bad)),
        "room": lambda: of(content, "receiver", address=Field(base + estate + unit, bad)),
        "unit": lambda: of(
            content, "receiver", address=Field(f"{base}{estate}{block}幢{rng.randint(1, 4)}单元***", bad)
        ),
        "office": lambda: of(
            content, "receiver", address=Field(f"{base}{rng.choice(OFFICES)}B座{room}", bad)
        ),
        "dormitory": lambda: of(
            content, "receiver", address=Field(f"{base}职业学院{block}栋{rng.randint(101, 628)}寝", bad)
        ),
        "household": lambda: of(
            content,
            "receiver",
            address=Field("".join(rng.choice(REGIONS)) + f"前岭村{rng.randint(2, 9)}组{block}号", bad),
        ),
        "virtual without date": lambda: of(content, "receiver", phone=Field(virtual, bad)),
        "virtual expired": lambda: of(
            content, "receiver", phone=Field(virtual, bad), note="虚拟号 有效期至2026-08-15"
        ),
        "sender": lambda: replace(
            content,
            sender=Party(Field(open_name(rng), bad), Field(number, bad), Field(base + estate + unit, bad)),
        ),
        "sender phone": lambda: of(
            content, "sender", name=Field(open_name(rng)[0] + "**"), phone=Field(number, bad)
        ),
        "sender name": lambda: of(content, "sender", name=Field(open_name(rng), bad)),
        "code personal": lambda: replace(content, token=Field(personal, bad)),
        "code url": lambda: replace(
            content, token=Field(f"https://o.example.cn/d?no={content.waybill}&tel={number}", bad)
        ),
        "remark phone": lambda: replace(content, remark=Field(f"到了打{number}", bad)),
        "remark door": lambda: replace(content, remark=Field(f"门禁{digits(rng, 4)}#，放{room}门口", bad)),
        "everything": lambda: replace(
            content,
            receiver=Party(Field(open_name(rng), bad), Field(number, bad), Field(base + estate + unit, bad)),
        ),
    }[fault]()
    return replace(changed, tags=(*changed.tags, fault))


FAULTS = (
    "name",
    "title",
    "phone",
    "phone by four",
    "landline",
    "room",
    "unit",
    "office",
    "dormitory",
    "household",
    "virtual without date",
    "virtual expired",
    "sender",
    "sender phone",
    "sender name",
    "code personal",
    "code url",
    "remark phone",
    "remark door",
    "everything",
)
