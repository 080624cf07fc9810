"""Models of a hub (its town, cases, inspections) and of a warehouse that reports to a hub."""

from waybillguard.service.hub.models.cases import (
    CaseWarehouse,
    Criminal,
    RoomLink,
    Screening,
    ScreeningSetup,
    ScreeningTo,
)
from waybillguard.service.hub.models.here import HubCosigned, HubLink, HubNotice, HubScreening, HubTask
from waybillguard.service.hub.models.inspections import Check, CheckPhoto, Special
from waybillguard.service.hub.models.town import (
    MonthEnd,
    Notice,
    NoticeTo,
    Seat,
    Town,
    TownAlarm,
    Warehouse,
    Witnessed,
)

__all__ = [
    "CaseWarehouse",
    "Check",
    "CheckPhoto",
    "Criminal",
    "HubCosigned",
    "HubLink",
    "HubNotice",
    "HubScreening",
    "HubTask",
    "MonthEnd",
    "Notice",
    "NoticeTo",
    "RoomLink",
    "Screening",
    "ScreeningSetup",
    "ScreeningTo",
    "Seat",
    "Special",
    "Town",
    "TownAlarm",
    "Warehouse",
    "Witnessed",
]
