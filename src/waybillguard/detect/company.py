"""Several accounts at one station within the hour: what they show there together."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Final

from waybillguard.detect.counting import Company, Coverage, suspect
from waybillguard.events.engines.answers import CellRow

_ACCOUNTS: Final = 3
"""Two at a station are a change of shift, or one who helps."""
_NEAR: Final = 2
"""Ten-minute windows before and after that are looked at together."""


def companies(rows: Iterable[CellRow], coverage: Mapping[str, Coverage]) -> dict[tuple[str, str], Company]:
    """Return the company at each station of a day, by tenant and station."""
    shown: dict[tuple[str, str], dict[int, dict[str | None, int]]] = defaultdict(lambda: defaultdict(dict))
    for row in rows:
        count = suspect(row, coverage[row.tenant])
        if row.workstation and count:
            shown[row.tenant, row.workstation][row.w10][row.account] = count
    found = {}
    for where, windows in shown.items():
        joint = frozenset(one for one in windows if _several(windows, one))
        if joint:
            found[where] = Company(joint, sum(sum(windows[one].values()) for one in joint))
    return found


def _several(windows: Mapping[int, Mapping[str | None, int]], w10: int) -> bool:
    near = (windows.get(one, {}) for one in range(w10 - _NEAR, w10 + _NEAR + 1))
    return len({account for accounts in near for account in accounts}) >= _ACCOUNTS
