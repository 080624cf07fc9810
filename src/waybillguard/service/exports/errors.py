"""Errors of exports. None names a person or an order."""

from waybillguard.errors import WaybillGuardError


class ExportError(WaybillGuardError):
    """The export cannot be requested, agreed to or fetched like this; the message says why."""

    code = "export"


class ExportDeniedError(ExportError):
    """A policy or a quota refuses; ``policies`` are the deciding ids."""

    code = "export_denied"

    def __init__(self, *, zh: str, en: str, policies: tuple[str, ...] = ()) -> None:
        super().__init__(zh=zh, en=en)
        self.policies = policies


def not_now() -> ExportError:
    """Return the error for a state that somebody else has changed."""
    return ExportError(
        code="export_not_now",
        zh="该导出的状态已改变（已同意、已拒绝、已撤回或已过期），未作更改。请刷新页面查看。",
        en="this export has moved on (agreed to, refused, withdrawn or out of time); nothing was changed. "
        "Load the page again.",
    )
