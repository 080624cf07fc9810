"""``waybillguard agent``: the program beside the printer."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, NamedTuple

import typer

from waybillguard.cli.output import DONE, FAULT, FOUND, USAGE, fail, say, say_error
from waybillguard.errors import reason_in_chinese

if TYPE_CHECKING:
    from waybillguard.agent.keystore import KeyStore
    from waybillguard.agent.settings import Settings
    from waybillguard.agent.station import Station

_KEY_PLACES = {
    "tpm": "设备密钥由本机 TPM 密封 / the device's key is sealed to this machine's TPM",
    "keyring": "设备密钥在系统钥匙串中 / the device's key lies in the system's keyring",
    "file": "设备密钥在权限 0600 的文件中 / the device's key lies in a file of mode 0600",
}


app = typer.Typer(no_args_is_help=True, help="打印机旁的代理 / the agent beside the printer")

Home = Annotated[
    Path | None,
    typer.Option(
        "--home",
        help="本机目录 / folder of this station",
        envvar="WAYBILLGUARD_AGENT_HOME",
        show_default=False,
    ),
]
Server = Annotated[str, typer.Option("--server", help="服务地址 / address of the service, https://host:port")]
Store = Annotated[
    str,
    typer.Option(
        "--key-store",
        help="密钥存放：auto、tpm、keyring、file / where the device key lies; else as agent.toml says",
    ),
]
Tpm = Annotated[
    str, typer.Option("--tpm", help="TPM 的访问方式（TCTI）/ the way to the TPM; else as agent.toml says")
]


class _Opened(NamedTuple):
    """This station's folder and settings, and the key store given by the settings and the options."""

    station: "Station"
    settings: "Settings"
    key_store: str
    tpm: str

    @property
    def store(self) -> "KeyStore":
        from waybillguard.agent.keystore import store_for

        return store_for(self.station.folder, kind=self.key_store, tpm=self.tpm)


def _open(home: Path | None, key_store: str = "", tpm: str = "") -> _Opened:
    from waybillguard.agent.settings import FILE, read_settings
    from waybillguard.agent.station import Station

    station = Station(home or _default_home())
    station.prepare()
    settings = read_settings(station.folder / FILE)
    return _Opened(station, settings, key_store or settings.key_store, tpm or settings.tpm)


@contextmanager
def _answering(key_store: str = "") -> Iterator[None]:
    """Harden this process, and convert errors into a message and an exit status."""
    from waybillguard.agent.errors import AgentError
    from waybillguard.agent.keystore import KINDS
    from waybillguard.agent.shim import ShimError
    from waybillguard.keys.harden import harden_process

    harden_process()
    if key_store and key_store not in KINDS:
        say(f"--key-store 只能是 {'、'.join(KINDS)} / --key-store is one of {', '.join(KINDS)}")
        raise typer.Exit(USAGE)
    try:
        yield
    except (AgentError, ShimError) as error:
        _leave(error)
    except OSError as error:
        # The fault may be temporary, like a full disk: systemd restarts the agent at this status.
        why = error.strerror or type(error).__name__
        why_zh = reason_in_chinese(error)
        say(
            f"本机目录无法读写（{why_zh}），代理已停止；作业状态以日志为准，可重新启动。\n"
            f"this machine's folder cannot be read or written ({why}); the agent stopped and may be started again."
        )
        raise typer.Exit(FAULT) from None


@app.command()
def enrol(
    code: Annotated[str, typer.Argument(help="登记码，用一次 / enrolment code, used once")],
    server: Server,
    *,
    run_on: Annotated[bool, typer.Option("--run", help="登记后开始工作 / go on and work")] = False,
    home: Home = None,
    key_store: Store = "",
    tpm: Tpm = "",
) -> None:
    """登记本机 / enrol this machine."""
    import asyncio

    with _answering(key_store):
        opened = _open(home, key_store, tpm)
        store = _new_store(opened.station, opened.key_store, opened.tpm)
        asyncio.run(_enrol(opened.station, opened.settings, store, server, code))
        if run_on:
            asyncio.run(_run(opened.station, opened.settings, store, server))
        else:
            say("接下来运行 / next, run: waybillguard agent run")


@app.command()
def run(*, server: Server = "", home: Home = None, key_store: Store = "", tpm: Tpm = "") -> None:
    """领取、打印、回报，直到停止 / lease, print, tell, until stopped."""
    import asyncio

    with _answering(key_store):
        opened = _open(home, key_store, tpm)
        asyncio.run(_run(opened.station, opened.settings, opened.store, server))


@app.command()
def check(*, home: Home = None) -> None:
    """检查打印机 / look at the printers."""
    import asyncio

    with _answering():
        raise typer.Exit(asyncio.run(_check(_open(home).settings)))


@app.command()
def status(*, home: Home = None, key_store: Store = "", tpm: Tpm = "") -> None:
    """显示登记与密钥存放 / show the enrolment and what holds the key."""
    with _answering(key_store):
        opened = _open(home, key_store, tpm)
        _status(opened.station, opened.store)


@app.command()
def pair(
    name: Annotated[str, typer.Argument(help="ERP 的名称 / name of the ERP")],
    *,
    origin: Annotated[
        str, typer.Option(help="网页版 ERP 的来源 / web origin of that ERP, https://…; empty for a program")
    ] = "",
    compatibility: Annotated[
        bool, typer.Option("--compatibility", help="给出兼容模式地址 / its address in compatibility mode")
    ] = False,
    home: Home = None,
) -> None:
    """与 ERP 配对，给出它的地址 / pair an ERP with the shim and show its address."""
    with _answering():
        from waybillguard.cli.agent_shim import pair_erp

        opened = _open(home)
        pair_erp(opened.station, opened.settings, name, origin, compatibility=compatibility)


@app.command()
def unpair(
    name: Annotated[str, typer.Argument(help="ERP 的名称 / name of the ERP")], *, home: Home = None
) -> None:
    """结束配对 / end a pairing."""
    with _answering():
        from waybillguard.cli.agent_shim import unpair_erp

        unpair_erp(_open(home).station, name)


@app.command()
def unit(*, home: Home = None, key_store: Store = "", tpm: Tpm = "") -> None:
    """输出 systemd 单元 / print a systemd unit."""
    with _answering(key_store):
        _print_unit(home, key_store, tpm)


def _leave(error: Any) -> None:  # noqa: ANN401 - an AgentError; the room is loaded late
    from waybillguard.agent.errors import NotListeningError, RefusedError
    from waybillguard.agent.tpm import SilentTpmError

    if isinstance(error, SilentTpmError | NotListeningError):
        say_error(error)
        raise typer.Exit(FAULT)
    if isinstance(error, RefusedError):
        say_error(error)
        raise typer.Exit(FOUND)
    fail(error)


def _default_home() -> Path:
    import os

    if state := os.environ.get("STATE_DIRECTORY"):
        return Path(state)
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "waybillguard-agent"


def _print_unit(home: Path | None, key_store: str, tpm: str) -> None:
    import shlex
    import shutil
    import sys

    from waybillguard.agent.keystore import store_for
    from waybillguard.agent.settings import FILE, read_settings
    from waybillguard.agent.tpm import device_of
    from waybillguard.agent.unit import HOME, unit_text

    folder = home.absolute() if home else Path(HOME)
    settings = read_settings(folder / FILE)
    way = tpm or settings.tpm
    sealed = store_for(folder, kind=key_store or settings.key_store, tpm=way).kind == "tpm"
    given = [*(["--key-store", key_store] if key_store else []), *(["--tpm", tpm] if tpm else [])]
    sys.stdout.write(
        unit_text(
            shutil.which("waybillguard") or "/usr/local/bin/waybillguard",
            str(folder),
            tpm=device_of(way) if sealed else "",
            options=shlex.join(given),
        )
    )


def _status(station: "Station", store: "KeyStore") -> None:
    """Show the device's enrolment and its key store; raises the key store's error if the key cannot be read."""
    import sys

    from waybillguard.agent.errors import not_enrolled

    identity = station.identity()
    if store.read() is None:
        raise not_enrolled()
    facts = (
        ("station", identity.station),
        ("service", identity.server),
        ("device", identity.device),
        ("key", store.kind),
    )
    sys.stdout.writelines(f"{name}\t{value}\n" for name, value in facts)
    say(_KEY_PLACES[store.kind])


def _new_store(station: "Station", key_store: str, tpm: str) -> "KeyStore":
    """Choose the key store of a new enrolment, and print it."""
    import os

    from waybillguard.agent.keystore import store_to_enrol

    store, passed_over = store_to_enrol(station.folder, os.urandom, kind=key_store, tpm=tpm)
    if passed_over:
        say(f"{passed_over.zh} / {passed_over.en}")
    return store


async def _check(settings: "Settings") -> int:
    import sys

    from waybillguard.agent.printers.choose import open_printer
    from waybillguard.agent.settings import printer_info

    trouble = False
    for name, pinned in settings.printers.items():
        info = printer_info(name, pinned)
        printer = open_printer(pinned)
        standing = await printer.standing()
        await printer.close()
        state = "refused" if info.refused else standing.state
        trouble |= not standing.can_start or bool(info.refused)
        sys.stdout.write(f"{name}\t{pinned.uri}\t{state}\t{info.refused or standing.detail}\n")
    if not settings.printers:
        say("agent.toml 中没有打印机 / no printer in agent.toml")
        trouble = True
    return FOUND if trouble else DONE


async def _enrol(station: "Station", settings: "Settings", store: "KeyStore", server: str, text: str) -> None:
    import os
    import platform
    from datetime import UTC, datetime

    from waybillguard import __version__
    from waybillguard.agent import client, protocol
    from waybillguard.agent.enrolcode import read_code
    from waybillguard.agent.errors import StationError
    from waybillguard.agent.keystore import DeviceKeys, keep_new
    from waybillguard.agent.settings import printer_info

    if not server.startswith("https://"):
        raise StationError(
            zh="请用 --server 给出服务地址，以 https:// 开头",
            en="give the service's address with --server, https://…",
        )
    code = read_code(text)
    secret = os.urandom(64)
    keys = DeviceKeys.of(secret)
    facts = protocol.Enrol(
        secret=code.secret,
        signing_key=keys.signing_public,
        sealing_key=keys.sealing_public,
        host_class=settings.host_class,
        os=f"{platform.system()} {platform.release()}"[:80],
        version=__version__,
        printers=[printer_info(name, pinned) for name, pinned in settings.printers.items()],
        key_place=store.kind,
    )
    identity, pem = await client.enrol(
        server, code, keys, facts, now=lambda: datetime.now(UTC), random=os.urandom
    )
    keep_new(station.folder, store, secret)
    station.keep_authority(pem)
    station.keep(identity)
    say(f"已登记：{identity.station} / enrolled as {identity.station}")
    say(_KEY_PLACES[store.kind])


async def _run(station: "Station", settings: "Settings", store: "KeyStore", server: str) -> None:
    import asyncio
    import os
    import signal
    from datetime import UTC, datetime

    from waybillguard import __version__
    from waybillguard.agent.client import ServiceClient
    from waybillguard.agent.errors import not_enrolled
    from waybillguard.agent.files import sole_use
    from waybillguard.agent.journal import FILE as JOURNAL
    from waybillguard.agent.journal import Journal
    from waybillguard.agent.keystore import DeviceKeys
    from waybillguard.agent.loop import Agent
    from waybillguard.agent.printers.choose import open_printer
    from waybillguard.agent.settings import printer_info
    from waybillguard.agent.watching import reporting_scans
    from waybillguard.cli.agent_shim import serving_erps

    identity, secret = station.identity(), store.read()
    if secret is None:
        raise not_enrolled()
    keys = DeviceKeys.of(secret)

    def now() -> datetime:
        return datetime.now(UTC)

    def tell(zh: str, en: str) -> None:
        say(f"{zh} / {en}")

    printers = {}
    for name, pinned in settings.printers.items():
        info = printer_info(name, pinned)
        if info.refused:
            say(f"打印机 {name} 已拒绝（{info.refused}）/ printer {name} is refused ({info.refused})")
        else:
            printers[name] = (open_printer(pinned), frozenset(pinned.languages))
    with sole_use(station.folder), Journal(station.folder / JOURNAL, now()) as journal:
        address = server or identity.server
        async with ServiceClient(
            address, identity.device, keys, tls=station.tls(), now=now, random=os.urandom
        ) as way:
            running = Agent(
                way,
                device=identity.device,
                keys=keys,
                journal=journal,
                printers=printers,
                now=now,
                random=os.urandom,
                say=tell,
                version=__version__,
            )
            loop = asyncio.get_running_loop()
            for number in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(number, running.stop)
            say(
                f"代理运行中：{identity.station} → {address} / the agent runs: {identity.station} → {address}"
            )
            async with serving_erps(station, settings, way, running), reporting_scans(way, tell):
                await running.run()
