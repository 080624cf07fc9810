"""The first generator's world: independent warehouses that share couriers, ERPs and thieves."""

from collections.abc import Mapping, Sequence
from typing import Final

from waybillguard.simulate.first.plans import Plan, complete_plan, plan_thefts, theft_of
from waybillguard.simulate.first.site import Site, build_site, erp_of
from waybillguard.simulate.first.victims import VictimsList
from waybillguard.simulate.first.warehouse import FirstRun
from waybillguard.simulate.model import Parameters, Sample, Taken, Theft, Victim

_UNSEEN: Final = (
    "print_tap: the stream to the printer is read; the prints are in the events, the reading is not",
    "label_photographer: parcels are photographed after they left the hall; no event",
    "shop_leak, erp_leak: the data leave at the shop or at the ERP's maker; no event of a warehouse",
    "victims without a theft: other leaks; their orders are in the events as any other",
)


class FirstWorld:
    """See `waybillguard.simulate.model.World`.

    Raises:
        SimulateError (simulate_parameters): the parameters ask for more thefts than fit without overlap.
    """

    def __init__(self, parameters: Parameters) -> None:
        self._parameters = parameters
        self._tenants = [f"w{index + 1:03d}" for index in range(parameters.warehouses)]
        self._plans = plan_thefts(parameters)
        self._thefts: list[Theft] | None = None
        for plan in self._plans:
            if plan.warehouse < 0:
                plan.erp = erp_of(parameters, 0)

    @property
    def tenants(self) -> Sequence[str]:
        """Names of the warehouses."""
        return self._tenants

    @property
    def thefts(self) -> Sequence[Theft]:
        """The thefts as planned; `settle` completes them."""
        if self._thefts is None:  # settling changes them, so they are created once
            self._thefts = [self._as_planned(plan) for plan in self._plans]
        return self._thefts

    def _as_planned(self, plan: Plan) -> Theft:
        if plan.warehouse >= 0:
            site, _ = self._site(plan.warehouse)
            return theft_of(plan, site, [site.tenant])
        sharing = [
            tenant
            for index, tenant in enumerate(self._tenants)
            if erp_of(self._parameters, index) == plan.erp
        ]
        site = build_site(self._parameters, 0)
        complete_plan(plan, site, self._parameters)
        return theft_of(plan, site, sharing)

    @property
    def unseen(self) -> Sequence[str]:
        """Thefts of this world that leave no event."""
        return _UNSEEN

    def warehouse(self, index: int) -> FirstRun:
        """Return one warehouse, ready to run."""
        site, plans = self._site(index)
        return FirstRun(self._parameters, site, plans)

    def _site(self, index: int) -> tuple[Site, list[Plan]]:
        """Return a warehouse with the people and addresses its thefts need."""
        site = build_site(self._parameters, index)
        plans = [plan for plan in self._plans if plan.warehouse == index]
        for plan in plans:
            complete_plan(plan, site, self._parameters)
        everywhere = [plan for plan in self._plans if plan.warehouse < 0 and plan.erp == site.erp]
        for plan in everywhere:
            complete_plan(plan, site, self._parameters)
        return site, plans + everywhere

    def settle(self, taken: Mapping[str, Sequence[Taken]], samples: Mapping[str, Sample]) -> list[Victim]:
        """Complete the thefts with the stolen orders, and return the victims' list by time of report."""
        drawing = VictimsList(self._parameters, {tenant: place for place, tenant in enumerate(self._tenants)})
        victims: list[Victim] = []
        for theft in self.thefts:
            for tenant in theft.tenants:
                mine = [one for one in taken.get(tenant, ()) if one.theft == theft.id]
                if not mine:
                    continue
                first, last = min(int(one.ts.min()) for one in mine), max(int(one.ts.max()) for one in mine)
                theft.first = first if theft.first < 0 else min(theft.first, first)
                theft.last = max(theft.last, last)
                numbers = sorted({int(number) for one in mine for number in one.numbers})
                theft.orders += [f"{tenant}-{number}" for number in numbers]
                found = drawing.of_theft(theft, tenant, mine)
                theft.victims += [victim.order_id for victim in found]
                victims += found
        share = self._parameters.outside
        # Without thefts, the victims of other leaks form a list of their own, of about a hundred.
        others = int(len(victims) * share / (1 - share)) if victims else int(100 * share)
        ours = {victim.order_id for victim in victims}
        victims += [one for one in drawing.of_others(samples, others) if one.order_id not in ours]
        return sorted(victims, key=lambda one: (one.reported_at, one.order_id))
