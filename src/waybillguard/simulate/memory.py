"""Makes a small world in memory, for the demo and the tests."""

from dataclasses import dataclass

from waybillguard.simulate.generators import plan_world
from waybillguard.simulate.model import (
    EventColumns,
    OrderColumns,
    Parameters,
    RosterRow,
    Sample,
    Taken,
    Theft,
    Victim,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A world: events by warehouse and day, orders, roster, the victims' list, and the truth."""

    events: list[EventColumns]
    orders: list[OrderColumns]
    roster: list[RosterRow]
    victims: list[Victim]
    thefts: list[Theft]


def make_world(parameters: Parameters, generator: str = "a") -> Made:
    """Make a world in memory: about a million events per second, 100 bytes each.

    ``parameters.warehouses=1`` is one warehouse's month; its events go into a store with
    ``EventStore(root).append(f"simulated-{events.day}", events.for_store())``.

    Raises:
        SimulateError (simulate_parameters): the parameters are invalid.
    """
    world = plan_world(parameters, generator)
    events: list[EventColumns] = []
    orders: list[OrderColumns] = []
    roster: list[RosterRow] = []
    taken: dict[str, list[Taken]] = {}
    samples: dict[str, Sample] = {}
    for index, tenant in enumerate(world.tenants):
        run = world.warehouse(index)
        taken[tenant] = []
        for day in run.days():
            events.append(day.events)
            taken[tenant] += day.taken
        ending = run.ending()
        orders += ending.orders
        samples[tenant] = ending.sample
        roster += run.roster()
    victims = world.settle(taken, samples)
    return Made(events, orders, roster, victims, list(world.thefts))
