"""One warehouse: size, shops and their lanes, couriers, stations, accounts and their people."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np

from waybillguard.simulate.first import calendar
from waybillguard.simulate.first.draws import Draw, pareto_size, stream, zipf_shares
from waybillguard.simulate.model import Array, Parameters, RosterRow

CATEGORIES: Final = (
    "womenswear", "menswear", "baby", "skincare", "alcohol", "snacks", "household", "electronics", "pets", "books",
)  # fmt: skip
_CATEGORY_WEIGHT: Final = np.array([0.22, 0.08, 0.10, 0.09, 0.03, 0.13, 0.17, 0.09, 0.05, 0.04])
#: Goods classes whose data sells for more.
WANTED: Final = (0, 2, 3, 4)
CARRIERS: Final = ("carrier-a", "carrier-b", "carrier-c", "carrier-d")
ERPS: Final = ("erp-1", "erp-2", "erp-3", "erp-4")
PURPOSES: Final = (
    "售后", "改地址", "催件", "快递来电", "退货登记", "卡纸", "面单破损", "对账", "培训", "其他",
)  # fmt: skip
AFTER_SALE, NEW_ADDRESS, WHERE_IS_IT, COURIER, RETURN, JAM, DAMAGED, RECONCILE, TRAINING, OTHER = range(10)
EXPLAINED: Final = ("print_job", "ticket", "call", "return", "pick_list")
PRINT_JOB, TICKET, CALL, RETURNED, PICK_LIST = range(5)
LANE_A, LANE_B, LANE_C = range(3)
#: Warehouses of one district share courier outlets.
_DISTRICT: Final = 5
_SITE: Final = 0
_ERP: Final = 9
#: Days simulated without events before the first day, so that the first day has a history.
WARM_UP: Final = 12


@dataclass(slots=True)
class Account:
    """An account of the ERP: ``person`` -1 means a shared account; hours local; days since 1970."""

    name: str
    role: str
    person: int
    start: float
    end: float
    station: int
    since: int
    until: int | None = None
    rest: int = -1
    weight: float = 1.0
    #: Not in the roster and without daily work: the account of a person who has left.
    asleep: bool = False

    def works(self, day: int, sale: bool) -> bool:
        """Return whether its holder works on a day; on a sale day everybody does."""
        employed = self.since <= day and (self.until is None or day <= self.until)
        return employed and not self.asleep and (sale or calendar.weekday(day) != self.rest)


@dataclass(slots=True)
class Site:
    """A warehouse; the codes in its columns are indexes into its lists."""

    index: int
    tenant: str
    parcels: float
    erp: str
    shops: list[str]
    shop_share: Array
    shop_lane: Array
    shop_category: Array
    carrier_share: Array
    outlets: list[str]
    waves: Array
    verifies: bool
    shared: bool
    closed_sundays: bool
    stations: list[str]
    printing: int
    accounts: list[Account]
    ips: list[str]
    persons: list[str] = field(default_factory=list)

    def of_role(self, role: str, day: int, *, sale: bool = False) -> list[int]:
        """Return the accounts of a role whose holders work on a day."""
        found = (i for i, account in enumerate(self.accounts) if account.role == role)
        return [i for i in found if self.accounts[i].works(day, sale)]

    def open_on(self, day: int) -> bool:
        """Return whether parcels are shipped on this day."""
        if calendar.festival_factor(calendar.date_of(day)) < 0.1:  # noqa: PLR2004 - the dead week
            return False
        return not self.closed_sundays or calendar.weekday(day) != 6 or calendar.volume(day) > 1.5  # noqa: PLR2004

    def outside(self, address: str) -> int:
        """Return the code of an address outside the warehouse."""
        self.ips.append(address)
        return len(self.ips) - 1

    def add(self, account: Account, person: str | None = None) -> int:
        """Add an account, with its own person if one is named; return its code."""
        if person is not None:
            self.persons.append(person)
            account.person = len(self.persons) - 1
        self.accounts.append(account)
        return len(self.accounts) - 1

    def roster(self) -> list[RosterRow]:
        """Return the roster."""
        return [
            RosterRow(
                tenant=self.tenant,
                account=account.name,
                person=self.persons[account.person] if account.person >= 0 else "",
                role=account.role,
                shift_start=account.start,
                shift_end=account.end,
                workstation=self.stations[account.station] if account.station >= 0 else "",
                employed_from=_iso(account.since),
                employed_to="" if account.until is None else _iso(account.until),
            )
            for account in self.accounts
        ]

    def words(self) -> dict[str, list[str]]:
        """Return the texts of the coded columns of events."""
        return {
            "account": [account.name for account in self.accounts],
            "workstation": self.stations,
            "ip": self.ips,
            "purpose": list(PURPOSES),
            "person": self.persons,
            "device": [f"dev-{name}" for name in self.stations],
            "explained_by": list(EXPLAINED),
            "category": list(CATEGORIES),
        }


def erp_of(parameters: Parameters, index: int) -> str:
    """Return the ERP of a warehouse; a few makers have most of the market."""
    draw = stream(parameters.seed, index, _ERP)
    return ERPS[int(draw.choice(len(ERPS), p=zipf_shares(len(ERPS), 0.9)))]


def build_site(parameters: Parameters, index: int) -> Site:
    """Return a warehouse before any theft is planned in it; equal for equal parameters."""
    draw = stream(parameters.seed, index, _SITE)
    tenant = f"w{index + 1:03d}"
    # Sizes are lognormal: a few warehouses ship as much as all others together.
    parcels = float(parameters.parcels * np.exp(0.7 * draw.standard_normal()))
    shop_count = 3 + pareto_size(draw, 1.1, 37)
    category = draw.choice(len(CATEGORIES), shop_count, p=_CATEGORY_WEIGHT / _CATEGORY_WEIGHT.sum())
    lane_share = draw.dirichlet((5.0, 2.0, 3.0))
    first_carrier = zipf_shares(len(CARRIERS), 1.2)[draw.permutation(len(CARRIERS))]
    opening = draw.uniform(8.0, 9.0)
    wave_hours = np.sort(
        opening + np.array([0.4, 2.3, 5.2, 7.4, 9.6])[: draw.integers(3, 6)] + draw.normal(0, 0.2)
    )
    printing = 1 + int(parcels / 2200) + int(parcels > 500)  # noqa: PLR2004 - a second printer pays early
    service = 2 + int(parcels / 1500)
    stations = [f"{tenant}-PRINT-{i + 1:02d}" for i in range(printing)]
    stations += [f"{tenant}-KF-{i + 1:02d}" for i in range(service)]
    stations += [f"{tenant}-PACK-{i + 1:02d}" for i in range(printing * 2)]
    stations += [f"{tenant}-RETURN-01", f"{tenant}-OFFICE-01"]
    site = Site(
        index=index,
        tenant=tenant,
        parcels=parcels,
        erp=erp_of(parameters, index),
        shops=[f"{tenant}-shop-{i + 1:02d}" for i in range(shop_count)],
        shop_share=zipf_shares(shop_count, draw.uniform(0.9, 1.5)),
        shop_lane=draw.choice(3, shop_count, p=lane_share),
        shop_category=category,
        carrier_share=first_carrier,
        outlets=[f"outlet-{carrier[-1]}-{index // _DISTRICT + 1:02d}" for carrier in CARRIERS],
        waves=(wave_hours * calendar.HOUR).astype(np.int64),
        verifies=bool(draw.random() < 0.85),  # noqa: PLR2004 - share of halls that scan before packing
        shared=bool(draw.random() < 0.4),  # noqa: PLR2004 - seats cost money
        closed_sundays=bool(draw.random() < 0.3),  # noqa: PLR2004
        stations=stations,
        printing=printing,
        accounts=[],
        ips=[f"192.168.{index % 250 + 1}.{i % 250 + 2}" for i in range(len(stations))],
    )
    _hire(site, parameters, draw, opening)
    return site


def _hire(site: Site, parameters: Parameters, draw: Draw, opening: float) -> None:
    first = calendar.number(parameters.start) - WARM_UP
    stay = [first - 30 - int(days) for days in draw.exponential(400, 200)]

    def person() -> str:
        return f"{site.tenant}-p{len(site.persons) + 1:03d}"

    def hire(name: str, role: str, start: float, end: float, station: int) -> int:
        weight = float(np.exp(0.5 * draw.standard_normal()))
        since = stay[len(site.accounts) % len(stay)]
        rest = int(draw.integers(0, 7))
        account = Account(f"{site.tenant}-{name}", role, -1, start, end, station, since, None, rest, weight)
        return site.add(account, person())

    site.add(Account(f"{site.tenant}-sync", "system", -1, 0, 24, -1, first - 300))
    if site.shared:
        site.add(Account(f"{site.tenant}-dadan", "shared", -1, opening, 23.0, -1, first - 300))
    for station in range(site.printing):
        hire(f"dy{2 * station + 1:02d}", "print", opening, opening + 9, station)
        hire(f"dy{2 * station + 2:02d}", "print", opening + 7, min(24.0, opening + 15.5), station)
    hire("dy-relief", "relief", opening, opening + 9, 0)
    desks = [i for i, name in enumerate(site.stations) if "-KF-" in name]
    for seat, station in enumerate(desks):
        hire(f"kf{2 * seat + 1:02d}", "service", 8.5, 17.5, station)
        hire(f"kf{2 * seat + 2:02d}", "service", 13.5, 22.5, station)
    for seat, station in enumerate(i for i, name in enumerate(site.stations) if "-PACK-" in name):
        hire(f"pk{seat + 1:02d}", "pack", opening, opening + 12, station)
    hire("th01", "returns", 9.0, 18.0, len(site.stations) - 2)
    hire("boss", "manager", 9.0, 18.0, len(site.stations) - 1)
    site.outside(f"100.{64 + site.index % 64}.{site.index // 64 % 256}.20")
    _come_and_go(site, parameters, draw)


def _come_and_go(site: Site, parameters: Parameters, draw: Draw) -> None:
    """Add joiners, leavers, and temps for the sales."""
    start = calendar.number(parameters.start)
    for account in site.accounts:
        if account.role in {"service", "pack"} and draw.random() < 0.06 * parameters.days / 30:
            account.since = start + int(draw.integers(0, parameters.days))
    if draw.random() < 0.5 * min(1, parameters.days / 30):
        desks = [i for i, account in enumerate(site.accounts) if account.role == "pack"]
        goes = desks[int(draw.integers(0, len(desks)))]
        site.accounts[goes].until = start + int(draw.integers(0, parameters.days))
    sales = [day for day in range(start, start + parameters.days) if calendar.volume(day) > 1.8]  # noqa: PLR2004
    if sales:
        desks = [i for i, name in enumerate(site.stations) if "-PACK-" in name]
        for number in range(1 + int(site.parcels / 1500)):
            station = desks[number % len(desks)]
            since, until = sales[0] - 1, sales[-1] + 1
            name = f"{site.tenant}-ls{number + 1:02d}"
            site.add(
                Account(name, "temp", -1, 10.0, 22.0, station, since, until),
                f"{site.tenant}-t{number + 1:03d}",
            )


def _iso(day: int) -> str:
    return calendar.date_of(day).isoformat()
