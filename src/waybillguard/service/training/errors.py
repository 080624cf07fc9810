"""Errors of training."""

from waybillguard.errors import WaybillGuardError


class TrainingError(WaybillGuardError):
    """The lesson is not for this person's role, or the attempt is not the current one; nothing was recorded."""

    code = "training"
