"""Opens the printer that the settings describe."""

from urllib.parse import urlsplit

from waybillguard.agent.printers.model import Printer
from waybillguard.agent.printers.raw import Patience, RawPrinter
from waybillguard.agent.settings import RAW_PORT, PrinterSettings


def open_printer(settings: PrinterSettings, patience: Patience | None = None) -> Printer:
    """Return the printer that the settings pin, without connecting to it."""
    parts = urlsplit(settings.uri)
    if parts.scheme == "raw":
        return RawPrinter(
            parts.hostname or "",
            parts.port or RAW_PORT,
            settings.languages[0],
            asks=settings.status == "auto",
            patience=patience,
        )
    # Loaded only if there is such a printer, because its HTTP client is slow to import.
    from waybillguard.agent.printers.ipp import IppPrinter  # noqa: PLC0415

    return IppPrinter(settings.uri, serial=settings.serial, authority=settings.authority, patience=patience)
