"""A printer or queue behind IPP or IPPS (RFC 8010, RFC 8011), CUPS above all.

A job is ``sent`` when the queue calls it completed, so the queue has to remember jobs for some minutes (CUPS:
``PreserveJobHistory 300``, with ``PreserveJobFiles No`` so that no label stays in its spool). Whether a printer is
virtual (a PDF driver, a file device, a fax) is read from its attributes each time, so a queue that is changed later
is refused, too.
"""

import asyncio
import re
import ssl
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import urlsplit

from pyipp import IPP, IPPConnectionError, IPPError, IPPParseError, IPPResponseError
from pyipp.enums import IppOperation, IppStatus

from waybillguard.agent.printers.model import Delivery, Standing, reason_of
from waybillguard.agent.printers.raw import Patience
from waybillguard.agent.printers.virtual import why_refused
from waybillguard.agent.protocol import Language, PrinterState
from waybillguard.agent.settings import is_local

_FORMATS: Final[dict[Language, str]] = {
    "pdf": "application/pdf",
    "png": "image/png",
    "zpl": "application/octet-stream",
    "tspl": "application/octet-stream",
    "cpcl": "application/octet-stream",
    "escpos": "application/octet-stream",
}
_ASKED: Final = [
    "printer-name", "printer-info", "printer-make-and-model", "printer-device-id", "device-uri", "printer-uuid",
    "printer-type", "printer-state", "printer-state-reasons", "printer-is-accepting-jobs", "queued-job-count",
]  # fmt: skip
# In the order in which a person has to act.
_REASONS: Final[tuple[tuple[str, PrinterState], ...]] = (
    ("connecting-to-device", "offline"),
    ("timed-out", "offline"),
    ("offline", "offline"),
    ("shutdown", "offline"),
    ("cover-open", "head_open"),
    ("door-open", "head_open"),
    ("interlock-open", "head_open"),
    ("media-empty", "paper_out"),
    ("media-needed", "paper_out"),
    ("marker-supply-empty", "ribbon_out"),
    ("media-jam", "error"),
    ("paused", "paused"),
)
# Languages that the device accepts (IEEE 1284): a label printer that accepts PDF is not one that writes PDF files.
_COMMANDS: Final = re.compile(r"(?:CMD|COMMAND SET):[^;]*;?", re.IGNORECASE)
# Unencrypted device addresses of a queue: they must be on the local network, as for printers of the settings.
_PLAIN_HOSTS: Final = re.compile(r"(?:socket|lpd|ipp)://(?:[^/@]*@)?(\[[^\]]*\]|[^/:?]+)")
_IDLE, _PROCESSING, _STOPPED = 3, 4, 5
_COMPLETED, _ABORTED, _CANCELED, _GONE = 9, 8, 7, -1
_FAX: Final = 0x00040000  # CUPS_PRINTER_FAX of cups/cups.h
_SERVER_FAULT: Final = 500
_ME: Final = "waybillguard"


class IppPrinter:
    """One print queue at one address.

    Args:
        uri: ``ipp://`` or ``ipps://``.
        serial: required printer UUID or serial number; empty for any.
        authority: file of the certificate authority to trust for an ``ipps`` printer.
        patience: waiting times.
    """

    def __init__(
        self, uri: str, *, serial: str = "", authority: str = "", patience: Patience | None = None
    ) -> None:
        self._uri, self._serial = uri, serial
        self._patience = patience or Patience()
        parts = urlsplit(uri)
        self._secure = parts.scheme == "ipps"
        self._context = ssl.create_default_context(cafile=authority or None) if self._secure else None

    async def standing(self) -> Standing:
        """Query the state of the queue."""
        async with self._client() as client:
            return await self._ask(client)

    async def deliver(self, content: bytes, language: Language, begin: Callable[[], None]) -> Delivery:
        """Print a job once; see `waybillguard.agent.printers.model.Printer`."""
        async with self._client() as client:
            standing = await self._ask(client)
            if not standing.can_start:
                return Delivery("failed", reason_of(standing.state))
            begin()
            try:
                answer = await client.execute(
                    IppOperation.PRINT_JOB,
                    {
                        "operation-attributes-tag": {
                            "requesting-user-name": _ME,
                            "job-name": _ME,
                            "document-format": _FORMATS[language],
                        },
                        "data": content,
                    },
                )
                job = int(answer["jobs"][0]["job-id"])
            except (IPPError, TimeoutError, LookupError, ValueError) as error:
                return _not_accepted(error)
            return await self._finish(client, job)

    async def close(self) -> None:
        """Do nothing: no connection is kept open between jobs."""

    def _client(self) -> IPP:
        client = IPP(self._uri, request_timeout=int(self._patience.piece))
        if self._context is not None:
            client.verify_ssl = self._context  # type: ignore[assignment]  # handed to aiohttp as it is
        return client

    async def _ask(self, client: IPP) -> Standing:
        try:
            answer = await client.execute(
                IppOperation.GET_PRINTER_ATTRIBUTES,
                {"operation-attributes-tag": {"requesting-user-name": _ME, "requested-attributes": _ASKED}},
            )
            found: dict[str, Any] = next(iter(answer["printers"]), {})
        except (IPPError, TimeoutError, LookupError):
            return Standing("offline")
        return self._judge(found)

    def _judge(self, found: dict[str, Any]) -> Standing:
        words = {key: str(found.get(key) or "") for key in _ASKED}
        name = f"{words['printer-name']} {words['printer-info']}"
        driver = f"{words['printer-make-and-model']} {_COMMANDS.sub('', words['printer-device-id'])}"
        refused = why_refused(name=name, driver=driver, uri=words["device-uri"])
        if refused is None and isinstance(kind := found.get("printer-type"), int) and kind & _FAX:
            refused = why_refused(port="fax:")
        if refused is not None:
            return Standing("refused", detail=refused.kind)
        if any(not is_local(host) for host in _PLAIN_HOSTS.findall(words["device-uri"])):
            return Standing("refused", detail="away")
        if self._serial and self._serial.lower() not in f"{words['printer-uuid']} {driver}".lower():
            return Standing("refused", detail="serial")
        waiting = found.get("queued-job-count")
        waiting = waiting if isinstance(waiting, int) else None
        reasons = found.get("printer-state-reasons") or []
        reasons = [reasons] if isinstance(reasons, str) else list(reasons)
        for mark, state in _REASONS:
            if any(
                str(reason).startswith(mark) and not str(reason).endswith("-report") for reason in reasons
            ):
                return Standing(state, waiting)
        if found.get("printer-state") == _STOPPED or found.get("printer-is-accepting-jobs") is False:
            return Standing("paused", waiting)
        return Standing("busy" if found.get("printer-state") == _PROCESSING else "ready", waiting)

    async def _finish(self, client: IPP, job: int) -> Delivery:
        deadline = asyncio.get_running_loop().time() + self._patience.finish
        pause = 0.0
        while True:
            state = await self._job_state(client, job)
            if state == _COMPLETED:
                return Delivery("sent")
            # A queue without a history forgets a finished job, so it is unknown whether the job was printed.
            if state in {_ABORTED, _CANCELED, _GONE}:
                return Delivery("uncertain", "printer_error")
            if asyncio.get_running_loop().time() >= deadline:
                standing = await self._ask(client)
                await self._cancel(client, job)  # a job in the queue must not be printed hours later
                return Delivery("uncertain", reason_of(standing.state))
            pause = min(0.5, pause + 0.02)
            await asyncio.sleep(pause)

    async def _job_state(self, client: IPP, job: int) -> int:
        """Return the job's state; 0 if the queue does not answer, -1 if it no longer knows the job."""
        try:
            answer = await client.execute(
                IppOperation.GET_JOB_ATTRIBUTES,
                {
                    "operation-attributes-tag": {
                        "job-id": job,
                        "requesting-user-name": _ME,
                        "requested-attributes": ["job-state"],
                    }
                },
            )
            return int(answer["jobs"][0]["job-state"])
        except IPPError as error:
            detail = error.args[1] if len(error.args) > 1 else {}
            return _GONE if detail.get("status-code") == IppStatus.ERROR_NOT_FOUND else 0
        except (TimeoutError, LookupError, ValueError, TypeError):
            return 0

    async def _cancel(self, client: IPP, job: int) -> None:
        try:
            await client.execute(
                IppOperation.CANCEL_JOB,
                {"operation-attributes-tag": {"job-id": job, "requesting-user-name": _ME}},
            )
        except (IPPError, TimeoutError):
            return


def _not_accepted(error: Exception) -> Delivery:
    """Distinguish a queue that refused the job from one that stopped answering during the transfer."""
    if isinstance(error, IPPResponseError):
        detail = error.args[1] if len(error.args) > 1 else {}
        if detail.get("status-code", _SERVER_FAULT) < _SERVER_FAULT:
            return Delivery("failed", "printer_refused")
    elif type(error) is IPPError:  # an answer with an error status: the queue did not accept the job
        return Delivery("failed", "printer_refused")
    elif not isinstance(error, (IPPConnectionError, IPPParseError, TimeoutError, LookupError, ValueError)):
        return Delivery("uncertain", "printer_error")
    return Delivery("uncertain", "connection_lost")
