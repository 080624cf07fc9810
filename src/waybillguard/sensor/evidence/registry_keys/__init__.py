r"""Translates single registry keys from a text export, ``reg query`` or the live registry into observations.

As for events, a table maps the key's path to a small function. Hives are read by ``hive``, which uses the same
functions and adds the times that only a hive has.
"""

import re
from collections.abc import Callable, Iterator

from waybillguard.sensor.evidence.registry_keys import loads, printing
from waybillguard.sensor.evidence.registry_keys.key import Key, Values, without_default
from waybillguard.sensor.evidence.registry_keys.loads import FILTERED
from waybillguard.sensor.evidence.registry_keys.printing import KEEPS_JOBS
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, is_outside, program_path

RDP_PORT = 3389
_DRIVER_TYPES = {1, 2, 8}


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
    failed = key.text("failurecommand")
    if failed:
        yield key.seen(
            "autorun",
            name=f"{key.name} FailureCommand",
            path=program_path(failed),
            command=failed,
            marks=("start_value",),
        )


def _service_library(key: Key) -> Iterator[Observation]:
    library, service = key.text("servicedll"), key.parent()
    wrapped = key.text("application")
    if wrapped:  # nssm and srvany start another program as a service
        command = f"{wrapped} {key.text('appparameters')}".strip()
        yield key.seen("service", name=service, path=program_path(wrapped), command=command)
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


def _terminal_server(key: Key) -> Iterator[Observation]:
    if key.get("fdenytsconnections") == 0:
        yield key.seen("setting", name="rdp_enabled", command="fDenyTSConnections=0")


def _rdp_listener(key: Key) -> Iterator[Observation]:
    port = key.get("portnumber")
    if isinstance(port, int) and port != RDP_PORT:
        yield key.seen("setting", name="rdp_port", command=str(port), port=port)
    yield from _weak_sign_in(key)


def _rdp_policy(key: Key) -> Iterator[Observation]:
    if key.get("shadow"):
        yield key.seen("setting", name="rdp_shadow", command=f"Shadow={key.get('shadow')}")


def _weak_sign_in(key: Key) -> Iterator[Observation]:
    """Yield sign-in values that allow access with less than a password (see Microsoft's documentation of each)."""
    for name, weak in _WEAK.items():
        if key.get(name) == weak:
            yield key.seen("setting", name="weak_sign_in", command=f"{name}={weak}")


_WEAK = {
    "disablerestrictedadmin": 0,
    "limitblankpassworduse": 0,
    "localaccounttokenfilterpolicy": 1,
    "userauthentication": 0,
}


def _lsa(key: Key) -> Iterator[Observation]:
    yield from loads.lsa(key)
    yield from _weak_sign_in(key)


_PHONE_DRIVERS = re.compile(r"^(?:usb_?rndis|usb8023|rndis|netaapl|usbncm|cdc_)", re.IGNORECASE)


def _usb_device(key: Key) -> Iterator[Observation]:
    """Yield a device with its own filter, and a USB network card, such as a phone that shares its network."""
    place = "printer_filter" if "\\usbprint\\" in key.path.lower() else "usb_filter"
    yield from loads.hook_values(key, place, "upperfilters")
    yield from loads.hook_values(key, place, "lowerfilters")
    number = re.search(r"VID_[0-9A-F]{4}&PID_[0-9A-F]{4}", key.path, re.IGNORECASE)
    if number and _PHONE_DRIVERS.match(key.text("service")):
        yield key.seen("posing_device", name=number[0].upper(), product="network")


def _port_proxy(key: Key) -> Iterator[Observation]:
    for name, target in key.values.items():
        yield key.seen("port_forward", name=name, command=f"{name} → {target}")


def _hidden_accounts(key: Key) -> Iterator[Observation]:
    for name, shown in key.values.items():
        if shown == 0:
            yield key.seen("setting", name="hidden_account", command=name)


def _usb(key: Key) -> Iterator[Observation]:
    yield key.seen("usb_storage", name=key.text("friendlyname") or key.parent(), path=key.parent())


def _name_policy(key: Key) -> Iterator[Observation]:
    """Yield a name resolution policy with its own DNS server (NRPT)."""
    names = key.text("name").replace("\0", " ").strip()
    for server in re.split(r"[;,\s]+", key.text("genericdnsservers")):
        if server:
            yield key.seen(
                "setting", name="name_policy", command=names.removeprefix(".").lower(), origin=server
            )


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


def _maker(key: Key) -> Iterator[Observation]:
    if "\\microsoft\\" not in key.path.lower():
        yield key.seen("program_seen", path=f"{key.path}\\", marks=("registry",))


_MEANINGS: tuple[tuple[re.Pattern[str], Callable[[Key], Iterator[Observation]]], ...] = tuple(
    (re.compile(pattern), meaning)
    for pattern, meaning in (
        (r"\\services\\[^\\]+$", _service),
        (r"\\services\\[^\\]+\\parameters$", _service_library),
        (r"\\currentversion\\uninstall\\[^\\]+$", _uninstall),
        (r"\\currentversion\\(?:run|runonce|policies\\explorer\\run)$", loads.run),
        (r"\\image file execution options\\[^\\]+$", loads.image_options),
        (r"\\keyboard layouts\\[0-9a-f]{8}$", loads.input_method),
        (r"\\dnspolicyconfig\\[^\\]+$", _name_policy),
        (r"\\windows nt\\currentversion\\winlogon$", loads.winlogon),
        (r"\\windows nt\\currentversion\\windows$", loads.every_program_and_starts),
        (r"\\windows nt\\currentversion\\ports$", printing.port_names),
        (r"\\(?:chrome|edge|chromium)\\extensions\\[a-p]{32}$", loads.extension),
        (r"\\clsid\\\{[^\\]+\}\\(?:inprocserver32|localserver32|treatas)$", loads.user_class),
        (r"\\ctf\\tip\\\{[^\\]+\}\\languageprofile\\", loads.text_service),
        (r"\\safeboot\\(?:network|minimal)\\[^\\]+$", loads.safe_boot),
        (r"\\lanmanserver\\shares$", printing.share),
        (r"\\autosave$|\\program$", printing.autosave),
        (r"\\control\\class\\\{[0-9a-f-]+\}$", loads.class_filters),
        (r"\\control\\lsa$", _lsa),
        (r"\\policies\\system$", _weak_sign_in),
        (r"\\enum\\usb(?:print)?\\[^\\]+\\[^\\]+$", _usb_device),
        (r"\\print\\providers\\[^\\]+$", printing.print_provider),
        (r"\\print\\printers$", printing.spool_folder),
        (r"\\windows defender\\exclusions\\(?:paths|processes)$", _exclusions),
        (r"\\currentversion\\internet settings$", _proxy),
        (r"\\extensioninstallforcelist$", loads.extensions),
        (r"\\print\\monitors\\[^\\]+$", printing.monitor),
        (r"\\print\\monitors\\[^\\]+\\(?:ports\\)?(?!ports$)[^\\]+$", printing.monitor_port),
        (r"\\print processors\\[^\\]+$", printing.processor),
        (r"\\print\\printers\\[^\\]+$", printing.printer),
        (r"\\control\\terminal server$", _terminal_server),
        (r"\\rdp-tcp$", _rdp_listener),
        (r"\\windows nt\\terminal services$", _rdp_policy),
        (r"\\portproxy\\v\dtov\d\\tcp$", _port_proxy),
        (r"\\specialaccounts\\userlist$", _hidden_accounts),
        (r"\\enum\\usbstor\\[^\\]+\\[^\\]+$", _usb),
        ("|".join(place for place, _ in loads.START_VALUES), loads.start_values),
        (r"(?:^|\\)software\\", _maker),
    )
)


def registry_key(key: str, values: Values, file: str, record: str) -> Iterator[Observation]:
    """Yield the observations of one key. ``key`` is the full path including its root."""
    top, _, path = key.partition("\\")
    meaning = next((each for pattern, each in _MEANINGS if pattern.search(path.lower())), None)
    if path and meaning is not None:
        yield from meaning(Key(top, path, values, file, record))


__all__ = ["FILTERED", "KEEPS_JOBS", "RDP_PORT", "Values", "registry_key", "without_default"]
