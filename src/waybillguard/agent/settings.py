"""The station's settings file (TOML), which says what printers it may use. Programs never write it.

```toml
host_class = "box"
key_store = "auto"                   # tpm, keyring, file; auto takes the first of them that is there
tpm = "device:/dev/tpmrm0"           # the way to the TPM, as tpm2-tools name it (TCTI)

[shim]                               # for ERPs that print by order number; leave out for none
listen = "127.0.0.1:13528"           # other addresses need certificate and key (wss)
compatibility = ""                   # address for ERPs that can only send consignees; never on a print station
upstream = ""                        # the platform's own component for encrypted waybills, e.g. ws://127.0.0.1:13530

[printers.label-1]
uri = "raw://192.168.8.30:9100"      # or ipp://host:631/printers/label, ipps://…
languages = ["tspl"]                 # zpl, tspl, cpcl, escpos for raw; pdf, png (and these) for IPP
dpi = 203
serial = ""                          # of an IPP printer: refuse another one at this address
authority = ""                       # of an ipps printer: file of the certificate to believe
status = "auto"                      # auto, or none for a printer that does not answer
```
"""

import ipaddress
import re
import tomllib
from pathlib import Path
from typing import Annotated, Final, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec
from msgspec import Meta

from waybillguard.agent.errors import StationError
from waybillguard.agent.printers.virtual import why_refused
from waybillguard.agent.protocol import HostClass, KeyPlace, Language, PrinterInfo, ShortText
from waybillguard.agent.tpm import DEFAULT as DEFAULT_TPM

FILE: Final = "agent.toml"
RAW_PORT: Final = 9100
IPP_PORT: Final = 631
_PLACE: Final = r"(\[[0-9a-f:]+\]|[\w.\-]+):\d{1,5}"
_NAME: Final = re.compile(r"^[\w.\-]{1,40}$")
EXAMPLE: Final = __doc__.partition("```toml\n")[2].partition("```")[0]


class PrinterSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One pinned printer of the file."""

    uri: Annotated[str, Meta(max_length=300)]
    languages: Annotated[list[Language], Meta(min_length=1, max_length=6)]
    dpi: Annotated[int, Meta(ge=100, le=1200)] = 203
    model: ShortText = ""
    serial: ShortText = ""
    authority: str = ""
    status: Literal["auto", "none"] = "auto"


class ShimSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The shim's addresses; without a certificate it listens only on loopback."""

    listen: Annotated[str, Meta(pattern=rf"^{_PLACE}$")] = "127.0.0.1:13528"
    compatibility: Annotated[str, Meta(pattern=rf"^({_PLACE})?$")] = ""
    upstream: Annotated[str, Meta(max_length=200)] = ""
    certificate: str = ""
    key: str = ""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole settings file."""

    host_class: HostClass = "box"
    key_store: KeyPlace | Literal["auto"] = "auto"
    tpm: Annotated[str, Meta(min_length=1, max_length=200)] = DEFAULT_TPM
    shim: ShimSettings | None = None
    printers: dict[str, PrinterSettings] = {}


def read_settings(path: Path) -> Settings:
    """Read the station's settings; if the file is missing, there are no printers.

    Raises:
        StationError: the file is invalid; the message names the place.
    """
    try:
        # With or without the byte order mark that Windows editors write before UTF-8.
        settings = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8-sig")), type=Settings)
    except FileNotFoundError:
        return Settings()
    except UnicodeDecodeError:
        raise _wrong(path, "UTF-8?") from None
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise _wrong(path, str(error)) from None
    if settings.host_class == "station" and settings.shim is not None and settings.shim.compatibility:
        raise StationError(
            zh='兼容模式不能在打印电脑（host_class = "station"）上运行：收件人信息会经过有人操作的电脑。'
            "请在打印机旁的小盒子或服务器上运行代理，或删去 shim.compatibility。",
            en='compatibility mode does not run on a print station (host_class = "station"): consignees would pass '
            "through a computer that somebody works on. Run the agent on a box beside the printer or on a server, "
            "or take shim.compatibility out.",
        )
    for name, printer in settings.printers.items():
        if not _NAME.match(name):
            raise _wrong(path, f"printers.{name}")
        _check_printer(printer, path, f"printers.{name}", transport_of(printer.uri, path, name).scheme)
    return settings


def _check_printer(printer: PrinterSettings, path: Path, place: str, scheme: str) -> None:
    if scheme == "raw" and not {"pdf", "png"}.isdisjoint(printer.languages):
        raise _wrong(path, f"{place}.languages (pdf, png: IPP)")
    if printer.authority and not Path(printer.authority).is_file():
        raise _wrong(path, f"{place}.authority ({printer.authority}: no such file)")


def transport_of(uri: str, path: Path, name: str) -> SplitResult:
    """Return the parts of a printer's address.

    Raises:
        StationError: the scheme is not raw, ipp or ipps, there is no host, or labels would leave the local network
            unencrypted.
    """
    try:
        parts = urlsplit(uri)
        parts.port  # noqa: B018 - raises for an invalid port
    except ValueError:
        raise _wrong(path, f"printers.{name}.uri") from None
    if parts.scheme not in {"raw", "ipp", "ipps"} or not parts.hostname:
        refused = why_refused(uri=uri)
        raise _wrong(path, f"printers.{name}.uri" + (f" ({refused.en})" if refused else ""))
    if parts.scheme in {"raw", "ipp"} and not is_local(parts.hostname):
        raise _wrong(
            path,
            f"printers.{name}.uri ({parts.scheme} is not encrypted and stays on a local network; use ipps)",
        )
    return parts


def printer_info(name: str, printer: PrinterSettings, refused: str = "") -> PrinterInfo:
    """Return the description of a printer for the service."""
    transport: Literal["raw", "ipp", "ipps"] = urlsplit(printer.uri).scheme  # type: ignore[assignment]  # checked
    found = why_refused(name=name, driver=printer.model, uri=printer.uri)
    return PrinterInfo(
        name=name,
        transport=transport,
        languages=printer.languages,
        dpi=printer.dpi,
        model=printer.model,
        serial=printer.serial,
        refused=refused or (found.kind if found else ""),
    )


def is_local(host: str) -> bool:
    """Return whether an address is on a local network, as raw and ipp require because they are not encrypted."""
    try:
        address = ipaddress.ip_address(host.strip("[]"))
    except ValueError:
        return "." not in host or host.endswith((".local", ".lan", ".internal", ".home.arpa"))
    return address.is_private or address.is_link_local or address.is_loopback


def _wrong(path: Path, where: str) -> StationError:
    return StationError(
        zh=f"设置文件 {path} 有误（{where}）。打印机地址形如 raw://192.168.8.30:9100、ipp:// 或 ipps://，文件须存为 UTF-8。"
        "请修改后重启代理。",
        en=f"the settings {path} are not right ({where}). A printer's address is raw://192.168.8.30:9100, ipp:// or "
        "ipps://, and the file is UTF-8. Correct it and start the agent again.",
    )
