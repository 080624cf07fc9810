"""A floor world: its warehouses run one by one, and its thefts are completed when all have run."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from numpy.random import Generator, SeedSequence, default_rng

from waybillguard.simulate.floor import demand, shift, table
from waybillguard.simulate.floor.demand import Parcel
from waybillguard.simulate.floor.people import Floor, Person, hire
from waybillguard.simulate.floor.plan import GANGS, UNSEEN, Plan, TheftKind, local_day
from waybillguard.simulate.floor.shift import Ledger, Look
from waybillguard.simulate.floor.thefts import Theft as Plot
from waybillguard.simulate.floor.thefts import plot, steal
from waybillguard.simulate.floor.victims import of_others, of_theft
from waybillguard.simulate.model import Day, Ending, Parameters, RosterRow, Sample, Taken, Theft, Victim

_EPOCH = dt.date(1970, 1, 1)
_PLANNED, _RUN, _VICTIMS = range(3)


def plan_of(parameters: Parameters) -> Plan:
    """Return the plan for these parameters."""
    kinds: list[tuple[TheftKind, str]] = []
    for turn in range(parameters.thefts_per_kind):
        for kind in parameters.kinds:
            if kind == "gangs":
                kinds += [(one, f"G-{turn + 1}") for one in GANGS]
            else:
                kinds.append((TheftKind(kind), ""))
    return Plan(
        seed=parameters.seed,
        first_day=(parameters.start - _EPOCH).days,
        days=parameters.days,
        tenants=parameters.warehouses,
        parcels=parameters.parcels,
        thefts=tuple(kinds),
        outside=parameters.outside,
    )


class FloorWorld:
    """See `waybillguard.simulate.model.World`.

    Raises:
        SimulateError (simulate_parameters): the parameters ask for more thefts than there are people.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._plan = plan = plan_of(parameters)
        rng = _rng(plan, _PLANNED)
        self._floors = [hire(plan, index + 1, rng) for index in range(plan.tenants)]
        self._plots = plot(plan, self._floors, rng)
        self._thefts = [_truth(one, self._floors) for one in self._plots]

    @property
    def tenants(self) -> Sequence[str]:
        """Names of the warehouses."""
        return [floor.tenant for floor in self._floors]

    @property
    def thefts(self) -> Sequence[Theft]:
        """The thefts as planned; `settle` completes them."""
        return self._thefts

    @property
    def unseen(self) -> Sequence[str]:
        """Thefts of this world that leave no event."""
        return (
            "print_tap: the stream to the printer is copied; the prints are in the events, the copying is not",
            "label_photographer, shop_leak, erp_leak: nothing happens in the warehouse's systems",
            "victims without a theft: other leaks",
        )

    def warehouse(self, index: int) -> "FloorRun":
        """Return one warehouse, ready to run."""
        floor = self._floors[index]
        return FloorRun(self._plan, floor, index, [one for one in self._plots if one.concerns(floor)])

    def settle(self, taken: Mapping[str, Sequence[Taken]], samples: Mapping[str, Sample]) -> list[Victim]:
        """Complete the thefts with the stolen orders, and return the victims' list by time of report."""
        rng = _rng(self._plan, _VICTIMS)
        places = {tenant: place for place, tenant in enumerate(self.tenants)}
        victims: list[Victim] = []
        for theft in self._thefts:
            found = list(of_theft(theft, taken, places, rng))
            theft.victims += [victim.order_id for victim in found]
            victims += found
        outside = self._plan.outside
        count = int(rng.poisson(len(victims) * outside / (1 - outside))) if victims else int(100 * outside)
        ours = {victim.order_id for victim in victims}
        victims += [one for one in of_others(samples, places, count, rng) if one.order_id not in ours]
        return sorted(victims, key=lambda one: (one.reported_at, one.order_id))


class FloorRun:
    """One warehouse. See `waybillguard.simulate.model.WarehouseRun`."""

    def __init__(self, plan: Plan, floor: Floor, place: int, plots: list[Plot]) -> None:
        self._plan, self._floor, self._place, self._plots = plan, floor, place, plots
        self._rng = _rng(plan, _RUN, place)
        self._book = Ledger()
        self._received: list[Parcel] = []

    @property
    def tenant(self) -> str:
        """The warehouse's name."""
        return self._floor.tenant

    def days(self) -> Iterator[Day]:
        """Yield the days in order; looks in overtime past midnight belong to the next day."""
        words = table.Words()
        late: list[Look] = []
        levels = demand.levels(self._plan.days, self._rng)
        for offset in range(self._plan.days):
            day = self._plan.first_day + offset
            takings = self._work(day, float(levels[offset]))
            looks = sorted(late + self._book.looks, key=lambda look: look.ts)
            late = [look for look in looks if local_day(look.ts) > day]
            looks = [look for look in looks if local_day(look.ts) == day]
            yield Day(table.events(self.tenant, day, looks, words), takings)
        if late:
            day = self._plan.first_day + self._plan.days
            yield Day(table.events(self.tenant, day, late, words), [])

    def ending(self) -> Ending:
        """Return the orders, and a sample of those that were shipped."""
        parts = iter([table.orders(self._floor, self._place, self._received)])
        return Ending(parts, table.sample(self._book.shipped, self._rng))

    def roster(self) -> list[RosterRow]:
        """Return every person with their account; shared accounts appear several times."""
        return [_row(self._floor.tenant, person) for person in (*self._floor.people, *self._floor.temps)]

    def _work(self, day: int, level: float) -> list[Taken]:
        book, floor, rng = self._book, self._floor, self._rng
        book.looks, book.signed_in, book.today = [], {}, []
        book.received = demand.intake(self._plan, floor, day, level, rng)
        book.waiting.extend(book.received)
        self._received += book.received
        shift.print_waves(book, floor, day, rng)
        shift.answer_people(book, floor, day, rng)
        shift.odd_but_honest(book, floor, day, rng)
        takings = []
        for one in self._plots:
            steal(one, book, day, rng)
            if one.today:
                takings.append(table.taken(one.id, one.today))
        return takings


def _rng(plan: Plan, *key: int) -> Generator:
    return default_rng(SeedSequence([plan.seed, *key, 0xF100]))


def _truth(one: Plot, floors: list[Floor]) -> Theft:
    selection: dict[str, object] = {}
    if one.shop is not None:
        selection["shop"] = one.shop.name
    if one.erp:
        selection["erp"] = one.erp
    visible = one.kind not in UNSEEN
    return Theft(
        id=one.id,
        kind=one.kind.value,
        tenants=[floor.tenant for floor in floors if one.concerns(floor)],
        account=one.person.account if one.person and visible else None,
        workstation=one.person.station if one.person else None,
        seen=visible,
        selection=selection,
        gang=one.gang or None,
    )


def _row(tenant: str, person: Person) -> RosterRow:
    ends = _date(person.last_day) if person.last_day is not None else ""
    return RosterRow(
        tenant, person.account, person.number, person.role, person.start, person.end, person.station,
        _date(person.first_day), ends,
    )  # fmt: skip


def _date(day: int) -> str:
    return (_EPOCH + dt.timedelta(days=day)).isoformat()
