"""Plans thefts: where and when. Windows in one warehouse do not overlap, unless two gangs are intended."""

from dataclasses import dataclass
from typing import Final

from waybillguard.simulate.errors import SimulateError
from waybillguard.simulate.first import calendar
from waybillguard.simulate.first.draws import Draw, stream
from waybillguard.simulate.first.site import CATEGORIES, WANTED, WARM_UP, Account, Site
from waybillguard.simulate.model import UNSEEN, Parameters, Theft

#: Duration of a theft by kind: fewest and most days.
_LASTS: Final = {
    "night_remote": (3, 8), "hidden_remote": (7, 14), "leaver": (2, 5), "temp": (1, 3), "slow_clerk": (12, 20),
    "shared_password": (5, 12), "print_tap": (4, 12), "label_photographer": (5, 10), "gangs": (5, 9),
    "shop_leak": (3, 8), "erp_leak": (2, 4),
}  # fmt: skip
#: Minimum days between two thefts in one warehouse.
_APART: Final = 2
_TRIES: Final = 60
_WORLD, _WHERE, _WHO = 1_000_001, 0, 1


@dataclass(slots=True)
class Plan:
    """One planned theft; ``warehouse`` -1 means every warehouse of ``erp``. Codes are -1 if not set."""

    id: str
    kind: str
    warehouse: int
    first: int
    last: int
    gang: str | None = None
    erp: str = ""
    account: int = -1
    station: int = -1
    ip: int = -1
    shop: int = -1
    carrier: int = -1
    #: Goods classes that the thief wants; empty means all. Ages in days of the orders he looks at.
    categories: tuple[int, ...] = ()
    recent: int = 2
    share: float = 1.0

    def active(self, day: int) -> bool:
        """Return whether a day lies in the window."""
        return self.first <= day <= self.last


def plan_thefts(parameters: Parameters) -> list[Plan]:
    """Return the planned thefts of a world.

    Raises:
        SimulateError (simulate_parameters): more thefts than fit without overlap.
    """
    draw = stream(parameters.seed, _WORLD, _WHERE)
    start = calendar.number(parameters.start)
    booked: list[list[tuple[int, int]]] = [[] for _ in range(parameters.warehouses)]
    plans: list[Plan] = []
    wanted = [kind for _ in range(parameters.thefts_per_kind) for kind in parameters.kinds]
    # Place the longest first, while there is room.
    for kind in sorted(wanted, key=lambda one: -_LASTS[one][1]):
        fewest, most = (min(length, parameters.days - 2) for length in _LASTS[kind])
        lasts = int(draw.integers(fewest, most + 1))
        if kind == "erp_leak":
            first = start + int(draw.integers(1, parameters.days - lasts + 1))
            plans.append(Plan(f"T{len(plans) + 1:02d}", kind, -1, first, first + lasts - 1))
            continue
        where, first = _free(draw, booked, start, parameters.days, lasts)
        booked[where].append((first, first + lasts - 1))
        window = (where, first, first + lasts - 1)
        name = f"T{len(plans) + 1:02d}"
        if kind == "gangs":
            plans.append(Plan(name, "night_remote", *window, gang=f"G-{name}"))
            plans.append(Plan(f"T{len(plans) + 1:02d}", "print_tap", *window, gang=f"G-{name}"))
        else:
            plans.append(Plan(name, kind, *window))
    return plans


def _free(
    draw: Draw, booked: list[list[tuple[int, int]]], start: int, days: int, lasts: int
) -> tuple[int, int]:
    """Return a warehouse and a first day; tries the warehouses with the fewest thefts first."""
    for _ in range(_TRIES):
        order = sorted(range(len(booked)), key=lambda one: (len(booked[one]), draw.random()))
        for where in order[:8]:
            first = start + 1 + int(draw.integers(0, max(1, days - lasts)))
            last = first + lasts - 1
            if all(last + _APART < a or first > b + _APART for a, b in booked[where]):
                return where, first
    raise SimulateError(
        code="simulate_parameters",
        zh="仓库和天数放不下这么多起窃取；请增加 --warehouses 或 --days，或减少 --thefts",
        en="the warehouses and days cannot hold so many thefts apart; raise --warehouses or --days, or ask for "
        "fewer --thefts",
    )


def complete_plan(plan: Plan, site: Site, parameters: Parameters) -> None:
    """Choose account, station and wanted goods in the warehouse, and change its people if the theft needs it."""
    draw = stream(parameters.seed, _WORLD, _WHO, int(plan.id[1:]))
    plan.recent = int(draw.integers(1, 4))
    if draw.random() < 0.5:  # noqa: PLR2004 - every other buyer orders a class of goods
        plan.categories = WANTED
    plan.share = float(draw.uniform(0.3, 0.5))
    plan.station = int(draw.integers(0, site.printing))
    if plan.kind in UNSEEN:
        _settle_unseen(plan, site, draw)
    else:
        _settle_seen(plan, site, draw)


def _settle_unseen(plan: Plan, site: Site, draw: Draw) -> None:
    plan.categories = ()
    if plan.kind == "print_tap":
        return
    plan.station = -1
    match plan.kind:
        case "label_photographer":
            plan.carrier = int(site.carrier_share.argmax())
        case "shop_leak":
            plan.shop = int(draw.integers(0, min(3, len(site.shops))))
        case _:
            plan.share = 0.1


def _settle_seen(plan: Plan, site: Site, draw: Draw) -> None:
    desks = [i for i, name in enumerate(site.stations) if "-PACK-" in name]
    clerks = [i for i, one in enumerate(site.accounts) if one.role == "service" and one.since < plan.first]
    match plan.kind:
        case "leaver":
            plan.account, plan.station = int(draw.choice(clerks)), -1
            site.accounts[plan.account].until = plan.first - int(draw.integers(2, WARM_UP))
            plan.ip = _from_afar(site, draw)
        case "temp":
            plan.station = desks[int(draw.integers(0, len(desks)))]
            name = f"{site.tenant}-ls{90 + int(plan.id[1:])}"
            temp = Account(name, "temp", -1, 10.0, 22.0, plan.station, plan.first, plan.last)
            plan.account = site.add(temp, f"{site.tenant}-t{plan.id[1:]}")
        case "slow_clerk":
            plan.account = int(draw.choice(clerks))
            plan.station = site.accounts[plan.account].station
            plan.categories = WANTED
        case "shared_password":
            plan.account, plan.station = _account_at(site, plan.station), -1
            plan.ip = _from_afar(site, draw)
        case _:
            plan.account = _account_at(site, plan.station)


def _from_afar(site: Site, draw: Draw) -> int:
    return site.outside(f"100.{96 + int(draw.integers(0, 30))}.{int(draw.integers(0, 255))}.77")


def _account_at(site: Site, station: int) -> int:
    shared = next((i for i, one in enumerate(site.accounts) if one.role == "shared"), -1)
    if shared >= 0:
        return shared
    return next(i for i, one in enumerate(site.accounts) if one.role == "print" and one.station == station)


def theft_of(plan: Plan, site: Site, tenants: list[str]) -> Theft:
    """Return the truth of a plan, without the stolen orders."""
    selection: dict[str, object] = {"recent_days": plan.recent}
    if plan.categories:
        selection["categories"] = [CATEGORIES[code] for code in plan.categories]
    if plan.shop >= 0:
        selection["shop"] = site.shops[plan.shop]
    if plan.carrier >= 0:
        selection["outlet"] = site.outlets[plan.carrier]
    if plan.erp:
        selection["erp"] = plan.erp
    return Theft(
        id=plan.id,
        kind=plan.kind,
        tenants=tenants,
        account=site.accounts[plan.account].name if plan.account >= 0 else None,
        workstation=site.stations[plan.station] if plan.station >= 0 else None,
        seen=plan.kind not in UNSEEN,
        selection=selection,
        gang=plan.gang,
    )
