"""Who owns the web process: its socket to keyd, the database, its memory, and what signed-in people send through it.

He asks keyd directly, under any name, as fast as he can. Counted is what he obtains, what the ledger says of it, and
whose names stand there. The bound: at most what the people who confirmed a code within five minutes may open in that
hour, in their names; with nobody signed in, or outside every signed shift, nothing.
"""

import base64
import os
import secrets
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from support.grants import FOUNDER
from support.keyd import HERE, PHONE, Keyd
from support.keyd_inside import TENANT, Vault

from waybillguard.ledger import EntryKind
from waybillguard.ledger.entry import Leaf, decode_leaf
from waybillguard.ledger.person import words_of
from waybillguard.ledger.view import ShardView
from waybillguard.service.keyd import enrolling, export_messages, factors, mandates, messages, signing_in
from waybillguard.service.keyd.actions import action_of
from waybillguard.service.keyd.client import KeydError, RefusedError
from waybillguard.service.keyd.errors import RequestRefusedError
from waybillguard.service.keyd.limits import Window, shipped_limits

pytestmark = pytest.mark.timeout(240)

ORDERS = 700


@pytest.fixture
def keyd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Keyd]:
    """A real key process with a sealed order, behind its real socket."""
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    process = Keyd(tmp_path / "data").start()
    client = process.client(patience=90.0)  # on a busy machine it takes its time to start
    client.call(messages.Status(), messages.StatusAnswer)
    client.close()
    process.seal()
    yield process
    process.stop()


class Thief:
    """Tries every order in every name that he can prove, and counts."""

    def __init__(self, vault: Vault) -> None:
        self.vault = vault
        self.orders = vault.seal(ORDERS)
        self.obtained: set[str] = set()

    def steal(self, *sessions: tuple[str, bytes]) -> int:
        """Open what can be opened with the grants of signed-in people; return how many records he has now."""
        waiting = iter(self.orders)
        for actor, grant in [*sessions, ("u99", b""), (FOUNDER, b""), ("owner", secrets.token_bytes(120))]:
            for order in waiting:
                try:
                    self.obtained.add(self.vault.look(order, actor, grant))
                except RequestRefusedError:
                    break
        sys.stdout.write(f"hijacked web, {len(sessions)} signed in: {len(self.obtained)} records\n")
        return len(self.obtained)

    def looks(self) -> list[str]:
        """Return the names that stand at looks in the ledger."""
        ledger, names = self.vault.keyd.ledger, []
        for shard in ledger.shards_of(TENANT):
            ledger.checkpoint(shard)
            view = ShardView(ledger.shard(shard).store)
            for index in range(view.size):
                leaf = decode_leaf(view.leaf(index))
                if isinstance(leaf, Leaf) and leaf.kind == EntryKind.REVEAL:
                    names.append(str(words_of(ledger, shard, index)["actor"]))
        return names


@pytest.fixture
def thief(tmp_path: Path) -> Iterator[Thief]:
    vault = Vault(tmp_path)
    vault.desk.enrol(TENANT, FOUNDER)
    vault.wait(600)
    yield Thief(vault)
    vault.keyd.ledger.close()


def test_with_nobody_signed_in_he_obtains_nothing(thief: Thief) -> None:
    assert (thief.steal(), thief.looks()) == (0, [])


def test_with_one_signed_in_he_obtains_the_quota_of_one_in_that_name(thief: Thief) -> None:
    quota = shipped_limits().reveals_hour
    grant = thief.vault.desk.session(TENANT, FOUNDER)
    assert thief.steal((FOUNDER, grant)) == quota
    assert thief.looks() == [FOUNDER] * quota
    thief.vault.restart()
    assert thief.steal((FOUNDER, grant)) == quota, "killing keyd resets nothing"
    thief.vault.wait(3_700)
    assert thief.steal((FOUNDER, grant)) == quota, "an hour later the stolen grant is not fresh any more"


def test_with_ten_signed_in_he_obtains_ten_quotas(thief: Thief) -> None:
    people = [FOUNDER, *(f"u{n}" for n in range(1, 10))]
    sessions = [(name, thief.vault.desk.session(TENANT, name)) for name in people]
    sessions = [(name, thief.vault.desk.session(TENANT, name)) for name, _ in sessions]
    assert thief.steal(*sessions) == 10 * shipped_limits().reveals_hour
    assert set(thief.looks()) == set(people)


@pytest.mark.parametrize("role", ["clerk", "merchant", "inspector"])
def test_with_people_signed_in_who_see_no_plaintext_he_obtains_nothing(thief: Thief, role: str) -> None:
    """The policies give them none, and the web process decides by those; keyd gives them none either."""
    desk = thief.vault.desk
    desk.enrol(TENANT, "u5", role)
    assert thief.steal(("u5", desk.session(TENANT, "u5"))) == 0
    assert thief.looks() == []


@pytest.mark.parametrize("role", ["clerk", "inspector", "service"])
def test_he_raises_nobody_who_is_signed_in(thief: Thief, role: str) -> None:
    desk = thief.vault.desk
    desk.enrol(TENANT, "u5", role)
    session = desk.session(TENANT, "u5")
    for who, grant in (("u5", session), ("service", b""), (FOUNDER, desk.session(TENANT, FOUNDER))):
        for other in {"service", "supervisor"} - {role}:
            with pytest.raises(RequestRefusedError, match=r"owner's code|confirm this very act"):
                thief.vault.ask(enrolling.SetRole(messages.Context(TENANT, who, grant=grant), "u5", other))
    assert thief.steal(("u5", session)) == (shipped_limits().reveals_hour if role == "service" else 0)


def test_outside_every_signed_shift_he_obtains_nothing_with_ten_signed_in(thief: Thief) -> None:
    night = msgspec.structs.replace(shipped_limits(), windows=(Window(22 * 60, 6 * 60),))
    desk = thief.vault.desk
    desk.sign(TENANT, FOUNDER, "u1", night)
    assert thief.steal(*((f"u{n}", desk.session(TENANT, f"u{n}")) for n in range(10))) == 0


def test_to_end_a_person_of_their_name_lifts_no_signed_limits(thief: Thief) -> None:
    """Suspending needs no grant, and the name is whatever he sends."""
    desk = thief.vault.desk
    desk.sign(TENANT, FOUNDER, "u1", msgspec.structs.replace(shipped_limits(), reveals_hour=3))
    for name in (":limits", ":plans", ":demo", "1"):
        thief.vault.ask(enrolling.Suspend(messages.Context(TENANT, "service"), name))
    assert thief.steal((FOUNDER, desk.session(TENANT, FOUNDER))) == 3


def test_a_person_he_adds_in_a_stolen_owners_name_opens_five_and_agrees_to_no_export(thief: Thief) -> None:
    desk = thief.vault.desk
    owner = desk.session(TENANT, FOUNDER)
    desk._people = None
    desk.enrol(TENANT, "u9")
    assert thief.steal(("u9", desk.session(TENANT, "u9"))) == shipped_limits().young_reveals_day
    with pytest.raises(RequestRefusedError, match="three days"):
        desk.mandate(TENANT, FOUNDER, "u9", mandates.export_job(1, "to himself"))
    assert owner


def test_an_owners_fresh_code_for_one_act_gives_him_no_other(thief: Thief) -> None:
    """He reads what the browser sends: the sign-in, looks, and the code by which the owner adds a clerk."""
    desk, here = thief.vault.desk, messages.Context(TENANT, FOUNDER)
    adding = desk.confirmed(enrolling.ExpectPerson(here, "u8", "clerk", new=True))
    powers: list[messages.Request] = []
    for seen in (desk.session(TENANT, FOUNDER), adding.context.grant):
        context = msgspec.structs.replace(here, grant=seen)
        powers += [
            enrolling.ExpectPerson(context, "u66", "owner", new=True),
            enrolling.ExpectPerson(context, "u66", "clerk", new=True, also=("u67", "u68")),
            mandates.GrantMachine(context, "key-66", 366),
            mandates.Propose(context, mandates.export_job(66, "to himself"), 100_000),
        ]
    for request in powers:
        with pytest.raises(RequestRefusedError, match="confirm this very act"):
            thief.vault.ask(request)
    thief.vault.ask(adding)
    with pytest.raises(RequestRefusedError, match="confirm this very act"):
        thief.vault.ask(msgspec.structs.replace(adding, person="u66"))


def _own_code(pending: enrolling.PendingTotp, thief: Thief, ahead: int = 0) -> str:
    return factors.totp_code(base64.b32decode(pending.secret), thief.vault.now_us // 30_000_000 + ahead)


def test_he_adds_no_factor_of_his_to_an_owner_who_is_signed_in(thief: Thief) -> None:
    here = messages.Context(TENANT, FOUNDER, grant=thief.vault.desk.session(TENANT, FOUNDER))
    begun = thief.vault.ask(enrolling.BeginTotp(TENANT, FOUNDER))
    with pytest.raises(RequestRefusedError, match="confirm this very act"):
        thief.vault.ask(enrolling.EnrolTotp(here, begun.pending, _own_code(begun, thief)))


def test_a_factor_that_an_owner_was_led_to_add_confirms_nothing_for_three_days(thief: Thief) -> None:
    """The page lied, and the owner's one code took his factor in: by its own codes he would confirm act after act."""
    desk, here = thief.vault.desk, messages.Context(TENANT, FOUNDER)
    begun = thief.vault.ask(enrolling.BeginTotp(TENANT, FOUNDER))
    led = desk.confirmed(enrolling.EnrolTotp(here, begun.pending, _own_code(begun, thief)))
    thief.vault.ask(led)
    owners = thief.vault.keyd.people.find(TENANT, FOUNDER).factors[0].uid
    act = mandates.GrantMachine(here, "key-66", 366)
    for removed in (False, True):
        if removed:  # to take power away needs no grant
            thief.vault.ask(enrolling.RemoveFactor(here, FOUNDER, owners))
        thief.vault.wait(60)
        opening = signing_in.OpenSession(here, _own_code(begun, thief), action_of(act))
        grant = thief.vault.ask(opening).grant
        with pytest.raises(RequestRefusedError, match="three days"):
            thief.vault.ask(msgspec.structs.replace(act, context=msgspec.structs.replace(here, grant=grant)))
    thief.vault.wait(73 * 3_600)
    opening = signing_in.OpenSession(here, _own_code(begun, thief), action_of(act))
    grant = thief.vault.ask(opening).grant
    thief.vault.ask(msgspec.structs.replace(act, context=msgspec.structs.replace(here, grant=grant)))


def test_every_row_he_has_sealed_for_its_tokens_stands_in_the_ledger(thief: Thief) -> None:
    ledger, sealed = thief.vault.keyd.ledger, 0
    for shard in ledger.shards_of(TENANT):
        ledger.checkpoint(shard)
        view = ShardView(ledger.shard(shard).store)
        for index in range(view.size):
            leaf = decode_leaf(view.leaf(index))
            if isinstance(leaf, Leaf) and leaf.kind == EntryKind.KEY:
                sealed += words_of(ledger, shard, index)["detail"].get("orders", 0)
    assert sealed == ORDERS


def test_sealing_ends_where_no_import_goes(thief: Thief) -> None:
    vault = thief.vault
    vault.keyd.limits = msgspec.structs.replace(vault.keyd.limits, sealed_hour=ORDERS + 10)
    vault.seal(10)
    with pytest.raises(RequestRefusedError, match="no import needs"):
        vault.seal(1)


def test_an_upload_that_waits_opens_for_no_warehouse_that_he_makes_up(keyd: Keyd) -> None:
    """What the key is bound to read the same for the kind "scans" of a warehouse "here/waiting/import"."""
    client = keyd.client()
    made = client.call(messages.NewDataKey(HERE.tenant, "import"), messages.DataKey)
    thief = messages.Context(f"{HERE.tenant}/waiting/import", "nobody")
    with pytest.raises(RefusedError, match="letters, digits"):
        client.call(messages.OpenDataKey(thief, made.wrapped, "scans"), messages.DataKey)
    client.close()


def test_over_the_real_socket_nothing_opens_without_a_grant(keyd: Keyd) -> None:
    """What the demo lost: phones under an invented name, at socket speed."""
    assert keyd.sealed is not None
    epoch, order = keyd.sealed
    client, opened, refused = keyd.client(), 0, set()
    for actor, grant in (("u1", b""), ("invented", b"\x96" * 150), (FOUNDER, b""), ("service", bytes(32))):
        context = messages.Context(HERE.tenant, actor, purpose="delivery_problem", grant=grant)
        phone = messages.TokenQuery("phone", PHONE, [20_000], [])
        words = messages.TokenQuery("name", "测试", [20_000], [])
        for request, answer in (
            (messages.Reveal(context, epoch, order, "phone", ["p"], "1"), messages.Revealed),
            (messages.Tokens(context, [phone]), messages.TokenAnswer),
            (messages.FragmentTokens(context, [words]), messages.FragmentAnswer),
            (messages.MatchFragments(context, [words], [epoch], [order]), messages.Matches),
            (
                export_messages.BindNumber(context, "simulator", "1", epoch, order, ["p"], "1"),
                export_messages.BoundNumber,
            ),
            (
                export_messages.SealExport(
                    context, 1, bytes(32), b"", 0, [epoch], [export_messages.ExportOrder(order, "", "", "")],
                    ["p"], "1",
                ),
                export_messages.SealedPart,
            ),
        ):  # fmt: skip
            try:
                client.call(request, answer)
                opened += 1
            except RefusedError as error:
                refused.add(error.reason)
    client.close()
    assert (opened, refused) == (0, {"not_granted"})
    assert keyd.look().phone == PHONE, "the owner who is signed in sees it"


def test_over_the_real_socket_he_makes_no_person_and_no_owner_of_himself(keyd: Keyd) -> None:
    keyd.sign_in()
    client = keyd.client()
    invented = messages.Context(HERE.tenant, "u66")
    for request, answer in (
        (enrolling.ExpectPerson(invented, "u66", "owner"), messages.Done),
        (enrolling.SetRole(invented, FOUNDER, "clerk"), messages.Done),
    ):
        try:
            client.call(request, answer)
        except KeydError:
            continue
        assert isinstance(request, enrolling.SetRole), "only to take power away needs no grant"
    pending = client.call(enrolling.BeginTotp(HERE.tenant, "u66"), enrolling.PendingTotp)
    with pytest.raises(RefusedError, match="expects"):
        client.call(
            enrolling.EnrolTotp(invented, pending.pending, _code(pending.secret)), enrolling.EnrolledFactor
        )
    client.close()


def test_a_frame_half_sent_and_held_holds_nobody_else(keyd: Keyd) -> None:
    held = []
    for _ in range(20):
        one = socket.socket(socket.AF_UNIX)
        one.connect(os.fspath(keyd.config.keyd_socket))
        one.sendall(b"\x00\x00\x10\x00half")
        held.append(one)
    assert keyd.record().index >= 0
    for one in held:
        one.close()


def test_a_frame_of_four_gigabytes_is_refused_before_it_is_read(keyd: Keyd) -> None:
    one = socket.socket(socket.AF_UNIX)
    one.settimeout(20)
    one.connect(os.fspath(keyd.config.keyd_socket))
    one.sendall(b"\xff\xff\xff\xff")
    assert b"too large" in one.recv(4_096)
    one.close()


def _code(secret: str) -> str:
    import time

    return factors.totp_code(base64.b32decode(secret), int(time.time()) // factors.PERIOD_S)
