"""Validate the owner's policy form and sort its lists into a fixed order."""

from collections.abc import Mapping
from typing import Final

import msgspec

from waybillguard.access.errors import AccessError, QuotaError
from waybillguard.access.quotas import Limits, dynamic_limit
from waybillguard.access.vocabulary import actions, device_kinds, purposes, roles

TEMP_DAYS: Final = range(7, 91)
"""Maximum number of days that temps can be barred from the print room; their first day is a fixed rule."""
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
    """A daily limit per 1,000 orders shipped yesterday, within bounds."""

    per_thousand: int
    least: int
    most: int


class RoleForm(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The allowed actions of one role, its purposes for viewing plaintext, and its limits."""

    actions: tuple[str, ...]
    limits: LimitsForm
    purposes: tuple[str, ...] = ()
    dynamic: DynamicForm | None = None


class Form(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole form."""

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


def read_form(values: Mapping[str, object]) -> Form:
    """Validate plain values and return the form, every list in the order of the vocabulary.

    Raises:
        AccessError (settings): a field is unknown, out of range, or weaker than the fixed rules; the message names it.
    """
    try:
        form = msgspec.convert(dict(values), Form)
    except msgspec.ValidationError as error:
        raise form_error(
            "form", f"类型不符（{_where(error)}）", f"a value has the wrong type ({_where(error)})"
        ) from None
    _check(form)
    return _ordered(form)


def form_error(field: str, zh: str, en: str) -> AccessError:
    """Return the error for an invalid field of the form."""
    return AccessError(
        code="settings",
        zh=f"权限规则设置 {field[:80]}：{zh}。未保存，现行规则不变。",
        en=f"policy setting {field[:80]}: {en}. Nothing was saved; the policies in force stay.",
    )


def _check(form: Form) -> None:
    _known("roles", form.roles, roles())
    for name, chosen in (
        ("two_people", form.two_people),
        ("shift_actions", form.shift_actions),
        ("sale_day_actions", form.sale_day_actions),
    ):
        _known(name, chosen, actions())
    _known("reveal_devices", form.reveal_devices, device_kinds())
    if form.temp_days not in TEMP_DAYS:
        raise form_error("temp_days", "须为 7 到 90 天", "from 7 to 90 days")
    if _NO_SECOND & set(form.two_people):
        raise form_error("two_people", "登录不能要求两人", "signing in cannot ask two people")
    if not set(form.sale_day_actions) <= set(form.shift_actions):
        raise form_error("sale_day_actions", "须是班次操作的一部分", "must be among the shift actions")
    if {"reveal", "export"} & set(form.sale_day_actions):
        raise form_error(
            "sale_day_actions", "大促不放宽明文和导出", "a sale opens neither plaintext nor exports"
        )
    for role, one in form.roles.items():
        _check_role(role, one)
    if not any("policy_change" in one.actions for one in form.roles.values()):
        raise form_error("roles", "至少一个角色须能变更权限规则", "some role must be able to change policies")


def _check_role(role: str, one: RoleForm) -> None:
    _known(f"roles.{role}.actions", one.actions, actions())
    _known(f"roles.{role}.purposes", one.purposes, purposes())
    if "reveal" in one.actions and not one.purposes:
        raise form_error(f"roles.{role}.purposes", "查看明文须有用途", "plaintext needs at least one purpose")
    if role == "inspector" and "reveal" in one.actions:
        raise form_error(f"roles.{role}.actions", "检查人员只看脱敏数据", "inspectors see masked data only")
    control = {name for name in one.actions if actions()[name].facts["group"] == "control"}
    if control and role not in _CONTROL_ROLES:
        raise form_error(f"roles.{role}.actions", "该角色不能做管理操作", "this role administers nothing")
    if one.limits.persons_30d > _MOST_PERSONS:
        raise form_error(
            f"roles.{role}.limits.persons_30d",
            f"最多 {_MOST_PERSONS} 人；更多须由第二人临时提高",
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
        raise form_error(f"roles.{role}.limits", error.zh, error.en) from None


def _ordered(form: Form) -> Form:
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


def _known(field: str, chosen: Mapping[str, object] | tuple[str, ...], words: Mapping[str, object]) -> None:
    for name in chosen:
        if name not in words:
            raise form_error(field, f"没有 {name[:40]!a} 这一项", f"there is no {name[:40]!a}")


def _where(error: Exception) -> str:
    return str(error).rpartition(" - at ")[2].strip("`")[:80] or "$"
