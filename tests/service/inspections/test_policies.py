"""Internal policies: all staff read each version, and each reading is written to the ledger first."""

from collections.abc import Callable
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_scopes import scope

from waybillguard.service.identity.models import Role, User
from waybillguard.service.inspections.models import Document, PolicyRead
from waybillguard.service.inspections.policies import policies_for, readers
from waybillguard.service.platform.risks import risks_of

pytestmark = pytest.mark.django_db
Browser = Callable[[User], Client]


def a_policy(warehouse: SimpleNamespace, sha256: str = "a" * 64, *, age: int = 10) -> Document:
    return Document.objects.create(
        tenant=warehouse.tenant, kind="policy_labels", effective_on=timezone.localdate() - timedelta(days=age),
        sha256=sha256, added_by=warehouse.owner, ledger_index=0,
    )  # fmt: skip


@pytest.fixture
def policy(scene: SimpleNamespace) -> Any:
    with scope(tenant=scene.tenant):
        yield a_policy(scene)


def test_a_clerk_reads_a_policy_once_and_it_stands_in_the_ledger(
    scene: SimpleNamespace, policy: Document, signed_in: Browser, journal: list[Any]
) -> None:
    client = signed_in(scene.clerk)
    assert reverse("internal_rules") in {one.address for one in risks_of(scene.clerk)}
    for _ in range(2):
        client.post(reverse("internal_rule_read", args=[policy.pk]))
    said = [one[2] for one in journal if one[2].get("change") == "policy_read"]
    assert [one["sha256"] for one in said] == [policy.sha256]
    assert readers(scene.tenant)[0] == {policy.pk: 1}
    assert reverse("internal_rules") not in {one.address for one in risks_of(scene.clerk)}


def test_a_new_version_is_read_again_and_the_old_one_no_more(
    scene: SimpleNamespace, policy: Document, signed_in: Browser
) -> None:
    client = signed_in(scene.clerk)
    client.post(reverse("internal_rule_read", args=[policy.pk]))
    newer = a_policy(scene, "b" * 64, age=1)
    assert [one.read_at for one in policies_for(scene.clerk, timezone.now())] == [None]
    PolicyRead.objects.all().delete()
    told = client.post(reverse("internal_rule_read", args=[policy.pk]), follow=True).content
    assert b"not in force any more" in told
    assert not PolicyRead.objects.exists()
    client.post(reverse("internal_rule_read", args=[newer.pk]))
    assert PolicyRead.objects.get().document == newer


def test_rules_are_for_those_who_work_here(
    scene: SimpleNamespace, policy: Document, made_up: Any, signed_in: Browser
) -> None:
    inspector = made_up.make_user(scene.tenant, "inspector", Role.INSPECTOR)
    assert policies_for(inspector, timezone.now()) == []
    assert signed_in(inspector).get(reverse("internal_rule_file", args=[policy.pk])).status_code == 404


def test_a_clerk_opens_no_document_that_is_no_policy_in_force(
    scene: SimpleNamespace, policy: Document, signed_in: Browser
) -> None:
    Document.objects.filter(pk=policy.pk).update(kind="officer")
    client = signed_in(scene.clerk)
    assert client.get(reverse("internal_rule_file", args=[policy.pk])).status_code == 404
    assert client.get(reverse("inspection_document_file", args=[policy.pk])).status_code == 403


def test_the_list_of_documents_counts_readers(
    scene: SimpleNamespace, policy: Document, signed_in: Browser
) -> None:
    signed_in(scene.clerk).post(reverse("internal_rule_read", args=[policy.pk]))
    page = signed_in(scene.owner).get(reverse("inspection_documents")).content.decode()
    assert f"read by 1 of {readers(scene.tenant)[1]}" in page
