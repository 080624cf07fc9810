"""A tenant's wrapped keys in the database: day keys and index roots. Only keyd unwraps them."""

from typing import Final

from django.db import IntegrityError, connection, transaction
from django.db.models import Max

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.platform.database.raw_sql import all_rows, marks
from waybillguard.service.tenancy.models import Tenant
from waybillguard.service.vault.models import Batch, Epoch, KeyGeneration, Shredded

_KEYS: Final = "SELECT epoch_id, day, wrapped FROM vault_epoch WHERE tenant_id = %s AND epoch_id IN ({ids})"

_THERE: Final = "SELECT epoch_id FROM vault_epoch WHERE tenant_id = %s AND epoch_id IN ({ids})"


class EpochBook:
    """Looks up and creates day keys, and caches them for one piece of work."""

    def __init__(self, tenant: Tenant, keyd: KeydClient) -> None:
        self._tenant = tenant
        self._keyd = keyd
        self._by_day: dict[int, messages.WrappedEpoch] = {}
        self._roots: list[messages.IndexRoot] | None = None

    def roots(self) -> list[messages.IndexRoot]:
        """Return the tenant's index roots, oldest first; empty while it never rotated."""
        # Another thread may call `forget` between two reads of the attribute.
        if (roots := self._roots) is None:
            roots = self._roots = roots_of(self._tenant)
        return roots

    @property
    def generation(self) -> int:
        """The key generation for new orders."""
        roots = self.roots()
        return roots[-1].generation if roots else 1

    def forget(self) -> None:
        """Clear the cache, because a rotation began or a day key was destroyed."""
        self._by_day.clear()
        self._roots = None

    def of_day(self, day: int) -> messages.WrappedEpoch:
        """Return the key of ``day``, creating it on first use."""
        if (known := self._by_day.get(day)) is None:
            known = self._by_day[day] = self._find(day) or self._make(day)
        return known

    def of_ids(self, ids: set[int]) -> list[messages.WrappedEpoch]:
        """Return the keys with these ids; shredded ones are missing."""
        rows = all_rows(_KEYS.format(ids=marks(len(ids))), self._tenant.pk, *ids)
        return [messages.WrappedEpoch(epoch_id, day, bytes(wrapped)) for epoch_id, day, wrapped in rows]

    def days(self, *, shredded: bool = False) -> list[int]:
        """Return one day of each month that has orders, newest first, because index keys are monthly.

        ``shredded``: also include months whose orders were all shredded.
        """
        found = set(Epoch.objects.filter(tenant=self._tenant).values_list("day", flat=True))
        if shredded:
            let_in = Batch.objects.filter(tenant=self._tenant, state=Batch.State.COMMITTED)
            for sums in let_in.values_list("days", flat=True):
                found.update(map(int, sums))
        months: dict[int, int] = {}
        for day in sorted(found, reverse=True):
            months.setdefault(month_of_day(day), day)
        return list(months.values())

    def _find(self, day: int) -> messages.WrappedEpoch | None:
        row = Epoch.objects.filter(tenant=self._tenant, day=day, generation=self.generation).first()
        return _wrapped(row) if row else None

    def _make(self, day: int) -> messages.WrappedEpoch:
        while True:
            living = Epoch.objects.filter(tenant=self._tenant).aggregate(last=Max("epoch_id"))["last"] or 0
            buried = Shredded.objects.filter(tenant=self._tenant).aggregate(last=Max("epoch_up_to"))["last"]
            last = max(living, buried or 0)  # numbers are never reused
            made = self._keyd.call(
                messages.NewEpoch(tenant=self._tenant.slug, epoch_id=last + 1, day=day), messages.WrappedEpoch
            )
            try:
                with transaction.atomic():
                    Epoch.objects.create(
                        tenant=self._tenant,
                        epoch_id=made.epoch_id,
                        day=day,
                        wrapped=made.wrapped,
                        generation=self.generation,
                    )
            except IntegrityError:  # another process created this day or took this number
                if found := self._find(day):
                    return found
                continue
            return made


def roots_of(tenant: Tenant, *, shredded: bool = False) -> list[messages.IndexRoot]:
    """Return a tenant's index roots, oldest first; empty if it never rotated.

    ``shredded``: also search roots that index only shredded orders.
    """
    state = KeyGeneration.State
    asked = {state.CURRENT, state.RETIRING, *([state.KEPT] if shredded else [])}
    return [
        messages.IndexRoot(
            number,
            bytes(wrapped),
            asked=kind in asked,
            rows=kind == state.ROWS,
            suite=suite,
        )
        for number, wrapped, kind, suite in KeyGeneration.objects.filter(tenant=tenant)
        .order_by("number")
        .values_list("number", "wrapped", "state", "suite")
    ]


def hold_generation(tenant: Tenant, generation: int) -> bool:
    """Return whether ``generation`` is still current, and keep it so until the transaction ends.

    A rotation waits for all holders before it begins, so no order is added under the old generation afterwards.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            table = connection.ops.quote_name(Tenant._meta.db_table)  # noqa: SLF001 - Django's public way in
            cursor.execute(f"SELECT 1 FROM {table} WHERE id = %s FOR SHARE", [tenant.pk])  # noqa: S608 - our own table
    newest = KeyGeneration.objects.filter(tenant=tenant).aggregate(newest=Max("number"))["newest"]
    return (newest or 1) == generation


def hold_days(tenant: Tenant, epoch_ids: frozenset[int]) -> bool:
    """Return whether all these day keys exist, and keep them until the transaction ends."""
    if not epoch_ids:
        return True
    question = _THERE.format(ids=marks(len(epoch_ids)))
    if connection.features.has_select_for_update:
        question += " FOR SHARE"
    return len(all_rows(question, tenant.pk, *sorted(epoch_ids))) == len(epoch_ids)


def _wrapped(row: Epoch) -> messages.WrappedEpoch:
    return messages.WrappedEpoch(row.epoch_id, row.day, bytes(row.wrapped))


def month_of_day(day: int) -> int:
    """Return ``year * 12 + month - 1`` for a day number (days since 1970-01-01)."""
    from datetime import date, timedelta

    moment = date(1970, 1, 1) + timedelta(days=day)
    return moment.year * 12 + moment.month - 1
