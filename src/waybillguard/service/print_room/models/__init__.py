"""Label runs, stations with their printers and waves, and the print components of shops."""

from waybillguard.service.print_room.models.components import (
    Arrival,
    CompatibilityMode,
    ShimTask,
    StationNote,
)
from waybillguard.service.print_room.models.runs import LabelRun, Ticket
from waybillguard.service.print_room.models.stations import (
    HeadAlarm,
    Printer,
    PrinterFault,
    PrintRule,
    ReprintAsk,
    ScanFile,
    Wave,
    WaveOrder,
)

__all__ = [
    "Arrival",
    "CompatibilityMode",
    "HeadAlarm",
    "LabelRun",
    "PrintRule",
    "Printer",
    "PrinterFault",
    "ReprintAsk",
    "ScanFile",
    "ShimTask",
    "StationNote",
    "Ticket",
    "Wave",
    "WaveOrder",
]
