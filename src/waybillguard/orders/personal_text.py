"""Detect personal data in untrusted text: numbers, names, door codes, rooms, accounts.

The detection is heuristic and can miss. The print-component shim uses it to decide whether to accept a message of
unknown type. Remarks are *shown* by an allow-list instead (:mod:`waybillguard.orders.masks_remark`).
"""

import re

from waybillguard.orders.names import compound_surnames, single_surnames

_NUMERAL = "一二三四五六七八九十百零〇两"
_HAN = r"\u3400-\u9fff\U00020000-\U000323af"
_FULL_WIDTH = str.maketrans("０１２３４５６７８９＃＊＠－：", "0123456789#*@-:")

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9.-]+(?:\.[A-Za-z]{2,})?")
_WECHAT = re.compile(
    r"((?:微信|微|VX|vx|Vx|V信|v信|wx|WX|wechat|WeChat|weixin|QQ|qq|扣扣|支付宝|(?<![A-Za-z])[Vv](?=[：:]))(?:号|id|ID)?(?:同号)?"
    r"[：:\s是为加+]*)([A-Za-z0-9_@.-]{4,})"
)
_IDENTITY = re.compile(r"(?<![0-9])[0-9]{14,17}[0-9Xx]")
_PHONE = re.compile(
    r"(?<![0-9])(?!20[0-9]{2}[-/.][0-9]{1,2}[-/.][0-9]{1,2}(?![0-9]))"
    r"(?:(?:\+|00)[0-9]{1,3}[-\s]?)?\(?[0-9]{3,4}\)?(?:[-\s]?[0-9]){4,}(?:\s*(?:-|转|,)\s*[0-9]{1,6})?"
    r"|(?<![0-9])[0-9](?:[-\s.·_/]{1,2}[0-9]){6,}"
)
_SPELLED = re.compile(rf"[{_NUMERAL}幺壹贰叁肆伍陆柒捌玖0-9]{{7,}}")
_STARRED = re.compile(r"[0-9]{1,12}[*xX]{2,}[0-9]+")
_CODE_WORD = (
    r"(?:门禁|门锁|大门|单元门|楼道门|入户|电子锁|智能锁|锁|开门|开锁|密码|口令|取件码|取货码|验证码|提货码|房卡|钥匙|"
    r"door|Door|code|Code|CODE|pin|PIN|PW|pw)"
)
_DOOR = re.compile(
    rf"({_CODE_WORD}(?:[{_HAN}]{{0,6}}?)(?:密码|码|号)?[：:\s是为按输入]*)"
    rf"([#*]?[0-9A-Za-z{_NUMERAL}][0-9A-Za-z{_NUMERAL}#*\s-]{{0,15}})"
)
_HASH_CODE = re.compile(r"(?<![#*])[#*][0-9]{2,8}[#*]?|(?<![0-9])[0-9]{2,8}[#*](?!楼|幢|栋|座|[0-9])")
_ROOM = re.compile(
    rf"(?:(?<![0-9A-Za-z])(?:[0-9A-Za-z]{{1,9}}|[{_NUMERAL}负地]{{1,9}})"
    r"(?:单元|号房间?|房间|号室|室|窒|户|层|楼(?!下|上|道|梯|盘|主)|号门|寝室?|宿舍)"
    rf"[东西左右中]?户?(?:[0-9]{{2,5}}(?:室|房|号|户)?)?)+"
    rf"|[东西左右]户|(?<=[幢栋座楼元区苑园])[0-9]{{2,5}}(?![0-9元块个件斤点])(?:室|房|号|户)?"
    r"|(?<![0-9])(?!20[0-9]{2}[-/])[0-9]{1,4}[-－—–][0-9]{1,3}[-－—–][0-9]{2,5}(?:室|号|房)?(?![0-9])"
    r"|(?:商位|摊位|铺位|档口|工位|房号|房间号|门牌号?)[：:\s]*[0-9A-Za-z-]+"
    r"|(?<=[隔对][壁门面])[0-9A-Za-z]{1,5}(?:室|房|号|户)?"
    rf"|(?<=[村组队])(?:[0-9]{{1,4}}|[{_NUMERAL}]{{1,4}})号"
)
_RUN = re.compile(
    r"(?<![0-9.*])(?:(?!20[0-9]{2}[-年/.])[0-9]{4,}|[0-9]{3}(?=室|房|号|户|门|家|的|收|[，,。\s]|$))"
    r"(?!\s*(?:元|块|个|件|g|克|kg|ml|毫升|cm|厘米|米|码|片|包|斤|W|V))"
)
_TITLES = (
    "先生|女士|小姐|太太|老师|师傅|阿姨|大爷|大妈|大哥|大姐|叔叔|"
    "经理|老板娘?|医生|护士|主任|同学|律师|警官|总(?![共价数是之])|姐(?!姐)|哥(?!哥)|叔|姨|爷爷|奶奶"
)
_INTRODUCED = (
    r"(?:收件人|收货人|寄件人|发件人|联系人|取件人|签收人|提货人|负责人|本人|姓名|名字|联系|"
    r"电联|找|转交给?|交给|转给|送给|留给|请给|代收人?|叫|让|由|我是|我叫|收件|attn|ATTN)"
)


def _surname_class() -> str:
    singles = "".join(sorted(single_surnames()))
    compounds = "|".join(sorted(compound_surnames()))
    return f"(?:{compounds}|[{singles}])"


#: Words about time that begin with a surname character: 周末签收, 白天收.
_WHEN = r"周[一二三四五六日末天内]|白[天日]|[明上下中][天早晚午日周]|方便|安排|平时|全部|包裹|时间|于[今明]|常温|冷藏"


class _Names:
    """Patterns that need the list of surnames; compiled on first use."""

    introduced: re.Pattern[str] | None = None
    titled: re.Pattern[str] | None = None
    before_number: re.Pattern[str] | None = None


def _name_patterns() -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    if _Names.introduced is None or _Names.titled is None or _Names.before_number is None:
        surname = _surname_class()
        stop = "收取签亲的在电联请放到前后后和与或是不要就先再拨打"
        given = rf"(?:(?![{stop}])[{_HAN}])"
        _Names.introduced = re.compile(
            rf"({_INTRODUCED}[：:\s是为改换成写]*)({surname})(?:{given}{{1,2}}|·[{_HAN}]{{1,6}})"
        )
        _Names.titled = re.compile(
            rf"(?<![谢感多])(?!谢谢|多谢|感谢)({surname})(?:{given}{{0,2}}?)({_TITLES})"
        )
        _Names.before_number = re.compile(
            rf"(?<![{_HAN}])(?!{_WHEN})({surname}){given}{{1,2}}(?=[\s,，:：(（-]*(?:电话|手机|号码)?[\s:：]*(?:\+?86-?)?(?:1[3-9][0-9]|0[0-9]{{2,3}}-?[0-9]{{3}})"
            r"|(?:亲自?)?(?:签?收(?=$|[\s,，。;；!！])|亲启))"
        )
    return _Names.introduced, _Names.titled, _Names.before_number


def tells_of_person(text: str) -> bool:
    """Return whether ``text`` contains a name, a contact, or a door code.

    >>> tells_of_person("易碎，请放门口"), tells_of_person("门禁1234#"), tells_of_person("找李四拿")
    (False, True, True)
    """
    if not text or text.isspace():
        return False
    text = text.translate(_FULL_WIDTH) if not text.isascii() else text
    patterns = (
        *_name_patterns(),
        _EMAIL,
        _WECHAT,
        _IDENTITY,
        _STARRED,
        _PHONE,
        _SPELLED,
        _HASH_CODE,
        _ROOM,
        _RUN,
    )
    return any(pattern.search(text) for pattern in patterns) or any(map(_is_code, _DOOR.finditer(text)))


def _is_code(match: re.Match[str]) -> bool:
    value = match[2]
    return any(c.isdigit() or c in _NUMERAL or c in "#*" for c in value) or value.strip().isascii()
