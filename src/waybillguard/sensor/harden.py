"""Hardens a print PC, and undoes it byte for byte.

``data/harden.yaml`` lists the settings with their reasons and side effects. The previous contents are written to a
record before anything is set; ``undo`` restores them. Settings that were changed in between are kept and reported.
"""

import base64
import os
import re
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

import msgspec

from waybillguard.errors import WaybillGuardError
from waybillguard.shipped import read_yaml

type State = Literal["done", "open", "by_hand", "not_here"]


class HardenError(WaybillGuardError):
    """Hardening could not be applied or undone."""

    code = "harden"


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One setting: a registry value, a directive in a configuration file, or a whole file."""

    key: str = ""
    each: str = ""
    name: str = ""
    value: int | str = 0
    clear_bits: int = 0
    directive: str = ""
    separator: str = " "
    only_if_present: bool = False
    file: str = ""
    content: str = ""


class Item(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One item of the hardening list, with texts for the person who decides on it."""

    id: str
    title_zh: str
    title_en: str
    why_zh: str
    why_en: str
    disturbs_zh: str
    disturbs_en: str
    how_zh: str = ""
    how_en: str = ""
    windows: tuple[Step, ...] = ()
    linux: tuple[Step, ...] = ()


class Checked(msgspec.Struct, frozen=True, kw_only=True):
    """The state of one item on this machine."""

    id: str
    state: State
    title_zh: str
    why_zh: str
    disturbs_zh: str
    how_zh: str = ""


class SavedSetting(msgspec.Struct, frozen=True):
    """The previous content of a place (None: it did not exist) and the content that was written."""

    place: str
    before: str | None
    after: str
    mode: int = 0


class Settings(Protocol):
    """Read access to settings: files below a root, or a registry. Contents are bytes."""

    @property
    def system(self) -> Literal["linux", "windows"]:
        """The operating system, which selects the steps of the list."""

    def read(self, place: str) -> bytes | None:
        """Return the content of a place; None if it does not exist."""

    def mode(self, place: str) -> int:
        """Return the permission bits of a place; 0 if it has none."""

    def children(self, place: str) -> list[str]:
        """Return the names of the keys below a key."""


class Store(Settings, Protocol):
    """Read and write access to settings."""

    def write(self, place: str, content: bytes | None, mode: int = 0) -> None:
        """Write the content of a place; None removes it."""


class FileStore:
    """Configuration files below a root."""

    system: Literal["linux"] = "linux"

    def __init__(self, root: Path = Path("/")) -> None:
        self._root = root

    def read(self, place: str) -> bytes | None:
        """Return the file's bytes; None if it does not exist."""
        try:
            return (self._root / place).read_bytes()
        except FileNotFoundError:
            return None

    def mode(self, place: str) -> int:
        """Return the file's permission bits."""
        with suppress(FileNotFoundError):
            return (self._root / place).stat().st_mode & 0o7777
        return 0

    def write(self, place: str, content: bytes | None, mode: int = 0) -> None:
        """Replace a file atomically, or remove it."""
        path = self._root / place
        if content is None:
            path.unlink(missing_ok=True)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        fresh = path.with_name(f".{path.name}.waybillguard")
        fresh.write_bytes(content)
        fresh.chmod(mode or 0o644)
        if sys.platform != "win32":
            with suppress(FileNotFoundError, PermissionError):
                owner = path.stat()
                os.chown(fresh, owner.st_uid, owner.st_gid)
        fresh.replace(path)

    def children(self, place: str) -> list[str]:
        """Return nothing: files have no keys."""
        del place
        return []


class RegistryStore:
    """Values of HKEY_LOCAL_MACHINE; contents are ``type:data``. Not tested on Windows yet."""

    system: Literal["windows"] = "windows"

    def read(self, place: str) -> bytes | None:
        """Return the value as ``type:data``; None if it does not exist."""
        if sys.platform != "win32":
            raise OSError("no registry here")
        import winreg  # noqa: PLC0415

        key, _, name = place.rpartition("\\")
        try:
            with winreg.OpenKey(
                winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
            ) as opened:
                value, kind = winreg.QueryValueEx(opened, name)
        except FileNotFoundError:
            return None
        return f"{kind}:{value}".encode()

    def mode(self, place: str) -> int:
        """Return 0: values have no permission bits."""
        del place
        return 0

    def write(self, place: str, content: bytes | None, mode: int = 0) -> None:
        """Set or delete a value."""
        del mode
        if sys.platform != "win32":
            raise OSError("no registry here")
        import winreg  # noqa: PLC0415

        key, _, name = place.rpartition("\\")
        with winreg.CreateKeyEx(
            winreg.HKEY_LOCAL_MACHINE, key, 0, winreg.KEY_ALL_ACCESS | winreg.KEY_WOW64_64KEY
        ) as opened:
            if content is None:
                with suppress(FileNotFoundError):
                    winreg.DeleteValue(opened, name)
                return
            kind, _, text = content.decode().partition(":")
            winreg.SetValueEx(opened, name, 0, int(kind), int(text) if int(kind) in {4, 11} else text)

    def children(self, place: str) -> list[str]:
        """Return the names of the keys below a key."""
        if sys.platform != "win32":
            return []
        import winreg  # noqa: PLC0415

        with winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE, place, 0, winreg.KEY_READ | winreg.KEY_WOW64_64KEY
        ) as opened:
            return [winreg.EnumKey(opened, number) for number in range(winreg.QueryInfoKey(opened)[0])]


@cache
def items() -> tuple[Item, ...]:
    """Return the hardening list, read once per process."""
    return read_yaml("waybillguard.sensor", "data/harden.yaml", tuple[Item, ...])


def check(store: Store) -> tuple[Checked, ...]:
    """Return the state of each item; changes nothing."""
    out = []
    for item in items():
        steps = item.windows if store.system == "windows" else item.linux
        changes = [change for step in steps for change in _changes(step, store)]
        if item.how_zh:
            state: State = "by_hand"
        elif not steps or (not changes and any(step.only_if_present for step in steps)):
            state = "not_here"
        else:
            state = "done" if all(before == after for _, before, after in changes) else "open"
        out.append(
            Checked(
                id=item.id,
                state=state,
                title_zh=item.title_zh,
                why_zh=item.why_zh,
                disturbs_zh=item.disturbs_zh,
                how_zh=item.how_zh,
            )
        )
    return tuple(out)


def apply(store: Store, record: Path) -> tuple[str, ...]:
    """Apply the missing settings and return the changed places; previous contents are written to ``record`` first.

    Raises:
        HardenError: no right to write, or the record cannot be written.
    """
    kept = list(_read_record(record))
    known = {each.place for each in kept}
    changed: dict[str, bytes] = {}
    originals: dict[str, bytes | None] = {}
    overlay = _Overlay(store)
    for item in items():
        for step in item.windows if store.system == "windows" else item.linux:
            for place, before, after in _changes(step, overlay):
                if before != after:
                    originals.setdefault(place, store.read(place))
                    overlay.put(place, after)
                    changed[place] = after
    for place, after in changed.items():
        before = originals[place]
        if place in known:
            kept = [
                msgspec.structs.replace(each, after=_encode(after) or "") if each.place == place else each
                for each in kept
            ]
        else:
            kept.append(SavedSetting(place, _encode(before), _encode(after) or "", store.mode(place)))
    try:
        if changed:
            _write_record(record, kept)
        for place, after in changed.items():
            store.write(place, after, store.mode(place))
    except OSError as error:
        raise HardenError(
            zh="没有权限修改系统设置。请用管理员（root）身份运行；已写下的原状可用 --undo 恢复。",
            en="No right to change settings. Run as administrator (root); what was recorded can be put back with --undo.",
        ) from error
    return tuple(changed)


def undo(store: Store, record: Path) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Restore the previous contents; return the places restored, and those kept because they were changed since.

    Raises:
        HardenError: nothing was applied here, or no right to write.
    """
    kept = _read_record(record)
    if not kept:
        raise HardenError(
            zh="这台电脑上没有可撤销的加固记录。", en="Nothing was hardened here that could be undone."
        )
    restored, left = [], []
    try:
        for each in kept:
            now = store.read(each.place)
            before = _decode(each.before)
            if now == before:
                restored.append(each.place)
            elif now == _decode(each.after):
                store.write(each.place, before, each.mode)
                restored.append(each.place)
            else:
                left.append(each.place)
        remaining = [each for each in kept if each.place in left]
        if remaining:
            _write_record(record, remaining)
        else:
            record.unlink()
    except OSError as error:
        raise HardenError(
            zh="没有权限恢复系统设置。请用管理员（root）身份运行。",
            en="No right to restore settings. Run as administrator (root).",
        ) from error
    return tuple(restored), tuple(left)


class _Overlay:
    """Settings with pending changes, so that several directives in one file add up."""

    def __init__(self, store: Settings) -> None:
        self._store, self._on_top = store, dict[str, bytes]()
        self.system = store.system

    def put(self, place: str, content: bytes) -> None:
        self._on_top[place] = content

    def read(self, place: str) -> bytes | None:
        return self._on_top[place] if place in self._on_top else self._store.read(place)

    def mode(self, place: str) -> int:
        return self._store.mode(place)

    def children(self, place: str) -> list[str]:
        return self._store.children(place)


def _changes(step: Step, store: Settings) -> Iterator[tuple[str, bytes | None, bytes]]:
    """Yield (place, current content, wanted content) for every place of a step."""
    if step.file:
        yield step.file, store.read(step.file), step.content.encode()
    elif step.directive:
        before = store.read(step.directive)
        if before is not None:
            changed = _with_directive(before.decode("utf-8", "surrogateescape"), step)
            if changed is not None:
                yield step.directive, before, changed.encode("utf-8", "surrogateescape")
    elif step.each:
        for child in store.children(step.each):
            place = f"{step.each}\\{child}\\{step.name}"
            before = store.read(place)
            if before is not None and before.startswith(b"4:"):
                bits = int(before[2:])
                yield place, before, f"4:{bits & ~step.clear_bits}".encode()
    elif step.key:
        place = f"{step.key}\\{step.name}"
        yield place, store.read(place), f"{4 if isinstance(step.value, int) else 1}:{step.value}".encode()


def _with_directive(text: str, step: Step) -> str | None:
    """Return a configuration with a directive set once; None if it may only be changed and is absent."""
    line = f"{step.name}{step.separator}{step.value}"
    pattern = re.compile(
        rf"^[ \t]*{re.escape(step.name)}[ \t]*{re.escape(step.separator.strip()) or '[ \\t]'}.*$",
        re.MULTILINE,
    )
    if pattern.search(text):
        return pattern.sub(lambda _: line, text)
    if step.only_if_present:
        return None
    return f"{text}{'' if not text or text.endswith(chr(10)) else chr(10)}{line}\n"


def _read_record(record: Path) -> list[SavedSetting]:
    try:
        return msgspec.json.decode(record.read_bytes(), type=list[SavedSetting])
    except FileNotFoundError:
        return []
    except (OSError, msgspec.DecodeError) as error:
        raise HardenError(
            zh="加固记录无法读取，未做任何改动。请用管理员身份运行，或检查该文件是否损坏。",
            en="The record of what was hardened cannot be read; nothing was changed. Run as administrator or check the file.",
        ) from error


def _write_record(record: Path, kept: list[SavedSetting]) -> None:
    record.parent.mkdir(parents=True, exist_ok=True)
    fresh = record.with_name(f"{record.name}.new")
    fresh.write_bytes(msgspec.json.format(msgspec.json.encode(kept)))
    fresh.chmod(0o600)
    fresh.replace(record)


def _encode(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode()


def _decode(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
