"""The generators on offer, by the letter that the command takes."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from waybillguard.simulate.errors import BadWorldError
from waybillguard.simulate.first import FirstWorld
from waybillguard.simulate.floor import FloorWorld
from waybillguard.simulate.model import Parameters, World

#: Letter → what plans a world. Another generator is one more line.
GENERATORS: Final[Mapping[str, Callable[[Parameters], World]]] = MappingProxyType(
    {"a": FirstWorld, "b": FloorWorld}
)


def plan_world(parameters: Parameters, generator: str = "a") -> World:
    """Return a planned world of a generator.

    Raises:
        BadWorldError: no such generator, or the parameters make no world.
    """
    if generator not in GENERATORS:
        raise BadWorldError(
            zh=f"没有这个生成器。可用：{'、'.join(GENERATORS)}",
            en=f"no such generator. There are: {', '.join(GENERATORS)}",
        )
    return GENERATORS[generator](parameters)
