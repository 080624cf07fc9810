"""Thresholds that an owner may change: of the detectors, which read past events, and of the guard in real time."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log10

from django.utils.translation import gettext

from waybillguard.detect import detectors
from waybillguard.detect.catalogue import Setting
from waybillguard.detect.guard import guard_rules
from waybillguard.service.alerts.errors import AlertError
from waybillguard.service.identity.models import User
from waybillguard.service.lookups.guard import set_threshold, thresholds_of
from waybillguard.service.tenancy.models import Tenant


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold on the page: ``value`` is the current value, ``moved`` whether an owner changed it.

    Rarity is shown in days and stored as log10 of days (`Detector.rarity`).
    """

    name: str
    rule: str
    what: str
    value: float
    low: float
    high: float
    moved: bool
    source: str


def thresholds(tenant: Tenant, *, english: bool) -> list[Row]:
    """Return every threshold, the guard's first."""
    moved = thresholds_of(tenant)
    return [
        Row(
            name, rule, what, _shown(name, moved.get(name, setting.value)), _shown(name, setting.limits[0]),
            _shown(name, setting.limits[1]), name in moved, source,
        )
        for name, rule, what, setting, source in _all(english=english)
    ]  # fmt: skip


def move(who: User, tenant: Tenant, name: str, value: str) -> None:
    """Change a threshold; an empty value resets it. The ledger entry is written first.

    Raises:
        AlertError: unknown threshold, not a number, or outside the limits.
        KeydError: the ledger cannot be written; nothing was changed.
    """
    limits = {known: setting.limits for known, _, _, setting, _ in _all(english=True)}
    if name not in limits:
        raise AlertError(zh="没有这个阈值", en="there is no such threshold")
    if not value.strip():
        set_threshold(who, tenant, name, None)
        return
    try:
        number = float(value)
    except ValueError:
        raise AlertError(zh="请输入数字", en="type a number") from None
    low, high = (_shown(name, one) for one in limits[name])
    if not low <= number <= high:
        raise AlertError(
            zh=f"请输入 {low:,.0f} 到 {high:,.0f} 之间的数字",
            en=f"type a number from {low:,.0f} to {high:,.0f}",
        )
    set_threshold(who, tenant, name, log10(number) if _is_rarity(name) else number)


def _is_rarity(name: str) -> bool:
    return name.endswith(".rarity")


def _shown(name: str, value: float) -> float:
    return 10.0**value if _is_rarity(name) else value


def _all(*, english: bool) -> Iterator[tuple[str, str, str, Setting, str]]:
    for guard in guard_rules():
        for act, answers in guard.answers.items():
            for kind, setting in answers.items():
                if setting.limits[0] == setting.limits[1]:
                    continue
                what = f"{_word(act)} · {_word(kind)}"
                yield (
                    f"{guard.id}.{act}.{kind}",
                    guard.name_en if english else guard.name_zh,
                    what,
                    setting,
                    guard.source_en if english else guard.source_zh,
                )
    for rule in sorted(detectors(), key=lambda one: one.rank):
        name = rule.name_en if english else rule.name_zh
        source = rule.source_en if english else rule.source_zh
        yield f"{rule.id}.least", name, gettext("from how many orders a day"), rule.least, source
        yield f"{rule.id}.rarity", name, gettext("how rare: about once in N days"), rule.rarity, source


def _word(code: str) -> str:
    return {
        "reveal": gettext("look at plaintext"),
        "search": gettext("search for a person"),
        "export": gettext("ask for an export"),
        "slow": gettext("slow down from"),
        "step_up": gettext("confirm again from"),
        "refuse": gettext("refuse from"),
    }[code]
