"""Key rotation (``keys rotate``): reseals all orders of a tenant under new day keys and a new index root, online.

The orders themselves are the work list: each stores its key generation. keyd reseals a batch of them (`resealing`), and
blob, salt and tokens are written in one transaction. After a kill at any moment the next call continues with the rest.
New orders use the new generation from the start. Searches use both until the end. Then the end is recorded in the
ledger, and old day keys and the old index root are destroyed unless something still refers to them.

Not covered: a copy or a backup made before. It has its own day keys and opens with the passphrase of that time. Person
tokens, label references and the ledger's keys stay.
"""

import time
from datetime import timedelta
from typing import Any, Final

import msgspec
from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from waybillguard.service.identity.context import context_of, tenant_of
from waybillguard.service.identity.models import Permission, User
from waybillguard.service.keyd import messages, rotation_messages
from waybillguard.service.platform.database.bulk import empty_the_log
from waybillguard.service.platform.errors import VaultError, not_allowed
from waybillguard.service.platform.queue import enqueue
from waybillguard.service.tenancy.key_process import keyd
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.fragments import merge_waiting
from waybillguard.service.vault.models import (
    Cipher,
    Epoch,
    GramChunk,
    GramPlan,
    KeyGeneration,
    Order,
    Posting,
    Rotation,
)
from waybillguard.service.vault.resealing import Resealing

SLICE_S: Final = 5.0
"""How long one task works before it goes back into the queue, so that imports need not wait for a rotation."""
STALE_S: Final = 15.0
"""A rotation without progress for this long is resumed by the next request for one."""


def start_rotation(user: User, suite: int | None = None) -> Rotation:
    """Begin a rotation of the person's tenant, or resume the one under way.

    ``suite`` is the cipher (`Cipher`) to seal with from now on; None keeps the one in use.

    Raises:
        NotAllowedError: only an owner rotates keys.
        NotNowError: a rotation to another cipher is under way.
        KeydError: the key process does not answer, or the ledger does not write; nothing began.
    """
    if not user.may(Permission.ADMINISTER):
        raise not_allowed()
    tenant = tenant_of(user)
    rotation = under_way(tenant)
    if rotation is None:
        try:
            return _begin(user, tenant, suite)
        except IntegrityError:  # another process began it at the same moment
            rotation = Rotation.objects.get(tenant=tenant, finished_at=None)
    if suite is not None and suite != suite_of(tenant):
        raise VaultError(
            code="not_now",
            zh="另一次轮换正在进行，完成后才能更换算法套件",
            en="a rotation is under way: the cipher suite can be changed once it is done",
        )
    if stopped(rotation):
        Rotation.objects.filter(pk=rotation.pk, tenant=tenant).update(
            error_zh="", error_en="", moved_at=timezone.now()
        )
        _enqueue(rotation)
    return rotation


def stopped(rotation: Rotation) -> bool:
    """Return whether a rotation has stopped: because of an error, or without progress for a while."""
    if rotation.finished_at is not None:
        return False
    return bool(rotation.error_en) or timezone.now() - rotation.moved_at > timedelta(seconds=STALE_S)


def under_way(tenant: Tenant) -> Rotation | None:
    """Return the rotation that has not ended, or None."""
    return Rotation.objects.filter(tenant=tenant, finished_at=None).select_related("started_by").first()


def latest(tenant: Tenant) -> Rotation | None:
    """Return the last rotation, ended or not."""
    return Rotation.objects.filter(tenant=tenant).order_by("-pk").first()


def work(rotation: Rotation, seconds: float = SLICE_S) -> bool:
    """Reseal orders for ``seconds``; returns True when the rotation has ended.

    Raises:
        KeydError: keyd does not answer, or the ledger cannot write.
    """
    context = _context(rotation)
    resealing = Resealing(rotation, context)
    deadline = time.monotonic() + seconds
    while resealing.reseal_batch():
        if time.monotonic() >= deadline:
            return False
    while merge_waiting(rotation.tenant):
        if time.monotonic() >= deadline + seconds:
            return False
    return _end(rotation, context)


def reseal_batches(tenant: Tenant, batches: set[int]) -> None:
    """Reseal the orders of these imports at once, because rows of two imports only compare under the same root."""
    if (rotation := under_way(tenant)) is not None:
        resealing = Resealing(rotation, _context(rotation))
        while resealing.reseal_batch(Q(batch_id__in=batches)):
            pass


def retire_unused(tenant: Tenant, context: messages.Context) -> int:
    """Destroy index roots that no order uses any more; return how many."""
    destroyed = 0
    for row in KeyGeneration.objects.filter(tenant=tenant, state=KeyGeneration.State.KEPT):
        if _referring(tenant, row.number).exists():
            continue
        wrapped = b""
        if row.number > 1:
            root = messages.IndexRoot(row.number, bytes(row.wrapped))
            request = rotation_messages.RetireIndexRoot(context=context, root=root)
            wrapped = keyd().call(request, messages.Wrapped).wrapped
        KeyGeneration.objects.filter(pk=row.pk, tenant=tenant).update(
            state=KeyGeneration.State.ROWS, wrapped=wrapped, destroyed_at=timezone.now()
        )
        destroyed += 1
    return destroyed


def suite_of(tenant: Tenant) -> int:
    """Return the tenant's current cipher suite."""
    newest = KeyGeneration.objects.filter(tenant=tenant).order_by("-number").first()
    return newest.suite if newest else Cipher.AES_256_GCM


def _begin(user: User, tenant: Tenant, suite: int | None) -> Rotation:
    """Create the new root first, outside any transaction, so that no writer waits for the ledger's disk."""
    state = KeyGeneration.State
    rows = KeyGeneration.objects.filter(tenant=tenant)
    before = rows.filter(state=state.CURRENT).first() or KeyGeneration(number=1)
    number, suite = before.number + 1, suite or before.suite
    context = context_of(user, purpose="rotation")
    request = rotation_messages.NewIndexRoot(context=context, generation=number, suite=suite)
    made = keyd().call(request, rotation_messages.NewRoot)
    with transaction.atomic():
        # Importers hold this row shared, so none adds orders under the old generation afterwards.
        Tenant.objects.select_for_update().get(pk=tenant.pk)
        if not rows.exists():
            KeyGeneration.objects.create(tenant=tenant, number=1, state=state.CURRENT)
        rotation = Rotation.objects.create(
            tenant=tenant, generation=number, started_by=user, mandate=made.grant,
            total=Order.objects.filter(tenant=tenant, shredded_at=None).count(),
        )  # fmt: skip
        if (
            rows.get(state=state.CURRENT).number != before.number
        ):  # another rotation ran while the root was made
            raise VaultError(
                code="not_now",
                zh="密钥刚刚由他人轮换完成，未再次开始；如仍需要请重试",
                en="somebody else rotated the keys just now; nothing began. Try again if it is still wanted",
            )
        rows.filter(state=state.CURRENT).update(state=state.RETIRING)
        KeyGeneration.objects.create(
            tenant=tenant, number=number, state=state.CURRENT, wrapped=made.wrapped, suite=suite
        )
        _enqueue(rotation)
    return rotation


def _enqueue(rotation: Rotation) -> None:
    enqueue("vault.tasks.rotate_keys", rotation.pk)


def _context(rotation: Rotation) -> messages.Context:
    who = context_of(rotation.started_by, purpose="rotation")
    return msgspec.structs.replace(who, grant=bytes(rotation.mandate))


def _referring(tenant: Tenant, generation: int) -> QuerySet[Order]:
    """Return orders with a token or a blob under a generation."""
    orders = Order.objects.filter(tenant=tenant, key_generation=generation)
    return orders.exclude(blob=b"", order_index=b"", waybill_index=b"")


def _end(rotation: Rotation, context: messages.Context) -> bool:
    """Record the end in the ledger, then destroy the old keys; False if orders are left after all."""
    tenant = rotation.tenant
    rotation = Rotation.objects.get(pk=rotation.pk, tenant=tenant)
    if rotation.finished_at is not None:
        return True
    before: dict[str, Any] = {"tenant": tenant, "generation__lt": rotation.generation}
    left = Order.objects.filter(tenant=tenant, key_generation__lt=rotation.generation, shredded_at=None)
    if left.exists():  # a row that changed or arrived behind the position of the list
        Rotation.objects.filter(pk=rotation.pk, tenant=tenant).update(position=0)
        return False
    dead = _dead_epochs(before)
    keyd().call(
        rotation_messages.EndRotation(
            context=context, generation=rotation.generation, orders=rotation.done,
            unopened=rotation.unopened, days=len(dead),
        ),
        messages.Recorded,
    )  # fmt: skip
    with transaction.atomic():
        Epoch.objects.filter(tenant=tenant, epoch_id__in=dead).delete()
        KeyGeneration.objects.filter(tenant=tenant, state=KeyGeneration.State.RETIRING).update(
            state=KeyGeneration.State.KEPT
        )
        GramChunk.objects.filter(**before).delete()
        GramPlan.objects.filter(**before).delete()
        Posting.objects.filter(**before)._raw_delete("default")  # noqa: SLF001 - no cascades here
        Rotation.objects.filter(pk=rotation.pk, tenant=tenant).update(
            finished_at=timezone.now(), moved_at=timezone.now(), days_destroyed=len(dead), error_zh="",
            error_en="",
        )  # fmt: skip
    retire_unused(tenant, context)
    empty_the_log()
    return True


def _dead_epochs(before: dict[str, Any]) -> list[int]:
    """Return old day keys that no order needs; keys of orders that do not open are kept."""
    numbers = set(Epoch.objects.filter(**before).values_list("epoch_id", flat=True))
    needed = (
        Order.objects.filter(tenant=before["tenant"], shredded_at=None, epoch_id__in=numbers)
        .exclude(blob=b"")
        .values_list("epoch_id", flat=True)
        .distinct()
    )
    return sorted(numbers - set(needed))


def sweep_interrupted_rotations() -> int:
    """Resume rotations interrupted by a crash; runs before the worker takes tasks, outside any tenant."""
    from django_scopes import scopes_disabled

    with scopes_disabled():
        left = list(Rotation.objects.filter(finished_at=None))
    for rotation in left:
        _enqueue(rotation)
    return len(left)
