"""Several accounts at one station within the hour: what they show there together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from waybillguard.detect.counting import Coverage, SharedStation, suspect
from waybillguard.events.engines.answers import CellRow

_ACCOUNTS: Final = 3
"""Two at a station are a change of shift, or one who helps."""
_NEAR: Final = 2
"""Ten-minute windows before and after that are looked at together."""


def shared_stations(
    rows: Iterable[CellRow], coverage: Mapping[str, Coverage]
) -> dict[str, dict[str, SharedStation]]:
    """Return the stations of a day that several accounts used within the hour, by tenant and name."""
    shown: dict[tuple[str, str], dict[int, dict[str | None, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        count = suspect(row, coverage[row.tenant])
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
