"""A hijacked worker or web process wants more than two people agreed to when a contract ended: 0 other orders go.

The worker holds the mandates of the parts, the database and the socket; the web process holds a code that somebody
confirmed for the end, before it is used. Which orders an end is about is said once, by whoever spends that code: a web
process that is hijacked at that moment names others in their place, up to the number that was confirmed, and the ledger
says how many.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault, entries, refusals

from waybillguard.ledger import EntryKind
from waybillguard.service.keyd import contract_ends, destroying, messages
from waybillguard.service.keyd.contract_ends import AllowEnd, Part
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError, StepUpNeededError
from waybillguard.service.keyd.messages import Job, ShredScope

HERE = messages.Context(TENANT, FOUNDER)


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    made = Vault(tmp_path)
    made.desk.enrol(TENANT, FOUNDER)
    yield made
    made.keyd.ledger.close()


def uids(first: int, count: int) -> list[bytes]:
    return [n.to_bytes(16) for n in range(first, first + count)]


OURS = [uids(0, 20), uids(20, 5)]
OTHERS = uids(1_000, 20)


def parts(*of: list[bytes]) -> list[Part]:
    return [Part(destroying.part_of(some), len(some)) for some in of]


def agreed(vault: Vault, number: str = "4") -> list[bytes]:
    """Let an owner end a contract with the orders that are ours; return the mandates that lie in the database."""
    grants: list[bytes] = vault.ask(vault.desk.confirmed(AllowEnd(HERE, number, 100, parts(*OURS)))).grants
    return grants


def shred(
    vault: Vault,
    grant: bytes,
    what: ShredScope,
    job: Job,
    gone: list[bytes] | None = None,
    tenant: str = TENANT,
) -> None:
    context = messages.Context(tenant, FOUNDER, purpose="contract_end", grant=grant)
    vault.ask(messages.Shred(context, what, len(what.uids), job=job, gone=gone or []))


def of(some: list[bytes], number: str = "4") -> Job:
    return Job("contract_end", destroying.part_of(some), number)


def test_a_worker_destroys_no_order_that_the_end_is_not_about(vault: Vault) -> None:
    grants = agreed(vault)
    for again in (lambda: None, vault.restart):
        again()
        for named, gone in (
            (OTHERS, []), (OURS[0][:-1] + OTHERS[:1], []), (OURS[0] + OTHERS[:1], []), (OTHERS, OURS[0]),
            (OTHERS[:1], OURS[0][:-1]), (OURS[1], []), (OURS[0][:-1], []),
            # Two uids cut elsewhere are the same bytes in a row, and name nobody.
            ([OURS[0][0] + OURS[0][1][:8], OURS[0][1][8:], *OURS[0][2:]], []),
        ):  # fmt: skip
            for job in (of(OURS[0]), of([*named, *gone]), of(OTHERS), of(OURS[0], "5")):
                with pytest.raises((NotGrantedError, RequestRefusedError)):
                    shred(vault, grants[0], ShredScope("orders", named), job, gone)
        for scope in (ShredScope("day", day=1), ShredScope("tenant")):
            with pytest.raises(NotGrantedError):
                shred(vault, grants[0], scope, of(OURS[0]))
        for kind in ("undo", "retention"):
            with pytest.raises(NotGrantedError):
                shred(vault, grants[0], ShredScope("orders", OTHERS), Job(kind, "", "4"))
        with pytest.raises(NotGrantedError, match="another warehouse"):
            shred(vault, grants[0], ShredScope("orders", OURS[0]), of(OURS[0]), tenant="elsewhere")
    assert not vault.keyd.shredded.lines
    assert entries(vault, EntryKind.SHRED) == []
    assert {detail["asked"] for _, detail in refusals(vault)} == {"Shred"}


def test_the_worker_destroys_what_was_agreed_to_also_after_a_part_was_lost_half_way(vault: Vault) -> None:
    """Whoever died had keyd's answer and wrote nothing down; and some orders went meanwhile by other ways."""
    first, second = agreed(vault)
    for _ in range(6):
        shred(vault, first, ShredScope("orders", OURS[0]), of(OURS[0]))
    named = [uid for line in vault.keyd.shredded.lines for uid in line.what.uids]
    assert sorted(named) == sorted(OURS[0]), "who repeats a part names no order again"
    shred(vault, second, ShredScope("orders", OURS[1][2:]), of(OURS[1]), OURS[1][:2])
    assert vault.keyd.shredded.forbidden_of(TENANT, [*OURS[0], *OURS[1], *OTHERS]) == {*OURS[0], *OURS[1][2:]}


def test_a_web_process_makes_a_confirmed_end_no_wider(vault: Vault) -> None:
    """Neither more orders than the code was confirmed for, nor another end, nor the same one twice."""
    confirmed = vault.desk.confirmed(AllowEnd(HERE, "4", 100, parts(*OURS)))
    many = parts(*OURS, uids(2_000, 76))
    for wider in (
        msgspec.structs.replace(confirmed, parts=many),
        msgspec.structs.replace(confirmed, parts=[Part(many[0].name, 101)]),
        msgspec.structs.replace(confirmed, parts=[*many, Part(many[0].name, -50)]),
        msgspec.structs.replace(confirmed, parts=many, most=200),
        msgspec.structs.replace(confirmed, number="5"),
    ):
        with pytest.raises((NotGrantedError, StepUpNeededError)):
            vault.ask(wider)
    assert vault.ask(confirmed).grants
    with pytest.raises(StepUpNeededError):
        vault.ask(confirmed)
    told = [detail for _, detail in entries(vault, EntryKind.POLICY)]
    assert [(one["change"], one["number"], one["orders"]) for one in told] == [
        ("destruction_allowed", "4", 25)
    ]


def test_a_part_that_says_fewer_orders_than_it_names_destroys_none(vault: Vault) -> None:
    many = uids(0, 2_000)
    asked = AllowEnd(HERE, "4", 100, [Part(destroying.part_of(many), 5)])
    (grant,) = vault.ask(vault.desk.confirmed(asked)).grants
    with pytest.raises(NotGrantedError, match="were named"):
        shred(vault, grant, ShredScope("orders", many), of(many))
    with pytest.raises(NotGrantedError, match="were named"):
        shred(vault, grant, ShredScope("orders", many[:5]), of(many), many[5:])


def test_a_code_for_a_look_ends_no_contract(vault: Vault) -> None:
    """A supervisor's or owner's code of just now was enough for any number of orders, whatever the number said."""
    signed_in = messages.Context(TENANT, FOUNDER, grant=vault.desk.session(TENANT, FOUNDER))
    with pytest.raises(StepUpNeededError):
        vault.ask(AllowEnd(signed_in, "4", 10**9, parts(*OURS)))


@pytest.mark.parametrize(
    ("orders", "most"),
    [(0, 100), (1, 100), (99, 100), (100, 200), (2_340, 2_400), (99_999, 100_000), (123_456, 130_000)],
)
def test_a_code_is_asked_for_little_more_than_there_is(orders: int, most: int) -> None:
    assert contract_ends.round_up(orders) == most
