"""Finds persons named in free text, by surname, length, characters of given names and the surrounding words."""

import re
from typing import Final

from waybillguard.label.check.fold import HAN
from waybillguard.label.check.names import COMPOUND, RARE, SURNAME
from waybillguard.on_demand import pattern_on_use

# Characters of given names, from common lists of the most frequent ones.
GIVEN: Final = (
    "伟刚勇毅俊峰强军平保东文辉力明永健世广志义兴良海仁波宁贵福生龙元国胜学祥才发武新利清飞彬富顺信杰涛昌成康星光天达安岩茂进林坚"
    "和彪博诚敬震振壮思群豪心邦承乐绍功松善厚庆磊民友裕河哲江超浩亮政谦亨奇翰朗伯宏若鸣朋斌梁栋维启克伦翔旭鹏泽晨辰士建家致树炎德泰"
    "盛雄琛钧冠策腾楠榕航弘秀娟英华慧巧美娜静淑惠珠翠雅芝玉萍红娥玲芬芳燕彩春菊兰凤洁梅琳素云莲环雪荣爱妹霞香月莺媛艳瑞凡佳嘉琼勤"
    "珍贞莉桂娣璧璐娅琦晶妍茜秋珊莎锦黛青倩婷姣婉娴瑾颖露瑶怡婵雁蓓仪荷丹蓉君琴蕊薇菁梦岚婕馨瑗琰韵卿聪澜毓悦昭爽琬茗羽希欣滢馥筠"
    "柔凝晓欢枫芸菲伊亚可舒影丽蔓溪诗涵雨桐轩宇萱煜喜根财旺金锋宝棠森立忠培守长凯耀钦贤景骏晴雯璇瑜璟玥淇沐梓睿奕昊铭鑫淼霖洋"
    "姬小大子敏丝柯尧骁芳宗靖祖恩朝少洪继延鸿智泉虎斐铁曼迪彦威崇银兆升源桥怀佩宣禄炳恒衡晋隆勋孟琪润济微奎秉丰柱扬乔鼎岳征紫湘益跃桑渊"
    "卓恭焕帅宾逸津宪慈珂曦熙然莹帆艺茹蕾锐铮卉茵萌虹瑛峥楷灿烨臻舟迎远遥郁钰霄韬驰骥麒麟汉冬阳雷墨芷澄妤蔚柠沫汐传兵"
)
_OFTEN_ANOTHER_WORD: Final = (
    "白金石安常万米毛水华云成时易温单全丁车包党向左应项连关麦谷甘柏桂梅牛钱路古蓝宁祝"
)
"""Surnames that also begin other words (白玉兰): a name only if the position indicates one."""
_BRAND: Final = "戴安娜|张小泉|王麻子|[王刘]致和|王守义|张一元|吴裕泰|周大[福生]|周生生|谢瑞麟|李锦记|王老吉|马应龙|张仲景|李时珍|孙思邈|雷允上|沈大成|邵万生|朱炳仁|李子柒"
"""Brands named after persons."""
_NO_PERSON: Final = rf"(?!罗汉|第五|百里|东方|西门|南门|{_BRAND}|.[史农林武医]?学|.生学|.星)"
_NAME: Final = rf"{_NO_PERSON}(?:(?:{COMPOUND})[{GIVEN}]{{1,2}}|[{SURNAME}区符][{GIVEN}]{{2}})"
_PLAIN_NAME: Final = rf"(?:(?={COMPOUND})|(?![{_OFTEN_ANOTHER_WORD}])){_NAME}"
_SHORT_NAME: Final = rf"(?:(?:{COMPOUND})|[{SURNAME}符])[{GIVEN}]{{1,2}}"
_SUR: Final = rf"(?:{COMPOUND}|[{SURNAME}])"
_FROM_HERE: Final = rf"(?<![{HAN}])"
_TO_HERE: Final = rf"(?![{HAN}])"
_TITLE: Final = "(?:宝宝|宝贝|小朋友|小友|同学|先生|女士|老师|同志|仁兄|学长|学姐|工程师|医生|主任|[姐哥])"
_WISH: Final = (
    "(?:生日|新婚|百日|满月|周岁|大寿|金榜|毕业|结婚|惠存|雅正|雅存|指正|留念|存念|嫁给我|节日快乐|早日康复)"
)
_PERSON: Final = pattern_on_use(
    "|".join(
        (
            # A word by itself: 3箱 隋永波.
            rf"{_FROM_HERE}(?:{_PLAIN_NAME}|(?!.[年月日号])[{RARE}][{GIVEN}]{{2}}){_TITLE}?{_TO_HERE}",
            rf"(?:{_FROM_HERE}|[祝贺给致愿的])(?!祝){_SHORT_NAME}{_TITLE}?[, ]?{_WISH}",
            rf"(?:签收|代签|代收|领取|领用|受送达|收货|订货)人?(?:签[字名])?[: ]+{_SHORT_NAME}{_TO_HERE}",
            rf"(?:收件人|收货人|客户|买家|业主|当事人|患者|被告|原告|学生|受检人|[代付交]付人|付款人|[机车户宠货]主|用户)(?:姓名)?(?:: ?{_SUR}[{HAN}]{{1,2}}| {_SHORT_NAME}){_TO_HERE}",
            rf"(?:投保人|被保险?人|抬头|代签|代收|昵称)[: ]+{_SUR}[{HAN}]{{1,2}}{_TO_HERE}",
            rf"祝(?![你您大全各小宝亲妈爸爷奶老女儿店早身幸天永新生百节])[{HAN}]{{2,3}}(?:小朋友|宝宝)?[\d一二三四五六七八九十百]*岁?生日快乐",
            rf"(?:新郎|新娘)[: ]?{_SUR}[{HAN}]{{1,2}}{_TO_HERE}",
            rf"(?:收件人|收货人|客户|买家|业主|当事人|患者|被告|原告|学生|受检人|悼念|怀念|缅怀|爱你的|想你的){_NAME}",
            rf"(?:爸爸?|妈妈?|爷爷|奶奶|老公|老婆|儿子|女儿|闺蜜|姐姐|哥哥|妹妹|弟弟){_NAME}|祝(?:{_NAME}(?=.{{0,6}}{_WISH})|{_SUR}[{HAN}]{{1,2}}(?=[\d一二三四五六七八九十百]*岁?{_WISH}))",
            rf"找[{HAN}]{{0,4}}?{_PLAIN_NAME}(?:{_TO_HERE}|(?=[取代拿领签收]))",
            rf"(?i:happy birthday|生日快乐)[ ,!:]*(?:{_NAME})",
            rf"[交给找转请由让放系台][{HAN}]{{0,6}}?{_PLAIN_NAME}(?:代收|签收|代签|代领|亲收|转交)",
            rf"(?:亲爱的|尊敬的){_NAME}{_TITLE}?(?=[:,!]|{_TO_HERE})",
            rf"(?:刻[字章名印]?|印字|字样|落款|署名)[:“\"「']+[{SURNAME}][{HAN}]{{2}}[印章]?{_TO_HERE}",
            rf"诉{_NAME}(?=.{{0,6}}(?:合同|纠纷|案))|{_FROM_HERE}{_NAME}(?=应诉|诉[{HAN}])",
        )
    )
)
_TITLED_WORK: Final = pattern_on_use(r"《[^》]*》?")
_AT_WORK: Final = pattern_on_use(
    r"[收派投送配递揽拣货装包操作复审物价验封保管导购务发视煎药样件办取餐驶描勤]员|派件|派送|取派|代办|揽[收件]|骑手|司机|小哥|师傅|[药医律]师|审[核方]|复核|经[办手]|制单|打包"
    r"|站务|分拣|扫描|送奶|装车|发车|[送配][货餐奶水]工|网点负责|[店站车船机]长|乘务|(?:掌柜|老板|主播)(?!留言|寄语|的话)|法官|承办|保管|作者|主编|[编译合]著|[著绘]$|设计|法定代表|监制|代言|传人|大师|创始|品牌"
)

_WORK: Final = pattern_on_use("调度|安装|理货|叉车|押运|维修|施工|值班|验货|质检|放行|吊装|热线|网点|工程师")
"""Words for handling the parcel, beyond those of carriers and warehouses in ``is_at_work``."""
_SHOP: Final = pattern_on_use("客服(?!热线|电话|中心)|店主|老板|掌柜|店长")
"""Staff of a shop, whose mobile number is personal."""


def person_in(text: str, before: str = "") -> bool:
    """Return whether a folded free text names a person other than staff; ``before`` is the text to its left.

    >>> person_in("1箱 于德胜 2箱 毕可顺"), person_in("派件员 于德胜"), person_in("白玉兰 2枝")
    (True, False, False)
    """
    bare = _TITLED_WORK.sub(" ", text)
    return _PERSON.search(bare) is not None and not is_at_work(text, before)


def is_brand(name: str) -> bool:
    """Return whether a folded personal name is also a brand: beside a 400 number it is a sender's shop."""
    return re.fullmatch(_BRAND, name) is not None


def is_at_work(text: str, before: str = "") -> bool:
    """Return whether a folded text mentions staff of a carrier, shop or warehouse."""
    return _AT_WORK.search(f"{before} {text}") is not None


def is_of_work(text: str, before: str = "") -> bool:
    """Return whether a folded text mentions staff who handle the parcel, other than a shop's; their number may show."""
    told = before + text
    return _SHOP.search(told) is None and (_WORK.search(told) is not None or is_at_work(text, before))
