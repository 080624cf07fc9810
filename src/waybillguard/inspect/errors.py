"""Errors of inspections, cases and training. Each says which file or step is wrong and what to do."""

from typing import Self

from waybillguard.errors import WaybillGuardError


class InspectError(WaybillGuardError):
    """A file cannot be read, or a step is not allowed here."""

    code = "inspect"

    @classmethod
    def unreadable(cls, file: str, where: str) -> Self:
        """Build the error for an invalid file: name the file and the position, never its content."""
        return cls(
            zh=f"无法读取 {file}：{where}。请检查该处后重试。",
            en=f"cannot read {file}: {where}. Mend that place and try again.",
        )
