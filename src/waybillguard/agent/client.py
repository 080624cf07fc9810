"""The agent's client of the service: outbound connections only, TLS with the pinned authority, signed requests."""

import asyncio
import ssl
from collections.abc import Callable
from datetime import datetime
from types import TracebackType
from typing import Final, Self

import msgspec

from waybillguard.agent import protocol
from waybillguard.agent import protocol_desk as desk
from waybillguard.agent import protocol_intake as intake
from waybillguard.agent import protocol_screening as screening
from waybillguard.agent import protocol_sensor as sensor
from waybillguard.agent import protocol_town as town
from waybillguard.agent.enrolcode import EnrolCode
from waybillguard.agent.errors import RefusedError, unreachable, wrong_authority
from waybillguard.agent.keystore import DeviceKeys
from waybillguard.agent.protocol import Message
from waybillguard.agent.signing import ENROL_KEY_ID, sign
from waybillguard.agent.station import Identity, pinned
from waybillguard.keys.primitives import Random
from waybillguard.on_demand import left_out

with left_out("httpx._main"):  # its own command line, which loads rich and pygments
    import httpx

type Clock = Callable[[], datetime]

AUTHORITY_PATH: Final = "/trust/authority.pem"
_LARGEST_CERTIFICATE: Final = 64 * 1024
LARGEST_ANSWER: Final = 64 * 1024 * 1024
"""In bytes; the largest answer is a lease of 64 jobs."""
_LONGEST_FETCH_S: Final = 30.0
_PLAIN: Final = {"Accept-Encoding": "identity"}
_TIMEOUT: Final = httpx.Timeout(15.0, read=15.0)


class ServiceClient:
    """Signed calls of one device; use as an asynchronous context manager.

    Args:
        server: address of the service, ``https://host:port``.
        device: the key id to sign with.
        keys: the device's keys.
        tls: the TLS context with the pinned authority.
        now: the clock.
        random: source of nonces.

    Raises (of every call):
        UnreachableError: no answer, or no trusted connection.
        RefusedError: the service refused the request.
    """

    def __init__(
        self, server: str, device: str, keys: DeviceKeys, *, tls: ssl.SSLContext, now: Clock, random: Random
    ) -> None:
        self._server, self._device, self._keys = server.rstrip("/"), device, keys
        self._now, self._random = now, random
        self._http = httpx.AsyncClient(verify=tls, timeout=_TIMEOUT, trust_env=False)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._http.aclose()

    async def enrol(self, message: protocol.Enrol) -> protocol.Enrolled:
        """Enrol the device. The request is signed with the key in the message."""
        return await self._call(protocol.ENROL, message, protocol.Enrolled)

    async def lease(self, message: protocol.LeaseRequest) -> protocol.Leased:
        """Request jobs; waits for as long as the message says."""
        return await self._call(protocol.LEASE, message, protocol.Leased, wait=message.wait_s)

    async def acknowledge(self, message: protocol.Acks) -> protocol.AcksTaken:
        """Report the outcomes of jobs."""
        return await self._call(protocol.ACKS, message, protocol.AcksTaken)

    async def report(self, message: protocol.Status) -> protocol.StatusTaken:
        """Report the states of the printers."""
        return await self._call(protocol.STATUS, message, protocol.StatusTaken)

    async def ask_print(self, message: desk.PrintAsk) -> desk.PrintTaken:
        """Request labels by number (for the shim)."""
        return await self._call(desk.PRINT, message, desk.PrintTaken, wait=30)

    async def outcomes(self, message: desk.OutcomesAsk) -> desk.Outcomes:
        """Request the outcomes of labels (for the shim)."""
        return await self._call(desk.OUTCOMES, message, desk.Outcomes)

    async def note(self, message: desk.Notes) -> desk.NotesTaken:
        """Send notes to be stored (for the shim)."""
        return await self._call(desk.NOTES, message, desk.NotesTaken)

    async def intake_key(self, message: intake.IntakeKeyAsk) -> intake.IntakeKey:
        """Request the key to seal arriving orders to (compatibility mode)."""
        return await self._call(intake.INTAKE_KEY, message, intake.IntakeKey)

    async def take_in(self, message: intake.Intake) -> intake.IntakeTaken:
        """Send sealed orders to the vault (compatibility mode)."""
        return await self._call(intake.INTAKE, message, intake.IntakeTaken, wait=30)

    async def send_scan(self, message: sensor.ScanSent) -> sensor.ScanTaken:
        """Report the scan of this PC."""
        return await self._call(sensor.SCAN, message, sensor.ScanTaken, wait=15)

    async def send_posture(self, message: town.Posture) -> town.PostureTaken:
        """Report this warehouse's posture to the hub of its town."""
        return await self._call(town.POSTURE, message, town.PostureTaken, wait=15)

    async def ask_screening(self, message: screening.ScreeningAsk) -> screening.ScreeningRequest:
        """Fetch the file of a screening from the hub."""
        return await self._call(screening.ASK, message, screening.ScreeningRequest, wait=15)

    async def answer_screening(self, message: screening.ScreeningPart) -> screening.ScreeningTaken:
        """Send one part of the answer to a screening."""
        return await self._call(screening.ANSWER, message, screening.ScreeningTaken, wait=30)

    async def _call[A: Message](self, path: str, message: Message, answer: type[A], wait: float = 0) -> A:
        url, body = f"{self._server}{path}", protocol.encode(message)
        headers = sign(
            "POST",
            url,
            body,
            key=self._keys.signing,
            key_id=self._device,
            now=self._now(),
            random=self._random,
        )
        headers |= {"Content-Type": "application/json", **_PLAIN}
        timeout = httpx.Timeout(15.0, read=15.0 + wait)
        try:
            async with self._http.stream(
                "POST", url, content=body, headers=headers, timeout=timeout
            ) as response:
                content = await _bounded(response, LARGEST_ANSWER)
            if response.is_error:
                raise _refusal(response.status_code, content)
            return protocol.decode(answer, content)
        except (httpx.TransportError, msgspec.DecodeError):
            raise unreachable() from None


async def enrol(
    server: str,
    code: EnrolCode,
    keys: DeviceKeys,
    facts: protocol.Enrol,
    *,
    now: Clock,
    random: Random,
) -> tuple[Identity, bytes]:
    """Enrol this machine: first verify the authority, then send the secret.

    Returns:
        The enrolment and the authority's certificate (PEM); the caller stores both.

    Raises:
        AgentError (wrong_authority): the server's authority is not the one in the code; the secret was not sent.
        UnreachableError, RefusedError: see `ServiceClient`.
    """
    pem = await fetch_authority(server, code)
    async with ServiceClient(
        server, ENROL_KEY_ID, keys, tls=pinned(pem.decode("ascii")), now=now, random=random
    ) as client:
        enrolled = await client.enrol(facts)
    return Identity(server=server.rstrip("/"), device=enrolled.device, station=enrolled.station), pem


async def fetch_authority(server: str, code: EnrolCode) -> bytes:
    """Fetch the authority's certificate (PEM) and compare it with the code.

    The connection is not verified, so no data is sent over it, and only a certificate that matches the code is kept.
    """
    try:
        async with httpx.AsyncClient(verify=False, timeout=_TIMEOUT, trust_env=False) as http:  # noqa: S501 - see above
            url = f"{server.rstrip('/')}{AUTHORITY_PATH}"
            async with asyncio.timeout(_LONGEST_FETCH_S), http.stream("GET", url, headers=_PLAIN) as response:
                pem = await _bounded(response, _LARGEST_CERTIFICATE)
    except (httpx.TransportError, TimeoutError):
        raise unreachable() from None
    if response.is_error:
        raise wrong_authority()
    try:
        der = ssl.PEM_cert_to_DER_cert(pem.decode("ascii").strip() + "\n")
    except (ValueError, UnicodeDecodeError):
        raise wrong_authority() from None
    if not code.believes(der):
        raise wrong_authority()
    return ssl.DER_cert_to_PEM_cert(der).encode("ascii")


async def _bounded(response: httpx.Response, most: int) -> bytes:
    """Read an answer up to a size limit.

    Raises:
        httpx.ReadError: the answer is longer, or compressed (no compression was requested).
    """
    if response.headers.get("Content-Encoding", "identity") != "identity":
        raise httpx.ReadError("a packed answer")
    parts = bytearray()
    async for part in response.aiter_raw():
        parts += part
        if len(parts) > most:
            raise httpx.ReadError("an answer that is too long")
    return bytes(parts)


def _refusal(status: int, content: bytes) -> RefusedError:
    try:
        said = msgspec.json.decode(content, type=protocol.Refusal)
    except msgspec.DecodeError:
        said = protocol.Refusal()
    return RefusedError(
        zh=said.detail_zh or f"服务返回了错误 {status}",
        en=said.detail_en or f"the service answered with error {status}",
        reason=said.title,
        status=status,
    )
