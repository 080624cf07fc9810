"""Decisions equal those of Cedar over the whole set; requests that cannot be evaluated are denied."""

import json
import threading
from collections.abc import Callable
from datetime import date, datetime, timedelta

import cedarpy
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.access import (
    Device,
    OrderFacts,
    Person,
    Place,
    PolicyBook,
    QuotaFacts,
    Request,
    SecondPerson,
    ShiftFacts,
    SignIn,
)
from waybillguard.access.errors import AccessError, PolicyTextError
from waybillguard.access.facts import ask_json, standing_json
from waybillguard.access.policybook import FIXED_FILES
from waybillguard.access.policytext import policy_set
from waybillguard.access.settings import Settings, default_settings
from waybillguard.access.vocabulary import actions, roles
from waybillguard.access.whatif import book_of

type Ask = Callable[..., Request]

PERMIT_ALL = '@id("all") @zh("可") @en("yes") permit (principal, action, resource);'
QUIET = settings(deadline=None, max_examples=300, suppress_health_check=[HealthCheck.too_slow])

_days = st.dates(date(2026, 11, 1), date(2026, 12, 15))
_flags = st.booleans()
people = st.builds(
    Person,
    id=st.sampled_from(["p-1", "p-2"]),
    tenant=st.sampled_from(["t-1", "t-1", "t-1", "t-2"]),
    role=st.sampled_from([*roles(), "unknown"]),
    employed_from=_days,
    employed_to=st.none() | _days,
    first_day=st.none() | _days,
    temp=_flags,
    identity_checked=st.sampled_from([True, True, False]),
    merchants=st.sampled_from([(), ("m-1",)]),
    asleep=st.sampled_from([False, False, True]),
    restriction=st.sampled_from(["none", "none", "no_plaintext", "locked"]),
)
requests = st.builds(
    Request,
    at=st.integers(0, 24 * 20).map(
        lambda hours: datetime.fromisoformat("2026-11-10T00:00+08:00") + timedelta(hours=hours)
    ),
    person=people,
    action=st.sampled_from([*actions(), "reveal", "reveal", "export"]),
    tenant=st.just("t-1"),
    device=st.builds(
        Device,
        id=st.just("d-1"),
        tenant=st.sampled_from(["t-1", "t-1", "t-2"]),
        kind=st.sampled_from(["desk", "phone"]),
        enrolled=st.sampled_from([True, True, False]),
        restricted=st.sampled_from([False, False, True]),
        remote_control=st.sampled_from([False, False, True]),
    ),
    place=st.builds(Place, print_room=_flags),
    sign_in=st.builds(
        SignIn, method=st.sampled_from(["badge", "second_factor"]), stepped_up=_flags, shared=_flags
    ),
    shift=st.builds(ShiftFacts, on=_flags, overtime=_flags, sale_day=_flags),
    purpose=st.sampled_from(["", "after_sales", "made_up"]),
    records=st.sampled_from([1, 1, 1, 2, 0, -1]),
    form=st.sampled_from(["", "masked", "sealed", "plain"]),
    recipient=st.sampled_from(["", "r-1"]),
    virtual_printer=_flags,
    order=st.none()
    | st.builds(OrderFacts, tenant=st.sampled_from(["t-1", "t-2"]), merchant=st.just("m-1"), closed=_flags),
    quota=st.none() | st.builds(QuotaFacts, left=st.integers(0, 3), frozen=_flags),
    second=st.none()
    | st.builds(
        SecondPerson,
        id=st.sampled_from(["p-1", "p-9"]),
        tenant=st.sampled_from(["t-1", "t-2"]),
        role=st.sampled_from(["owner", "clerk"]),
        employed=_flags,
        agreed=_flags,
    ),
)


def test_an_ordinary_look_is_allowed_and_the_permit_is_named(book: PolicyBook, ask: Ask) -> None:
    decision = book.decide(ask())
    assert (decision.allowed, decision.policies, decision.errors) == (True, ("allow-owner",), ())
    assert decision.version == book.version
    assert len(book.version) == 64


def test_a_denial_names_every_policy_that_denies_in_both_languages(book: PolicyBook, ask: Ask) -> None:
    decision = book.decide(ask(purpose="", device__enrolled=False))
    assert not decision.allowed
    assert {"device-unknown", "reveal-purpose"} <= set(decision.policies)
    assert "设备未登记" in decision.words("zh-hans")
    assert "purpose" in decision.words("en")


def test_without_any_permit_the_answer_is_no(ask: Ask) -> None:
    decision = PolicyBook.load().decide(ask(action="view"))
    assert (decision.allowed, [reason.code for reason in decision.reasons]) == (False, ["no-permit"])


@QUIET
@given(request_=requests)
def test_the_answer_is_that_of_cedar_over_the_whole_set(book: PolicyBook, request_: Request) -> None:
    whole = cedarpy.is_authorized(
        {
            "principal": {"type": "Person", "id": request_.person.id},
            "action": {"type": "Action", "id": request_.action},
            "resource": {"type": "Tenant", "id": request_.tenant},
            "context": ask_json(request_),
        },
        policy_set(book.policies),
        standing_json(request_),
    )
    decision = book.decide(request_)
    assert decision.allowed == whole.allowed
    assert set(decision.policies) == set(whole.diagnostics.reasons)


OWN_FORBIDS = [
    "forbid (principal, action, resource) when { principal.temp };",
    'forbid (principal in Role::"owner", action, resource) when { context.records > 0 };',
    'forbid (principal, action == Action::"view", resource);',
    'forbid (principal, action, resource) unless { context has order && context.order.lane == "B" };',
]


@pytest.fixture(scope="module")
def stricter() -> list[tuple[PolicyBook, PolicyBook]]:
    """Pairs of a book that permits everything the fixed rules allow, and the same book with one more forbid."""
    loose = PolicyBook.load({"a.cedar": PERMIT_ALL})
    return [
        (
            loose,
            PolicyBook.load({"a.cedar": PERMIT_ALL, "b.cedar": f'@id("more") @zh("否") @en("no") {text}'}),
        )
        for text in OWN_FORBIDS
    ]


@QUIET
@given(request_=requests)
def test_one_more_forbid_never_allows_more(
    stricter: list[tuple[PolicyBook, PolicyBook]], request_: Request
) -> None:
    for loose, strict in stricter:
        assert not strict.decide(request_).allowed or loose.decide(request_).allowed


@QUIET
@given(request_=requests)
def test_whatever_permits_there_are_plaintext_needs_a_purpose_and_one_open_order_with_quota_left(
    stricter: list[tuple[PolicyBook, PolicyBook]], request_: Request
) -> None:
    request_ = msgspec.structs.replace(request_, action="reveal")
    if stricter[0][0].decide(request_).allowed:
        assert request_.purpose
        assert request_.records == 1
        assert request_.order is not None
        assert not request_.order.closed
        assert request_.quota is not None
        assert request_.quota.left >= 1
        assert request_.sign_in.stepped_up


@QUIET
@given(request_=requests, back=st.integers(1, 400))
def test_a_leaver_is_denied_whatever_else(
    stricter: list[tuple[PolicyBook, PolicyBook]], request_: Request, back: int
) -> None:
    left = request_.at.date() - timedelta(days=back)
    gone = msgspec.structs.replace(request_.person, employed_from=date(2020, 1, 1), employed_to=left)
    cut = msgspec.structs.replace(
        request_.person,
        employed_from=date(2020, 1, 1),
        employed_to=None,
        left_at=request_.at - timedelta(minutes=back),
    )
    for person in (gone, cut):
        decision = stricter[0][0].decide(msgspec.structs.replace(request_, person=person))
        assert not decision.allowed
        assert "leaver" in decision.policies


@QUIET
@given(request_=requests)
def test_an_export_that_is_allowed_is_masked_or_sealed_and_two_people_agreed(
    stricter: list[tuple[PolicyBook, PolicyBook]], request_: Request
) -> None:
    request_ = msgspec.structs.replace(request_, action="export")
    if stricter[0][0].decide(request_).allowed:
        assert request_.form == "masked" or (request_.form == "sealed" and request_.recipient)
        assert request_.second is not None
        assert request_.second.agreed
        assert request_.second.id != request_.person.id
        assert request_.second.role == "owner"


def test_someone_let_go_is_cut_at_that_moment_though_earlier_answers_are_kept(
    book: PolicyBook, ask: Ask, now: datetime
) -> None:
    let_go = now + timedelta(minutes=1)
    assert book.decide(ask(person__left_at=let_go)).allowed
    assert not book.decide(ask(person__left_at=let_go, at=let_go)).allowed


def test_the_last_day_of_employment_is_still_worked(book: PolicyBook, ask: Ask, now: datetime) -> None:
    assert book.decide(ask(person__employed_to=now.date())).allowed
    assert not book.decide(ask(person__employed_to=now.date(), at=now + timedelta(days=1))).allowed


@pytest.mark.parametrize(("days", "allowed"), [(0, False), (6, False), (7, True)])
def test_a_temp_works_in_the_print_room_from_the_eighth_day(
    book: PolicyBook, ask: Ask, now: datetime, days: int, allowed: bool
) -> None:
    temp = ask(
        action="print",
        person__role="clerk",
        person__temp=True,
        person__employed_to=now.date() + timedelta(days=30),
        person__first_day=now.date() - timedelta(days=days),
        place__print_room=True,
    )
    assert book.decide(temp).allowed is allowed


@pytest.mark.parametrize(
    ("shift", "action", "allowed"),
    [
        (ShiftFacts(on=True), "print", True),
        (ShiftFacts(), "print", False),
        (ShiftFacts(overtime=True), "print", True),
        (ShiftFacts(sale_day=True), "print", True),
    ],
)
def test_a_clerk_prints_in_shift_in_overtime_and_on_a_sale_day_where_printing_is_bound_to_it(
    ask: Ask, shift: ShiftFacts, action: str, allowed: bool
) -> None:
    bound = {"shift_actions": ["print", "reveal", "export"], "sale_day_actions": ["print"]}
    book = book_of(Settings.from_form(default_settings().to_form() | bound))
    assert book.decide(ask(person__role="clerk", action=action, shift=shift)).allowed is allowed


def test_a_warehouse_that_told_no_shifts_does_not_stand_still_at_night(book: PolicyBook, ask: Ask) -> None:
    assert book.decide(ask(person__role="clerk", action="print", shift=ShiftFacts())).allowed
    assert not book.decide(ask(person__role="service", shift=ShiftFacts())).allowed


def test_a_sale_day_opens_no_plaintext_out_of_shift(book: PolicyBook, ask: Ask) -> None:
    decision = book.decide(ask(person__role="service", shift=ShiftFacts(sale_day=True)))
    assert decision.policies == ("off-shift",)


def test_a_shared_account_still_prints(book: PolicyBook, ask: Ask) -> None:
    assert book.decide(ask(person__role="clerk", action="print", sign_in=SignIn(shared=True))).allowed


def test_an_unknown_action_is_denied_by_name(book: PolicyBook, ask: Ask) -> None:
    assert [reason.code for reason in book.decide(ask(action="reveal_all")).reasons] == ["unknown-action"]


@pytest.mark.parametrize(
    "change",
    [
        {"purpose": 5},
        {"purpose": None},
        {"records": "1"},
        {"records": True},
        {"records": 1 << 70},
        {"order": "o-1"},
        {"order__closed": None},
        {"quota__left": 1e9},
        {"person": None},
        {"person__role": ["owner"]},
        {"person__employed_from": "2026-01-01"},
        {"person__id": 7},
        {"person__tenant": "\ud800"},
        {"device__enrolled": "yes"},
        {"device__restricted": 0},
        {"sign_in": None},
        {"shift__on": 1},
        {"at": None},
        {"at": datetime(2026, 11, 24, 10)},  # noqa: DTZ001 - a time without a zone is the point
        {"action": None},
        {"action": []},
        {"tenant": None},
    ],
    ids=str,
)
def test_a_missing_or_wrong_fact_denies_and_never_raises(
    book: PolicyBook, ask: Ask, change: dict[str, object]
) -> None:
    decision = book.decide(ask(**change))
    assert not decision.allowed
    assert decision.reasons


@pytest.mark.parametrize("nonsense", [None, 3, "reveal", {}, object()])
def test_something_that_is_no_request_is_denied(book: PolicyBook, nonsense: object) -> None:
    assert [one.code for one in book.decide(nonsense).reasons] == ["bad-request"]  # type: ignore[arg-type]


@given(text=st.text(max_size=60))
def test_hostile_ids_decide_like_any_other_id(book: PolicyBook, ask: Ask, text: str) -> None:
    assert book.decide(ask(person__id=text, purpose="after_sales")).allowed
    assert not book.decide(ask(person__id=text, purpose="")).allowed


def test_a_policy_that_cannot_be_evaluated_denies_instead_of_being_skipped(ask: Ask) -> None:
    overflow = (
        '@id("broken") @zh("坏") @en("broken") forbid (principal, action, resource) '
        "when { context.records + 9223372036854775807 > 0 };"
    )
    decision = PolicyBook.load({"a.cedar": PERMIT_ALL, "b.cedar": overflow}).decide(ask())
    assert (decision.allowed, decision.errors) == (False, ("broken",))
    assert decision.reasons[-1].code == "policy-error"


def test_a_typo_is_named_when_the_book_is_loaded() -> None:
    text = (
        '@id("p") @zh("否") @en("no") forbid (principal, action, resource) when { principal.dailyquota > 1 };'
    )
    with pytest.raises(AccessError, check=has_code("policy_invalid"), match="dailyquota") as caught:
        PolicyBook.load({"own.cedar": text})
    assert "现行规则不变" in caught.value.zh


@pytest.mark.parametrize("name", FIXED_FILES)
def test_the_files_of_the_fixed_rules_cannot_be_replaced(name: str) -> None:
    with pytest.raises(PolicyTextError):
        PolicyBook.load({name: PERMIT_ALL})


def test_an_own_policy_cannot_take_the_id_of_a_fixed_rule() -> None:
    with pytest.raises(PolicyTextError, match="leaver"):
        PolicyBook.load({"own.cedar": PERMIT_ALL.replace('"all"', '"leaver"')})


def test_an_own_permit_does_not_open_what_a_fixed_rule_closes(ask: Ask) -> None:
    assert not PolicyBook.load({"own.cedar": PERMIT_ALL}).decide(ask(purpose="")).allowed


def test_a_packed_book_comes_back_as_the_same_version_and_decides_the_same(
    book: PolicyBook, ask: Ask
) -> None:
    again = PolicyBook.unpack(book.pack(), book.version)
    assert again.version == book.version
    assert again.decide(ask()) == book.decide(ask())


def test_a_book_kept_before_people_had_sites_still_decides(book: PolicyBook, ask: Ask) -> None:
    packed = json.loads(book.pack())
    lines = packed["schema"].splitlines(keepends=True)
    packed["schema"] = "".join(line for line in lines if "home_site" not in line)
    assert packed["schema"] != json.loads(book.pack())["schema"]
    old = PolicyBook.unpack(json.dumps(packed).encode())
    assert old.decide(ask()).allowed
    assert old.decide(ask(person__home_site="s-2")).allowed
    assert not old.decide(ask(purpose="")).allowed


@pytest.mark.parametrize(
    "packed", [b"", b"[]", b"{}", b'{"v":2,"schema":"","files":{}}', b"\xff", b"[" * 9999]
)
def test_a_damaged_pack_is_refused(packed: bytes) -> None:
    with pytest.raises(PolicyTextError):
        PolicyBook.unpack(packed)


def test_a_changed_text_is_another_version(book: PolicyBook) -> None:
    packed = book.pack().replace("设备未登记".encode(), "设备没登记".encode())
    assert PolicyBook.unpack(packed).version != book.version
    with pytest.raises(PolicyTextError):
        PolicyBook.unpack(packed, book.version)


def test_threads_share_a_book(book: PolicyBook, ask: Ask) -> None:
    asked = [ask(person__id=f"p-{n}", purpose="after_sales" if n % 2 else "") for n in range(60)]
    answers: list[list[bool]] = []
    threads = [
        threading.Thread(target=lambda: answers.append([book.decide(one).allowed for one in asked]))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [[bool(n % 2) for n in range(60)]] * 4


def test_what_is_kept_stays_within_its_bound(ask: Ask, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waybillguard.access.policybook._KEPT", 8)
    small = PolicyBook.load({"a.cedar": PERMIT_ALL})
    for n in range(40):
        assert small.decide(ask(person__id=f"p-{n}")).allowed
    assert len(small._kept) <= 8


def test_no_repr_of_a_request_shows_a_person_or_device(ask: Ask) -> None:
    shown = repr(ask()) + str(ask().person) + repr(ask().device)
    assert "p-1" not in shown
    assert "d-1" not in shown
