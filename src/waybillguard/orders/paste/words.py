"""Words and patterns for splitting a pasted order."""

import re

from waybillguard.on_demand import pattern_on_use

#: Labels before a value, longest first, with the part they introduce.
LABELS = {
    "name": (
        "收货人姓名|收件人姓名|收货人名称|收货人信息|收件人信息|收货信息|收件信息|收货人|收件人|客户名称|客户|买家|联系人姓名|联系人|客户姓名|买家姓名|姓名|名字|收件|收方|[Nn]ame|NAME|[Cc]onsignee|[Rr]eceiver|To|TO"
    ),
    "phone": (
        "收货人手机号?码?|收货人电话|收件人手机号?码?|收件人电话|联系手机号码?|移动电话|收货电话|收件电话|手机号码|联系电话|联系手机|联系方式|电话号码|手机号|手机|"
        "电话|号码|tel|Tel|TEL|mobile|Mobile|MOBILE|[Mm]ob|MOB|[Cc]ell|[Pp]hone|PHONE"
    ),
    "region": "所在地区|所在区域|省市区县|省市区|收货地区|地区|区域",
    "address": (
        "详细收货地址|送货地址|寄送地址|收货人地址|收件人地址|详细地址|收货地址|收件地址|街道地址|邮寄地址|家庭地址|地址|住址|"
        "addr|Addr|ADDR|Address|address|ADDRESS|add|Add|ADD"
    ),
    "remark": "买家留言|买家备注|订单备注|卖家备注|备注信息|备注|留言|附言|说明",
    "goods": "商品名称|商品信息|商品|货品名称|货品|宝贝|产品|品名|规格|款式|订购|购买|下单|货物|物品",
    "quantity": "数量|件数",
    "order_no": "订单编号|订单号|单号",
    "waybill_no": "快递单号|运单号码|运单号|物流单号",
    "postcode": "邮政编码|邮编",
}
LABEL = pattern_on_use(
    r"(?:^|(?<=[\s,，;；。|/、】\])）0-9\u3400-\u9fff]))[【\[]?(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in LABELS.items())
    + r")(?:[】\]]?\s*[:：=]|[】\]]|[-—–](?=[0-9\u3400-\u9fff]))\s*"
)
BARE_LABEL = pattern_on_use(
    r"(?:^|(?<=[\s,，;；。|、]))(?:"
    + "|".join(f"(?P<{part}>{words})" for part, words in LABELS.items())
    + r")(?=[\s]+|[0-9])"
)
_LONG = 4
#: The same labels without a separator, in compound form (收件人姓名张三收件地址…).
LONG_LABEL = pattern_on_use(
    "|".join(
        f"(?P<{part}>{'|'.join(w for w in words.split('|') if len(w) >= _LONG and not w.isascii())})"
        for part, words in LABELS.items()
        if part in {"name", "phone", "address", "region"}
    )
)
#: The three labels, once each and without separators (电话199…地址浙江…姓名张三).
THREE_LABELS = pattern_on_use(r"(?P<name>姓名|收[件货]人|联系人)|(?P<phone>电话|手机号?)|(?P<address>地址)")
#: The same labels joined to their value; only if enough text follows that the word is not itself a value.
GLUED_LABEL = pattern_on_use(
    r"^(?!客户|买家)(?:"
    + "|".join(LABELS[part] for part in ("name", "phone", "address", "region"))
    + r"|收)[:：]?(?=[\u3400-\u9fff]{2}|\u0001)"
)
SENDER = pattern_on_use(
    r"(?:寄件人信息|寄件信息|发件信息|寄件人|发件人|发货人|寄方|寄件|发件|(?<![\u3400-\u9fff])寄[:：])\s*[:：]?"
)
RECEIVER = pattern_on_use(
    r"(?:收件人信息|收货信息|收件信息|收件人|收货人|收方|收件|收货|(?<![\u3400-\u9fff])收)(?:姓名)?(?:\s*[:：]|(?<=\n收件人)\s|(?<=\n收货人)\s|(?<=\n收件)\s)"
)
HAN = r"\u3400-\u9fff\U00020000-\U000323af"
BREAK = pattern_on_use(r"[\s,，;；|。!！]+|(?<=[\u3400-\u9fff0-9A-Za-z])[/、](?=[\u3400-\u9fff])")
TITLE = pattern_on_use(
    r"(?:先生|女士|小姐|太太|老师|师傅|阿姨|同学|经理|老板|医生|总|姐|哥|叔|妈妈|爸爸|家长|爷爷|奶奶|姥姥|外婆)$"
)
RECEIVES = pattern_on_use(r"\s*[(（]?(?:亲?收|收件|收货|签收|敬启|启)[)）]?$")
HAN_NAME = pattern_on_use(rf"[{HAN}]{{2,4}}|[{HAN}]{{1,8}}[·•・][{HAN}]{{1,10}}")
LATIN_NAME = pattern_on_use(r"[A-Za-z][A-Za-z.'-]*(?:\s[A-Za-z][A-Za-z.'-]*){0,3}")
ADDRESS_WORD = pattern_on_use(
    r"[0-9一二三四五六七八九十]+(?:号|室|楼|层|栋|幢|座|单元|弄|组|队|区|期|户|房|#)|[路街巷弄镇乡村]|街道|"
    r"大道|小区|花园|公寓|大厦|广场|市场|工业园|开发区|学校|医院|"
    r"[0-9]+-[0-9]+(?:-[0-9]+)?|驿站|丰巢|公司|校区|宿舍|苑|[省市区县旗州]$|(?:旁边?|斜?对面|附近|隔壁|路口|交叉口)$"
)
PLACE_END = frozenset("省市区县镇乡村路街道巷弄号室楼栋幢座层苑园院厦店厂场旗州庄屯组队城")
GOODS = pattern_on_use(
    r"[0-9一二两三四五六七八九十]{1,9}\s*(?:件|个|盒|包|条|双|斤|套|瓶|箱|本|支|袋|台|只|把|罐|桶|提|份|对|顶|枚|片|块|kg|KG|"
    r"g|ml|L)(?![0-9])|[xX*×]\s*[0-9]+\s*$|[大中小特]?[SMLX]{1,4}码|码数|颜色|尺码|色$"
)
WISH = pattern_on_use(
    r"^(?:请|麻烦|尽快|务必|不要|别|放|送|发|用|周末|工作日|易碎|轻拿|加急|谢谢|急|要|需|勿|先|到付|打电话|祝|拜托|到了|到前|赠|送货|加油|买[一二三四五]送|[+＋]|附|不用|无需|记得|千万|一定|最好|尽量|希望|辛苦|谢(?=谢|啦|了|$)|感谢|礼物|加我|加微|加个|微信|[Vv][Xx]|[Ww][Xx]|[Qq][Qq]|身份证|生日|电联|联系|备注)"
)
GLUED_NAME = pattern_on_use(
    rf"^(.*(?:[0-9]|[号室楼幢栋户层座元房村组院园苑]))[-—]?([{HAN}]{{2,4}})$", re.DOTALL
)
MASKED_NUMBER = pattern_on_use(
    r"(?<![0-9A-Za-z])[0-9]{1,4}-?[*•×xX]{3,}-?[0-9]{0,4}(?![0-9A-Za-z])|(?<![0-9A-Za-z])[*]{5,}[0-9]{2,4}(?![0-9])"
)
PARTLY_NUMBER = pattern_on_use(
    r"(?<![0-9A-Za-z-])[0-9][0-9 -]{5,14}[0-9](?![0-9A-Za-z号室幢栋楼单-])|[0-9]\.[0-9]+[eE]\+?[0-9]{1,2}"
)
#: Maximum number of characters of a pasted text that are read.
LIMIT = 4000
#: Maximum length of a piece that may be a name although it looks like a place.
SHORT_PIECE = 4
#: Maximum length of an otherwise unrecognised piece that may be a nickname.
LONG_NICKNAME = 8
