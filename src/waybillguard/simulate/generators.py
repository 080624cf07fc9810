"""The available generators, by the letter used on the command line."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from waybillguard.simulate.errors import SimulateError
from waybillguard.simulate.first import FirstWorld
from waybillguard.simulate.floor import FloorWorld
from waybillguard.simulate.model import Parameters, World

#: Letter → function that plans a world. Add a line for a new generator.
GENERATORS: Final[Mapping[str, Callable[[Parameters], World]]] = MappingProxyType(
    {"a": FirstWorld, "b": FloorWorld}
)


def plan_world(parameters: Parameters, generator: str = "a") -> World:
    """Return a planned world.

    Raises:
        SimulateError (simulate_parameters): no such generator, or invalid parameters.
    """
    if generator not in GENERATORS:
        raise SimulateError(
            code="simulate_parameters",
            zh=f"没有这个生成器。可用：{'、'.join(GENERATORS)}",
            en=f"no such generator. There are: {', '.join(GENERATORS)}",
        )
    return GENERATORS[generator](parameters)
