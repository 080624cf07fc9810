"""Judges a name read from a photo: it fails if all its characters show and none is replaced by a mark."""

import re
from collections.abc import Sequence
from math import ceil
from statistics import median
from typing import Final

from waybillguard.label.check.certain import LOW, SURE, SURE_BESIDE, UNSURE
from waybillguard.label.check.fold import HAN, LIKE_STARS, fold, tight
from waybillguard.label.check.names import COMPOUND, RARE, SURNAME, contact_of, is_organisation, may_be_shop
from waybillguard.label.check.persons import GIVEN, is_brand
from waybillguard.label.check.values import Glyph, Party, Reason, TextLine
from waybillguard.on_demand import pattern_on_use

NAME_SHOWN: Final = Reason("NAM-01", "姓名至少应隐藏一个汉字", "a name must hide at least one character")

_APART: Final = 1.55
"""Multiple of the usual pitch; characters further apart have a mark between them."""
_SUR: Final = rf"(?:{COMPOUND}|[{SURNAME}])"
_SURNAMED: Final = pattern_on_use(rf"{_SUR}|[{RARE}][{GIVEN}]{{1,2}}$")
_PERSON_BEHIND: Final = pattern_on_use(
    rf"[{HAN}]{{2}}.*[ (](?:(?:联系|收[货件]|经手|负责)人:?)?(?:(?:{COMPOUND})[{GIVEN}]{{1,2}}|[{SURNAME}{RARE}][{GIVEN}]{{2}})\)?$"
)
"""A person behind a place or a firm: 沈阳鼎新 关志强."""
_RARE_NAME: Final = pattern_on_use(f"[{RARE}][{GIVEN}]{{2}}")
_OFFICE: Final = pattern_on_use(rf"(?!{_SUR})[{HAN}]{{2}}[组部科处室台岗仓库]")
"""An office whose name is too short for an organisation: 退货组, 值班室."""
_TITLE: Final = pattern_on_use(r"[(（]?(?:先生|女士|小姐|老师|师傅|经理|老板|阿姨|同学)[)）]?$")
# Titles only behind a surname: 值班护士 and 车间主任 contain no name.
_POST: Final = pattern_on_use(
    rf"({_SUR}[{HAN}]{{0,2}})(?<![间班务目门产全])\(?副?(?:"
    "主任|主管|主席|书记|[部处科局厅市县镇乡村区校院园所站厂店馆社会行队班组团连营船机车]长|董事长|护士长?|总监|总裁|总工|工程师|设计师|会计|"
    "律师|法官|检察官|警官|教练|教授|讲师|博士|导师|药师|医师|技师|厨师|医生|大夫|司机|秘书|助理|导游|代表|专员|法师|道长|牧师|长老|神父|修女|师父|同志|"
    "太太|夫人|小朋友|宝宝|妈妈|爸爸|奶奶|爷爷|叔叔|伯伯|大[叔哥姐爷妈婶嫂])"
)
_ROLE: Final = pattern_on_use(
    r"(?:[果菜茶粮棉花渔蚕]农|[农养殖种植]{1,2}户|[渔牧]民|[摊档船]主|"
    r"(?:[大二三四五小老](?=[姨姑舅叔伯婶嫂哥姐弟妹]))?(?:[姨姑舅]妈?|[叔伯婶嫂哥姐弟妹爷奶爸妈]{1,2}|外[公婆]|姥[姥爷]|[岳]?[父母]亲?)(?=[ :])|"
    r"代购|[团店班组队站厂馆园校院科处部会社工村船]长|护士长?|主[管任]|客服|材料员|店员|法官|书记员|检察官|(?:代理)?律师|"
    r"(?:法定)?代表人|[联系经办负责保管申请委托]{2,4}人|采购|仓管|司机|师傅|老师|前台|门卫|保安|导购|快递员|业主|租客|房东|家长|学生|"
    r"会员|买家|卖家|团员|[货车]主|患者|病人|考生|志愿者|队员|同事|经理|老板)"
)
_NO_PERSON: Final = pattern_on_use(
    r"[店站]长|掌柜|[材料质检仓管资保安收银理货导购]{2}员|[文理商工医内外妇儿骨眼]科|(?:前台|门卫|保安|收发|传达|值班|客服|售后|财务|行政|后勤|总务|教务|采购|仓管|物业|护士|药房|检验|运营|人事|编辑)"
    r"(?:[室部处科组员站台]|中心|窗口|护士|医生|人员|主管|店长)?|(?:车间|班组|工区)[主班组][任长]|匿名(?:用户|买家|寄存)?|保密|本人|业主|住户|用户|顾客|买家|卖家|客户"
)
_SHORT_SHOP: Final = pattern_on_use(
    rf"(?:[厂店铺坊寺庙庵馆站局校库仓吧柜]|[收提]点|超市)$|^(?!{_SUR})..[斋阁轩堂居楼家园行记]$"
)
_SHOP: Final = pattern_on_use("..[坊铺斋阁庄汇社屋]$|.[味果花茶]园$")
_WITH_LETTERS: Final = pattern_on_use(rf"[{HAN}]?\*+ ?\(([A-Za-z ,.'-]+)\)")
"""A masked name followed by one in Latin letters: 金** (JIN MEIHUA)."""
_YEAR_BEHIND: Final = pattern_on_use(r"(?<=[^\d*])[ (]?(?:19|20)\d\d\)?$")
_BEHIND: Final = pattern_on_use(r"(?<=..)[ (]*(?:亲收|签收|亲启|收)\)?$")
_NAME_LABEL: Final = pattern_on_use(
    r"(?:收件人|寄件人|收货人|发货人|发件人|联系人|姓名|收方|寄方|收件|寄件|收|寄|发|[Aa][Tt][Tt][Nn])[:\s]+"
)
_GLUED_LABEL: Final = pattern_on_use(
    rf"(?:商家|店家|[买卖]家|顾客|客户|用户|取|送)(?={_SUR}[{HAN}*]{{1,3}}$)|[收寄发](?=(?:{_SUR}|[{RARE}])[{HAN}*]{{0,3}}$)"
)
"""A heading directly before a name without a separator: 商家邱**, 收喻."""
_NOTE: Final = r"\([^()*]*(?<![店仓部厂司库站点组科室行场馆院校局所铺园社])\)"
_NOTED: Final = pattern_on_use(rf" *(?P<before>[{HAN} ]+){_NOTE} *| *{_NOTE}(?P<behind>[{HAN} ]+)")
"""A name with a note in brackets that is not a branch of a firm."""
_BETWEEN_NAMES: Final = pattern_on_use(r"[/、,;|]")
_TITLED: Final = pattern_on_use(
    rf"(?:.*[{HAN})][ (]+|.*(?:[部处科室店站班组校院厂]|顾问))(?!车间){_SUR}[{HAN}]{{0,2}}"
    r"(?:先生|女士|小姐|老师|师傅|经理|老板|阿姨|主任|医生|会计|店长|站长|馆长|校长|工程师)\)?"
)
"""A person with a title behind a place: 骨科 路主任, 财务室万会计."""
_NO_BUILDING: Final = "(?![座区栋幢楼馆库仓厅口门级类])"
_CONTACTS_FIRST: Final = pattern_on_use(rf"A{{1,3}}\d{{0,3}}[.·]?{_NO_BUILDING}[{HAN}]{{2,8}}")
"""A nickname made to sort first in a list of contacts: A00林林."""
_OF_TRADE: Final = pattern_on_use(
    "(?:美[甲发容妆睫业]|理发|养生|按摩|足[浴疗]|开锁|搬家|回收|装修|家政|[维汽]修|批发|零售|定制|租赁|摄影|图文|印刷|广告|数码|手机|电脑|二手车?|"
    "[服女男童]装|箱包|珠宝|水果|[生海]鲜|茶叶|食品|烟酒|鲜花|花艺|母婴|护肤|代购)$"
)
"""The ending of a sender's shop name made to sort first: A1美甲."""
_HIDDEN: Final = pattern_on_use(r"^[·•・]|[·•・]$|--|\.\.|^[_-]+$")
_DOTTED: Final = pattern_on_use(rf"([{HAN}]{{2,8}})[·•・.][{HAN}·•・.]{{2,12}}")
_NUMBERED: Final = pattern_on_use("[一二三四五六七八九十]号")
"""A numbered store or counter (冷仓一号), which is not a person."""
_LONGEST_NAME: Final = 4
# Nicknames that no firm has: a sentence, a wish, a pet (开心的小橙子, 爱吃鱼的小满).
_NICKNAME: Final = pattern_on_use(
    rf"的(?:[小大老]?[{HAN}]{{1,3}})$|^A{{1,3}}\.?{_NO_BUILDING}[{HAN}]|爱吃|不吃|想[要吃睡去]|我[是爱要想在不也]|就好$|[呀吖哒喵嘛]$|不[要想加睡]|"
    rf"^小(?:[鹿熊猫狗羊鸭鸡猪象鲸狐鼠]|[橘兔桃柚豆]子?|鱼儿?|草莓|丸子|汤圆)[{HAN}]{{2,}}$|加油$|宝宝$|妈妈$|爸爸$|"
    r"小(?:可爱|仙女|朋友)|本[人尊]$"
)
# Parts of the names of ethnic groups of western and south-western China.
_PEOPLES: Final = pattern_on_use(
    "(?:扎西|卓玛|多吉|多杰|才仁|才让|次仁|泽仁|央宗|央金|旺堆|旺扎|平措|尼玛|达瓦|格桑|洛桑|丹增|旦增|索朗|德吉|拉姆|白玛|边巴|普布|巴桑|米玛|拉巴|"
    "仁青|仁增|加措|嘉措|顿珠|罗布|曲珍|措姆|强巴|贡布|益西|桑吉|卓嘎|"
    "买买提|麦麦提|阿不都|阿布都|阿卜杜|吐尔逊|阿依|古丽|艾山|依明|热合曼|玉素甫|努尔|艾力|艾尔肯|巴特尔|哈力|别克|"
    "乌云|其其格|其木格|斯琴|苏日|格日勒|图雅|特木尔|那日|娜仁|高娃|呼和|布和|宝音|吉克|阿尔|木呷|阿依莫){2,3}"
    "|岩(?:罕|温|叫|香|坎|光|腊|吞|应|三)[一-鿿]?|玉(?:罕|波|囡|旺|叫|儿|应|香)[一-鿿]?"
)
_MIXED: Final = pattern_on_use(
    rf"[{HAN}]{{2,4}}[A-Z][a-z]{{2,}}|[A-Z][a-z]{{2,}}[{HAN}]{{2,3}}|(?:Miss|Mrs?|Ms)[A-Z][a-z]{{2,}}"
)
"""An unmasked nickname: 小叶子Anna, MissCandy."""
_SERVICE: Final = pattern_on_use("[件货单送付急即]")
"""Characters of service names (立即送达·小份文件) that do not occur in personal names."""
_LATIN_TITLE: Final = pattern_on_use(r"(?:Mrs?|Ms|Miss|Dr|Prof|Sir|Madam)\b\.? *", re.IGNORECASE)
_LATIN_WORD: Final = pattern_on_use(
    r"(?:de|da|van|von|der|den|la|bin|al|el|dos|di|[A-Z]\.|[^\W\d_a-z][^\W\d_]*(?:['’-][^\W\d_]+)*)"
)
_ABBREVIATION: Final = pattern_on_use(r"\b[B-DF-HJ-NP-TV-XZ]{3,}\b")
_MOST_WORDS: Final = 5


def judge_name(lines: Sequence[TextLine], *, organisation: bool) -> Reason | None:
    """Return the rule that the lines of a name certainly break; None if there is none.

    ``organisation``: a name or number beside it is an organisation's, so this may be the name of its shop.
    """
    firm = _broken_firm(lines)
    shown = [line for line in lines if line not in firm and not (organisation and _is_shop(line))]
    return next((NAME_SHOWN for line in shown if _whole_name(line)), None)


def _broken_firm(lines: Sequence[TextLine]) -> Sequence[TextLine]:
    """Return the first lines that together form an organisation's name, broken by a narrow column."""
    for end in range(2, len(lines) + 1):
        stacked = all(abs(line.x - lines[0].x) < line.size and line.y > lines[0].y for line in lines[1:end])
        if stacked and is_organisation("".join(tight(fold(line.text)) for line in lines[:end])):
            return lines[:end]
    return ()


def _is_shop(line: TextLine) -> bool:
    name = tight(fold(line.text))
    if line.party is Party.SENDER and is_brand(name):
        return True
    return may_be_shop(name) and not (
        _TITLE.search(name)
        or _POST.fullmatch(name)
        or _NICKNAME.search(name)
        or _RARE_NAME.fullmatch(name)
        or _PEOPLES.fullmatch(name)
        or _LATIN_TITLE.match(line.text)
    )


def _whole_name(line: TextLine) -> bool:
    """Return whether a line shows a whole name: two characters or more and no mark among or behind them."""
    text, glyphs = _with_marks(line)
    label = _NAME_LABEL.match(text) or _GLUED_LABEL.match(text)
    if label is not None:
        text, glyphs = text[label.end() :], glyphs[label.end() :]
    beside = _WITH_LETTERS.fullmatch(text.strip())
    if beside is not None and _is_latin(beside[1]):
        return True
    text = _BEHIND.sub("", text)
    if _is_plain(tight(_YEAR_BEHIND.sub("", text))):
        text = _YEAR_BEHIND.sub("", text)
    glyphs = glyphs[: len(text)]
    text, glyphs = _without_note(text, glyphs)
    if _says_person(text, line.party):
        return True
    compact = tight(text).strip("(),:;|'").strip("-." if len(text) > 1 and not _HIDDEN.search(text) else "")
    if (
        is_organisation(compact)
        or is_organisation(text)
        or _OFFICE.fullmatch(compact)
        or _NUMBERED.search(compact)
        or _HIDDEN.search(compact)
        or any(sign.isdigit() for sign in compact)
    ):
        return False
    behind = re.split(r"[ ()]", text.rstrip(" )"))[-1]
    if behind != text and contact_of(compact) == behind and _is_plain(behind.rstrip("*")):
        # A gap or a bracket separates the person from the company.
        compact, glyphs = behind, glyphs[-len(behind) :]
    title = _TITLE.search(compact)
    bare = compact[: title.start()] if title else compact
    if "*" in bare or UNSURE in bare or "某" in bare:
        # Stars behind a whole name hide nothing, unless they replace the last of four characters.
        whole = rf"(?:{COMPOUND})[{HAN}]{{2}}\*+|(?!{COMPOUND})[{SURNAME}][{HAN}]{{2}}\*+"
        return re.fullmatch(whole, bare) is not None
    sure = not glyphs or median(glyph.score for glyph in glyphs) >= SURE
    han = re.fullmatch(rf"[{HAN}]+", bare) is not None
    if (title is not None and han) or _POST.fullmatch(compact):
        return _NO_PERSON.fullmatch(bare) is None
    return sure and _shows(text.strip(), bare, line.party, han=han)


def _without_note(text: str, glyphs: list[Glyph]) -> tuple[str, list[Glyph]]:
    """Remove a note in brackets before or behind a plain name: 李建国(自提)."""
    found = _NOTED.fullmatch(text)
    name = None if found is None else "before" if found["before"] else "behind"
    if found is None or name is None or not _is_plain(tight(found[name])):
        return text, glyphs
    return found[name], glyphs[slice(*found.span(name))]


def _says_person(text: str, party: Party | None) -> bool:
    """Return whether the text marks a person: by a role or place before the name, by several names, or by a title."""
    role, pieces, compact = _ROLE.match(text), _BETWEEN_NAMES.split(text), tight(text)
    in_role = role is not None and _is_plain(tight(text[role.end() :]).strip("():"))
    if in_role or (len(pieces) > 1 and any(map(_is_whole_among, pieces))):
        return True
    if "*" in text:
        return False
    shop = is_organisation(compact) or (party is Party.SENDER and _OF_TRADE.search(compact) is not None)
    first = _CONTACTS_FIRST.fullmatch(compact) is not None and not shop
    titled = _TITLED.fullmatch(text.strip()) is not None and not is_organisation(compact)
    return _PERSON_BEHIND.search(text) is not None or first or titled


def _shows(text: str, bare: str, party: Party | None, *, han: bool) -> bool:
    """Return whether a name, stripped of marks, title and organisation, is a person's."""
    if han:
        # A compound surname by itself: the mark behind it was not read.
        if _NO_PERSON.fullmatch(bare) or _SHORT_SHOP.search(bare) or re.fullmatch(COMPOUND, bare):
            return False
        sender = party is Party.SENDER
        # Four characters are a name with a compound surname, or a nickname; a sender's are a shop's name (三味书屋).
        longest = _LONGEST_NAME - (sender and re.match(COMPOUND, bare) is None)
        shop = sender and (_SURNAMED.match(bare) is None or _SHOP.search(bare) is not None)
        short = 1 < len(bare) <= longest and not shop
        return short or bool(_PEOPLES.fullmatch(bare)) or (not sender and _NICKNAME.search(bare) is not None)
    dotted = _DOTTED.fullmatch(bare)
    return (
        (_is_latin(text) and not (party is Party.SENDER and _ABBREVIATION.search(text)))
        or (party is not Party.SENDER and (_is_beside_letters(text) or _MIXED.fullmatch(bare) is not None))
        or re.fullmatch("[가-힣]{2,4}", bare) is not None
        or (
            party is not Party.SENDER
            and re.fullmatch(rf"A{{1,3}}\.?{_NO_BUILDING}[{HAN}]{{2,}}", bare) is not None
        )
        # In 司马·磊 a star was read as a dot.
        or (
            dotted is not None and re.fullmatch(COMPOUND, dotted[1]) is None and _SERVICE.search(bare) is None
        )
    )


def _is_whole_among(piece: str) -> bool:
    """Return whether a name among several is a whole personal name: 白*、吴兴旺."""
    name = tight(piece).strip("():. ")
    title = _TITLE.search(name)
    if title is not None:
        return re.fullmatch(rf"{_SUR}[{HAN}]{{0,2}}", name[: title.start()]) is not None
    return re.fullmatch(
        rf"(?:{COMPOUND}|[{SURNAME}])[{GIVEN}]{{1,2}}|[{RARE}][{GIVEN}]{{2}}", name
    ) is not None and _is_plain(name)


def _is_plain(name: str) -> bool:
    """Return whether a text is exactly a surname and one or two more characters."""
    return (
        re.fullmatch(rf"(?:{COMPOUND})[{HAN}]{{1,2}}|[{SURNAME}][{HAN}]{{1,2}}", name) is not None
        and re.search(r"[部科室处组店厂站所校院馆场仓库局社坊队班点口台]$", name) is None
    )


def _is_latin(text: str) -> bool:
    """Return whether a text is a whole Latin name: two words or more (Tran Van Minh), or one behind a title."""
    title = _LATIN_TITLE.match(text)
    words = re.split(r"[ ·]+", (text[title.end() :] if title else text).replace(",", " ").strip())
    if len(words) > _MOST_WORDS or not all(_LATIN_WORD.fullmatch(word) for word in words):
        return False
    whole = [word for word in words if len(word.strip(".")) > 1 and word[0].isupper()]
    return len(whole) > 1 - (title is not None) and not re.search(f"[{HAN}가-힣]", text)


def _is_beside_letters(text: str) -> bool:
    """Return whether a whole Chinese name is beside one in Latin letters (Lily 王芳, CHAN Tai Man 陈大文)."""
    found = re.fullmatch(
        rf"([A-Za-z][A-Za-z .,'-]*)[ (]*([{HAN}]+)\)?|([{HAN}]+)[ (]*([A-Za-z][A-Za-z .,'-]+)\)?", text
    )
    if found is None:
        return False
    letters, name = (found[1], found[2]) if found[1] else (found[4], found[3])
    return len(letters.strip("xX ")) > 1 and _is_plain(name)


def _with_marks(line: TextLine) -> tuple[str, list[Glyph]]:
    """Return the text with a star for each mark that the picture shows and OCR did not read."""
    text, glyphs = line.text, list(line.glyphs)
    if len(glyphs) != len(text) or not text:
        return text, []
    tall = [glyph.height for sign, glyph in zip(text, glyphs, strict=True) if "\u3400" <= sign <= "\u9fff"]
    full = median(tall) if tall else 0.0
    # The height of the tallest of a few characters; of many, a high quantile, because stray ink may make one taller.
    top = sorted(tall)[ceil(0.75 * (len(tall) - 1))] if tall else 0.0
    signs = []
    for sign, glyph in zip(text, glyphs, strict=True):
        flat = glyph.height < LOW * top and sign not in "一二三丁"
        weak = (glyph.score < SURE and len(tall) > 1) or (sign in LIKE_STARS and glyph.score < SURE_BESIDE)
        signs.append("*" if "\u3400" <= sign <= "\u9fff" and (flat or weak) else sign)
    out: list[str] = []
    for i, sign in enumerate(signs):
        out.append(sign)
        if i + 1 == len(signs):
            gap = any(place > glyphs[i].x for place in line.loose)
        else:
            between = [place for place in line.loose if glyphs[i].x < place < glyphs[i + 1].x]
            wide = glyphs[i + 1].x - glyphs[i].x > _APART * 1.05 * full > 0
            middle = (glyphs[i].x + glyphs[i + 1].x) / 2
            half_way = [
                place for place in between if abs(place - middle) < 0.15 * (glyphs[i + 1].x - glyphs[i].x)
            ]
            gap = bool(half_way) or (bool(between) and wide)
        if gap and "\u3400" <= sign <= "\u9fff":
            out.append("*")
    marked = "".join(out)
    return (marked, glyphs if marked == text else [])
