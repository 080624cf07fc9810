"""Ready-made text for the custom area of an ERP's waybill template: station, time, anti-fraud line."""

import csv
import io
import json
from functools import cache
from importlib.resources import files
from typing import Final

import msgspec

#: As printed on the label (``label/data/templates.toml``).
ANTI_FRAUD: Final = "96110 来电请接听；已受骗立即拨 110"
_ROOM: Final = "waybillguard.service.print_room.components"


class CustomArea(msgspec.Struct, frozen=True):
    """One platform: where to paste the text, and the API field ('' if none is published)."""

    platform: str
    zh: str
    en: str
    where_zh: str
    where_en: str
    field: str
    source: str


@cache
def custom_areas() -> tuple[CustomArea, ...]:
    """Return the known custom areas of platforms (``data/custom_areas.csv``)."""
    text = (files(_ROOM) / "data" / "custom_areas.csv").read_text("utf-8")
    return tuple(CustomArea(**row) for row in csv.DictReader(io.StringIO(text)))


def custom_text(station: str) -> str:
    """Return the text to paste. The time is a field of the ERP, because only the ERP knows when it prints."""
    return f"{station}  {{打印时间}}\n{ANTI_FRAUD}"


def custom_field(area: CustomArea, station: str) -> str:
    """Return the platform's field with the texts filled in, or ''."""
    place = json.dumps(f"{station}  {{打印时间}}", ensure_ascii=False)[1:-1]
    return area.field.replace("@@", ANTI_FRAUD).replace("@", place) if area.field else ""
