r"""What single registry keys mean, from a text export, from ``reg query`` or from the machine itself.

A table from the key's path to a small function, as for events; hives are read by ``hive``, which follows the
same meanings with the times that only a hive has.
"""

import re
from collections.abc import Callable, Iterator
from typing import Any

from waybillguard.sensor.observation import Kind, Observation
from waybillguard.sensor.parts import is_own_place
from waybillguard.sensor.paths import base_name, is_installed_place, is_outside, program_path

KEEPS_JOBS = 0x100
"""PRINTER_ATTRIBUTE_KEEPPRINTEDJOBS ([MS-RPRN] 2.2.3.12)."""
RDP_PORT = 3389
_DRIVER_TYPES = {1, 2, 8}
FILTERED = {
    "{4d36e96b-e325-11ce-bfc1-08002be10318}": "keyboard_filter",
    "{4d36e979-e325-11ce-bfc1-08002be10318}": "printer_filter",
    "{36fc9e60-c465-11cf-8056-444553540000}": "usb_filter",
    "{4658ee7e-f050-11d1-b6bd-00c04fa372a7}": "printer_filter",
}
"""Device classes whose filters hear what is typed or printed: keyboards, printers, USB and printers on it."""
type Values = dict[str, str | int]


class Key:
    """One key with its values, and where it was read."""

    def __init__(self, top: str, path: str, values: Values, file: str, record: str) -> None:
        self.top, self.path, self.values = top, path, values
        self.name = path.rpartition("\\")[2]
        self._file, self._record = file, record
        self._low = {name.lower(): value for name, value in values.items()}

    def get(self, name: str) -> str | int | None:
        """Return a value by its name, in any case."""
        return self._low.get(name)

    def text(self, *names: str) -> str:
        """Return the first of these values that says something."""
        return next((str(self._low[name]) for name in names if self._low.get(name)), "")

    def parent(self, levels: int = 1) -> str:
        """Return the name of a key above this one."""
        return self.path.split("\\")[-1 - levels]

    def seen(self, kind: Kind, **values: Any) -> Observation:  # noqa: ANN401 - the observation's own fields
        """Build an observation that points at this key."""
        return Observation(kind=kind, file=self._file, record=self._record, **values)


def _service(key: Key) -> Iterator[Observation]:
    image, shown = key.text("imagepath"), key.text("displayname")
    if image:
        yield key.seen(
            "service",
            name=key.name,
            path=program_path(image),
            command=image,
            account=key.text("objectname"),
            product="" if shown.startswith("@") else shown,
            marks=("driver",) if key.get("type") in _DRIVER_TYPES else (),
        )


def _service_library(key: Key) -> Iterator[Observation]:
    library, service = key.text("servicedll"), key.parent()
    if not library:
        return
    if service.lower() != "termservice":
        yield key.seen("service", name=service, path=program_path(library), command=f"svchost {library}")
    elif base_name(library) != "termsrv.dll":
        yield key.seen("setting", name="rdp_service_dll", path=program_path(library), command=library)


def _uninstall(key: Key) -> Iterator[Observation]:
    day = key.text("installdate")
    yield key.seen(
        "program_installed",
        name=key.text("displayname") or key.name,
        signer=key.text("publisher"),
        path=program_path(key.text("installlocation", "displayicon", "uninstallstring").partition(",")[0]),
        marks=(f"install_date:{day}",) if re.fullmatch(r"\d{8}", day) else (),
    )


def _run(key: Key) -> Iterator[Observation]:
    for name, command in key.values.items():
        yield key.seen("autorun", name=name, path=program_path(str(command)), command=str(command))


def _monitor(key: Key) -> Iterator[Observation]:
    yield key.seen("print_monitor", name=key.name, path=key.text("driver").lower())


def _monitor_port(key: Key) -> Iterator[Observation]:
    command, host = key.text("command", "arguments"), key.text("hostname", "ipaddress")
    if command:
        yield key.seen("print_monitor", name=key.parent(2), path=program_path(command), command=command)
    if host:
        yield key.seen("printer", name=key.name, command=host, marks=("port",))


def _processor(key: Key) -> Iterator[Observation]:
    yield key.seen("print_processor", name=key.name, path=key.text("driver").lower())


def _printer(key: Key) -> Iterator[Observation]:
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


def _terminal_server(key: Key) -> Iterator[Observation]:
    if key.get("fdenytsconnections") == 0:
        yield key.seen("setting", name="rdp_enabled", command="fDenyTSConnections=0")


def _rdp_listener(key: Key) -> Iterator[Observation]:
    port = key.get("portnumber")
    if isinstance(port, int) and port != RDP_PORT:
        yield key.seen("setting", name="rdp_port", command=str(port), port=port)


def _rdp_policy(key: Key) -> Iterator[Observation]:
    if key.get("shadow"):
        yield key.seen("setting", name="rdp_shadow", command=f"Shadow={key.get('shadow')}")


def _port_proxy(key: Key) -> Iterator[Observation]:
    for name, target in key.values.items():
        yield key.seen("port_forward", name=name, command=f"{name} → {target}")


def _hidden_accounts(key: Key) -> Iterator[Observation]:
    for name, shown in key.values.items():
        if shown == 0:
            yield key.seen("setting", name="hidden_account", command=name)


def _usb(key: Key) -> Iterator[Observation]:
    yield key.seen("usb_storage", name=key.text("friendlyname") or key.parent(), path=key.parent())


def _debugger(key: Key) -> Iterator[Observation]:
    command = key.text("debugger")
    if command:
        yield key.seen("autorun", name=f"Debugger of {key.name}", path=program_path(command), command=command)


def _image_options(key: Key) -> Iterator[Observation]:
    yield from _debugger(key)
    spooler = key.name.lower() in {"spoolsv.exe", "printisolationhost.exe", "splwow64.exe"}
    for library in key.text("verifierdlls").split():
        place = "verifier_spooler" if spooler else "verifier"
        yield key.seen("hook", name=place, path=library.lower(), command=f"VerifierDlls of {key.name}")


def _input_method(key: Key) -> Iterator[Observation]:
    library = key.text("ime file")
    if library:
        yield key.seen(
            "hook", name="input_method", path=library.lower(), command=f"{key.name} {key.text('layout text')}"
        )


def _name_policy(key: Key) -> Iterator[Observation]:
    """A rule that sends the questions for some names to a server of its own (NRPT)."""
    names = key.text("name").replace("\0", " ").strip()
    for server in re.split(r"[;,\s]+", key.text("genericdnsservers")):
        if server:
            yield key.seen(
                "setting", name="name_policy", command=names.removeprefix(".").lower(), origin=server
            )


def _winlogon(key: Key) -> Iterator[Observation]:
    for name in ("Shell", "Userinit"):
        for command in key.text(name.lower()).split(","):
            if command.strip() and base_name(program_path(command)) not in {"explorer.exe", "userinit.exe"}:
                yield key.seen(
                    "autorun", name=f"Winlogon {name}", path=program_path(command), command=command.strip()
                )


def _hooks(key: Key, place: str, *names: str) -> Iterator[Observation]:
    for each in re.split(r"[\0,;]|(?<=\.dll) ", " ".join(key.text(name) for name in names if key.get(name))):
        if each.strip():
            yield key.seen("hook", name=place, path=each.strip().strip('"').lower())


def _class_filters(key: Key) -> Iterator[Observation]:
    place = FILTERED.get(key.name.lower())
    if place:
        yield from _hooks(key, place, "upperfilters")
        yield from _hooks(key, place, "lowerfilters")


def _every_program(key: Key) -> Iterator[Observation]:
    if key.get("loadappinit_dlls") not in {0, "0"}:
        yield from _hooks(key, "every_program", "appinit_dlls")


def _lsa(key: Key) -> Iterator[Observation]:
    for name in ("notification packages", "authentication packages", "security packages"):
        yield from _hooks(key, "lsa_package", name)


def _print_provider(key: Key) -> Iterator[Observation]:
    yield from _hooks(key, "print_provider", "name")


def _spool_folder(key: Key) -> Iterator[Observation]:
    folder = key.text("defaultspooldirectory")
    if folder and not re.search(r"\\spool\\printers\\?$", folder, re.IGNORECASE):
        yield key.seen("setting", name="spool_moved", path=folder.lower(), command=folder)


def _exclusions(key: Key) -> Iterator[Observation]:
    for name in key.values:
        yield key.seen("setting", name="antivirus_exclusion", path=name.lower(), command=name)


def _proxy(key: Key) -> Iterator[Observation]:
    server, script = key.text("proxyserver"), key.text("autoconfigurl")
    here = re.search(r"(?:127\.0\.0\.1|localhost):(\d{1,5})", server)
    outside = re.search(r"(?:^|[=/;])(\d+\.\d+\.\d+\.\d+):\d+", server)
    if outside and is_outside(outside[1]) and key.get("proxyenable") == 1:
        yield key.seen("setting", name="outside_proxy", command=server, origin=outside[1])
    if here and key.get("proxyenable") == 1:
        yield key.seen("setting", name="local_proxy", command=server, port=int(here[1]))
    if script:
        yield key.seen("setting", name="proxy_script", command=script)


def _extensions(key: Key) -> Iterator[Observation]:
    for value in key.values.values():
        if ";" in str(value):
            yield key.seen("setting", name="forced_extension", command=str(value))


def _extension(key: Key) -> Iterator[Observation]:
    """An extension that is handed to the browser from outside its profile: a file on this PC, or an address."""
    yield key.seen(
        "extension",
        name=key.name,
        path=key.text("path").lower(),
        origin_name=key.text("update_url"),
        session=key.name.lower(),
        marks=("registry",),
    )


def _class(key: Key) -> Iterator[Observation]:
    """A class that one user's registry defines stands before that of the system; one for all belongs where programs are."""
    path, user = (
        program_path(key.text("")),
        key.top.upper() in {"HKEY_CURRENT_USER", "HKCU", "HKEY_USERS", "HKU"},
    )
    found = re.search(r"\{[0-9a-f-]{36}\}", key.path.lower())
    if path and found and (user or is_own_place(path)):
        yield key.seen("hook", name="com_class" if user else "machine_class", path=path, command=found[0])


def _text_service(key: Key) -> Iterator[Observation]:
    """An input method of the newer sort: its icon lies in its library (Text Services Framework)."""
    library = program_path(key.text("iconfile"))
    if library and not is_installed_place(library):
        yield key.seen("hook", name="input_method", path=library, command=key.text("description"))


def _port_names(key: Key) -> Iterator[Observation]:
    for name in key.values:
        yield key.seen("printer", name=name, command=name, marks=("port",))


def _autosave(key: Key) -> Iterator[Observation]:
    """A PDF printer that saves every job by itself (PDFCreator, Bullzip, novaPDF and the like)."""
    folder = key.text("targetdirectory", "directory", "folder", "autosavedirectory", "output")
    if folder and key.text("enabled", "autosave", "useautosave").lower() in {"1", "true", "yes"}:
        yield key.seen("setting", name="jobs_saved", command=folder)


def _share(key: Key) -> Iterator[Observation]:
    for name, value in key.values.items():
        folder = re.search(r"(?:^|\0|\s)Path=([^\0]+)", str(value), re.IGNORECASE)
        if folder and re.search(r"\\spool\\(?:printers|spl)", folder[1], re.IGNORECASE):
            yield key.seen("setting", name="spool_shared", command=f"{name}: {folder[1].strip()}")


_START_VALUES = (
    (r"(?:^|\\)environment$", "userinitmprlogonscript"),
    (r"(?:^|\\)command processor$", "autorun"),
    (r"(?:^|\\)control panel\\desktop$", r"scrnsave\.exe"),
    (r"\\active setup\\installed components\\[^\\]+$", "stubpath"),
    (r"\\silentprocessexit\\[^\\]+$", "monitorprocess"),
    (r"\\windows nt\\currentversion\\windows$", "load|run"),
    (r"\\explorer\\(?:user )?shell folders$", "(?:common )?startup"),
    (r"\\office\\[\d.]+\\excel\\options$", r"open\d*"),
    (r"\\office test\\special\\perf$", ""),
    (r"\\w32time\\timeproviders\\[^\\]+$", "dllname"),
    (r"\\services\\[^\\]+\\networkprovider$", "providerpath"),
    (r"\\session manager\\appcertdlls$", ".*"),
    (r"\\microsoft\\netsh$", ".*"),
    (r"\\control\\session manager$", "bootexecute"),
    (
        r"\\print\\environments\\[^\\]+\\drivers\\[^\\]+\\[^\\]+$",
        "driver|configuration file|data file|monitor",
    ),
)
"""Values that Windows starts or loads, beside the run keys (Microsoft's documentation of each)."""


def _start_values(key: Key) -> Iterator[Observation]:
    low = key.path.lower()
    wanted = next(value for place, value in _START_VALUES if re.search(place, low))
    for name, value in key.values.items():
        text = str(value).strip("\0 ")
        if re.fullmatch(wanted, name.lower()) and re.search(r"[\\/]", text):
            command = re.sub(r"^/[A-Z]\s+", "", text)
            yield key.seen(
                "autorun", name=f"{key.name} {name}".strip(), path=program_path(command), command=text, marks=("start_value",)
            )  # fmt: skip


def _safe_boot(key: Key) -> Iterator[Observation]:
    """A service that starts even in safe mode, where cleaning is done."""
    if key.text("").lower() == "service":
        yield key.seen("autorun", name=key.name, command=f"SafeBoot {key.parent()}", marks=("safe_boot",))


def _every_program_and_starts(key: Key) -> Iterator[Observation]:
    yield from _every_program(key)
    yield from _start_values(key)


def _maker(key: Key) -> Iterator[Observation]:
    if "\\microsoft\\" not in key.path.lower():
        yield key.seen("program_seen", path=f"{key.path}\\", marks=("registry",))


_MEANINGS: tuple[tuple[re.Pattern[str], Callable[[Key], Iterator[Observation]]], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"\\services\\[^\\]+$", _service),
        (r"\\services\\[^\\]+\\parameters$", _service_library),
        (r"\\currentversion\\uninstall\\[^\\]+$", _uninstall),
        (r"\\currentversion\\(?:run|runonce|policies\\explorer\\run)$", _run),
        (r"\\image file execution options\\[^\\]+$", _image_options),
        (r"\\keyboard layouts\\[0-9a-f]{8}$", _input_method),
        (r"\\dnspolicyconfig\\[^\\]+$", _name_policy),
        (r"\\windows nt\\currentversion\\winlogon$", _winlogon),
        (r"\\windows nt\\currentversion\\windows$", _every_program_and_starts),
        (r"\\windows nt\\currentversion\\ports$", _port_names),
        (r"\\(?:chrome|edge|chromium)\\extensions\\[a-p]{32}$", _extension),
        (r"\\clsid\\\{[^\\]+\}\\(?:inprocserver32|localserver32|treatas)$", _class),
        (r"\\ctf\\tip\\\{[^\\]+\}\\languageprofile\\", _text_service),
        (r"\\safeboot\\(?:network|minimal)\\[^\\]+$", _safe_boot),
        (r"\\lanmanserver\\shares$", _share),
        (r"\\autosave$|\\program$", _autosave),
        (r"\\control\\class\\\{[0-9a-f-]+\}$", _class_filters),
        (r"\\control\\lsa$", _lsa),
        (r"\\print\\providers\\[^\\]+$", _print_provider),
        (r"\\print\\printers$", _spool_folder),
        (r"\\windows defender\\exclusions\\(?:paths|processes)$", _exclusions),
        (r"\\currentversion\\internet settings$", _proxy),
        (r"\\extensioninstallforcelist$", _extensions),
        (r"\\print\\monitors\\[^\\]+$", _monitor),
        (r"\\print\\monitors\\[^\\]+\\ports\\[^\\]+$", _monitor_port),
        (r"\\print processors\\[^\\]+$", _processor),
        (r"\\print\\printers\\[^\\]+$", _printer),
        (r"\\control\\terminal server$", _terminal_server),
        (r"\\rdp-tcp$", _rdp_listener),
        (r"\\windows nt\\terminal services$", _rdp_policy),
        (r"\\portproxy\\v\dtov\d\\tcp$", _port_proxy),
        (r"\\specialaccounts\\userlist$", _hidden_accounts),
        (r"\\enum\\usbstor\\[^\\]+\\[^\\]+$", _usb),
        ("|".join(place for place, _ in _START_VALUES), _start_values),
        (r"(?:^|\\)software\\", _maker),
    )
)


def registry_key(key: str, values: Values, file: str, record: str) -> Iterator[Observation]:
    """Yield what one key says. ``key`` is the full path with its root."""
    top, _, path = key.partition("\\")
    meaning = next((each for pattern, each in _MEANINGS if pattern.search(path.lower())), None)
    if path and meaning is not None:
        yield from meaning(Key(top, path, values, file, record))
