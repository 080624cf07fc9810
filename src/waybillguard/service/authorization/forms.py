"""The policy form: limits, purposes, shifts and rules. Users never type policy source text."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from waybillguard.access.vocabulary import Word, actions, device_kinds, purposes, roles
from waybillguard.service.authorization.active_policies import ActivePolicies
from waybillguard.service.identity.models import Role

LIMITS = (
    ("hour", _("Looks an hour")),
    ("shift", _("Looks a shift")),
    ("day", _("Looks a day")),
    ("device_day", _("Looks a device and day")),
    ("persons_30d", _("Distinct persons in 30 days")),
)
DYNAMIC = (
    ("per_thousand", _("Looks a day per thousand orders shipped yesterday")),
    ("least", _("Looks a day, at least")),
    ("most", _("Looks a day, at most")),
)
"""Fields shown instead of the fixed daily limit if the limit depends on the orders shipped."""

SHIFTS = 3
WEEKDAYS = (_("Mon"), _("Tue"), _("Wed"), _("Thu"), _("Fri"), _("Sat"), _("Sun"))
TWO_PEOPLE = ("policy_change",)
"""Actions for which the two-person rule is optional. Exports and quota increases always need two people."""

IN_SHIFT = ("import", "print", "reprint", "search", "view", "call", "reveal", "export")
"""Actions that can be restricted to the shift. Here and in ``TWO_PEOPLE``, list only actions that policies decide."""


_MOST = 1_000_000


def title(word: Word) -> str:
    """Return a policy term in the reader's language."""
    return word.zh if (get_language() or "").startswith("zh") else word.en


_lazy_title = lazy(title, str)


def _choices(words: Any, keys: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    return [(key, _lazy_title(words[key])) for key in keys]


def _of(role: str, label: Any, widget: type[forms.Widget] = forms.NumberInput) -> forms.Widget:  # noqa: ANN401
    """Return the widget of a cell, labelled with its role and row."""
    return widget(attrs={"aria-label": format_lazy("{} {}", _lazy_title(roles()[role]), label)})


class PolicyForm(forms.Form):
    """A policy form that starts from a version. Settings not shown in the form keep that version's values."""

    def __init__(self, data: Any = None, *, start: ActivePolicies) -> None:  # noqa: ANN401 - Django's own type
        super().__init__(data)
        self._start = start
        self.fields["base"] = forms.IntegerField(
            initial=start.number, min_value=0, widget=forms.HiddenInput, required=False
        )
        values = start.settings.to_form()
        given: dict[str, Any] = values["roles"]  # type: ignore[assignment]
        self.role_keys = [role for role in Role.values if role in given]
        for role in self.role_keys:
            one = given[role]
            self._add(f"{role}-reveal", forms.BooleanField(
                label=_("May see plaintext, one record at a time"), required=False, initial="reveal" in one["actions"],
                widget=_of(role, _("May see plaintext"), forms.CheckboxInput),
            ))  # fmt: skip
            self._add(f"{role}-purposes", forms.MultipleChoiceField(
                label=_("For these purposes"), required=False, choices=_choices(purposes(), purposes()),
                initial=one["purposes"], widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            ))  # fmt: skip
            for name, label in LIMITS:
                if name == "day" and one["dynamic"]:
                    self._add_dynamic(role, one["dynamic"])
                    continue
                self._add(f"{role}-{name}", forms.IntegerField(
                    label=label, min_value=0, max_value=_MOST, initial=one["limits"][name], widget=_of(role, label)
                ))  # fmt: skip
        self._add("two_people", forms.MultipleChoiceField(
            label=_("Two people agree to"), required=False, choices=_choices(actions(), TWO_PEOPLE),
            initial=values["two_people"], widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        ))  # fmt: skip
        self._add("shift_actions", forms.MultipleChoiceField(
            label=_("In shift only"), required=False,
            choices=_choices(actions(), IN_SHIFT),
            initial=values["shift_actions"], widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        ))  # fmt: skip
        self._add("temp_days", forms.IntegerField(
            label=_("Days before a temp prints"), min_value=7, max_value=90, initial=values["temp_days"]
        ))  # fmt: skip
        self._add("temps_reveal", forms.BooleanField(
            label=_("Temps may see plaintext"), required=False, initial=values["temps_reveal"]
        ))  # fmt: skip
        self._add("reveal_devices", forms.MultipleChoiceField(
            label=_("Plaintext on these devices"), required=False, choices=_choices(device_kinds(), device_kinds()),
            initial=values["reveal_devices"], widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
        ))  # fmt: skip
        self._add("enrolled_only", forms.BooleanField(
            label=_("Work only on enrolled devices"), required=False, initial=values["enrolled_only"],
            help_text=_("Until then a browser nobody enrolled counts as an office computer, and a restricted one works on in a private window. Signing in and administration stay open everywhere. Enrol one first."),
        ))  # fmt: skip
        self._add("own_site_only", forms.BooleanField(
            label=_("Only at the own site"), required=False, initial=values["own_site_only"],
            help_text=_("Who belongs to a site sees plaintext and exports at devices of that site alone, and prints at no other site's. A browser nobody enrolled belongs to none."),
        ))  # fmt: skip
        self._add_shifts()

    def _add(self, name: str, field: forms.Field) -> None:
        self.fields[name] = field

    def _add_dynamic(self, role: str, values: dict[str, int]) -> None:
        for name, label in DYNAMIC:
            self._add(f"{role}-{name}", forms.IntegerField(
                label=label, min_value=0, max_value=_MOST, initial=values[name], widget=_of(role, label)
            ))  # fmt: skip

    def _add_shifts(self) -> None:
        shifts = list(self._start.shifts.values())
        for n in range(SHIFTS):
            one = shifts[n] if n < len(shifts) else None
            clock: dict[str, Any] = {
                "widget": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
                "required": False,
            }
            self._add(f"shift{n}-name", forms.CharField(
                label=_("Name of the shift"), max_length=30, required=False, initial=one.name if one else ""
            ))  # fmt: skip
            self._add(
                f"shift{n}-start",
                forms.TimeField(label=_("Shift starts at"), initial=one and one.start, **clock),
            )
            self._add(
                f"shift{n}-end", forms.TimeField(label=_("Shift ends at"), initial=one and one.end, **clock)
            )
            self._add(f"shift{n}-weekdays", forms.MultipleChoiceField(
                label=_("Weekdays"), required=False, choices=[(str(d), name) for d, name in enumerate(WEEKDAYS)],
                initial=[str(day) for day in sorted(one.weekdays)] if one else [],
                widget=forms.CheckboxSelectMultiple(attrs={"class": "form-check-input"}),
            ))  # fmt: skip

    def columns(self) -> list[Any]:
        """Return the role names in the column order of the matrix."""
        return [_lazy_title(roles()[role]) for role in self.role_keys]

    def permissions(self) -> list[tuple[Any, list[SafeString]]]:
        """Return the rows of checkboxes, one per role: plaintext in general, then each purpose."""
        looks: dict[str, str | bool] = {"class": "form-check-input"}
        rows: list[tuple[Any, list[SafeString]]] = [
            (
                _("May see plaintext"),
                [self[f"{role}-reveal"].as_widget(attrs=looks) for role in self.role_keys],
            )
        ]
        for key, word in purposes().items():
            rows.append((title(word), [self._box(role, key, title(word)) for role in self.role_keys]))
        return rows

    def limits(self) -> list[tuple[Any, list[list[Any]]]]:
        """Return the rows of number fields. A cell holds the fields of one role: several if the limit is dynamic."""
        rows = []
        for name, label in LIMITS:
            names = [
                [f"{role}-{name}"]
                if f"{role}-{name}" in self.fields
                else [f"{role}-{part}" for part, _label in DYNAMIC]
                for role in self.role_keys
            ]
            rows.append((label, [[self[one] for one in cell] for cell in names]))
        return rows

    def _box(self, role: str, key: str, label: str) -> SafeString:
        box = next(option for option in self[f"{role}-purposes"] if option.data["value"] == key)
        named = format_html("{} {}", title(roles()[role]), label)
        return format_html('<label>{}<span class="visually-hidden">{}</span></label>', box.tag(), named)

    def groups(self) -> list[tuple[Any, list[Any]]]:
        """Return the fields that apply to all roles, grouped by heading."""
        shifts = [
            (
                _("Shift %(number)d") % {"number": n + 1},
                [self[name] for name in self.fields if name.startswith(f"shift{n}-")],
            )
            for n in range(SHIFTS)
        ]
        rules = [self[name] for name in ("two_people", "shift_actions", "temp_days", "temps_reveal")]
        devices = [self[name] for name in ("reveal_devices", "enrolled_only", "own_site_only")]
        return [(_("Rules for all"), rules), (_("Devices"), devices), *shifts]

    def values(self) -> dict[str, Any]:
        """Return the settings in the format of ``Settings.from_form``. Call after ``is_valid``."""
        given = self.cleaned_data
        values: dict[str, Any] = self._start.settings.to_form()
        for role in self.role_keys:
            one = values["roles"][role]
            others = [name for name in one["actions"] if name != "reveal"]
            one["actions"] = [*others, "reveal"] if given[f"{role}-reveal"] else others
            one["purposes"] = given[f"{role}-purposes"]
            if one["dynamic"]:
                one["dynamic"] = {name: given[f"{role}-{name}"] for name, _label in DYNAMIC}
            one["limits"] |= {
                name: given[f"{role}-{name}"] for name, _label in LIMITS if f"{role}-{name}" in given
            }
        values["two_people"] = given["two_people"]
        values["shift_actions"] = given["shift_actions"]
        # A sale day allows everyday work outside the shift, never plaintext.
        values["sale_day_actions"] = [
            n for n in given["shift_actions"] if actions()[n].facts["group"] == "masked"
        ]
        values["reveal_devices"], values["enrolled_only"] = given["reveal_devices"], given["enrolled_only"]
        values["own_site_only"] = given["own_site_only"]
        values["temp_days"], values["temps_reveal"] = given["temp_days"], given["temps_reveal"]
        return values

    def roster(self) -> dict[str, list[dict[str, Any]]]:
        """Return shifts in the format of ``read_roster``. Call after ``is_valid``."""
        given = self.cleaned_data
        shifts = [
            {
                "name": given[f"shift{n}-name"],
                "start": f"{given[f'shift{n}-start']:%H:%M}",
                "end": f"{given[f'shift{n}-end']:%H:%M}",
                "weekdays": [int(day) for day in given[f"shift{n}-weekdays"]],
            }
            for n in range(SHIFTS)
            if given[f"shift{n}-name"]
        ]
        return {"shifts": shifts}

    def clean(self) -> dict[str, Any]:
        """Require start and end of each named shift."""
        given = super().clean() or self.cleaned_data
        for n in range(SHIFTS):
            if given.get(f"shift{n}-name"):
                for part in ("start", "end", "weekdays"):
                    if given.get(f"shift{n}-{part}") in (None, "", []):
                        self.add_error(f"shift{n}-{part}", _("A shift needs start, end and weekdays."))
        return given
