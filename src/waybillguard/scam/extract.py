"""Extract from a message: who speaks, what is claimed, what is requested, and the facts it quotes.

A request counts only if it is directed at the reader (:mod:`.polarity`), and only in turns of the other party
(:mod:`.speakers`).
"""

import re

import msgspec

from waybillguard.on_demand import pattern_on_use
from waybillguard.scam.known import carriers_named, is_official_domain, known, plain_number
from waybillguard.scam.model import Message, Registry
from waybillguard.scam.normalise import Normalised, normalise
from waybillguard.scam.polarity import Reading
from waybillguard.scam.rules import Hits, rule_book
from waybillguard.scam.speakers import turns

ASKS = ("off_platform_contact", "asks_card_or_code", "asks_screen_share", "asks_payment")
_MAX_MATCHES = 50
_FRAMES = frozenset(
    {
        "warning",
        "told",
        "introduces",
        "signed",
        "inbound",
        "advertising",
        "formal",
        "parcel_topic",
        "shop_topic",
        "urge",
    }
)
_TOP = (
    "com|cn|net|org|top|xyz|vip|cc|club|info|me|io|shop|site|online|co|ltd|link|live|app|icu|work|fun|store|tech|pro|gov|edu|hk|tw|"
    "test|example|beauty|quest|support|help|center|bar|rest|hair|skin|makeup|monster|lat|mom|pics|autos|boats|homes|click|today|world|life|"
    "news|vin|one|uno|ltda|zone|email|express|delivery|services|social|cash|money|finance|loan|pay|market|sale|shopping|company|"
    "us|ru|ly|gl|im|in|tk|ml|ga|cf|gq|pw|buzz|win|bid|red|ink|wang|mobi|biz|asia|group|plus|run|cloud|art|bond|cyou|sbs|lol|cfd|ws|su"
)
#: A URL: the scheme, then the domain as the second group.
LINK = pattern_on_use(
    rf"(?:(https?)://)?(?:[a-z0-9._-]+@)?((?:[a-z0-9-]+\.)+(?:{_TOP})(?![a-z0-9-])|(?<=://)(?:[a-z0-9-]+\.)+[a-z]{{2,}}|(?<![\d.])\d{{1,3}}(?:\.\d{{1,3}}){{3}}(?![\d.]))(?::\d{{2,5}})?(/[a-z0-9./?=&_%#~+-]*)?"
)
_BARE_LINK = pattern_on_use(
    r"(?:点击|点开|点下|打开|登录|登陆|进入|访问|戳)[^，。,!！?？\n]{0,10}?(?:链接|网址|网站|url|连接)|(?<![a-z])url(?![a-z])"
)
_WAYBILL = pattern_on_use(
    r"(?<![a-z0-9])(?:(?:sf|yt|jt|jd|jdv|dpk|ky|zto|sto|yd|ems|ea|eb|[a-z]{2})?[0-9]{10,18}(?:cn)?|[a-z]{2,4}[0-9]{8,18})(?![a-z0-9])"
)
_TAIL = pattern_on_use(
    r"(?:(?:运单|单号|快递单|物流单|包裹|快[件递]|邮件|运单号)[^，。,!！?？\n]{0,8}?(?:尾号|后四位|末四位|末尾|尾数|后4位)|(?:尾号|后四位|末四位|尾数|后4位))(?:是|为|:|：| |\(|（)?([0-9a-z]{3,6})(?![0-9a-z])"
)
_BANK_BEFORE = pattern_on_use(r"(?:卡|银行|账户|储蓄|信用|手机|号码|电话)[^，。,\n]{0,6}$")
_PHONE = pattern_on_use(r"1[3-9][0-9]{9}")
_GOODS = pattern_on_use(
    r"(?:购买|选购|网购|订购|下单|买|拍|[您你]的(?:那|这)[件个台双盒瓶套])的?(?:[0-9一二两三]+[件个双台盒瓶套])?(?:商品|宝贝|产品|物品|货品)?[“\"「『【《\(（]?([a-z0-9\u4e00-\u9fff]{1,14}?)[”\"」』】》\)）]?"
    r"(?=(?:的)?(?:快递|包裹|快件|物流|订单|在|因|由于|出现|存在|[，。,！!（(\s]|丢|破|损|遗|有|被|运输|经|质|检|已|发|未|不|需|我们|是|属|目前|商品|产品|批次|派|到|送|没货|缺货|今|明|退|分拨|$))"
    r"|(?<=[您你]的)(?P<bare>[\u4e00-\u9fff]{2,5}?)(?=(?:已|在|被|丢|破|损|退货|派送|运输|没货|缺货|质量|分拨|路上|发货))"
)
_GOODS_TIDY = pattern_on_use(
    r"^(?:的|了|一|这|那|件|个|款|批|双|台|盒|瓶|套|箱|昨天|前天|今天|最近|近期|上周|您|你)+|(?:的|这|那|一|件|个)+$"
)
_VAGUE_GOODS = pattern_on_use(
    r"^(?:(?:订单|快递|包裹|快件|邮件|退款|账户).*|.{0,2}(?:商品|物品|东西|宝贝|产品|货物|货|包裹|快递|快件|订单|件|物|商家|时候|会员|服务|东东|火车票|机票|账[户号]|退款|申请|邮件|货款|信息|地址|银行卡|资金|钱|款项|赔款|文件|手机|.*(?:订单|包裹|快递|快件|邮件|退款|申请|账户|信息|理赔|赔付|会员|保障|银行卡|款|号)|.*(?:订单|快递|包裹|店铺|旗舰店|平台|淘宝|京东|拼多多|抖音|天猫|快手))|[0-9]+|过|到|得|它|他|我|您|你)$"
)


class Link(msgspec.Struct, frozen=True):
    """A URL in a message; ``official`` if the domain is published or vouched for, and written without disguise."""

    start: int
    end: int
    domain: str
    official: bool


class Facts(msgspec.Struct, frozen=True):
    """Findings in a message; ranges are character positions in the normalised text.

    Attributes:
        found: claims by kind, without those that are only reported ("a fraudster said …").
        asks: requests directed at the reader.
        refused: requests that occur, but are refused or only reported.
        warns: the text warns of a fraud or reports one.
        own_story: the writer reports what happened to themself.
        waybills: ranges of waybill numbers or their tails, with their text.
        goods: ranges of goods that the text names as bought, with their text.
    """

    normalised: Normalised
    found: Hits
    asks: Hits
    refused: Hits
    warns: bool
    own_story: bool
    links: tuple[Link, ...]
    bare_link: tuple[int, int] | None
    carriers: tuple[tuple[int, int, str], ...]
    waybills: tuple[tuple[int, int, str], ...]
    goods: tuple[tuple[int, int, str], ...]
    sender: bool | None

    def has(self, *kinds: str) -> bool:
        """Return whether any of ``kinds`` was found."""
        return not self.found.keys().isdisjoint(kinds)

    @property
    def bad_links(self) -> tuple[Link, ...]:
        """Links to domains that nobody vouches for."""
        return tuple(link for link in self.links if not link.official)


def extract(message: Message, registry: Registry | None = None) -> Facts:
    """Extract the facts of a message."""
    normalised = normalise(message.text)
    text = normalised.text
    registry = registry or Registry()
    own = [turn for turn in turns(text) if turn.own] if "\n" in text else []
    if own:
        # The reader's own turns contain no claims or requests of the other party. Blank them out to keep positions.
        for turn in own:
            text = text[: turn.start] + " " * (turn.end - turn.start) + text[turn.end :]
    reading = Reading(text)
    hits = rule_book().find(text)
    links = tuple(_links(text, normalised, message.text, registry))
    asks: Hits = {}
    refused: Hits = {}
    hits = {kind: _ends_of(spans) for kind, spans in hits.items()}
    for kind in hits.keys() & set(ASKS):
        meant = [span for span in hits[kind] if reading.means(*span)]
        (asks if meant else refused)[kind] = meant or hits[kind]
    found: Hits = {}
    for kind, spans in hits.items():
        if kind in _FRAMES:
            said = spans
        elif kind == "safe_route":
            said = [span for span in spans if not reading.is_denied(*span)]
        else:
            said = [span for span in spans if reading.claims(*span, asked=bool(asks))]
        if said and kind not in ASKS:
            found[kind] = said
    bare = _BARE_LINK.search(text)
    if bare and not reading.means(*bare.span()):
        bare = None
    return Facts(
        normalised=normalised,
        found=found,
        asks=asks,
        refused=refused,
        warns=reading.warns,
        own_story=reading.own_story,
        links=links,
        bare_link=bare.span() if bare else None,
        carriers=tuple(carriers_named(text)),
        waybills=tuple(_waybills(text)),
        goods=tuple(_goods(text)),
        sender=_sender(message.sender, registry),
    )


def _ends_of(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return only the first and last matches, to limit work on texts that repeat themselves."""
    return spans if len(spans) <= 2 * _MAX_MATCHES else [*spans[:_MAX_MATCHES], *spans[-_MAX_MATCHES:]]


def _links(text: str, normalised: Normalised, original: str, registry: Registry) -> list[Link]:
    if "." not in text:
        return []
    found = []
    for match in LINK.finditer(text):
        start, end = normalised.span(*match.span(2))
        # A domain with look-alike letters, or with a name before an @, is not the official one.
        plain = original[start:end].isascii() and "@" not in match.group()
        official = plain and is_official_domain(match.group(2), registry.domains)
        found.append(Link(*match.span(), match.group(2), official))
    return found


def _waybills(text: str) -> list[tuple[int, int, str]]:
    found = [
        (*match.span(1), match.group(1))
        for match in _TAIL.finditer(text)
        if not _BANK_BEFORE.search(text, 0, match.start())
    ]
    for match in _WAYBILL.finditer(text):
        number = match.group()
        before = text[max(0, match.start() - 8) : match.start()]
        # Order numbers and accounts are also long, so a bare number counts only if it is called a waybill number.
        if _PHONE.fullmatch(number) or (
            number.isdigit() and not re.search(r"(?:运单|单号|快递|快件|邮件|包裹|物流)[^订]{0,4}$", before)
        ):
            continue
        if re.search(r"订单|微信|qq|群|:$|：$|账号|加", before) and not re.search(
            "运单|快递单|物流单|单号", before
        ):
            continue
        found.append((*match.span(), number))
    return found


def _goods(text: str) -> list[tuple[int, int, str]]:
    found = []
    for match in _GOODS.finditer(text):
        group = "bare" if match.group("bare") else 1
        name = _GOODS_TIDY.sub("", match.group(group))
        if len(name) > 1 and not _VAGUE_GOODS.match(name):
            found.append((*match.span(group), name))
    return found


def _sender(sender: str | None, registry: Registry) -> bool | None:
    """Return whether the sender is vouched for; None if unknown."""
    if not sender or not sender.strip():
        return None
    number = plain_number(sender)
    vouched = {plain_number(one) for one in registry.senders}
    if number in vouched or sender.strip() in registry.senders or number in known().numbers:
        return True
    if registry.senders or re.fullmatch(r"1[3-9][0-9]{9}|00[0-9]{6,}|\+[0-9]{6,}|1[67][0-9]{9}", number):
        return False
    return None
