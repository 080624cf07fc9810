"""Errors of inspections, cases and training. Each says which file or step is wrong and what to do."""

from typing import Self

from waybillguard.errors import WaybillGuardError, reason_in_chinese


class InspectError(WaybillGuardError):
    """A file cannot be read, or a step is not allowed here."""

    code = "inspect"

    @classmethod
    def unreadable(cls, file: str, where: str | OSError) -> Self:
        """Build the error for an invalid file: name the file and the position or the reason, never its content."""
        zh, en = (reason_in_chinese(where), where.strerror) if isinstance(where, OSError) else (where, where)
        return cls(
            zh=f"无法读取 {file}：{zh}。请检查该处后重试。",
            en=f"cannot read {file}: {en}. Mend that place and try again.",
        )
