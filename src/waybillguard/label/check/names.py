"""Rule for names: at least one Chinese character must be hidden (姓名应隐藏1个汉字以上)."""

import re
from typing import Final

from waybillguard.label.check.fold import HAN, fold, tight
from waybillguard.label.check.values import Reason, Standard
from waybillguard.on_demand import pattern_on_use

# Compound surnames (复姓), from wainshine/Chinese-Names-Corpus and common knowledge.
COMPOUND: Final = (
    "欧阳|太史|端木|上官|司马|东方|独孤|南宫|万俟|闻人|夏侯|诸葛|諸葛|尉迟|公羊|赫连|澹台|皇甫|宗政|濮阳|公冶|太叔|申屠|公孙|"
    "慕容|仲孙|钟离|长孙|宇文|司徒|鲜于|司空|闾丘|子车|亓官|司寇|巫马|公西|颛孙|壤驷|公良|漆雕|乐正|宰父|谷梁|拓跋|夹谷|轩辕|"
    "令狐|段干|百里|呼延|东郭|南门|羊舌|微生|公户|公玉|公仪|梁丘|公仲|公上|公门|公山|公坚|左丘|公伯|西门|公祖|第五|公乘|贯丘|"
    "公皙|南荣|东里|东宫|仲长|子书|子桑|即墨|达奚|褚师|欧陽|司馬|東方|獨孤"
)
# Common single surnames, for finding a name inside other text.
SURNAME: Final = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范"
    "金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施牛樊葛邢安齐易乔伍庞颜倪庄聂"
    "章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈"
    "饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣"
    "傅萧洪阎迟桑敖鄢冼屠粟邝晁佘祖赖糜拜"
)
# Rarer single surnames of the Hundred Family Surnames: a name only if characters of given names follow.
RARE: Final = (
    "昝裘缪贲郁杭诸钮嵇滑荀於惠甄封芮羿储汲邴隗宓郗班伊仇钭厉戎束幸韶郜蓟薄印宿怀邰鄂索籍蔺池胥苍莘贡逄扶堵郦雍璩濮寿扈燕冀郏浦"
    "慕朴茅寸茹习宦慎戈庾暨衡匡寇禄阙沃蔚夔隆巩厍勾訾阚那鞠巢蒯查荆竺权逯盖桓谈禹来楚闵苑苟萨敬展鹿鲜贝卞尉"
)
_ORGANISATION: Final = (
    r"公司|工厂|[厂店仓部局站社所校院行馆场]|中心|商行|工作室|超市|学校|医院|银行|驿站|集团|大学|中学|小学|幼儿园|委员会|协会|"
    r"\b(?:AS|AB|KK|AG|SA|BV|NV|OY)\b[., A-Z]*|(?i:(?:\b(?:co|ltd|inc|llc|llp|plc|corp|gmbh|srl|sarl|pte|pty|lda|trade|store|shop|mart|"
    r"group|bank|hotel|hostel|cent(?:er|re)|supply|foods?|farm|caf[eé]|books?|office|dept|team|gear)\b|trading|company|market|studio|atelier|"
    r"boutique|school|university|college|hospital|clinic|pharmacy|factory|warehouse|supplies|logistics|express|electronics|"
    r"technolog(?:y|ies)|industr(?:y|ies)|imports?|exports?|restaurant|bakery|library|museum|foundation|association|institute|department|"
    r"services?|support|nutrition|outdoor|sports)[., a-z]*)|"
    r"研究所|事务所|云仓|物流|快[递运]|速[递运]|仓库|客服|售后|旗舰店|专营店|专卖店|经营部|服务部|合作社"
)
# Words for trades and places at the end of the name of a shop or an office (南山橙园, 蓝鸟布业).
_TRADE: Final = (
    r"[布鞋果茶泵米面酒乳药种被皮渔薯糖]业|家纺|纺织|针织|丝绸|刺绣|布艺|窗帘|床品|服[饰装]|[童女男泳婚冬校]装|衣[舍橱柜]|汉服|旗袍|皮具|箱包|"
    r"百货|杂货|日杂|五金|工具|电[器气料力商池]|电子|家[电具居私]|灯[饰具]|照明|建材|装[饰修潢]|门窗|卫浴|洁具|陶瓷|瓷砖|石材|钢[材构]|玉[器石]|翡翠|"
    r"珠宝|首饰|饰品|银饰|发饰|钟表|眼镜|汽[配修贸]|轮胎|机[电械]|设备|仪器|器[械材]|模具|光[伏电]|能源|化工|塑[料胶]|橡胶|包装|印[刷务]|彩印|"
    r"广告|传媒|文化|教[育辅]|培训|科技|软件|网络|信息|通[信讯]|智能|数码|商[务贸城]|[经外]贸|贸易|实业|制造|化妆品|美[妆业容]|护肤|香[氛薰]|"
    r"母婴|育儿|玩具|潮玩|文[具创]|图书|[书琴布药糖茶酒肉面花果饼]铺|书[屋城坊舍]|出版|唱[片机]|乐器|体育|户外|渔具|宠物|花[卉艺木]|鲜花|园艺|苗木|"
    r"农[资业]|水果|蔬菜|生[鲜物]|净菜|海[产鲜味]|水产|[干山]货|[土特]产|粮油|茶[叶号]|食品|零食|蜜饯|糕[点饼]|烘焙|蛋糕|咖啡|奶茶|餐饮|烧[烤腊]|火锅|"
    r"卤味|小吃|熏酱|调料|香料|牛肉|米[粉线]|医[药疗]|药[材房]|保健|健康|配送|冷链|货运|快运|仓储|供应链|租赁|维修|家政|地产|旅[游行]|"
    r"酒店|宾馆|客栈|民宿|食堂|摄影|婚纱|影楼|批发|零售|直[销营播]|直播间|旗舰|自营|[优严甄]选|工艺|手作|用品|制品|软装|雜貨|"
    r"[果橙茶梨桃枣]园|[渔茶粮布]行|渔家|[酒茶饭蟹]庄|农[庄场家]|牧场|[花饼茶工]坊|小[馆厨]|[退收][货换]?组|[寺庙庵观]|教堂|客堂|"
    r"基地|市场|大厅|窗口|柜台|[处科室队组库铺坊屋庄斋]"
)
_BRANCH: Final = pattern_on_use(r"[^*()某]{4,}\([^*()某]*[店部仓组厂馆站]\)")
# Addresses end in such words too: 安徽省合肥市蜀山区三里庵.
_ADDRESS: Final = pattern_on_use(
    rf"[{HAN}]{{2,8}}?[省市州区][{HAN}]{{1,8}}?[市区县州][{HAN}]*[处科室队组库铺坊屋庄斋寺庙庵观地场厅园]\W*"
)
_ORG: Final = pattern_on_use(
    rf"([^*()]{{2,}}?(?:{_ORGANISATION}|(?:{_TRADE})(?=$|\()))(?![{HAN}]{{0,6}}(?:{_ORGANISATION}))"
    rf"(?:\((?![{SURNAME}])[{HAN}]{{2,8}}\)|\([{HAN}]{{2,8}}[市区县镇仓店]\))?(.*)"
)
_PLACE_WITHIN: Final = pattern_on_use(rf"\([{HAN}]{{2,6}}\)(?=[{HAN}]{{0,8}}公司)")  # 蓝鸟(广州)有限公司
_MIN_ORGANISATION: Final = 4
_LABEL: Final = pattern_on_use(
    r"(?:收件人|寄件人|收货人|发货人|联系人|姓名|收方|寄方|收件|寄件|发件人|收|寄|发)\s*[::]?\s*(?=\S)"
)
_EXPLICIT_LABEL: Final = pattern_on_use(
    r"(?:收件人|寄件人|收货人|发货人|发件人|联系人|姓名|收方|寄方|收件|寄件|收|寄)\s*[: ]\s*"
)
_TITLE: Final = pattern_on_use(r"[(（]?(?:先生|女士|小姐|老师|师傅|经理|老板|阿姨|同学|总|哥|姐)[)）]?$")
_TAIL: Final = pattern_on_use(r"[ (]\d{4}\)?$")
_PRINT: Final = pattern_on_use(rf"(?:{COMPOUND}|[^\d*\s])?\*\*")
_STARTS_COMPOUND: Final = pattern_on_use(COMPOUND)
_DOTTED: Final = pattern_on_use(r"[·•・]")
_MANY, _TWO_STARS = 3, 2

_PLAIN: Final = Reason("NAM-01", "姓名至少应隐藏一个汉字", "a name must hide at least one character")
_FEW: Final = Reason("NAM-02", "星号加在完整姓名之后，等于没有隐藏", "stars behind a whole name hide nothing")
_FORM: Final = Reason("NAM-03", "只许印姓与两个星号", "only the surname and two stars are printed")
_DIGITS: Final = Reason("NAM-04", "姓名栏里有数字", "there are digits in the field of the name")


def is_organisation(text: str) -> bool:
    """Return whether a folded name is only an organisation's name (not personal data)."""
    return contact_of(text.strip()) == ""


def contact_of(name: str) -> str | None:
    """Return the text behind an organisation in a folded name, "" if there is none; None without an organisation."""
    if _BRANCH.fullmatch(name):
        return ""
    found = None if _ADDRESS.fullmatch(name) else _ORG.fullmatch(_PLACE_WITHIN.sub("", name))
    if found is None or len(tight(found[1])) < _MIN_ORGANISATION:
        return None
    return found[2].strip(" ()（）,，:·").removesuffix("收")


def may_be_shop(name: str) -> bool:
    """Return whether a folded name could be a shop's, given a service number (400, 95338) beside it."""
    return (
        re.fullmatch(rf"[{HAN}A-Za-z]{{{_MIN_ORGANISATION - 1},}}", name) is not None
        and (len(name) >= _MIN_ORGANISATION or name[0] not in SURNAME)
        and _STARTS_COMPOUND.match(name) is None
        and not contact_of(name)
    )


def judge_name(text: str, standard: Standard) -> Reason | None:
    """Return the rule that a name breaks; None if it passes.

    The name of an organisation passes; a contact person behind it is judged like any other name. A title
    (先生) does not count as a hidden character.
    """
    if standard is Standard.PRINT and _PRINT.fullmatch(text):
        return None
    name = _TAIL.sub("", fold(text).strip())
    name = _EXPLICIT_LABEL.sub("", name, count=1) if _EXPLICIT_LABEL.match(name) else name
    contact = contact_of(name)
    if contact is not None:
        if not contact:
            return None
        name = contact
    name = tight(name)
    if any(character.isdigit() for character in name):
        return _DIGITS
    if "*" not in name:
        return _PLAIN
    if standard is Standard.PRINT:
        return None if _PRINT.fullmatch(name) else _FORM
    return _judge_hidden(_TITLE.sub("", name))


def _judge_hidden(name: str) -> Reason | None:
    """Judge a name with stars: the visible part must be less than a whole name."""
    shown = name.replace("*", "")
    if not re.search(f"[{HAN}]", shown):
        return None if len(shown) <= 1 or name.count("*") >= _TWO_STARS else _FEW
    if len(shown) < _MANY:
        return None
    if _DOTTED.search(name):
        return None
    if len(shown) == _MANY and (not name.endswith("*") or _STARTS_COMPOUND.match(shown)):
        return None
    return _FEW


_END: Final = rf"(?=$|[^{HAN}]|[收签亲转电])"
_SUR: Final = rf"(?:{COMPOUND}|[{SURNAME}])"
_NOT_A_NAME: Final = (
    r"(?!周[一二三四五六日末天内边]|白[天色]|高[档峰兴]|方[便式形]|安[全装排]|金[额属]|时[间候]|全[部天套新]|应[该当]|和[我]|万[一]|于[当本今明次]|单["
    r"独号元位件]|包[装裹好邮严]|成[都套品]|左[边右手脚侧]|向[左右上]|米[色]|谢[谢啦]|贺[卡词]|商[品家店场]|常[温用]|简[装单易]|车["
    r"库棚位]|易[碎]|马[上]|牛[奶肉]|毛[巾衣]|连[衣同]|祝[福您你]|温[度水馨]|齐[全]|蓝牙|[㐀-鿿]色|(?<=谢)谢)"
)
# Given names contain no word for a place.
_GIVEN: Final = (
    rf"{_NOT_A_NAME}{_SUR}(?:(?![路街镇乡村道区县市巷弄幢楼号段省件]|[一二三四五六七八九十]栋)[{HAN}]){{1,2}}"
)
_CLOSE: Final = "(?:同事|老乡|门卫|保安|前台|收银台|服务台|收发室|传达室|值班室|楼管|宿管|同学|朋友|室友|舍友|邻居|家人|亲戚|父亲|母亲|爸爸?|妈妈?|爷爷|奶奶|老公|老婆|先生|爱人|儿子|女儿|哥哥?|姐姐?|弟弟?|妹妹?)"
# Characters that signal a name in free text: the expression is tried only if one of them occurs.
_SIGNS: Final = tuple(
    (frozenset(characters), pattern_on_use(expression))
    for characters, expression in (
        ("人名", rf"(?:联系人|收件人|收货人|寄件人|姓名)[: ]*{_GIVEN}(?!\*)"),
        (
            "系交转找给叫喊让由请是",
            rf"(?:联系|交给|交予|转交|转|找|给|叫|喊|让|由|请|是)(?:我?的?{_CLOSE}){{0,2}}[: ]?{_GIVEN}{_END}(?![收件]?件|\*)",
        ),
        (
            "收启",
            rf"(?:^|[^{HAN}]|[号幢栋座楼室区园给找让由请是]){_GIVEN}(?:亲收|签收|亲启|收)(?![货件到发费购割藏容银])",
        ),
        ("家", rf"{_GIVEN}家(?:隔壁|对面|旁|后|前|门)"),
        (
            "生士姐师姨傅理板爷妈学",
            rf"{_NOT_A_NAME}{_SUR}[{HAN}]{{0,2}}(?:先生|女士|小姐|老师|阿姨|师傅|经理|老板|大爷|大妈|同学)(?!牌)",
        ),
        ("总哥姐叔婶", rf"(?:^|[^{HAN}]|[给找联系]){_NOT_A_NAME}{_SUR}[总哥姐叔婶](?=$|[^{HAN}]|[收签])"),
        (
            "0123456789*",
            rf"(?:^|[^{HAN}]){_GIVEN}[ :,]*(?=1[3-9]\d(?:[- ]?[\d*]){{4}}|0\d{{2,3}}-?\d|\*{{4}})",
        ),
    )
)
IN_TEXT: Final = Reason("NAM-05", "文字里带有姓名", "there is a person's name in the text")


def name_in(text: str) -> int | None:
    """Return the position in a folded free text where a person's name seems to begin; None if there is none."""
    for characters, expression in _SIGNS:
        if not characters.isdisjoint(text) and (found := expression.search(text)) is not None:
            return found.start()
    return None
