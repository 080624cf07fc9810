"""Reads the SOFTWARE hive and user hives: installed programs, autostarts, program runs, printers, policies."""

import codecs
import re
import struct
from collections.abc import Iterator

from waybillguard.sensor.evidence.clock import filetime
from waybillguard.sensor.evidence.hive.keys import HiveKeys, Key, path_of, sub, value_of, values_of
from waybillguard.sensor.observation import Observation
from waybillguard.sensor.paths import base_name, program_path

_GUID = re.compile(r"^\{[0-9A-Fa-f-]{36}\}")


class SoftwareHive(HiveKeys):
    """Reader of the SOFTWARE hive and user hives."""

    def _uninstall(self, path: str) -> Iterator[Observation]:
        for key in sub(self.at(path)):
            name = str(value_of(key, "DisplayName") or "")
            if not name and _GUID.match(key.name()):
                continue
            day = str(value_of(key, "InstallDate") or "")
            place = str(
                value_of(key, "InstallLocation")
                or value_of(key, "DisplayIcon")
                or value_of(key, "UninstallString")
                or ""
            )
            yield self.seen(
                "program_installed",
                key,
                name=name or key.name(),
                path=program_path(place.partition(",")[0])
                + ("\\" if place and "." not in place[-5:] else ""),
                signer=str(value_of(key, "Publisher") or ""),
                marks=(f"install_date:{day}",) if re.fullmatch(r"\d{8}", day) else (),
            )

    def _installed(self) -> Iterator[Observation]:
        yield from self._uninstall(r"Microsoft\Windows\CurrentVersion\Uninstall")
        yield from self._uninstall(r"WOW6432Node\Microsoft\Windows\CurrentVersion\Uninstall")

    def _run_values(self, prefix: str) -> Iterator[Observation]:
        for place in ("Run", "RunOnce", r"Policies\Explorer\Run"):
            key = self.at(rf"{prefix}Microsoft\Windows\CurrentVersion\{place}")
            for name, text in values_of(key):
                yield self.seen(
                    "autorun", key, name=name or "(Default)", path=program_path(str(text)), command=str(text)
                )

    def _run_keys(self) -> Iterator[Observation]:
        yield from self._run_values("")
        yield from self._run_values("WOW6432Node\\")
        yield from self.as_exported(
            self.at(r"Microsoft\Windows NT\CurrentVersion\Winlogon"), "HKEY_LOCAL_MACHINE\\SOFTWARE"
        )
        for key in sub(self.at(r"Microsoft\Windows NT\CurrentVersion\Image File Execution Options")):
            yield from self.as_exported(key, "HKEY_LOCAL_MACHINE\\SOFTWARE")

    def _software_hooks(self) -> Iterator[Observation]:
        for path in (
            r"Microsoft\Windows NT\CurrentVersion\Windows",
            r"Microsoft\Windows Defender\Exclusions\Paths",
            r"Microsoft\Windows Defender\Exclusions\Processes",
            r"Policies\Google\Chrome\ExtensionInstallForcelist",
            r"Policies\Microsoft\Edge\ExtensionInstallForcelist",
            r"Microsoft\Windows NT\CurrentVersion\Ports",
            r"Microsoft\Command Processor",
            r"Microsoft\NetSh",
        ):
            yield from self.as_exported(self.at(path), "HKEY_LOCAL_MACHINE\\SOFTWARE")
        for path in (
            r"Google\Chrome\Extensions",
            r"WOW6432Node\Google\Chrome\Extensions",
            r"Microsoft\Edge\Extensions",
        ):
            for key in sub(self.at(path)):
                yield from self.as_exported(key, "HKEY_LOCAL_MACHINE\\SOFTWARE")

    def _text_services(self) -> Iterator[Observation]:
        """Yield the input methods; keys are nested by service, language and profile."""
        for service in sub(self.at(r"Microsoft\CTF\TIP")):
            for languages in sub(service):
                for profile in (each for language in sub(languages) for each in sub(language)):
                    yield from self.as_exported(profile, "HKEY_LOCAL_MACHINE\\SOFTWARE")

    def _user_classes(self) -> Iterator[Observation]:
        """Yield the classes of a user's own hive (UsrClass.dat)."""
        for parent in ("CLSID", r"WOW6432Node\CLSID"):
            for key in (each for known in sub(self.at(parent)) for each in sub(known)):
                yield from self.as_exported(key, "HKEY_CURRENT_USER\\Software\\Classes")

    def _printers(self) -> Iterator[Observation]:
        yield from self.printer_keys(self.at(r"Microsoft\Windows NT\CurrentVersion\Print\Printers"))

    def _policies(self) -> Iterator[Observation]:
        key = self.at(r"Policies\Microsoft\Windows NT\Terminal Services")
        shadow = value_of(key, "Shadow")
        if isinstance(shadow, int) and shadow:
            yield self.seen("setting", key, name="rdp_shadow", command=f"Shadow={shadow}")
        defender = self.at(r"Policies\Microsoft\Windows Defender")
        if value_of(defender, "DisableAntiSpyware") == 1:
            yield self.seen("setting", defender, name="antivirus_off", command="DisableAntiSpyware=1")

    def _hidden_accounts(self) -> Iterator[Observation]:
        key = self.at(r"Microsoft\Windows NT\CurrentVersion\Winlogon\SpecialAccounts\UserList")
        for name, shown in values_of(key):
            if shown == 0:
                yield self.seen("setting", key, name="hidden_account", command=name)

    def _makers(self) -> Iterator[Observation]:
        for prefix in ("", "WOW6432Node"):
            yield from self._maker_keys(self.at(prefix) if prefix else self.root, "SOFTWARE")

    def _maker_keys(self, parent: Key | None, name: str) -> Iterator[Observation]:
        for key in sub(parent):
            for child in (key, *sub(key)) if key.name().lower() in {"oray", "netease", "clients"} else (key,):
                if child.name().lower() not in {"microsoft", "classes", "wow6432node", "policies", "clients"}:
                    tail = path_of(child).split("\\", 1)[-1]
                    yield self.seen("program_seen", child, path=f"{name}\\{tail}\\", marks=("registry",))

    def _user_run_keys(self) -> Iterator[Observation]:
        yield from self._run_values("Software\\")

    def _user_installed(self) -> Iterator[Observation]:
        yield from self._uninstall(r"Software\Microsoft\Windows\CurrentVersion\Uninstall")

    def _user_makers(self) -> Iterator[Observation]:
        yield from self._maker_keys(self.at("Software"), "SOFTWARE")

    def _user_printers(self) -> Iterator[Observation]:
        key = self.at(r"Printers\Connections")
        for each in sub(key):
            yield self.seen("printer", each, name=each.name().replace(",", "\\"))

    def _user_hooks(self) -> Iterator[Observation]:
        for path in (
            r"Software\Microsoft\Windows\CurrentVersion\Internet Settings",
            r"Software\Policies\Google\Chrome\ExtensionInstallForcelist",
            r"Software\Policies\Microsoft\Edge\ExtensionInstallForcelist",
            "Environment",
            r"Software\Microsoft\Command Processor",
            r"Control Panel\Desktop",
            r"Software\Microsoft\Windows\CurrentVersion\Explorer\User Shell Folders",
        ):
            yield from self.as_exported(self.at(path), "HKEY_CURRENT_USER")

    def _user_assist(self) -> Iterator[Observation]:
        for group in sub(self.at(r"Software\Microsoft\Windows\CurrentVersion\Explorer\UserAssist")):
            for counts in sub(group):
                for name, data in values_of(counts):
                    path = codecs.decode(name, "rot13")
                    if not isinstance(data, bytes) or ".exe" not in path.lower():
                        continue
                    when, count = None, 1
                    if len(data) >= 68:  # noqa: PLR2004 - Windows 7 and later
                        when, count = (
                            filetime(struct.unpack_from("<Q", data, 60)[0]),
                            struct.unpack_from("<I", data, 4)[0],
                        )
                    elif len(data) >= 16:  # noqa: PLR2004
                        when = filetime(struct.unpack_from("<Q", data, 8)[0])
                    path = _GUID.sub("", path.removeprefix("UEME_RUNPATH:"))
                    yield self.seen(
                        "program_run",
                        counts,
                        time=when,
                        name=base_name(path),
                        path=program_path(path),
                        count=max(count, 1),
                        marks=("userassist",),
                    )
