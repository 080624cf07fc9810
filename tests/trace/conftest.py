"""A world with known thefts, small enough to be made for these tests."""

import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from waybillguard.events import CHINA, event_files
from waybillguard.events.engines import DuckEngine
from waybillguard.simulate import Parameters, write_world
from waybillguard.trace import Answer, Shifts, read_victims, trace, victims_of

DAY_US = 86_400_000_000


@dataclass
class Made:
    """An opened world folder: traces its own victims, or a list made by a test."""

    folder: Path
    engine: DuckEngine
    shifts: Shifts
    truth: dict[str, Any]

    def trace(self, rows: Sequence[Mapping[str, str]] | None = None) -> Answer:
        listed = (
            read_victims((self.folder / "victims.csv").read_bytes()) if rows is None else victims_of(rows)
        )
        return trace(self.engine, listed, self.shifts)

    @cached_property
    def answer(self) -> Answer:
        """The answer for the world's own victims, which several tests look at."""
        return self.trace()

    def sql(self, text: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        return self.engine.connection.execute(text, list(values)).fetchall()

    @property
    def guilty(self) -> set[str]:
        return {theft["account"] for theft in self.truth["thefts"] if theft["account"]}


def made_up(orders: Sequence[tuple[str, int]], dice: random.Random) -> list[dict[str, str]]:
    """Victims of these orders (number, microseconds of the look), called some days later."""
    return [
        {"order_id": order, "contacted_at": iso(at + int(dice.gammavariate(2, 1.7) * DAY_US))}
        for order, at in orders
    ]


def iso(us: int) -> str:
    return datetime.fromtimestamp(us / 1e6, tz=UTC).isoformat()


@pytest.fixture(scope="session")
def open_world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Made]]:
    engines = []

    def make(generator: str, seed: int, kinds: tuple[str, ...], outside: float = 0.4) -> Made:
        folder = tmp_path_factory.mktemp("world") / "w"
        parameters = Parameters(
            seed=seed, days=16, warehouses=2, parcels=260, kinds=kinds, thefts_per_kind=1, outside=outside
        )
        write_world(parameters, folder, generator=generator)
        engine = DuckEngine(threads=1)
        engines.append(engine)
        engine.load(event_files(folder / "events"), CHINA)
        engine.orders(folder / "orders.parquet")
        shifts = Shifts.read((folder / "roster.csv").read_bytes())
        return Made(folder, engine, shifts, json.loads((folder / "truth.json").read_text()))

    yield make
    for engine in engines:
        engine.close()


@pytest.fixture(scope="session")
def world(open_world: Callable[..., Made]) -> Made:
    """Two warehouses, a clerk's account used at night and a tap on a printer."""
    return open_world("a", 7, ("night_remote", "print_tap"))


@pytest.fixture(scope="session")
def leaver(open_world: Callable[..., Made]) -> Made:
    """Two warehouses, and an account that a leaver goes on using."""
    return open_world("a", 11, ("leaver",), 0.3)
