"""Errors of the label package. Each names the part of the label at fault, never its content."""

from typing import Self

from waybillguard.errors import WaybillGuardError


class LabelError(WaybillGuardError):
    """Base of all errors in turning a label's content into bytes for a printer."""

    code = "label"


class MissingGlyphError(LabelError):
    """A character has no glyph; the label is refused instead of printing an empty box.

    The error names this character and no text around it.
    """

    code = "missing_glyph"

    @classmethod
    def of(cls, character: str) -> Self:
        """Make the error for a character that the label font cannot draw."""
        point = f"U+{ord(character):04X}"
        shown = f"“{character}”({point})" if character.isprintable() else point
        return cls(
            zh=f"面单字库画不出 {shown}，此单未打印。请核对收件信息里的这个字，或改手写面单。",
            en=f"the label font cannot draw {shown}; the label was not printed. "
            "Check this character in the order, or write the label by hand.",
        )


class TextTooLongError(LabelError):
    """A field that must not be shortened does not fit into its place on the label."""

    code = "text_too_long"

    @classmethod
    def of(cls, field: str) -> Self:
        """Make the error for a field."""
        return cls(
            zh=f"面单栏位 {field} 太长，放不下又不得截断，此单未打印。请核对该栏位。",
            en=f"label field {field} does not fit and must not be cut; the label was not printed. "
            "Check that field.",
        )


class LabelContentError(LabelError):
    """A field holds something that is not allowed on a label (such as a title or a web address) or is not a number."""

    code = "label_content"

    @classmethod
    def of(cls, field: str, zh: str, en: str) -> Self:
        """Make the error for a field, with texts that say what it must hold."""
        return cls(
            zh=f"面单栏位 {field} 不合规，此单未打印：{zh}。",
            en=f"label field {field} may not be printed: {en}; the label was not printed.",
        )
