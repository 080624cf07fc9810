"""From a line of the settings to a printer."""

from urllib.parse import urlsplit

from waybillguard.agent.printers.model import Printer
from waybillguard.agent.printers.raw import Patience, RawPrinter
from waybillguard.agent.settings import RAW_PORT, PrinterSettings


def open_printer(settings: PrinterSettings, patience: Patience | None = None) -> Printer:
    """Return the printer that the settings pin; nothing is connected yet."""
    parts = urlsplit(settings.uri)
    if parts.scheme == "raw":
        return RawPrinter(
            parts.hostname or "",
            parts.port or RAW_PORT,
            settings.languages[0],
            asks=settings.status == "auto",
            patience=patience,
        )
    # Loaded when there is such a printer: its HTTP client takes a while.
    from waybillguard.agent.printers.ipp import IppPrinter  # noqa: PLC0415

    return IppPrinter(settings.uri, serial=settings.serial, authority=settings.authority, patience=patience)
