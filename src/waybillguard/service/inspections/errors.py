"""What can go wrong with an inspection, for the person who meets it."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class InspectionError(WaybillGuardError):
    """An upload, a date or a step does not fit; nothing was saved."""

    code: ClassVar[str] = "inspection"
