"""Generate the Cedar policies of the owner's form, each with its texts in both languages."""

from typing import Final

from waybillguard.access.request import BROWSER, CONSOLE
from waybillguard.access.settings_form import TEMP_DAYS, Form
from waybillguard.access.vocabulary import roles

_ENROLLED_WORK: Final = (
    "import", "print", "reprint", "search", "view", "call", "ledger_read", "quota_raise",
)  # fmt: skip
"""Actions forbidden to an unenrolled browser besides plaintext.

Signing in and administration stay allowed, because devices must be enrolled from somewhere.
"""

OFF_SHIFT: Final = "off-shift"
"""Prefix of the ids of the shift policies."""


def policies_of(form: Form) -> list[str]:
    """Return the policies of a checked form; equal forms give equal texts."""
    return [*_role_policies(form), *_shift_policies(form), *_other_policies(form)]


def _role_policies(form: Form) -> list[str]:
    parts: list[str] = []
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
    return parts


def _shift_policies(form: Form) -> list[str]:
    always = tuple(name for name in form.shift_actions if name not in form.sale_day_actions)
    on_shift = tuple(role for role, word in roles().items() if word.facts["on_shift"] == "1")
    found: list[str] = []
    for name, chosen, more, zh, en in (
        (
            OFF_SHIFT,
            always,
            "",
            "不在班次内，也没有批准的加班",
            "out of shift and without approved overtime",
        ),
        (
            f"{OFF_SHIFT}-plain-day",
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


def _other_policies(form: Form) -> list[str]:
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
    if form.temp_days > TEMP_DAYS.start:
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
                f"when {{ {_strings((CONSOLE, BROWSER))}.contains(principal.device.id) }};",
            )
        )
        found.append(
            _policy(
                "enrolled-only",
                "只在已登记的设备上工作",
                "work on enrolled devices only",
                f"forbid (principal, action in {_actions(_ENROLLED_WORK)}, resource)\n"
                f'when {{ principal.device.id == "{BROWSER}" }};',
            )
        )
    return found


def _own_site() -> list[str]:
    """Return the policies for persons who are bound to a site; all others may work at any site.

    Plaintext needs a device enrolled at that site; an unenrolled browser has no site. Labels are masked, and labels
    drawn by the worker have no device, so for labels only a device of another site is refused.
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


def _policy(name: str, zh: str, en: str, body: str) -> str:
    return f'@id("{name}")\n@zh("{zh}")\n@en("{en}")\n{body}'


def _actions(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'Action::"{name}"' for name in names) + "]"


def _strings(names: tuple[str, ...]) -> str:
    return "[" + ", ".join(f'"{name}"' for name in names) + "]"
