"""The hub cosigns only checkpoints that extend the ledger; the warehouse stores the cosignature."""

from collections.abc import Callable
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope
from support.devices import enrolled

from waybillguard.agent.protocol_town import POSTURE, Checkpoint, Cosigned, LogSigned, Posture, Reported
from waybillguard.ledger import note as notes
from waybillguard.ledger.merkle import consistency_proof, leaf_hash, root_of
from waybillguard.ledger.policy import parse_policy
from waybillguard.service.hub.cosigned import store_cosignature, trust_policy
from waybillguard.service.hub.models import HubCosigned, Witnessed
from waybillguard.service.hub.towns import add_warehouse
from waybillguard.service.hub.witnessing import signer_of
from waybillguard.service.identity.models import User

pytestmark = pytest.mark.django_db
ORIGIN = "0123456789abcdef.waybillguard.local/yw-01-2026q4"
LEAVES = [leaf_hash(bytes([number])) for number in range(40)]
OTHER = [leaf_hash(b"changed"), *LEAVES[1:]]
LOG = Ed25519PrivateKey.from_private_bytes(b"l" * 32)


def tree(
    size: int,
    since: int = 0,
    leaves: list[bytes] = LEAVES,
    log: Ed25519PrivateKey = LOG,
    origin: str = ORIGIN,
) -> Checkpoint:
    """A ledger's checkpoint, signed by its log, with the proof that it extends its first ``since`` entries."""

    def node(height: int, n: int) -> bytes:
        return root_of(leaves[n << height : (n + 1) << height])

    root = root_of(leaves[:size])
    signer = notes.NoteSigner(origin, notes.ED25519, log)
    return Checkpoint(
        shard=0, size=size, root=root.hex(), since=since,
        proof=tuple(consistency_proof(node, since, size)) if 0 < since < size else (),
        signed=LogSigned(
            origin=origin, key=log.public_key().public_bytes_raw(),
            signature=signer.sign(notes.Checkpoint(origin, size, root).text(), 0).data,
        ),
    )  # fmt: skip


def report(town: SimpleNamespace, number: int, seen: Checkpoint, keys: Any = None) -> Cosigned:
    posture = Posture(
        sequence=number, made_at=datetime.now(UTC), checkpoint=seen,
        controls=(Reported(control="LBL-01", version=1, status="satisfied"),),
    )  # fmt: skip
    answer = (keys or town.keys).post(POSTURE, posture)
    assert answer.status_code == 200
    return msgspec.convert(answer.json()["cosigned"], Cosigned)


def kept(town: SimpleNamespace) -> Witnessed:
    with scope(tenant=town.tenant):
        return Witnessed.objects.get()


def test_what_grew_is_cosigned_and_verifies_offline(town: SimpleNamespace) -> None:
    with scope(tenant=town.tenant):
        for number, (size, since) in enumerate([(9, 0), (9, 9), (10, 9), (31, 10)], 1):
            row = store_cosignature(
                town.tenant, tree(size, since), report(town, number, tree(size, since)), timezone.now()
            )
    assert row is not None
    judged = parse_policy(trust_policy(row).encode()).judge(row.note.encode())
    assert (judged.checkpoint.size, list(judged.witnesses), row.refused) == (31, ["hub"], "")
    assert kept(town).note == row.note


@pytest.mark.parametrize(
    ("second", "reason", "evidence"),
    [
        (tree(20, leaves=OTHER), "forked", True),
        (tree(30, 20, leaves=OTHER), "forked", True),
        (tree(12), "shorter", False),
        (tree(30), "unproved", False),
        (tree(30, 20, log=Ed25519PrivateKey.from_private_bytes(b"m" * 32)), "bad_signature", False),
    ],
)
def test_what_does_not_extend_it_is_never_cosigned(
    town: SimpleNamespace, second: Checkpoint, reason: str, evidence: bool
) -> None:
    report(town, 1, tree(20))
    answer = report(town, 2, second)
    assert (answer.refused, answer.line, answer.vkey) == (reason, "", "")
    assert (kept(town).size, bool(kept(town).forked)) == (20, evidence)


def test_after_a_fork_nothing_of_the_other_history_is_cosigned(town: SimpleNamespace) -> None:
    report(town, 1, tree(20))
    report(town, 2, tree(30, 20, leaves=OTHER))
    assert report(town, 3, tree(40, 30, leaves=OTHER)).refused == "unproved"
    assert report(town, 4, tree(40, 20)).refused == ""
    both = notes.parse_note(kept(town).forked.encode())
    assert notes.verified(both, [notes.Ed25519Verifier(ORIGIN, LOG.public_key().public_bytes_raw())])


def test_the_ledger_of_another_warehouse_is_not_cosigned(town: SimpleNamespace) -> None:
    report(town, 1, tree(20))
    with scope(tenant=town.tenant):
        add_warehouse(town.owner, "乙仓", "北苑")
        _, keys = enrolled(town.owner, station="乙仓", kind="warehouse")
    assert report(town, 1, tree(30, 20), keys).refused == "bad_signature"
    assert kept(town).warehouse_id == town.listed.pk


def test_a_cosignature_by_another_key_or_over_another_root_is_not_kept(town: SimpleNamespace) -> None:
    good = report(town, 1, tree(20))
    elsewhere = signer_of("elsewhere").verifier.vkey()
    with scope(tenant=town.tenant):
        for asked, given in (
            (tree(20), replace_in(good, vkey=elsewhere)),
            (tree(20, leaves=OTHER), good),
            (tree(20), replace_in(good, line="no line")),
        ):
            row = store_cosignature(town.tenant, asked, given, timezone.now())
            assert row is not None
            assert (row.refused, row.note) == ("bad_answer", "")


def replace_in(given: Cosigned, **changes: str) -> Cosigned:
    return msgspec.structs.replace(given, **changes)


def test_a_refusal_is_shown_and_what_was_signed_before_stays(
    town: SimpleNamespace, signed_in: Callable[[User], Client]
) -> None:
    good = report(town, 1, tree(20))
    with scope(tenant=town.tenant):
        store_cosignature(town.tenant, tree(20), good, timezone.now())
        store_cosignature(town.tenant, tree(30, 20, leaves=OTHER), Cosigned(refused="forked"), timezone.now())
        row = HubCosigned.objects.get()
    client = signed_in(town.owner)
    page = client.get(reverse("hub_link")).content.decode()
    assert "it was rewritten" in page
    assert client.get(reverse("hub_cosigned", args=[row.pk, "checkpoint"])).content.decode() == row.note
    assert b"quorum hub" in client.get(reverse("hub_cosigned", args=[row.pk, "policy"])).content
    assert client.get(reverse("hub_cosigned", args=[row.pk, "other"])).status_code == 404


def test_the_hub_shows_both_histories(town: SimpleNamespace, signed_in: Callable[[User], Client]) -> None:
    report(town, 1, tree(20))
    row = kept(town)
    client = signed_in(town.owner)
    assert client.get(reverse("town_witnessed", args=[row.pk, "forked"])).status_code == 404
    report(town, 2, tree(30, 20, leaves=OTHER))
    assert "another history" in client.get(reverse("town_warehouse", args=[town.listed.pk])).content.decode()
    for what in ("cosigned", "forked"):
        found = client.get(reverse("town_witnessed", args=[row.pk, what]))
        assert notes.parse_note(found.content).signatures
    assert "hub.waybillguard.local" in client.get(reverse("town_settings")).content.decode()
