"""The device's keys sealed to a TPM: a real one in software, and a second one that must not open them."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from support.agent import agent
from support.codes import has_code
from support.tpm import SoftTpm

from waybillguard.agent.errors import StationError
from waybillguard.agent.keystore import FileStore, KeyringStore, keep_new, store_for, store_to_enrol
from waybillguard.agent.settings import read_settings
from waybillguard.agent.station import Identity, Station
from waybillguard.agent.tpm import FILE, SilentTpmError, TpmError, TpmStore, device_of
from waybillguard.agent.unit import unit_text

SECRET = bytes(range(64))


@pytest.fixture(scope="module")
def tpm() -> Iterator[SoftTpm]:
    with SoftTpm() as made:
        yield made


@pytest.fixture(scope="module")
def other() -> Iterator[SoftTpm]:
    with SoftTpm() as made:
        yield made


@pytest.fixture
def sealed(tpm: SoftTpm, tmp_path: Path) -> TpmStore:
    store = TpmStore(tmp_path, tpm.tcti)
    store.write(SECRET)
    return store


def test_what_was_sealed_comes_back_and_the_file_is_this_users_alone(
    sealed: TpmStore, tmp_path: Path
) -> None:
    found = sealed.read()
    assert found == SECRET
    assert repr(found) == "SecretKey(…)"
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir()] == [FILE], "nothing is left beside it"
    assert TpmStore(tmp_path / "nowhere").read() is None


def test_the_object_can_neither_move_to_another_tpm_nor_lock_this_one(
    sealed: TpmStore, tpm: SoftTpm, tmp_path: Path
) -> None:
    assert sealed.read() == SECRET
    public = tmp_path / "public"
    public.write_bytes(msgspec.convert(msgspec.json.decode((tmp_path / FILE).read_bytes())["public"], bytes))
    told = tpm.ask("tpm2_print", "-t", "TPM2B_PUBLIC", str(public)).stdout.decode()
    assert "fixedtpm|fixedparent|userwithauth|noda\n" in told, told


def test_a_tpm_is_not_used_up_by_asking_often(sealed: TpmStore) -> None:
    """Without a resource manager a TPM holds three objects; each command must clean up after itself."""
    for _ in range(5):
        assert sealed.read() == SECRET


def test_the_secret_is_in_no_argument_no_environment_and_no_file(
    tpm: SoftTpm, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every command is watched: what it was called with, and what lies in its folder before and after."""
    seen, watching, home = tmp_path / "seen", tmp_path / "watching", tmp_path / "home"
    watching.mkdir()
    home.mkdir()
    for name in ("createprimary", "create", "load", "unseal", "flushcontext"):
        real = shutil.which(f"tpm2_{name}")
        script = watching / f"tpm2_{name}"
        look = f'(cat "/proc/$$/cmdline" "/proc/$$/environ" ./*; ls -ld .) >> {seen} 2> /dev/null'
        script.write_text(f'#!/bin/sh\n{look}\n{real} "$@"\nstatus=$?\n{look}\nexit $status\n')
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{watching}:{os.environ['PATH']}")
    store = TpmStore(home, tpm.tcti)
    store.write(SECRET)
    assert store.read() == SECRET
    found = seen.read_bytes()
    assert b"tpm2_create" in found
    assert b"drwx------" in found, "the commands work in a folder of this user alone"
    assert b"drwxr" not in found
    found += (home / FILE).read_bytes()
    for form in (SECRET, SECRET[:32], SECRET[32:]):
        assert form not in found
        assert form.hex().encode() not in found.lower()
        assert msgspec.json.encode(form)[1:-3] not in found


def test_a_copy_of_the_folder_is_of_no_use_on_another_machine(
    sealed: TpmStore, other: SoftTpm, tmp_path: Path
) -> None:
    copy = tmp_path / "copy"
    copy.mkdir(0o700)
    shutil.copy2(tmp_path / FILE, copy / FILE)
    with pytest.raises(TpmError, check=has_code("tpm_foreign")) as caught:
        TpmStore(copy, other.tcti).read()
    assert "another machine" in caught.value.en
    assert "fresh code" in caught.value.en
    assert "登记码" in caught.value.zh
    assert sealed.read() == SECRET, "here it still opens"


def test_a_cleared_tpm_has_lost_the_key_and_the_error_says_what_to_do(tmp_path: Path) -> None:
    with SoftTpm() as own:
        store = TpmStore(tmp_path, own.tcti)
        store.write(SECRET)
        own.switch_off()
        own.switch_on()
        assert store.read() == SECRET, "a restart loses nothing"
        own.clear()
        with pytest.raises(TpmError, check=has_code("tpm_foreign"), match="cleared"):
            store.read()
        own.switch_off()
        with pytest.raises(SilentTpmError, match="cannot be used"):
            store.read()
        own.switch_on()


@pytest.mark.parametrize("part", ["public", "private"])
def test_a_changed_file_does_not_open(sealed: TpmStore, tmp_path: Path, part: str) -> None:
    parts = msgspec.json.decode((tmp_path / FILE).read_bytes())
    blob = bytearray(msgspec.convert(parts[part], bytes))
    blob[-1] ^= 1
    parts[part] = bytes(blob)
    (tmp_path / FILE).write_bytes(msgspec.json.encode(parts))
    with pytest.raises(TpmError, check=has_code("tpm_foreign")):
        sealed.read()


@pytest.mark.parametrize("content", [b"", b"{}", b"\xff", b'{"v":1,"public":"","private":""}'])
def test_a_damaged_file_is_named(sealed: TpmStore, tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE).write_bytes(content)
    with pytest.raises(TpmError, check=has_code("tpm_foreign"), match="damaged"):
        sealed.read()


def test_a_file_that_others_can_read_is_not_used(sealed: TpmStore, tmp_path: Path) -> None:
    (tmp_path / FILE).chmod(0o644)
    with pytest.raises(StationError, match="others can read"):
        sealed.read()


def test_without_the_tools_the_error_names_them(
    sealed: TpmStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert not sealed.available()
    with pytest.raises(TpmError, match="tpm2-tools"):
        sealed.read()


def test_new_keys_go_to_the_tpm_where_there_is_one_and_those_of_before_are_dropped(
    tpm: SoftTpm, tmp_path: Path
) -> None:
    FileStore(tmp_path).write(bytes(64))
    assert isinstance(store_for(tmp_path, kind="tpm", tpm=tpm.tcti), FileStore), (
        "keys do not move by themselves"
    )
    store, passed_over = store_to_enrol(tmp_path, os.urandom, tpm=tpm.tcti)
    assert (store.kind, passed_over) == ("tpm", None)
    keep_new(tmp_path, store, SECRET)
    assert not (tmp_path / "device.key").exists()
    assert store_for(tmp_path, kind="file", tpm=tpm.tcti).read() == SECRET
    again, _ = store_to_enrol(tmp_path, os.urandom, kind="file", tpm=tpm.tcti)
    keep_new(tmp_path, again, SECRET)
    assert [path.name for path in tmp_path.iterdir()] == ["device.key"]


def test_a_tpm_that_cannot_be_used_is_passed_over_with_the_reason_unless_it_was_asked_for(
    tmp_path: Path,
) -> None:
    with SoftTpm() as locked:
        locked.ask("tpm2_changeauth", "-c", "o", "set by somebody")
        store, passed_over = store_to_enrol(tmp_path, os.urandom, tpm=locked.tcti)
        assert store.kind == ("keyring" if KeyringStore.available() else "file")
        assert passed_over is not None
        assert "password" in passed_over.en
        with pytest.raises(TpmError, match="password"):
            store_to_enrol(tmp_path, os.urandom, kind="tpm", tpm=locked.tcti)
    assert list(tmp_path.iterdir()) == []


def test_a_machine_without_a_tpm_uses_what_it_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("waybillguard.agent.tpm.DEVICE", str(tmp_path / "tpmrm0"))
    store, passed_over = store_to_enrol(tmp_path, os.urandom)
    assert store.kind != "tpm"
    assert passed_over is None


def test_the_settings_choose(tmp_path: Path) -> None:
    path = tmp_path / "agent.toml"
    path.write_text('key_store = "tpm"\ntpm = "device:/dev/tpmrm1"\n', "utf-8")
    assert (read_settings(path).key_store, read_settings(path).tpm) == ("tpm", "device:/dev/tpmrm1")
    path.write_text('key_store = "vault"\n', "utf-8")
    with pytest.raises(StationError):
        read_settings(path)


def test_the_unit_opens_the_tpm_only_where_it_was_chosen() -> None:
    without, with_tpm = (
        unit_text("/usr/bin/waybillguard"),
        unit_text("/usr/bin/waybillguard", tpm="/dev/tpmrm0"),
    )
    assert "PrivateDevices=yes" in without
    assert "tpm" not in without
    assert "tss" not in without
    for line in (
        "PrivateDevices=no",
        "DevicePolicy=closed",
        "DeviceAllow=/dev/tpmrm0 rw",
        "SupplementaryGroups=tss",
    ):
        assert f"\n{line}\n" in with_tpm


@pytest.mark.parametrize(
    ("tcti", "device"),
    [
        ("device:/dev/tpmrm1", "/dev/tpmrm1"),
        ("device", "/dev/tpmrm0"),
        ("tabrmd", ""),
        ("swtpm:port=2321", ""),
    ],
)
def test_only_a_way_through_the_kernel_opens_a_device_file(tcti: str, device: str) -> None:
    assert device_of(tcti) == device


def unit(*arguments: str) -> str:
    done = agent("unit", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_printed_unit_enrols_and_starts_with_what_was_given(tmp_path: Path) -> None:
    given = ("--key-store", "tpm", "--tpm", "device:/dev/tpmrm1")
    text = unit("--home", str(tmp_path), *given)
    options = f"--home {tmp_path} {' '.join(given)}"
    assert text.count(f"agent enrol {options}") == text.count(f"agent run {options}") == 1
    assert "DeviceAllow=/dev/tpmrm1 rw" in text
    assert f"ReadWritePaths={tmp_path}" in text
    assert "PrivateDevices=yes" in unit("--home", str(tmp_path), "--key-store", "tpm", "--tpm", "tabrmd")


def test_the_printed_unit_opens_the_tpm_that_auto_has_chosen(tmp_path: Path) -> None:
    (tmp_path / FILE).touch()
    assert "DeviceAllow=/dev/tpmrm0 rw" in unit("--home", str(tmp_path))


def test_a_tpm_that_is_silent_at_the_start_is_asked_again_by_the_unit(tmp_path: Path) -> None:
    with SoftTpm() as own:
        TpmStore(tmp_path, own.tcti).write(SECRET)
        own.switch_off()
        Station(tmp_path).keep(Identity(server="https://here", device="0" * 32, station="packing-1"))
        done = agent("status", "--home", str(tmp_path), "--tpm", own.tcti)
        assert (done.returncode, "cannot be used" in done.stderr) == (3, True), done.stderr
        own.switch_on()
