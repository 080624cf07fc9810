"""Victims' calls and reports: from the simulated thefts, and from leaks outside this world."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first.draws import Draw, lognormal, stream
from waybillguard.simulate.first.orders import SEQUENCE
from waybillguard.simulate.first.site import CATEGORIES, WANTED, WARM_UP
from waybillguard.simulate.first.warehouse import waybills
from waybillguard.simulate.model import Array, Parameters, Sample, Taken, Theft, Victim

#: Theft to call: gamma with this shape and scale in days. Call to report: exponential, in days.
_LAG_SHAPE: Final = 2.0
_LAG_DAYS: Final = 1.6
_REPORT_DAYS: Final = 2.5
#: The list closes this many days after the last day of the world; later reports are not on it.
_CLOSED_AFTER: Final = 10
#: Median number of reports per theft, regardless of its size: the callers' working hours limit it.
_REPORTS: Final = 110.0
_VICTIMS, _OTHERS = 1_000_002, 0
#: People answer the phone between 9:00 and 21:00.
_CALL_FROM: Final = 9.0
_CALL_TO: Final = 21.0


class VictimsList:
    """Draws the victims of a world; ``places`` maps tenants to their index."""

    def __init__(self, parameters: Parameters, places: Mapping[str, int]) -> None:
        self._parameters, self._places = parameters, places
        start = calendar.number(parameters.start)
        self._stamps = {
            calendar.stamp(day): place
            for place, day in enumerate(range(start - WARM_UP, start + parameters.days))
        }
        self._closed = calendar.midnight(start + parameters.days + _CLOSED_AFTER)

    def of_theft(self, theft: Theft, tenant: str, taken: Sequence[Taken]) -> list[Victim]:
        """Return the victims of one theft in one warehouse: orders are sold, victims called, and some report it."""
        draw = stream(self._parameters.seed, _VICTIMS, int(theft.id[1:]), self._places[tenant] + 1)
        numbers, first = np.unique(np.concatenate([one.numbers for one in taken]), return_index=True)
        ts = np.concatenate([one.ts for one in taken])[first]
        categories = np.concatenate([one.categories for one in taken])[first]
        # The share called, and the share of those who report to the police, differ by gang.
        called, reported = draw.uniform(0.08, 0.3), draw.uniform(0.2, 0.5)
        chance = called * reported * np.where(np.isin(categories, WANTED), 1.5, 0.8)
        limit = lognormal(draw, _REPORTS, 0.6, 1)[0] / max(1.0, float(chance.sum()))
        chosen = np.flatnonzero(draw.random(len(numbers)) < chance * min(1.0, limit))
        lag = draw.gamma(_LAG_SHAPE, _LAG_DAYS, len(chosen))
        certainty = draw.beta(8, 2, len(chosen))
        return self._victims(
            draw, tenant, numbers[chosen], ts[chosen], categories[chosen], lag, certainty, theft.id
        )

    def of_others(self, samples: Mapping[str, Sample], count: int) -> list[Victim]:
        """Return victims of other leaks: orders drawn from all warehouses in proportion to size."""
        draw = stream(self._parameters.seed, _VICTIMS, _OTHERS)
        tenants = [tenant for tenant, sample in samples.items() if len(sample.numbers)]
        if not tenants or not count:
            return []
        sizes = np.array([samples[tenant].of for tenant in tenants], dtype=float)
        found: list[Victim] = []
        for tenant, wanted in zip(tenants, draw.multinomial(count, sizes / sizes.sum()), strict=True):
            sample = samples[tenant]
            chosen = draw.choice(len(sample.numbers), min(wanted, len(sample.numbers)), replace=False)
            lag = draw.gamma(1.5, 3.5, len(chosen))
            certainty = draw.beta(3, 3, len(chosen))
            columns = (sample.numbers[chosen], sample.shipped[chosen], sample.categories[chosen])
            found += self._victims(draw, tenant, *columns, lag, certainty, None)
        return found

    def _victims(
        self,
        draw: Draw,
        tenant: str,
        numbers: Array,
        ts: Array,
        categories: Array,
        lag_days: Array,
        certainty: Array,
        theft: str | None,
    ) -> list[Victim]:
        contacted = self._at_home(draw, ts, lag_days)
        reported = contacted + (draw.exponential(_REPORT_DAYS, len(ts)) * calendar.DAY).astype(np.int64)
        codes = self._waybills(tenant, numbers)
        knows_order, knows_waybill, token = draw.random((3, len(ts)))
        found = []
        for row in np.flatnonzero(reported < self._closed).tolist():
            order = knows_order[row] < 0.85  # noqa: PLR2004 - the shop's app shows it
            waybill = not order or knows_waybill[row] < 0.7  # noqa: PLR2004 - the label still lies about
            has_token = token[row] < 0.3  # noqa: PLR2004
            found.append(
                Victim(
                    order_id=f"{tenant}-{numbers[row]}",
                    waybill_no=f"SIM{codes[row]}",
                    phone_token=draw.bytes(16).hex() if has_token else "",
                    contacted_at=int(contacted[row]),
                    reported_at=int(reported[row]),
                    certainty=round(float(certainty[row]), 2),
                    category=CATEGORIES[categories[row]],
                    theft=theft,
                    names_order=bool(order),
                    names_waybill=bool(waybill),
                )
            )
        return found

    def _at_home(self, draw: Draw, ts: Array, lag_days: Array) -> Array:
        """Return the time of each call: the lag after the theft, moved to an hour at which people answer."""
        at = ts + (lag_days * calendar.DAY).astype(np.int64)
        hour = (at + calendar.OFFSET) % calendar.DAY / calendar.HOUR
        awake = (hour >= _CALL_FROM) & (hour < _CALL_TO)
        day = (at + calendar.OFFSET) // calendar.DAY + (hour >= _CALL_TO)
        moved = day * calendar.DAY - calendar.OFFSET
        moved += (draw.uniform(_CALL_FROM, _CALL_TO, len(ts)) * calendar.HOUR).astype(np.int64)
        return np.where(awake, at, moved)

    def _waybills(self, tenant: str, numbers: Array) -> Array:
        """Return the waybill numbers of orders of several days."""
        found = np.zeros(len(numbers), dtype=np.int64)
        stamps = numbers // SEQUENCE
        for stamp in np.unique(stamps):
            mine = stamps == stamp
            found[mine] = waybills(self._places[tenant], numbers[mine], self._stamps[int(stamp)])
        return found
