"""Commands of ``waybillguard agent`` for the local interface to ERPs."""

import asyncio
import contextlib
import ssl
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from websockets.asyncio.server import Server

from waybillguard.agent.client import ServiceClient
from waybillguard.agent.errors import NotListeningError, StationError
from waybillguard.agent.loop import Agent
from waybillguard.agent.settings import Settings, ShimSettings
from waybillguard.agent.shim import Pairings, ShimServer
from waybillguard.agent.shim.compatibility import CompatibilityServer
from waybillguard.agent.shim.notebook import FILE, NoteBook
from waybillguard.agent.shim.service_desk import ServiceDesk
from waybillguard.agent.station import Station
from waybillguard.cli.output import say
from waybillguard.errors import reason_in_chinese

PAIRINGS = "pairings.json"


def pair_erp(station: Station, settings: Settings, name: str, origin: str, *, compatibility: bool) -> None:
    """Pair an ERP with this station and print its address. The address is shown only once.

    Raises:
        StationError: the settings contain no address for that mode.
    """
    if compatibility and not (settings.shim and settings.shim.compatibility):
        raise StationError(
            zh="agent.toml 的 [shim] 中没有 compatibility 地址",
            en="agent.toml has no address compatibility in [shim]",
        )
    pairings = Pairings(station.folder / PAIRINGS)
    token = pairings.add(name, origin, at=datetime.now(UTC).isoformat(timespec="seconds"))
    shim = settings.shim or ShimSettings()
    scheme = "wss" if shim.certificate else "ws"
    say("请在 ERP 中填写以下打印组件地址，仅显示这一次 / the address for this ERP, shown this once:")
    place = shim.compatibility if compatibility else shim.listen
    sys.stdout.write(f"{scheme}://{place}/{token}\n")


def unpair_erp(station: Station, name: str) -> None:
    """End a pairing.

    Raises:
        StationError: there is no pairing with this name.
    """
    if not Pairings(station.folder / PAIRINGS).remove(name):
        raise StationError(zh=f"没有名为 {name} 的配对", en=f"there is no pairing named {name}")


@contextlib.asynccontextmanager
async def serving_erps(
    station: Station, settings: Settings, way: ServiceClient, running: Agent
) -> AsyncIterator[None]:
    """Serve ERPs while the agent runs, if the settings say so.

    Raises:
        NotListeningError: an address is in use, or the certificate cannot be read.
    """
    if settings.shim is None:
        yield
        return
    wanted = settings.shim
    book = NoteBook(station.folder / FILE)
    desk = ServiceDesk(
        way,
        lambda: {name: (settings.printers[name].dpi, at) for name, at in running.standings().items()},
        now=lambda: datetime.now(UTC),
        book=book,
    )
    pairings = Pairings(station.folder / PAIRINGS)
    shim = ShimServer(desk, pairings, upstream=wanted.upstream)
    compatible = None
    try:
        tls = None
        if wanted.certificate:
            tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            tls.load_cert_chain(wanted.certificate, wanted.key or None)
        servers: list[asyncio.AbstractServer | Server] = [await shim.start(*_place(wanted.listen), tls)]
        if wanted.compatibility:
            compatible = CompatibilityServer(
                desk, way, pairings, device=station.identity().device, upstream=wanted.upstream
            )
            servers.append(await compatible.start(*_place(wanted.compatibility), tls))
    except (OSError, ssl.SSLError) as error:
        raise NotListeningError(
            zh=f"打印组件无法在 {wanted.listen} 监听（{reason_in_chinese(error)}）。端口可能被平台组件占用，或证书无法读取。",
            en=f"the shim cannot listen on {wanted.listen} ({error.strerror}). A platform's component may hold the "
            "port, or the certificate cannot be read.",
        ) from None
    telling = asyncio.create_task(desk.tell_notes())
    if compatible is not None:
        say(f"兼容模式已监听 {wanted.compatibility} / compatibility mode listens on {wanted.compatibility}")
    say(f"打印组件已监听 {wanted.listen} / the shim listens on {wanted.listen}")
    try:
        yield
    finally:
        telling.cancel()
        for server in servers:
            server.close()
        if compatible is not None:
            compatible.close()  # closing the server waits for its connections
        for server in servers:
            await server.wait_closed()
        book.close()


def _place(listen: str) -> tuple[str, int]:
    host, _, port = listen.rpartition(":")
    return host.strip("[]"), int(port)
