"""Day keys of a tenant, as the database keeps them (wrapped); keyd alone can unwrap them."""

from django.db import IntegrityError, transaction
from django.db.models import Max

from waybillguard.service.keyd import messages
from waybillguard.service.keyd.client import KeydClient
from waybillguard.service.people.models import Tenant
from waybillguard.service.vault.models import Epoch, Shredded


class EpochBook:
    """Looks up and makes day keys, remembering those of this piece of work."""

    def __init__(self, tenant: Tenant, keyd: KeydClient) -> None:
        self._tenant = tenant
        self._keyd = keyd
        self._by_day: dict[int, messages.WrappedEpoch] = {}

    def of_day(self, day: int) -> messages.WrappedEpoch:
        """Return the key of ``day``, making it on first use."""
        if (known := self._by_day.get(day)) is None:
            known = self._by_day[day] = self._find(day) or self._make(day)
        return known

    def of_ids(self, ids: set[int]) -> list[messages.WrappedEpoch]:
        """Return the keys with these ids; a shredded one is simply not there."""
        rows = Epoch.objects.filter(tenant=self._tenant, epoch_id__in=ids)
        return [_wrapped(row) for row in rows]

    def days(self) -> list[int]:
        """Return one day of each month that has orders, newest first: index keys are monthly."""
        months: dict[int, int] = {}
        for day in Epoch.objects.filter(tenant=self._tenant).order_by("-day").values_list("day", flat=True):
            months.setdefault(month_of_day(day), day)
        return list(months.values())

    def _find(self, day: int) -> messages.WrappedEpoch | None:
        row = Epoch.objects.filter(tenant=self._tenant, day=day).first()
        return _wrapped(row) if row else None

    def _make(self, day: int) -> messages.WrappedEpoch:
        while True:
            living = Epoch.objects.filter(tenant=self._tenant).aggregate(last=Max("epoch_id"))["last"] or 0
            buried = Shredded.objects.filter(tenant=self._tenant).aggregate(last=Max("epoch_up_to"))["last"]
            last = max(living, buried or 0)  # a number is never used again
            made = self._keyd.call(
                messages.NewEpoch(tenant=self._tenant.slug, epoch_id=last + 1, day=day), messages.WrappedEpoch
            )
            try:
                with transaction.atomic():
                    Epoch.objects.create(
                        tenant=self._tenant, epoch_id=made.epoch_id, day=day, wrapped=made.wrapped
                    )
            except IntegrityError:  # somebody else made this day or took this number in the meantime
                if found := self._find(day):
                    return found
                continue
            return made


def _wrapped(row: Epoch) -> messages.WrappedEpoch:
    return messages.WrappedEpoch(row.epoch_id, row.day, bytes(row.wrapped))


def month_of_day(day: int) -> int:
    """Return ``year * 12 + month - 1`` of a day number (days since 1970-01-01)."""
    from datetime import date, timedelta

    moment = date(1970, 1, 1) + timedelta(days=day)
    return moment.year * 12 + moment.month - 1
