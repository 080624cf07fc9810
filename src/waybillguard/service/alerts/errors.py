"""What can go wrong with alerts and channels."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class AlertError(WaybillGuardError):
    """A decision or a channel that cannot be taken as it is; nothing was changed."""

    code: ClassVar[str] = "alert"
