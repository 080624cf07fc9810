"""What an owner changes by form, and the policies that follow from it.

``Settings`` is the form's value; ``render`` writes it as one policy file, always the same text for the same value;
``read_rendered`` gives the value back, and refuses a text that a hand has changed since. Limits travel in
the same file, so that one version names both.
"""

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

import msgspec

from waybillguard.access.errors import QuotaError, SettingsError
from waybillguard.access.quotas import Limits, dynamic_limit
from waybillguard.access.request import CONSOLE
from waybillguard.access.vocabulary import actions, data_text, device_kinds, purposes, roles

SETTINGS_FILE: Final = "settings.cedar"
"""Name of the rendered file in a policy book."""

_MARK: Final = "// waybillguard settings v1: "
_TEMP_DAYS: Final = range(7, 91)
_TWO_PEOPLE_ALWAYS: Final = frozenset({"export", "quota_raise"})
_NO_SECOND: Final = frozenset({"sign_in"})
_MOST_PERSONS: Final = 249
_CONTROL_ROLES: Final = frozenset({"owner", "supervisor"})


class LimitsForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of looks for one role; see ``quotas.Limits``."""

    hour: int
    shift: int
    day: int
    device_day: int
    persons_30d: int


class DynamicForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The daily limit follows yesterday's shipped orders: so many per thousand, within bounds."""

    per_thousand: int
    least: int
    most: int


class RoleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What one role may do, for which purposes it may see plaintext, and how often."""

    actions: tuple[str, ...]
    limits: LimitsForm
    purposes: tuple[str, ...] = ()
    dynamic: DynamicForm | None = None


class _Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    roles: dict[str, RoleForm]
    two_people: tuple[str, ...] = ()
    temp_days: int = 7
    temps_reveal: bool = False
    home_station_only: bool = False
    own_site_only: bool = False
    reveal_devices: tuple[str, ...] = ()
    enrolled_only: bool = False
    shift_actions: tuple[str, ...] = ()
    sale_day_actions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The form. Make one with ``from_form``, which checks it.

    Attributes:
        form: the values, with every list in the order of the vocabulary.
    """

    form: _Form

    @classmethod
    def from_form(cls, values: Mapping[str, object]) -> "Settings":
        """Return checked settings out of plain values (of a form, JSON or TOML).

        Raises:
            SettingsError: names the field that is unknown, out of range, or weaker than the fixed rules.
        """
        try:
            form = msgspec.convert(dict(values), _Form)
        except msgspec.ValidationError as error:
            raise _wrong(
                "form", f"类型不符 ({_where(error)})", f"a value has the wrong type ({_where(error)})"
            ) from None
        _check(form)
        return cls(_ordered(form))

    def to_form(self) -> dict[str, object]:
        """Return plain values that ``from_form`` takes back."""
        plain: dict[str, object] = json.loads(msgspec.json.encode(self.form))
        return plain

    def limits(self, role: str, *, shipped_yesterday: int | None = None) -> Limits:
        """Return the limits of a role; a role that is not in the form gets none at all (0).

        With ``shipped_yesterday`` (orders) the daily and the shift limit follow the work where the form says so.

        Raises:
            QuotaError: ``shipped_yesterday`` is negative.
        """
        form = self.form.roles.get(role)
        if form is None:
            return Limits(0, 0, 0, 0, 0)
        fixed = form.limits
        shift, day = fixed.shift, fixed.day
        if form.dynamic is not None and shipped_yesterday is not None:
            moving = form.dynamic
            day = dynamic_limit(
                shipped_yesterday, per_thousand=moving.per_thousand, least=moving.least, most=moving.most
            )
            shift = min(shift, day)
        return Limits(fixed.hour, shift, day, fixed.device_day, fixed.persons_30d)


@cache
def default_settings() -> Settings:
    """Return what a new warehouse starts with."""
    return Settings.from_form(tomllib.loads(data_text("default_settings.toml")))


def render(settings: Settings) -> str:
    """Return the policy file of these settings; the same settings give the same text, byte for byte."""
    form = settings.form
    head = _MARK + json.dumps(settings.to_form(), ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    parts = [head, "// Written from the form. Change it there: a text changed by hand is not taken."]
    for role, one in form.roles.items():
        if one.actions:
            parts.append(
                _policy(
                    f"allow-{role}",
                    f"{roles()[role].zh}的权限",
                    f"what the role {roles()[role].en} may do",
                    f'permit (principal in Role::"{role}", action in {_actions(one.actions)}, resource);',
                )
            )
        if "reveal" in one.actions:
            parts.append(
                _policy(
                    f"purpose-{role}",
                    f"{roles()[role].zh}不得以该用途查看明文",
                    f"the role {roles()[role].en} sees no plaintext for this purpose",
                    f'forbid (principal in Role::"{role}", action == Action::"reveal", resource)\n'
                    f"unless {{ {_strings(one.purposes)}.contains(context.purpose) }};",
                )
            )
    parts += _shift_policies(form)
    parts += _other_policies(form)
    return "\n\n".join(parts) + "\n"


def read_rendered(text: str) -> Settings:
    """Return the settings that ``render`` wrote into ``text``.

    Raises:
        SettingsError: not such a text, or changed by hand since.
    """
    head = text.partition("\n")[0]
    if not head.startswith(_MARK):
        raise _wrong("file", "不是由表单生成", "it was not written from the form")
    try:
        values = json.loads(head.removeprefix(_MARK))
    except (ValueError, RecursionError):
        raise _wrong("file", "第一行已损坏", "its first line is damaged") from None
    if not isinstance(values, dict):
        raise _wrong("file", "第一行已损坏", "its first line is damaged")
    settings = Settings.from_form(values)
    if render(settings) != text:
        raise _wrong("file", "生成后被手工改动", "it was changed by hand since it was written")
    return settings


def _shift_policies(form: _Form) -> list[str]:
    always = tuple(name for name in form.shift_actions if name not in form.sale_day_actions)
    on_shift = tuple(role for role, word in roles().items() if word.facts["on_shift"] == "1")
    found: list[str] = []
    for name, chosen, more, zh, en in (
        (
            "off-shift",
            always,
            "",
            "不在班次内，也没有批准的加班",
            "out of shift and without approved overtime",
        ),
        (
            "off-shift-plain-day",
            form.sale_day_actions,
            " || principal.shift.sale_day",
            "不在班次内，没有批准的加班，也不是大促日",
            "out of shift, without approved overtime, and no sale day",
        ),
    ):
        if chosen:
            found.append(
                _policy(
                    name,
                    zh,
                    en,
                    f"forbid (principal, action in {_actions(chosen)}, resource)\n"
                    f"when {{ {_strings(on_shift)}.contains(principal.role) }}\n"
                    f"unless {{ principal.shift.on || principal.shift.overtime{more} }};",
                )
            )
    return found


def _other_policies(form: _Form) -> list[str]:
    found: list[str] = []
    if form.two_people:
        found.append(
            _policy(
                "two-people-form",
                "该操作设定为两人同意",
                "the form asks two people for this",
                f"forbid (principal, action in {_actions(form.two_people)}, resource)\n"
                "unless {\n"
                "  context has second && context.second.agreed && !context.second.same_person &&\n"
                "  context.second.employed && context.second.tenant == resource &&\n"
                '  ["owner", "supervisor"].contains(context.second.role)\n'
                "};",
            )
        )
    if form.temp_days > _TEMP_DAYS.start:
        found.append(
            _policy(
                "temp-longer",
                f"临时工到岗未满{form.temp_days}天，不得打印或进入打印区操作",
                f"a temp in the first {form.temp_days} days neither prints nor works in the print room",
                "forbid (principal, action, resource)\n"
                f"when {{ principal.temp && principal.days_here < {form.temp_days} &&\n"
                '  (principal.place.print_room || action == Action::"print" || action == Action::"reprint") };',
            )
        )
    if not form.temps_reveal:
        found.append(
            _policy(
                "temp-no-plaintext",
                "临时工不查看明文、不导出",
                "temps see no plaintext and export nothing",
                'forbid (principal, action in [Action::"reveal", Action::"export"], resource)\n'
                "when { principal.temp };",
            )
        )
    if form.home_station_only:
        found.append(
            _policy(
                "home-station",
                "只能在本人工位操作",
                "only at one's own station",
                'forbid (principal, action in [Action::"print", Action::"reprint", Action::"reveal"], resource)\n'
                "when { principal.home_station != principal.place.station };",
            )
        )
    if form.own_site_only:
        found += _own_site()
    devices = (
        f"unless {{ {_strings(form.reveal_devices)}.contains(principal.device.kind) }}"
        if form.reveal_devices
        else ""
    )
    found.append(
        _policy(
            "reveal-device",
            "该类设备不显示明文",
            "this kind of device shows no plaintext",
            f'forbid (principal, action == Action::"reveal", resource)\n{devices};'.replace("\n;", ";"),
        )
    )
    if form.enrolled_only:
        found.append(
            _policy(
                "reveal-enrolled",
                "明文和导出只在已登记的设备上",
                "plaintext and exports on enrolled devices only",
                'forbid (principal, action in [Action::"reveal", Action::"export"], resource)\n'
                f'when {{ principal.device.id == "{CONSOLE}" }};',
            )
        )
    return found


def _own_site() -> list[str]:
    """Return the policies of a person who is bound to a site; who is bound to none works at each.

    Plaintext needs a device that is known to stand there: a browser nobody enrolled stands nowhere. Labels are masked,
    and what the worker draws has no device, so of them only a device of another site is refused.
    """
    bound = 'principal.home_site != "" && principal.home_site != principal.place.site'
    return [
        _policy(
            "own-site-plaintext",
            "只能在本人所属场地的设备上查看明文或导出",
            "plaintext and exports at a device of one's own site only",
            'forbid (principal, action in [Action::"reveal", Action::"export"], resource)\n'
            f"when {{ {bound} }};",
        ),
        _policy(
            "own-site-print",
            "不能在其他场地的设备或打印机上打印",
            "no printing at a device or printer of another site",
            'forbid (principal, action in [Action::"print", Action::"reprint"], resource)\n'
            f'when {{ {bound} && principal.place.site != "" }};',
        ),
    ]


def _check(form: _Form) -> None:
    _known("roles", form.roles, roles())
    for name, chosen in (
        ("two_people", form.two_people),
        ("shift_actions", form.shift_actions),
        ("sale_day_actions", form.sale_day_actions),
    ):
        _known(name, chosen, actions())
    _known("reveal_devices", form.reveal_devices, device_kinds())
    if form.temp_days not in _TEMP_DAYS:
        raise _wrong("temp_days", "须为 7 到 90 天", "from 7 to 90 days")
    if _NO_SECOND & set(form.two_people):
        raise _wrong("two_people", "登录不能要求两人", "signing in cannot ask two people")
    if not set(form.sale_day_actions) <= set(form.shift_actions):
        raise _wrong("sale_day_actions", "须是班次操作的一部分", "must be among the shift actions")
    if {"reveal", "export"} & set(form.sale_day_actions):
        raise _wrong("sale_day_actions", "大促不放宽明文和导出", "a sale opens neither plaintext nor exports")
    for role, one in form.roles.items():
        _check_role(role, one)
    if not any("policy_change" in one.actions for one in form.roles.values()):
        raise _wrong("roles", "至少一个角色须能变更策略", "some role must be able to change policies")


def _check_role(role: str, one: RoleForm) -> None:
    _known(f"roles.{role}.actions", one.actions, actions())
    _known(f"roles.{role}.purposes", one.purposes, purposes())
    if "reveal" in one.actions and not one.purposes:
        raise _wrong(f"roles.{role}.purposes", "查看明文须有用途", "plaintext needs at least one purpose")
    if role == "inspector" and "reveal" in one.actions:
        raise _wrong(f"roles.{role}.actions", "检查人员只看脱敏数据", "inspectors see masked data only")
    control = {name for name in one.actions if actions()[name].facts["group"] == "control"}
    if control and role not in _CONTROL_ROLES:
        raise _wrong(f"roles.{role}.actions", "该角色不能做管理操作", "this role administers nothing")
    if one.limits.persons_30d > _MOST_PERSONS:
        raise _wrong(
            f"roles.{role}.limits.persons_30d",
            f"最多 {_MOST_PERSONS} 人; 更多须由第二人临时提高",
            f"at most {_MOST_PERSONS}; more takes a raise by a second person",
        )
    try:
        fixed = one.limits
        Limits(fixed.hour, fixed.shift, fixed.day, fixed.device_day, fixed.persons_30d)
        if one.dynamic is not None:
            moving = one.dynamic
            dynamic_limit(0, per_thousand=moving.per_thousand, least=moving.least, most=moving.most)
            Limits(0, 0, moving.most, 0, 0)
    except QuotaError as error:
        raise _wrong(f"roles.{role}.limits", error.zh, error.en) from None


def _ordered(form: _Form) -> _Form:
    def pick(chosen: tuple[str, ...], words: Mapping[str, object]) -> tuple[str, ...]:
        return tuple(word for word in words if word in chosen)

    found = {
        role: msgspec.structs.replace(
            form.roles[role],
            actions=pick(form.roles[role].actions, actions()),
            purposes=pick(form.roles[role].purposes, purposes()),
        )
        for role in roles()
        if role in form.roles
    }
    two = tuple(name for name in pick(form.two_people, actions()) if name not in _TWO_PEOPLE_ALWAYS)
    return msgspec.structs.replace(
        form,
        roles=found,
        two_people=two,
        reveal_devices=pick(form.reveal_devices, device_kinds()),
        shift_actions=pick(form.shift_actions, actions()),
        sale_day_actions=pick(form.sale_day_actions, actions()),
    )


def _policy(name: str, zh: str, en: str, body: str) -> str:
    return f'@id("{name}")\n@zh("{zh}")\n@en("{en}")\n{body}'


def _actions(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'Action::"{name}"' for name in names) + "]"


def _strings(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"


def _known(field: str, chosen: Mapping[str, object] | tuple[str, ...], words: Mapping[str, object]) -> None:
    for name in chosen:
        if name not in words:
            raise _wrong(field, f"没有 {name[:40]!a} 这一项", f"there is no {name[:40]!a}")


def _where(error: Exception) -> str:
    return str(error).rpartition(" - at ")[2].strip("`")[:80] or "$"


def _wrong(field: str, zh: str, en: str) -> SettingsError:
    return SettingsError(
        zh=f"策略设置 {field[:80]}: {zh}。未保存, 现行策略不变。",
        en=f"policy setting {field[:80]}: {en}. Nothing was saved; the policies in force stay.",
    )
