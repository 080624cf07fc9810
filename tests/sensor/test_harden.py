"""Hardening applies its settings, and undo restores every byte."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from waybillguard.sensor.harden import FileStore, HardenError, apply, check, undo


class Values:
    """A registry in memory."""

    system = "windows"

    def __init__(self, values: dict[str, bytes]) -> None:
        self.values = dict(values)

    def read(self, place: str) -> bytes | None:
        return self.values.get(place)

    def mode(self, _place: str) -> int:
        return 0

    def write(self, place: str, content: bytes | None, _mode: int = 0) -> None:
        if content is None:
            self.values.pop(place, None)
        else:
            self.values[place] = content

    def children(self, place: str) -> list[str]:
        return sorted(
            {key[len(place) + 1 :].partition("\\")[0] for key in self.values if key.startswith(place + "\\")}
        )


_USB = "SYSTEM\\CurrentControlSet\\Services\\USBSTOR\\Start"
_PRINTER = "SYSTEM\\CurrentControlSet\\Control\\Print\\Printers\\Label\\Attributes"


def test_the_registry_is_set_and_put_back_as_it_was(tmp_path: Path) -> None:
    store = Values({_USB: b"4:3", _PRINTER: b"4:4416"})
    before = dict(store.values)
    apply(store, tmp_path / "record.json")
    assert store.values[_USB] == b"4:4"
    assert int(store.values[_PRINTER][2:]) & 256 == 0
    assert {each.id: each.state for each in check(store)}["usb_storage"] == "done"
    undo(store, tmp_path / "record.json")
    assert store.values == before


@given(st.binary(max_size=300), st.integers(0o400, 0o777))
def test_a_configuration_file_comes_back_byte_for_byte(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, mode: int
) -> None:
    root = tmp_path_factory.mktemp("root")
    (root / "etc/cups").mkdir(parents=True)
    file = root / "etc/cups/cupsd.conf"
    file.write_bytes(content)
    file.chmod(mode)
    store, record = FileStore(root), root / "var/lib/waybillguard/hardening.json"
    apply(store, record)
    apply(store, record)
    assert b"PreserveJobFiles No" in file.read_bytes()
    undo(store, record)
    assert file.read_bytes() == content
    assert file.stat().st_mode & 0o7777 == mode
    assert not (root / "etc/modprobe.d/waybillguard-usb-storage.conf").exists()


def test_what_somebody_changed_in_between_is_left_alone(tmp_path: Path) -> None:
    store = Values({_USB: b"4:3"})
    apply(store, tmp_path / "record.json")
    store.values[_USB] = b"4:2"
    restored, left = undo(store, tmp_path / "record.json")
    assert left == (_USB,)
    assert store.values[_USB] == b"4:2"
    assert restored


def test_undo_without_a_record_says_so(tmp_path: Path) -> None:
    with pytest.raises(HardenError):
        undo(FileStore(tmp_path), tmp_path / "none.json")


def test_check_changes_nothing(tmp_path: Path) -> None:
    check(FileStore(tmp_path))
    assert list(tmp_path.iterdir()) == []
