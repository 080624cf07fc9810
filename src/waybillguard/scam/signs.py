"""Signs in a message that decide its verdict: requests to the reader, their subject, and the sender's role."""

from waybillguard.on_demand import pattern_on_use
from waybillguard.scam.extract import Facts
from waybillguard.scam.frauds import BENIGN, INSTALL_FRAUDS, OTHER_FRAUDS, PROBLEMS
from waybillguard.scam.model import Code

type Reason = tuple[Code, tuple[int, int] | None]

_ASK_CODES = {
    "asks_screen_share": Code.ASKS_SCREEN_SHARE,
    "asks_card_or_code": Code.ASKS_CARD_OR_CODE,
    "off_platform_contact": Code.OFF_PLATFORM_CONTACT,
    "asks_payment": Code.ASKS_PAYMENT,
}
#: Words of a courier at the door with a parcel.
_COURIER_WORDS = (
    "快递员", "派件员", "收派员", "骑手", "配送员", "派送员", "送货", "送快递", "小哥", "我是送", "放门口", "放驿站", "定位",
    "几单元", "门牌", "在家吗", "下来拿",
)  # fmt: skip
_MONEY_WORDS = (
    "会员", "保障", "保险", "扣费", "扣钱", "扣款", "退款", "赔", "账户", "银行", "贷", "额度", "征信",
    "refund", "membership", "bank", "compensat",
)  # fmt: skip
#: Ways of paying a customs duty that are not an official program.
_INTO_AN_ACCOUNT = ("转账", "转到", "转至", "汇款", "账户", "账号", "二维码", "扫码", "收款")
#: An optional contact for questions, as pick-up stations give it.
_OFFERED_CONTACT = pattern_on_use(r"有(?:问题|疑问|事|需要)|如需|找不到|同号")


#: Words before a link that only gives more information.
_INFORMS = pattern_on_use(r"(?:公告|全文|原文|说明书?|手册|细则|电子版|notice|manual)[^，。,!！]{0,6}$")
#: Money that the reader has received or will receive.
_COMES_IN = pattern_on_use(r"查收|结案")
#: Money already paid: "您预交的押金", "付的运费"; not "需要交的押金".
_PAID = pattern_on_use(r"(?:缴纳|支付|缴|交|付|垫|存|充值)(?:了|过)?的")
#: Money returned to its original account: "赔付至投保时的支付账户", "转入原付款账户".
_PAID_OUT = pattern_on_use(r"[赔退返补偿]$")
_OWN_ACCOUNT = pattern_on_use(
    r"(?:转入|转至|转到|打入|存入|付至|付到|支付至|支付到|汇入)[^，。,]{0,6}?(?:原|(?:下单|投保|缴费|寄件|付款|支付(?!宝))(?:时所?[用的]?的?|所用的?))[^，。,]{0,6}?账[户号]"
)
#: Money is returned, in the part of the sentence before its target account; the reader is not told to pay.
_COMES_BACK = pattern_on_use(r"[退赔返偿]")
_SENTENCE_END = pattern_on_use(r"[。！？!?;；\n]")
_CLAUSE_END = pattern_on_use("[，,]")
_REACH = 60
_TO_PAY_FIRST = pattern_on_use(r"请|先|[您你](?:需|要|应)|须")
_STILL_TO_PAY = pattern_on_use(r"(?:需|要|应|须|待|未|没)[^，。,]{0,2}$")
#: A parcel with payment on delivery that must be paid before it arrives.
_UNSEEN = pattern_on_use(
    r"先(?:付|转|扫|垫|把)|先[您你]?转|后送|不付|再(?:送|放)|(?:代|帮|替)[您你]?(?:付|垫|给)|[您你]先(?:付|转|垫|扫)"
)
_SEEN = pattern_on_use(r"当面|现金|开箱|验货|验完|验了|可拒收|拒收即可")
_ACCOUNT = pattern_on_use(r"卡号|银行卡|账号|账户|开户行")
_SECRET = pattern_on_use(r"码(?!头)|密|cvv|有效期|身份证|数字|余额")


class Signs:
    """The facts of a message, in the form that the rules of judgement use."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        has = facts.has
        self.introduced = has("introduces") and not has("inbound")
        self.voice = has("introduces", "signed")
        self.formal = has("formal") or self.voice
        self.problem = has(*PROBLEMS)
        self.offer = has("compensate")
        self.parcel = has("parcel_topic")
        self.shop = has("shop_topic")
        self.others = [kind for kind in OTHER_FRAUDS if kind in facts.found]
        self.engaged = has("engage")
        self.courier = _is_courier(facts) and not has("enrolment", "customs", "recall")
        self.callback = has("callback")
        self.hard = dict(facts.asks)
        if (
            has("installs")
            and (self.problem or self.offer or not INSTALL_FRAUDS.isdisjoint(self.others))
            and not has("safe_route", "inbound")
        ):
            self.hard["asks_screen_share"] = [
                *self.hard.get("asks_screen_share", []),
                *facts.found["installs"],
            ]
        if "asks_payment" in self.hard and not (unpaid := self._unpaid()):
            del self.hard["asks_payment"]
        elif "asks_payment" in self.hard:
            self.hard["asks_payment"] = unpaid
        if self._identity_for_customs():
            del self.hard["asks_card_or_code"]
        if "asks_payment" in self.hard and not self._payment_is_asked():
            del self.hard["asks_payment"]
        before = facts.normalised.text
        self.link = any(not _INFORMS.search(before, 0, link.start) for link in facts.bad_links)
        self.money = self.offer or has("refund_topic", "paid_back")
        mishap = has("lost", "damaged", "recall", "address_problem")
        goods_claim = ((self.parcel or self.shop) and (self.problem or self.money)) or (mishap and self.money)
        self.claim = goods_claim or has("enrolment", "recall", "customs", "lost") or self.money
        self.claim = self.claim or ((self.parcel or self.shop) and has("fee"))
        #: Money or a problem in a message that otherwise only says where a parcel is.
        self.link_matters = self.link and (self.claim or bool(self.others) or has("address_problem"))

    def _unpaid(self) -> list[tuple[int, int]]:
        """Return the requests for money, without money already paid or being returned."""
        text = self.facts.normalised.text
        return [
            (start, end)
            for start, end in self.hard["asks_payment"]
            if not (self._into_own_account(start) or _PAID_OUT.search(text, max(0, start - 1), start))
            and (not _PAID.match(text, start) or _STILL_TO_PAY.search(text, max(0, start - 6), start))
        ]

    def _into_own_account(self, at: int) -> bool:
        """Return whether the money mentioned at ``at`` is returned to its original account."""
        text = self.facts.normalised.text
        if not _OWN_ACCOUNT.match(text, at):
            return False
        sentence = _SENTENCE_END.split(text[max(0, at - _REACH) : at])[-1]
        asked = _TO_PAY_FIRST.search(_CLAUSE_END.split(sentence)[-1])
        return asked is None and _COMES_BACK.search(sentence) is not None

    @property
    def unseen(self) -> bool:
        """Whether a parcel with payment on delivery must be paid before it arrives."""
        text = self.facts.normalised.text
        return self.facts.has("cod") and _UNSEEN.search(text) is not None and not _SEEN.search(text)

    @property
    def account_for_money(self) -> bool:
        """Whether an acquaintance asks for an account number to send money to, and for nothing secret."""
        text = self.facts.normalised.text
        asked = [text[start:end] for start, end in self.hard.get("asks_card_or_code", [])]
        return bool(asked) and all(_ACCOUNT.search(words) and not _SECRET.search(words) for words in asked)

    def _identity_for_customs(self) -> bool:
        """Return whether customs require the identity card of a parcel's recipient, in an official program."""
        text = self.facts.normalised.text
        asked = [text[start:end] for start, end in self.hard.get("asks_card_or_code", [])]
        return bool(asked) and self.facts.has("safe_route") and all("身份证" in words for words in asked)

    def _payment_is_asked(self) -> bool:
        """Return whether a suspicious payment is requested: not a fare in the app, freight on delivery or a bill."""
        strong = (
            self.problem
            or self.offer
            or self.others
            or len(self.hard) > 1
            or self.voice
            or self.facts.has("fee")
            or self.unseen
        )
        facts = self.facts
        alone = len(self.hard) == 1 and not self.others
        in_app = alone and facts.has("safe_route") and not facts.has("compensate", "enrolment")
        if facts.has("customs") and any(word in facts.normalised.text for word in _INTO_AN_ACCOUNT):
            in_app = False
        # A parcel locker shows its price next to the pick-up code.
        tariff = (
            alone
            and facts.has("pickup")
            and not (self.problem or self.offer or facts.links or self.introduced)
        )
        single = len(self.hard) == 1 and {"transfer_fraud"}.issuperset(self.others)
        comes_in = single and not facts.has("fee") and _COMES_IN.search(facts.normalised.text)
        return bool(strong) and not (in_app or tariff or comes_in)

    def asks(self) -> list[Reason]:
        """Return the requests as reasons, most severe first; a callback only if it is the actual request."""
        reasons: list[Reason] = [
            (code, span) for kind, code in _ASK_CODES.items() for span in self.hard.get(kind, [])[:2]
        ]
        if not self.hard and self.callback and self.callback_matters:
            reasons.append((Code.OFF_PLATFORM_CONTACT, self.facts.found["callback"][0]))
        return reasons

    @property
    def callback_matters(self) -> bool:
        """Whether a call to a private number about money is requested. A courier's own number is normal."""
        return (
            self.claim
            and (self.offer or self.facts.has("enrolment", "recall", "customs"))
            and not self.courier
        ) or any("callback" in OTHER_FRAUDS[kind] for kind in self.others)

    @property
    def speaks_of_money(self) -> bool:
        """Whether the message is about accounts, insurance, memberships or refunds, which need no screen sharing."""
        return any(word in self.facts.normalised.text for word in _MONEY_WORDS)

    @property
    def own_matter(self) -> bool:
        """Whether it is the writer's own story, without formal address and without a second request."""
        return self.facts.own_story and not self.voice and len(self.hard) < 2  # noqa: PLR2004 - a second

    @property
    def harmless_ask(self) -> bool:
        """Whether the request is harmless.

        Examples: friends split a bill or forward a code; a courier sends a picture of a dented box, without an offer
        of money.
        """
        facts = self.facts
        about_money = self.hard.keys() <= {"asks_payment"} or not self.offer
        between_friends = about_money and not self.problem and not self.formal and not facts.has("fee")
        acquainted = (
            self.hard.keys() == {"asks_card_or_code"}
            and self.account_for_money
            and not (self.formal or self.problem or self.parcel or self.shop)
        )
        asked_for_help = facts.has("inbound") and self.hard.keys() <= {"asks_payment"}
        small_talk = (
            (self.courier or (facts.has("pickup") and _OFFERED_CONTACT.search(facts.normalised.text)))
            and self.hard.keys() == {"off_platform_contact"}
            and not self.money
            and not facts.has("lost")
        )
        return self.own_matter or between_friends or acquainted or small_talk or asked_for_help

    @property
    def is_advertising(self) -> bool:
        """Whether it is an advertisement, for something that frauds do not advertise."""
        return self.facts.has("advertising") and not self.facts.has(
            "bank_fraud", "police_fraud", "subsidy_fraud", "account_fraud", "gambling"
        )

    @property
    def has_something(self) -> bool:
        """Whether it contains any claim, offer, request or link."""
        bare = self.facts.bare_link is not None
        return bool(self.problem or self.offer or self.others or self.hard or self.link or bare)

    @property
    def plainly_harmless(self) -> bool:
        """Whether it is the writer's own story, an advertisement with an opt-out, or only the location of a parcel."""
        return self.own_matter or self.is_advertising or (not self.has_something and self.facts.has(*BENIGN))


def _is_courier(facts: Facts) -> bool:
    return any(word in facts.normalised.text for word in _COURIER_WORDS)
