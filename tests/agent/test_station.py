"""The station's folder, keys and settings."""

import os
import stat
from pathlib import Path

import pytest
from support.agent import agent
from support.codes import has_code

from waybillguard.agent.errors import StationError
from waybillguard.agent.files import sole_use, write_private
from waybillguard.agent.keystore import FileStore, make_keys, store_for
from waybillguard.agent.settings import EXAMPLE, is_local, printer_info, read_settings
from waybillguard.agent.station import Identity, Station
from waybillguard.agent.unit import unit_text


def test_the_key_file_is_this_users_alone_and_gives_the_same_keys(tmp_path: Path) -> None:
    made = make_keys(FileStore(tmp_path), os.urandom)
    assert (tmp_path / "device.key").stat().st_mode & 0o777 == 0o600
    again = FileStore(tmp_path).read()
    assert again is not None
    assert again[:32] == made.signing.private_bytes_raw()
    assert repr(again) == "SecretKey(…)"
    assert "key" not in repr(made)


def test_a_key_file_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    make_keys(FileStore(tmp_path), os.urandom)
    (tmp_path / "device.key").chmod(0o644)
    with pytest.raises(StationError):
        FileStore(tmp_path).read()


@pytest.mark.parametrize("content", [b"", b"AAAA", b"\xff\xfe", b"not base64!"])
def test_a_damaged_key_file_is_named_and_not_used(tmp_path: Path, content: bytes) -> None:
    write_private(tmp_path / "device.key", content)
    with pytest.raises(StationError):
        FileStore(tmp_path).read()


def test_a_key_file_that_is_there_stays_the_store(tmp_path: Path) -> None:
    make_keys(FileStore(tmp_path), os.urandom)
    assert isinstance(store_for(tmp_path, kind="keyring"), FileStore)
    assert FileStore(tmp_path / "nowhere").read() is None


def test_a_station_is_enrolled_or_says_how(tmp_path: Path) -> None:
    station = Station(tmp_path / "home")
    station.prepare()
    with pytest.raises(StationError, check=has_code("not_enrolled")):
        station.identity()
    with pytest.raises(StationError, check=has_code("not_enrolled")):
        station.tls()
    identity = Identity(server="https://box.local:8443", device="0" * 32, station="打包台1")
    station.keep(identity)
    assert station.identity() == identity


def test_two_agents_never_share_a_folder(tmp_path: Path) -> None:
    with sole_use(tmp_path), pytest.raises(StationError), sole_use(tmp_path):
        pass
    with sole_use(tmp_path):
        pass


def test_the_example_of_the_settings_reads(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text(EXAMPLE, "utf-8")
    printer = read_settings(path).printers["label-1"]
    assert (printer.uri, printer.languages) == ("raw://192.168.8.30:9100", ["tspl"])
    assert printer_info("label-1", printer).refused == ""


def test_no_settings_are_no_printers(tmp_path: Path) -> None:
    assert read_settings(tmp_path / "agent.toml").printers == {}


@pytest.mark.parametrize(
    "text",
    [
        "[printers.a]\nuri='file:///tmp/x'\nlanguages=['pdf']",
        "[printers.a]\nuri='smb://server/queue'\nlanguages=['pdf']",
        "[printers.a]\nuri='raw://'\nlanguages=['tspl']",
        "[printers.a]\nuri='raw://printer.example.com'\nlanguages=['tspl']",
        "[printers.a]\nuri='ipp://printer.example.com/printers/label'\nlanguages=['pdf']",
        "[printers.a]\nuri='ipp://8.8.8.8/printers/label'\nlanguages=['pdf']",
        "[shim]\ncompatibility='13529'",
        "[printers.a]\nuri='raw://h'\nlanguages=[]",
        "[printers.a]\nuri='raw://h'\nlanguages=['epl']",
        "[printers.a]\nuri='raw://192.168.8.30:99999'\nlanguages=['tspl']",
        "[printers.a]\nuri='raw://192.168.8.30:abc'\nlanguages=['tspl']",
        "[printers.a]\nuri='raw://[::1'\nlanguages=['tspl']",
        "[printers.a]\nuri='raw://192.168.8.30'\nlanguages=['pdf']",
        "[printers.a]\nuri='ipps://printer.example.com/x'\nlanguages=['pdf']\nauthority='/nowhere/ca.pem'",
        "[printers.'a b']\nuri='raw://h'\nlanguages=['tspl']",
        "[printers.a]\nuri='raw://h'\nlanguages=['tspl']\nspeed=9",
        "printers = 3",
        "][",
    ],
)
def test_wrong_settings_are_refused_with_their_place(tmp_path: Path, text: str) -> None:
    path = tmp_path / "agent.toml"
    path.write_text(text, "utf-8")
    with pytest.raises(StationError) as caught:
        read_settings(path)
    assert "agent.toml" in caught.value.zh


def test_settings_that_a_windows_editor_saved_are_read_or_named(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    text = "# 打印机\r\n[printers.a]\r\nuri='raw://192.168.8.30'\r\nlanguages=['tspl']\r\n"
    path.write_text(text, "utf-8-sig", newline="")
    assert list(read_settings(path).printers) == ["a"]
    path.write_text(text, "gb18030", newline="")
    with pytest.raises(StationError) as caught:
        read_settings(path)
    assert "UTF-8" in caught.value.zh


def test_a_new_name_in_the_stations_folder_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: list[bool] = []
    sync = os.fsync

    def watched(descriptor: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        sync(descriptor)

    monkeypatch.setattr(os, "fsync", watched)
    write_private(tmp_path / "journal.jsonl", b"")
    assert synced == [False, True]


def test_a_pinned_printer_with_a_virtual_ones_name_is_flagged(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text("[printers.pdf]\nuri='ipp://localhost/printers/pdf'\nlanguages=['pdf']", "utf-8")
    assert printer_info("pdf", read_settings(path).printers["pdf"]).refused == "pdf"


@pytest.mark.parametrize(
    ("host", "local"),
    [("192.168.8.30", True), ("10.0.0.9", True), ("127.0.0.1", True), ("zebra", True), ("zebra.local", True),
     ("9.9.9.9", False), ("printer.example.com", False), ("fd00::9", True)],
)  # fmt: skip
def test_raw_printing_belongs_on_a_local_network(host: str, local: bool) -> None:
    assert is_local(host) is local


def test_the_unit_gives_the_agent_no_more_than_it_needs() -> None:
    text = unit_text("/usr/local/bin/waybillguard")
    for line in ("User=waybillguard-agent", "NoNewPrivileges=yes", "ProtectSystem=strict", "LimitCORE=0"):
        assert line in text
    assert "ExecStart=/usr/local/bin/waybillguard agent run --home /var/lib/waybillguard-agent" in text


def test_compatibility_mode_is_refused_on_a_print_station_with_the_reason(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text('host_class = "station"\n[shim]\ncompatibility = "127.0.0.1:13529"\n', "utf-8")
    with pytest.raises(StationError) as caught:
        read_settings(path)
    assert "somebody works on" in caught.value.en
    path.write_text('host_class = "server"\n[shim]\ncompatibility = "127.0.0.1:13529"\n', "utf-8")
    assert read_settings(path).shim is not None


def test_a_disk_that_takes_nothing_is_said_in_both_languages_and_the_unit_starts_it_again(
    tmp_path: Path,
) -> None:
    (tmp_path / "agent.toml").mkdir()  # every read of it ends in an OSError
    done = agent("run", "--home", str(tmp_path))
    assert done.returncode == 3
    assert "Is a directory" in done.stderr
    assert "无法读写" in done.stderr
    assert "RestartPreventExitStatus=1 2\n" in unit_text("waybillguard")
