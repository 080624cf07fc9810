"""Errors of inspections, with texts for the user."""

from waybillguard.errors import WaybillGuardError


class InspectionError(WaybillGuardError):
    """An upload, a date or a step is invalid; nothing was saved."""

    code = "inspection"
