"""Errors of alerts and channels."""

from waybillguard.errors import WaybillGuardError


class AlertError(WaybillGuardError):
    """A decision or a channel is invalid; nothing was changed."""

    code = "alert"
