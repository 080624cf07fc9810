"""What a cell says once the traces of spreadsheets and copying are off it."""

import re

# Zero-width and direction marks that come along when a number or a name is copied from a chat.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
)
_CONTROL = re.compile("[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\ufeff]")
_ARMOUR = re.compile(r'="(.*)"', re.DOTALL)
_APOSTROPHES = "'`\u2018\u2019"
_POINT_ZERO = re.compile(r"[0-9]+\.0+")
_EXPONENT = re.compile(r"([0-9])\.([0-9]+)[eE]\+?([0-9]{1,2})", re.ASCII)
_NO_NUMBER = re.compile(r"[0-9]{12,}|0[0-9]+|[0-9]+[eE][0-9]+")
"""Digits that are a name, and that a spreadsheet would change."""
_FORMULA_START = "=+-@＝＋－＠"
_NUMBER_LIKE = re.compile(
    r"[+＋\-－]?[\d\s()（）\-－—*＊xX,，/;；、转#]*\d[\d\s()（）\-－—*＊xX,，/;；、转#+＋]*"
)
_EMPTY = frozenset(
    {"-", "--", "---", "—", "——", "/", "\\", "\\n", "null", "none", "nan", "n/a", "#n/a", "undefined", "nil"}
)


def is_blank(cell: str) -> bool:
    """Has a cell nothing that can be seen."""
    return not cell or cell.isspace() or not _INVISIBLE.sub("", cell).strip()


def clean(cell: str) -> str:
    r"""Return a cell of a contact or a number: no invisible characters, Excel armour or placeholder.

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
    """Return a cell that holds an order, waybill or count number, without the ``.0`` or the exponent of a float.

    One of which a spreadsheet has lost digits stays as it is (`lost_digits`).

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
    """Tell whether a spreadsheet has lost digits of a cleaned number: another parcel may have what is left of it."""
    return "." in number and _EXPONENT.fullmatch(number) is not None


def clean_free(cell: str) -> str:
    """Return a free text (goods, remark): as written, without control characters and armour."""
    text = cell.strip()
    if not text.isprintable():
        text = _CONTROL.sub("", text).strip()
    if text[:1] == "=" and (match := _ARMOUR.fullmatch(text)):
        text = match[1].replace('""', '"').strip()
    if text[:1] == "'" and text.count("'") == 1:  # the mark with which exports keep a cell text
        text = text[1:].strip()
    return "" if text in {"null", "NULL", "\\N"} else text


def is_formula(cell: str) -> bool:
    """Would a spreadsheet take this cell as a formula (and not as a number or a dash)?

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
    """Return a text so that no spreadsheet takes it as a formula: for output to CSV or XLSX.

    An apostrophe goes before ``=``, ``+``, ``-``, ``@`` (also full-width), tab and carriage return;
    plain numbers stay as they are.

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
    r"""Return a cell of a CSV for people, so that a spreadsheet shows what stands there.

    It takes a long number for a float (1.23457E+17), drops a leading zero, and reads 12E5 as 1,200,000: such a cell
    ends in a tab, as the platforms' own files have it; `clean` takes it off again.

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
