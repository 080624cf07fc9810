"""Errors of the label room. Each names the label's part at fault, never what stood in it."""

from typing import ClassVar, Self

from waybillguard.errors import WaybillGuardError


class LabelError(WaybillGuardError):
    """Base of what can go wrong between a label's content and the printer's bytes."""

    code: ClassVar[str] = "label"


class MissingGlyphError(LabelError):
    """A character has no glyph: the label is refused rather than printed with a box.

    The one character is named, nothing around it.
    """

    code: ClassVar[str] = "missing_glyph"

    @classmethod
    def of(cls, character: str) -> Self:
        """Name the character that the label's font cannot draw."""
        point = f"U+{ord(character):04X}"
        shown = f"“{character}”({point})" if character.isprintable() else point
        return cls(
            zh=f"面单字库画不出 {shown}，此单未打印。请核对收件信息里的这个字，或改手写面单。",
            en=f"the label font cannot draw {shown}; the label was not printed. "
            "Check this character in the order, or write the label by hand.",
        )


class TextTooLongError(LabelError):
    """A field that may never be shortened does not fit its place."""

    code: ClassVar[str] = "text_too_long"

    @classmethod
    def of(cls, field: str) -> Self:
        """Name the field."""
        return cls(
            zh=f"面单栏位 {field} 太长，放不下又不得截断，此单未打印。请核对该栏位。",
            en=f"label field {field} does not fit and must not be cut; the label was not printed. "
            "Check that field.",
        )


class LabelContentError(LabelError):
    """A field holds something that may not stand on a label (a title, a web address, no number)."""

    code: ClassVar[str] = "label_content"

    @classmethod
    def of(cls, field: str, zh: str, en: str) -> Self:
        """Name the field and what it must hold."""
        return cls(
            zh=f"面单栏位 {field} 不合规，此单未打印：{zh}。",
            en=f"label field {field} may not be printed: {en}; the label was not printed.",
        )


class UnknownFormatError(LabelError):
    """No template for this paper size, or no such resolution."""

    code: ClassVar[str] = "unknown_label_format"


class CarrierRefusedError(LabelError):
    """The carrier gives no number for this parcel."""

    code: ClassVar[str] = "carrier_refused"
