"""Clean pasted text before it is split: signs, brackets, split numbers, repeated extensions.

Promise: nothing is added; only signs, brackets, and repeated extensions are removed.
"""

import re
import unicodedata

from waybillguard.on_demand import pattern_on_use
from waybillguard.orders.masks_remark import is_delivery_note
from waybillguard.orders.names import begins_with_surname

_HAN = r"\u3400-\u9fff\U00020000-\U000323af"
_LEVEL = "省市区县旗州盟岛镇乡道"
_BROKEN_MOBILE = pattern_on_use(
    r"(?<![0-9])(1[3-9][0-9])([ .·])([0-9]{4})\2([0-9]{4})(?![0-9])"
    r"|(?<![0-9])(1[3-9][0-9]{2})[ .·-]([0-9]{3})[ .·-]([0-9]{4})(?![0-9])"
    r"|(?<![0-9])(1[3-9][0-9]{2})[ .·-]([0-9]{4})[ .·-]([0-9]{3})(?![0-9])"
)
_NUMERAL = "〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺腰两0-9"
_SPOKEN_MOBILE = pattern_on_use(
    rf"(?<![{_NUMERAL}])(?=[0-9 -]{{0,10}}[^0-9 -])[1一壹幺腰](?:[ -]?[{_NUMERAL}]){{10}}(?![{_NUMERAL}])"
)
_SPOKEN = str.maketrans("〇零○一二三四五六七八九壹贰叁肆伍陆柒捌玖幺腰两", "000123456789123456789112")
_BETWEEN_LEVELS = pattern_on_use(rf"(?<=[{_LEVEL}])\s*(?:[-—–>＞→»›/、|]|->|=>|➡️?)+\s*(?=[{_HAN}])")
#: A sign that some people put between all parts of an order, also beside the number; +86 is excluded.
_BETWEEN_PARTS = r"(?<=[{han}0-9])\s*{sign}\s*(?!86[ 0-9])(?=[{han}0-9])"
_SIGN_AT_NUMBER = pattern_on_use(
    rf"(?<=[{_HAN}])\s*([+_&~^\\])\s*(?=1[0-9]{{10}})|(?<=[0-9]{{7}})([+_&~^\\])(?=[{_HAN}])"
)
#: After digits only if they are a whole mobile number: its last digit is not a list number (…0011、地址：).
_COUNTED_LABEL = pattern_on_use(
    rf"(?:^|(?<=[\s,，;；{_HAN}])|(?<=1[3-9][0-9]{{9}}))[1-9][、.．)]\s*(?=[{_HAN}]{{2,6}}\s*[:：])"
)
_SEND_TO = pattern_on_use(
    r"(?:^|(?<=[\s,，。;；!！]))(?:请|麻烦|帮忙?|你好|您好|亲|老板)*[,，]?"
    r"(?:(?:寄|发|送|邮|快递)(?:给|到|往|至)(?:这里|这儿|这个地址|以下地址|下面地址|下面|此处)?[:：]\s*"
    r"|(?<![^\s])(?<!\S\s)(?:寄|发)[:：]\s*(?=\S+[省市区])"
    rf"|(?:寄|发|送|邮)给(?=[{_HAN}]{{2,4}}[\s,，0-9])"
    rf"|(?:寄|发|送|邮|快递)(?:到|往|至)(?=[{_HAN}]{{2,3}}(?:省|市|自治区)|[{_HAN}]{{2,8}}[省市区县]))"
)
_CHANGED_TO = pattern_on_use(
    rf"(?:^|(?<=[\s,，。;；!！{_HAN}]))(?:改|换|变更|更改|修改|更换)(?:成|为|到|至)[:：]?\s*(?=[{_HAN}]{{2,12}}[省市区县州盟旗])"
)
_SPACED_NAME = pattern_on_use(
    rf"(?:^|(?<=[\n,，;；:：]))([{_HAN}]) ([{_HAN}])(?: ([{_HAN}]))?(?=\s*(?:[,，;；\n]|[+0-9]{{3}}|$))"
)
_SAID = pattern_on_use(
    r"(?:^|(?<=[\s,，。;；!！0-9]))(?:我叫|名字叫|名字是|姓名是|收件人是|收货人是|(?:我的)?(?:电话|手机|手机号|号码|地址|住址)(?:号码)?(?:是|为))[:：]?\s*"
)
_BRACKETS = pattern_on_use(
    r"[(（\[【<《〈「『{“]([^()（）\[\]【】<>《》〈〉「」『』{}“”]{1,40})[)）\]】>》〉」』}”]"
)
_EXTENSION = pattern_on_use(
    r"(?<![0-9])(1[0-9]{10})\s*(?:[-—–_,，#*转xX]|分机|ext\.?|\[|\()+\s*([0-9]{3,5})(?![0-9])"
)
_REPEATED = r"\s*(?:[(（\[【]\s*(?:转|分机)?{ext}\s*[)）\]】]|(?:转|分机)\s*{ext}(?![0-9]))"
_FACE = pattern_on_use(rf"[(（][^0-9A-Za-z{_HAN}]{{1,8}}[)）]")
_SHORTEST_NAME, _LONGEST_NAME = 2, 4
_RECEIVES = pattern_on_use(r"\s*(?:亲?收|收件|收货|签收|敬?启)$")
_NOTHING_SAID = pattern_on_use(
    r"(?:地址|详细地址)?(?:请|详|参|同)?(?:见|看|按|在|查看|联系|问|同)?(?:订单|买家|客服)?"
    r"(?:备注|留言|聊天记录|聊天|附言|客服|上次|上单|之前|原来|老地址|老地方|上面|下面|微信|旺旺)(?:里|中|栏|地址|一样|发)?"
    r"|待定|未知|无|暂无|不详|空|自提|到店自提|再说|稍后(?:补|发)?"
)


def tidy(text: str) -> str:
    """Replace the signs around the parts of a pasted text by breaks."""
    text = "".join(" " if _is_sign(c) else c for c in text)
    text = _BROKEN_MOBILE.sub(lambda m: re.sub(r"[^0-9]", "", m[0]), text)
    text = _SPOKEN_MOBILE.sub(lambda m: re.sub(r"[^0-9]", "", m[0].translate(_SPOKEN)), text)
    text = _SPACED_NAME.sub(r"\1\2\3", text)
    text = _SAID.sub(" ", text)
    text = text.replace("｜", "|")
    extension = _EXTENSION.search(text)
    if extension:
        text = _EXTENSION.sub(r"\1-\2 ", text)
        text = without_extension(text, extension[2], names=True)
    sign = _SIGN_AT_NUMBER.search(text)
    if sign:
        text = re.sub(_BETWEEN_PARTS.format(han=_HAN, sign=re.escape(sign[1] or sign[2])), " ", text)
    text = _BETWEEN_LEVELS.sub("", text)
    text = _COUNTED_LABEL.sub("\n", text)
    text = _CHANGED_TO.sub("\n", _SEND_TO.sub(" ", text))
    text = _FACE.sub(" ", text)
    return _BRACKETS.sub(_open, text)


def without_extension(text: str, extension: str, *, names: bool = False) -> str:
    """Remove a virtual number's extension, which platforms repeat in name and address.

    >>> without_extension("张三[1234]", "1234"), without_extension("机场路88号转1234", "1234")
    ('张三', '机场路88号')
    """
    if not extension:
        return text
    text = re.sub(_REPEATED.format(ext=re.escape(extension)), " ", text)
    if names:
        text = re.sub(rf"(?<=[{_HAN}]){re.escape(extension)}(?=\s+1[0-9]{{10}})", "", text)
    return text.rstrip()


def names_no_place(text: str) -> bool:
    """Return whether an address cell only refers elsewhere (见备注, 同上次).

    >>> names_no_place("见备注"), names_no_place("机场路88号")
    (True, False)
    """
    return _NOTHING_SAID.fullmatch(text.strip(" \t,，。.;；:：!！()（）[]【】")) is not None


def _is_sign(char: str) -> bool:
    """Return whether a character is an emoji or ornament rather than ordinary punctuation."""
    if char.isascii() or char in "℃№":
        return False
    return unicodedata.category(char) in {"So", "Sk", "Cs", "Co", "Cn"} or char in "\ufe0f\u20e3☎★☆▶►▪●■◆→⇒"


def _open(match: re.Match[str]) -> str:
    """Remove the brackets around a separate part; keep brackets that belong to the surrounding text."""
    inside = match[1].strip()
    plain = _RECEIVES.sub("", inside)
    own = (
        re.search(r"[0-9]{7,}", inside)
        or match[0][0] in "【<《〈「『{“"
        or (
            _SHORTEST_NAME <= len(plain) <= _LONGEST_NAME
            and begins_with_surname(plain)
            and plain[-1] not in "门区期楼栋幢座店口侧旁边面内"
        )
        or is_delivery_note(inside)
        or match.start() == 0
    )
    if not own:
        return match[0]
    return f" {inside} "
