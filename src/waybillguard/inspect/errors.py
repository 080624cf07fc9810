"""Errors of inspections, cases and training: what file or step is wrong, and what to do."""

from typing import ClassVar, Self

from waybillguard.errors import WaybillGuardError


class InspectError(WaybillGuardError):
    """A file cannot be read, or a step is not allowed here."""

    code: ClassVar[str] = "inspect"

    @classmethod
    def unreadable(cls, file: str, where: str) -> Self:
        """Name the file and the place in it that does not fit; never its contents."""
        return cls(
            zh=f"无法读取 {file}：{where}。请检查该处后重试。",
            en=f"cannot read {file}: {where}. Mend that place and try again.",
        )
