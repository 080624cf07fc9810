"""Finds stations that several accounts use within an hour, and counts what these show there together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from waybillguard.detect.counting import Coverage, SharedStation, count_unexplained
from waybillguard.events.engines.answers import CellRow

_ACCOUNTS: Final = 3
"""Accounts from which a station is shared; two may be a change of shift or a colleague who helps."""
_NEAR: Final = 2
"""Ten-minute windows before and after a window that are included."""


def shared_stations(
    rows: Iterable[CellRow], coverage: Mapping[str, Coverage]
) -> dict[str, dict[str, SharedStation]]:
    """Return the stations that several accounts used within an hour on one day, by tenant and name."""
    shown: dict[tuple[str, str], dict[int, dict[str | None, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        count = count_unexplained(row, coverage[row.tenant])
        if row.workstation and count:
            shown[row.tenant, row.workstation][row.w10][row.account] = count
    found: dict[str, dict[str, SharedStation]] = defaultdict(dict)
    for (tenant, station), windows in shown.items():
        joint = frozenset(one for one in windows if _several(windows, one))
        if joint:
            found[tenant][station] = SharedStation(joint, sum(sum(windows[one].values()) for one in joint))
    return found


def _several(windows: Mapping[int, Mapping[str | None, int]], w10: int) -> bool:
    near = (windows.get(one, {}) for one in range(w10 - _NEAR, w10 + _NEAR + 1))
    return len({account for accounts in near for account in accounts}) >= _ACCOUNTS
