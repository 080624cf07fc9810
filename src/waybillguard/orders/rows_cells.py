"""Clean cell texts: remove artefacts of spreadsheets and copying."""

import re

# Zero-width and direction marks that are copied along with numbers and names from chats.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]")
_ARMOUR = re.compile(r'="(.*)"', re.DOTALL)
_APOSTROPHES = "'`\u2018\u2019"
_POINT_ZERO = re.compile(r"[0-9]+\.0+")
_EXPONENT = re.compile(r"([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})", re.ASCII)
_NO_NUMBER = re.compile(r"[0-9]{12,}|0[0-9]+|[0-9]+[eE][0-9]+")
"""Numeric identifiers that a spreadsheet would alter."""
_FORMULA_START = "=+-@＝＋－＠"
_NUMBER_LIKE = re.compile(
    r"[+＋\-－]?[\d\s()（）\-－—*＊xX,，/;；、转#]*\d[\d\s()（）\-－—*＊xX,，/;；、转#+＋]*"
)
_EMPTY = frozenset(
    {"-", "--", "---", "—", "——", "/", "\\", "\\n", "null", "none", "nan", "n/a", "#n/a", "undefined", "nil"}
)


def is_blank(cell: str) -> bool:
    """Return whether a cell has no visible characters."""
    return not cell or cell.isspace() or not _INVISIBLE.sub("", cell).strip()


def clean(cell: str) -> str:
    r"""Clean a contact or number cell: remove invisible characters, Excel text quoting and placeholders.

    >>> clean('="13800000000"'), clean("'0579-85550000\t"), clean("NULL")
    ('13800000000', '0579-85550000', '')
    """
    text = cell.strip()
    if not text:
        return ""
    if not text.isprintable():
        text = _INVISIBLE.sub("", text).strip()
    if text[:1] == "=" and (match := _ARMOUR.fullmatch(text)):
        text = match[1].replace('""', '"').strip()
    if text[:1] in _APOSTROPHES:
        text = text[1:].strip()
    if len(text) <= 9 and text.lower() in _EMPTY:  # noqa: PLR2004 - the longest placeholder
        return ""
    return text


def clean_number(cell: str) -> str:
    """Clean an order number, waybill number or count: remove the ``.0`` or the exponent of a float.

    A number with digits lost by a spreadsheet is kept unchanged (see `lost_digits`).

    >>> clean_number("7.73012345678901E+14"), clean_number("4.01235E+18")
    ('773012345678901', '4.01235E+18')
    """
    text = clean(cell)
    if "." in text and (match := _EXPONENT.fullmatch(text)):
        whole, fraction, power = match[1], match[2], int(match[3])
        return whole + fraction if len(fraction) == power else text
    if text.endswith("0") and "." in text and _POINT_ZERO.fullmatch(text):
        return text[: text.index(".")]
    return text


def lost_digits(number: str) -> bool:
    """Return whether a spreadsheet has lost digits of a cleaned number, so that it is no longer unique."""
    return "." in number and _EXPONENT.fullmatch(number) is not None


def clean_free(cell: str) -> str:
    """Clean a free text (goods, remark): remove control characters and Excel text quoting."""
    text = cell.strip()
    if not text.isprintable():
        text = _CONTROL.sub("", text).strip()
    if text[:1] == "=" and (match := _ARMOUR.fullmatch(text)):
        text = match[1].replace('""', '"').strip()
    if text[:1] == "'" and text.count("'") == 1:  # the prefix with which exports mark a cell as text
        text = text[1:].strip()
    return "" if text in {"null", "NULL", "\\N"} else text


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would read this cell as a formula (and not as a number or a dash).

    >>> is_formula('=HYPERLINK("http://x")'), is_formula("+86 138 0000 0000"), is_formula("-")
    (True, False, False)
    """
    text = cell.lstrip(" \t\r\n\u3000\ufeff\0'`\u2018\u2019")
    if not text or text[0] not in _FORMULA_START:
        return False
    if _ARMOUR.fullmatch(text.strip()) and not is_formula(text.strip()[2:-1]):
        return False
    return not (_NUMBER_LIKE.fullmatch(text.strip()) or not text.strip(_FORMULA_START + "— "))


def neutralise(text: str) -> str:
    """Escape a text for CSV or XLSX so that no spreadsheet reads it as a formula.

    An apostrophe is put before ``=``, ``+``, ``-``, ``@`` (also full-width), tab and carriage return; plain numbers
    are unchanged.

    >>> neutralise("=1+1"), neutralise("-5"), neutralise("两件")
    ("'=1+1", '-5', '两件')
    """
    if not text:
        return text
    if text[0] in "\t\r\n":
        return "'" + text
    probe = text.lstrip()
    if probe[:1] and probe[0] in _FORMULA_START and not _plain_number(probe):
        return "'" + text
    return text


def spreadsheet_text(text: str) -> str:
    r"""Escape a CSV cell so that a spreadsheet displays it unaltered.

    Spreadsheets read a long number as a float (1.23457E+17), drop leading zeros, and read 12E5 as 1,200,000. A tab is
    appended to such cells, as in the platforms' own files; `clean` removes it.

    >>> spreadsheet_text("773012345678901"), spreadsheet_text("057985550000"), spreadsheet_text("13800000000"), spreadsheet_text("=1+1")
    ('773012345678901\t', '057985550000\t', '13800000000', "'=1+1")
    """
    safe = neutralise(text)
    return f"{safe}\t" if _NO_NUMBER.fullmatch(safe) else safe


def _plain_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return text.isascii()
