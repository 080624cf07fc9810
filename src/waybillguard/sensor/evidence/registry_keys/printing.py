"""Reads the keys of the print system: monitors, ports, processors, printers, providers, folders."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.registry_keys.key import Key
from waybillguard.sensor.evidence.registry_keys.loads import hook_values
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import program_path

KEEPS_JOBS = 0x100
"""PRINTER_ATTRIBUTE_KEEPPRINTEDJOBS ([MS-RPRN] 2.2.3.12)."""


_RUNS = re.compile(r"\.(?:exe|bat|cmd|ps1|vbs|js|py|com|scr)\b", re.IGNORECASE)


def monitor(key: Key) -> Iterator[Observation]:
    """Yield a print monitor and its library."""
    yield key.seen("print_monitor", name=key.name, path=key.text("driver").lower())


def monitor_port(key: Key) -> Iterator[Observation]:
    """Yield a port of a print monitor: the program that receives its jobs, or a host."""
    command, host = key.text("command", "arguments"), key.text("hostname", "ipaddress")
    texts = [str(each).strip("\0 ") for each in key.values.values()]
    command = command or next((each for each in texts if _RUNS.search(each)), "")
    folder = next(
        (
            each
            for each in texts
            if re.match(r"(?:[a-z]:\\|\\\\)[^\"]*\\?$", each, re.IGNORECASE) and not _RUNS.search(each)
        ),
        "",
    )
    if folder:
        yield key.seen("printer", name=key.name, command=folder, product="", marks=("port",))
    if command:
        yield key.seen("print_monitor", name=key.parent(2), path=program_path(command), command=command)
    if host:
        yield key.seen("printer", name=key.name, command=host, marks=("port",))


def processor(key: Key) -> Iterator[Observation]:
    """Yield a print processor and its library."""
    yield key.seen("print_processor", name=key.name, path=key.text("driver").lower())


def printer(key: Key) -> Iterator[Observation]:
    """Yield a printer, and whether it keeps its jobs."""
    bits = key.get("attributes")
    if isinstance(bits, int) and bits & KEEPS_JOBS:
        yield key.seen("setting", name="jobs_kept", command=key.name)
    if key.text("printer driver", "port"):
        yield key.seen(
            "printer",
            name=key.name,
            path=key.text("printer driver"),
            command=key.text("port"),
            product=key.text("print processor"),
        )


def print_provider(key: Key) -> Iterator[Observation]:
    """Yield a print provider."""
    yield from hook_values(key, "print_provider", "name")


def spool_folder(key: Key) -> Iterator[Observation]:
    """Yield a spool folder that was moved."""
    folder = key.text("defaultspooldirectory")
    if folder and not re.search(r"\\spool\\printers\\?$", folder, re.IGNORECASE):
        yield key.seen("setting", name="spool_moved", path=folder.lower(), command=folder)


def port_names(key: Key) -> Iterator[Observation]:
    """Yield the names of local ports."""
    for name in key.values:
        yield key.seen("printer", name=name, command=name, marks=("port",))


def autosave(key: Key) -> Iterator[Observation]:
    """Yield a PDF printer that saves every job automatically (such as PDFCreator, Bullzip, novaPDF)."""
    folder = key.text("targetdirectory", "directory", "folder", "autosavedirectory", "output")
    if folder and key.text("enabled", "autosave", "useautosave").lower() in {"1", "true", "yes"}:
        yield key.seen("setting", name="jobs_saved", command=folder)


def share(key: Key) -> Iterator[Observation]:
    """Yield a share of the spool folder."""
    for name, value in key.values.items():
        folder = re.search(r"(?:^|\0|\s)Path=([^\0]+)", str(value), re.IGNORECASE)
        if folder and re.search(r"\\spool\\(?:printers|spl)", folder[1], re.IGNORECASE):
            yield key.seen("setting", name="spool_shared", command=f"{name}: {folder[1].strip()}")
