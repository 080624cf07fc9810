"""Patterns of the address parser: separators, labels, words that mark a road, postcodes."""

import re

from waybillguard.on_demand import pattern_on_use

SEPARATORS = frozenset(" \t\r\n,，、/／\\-－—–_·.．。|｜>＞:：;；~+\u3000\u00a0\ufeff\u200b")
STRIP = "".join(SEPARATORS)
LABEL = pattern_on_use(
    r"\s*(?:收货地址|收件地址|详细地址|邮寄地址|寄件地址|发货地址|所在地区|收货人地址|收件人地址|联系地址|家庭地址|"
    r"公司地址|地址|地区)\s*[:：]?\s*"
)
#: Words after the short name of a province or city that make it part of a road's or hotel's name.
STREET_AFTER = pattern_on_use(
    r"[东南西北中上下前后新老]?[一二三四五六七八九十支环]?"
    r"(?:路|街|大街|大道|道(?!里|外)|巷|弄|里(?!水|屯)|胡同|桥|村|新村|小区|花园|花苑|公寓|大厦|大酒店|"
    r"酒店|宾馆|饭店|烤鸭|面馆|菜馆|餐厅|风味|小吃|公馆|印象|人家)"
)
#: The same for the short name of a county or district, which is more often part of another name.
PLACE_AFTER = pattern_on_use(
    r"(?:[东南西北中]?[一二三四五六七八九十]?(?:路|街|大街|大道|巷|弄|胡同))|"
    r"[东南西北中上下前后新老大小]{0,2}(?:桥|村|新村|镇|乡|小区|花园|花苑|公寓|大厦|广场|公园|国际|商城|商厦|市场|"
    r"家园|嘉园|人家|寺|站(?!前|东|西|南|北)|机场|酒店|宾馆|饭店|大学|学院|医院|银行|中学|小学|风景|街道|新城|新区|"
    r"开发区|高速|高科|国道|省道|火车|汽车|人民|有限|公司|集团|体育(?![东西南北]?路)|图书|超市|名都|名苑|名城|印象|书店|"
    r"[湖山河江](?=$|路|街|公园|边|畔|大|小区))"
)
#: Characters after a full name which show that it is not a region (永康市场, 江北区块, 县委).
NOT_REGION_AFTER = frozenset("场块委")
AFTER_STRANGER = SEPARATORS | frozenset("省市县")
ROAD_BEGINS = frozenset("路街大")
TOWN = pattern_on_use(r"[\u3400-\u9fff]{1,9}?(?:街道办事处|街道|地区办事处|镇|乡|苏木)")
NOT_AFTER_TOWN = frozenset("路街大南北东西中巷弄口桥村站")
PSEUDO_TOWN = pattern_on_use(r"(?:小|城|古|老|村|新|故|水|特色|风情)(?:镇|乡)$|[路街]镇$")
#: The remainder of a region in traditional characters whose short name is the same in both scripts.
REST_OF_REGION = frozenset("區縣鄉鎮省")
REGION_IN = pattern_on_use(r"[省市区县].")
POSTCODE = pattern_on_use(
    r"^[(（]?(?:邮编|邮政编码)?[:：]?\s*[0-8][0-9]{5}[)）]?(?=[^0-9a-zA-Z号弄幢栋室楼单#\-]|$)\s*"
    r"|[\s,，;；]*[(（](?:邮编|邮政编码)?[:：]?\s*[0-8][0-9]{5}[)）]\s*$"
    r"|[\s,，;；]+[0-8][0-9]{5}\s*$"
    r"|[\s,，;；]*(?:邮编|邮政编码)[:：]?\s*[0-8][0-9]{5}[\s,，;；]*"
)
SIX = pattern_on_use(r"[0-9]{6}", re.ASCII)
#: The pattern of division names that no list contains (a zone, a new district).
DIVISION = pattern_on_use(
    r"[\u3400-\u9fff·（）()]{1,20}?(?:[省市区县旗盟州岛镇乡]|街道|地区|管委会|行委|兵团|[农林牧]场|[一二三四五六七八九十]+师)"
    r"[）)]?"
)
OTHER = pattern_on_use(r"(?:其[它他](?:区|县|市|地区)?|暂无|无|-+|/+|海外|null|None)?")
FULL_ROAD_AFTER = pattern_on_use(r"路(?![东南西北])|街|大道|大街")
#: Names of districts that are also informal names for a part of other towns.
INFORMAL = frozenset(
    [
        "城区",
        "郊区",
        "矿区",
        "新城区",
        "老城区",
        "城中区",
        "城关区",
        "东城区",
        "西城区",
        "南城区",
        "北城区",
        "江北区",
        "江南区",
        "河东区",
        "河西区",
        "新市区",
        "高新区",
        "开发区",
        "经开区",
    ]
)
