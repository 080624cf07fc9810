"""Each thief of this folder that leaves access events raises an alert: the events it leaves, among a quiet month's.

What each leaves is taken from its own test: the same act, at the pace a script has. Thieves that leave no event (image of
the data folder, memory, print stream, loopback ports) stand in `SILENT` with what sees them instead.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from detect.made_up import alerts, at, people, quiet, theft

from waybillguard.events import AccessEvent

type Leaves = Callable[[], Sequence[AccessEvent]]

LEFT: dict[str, Leaves] = {
    # test_leaver: a session and a token that live on after the last day
    "leaver": lambda: theft(at(11, 14), 30, account="kf04", workstation=None, ip="100.96.1.7"),
    # test_temp: pages through every order and asks for each
    "temp": lambda: theft(at(12, 10), 60, step=2, account="ls01", workstation="P1"),
    # test_enumerator: order after order by number, masked
    "enumerator": lambda: theft(
        at(12, 11), 900, step=0.5, account="kf03", workstation="S3", action="view", exposed=False
    ),
    # test_exports: all orders at once, by somebody who never exports
    "exports": lambda: theft(at(12, 15), 120, step=0.1, account="kf01", workstation="S1", action="export"),
    # test_hijacked_web: looks in the name of a signed-in person as fast as keyd's hour allows
    "hijacked_web": lambda: theft(at(12, 12), 60, step=1, account="kf02", workstation=None, ip="100.97.8.9"),
    # test_badge: somebody else's badge, at a station at night
    "badge": lambda: theft(at(12, 2), 30, account="kf02", workstation="S2"),
    # test_owner: reads unlogged elsewhere, but through the console out of hours
    "owner": lambda: theft(at(12, 3), 40, account="boss", workstation="O1"),
    # a gang that takes a few a day for weeks and explains nothing
    "slow": lambda: [
        one for day in range(8, 26) for one in theft(at(day, 10), 7, step=1800, first=day * 100)
    ],
}
SILENT = {
    "contract_end": "keyd's mandates name each order: what is not among them is refused and recorded",
    "confined_program": "Landlock and seccomp: it reaches neither the key process nor the data",
    "guesser": "keyd's counters and the alarm of searches that find nobody",
    "merchant": "keyd opens no order of another shop, and the refusals stand in the ledger",
    "planter": "refused imports; nothing is shown",
    "scam_prober": "limits of the public check; nothing is shown",
    "station_agent": "the sensor and the agent's own record",
    "station_compatibility": "the shim's record of previews and virtual printers",
    "thieves": "files, memory and ports: the sensor",
}


@pytest.mark.parametrize("thief", sorted(LEFT))
def test_a_thief_that_leaves_events_raises_an_alert_on_his_account(thief: str, tmp_path: Path) -> None:
    roster = people(kf04={"employed_to": "2026-11-08"})
    roster += [
        {"tenant": "yuyao", "account": account, "role": role, "shift_start": "8", "shift_end": "20",
         "workstation": station, "employed_from": "2026-10-30", "employed_to": ""}
        for account, role, station in (("ls01", "temp", "P1"), ("boss", "owner", "O1"))
    ]  # fmt: skip
    honest = [one for one in quiet(28) if one.account != "kf04" or one.ts < at(6, 24)]
    left = list(LEFT[thief]())
    found = alerts(tmp_path, honest, left, roster=roster)
    assert [one.account for one in found] == [left[0].account]
    assert sum(one.ts <= found[0].raised_at for one in left) < len(left)


def test_every_thief_of_the_folder_is_accounted_for() -> None:
    files = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert files - {"alerts_of_thieves"} <= LEFT.keys() | SILENT.keys()


def test_a_slow_theft_in_a_log_that_explains_nothing_is_seen(tmp_path: Path) -> None:
    stolen = [one for day in range(14, 27) for one in theft(at(day, 10), 25, step=900, first=day * 100)]
    (alert,) = alerts(tmp_path, quiet(28, explained=False), stolen)
    assert alert.account == "kf02"
    assert sum(one.ts <= alert.raised_at for one in stolen) <= 0.4 * len(stolen)
