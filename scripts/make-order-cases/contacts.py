"""Invented consignees on real divisions, and what a reader must make of each.

No person, telephone number or house number here belongs to anybody known to the author.
"""

# ruff: noqa: ANN401 - an expectation holds any JSON

import dataclasses
from typing import Any

DROP = object()
"""Value that takes a key out of an expectation: not judged."""


@dataclasses.dataclass(frozen=True)
class Contact:
    """One consignee: how an export would spell the parts, and the masked name."""

    name: str
    phone: str
    province: str
    city: str
    district: str
    town: str
    rest: str
    masked_name: str
    hide: tuple[str, ...] = ()
    judged: tuple[str, ...] = ("province", "city", "district", "town")

    @property
    def detail(self) -> str:
        """All after the district."""
        return self.town + self.rest

    def joined(self, gap: str = "") -> str:
        """The address in one cell, as most exports write it."""
        parts = [self.province]
        if self.city != self.province:
            parts.append(self.city)
        if self.district and self.district != self.city:
            parts.append(self.district)
        parts += [self.town, self.rest]
        return gap.join(part for part in parts if part)


def expect(contact: Contact, lane: str = "", **over: Any) -> dict[str, Any]:
    """Return an expected row for a contact read without fault; ``over`` replaces or drops keys."""
    row: dict[str, Any] = {
        "status": "ok",
        "reason": "",
        "name": contact.name,
        "phone": contact.phone,
        "phones": [contact.phone],
        "extension": "",
        "detail": contact.detail,
        "masked": {
            "name": contact.masked_name,
            "phone": "*" * 7 + contact.phone[-4:],
            "address!": list(contact.hide),
        },
    }
    row.update({key: getattr(contact, key) for key in contact.judged})
    if lane:
        row["lane"] = lane
    row.update(over)
    return {key: value for key, value in row.items() if value is not DROP}


def reject(reason: str = "", **over: Any) -> dict[str, Any]:
    """Return an expected row that is held for a person."""
    row: dict[str, Any] = {"status": "reject", "lane": ""}
    if reason:
        row["reason"] = reason
    row.update(over)
    return row


def kept(reason: str, name: str, phone: str, **over: Any) -> dict[str, Any]:
    """Return an expected reference order: already masked, kept as it is."""
    row: dict[str, Any] = {"status": "already_masked", "lane": "A", "name": name, "phone": phone}
    if reason:
        row["reason"] = reason
    row.update(over)
    return row


NO_TOWN = ("province", "city", "district")
NO_DISTRICT = ("province", "city")
"""Cities without districts: the contract says nothing of their ``district``."""

WANG = Contact(
    "王小明",
    "13800131526",
    "浙江省",
    "金华市",
    "义乌市",
    "北苑街道",
    "机场路88号福田小区3幢2单元501室",
    "王**",
    ("2单元", "501"),
)
LI = Contact(
    "李婷",
    "15900132748",
    "广东省",
    "深圳市",
    "南山区",
    "粤海街道",
    "科技南路16号创源大厦A座1203",
    "李**",
    ("1203",),
)
OUYANG = Contact(
    "欧阳文静",
    "18600133961",
    "江苏省",
    "苏州市",
    "昆山市",
    "玉山镇",
    "前进中路219号6幢1801",
    "欧阳**",
    ("1801",),
)
ZHANG = Contact(
    "张伟强",
    "17700134182",
    "上海市",
    "上海市",
    "浦东新区",
    "张江镇",
    "碧波路635弄12号402室",
    "张**",
    ("402",),
)
CHEN = Contact(
    "陈海燕",
    "19900135273",
    "北京市",
    "北京市",
    "朝阳区",
    "望京街道",
    "阜通东大街6号院3号楼1509",
    "陈**",
    ("1509",),
)
LIU = Contact(
    "刘芳",
    "16600136394",
    "四川省",
    "成都市",
    "武侯区",
    "玉林街道",
    "玉林南路27号二单元三楼东户",
    "刘**",
    ("二单元", "三楼", "东户"),
)
ZHAO = Contact(
    "赵国栋", "13900137415", "重庆市", "重庆市", "渝北区", "龙溪街道", "松牌路133号11幢7-4", "赵**", ("7-4",)
)
HUANG = Contact(
    "黄丽", "15100138536", "广东省", "东莞市", "", "虎门镇", "连升路58号3栋402", "黄**", ("402",), NO_DISTRICT
)
ZHOU = Contact(
    "周建平",
    "18200139657",
    "河南省",
    "济源市",
    "济源市",
    "沁园街道",
    "文昌路71号2号楼3单元902",
    "周**",
    ("3单元", "902"),
    NO_TOWN,
)
WU = Contact(
    "吴桂英", "17300131778", "海南省", "文昌市", "文昌市", "文城镇", "新风路35号1栋606房", "吴**", ("606",)
)
XU = Contact(
    "徐志远",
    "13600132899",
    "湖北省",
    "武汉市",
    "武昌区",
    "黄鹤楼街道",
    "解放路464号1栋1单元1202",
    "徐**",
    ("1单元", "1202"),
)
SUN = Contact(
    "孙悦", "15800133910", "江苏省", "南京市", "鼓楼区", "湖南路街道", "云南北路45号8楼", "孙**", ("8楼",)
)
MA = Contact(
    "马晓东",
    "18900134031",
    "陕西省",
    "西安市",
    "鄠邑区",
    "甘亭街道",
    "人民路29号4号楼西户",
    "马**",
    ("西户",),
)
MAIMAITI = Contact(
    "买买提·吐尔逊",
    "17600135152",
    "新疆维吾尔自治区",
    "喀什地区",
    "喀什市",
    "恰萨街道",
    "诺尔贝希路60号2号楼301室",
    "买**",
    ("301",),
)
ZHAXI = Contact(
    "扎西顿珠",
    "13500136273",
    "西藏自治区",
    "拉萨市",
    "城关区",
    "吉日街道",
    "江苏路33号5栋2单元201",
    "扎**",
    ("2单元", "201"),
)
HUGE = Contact(
    "呼格吉勒图",
    "15000137394",
    "内蒙古自治区",
    "锡林郭勒盟",
    "锡林浩特市",
    "希日塔拉街道",
    "额尔敦路112号4号楼503",
    "呼**",
    ("503",),
)
WEI = Contact(
    "韦春兰",
    "18700138415",
    "广西壮族自治区",
    "南宁市",
    "青秀区",
    "新竹街道",
    "新竹路14号7栋B1204",
    "韦**",
    ("1204",),
)
LIN = Contact(
    "林淑芬", "17800139536", "福建省", "福州市", "鼓楼区", "东街街道", "东街口61号3座705", "林**", ("705",)
)
HE = Contact(
    "何大勇",
    "13700131657",
    "湖南省",
    "长沙市",
    "岳麓区",
    "望月湖街道",
    "潇湘中路287号9片13栋404",
    "何**",
    ("404",),
)
GAO = Contact("高平", "15200132778", "山东省", "临沂市", "兰山区", "兰山街道", "沂州路118号", "高**")
LIANG = Contact(
    "梁咏",
    "18300133899",
    "广东省",
    "中山市",
    "",
    "小榄镇",
    "新华中路95号2幢1梯602",
    "梁**",
    ("602",),
    NO_DISTRICT,
)
XIE = Contact(
    "谢䶮", "17500134910", "浙江省", "杭州市", "余杭区", "五常街道", "文一西路1218号2幢301", "谢**", ("301",)
)
FENG = Contact(
    "冯㛃", "13400136031", "安徽省", "合肥市", "蜀山区", "稻香村街道", "金寨路362号5幢2601", "冯**", ("2601",)
)
TANG = Contact(
    "唐𬭚",
    "15700137152",
    "江西省",
    "南昌市",
    "西湖区",
    "绳金塔街道",
    "金塔东街41号3栋802室",
    "唐**",
    ("802",),
)
RARE = Contact(
    "𠅤小雨",
    "18100138273",
    "河北省",
    "石家庄市",
    "长安区",
    "谈固街道",
    "中山东路508号1号楼1101",
    "𠅤**",
    ("1101",),
)
CAO = Contact(
    "曹静", "19800139394", "辽宁省", "沈阳市", "铁西区", "工人村街道", "建设中路73号2-6-1", "曹**", ("6-1",)
)
PENG = Contact("彭勇", "13200131415", "吉林省", "吉林市", "船营区", "德胜街道", "解放西路206号", "彭**")
SIMA = Contact(
    "司马南星",
    "15600132536",
    "云南省",
    "昆明市",
    "官渡区",
    "关上街道",
    "关平路48号6栋1503",
    "司马**",
    ("1503",),
)
CUI = Contact(
    "崔英子",
    "18500133657",
    "吉林省",
    "延边朝鲜族自治州",
    "延吉市",
    "进学街道",
    "爱丹路92号3单元401",
    "崔**",
    ("3单元", "401"),
)
SHEN = Contact(
    "沈秋月", "17200134778", "天津市", "天津市", "滨海新区", "塘沽街道", "上海道167号8门502", "沈**", ("502",)
)
HAN = Contact(
    "韩磊", "13300135899", "山西省", "太原市", "小店区", "坞城街道", "坞城路92号12宿舍312寝", "韩**", ("312",)
)
YANG = Contact(
    "杨帆",
    "15300136910",
    "黑龙江省",
    "哈尔滨市",
    "南岗区",
    "花园街道",
    "花园街235号4栋1单元603",
    "杨**",
    ("1单元", "603"),
)
ZHU = Contact(
    "朱琳", "18000138031", "宁夏回族自治区", "银川市", "兴庆区", "文化街街道", "文化西街106号", "朱**"
)
