"""Who owns the web process while a merchant's person is signed in, in a warehouse whose owners give merchants plaintext.

He asks keyd for orders of every other merchant's shop, as they are and under the own shop's name, and tries to widen what
the person may see. Counted is what he obtains of others: it must be none.
"""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd_inside import TENANT, Vault, entries

from waybillguard.errors import WaybillGuardError
from waybillguard.ledger import EntryKind
from waybillguard.seal.exportfile import ExportHead, head_bytes
from waybillguard.seal.exportkey import fingerprint, new_export_key
from waybillguard.service.keyd import enrolling, export_messages, mandates, messages, shops
from waybillguard.service.keyd.errors import NotGrantedError, RequestRefusedError, StepUpNeededError
from waybillguard.service.keyd.limits import RoleLimits, shipped_limits

OWN, OTHER = "山里干货", "测试旗舰店"
MERCHANT, RIVAL = "u5", "u6"
HERE = messages.Context(TENANT, FOUNDER)
type Sealed = tuple[messages.WrappedEpoch, messages.SealedRef]


def giving(*merchants: tuple[int, tuple[str, ...], tuple[str, ...]]) -> shops.SetMerchants:
    return shops.SetMerchants(HERE, tuple(shops.MerchantShops(*one) for one in merchants))


class Thief:
    """Tries every order of another shop in the name of a merchant's person."""

    def __init__(self, folder: Path) -> None:
        self.vault = Vault(folder)
        desk = self.vault.desk
        desk.enrol(TENANT, "u1")
        desk.enrol(TENANT, MERCHANT, "merchant")
        desk.enrol(TENANT, RIVAL, "merchant")
        self.vault.ask(desk.confirmed(giving((1, (OWN,), (MERCHANT,)), (2, (OTHER,), (RIVAL,)))))
        plain = RoleLimits("merchant", 60, 120, 20_000)
        roles = tuple(one for one in shipped_limits().roles if one.role != "merchant")
        desk.sign(TENANT, FOUNDER, "u1", msgspec.structs.replace(shipped_limits(), roles=(*roles, plain)))
        self.own, self.others = self.vault.seal(5, OWN), self.vault.seal(40, OTHER)
        self.grant = desk.session(TENANT, MERCHANT)

    @property
    def context(self) -> messages.Context:
        return messages.Context(TENANT, MERCHANT, purpose="after_sales", grant=self.grant)

    def ways(self, epoch: messages.WrappedEpoch, order: messages.SealedRef) -> list[messages.Request]:
        word = messages.TokenQuery("name", "测试", [order.day], [])
        return [
            messages.Reveal(self.context, epoch, order, "phone", ["p"], "1"),
            messages.Reveal(self.context, epoch, order, "address", ["p"], "1"),
            messages.MatchFragments(self.context, [word], [epoch], [order]),
            export_messages.BindNumber(self.context, "simulator", "1", epoch, order, ["p"], "1"),
        ]

    def obtained(self, orders: list[Sealed]) -> int:
        """Ask for orders as they are, and as orders of the own shop; return how many answers said something."""
        found = 0
        for epoch, order in orders:
            for named in (order, msgspec.structs.replace(order, shop=OWN)):
                for request in self.ways(epoch, named):
                    try:
                        answer = self.vault.ask(request)
                    except WaybillGuardError:
                        continue
                    found += not isinstance(answer, messages.Matches) or any(answer.matching)
        sys.stdout.write(f"hijacked web, a merchant signed in: {found} answers about {len(orders)} orders\n")
        return found


@pytest.fixture
def thief(tmp_path: Path) -> Iterator[Thief]:
    made = Thief(tmp_path)
    yield made
    made.vault.keyd.ledger.close()


def test_of_other_shops_he_obtains_nothing_and_of_the_own_what_the_owners_signed(thief: Thief) -> None:
    assert thief.obtained(thief.others[:10]) == 0
    refused = [
        detail for _, detail in entries(thief.vault, EntryKind.RESPONSE) if detail["what"] == "refused"
    ]
    assert {detail["asked"] for detail in refused} >= {"Reveal", "MatchFragments", "BindNumber"}
    thief.vault.wait(3_700)
    thief.grant = thief.vault.desk.session(TENANT, MERCHANT)
    assert thief.obtained(thief.own[:1]) == 2 * len(thief.ways(*thief.own[0]))


def test_the_shops_hold_after_a_restart(thief: Thief) -> None:
    thief.vault.restart()
    assert thief.obtained(thief.others[:2]) == 0
    assert thief.obtained(thief.own[:1]) > 0


def test_who_is_tied_to_no_merchant_obtains_nothing(thief: Thief) -> None:
    thief.vault.ask(giving((1, (OWN,), ())))  # taking away needs nobody's code
    assert thief.obtained(thief.own[:2]) == 0


def test_a_request_with_one_order_of_another_shop_tests_none(thief: Thief) -> None:
    (epoch, own), (_, other) = thief.own[0], thief.others[0]
    word = messages.TokenQuery("name", "测试", [own.day], [])
    with pytest.raises(NotGrantedError, match="not yours"):
        thief.vault.ask(messages.MatchFragments(thief.context, [word], [epoch], [own, other]))


WIDER: dict[str, Callable[[messages.Context], messages.Request]] = {
    "another shop": lambda who: shops.SetMerchants(who, (shops.MerchantShops(1, (OWN, OTHER), (MERCHANT,)),)),
    "another merchant": lambda who: shops.SetMerchants(who, (shops.MerchantShops(2, (OTHER,), (MERCHANT,)),)),
    "a merchant of his own": lambda who: shops.SetMerchants(who, (shops.MerchantShops(9, (OTHER,), (MERCHANT,)),)),
    "a clerk": lambda who: enrolling.SetRole(who, MERCHANT, "clerk"),
    "customer service": lambda who: enrolling.SetRole(who, MERCHANT, "service"),
    "expected as a supervisor": lambda who: enrolling.ExpectPerson(who, MERCHANT, "supervisor"),
}  # fmt: skip


@pytest.mark.parametrize("how", WIDER)
def test_alone_he_widens_nothing(thief: Thief, how: str) -> None:
    """In no name that he can prove, with no code that was confirmed for something else."""
    adding = thief.vault.desk.confirmed(enrolling.ExpectPerson(HERE, "u8", "clerk", new=True))
    for context in (HERE, thief.context, adding.context, messages.Context(TENANT, "service")):
        with pytest.raises((NotGrantedError, StepUpNeededError)):
            thief.vault.ask(WIDER[how](context))
    assert thief.obtained(thief.others[:2]) == 0


def test_an_owners_code_for_one_shop_gives_no_other(thief: Thief) -> None:
    given = thief.vault.desk.confirmed(giving((1, (OWN, "新店"), (MERCHANT,))))
    with pytest.raises(StepUpNeededError):
        thief.vault.ask(
            msgspec.structs.replace(given, merchants=(shops.MerchantShops(1, (OWN, OTHER), (MERCHANT,)),))
        )
    thief.vault.ask(given)
    assert thief.obtained(thief.others[:2]) == 0
    told = [detail for _, detail in entries(thief.vault, EntryKind.ACCOUNT)]
    assert [one["names"] for one in told if one["change"] == "merchant_shops"][-1] == f"新店; {OWN}"


def test_a_shop_that_is_added_to_hundreds_stands_in_the_ledger_by_name(thief: Thief) -> None:
    many = tuple(f"店铺{number:03d}" for number in range(490))
    for given in (many, (*many, "最后一家")):
        thief.vault.ask(thief.vault.desk.confirmed(giving((1, given, (MERCHANT,)))))
    told = [detail for _, detail in entries(thief.vault, EntryKind.ACCOUNT)]
    assert str([one for one in told if one["change"] == "merchant_shops"][-1]["names"]).startswith("最后一家")


def test_whoever_moves_to_another_merchant_leaves_the_first_ones_shops(thief: Thief) -> None:
    thief.vault.ask(thief.vault.desk.confirmed(giving((2, (OTHER,), (MERCHANT, RIVAL)))))
    epoch, order = thief.own[0]
    with pytest.raises(NotGrantedError, match="not yours"):
        thief.vault.ask(messages.Reveal(thief.context, epoch, order, "phone", ["p"], "1"))
    assert thief.vault.look(thief.others[0], MERCHANT, thief.grant)


def test_two_merchants_people_agree_to_no_export_of_others(thief: Thief) -> None:
    """Each was made to type a code for it: what they agree to stays within the shops of both."""
    recipient = new_export_key().public_key().public_bytes_raw()
    to = fingerprint(recipient)
    head = head_bytes(ExportHead(warehouse=TENANT, export=1, to=to, made_at="2026-06-01T12:00:00Z"))
    mandate = thief.vault.desk.mandate(TENANT, MERCHANT, RIVAL, mandates.export_job(1, to))
    context = messages.Context(TENANT, MERCHANT, purpose="after_sales", grant=mandate)
    for epoch, order in (thief.own[0], thief.others[0]):
        rows = [export_messages.ExportOrder(order, "", "", "")]
        with pytest.raises(RequestRefusedError, match="not yours"):
            thief.vault.ask(
                export_messages.SealExport(context, 1, recipient, head, 0, [epoch], rows, ["p"], "1")
            )


def test_the_warehouses_own_people_open_orders_of_every_shop(thief: Thief) -> None:
    grant = thief.vault.desk.session(TENANT, FOUNDER)
    assert all(thief.vault.look(order, FOUNDER, grant) for order in (thief.own[0], thief.others[0]))
