"""Reads the keys of autostarts and of code loaded into programs, sign-in, browsers and device stacks."""

import re
from collections.abc import Iterator

from waybillguard.sensor.evidence.registry_keys.key import Key
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.parts import is_odd_library_place
from waybillguard.sensor.paths import base_name, is_installed_place, program_path

FILTERED = {
    "{4d36e96b-e325-11ce-bfc1-08002be10318}": "keyboard_filter",
    "{4d36e979-e325-11ce-bfc1-08002be10318}": "printer_filter",
    "{36fc9e60-c465-11cf-8056-444553540000}": "usb_filter",
    "{4658ee7e-f050-11d1-b6bd-00c04fa372a7}": "printer_filter",
}
"""Device classes whose filters can record keys or prints: keyboards, printers, USB and USB printers."""


def run(key: Key) -> Iterator[Observation]:
    """Yield the entries of a run key."""
    for name, command in key.values.items():
        yield key.seen(
            "autorun", name=name or "(Default)", path=program_path(str(command)), command=str(command)
        )


def debugger(key: Key) -> Iterator[Observation]:
    """Yield a program that is started in place of another."""
    command = key.text("debugger")
    if command:
        yield key.seen("autorun", name=f"Debugger of {key.name}", path=program_path(command), command=command)


def image_options(key: Key) -> Iterator[Observation]:
    """Yield a debugger, and libraries loaded by verifier settings."""
    yield from debugger(key)
    spooler = key.name.lower() in {"spoolsv.exe", "printisolationhost.exe", "splwow64.exe"}
    for library in key.text("verifierdlls").split():
        place = "verifier_spooler" if spooler else "verifier"
        yield key.seen("hook", name=place, path=library.lower(), command=f"VerifierDlls of {key.name}")


def input_method(key: Key) -> Iterator[Observation]:
    """Yield an input method of the older type (IME)."""
    library = key.text("ime file")
    if library:
        yield key.seen(
            "hook", name="input_method", path=library.lower(), command=f"{key.name} {key.text('layout text')}"
        )


def text_service(key: Key) -> Iterator[Observation]:
    """Yield an input method of the Text Services Framework; its icon file is its library."""
    library = program_path(key.text("iconfile"))
    if library and not is_installed_place(library):
        yield key.seen("hook", name="input_method", path=library, command=key.text("description"))


def winlogon(key: Key) -> Iterator[Observation]:
    """Yield what sign-in starts in addition to Windows' own programs."""
    for name in ("Shell", "Userinit"):
        for command in key.text(name.lower()).split(","):
            if command.strip() and base_name(program_path(command)) not in {"explorer.exe", "userinit.exe"}:
                yield key.seen(
                    "autorun", name=f"Winlogon {name}", path=program_path(command), command=command.strip()
                )


def hook_values(key: Key, place: str, *names: str) -> Iterator[Observation]:
    """Yield each library or driver listed in the given values."""
    for each in re.split(r"[\0,;]|(?<=\.dll) ", " ".join(key.text(name) for name in names if key.get(name))):
        if each.strip():
            yield key.seen("hook", name=place, path=each.strip().strip('"').lower())


def class_filters(key: Key) -> Iterator[Observation]:
    """Yield the filters of a device class."""
    place = FILTERED.get(key.name.lower())
    if place:
        yield from hook_values(key, place, "upperfilters")
        yield from hook_values(key, place, "lowerfilters")


def every_program(key: Key) -> Iterator[Observation]:
    """Yield the libraries that are loaded into every program."""
    if key.get("loadappinit_dlls") not in {0, "0"}:
        yield from hook_values(key, "every_program", "appinit_dlls")


def lsa(key: Key) -> Iterator[Observation]:
    """Yield the packages of the sign-in service (LSA)."""
    for name in ("notification packages", "authentication packages", "security packages"):
        yield from hook_values(key, "lsa_package", name)


def extensions(key: Key) -> Iterator[Observation]:
    """Yield the extensions that a policy installs in the browser."""
    for value in key.values.values():
        if ";" in str(value):
            yield key.seen("setting", name="forced_extension", command=str(value))


def extension(key: Key) -> Iterator[Observation]:
    """Yield an extension that is given to the browser from outside its profile: a local file, or an address."""
    yield key.seen(
        "extension",
        name=key.name,
        path=key.text("path").lower(),
        origin_name=key.text("update_url"),
        session=key.name.lower(),
        marks=("registry",),
    )


def user_class(key: Key) -> Iterator[Observation]:
    """Yield a COM class: a user's class overrides the system's; a machine-wide class belongs in a program folder."""
    path = program_path(key.text(""))
    place = class_hook(key.top, path)
    found = re.search(r"\{[0-9a-f-]{36}\}", key.path.lower())
    if place and found:
        yield key.seen("hook", name=place, path=path, command=found[0])


def class_hook(top: str, path: str) -> str:
    """Return the name of the hook for a class's library by its registry root; empty if it is no hook."""
    if path and top.upper() in {"HKEY_CURRENT_USER", "HKCU", "HKEY_USERS", "HKU"}:
        return "com_class"
    return "machine_class" if is_odd_library_place(path) else ""


def safe_boot(key: Key) -> Iterator[Observation]:
    """Yield a service that starts even in safe mode, which is used for cleaning."""
    if key.text("").lower() == "service":
        yield key.seen("autorun", name=key.name, command=f"SafeBoot {key.parent()}", marks=("safe_boot",))


START_VALUES = (
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
"""Values that Windows starts or loads, other than the run keys (see Microsoft's documentation of each)."""


def start_values(key: Key) -> Iterator[Observation]:
    """Yield the values of a key that start or load a program."""
    low = key.path.lower()
    wanted = next(value for place, value in START_VALUES if re.search(place, low))
    for name, value in key.values.items():
        text = str(value).strip("\0 ")
        if re.fullmatch(wanted, name.lower()) and re.search(r"[\\/]", text):
            command = re.sub(r"^/[A-Z]\s+", "", text)
            yield key.seen(
                "autorun", name=f"{key.name} {name}".strip(), path=program_path(command), command=text, marks=("start_value",)
            )  # fmt: skip


def every_program_and_starts(key: Key) -> Iterator[Observation]:
    """Yield both the libraries for every program and the start values of one key."""
    yield from every_program(key)
    yield from start_values(key)
