"""From what a message says to a verdict, in the order of certainty.

1. An ask for off-platform contact, a card, a code, a shared screen or a payment, put to the reader together with a claim, is
   a scam, whatever the order's state: the words may be true and the channel wrong.
2. Claims that the order contradicts make one likely.
3. Only an order that bears the claims out, with nothing asked and nothing against it, is consistent.
4. Everything else is unknown. What nobody told us never makes a message safe.
"""

from collections.abc import Callable

import msgspec

from waybillguard.scam.classifier import Likeness
from waybillguard.scam.extract import Facts
from waybillguard.scam.model import Code, MessageClass, OrderFacts, Verdict
from waybillguard.scam.verify import Comparison

type Reason = tuple[Code, tuple[int, int] | None]

_ASK_CODES = {
    "asks_screen_share": Code.ASKS_SCREEN_SHARE,
    "asks_card_or_code": Code.ASKS_CARD_OR_CODE,
    "off_platform_contact": Code.OFF_PLATFORM_CONTACT,
    "asks_payment": Code.ASKS_PAYMENT,
}
#: Something is wrong with a parcel or an order.
PROBLEMS = ("lost", "damaged", "recall", "enrolment", "customs", "address_problem")
_BENIGN = ("pickup", "delivered", "moving", "waiting", "going_back", "delivery_failed", "delayed")
#: Other frauds, and what must come along for each: any of these makes a verdict. An empty name: the topic alone suffices.
OTHER_FRAUDS = {
    "police_fraud": ("ask", "callback", "link", "urge"),
    "bank_fraud": ("ask", "callback", "link", "bare link", "asked who", "engaged voice"),
    "points_fraud": ("ask", "callback", "link", "bare link"),
    "subsidy_fraud": ("ask", "callback", "link", "bare link"),
    "credit_fraud": ("ask", "callback", "link", "bare link", "introduced"),
    "prize_fraud": ("ask", "callback", "link"),
    "account_fraud": ("ask", "callback", "link"),
    "ticket_fraud": ("ask", "callback", "link", "offer"),
    "brushing": ("ask", "link", "callback", "bare link", ""),
    "task_fraud": ("ask", "link", "callback", "bare link"),
    "invest_fraud": ("ask", "link", "bare link"),
    "gambling": ("ask", "link", "bare link", ""),
    "friend_fraud": ("ask",),
    "impostor_fraud": ("ask", ""),
    "transfer_fraud": ("ask", "introduced"),
    "love_fraud": ("ask", "link", "bare link", "callback"),
}


_INSTALL_FRAUDS = frozenset(
    {
        "credit_fraud",
        "account_fraud",
        "police_fraud",
        "bank_fraud",
        "task_fraud",
        "invest_fraud",
        "transfer_fraud",
        "love_fraud",
        "brushing",
        "gambling",
    }
)


class Judgement(msgspec.Struct, frozen=True):
    """A verdict, its class, its reasons with ranges of the normalised text, and the score before calibration."""

    verdict: Verdict
    kind: MessageClass
    reasons: tuple[Reason, ...]
    score: float
    sounds_like: bool = False


def judge(
    facts: Facts, order: OrderFacts | None, comparison: Comparison | None, model: Callable[[], Likeness]
) -> Judgement:
    """Return what may be said of a message."""
    view = _View(facts)
    # A few words give the model nothing to weigh.
    likeness = model() if view.has_something or len(facts.normalised.text) >= _MIN_WEIGHED else _NOTHING
    certain = view.certain_scam()
    likely = view.likely_scam()
    reasons: list[Reason] = view.asks()
    against = comparison.against if comparison is not None else ()
    if (
        certain
        and comparison is not None
        and comparison.matches
        and _only_money({code for code, _ in against})
    ):
        reasons.insert(0, (Code.STATE_TRUE_BUT_OFF_PLATFORM_CONTACT, comparison.matches[0]))
    if view.link_matters:
        reasons.extend((Code.LINK_NOT_OFFICIAL, (link.start, link.end)) for link in facts.bad_links[:2])
    warned = (facts.warns or bool(facts.refused)) and not view.hard and not certain and not likely
    if not warned:
        reasons.extend(against)
    if (
        comparison is not None
        and comparison.matches
        and not certain
        and not likely
        and not against
        and not warned
    ):
        reasons.append((Code.STATE_MATCHES, comparison.matches[0]))
    reasons.extend(_small_reasons(facts, view, warned=warned))
    sounds_like = False
    if certain:
        verdict = Verdict.SCAM
    elif likely or (against and not warned and view.contradiction_matters(against)):
        verdict = Verdict.LIKELY_SCAM
    elif _consistent(facts, view, order, comparison, warned=warned):
        verdict = Verdict.CONSISTENT
    elif (
        not warned
        and likeness.scam > (_MODEL_BESIDE_RULES if view.model_may_speak else _MODEL_ALONE)
        and not view.plainly_harmless
    ):
        verdict, sounds_like = Verdict.LIKELY_SCAM, True
    else:
        verdict = Verdict.UNKNOWN
    kind = _kind(view, likeness, verdict)
    return Judgement(
        verdict, kind, tuple(reasons), _score(verdict, view, likeness, len(against)), sounds_like
    )


_NOTHING = Likeness(0.95, 0.025, 0.025)
#: Above this the model's word makes a message likely a scam where the rules found something too, and where they found nothing.
_MODEL_BESIDE_RULES = 0.9
_MODEL_ALONE = 0.95
#: Characters of a message that the model reads although the rules found nothing.
_MIN_WEIGHED = 30


def _only_money(codes: set[Code]) -> bool:
    """Whether the order contradicts nothing but the money: the mishap itself is true."""
    return codes <= {Code.NO_REFUND_ON_RECORD}


class _View:
    """The facts as the rules of judgement need them."""

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
            and (self.problem or self.offer or not _INSTALL_FRAUDS.isdisjoint(self.others))
            and not has("safe_route", "inbound")
        ):
            self.hard["asks_screen_share"] = [
                *self.hard.get("asks_screen_share", []),
                *facts.found["installs"],
            ]
        if self._identity_for_customs():
            del self.hard["asks_card_or_code"]
        if "asks_payment" in self.hard and not self._payment_is_asked():
            del self.hard["asks_payment"]
        self.link = bool(facts.bad_links)
        self.money = self.offer or has("refund_topic", "paid_back")
        mishap = has("lost", "damaged", "recall", "address_problem")
        self.goods_claim = ((self.parcel or self.shop) and (self.problem or self.money)) or (
            mishap and self.money
        )
        self.claim = self.goods_claim or has("enrolment", "recall", "customs", "lost") or self.money
        self.claim = self.claim or ((self.parcel or self.shop) and has("fee"))
        #: Money or a mishap in a message that only says where a parcel is.
        self.link_matters = self.link and (self.claim or bool(self.others) or has("address_problem"))

    def _identity_for_customs(self) -> bool:
        """Customs want the identity card of whoever gets a parcel from abroad, in an official program."""
        text = self.facts.normalised.text
        asked = [text[start:end] for start, end in self.hard.get("asks_card_or_code", [])]
        return bool(asked) and self.facts.has("safe_route") and all("身份证" in words for words in asked)

    def _payment_is_asked(self) -> bool:
        """A fare paid in the app, a freight on delivery or a bill is none of our business."""
        strong = (
            self.problem
            or self.offer
            or self.others
            or len(self.hard) > 1
            or self.voice
            or self.facts.has("fee")
        )
        in_app = self.facts.has("safe_route") and not self.others and len(self.hard) == 1
        return bool(strong) and not (in_app and not self.facts.has("compensate", "enrolment", "customs"))

    def asks(self) -> list[Reason]:
        """Return the asks as reasons, the gravest first; a callback only where it is what is asked."""
        reasons: list[Reason] = [
            (code, span) for kind, code in _ASK_CODES.items() for span in self.hard.get(kind, [])[:2]
        ]
        if not self.hard and self.callback and self.callback_matters:
            reasons.append((Code.OFF_PLATFORM_CONTACT, self.facts.found["callback"][0]))
        return reasons

    @property
    def callback_matters(self) -> bool:
        """A private number to call about money; a courier's own number is how couriers work."""
        return (
            self.claim
            and (self.offer or self.facts.has("enrolment", "recall", "customs"))
            and not self.courier
        ) or any("callback" in OTHER_FRAUDS[kind] for kind in self.others)

    def certain_scam(self) -> bool:
        """Whether an ask that no carrier, shop or authority makes is put to the reader together with a claim."""
        return (
            self._asked_about_a_claim()
            or self._strange_link()
            or self._other_fraud_with_ask()
            or self._secrets_asked()
        )

    def _asked_about_a_claim(self) -> bool:
        return bool(self.hard) and self.claim and not self._harmless_ask()

    def _secrets_asked(self) -> bool:
        """A card, a code or the screen, asked by somebody who says who they are and whom nobody called."""
        grave = not self.hard.keys().isdisjoint({"asks_card_or_code", "asks_screen_share"})
        return (
            grave
            and self.voice
            and not (self.own_matter or self.facts.has("inbound", "advertising", "safe_route"))
        )

    def _strange_link(self) -> bool:
        return (
            self.link_matters
            and not self._is_advertising()
            and (bool(self.others) or (self.claim and self.formal))
        )

    def _other_fraud_with_ask(self) -> bool:
        return any("ask" in OTHER_FRAUDS[kind] and self._asks_fit(kind) for kind in self.others)

    @property
    def own_matter(self) -> bool:
        """The writer's own story, without a formal word to the reader."""
        return self.facts.own_story and not self.voice

    def _asks_fit(self, kind: str) -> bool:
        if not self.hard:
            return False
        if kind in {"friend_fraud", "impostor_fraud"}:
            return not self.hard.keys().isdisjoint({"asks_payment", "asks_card_or_code"})
        return not (kind in {"invest_fraud", "prize_fraud"} and self.own_matter)

    def _harmless_ask(self) -> bool:
        """Friends settle a bill or pass a code on; a courier sends a picture of a dented box and offers no money."""
        facts = self.facts
        about_money = self.hard.keys() <= {"asks_payment"} or not self.offer
        between_friends = about_money and not self.problem and not self.formal and not facts.has("fee")
        asked_for_help = facts.has("inbound") and self.hard.keys() <= {"asks_payment"}
        small_talk = (
            self.courier
            and self.hard.keys() == {"off_platform_contact"}
            and not self.money
            and not facts.has("lost")
        )
        return self.own_matter or between_friends or small_talk or asked_for_help

    def _is_advertising(self) -> bool:
        return self.facts.has("advertising") and not self.facts.has(
            "bank_fraud", "police_fraud", "subsidy_fraud", "account_fraud", "gambling"
        )

    def likely_scam(self) -> bool:
        """Whether something is claimed as frauds claim it although the decisive ask has not come yet."""
        facts = self.facts
        if self._stranger_needs_cooperation():
            return True
        if facts.has("safe_route") and not self.hard and not self.link_matters:
            return False
        return (
            self._asked_by_a_stranger()
            or self._link_for_a_mishap()
            or (self.callback and self.callback_matters)
            or self._opening()
            or any(self._other_is_likely(kind) for kind in self.others)
        )

    def _stranger_needs_cooperation(self) -> bool:
        """A caller introduces themself and needs help with a seizure, or asks who one is to mend an account or a parcel."""
        facts = self.facts
        if not self.introduced or self.courier:
            return False
        asked_who = facts.has("asks_identity") and (
            facts.has("bank_fraud")
            or (self.parcel and facts.has("trouble", *PROBLEMS) and not facts.has("safe_route"))
        )
        return asked_who or (facts.has("customs") and self.engaged)

    def _asked_by_a_stranger(self) -> bool:
        """An ask in formal words about a parcel, an order or anything that frauds speak of."""
        topic = self.others or self.claim or self.parcel
        return bool(self.hard and self.formal and topic) and not (self._harmless_ask() or self.courier)

    def _link_for_a_mishap(self) -> bool:
        facts = self.facts
        if self._is_advertising() or self.own_matter:
            return False
        mishap = self.problem or self.offer
        return (
            self.link_matters
            or (self.link and facts.has("delivery_failed"))
            or (self.claim and facts.bare_link is not None and mishap)
        )

    def _opening(self) -> bool:
        """The first words of a call: who I am, what went wrong, what you get; the ask comes next."""
        facts = self.facts
        if facts.has("paid_back") or self.courier or not self.formal:
            return False
        if facts.has("enrolment"):
            return True
        return self.voice and (
            (self.problem and self.offer and self.engaged)
            or (facts.has("recall") and self.offer)
            or (facts.has("customs") and self.engaged)
        )

    def _other_is_likely(self, kind: str) -> bool:
        facts = self.facts
        present = {
            "": not self._is_advertising(),
            "introduced": self.introduced and (self.engaged or kind == "transfer_fraud"),
            "asked who": self.introduced and facts.has("asks_identity"),
            "engaged voice": self.voice and self.engaged and facts.has("urge"),
            "offer": self.offer and not facts.has("safe_route"),
            "urge": facts.has("urge") and self.formal,
            "bare link": facts.bare_link is not None and not self._is_advertising(),
        }
        return any(present.get(need, False) for need in OTHER_FRAUDS[kind])

    @property
    def has_something(self) -> bool:
        """Whether anything is claimed, offered, asked or linked."""
        bare = self.facts.bare_link is not None
        return bool(self.problem or self.offer or self.others or self.hard or self.link or bare)

    @property
    def plainly_harmless(self) -> bool:
        """The writer's own story, an advertisement that can be ended, or a line that only says where a parcel is."""
        return (
            self.own_matter or self._is_advertising() or (not self.has_something and self.facts.has(*_BENIGN))
        )

    @property
    def model_may_speak(self) -> bool:
        """The model decides nothing in plain talk, a safe route, or where only the whereabouts of a parcel are said."""
        facts = self.facts
        return (
            self.has_something
            and self.formal
            and not facts.has("safe_route", "paid_back")
            and not self.own_matter
            and not self._is_advertising()
        )

    def contradiction_matters(self, against: tuple[Reason, ...]) -> bool:
        """A pick-up notice for another parcel is no fraud; a mishap or money that the order knows nothing of may be one."""
        codes = {code for code, _ in against}
        if codes == {Code.NO_ORDER_ON_RECORD}:
            return (
                (self.problem or self.offer)
                and (self.engaged or self.voice)
                and not self.facts.has("paid_back", "safe_route")
            )
        if self.problem or self.offer:
            return True
        if Code.NO_REFUND_ON_RECORD in codes:
            return self.engaged or bool(self.hard) or self.link
        return bool(self.hard) or self.link


#: Words of somebody who stands before the door with a parcel.
_COURIER_WORDS = (
    "快递员", "派件员", "收派员", "骑手", "配送员", "派送员", "送货", "送快递", "小哥", "我是送", "放门口", "放驿站", "定位",
    "几单元", "门牌", "在家吗", "下来拿",
)  # fmt: skip


def _is_courier(facts: Facts) -> bool:
    return any(word in facts.normalised.text for word in _COURIER_WORDS)


def _small_reasons(facts: Facts, view: _View, *, warned: bool) -> list[Reason]:
    reasons: list[Reason] = []
    if warned:
        where = facts.found.get("warning")
        reasons.append((Code.WARNING_NOT_SCAM, where[0] if where else None))
    if facts.sender is not None:
        reasons.append((Code.SENDER_REGISTERED if facts.sender else Code.SENDER_NOT_REGISTERED, None))
    if "paid_back" in facts.found and not view.hard:
        reasons.append((Code.PAYS_BACK_ORIGINAL_ROUTE, facts.found["paid_back"][0]))
    if not facts.asks and not facts.links and not view.callback and not warned:
        reasons.append((Code.NO_ASK, None))
    return reasons


def _consistent(
    facts: Facts, view: _View, order: OrderFacts | None, comparison: Comparison | None, *, warned: bool
) -> bool:
    if order is None or comparison is None or not order.known or warned:
        return False
    nothing_asked = (
        not facts.asks
        and not facts.bad_links
        and facts.bare_link is None
        and not (view.callback and view.claim and not view.courier)
    )
    return (
        bool(comparison.matches)
        and not comparison.against
        and not comparison.unsettled
        and nothing_asked
        and not view.others
    )


_SURE = 0.9
#: Frauds that stay what they are although a parcel or a shop is named.
_NOT_ABOUT_PARCELS = frozenset(
    {"brushing", "task_fraud", "gambling", "invest_fraud", "love_fraud", "friend_fraud", "impostor_fraud"}
)


def _kind(view: _View, likeness: Likeness, verdict: Verdict) -> MessageClass:
    if verdict in {Verdict.UNKNOWN, Verdict.CONSISTENT}:
        return MessageClass.LEGIT
    goods = view.goods_claim or view.facts.has("enrolment", "recall") or (view.shop and view.offer)
    gift = view.parcel and view.others == ["prize_fraud"]
    other = not _NOT_ABOUT_PARCELS.isdisjoint(view.others) and not view.facts.has(
        "lost", "damaged", "recall", "enrolment"
    )
    if (
        likeness.other_scam > _SURE
        and not view.parcel
        and not view.facts.has("lost", "damaged", "recall", "enrolment")
    ):
        return MessageClass.OTHER_SCAM
    plain = (view.parcel or view.shop) and (not view.others or likeness.parcel_scam > likeness.other_scam)
    return MessageClass.PARCEL_SCAM if (goods or gift or plain) and not other else MessageClass.OTHER_SCAM


def _score(verdict: Verdict, view: _View, likeness: Likeness, against: int) -> float:
    """Return the probability of a scam: the verdict places it in a band, the model and the number of reasons within it."""
    low, high = {
        Verdict.SCAM: (0.93, 0.99),
        Verdict.LIKELY_SCAM: (0.72, 0.95),
        Verdict.UNKNOWN: (0.02, 0.4),
        Verdict.CONSISTENT: (0.01, 0.05),
    }[verdict]
    weight = likeness.scam
    if verdict is Verdict.SCAM:
        weight = min(1.0, 0.3 + 0.2 * len(view.hard) + 0.1 * against + 0.3 * likeness.scam)
    elif verdict is Verdict.LIKELY_SCAM:
        weight = min(1.0, 0.3 + 0.15 * against + 0.4 * likeness.scam)
    elif view.facts.warns or view.facts.own_story:
        weight = 0.1
    return low + (high - low) * weight
