"""Read and check a notice to hand over evidence (调取证据通知书): authority, number, date, period, scope."""

import datetime as dt
import re
from typing import Final

import msgspec
import yaml

from waybillguard.trace.errors import TraceError

_LONGEST: Final = 200
_MOST_DAYS: Final = 400
_NUMBER: Final = re.compile(r"[\w〔〕﹝﹞【】［］()（）\[\]\-—·.号第字 ]{2,60}")


class Scope(msgspec.Struct, frozen=True):
    """Limits of a notice: stations and accounts; empty means no limit."""

    workstations: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    victims_only: bool = True


class Notice(msgspec.Struct, frozen=True, kw_only=True, rename={"start": "from", "end": "to"}):
    """A case reference with its period (both days included, China's calendar) and scope."""

    authority: str
    number: str
    date: dt.date
    start: dt.date
    end: dt.date
    scope: Scope = Scope()

    def __repr__(self) -> str:
        """Show the type only."""
        return "Notice(…)"


def read_notice(content: bytes) -> Notice:
    """Read a notice from JSON or YAML (keys authority, number, date, from, to, scope).

    Raises:
        TraceError: a key is missing or invalid; the text says which.
    """
    try:
        plain = yaml.safe_load(content)
        notice = msgspec.convert(plain, Notice, strict=False)
    except msgspec.ValidationError as error:
        raise _wrong(str(error)[:_LONGEST].partition(" - at ")[2].strip("`$.") or str(error)[:60]) from None
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError):
        raise _wrong("JSON/YAML, UTF-8") from None
    except ValueError:  # a date that does not exist
        raise _wrong("date, from, to") from None
    if not notice.authority.strip() or len(notice.authority) > _LONGEST:
        raise _wrong("authority")
    if not _NUMBER.fullmatch(notice.number):
        raise _wrong("number")
    if notice.end < notice.start or (notice.end - notice.start).days > _MOST_DAYS:
        raise _wrong("from, to")
    return notice


def _wrong(what: str) -> TraceError:
    return TraceError(
        zh=f"通知书内容不完整或不合理（{what}）。需要：authority 机关、number 文号、date 日期、from 与 to 调取期间。",
        en=f"the notice is incomplete or makes no sense ({what}). It needs authority, number, date, from and to.",
    )
