"""Differences between two policy versions, line by line: role, setting, old value, new value."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from waybillguard.access.vocabulary import Word, actions, device_kinds, purposes, roles
from waybillguard.service.authorization.active_policies import ActivePolicies
from waybillguard.service.authorization.forms import DYNAMIC, LIMITS, title


@dataclass(frozen=True, slots=True)
class Difference:
    """One difference. ``who`` is empty for settings that apply to all roles."""

    who: str
    what: str
    before: str
    after: str


def differences(old: ActivePolicies, new: ActivePolicies) -> list[Difference]:
    """Return the differences shown on the page of a version."""
    before, after = old.settings.to_form(), new.settings.to_form()
    found = [
        Difference(title(roles()[role]), what, *values)
        for role in roles()
        if role in before["roles"] and role in after["roles"]  # type: ignore[operator]
        for what, values in _of_role(before["roles"][role], after["roles"][role])  # type: ignore[index]
    ]
    found += [Difference("", what, *values) for what, values in _of_all(before, after)]
    shifts = {
        name: [_shift(one.shifts.get(name)) for one in (old, new)] for name in {**old.shifts, **new.shifts}
    }
    found += [Difference(name, _("Shift"), *pair) for name, pair in shifts.items()]
    return [one for one in found if one.before != one.after]


def _of_role(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, tuple[str, str]]]:
    rows = [(_("May see plaintext"), (_yes("reveal" in old["actions"]), _yes("reveal" in new["actions"])))]
    rows += [
        (title(word), (_yes(key in old["purposes"]), _yes(key in new["purposes"])))
        for key, word in purposes().items()
    ]
    rows += [(str(label), (_number(old["limits"], n), _number(new["limits"], n))) for n, label in LIMITS]
    rows += [(str(label), (_number(old["dynamic"], n), _number(new["dynamic"], n))) for n, label in DYNAMIC]
    return rows


def _of_all(old: dict[str, Any], new: dict[str, Any]) -> list[tuple[str, tuple[str, str]]]:
    lists = (
        (_("Two people agree to"), "two_people", actions()),
        (_("In shift only"), "shift_actions", actions()),
        (_("Plaintext on these devices"), "reveal_devices", device_kinds()),
    )
    switches = (
        (_("Temps may see plaintext"), "temps_reveal"),
        (_("Work only on enrolled devices"), "enrolled_only"),
        (_("Only at the own site"), "own_site_only"),
    )
    rows = [(what, (_names(old[key], words), _names(new[key], words))) for what, key, words in lists]
    rows += [(what, (_yes(old[key]), _yes(new[key]))) for what, key in switches]
    return [*rows, (_("Days before a temp prints"), (str(old["temp_days"]), str(new["temp_days"])))]


def _number(values: dict[str, int] | None, name: str) -> str:
    return str((values or {}).get(name, "—"))


def _names(keys: Any, words: Mapping[str, Word]) -> str:  # noqa: ANN401 - a list of a form
    return _(", ").join(title(words[key]) for key in words if key in keys) or "—"


def _yes(value: object) -> str:
    return _("yes") if value else _("no")


def _shift(one: Any) -> str:  # noqa: ANN401 - a Shift or nothing
    if one is None:
        return "—"
    days = "".join(str(day + 1) for day in sorted(one.weekdays))
    return f"{one.start:%H:%M}–{one.end:%H:%M} ({days})"
