"""What can go wrong in training, for the person who meets it."""

from typing import ClassVar

from waybillguard.errors import WaybillGuardError


class TrainingError(WaybillGuardError):
    """The lesson is not this person's, or an attempt does not fit; nothing was recorded."""

    code: ClassVar[str] = "training"
