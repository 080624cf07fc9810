"""Errors of overtime and sale days."""

from waybillguard.errors import WaybillGuardError


class DutyError(WaybillGuardError):
    """Overtime or a sale cannot be granted, declared or withdrawn."""

    code = "duty"


def already_over_error() -> DutyError:
    """Return the error for overtime or a sale that has ended or was withdrawn."""
    return DutyError(
        zh="该项已结束或已撤回，未做任何更改。",
        en="it has ended or was withdrawn before; nothing changed.",
    )


def invalid_period_error() -> DutyError:
    """Return the error for a period that is over or too far ahead."""
    return DutyError(
        zh="结束时间须在将来，开始时间最多提前 31 天登记。未保存。",
        en="the end must lie ahead, and the start at most 31 days ahead. Nothing was saved.",
    )
