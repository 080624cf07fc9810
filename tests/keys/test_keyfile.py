"""The sealed key file: life, bounds and hostile contents."""

import json
import os
import sys
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.keys import errors, holders, keyfile
from waybillguard.keys.primitives import Argon2Params

CHEAP = Argon2Params(memory_kib=19 * 1024, passes=2, lanes=1)
PASSPHRASE = "大红灯笼 river table 42"

posix = pytest.mark.skipif(sys.platform == "win32", reason="file modes are POSIX")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "root.key"
    keyfile.create(file, PASSPHRASE, params=CHEAP)
    return file


def altered(path: Path, **changes: Any) -> None:
    content = json.loads(path.read_text())
    for name, value in changes.items():
        if value is None:
            del content[name]
        else:
            content[name] = value
    path.write_text(json.dumps(content))


def test_the_root_key_that_was_created_is_the_one_unlocked(tmp_path: Path) -> None:
    file = tmp_path / "root.key"
    assert bytes(keyfile.create(file, PASSPHRASE, params=CHEAP)) == bytes(keyfile.unlock(file, PASSPHRASE))


def test_a_wrong_passphrase_is_told_in_both_languages_and_not_repeated(path: Path) -> None:
    with pytest.raises(errors.WrongPassphraseError) as caught:
        keyfile.unlock(path, "not the passphrase")
    assert "口令不正确" in caught.value.zh
    assert "wrong passphrase" in caught.value.en
    assert "not the passphrase" not in caught.value.zh + caught.value.en


def test_a_new_passphrase_opens_the_same_root_and_the_old_one_no_longer(path: Path) -> None:
    before = keyfile.unlock(path, PASSPHRASE)
    keyfile.change_passphrase(path, PASSPHRASE, "another passphrase", params=CHEAP)
    assert bytes(keyfile.unlock(path, "another passphrase")) == bytes(before)
    with pytest.raises(errors.WrongPassphraseError):
        keyfile.unlock(path, PASSPHRASE)


def test_changing_with_a_wrong_passphrase_leaves_the_file_as_it_was(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(errors.WrongPassphraseError):
        keyfile.change_passphrase(path, "wrong passphrase", "another passphrase", params=CHEAP)
    assert path.read_bytes() == before


def test_changing_to_the_same_passphrase_uses_a_fresh_salt_and_nonce(path: Path) -> None:
    before = json.loads(path.read_text())
    keyfile.change_passphrase(path, PASSPHRASE, PASSPHRASE, params=CHEAP)
    after = json.loads(path.read_text())
    assert before["salt"] != after["salt"]
    assert before["nonce"] != after["nonce"]
    assert before["key_id"] == after["key_id"]


def test_an_existing_key_file_is_never_overwritten(path: Path) -> None:
    before = path.read_bytes()
    with pytest.raises(errors.KeysError, check=has_code("key_file_exists")):
        keyfile.create(path, PASSPHRASE, params=CHEAP)
    assert path.read_bytes() == before


def test_a_race_for_the_same_name_is_lost_without_overwriting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "root.key"
    file.write_text("another's")
    monkeypatch.setattr(os.path, "lexists", lambda _path: False)  # it appeared after we looked
    with pytest.raises(errors.KeysError, check=has_code("key_file_exists")):
        keyfile.create(file, PASSPHRASE, params=CHEAP)
    assert file.read_text() == "another's"
    assert [entry.name for entry in tmp_path.iterdir()] == ["root.key"]


def test_a_short_passphrase_is_refused_and_no_file_appears(tmp_path: Path) -> None:
    with pytest.raises(errors.KeysError, check=has_code("weak_passphrase")):
        keyfile.create(tmp_path / "root.key", "1234567", params=CHEAP)
    assert list(tmp_path.iterdir()) == []


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(errors.KeysError, check=has_code("key_file_missing")):
        keyfile.unlock(tmp_path / "none.key", PASSPHRASE)


def test_a_folder_that_is_not_there_says_that_nothing_could_be_written(tmp_path: Path) -> None:
    with pytest.raises(errors.KeysError, check=has_code("key_file_unwritable")):
        keyfile.create(tmp_path / "none" / "root.key", PASSPHRASE, params=CHEAP)


@posix
def test_the_file_is_readable_by_its_owner_alone(path: Path) -> None:
    keyfile.change_passphrase(path, PASSPHRASE, PASSPHRASE, params=CHEAP)
    assert path.stat().st_mode & 0o777 == 0o600


@posix
@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620])
def test_a_file_open_to_others_is_refused(path: Path, mode: int) -> None:
    path.chmod(mode)
    with pytest.raises(errors.KeysError, check=has_code("key_file_open_to_others"), match="chmod 600"):
        keyfile.unlock(path, PASSPHRASE)


@posix
def test_a_symbolic_link_is_not_followed(path: Path, tmp_path: Path) -> None:
    link = tmp_path / "link.key"
    link.symlink_to(path)
    with pytest.raises(errors.KeysError, check=has_code("key_file_missing")):
        keyfile.unlock(link, PASSPHRASE)


@posix
def test_a_pipe_in_place_of_the_file_does_not_hang(tmp_path: Path) -> None:
    pipe = tmp_path / "root.key"
    os.mkfifo(pipe, 0o600)
    with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
        keyfile.unlock(pipe, PASSPHRASE)


def test_a_whole_write_leaves_no_draft_behind(path: Path) -> None:
    keyfile.change_passphrase(path, PASSPHRASE, PASSPHRASE, params=CHEAP)
    assert [entry.name for entry in path.parent.iterdir()] == ["root.key"]


def test_a_full_disk_leaves_the_old_file_and_no_draft(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = path.read_bytes()

    def full(_descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(errors.KeysError, check=has_code("key_file_unwritable")):
        keyfile.change_passphrase(path, PASSPHRASE, "another passphrase", params=CHEAP)
    assert path.read_bytes() == before
    assert [entry.name for entry in path.parent.iterdir()] == ["root.key"]


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"kind": "other"},
        {"kdf": "scrypt"},
        {"cipher": "none"},
        {"salt": None},
        {"salt": "AAAA"},
        {"salt": "!!!!"},
        {"nonce": ""},
        {"sealed": "AAAA"},
        {"extra": 1},
        {"params": {"memory_kib": 1 << 40, "passes": 3, "lanes": 1}},
        {"params": {"memory_kib": 19456, "passes": 1 << 31, "lanes": 1}},
        {"params": {"memory_kib": 19456, "passes": 3, "lanes": 1 << 24}},
        {"params": {"memory_kib": -1, "passes": 3, "lanes": 1}},
        {"params": []},
    ],
)
def test_a_hostile_field_is_refused_before_any_memory_is_taken(path: Path, changes: dict[str, Any]) -> None:
    altered(path, **changes)
    with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
        keyfile.unlock(path, PASSPHRASE)


@pytest.mark.parametrize(
    "changes",
    [
        {"params": {"memory_kib": 19456, "passes": 3, "lanes": 1}},
        {"key_id": "0000000000000000"},
        {"nonce": "AAAAAAAAAAAAAAAA"},
    ],
)
def test_a_plausible_but_altered_field_does_not_open(path: Path, changes: dict[str, Any]) -> None:
    altered(path, **changes)
    with pytest.raises(errors.WrongPassphraseError):
        keyfile.unlock(path, PASSPHRASE)


def test_a_huge_file_is_not_read_whole(path: Path) -> None:
    path.write_bytes(b" " * 5000)
    with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
        keyfile.unlock(path, PASSPHRASE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(cut=st.floats(0, 0.999))
def test_a_file_cut_short_anywhere_is_damaged(path: Path, cut: float) -> None:
    whole = path.read_bytes().rstrip()
    part = path.with_name("cut.key")
    part.write_bytes(whole[: int(len(whole) * cut)])
    part.chmod(0o600)
    with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
        keyfile.unlock(part, PASSPHRASE)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200, deadline=None)
@given(raw=st.binary(max_size=300))
def test_random_bytes_are_damaged(path: Path, raw: bytes) -> None:
    noise = path.with_name("noise.key")
    noise.write_bytes(raw)
    noise.chmod(0o600)
    with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
        keyfile.unlock(noise, PASSPHRASE)


@pytest.mark.parametrize("word", [b"keyfile", b"argon2id", b"key_id"])
def test_a_flipped_bit_in_a_word_is_damage_to_whoever_reads_the_file(path: Path, word: bytes) -> None:
    raw = path.read_bytes()
    place = raw.index(word)
    path.write_bytes(raw[:place] + bytes([raw[place] | 0x80]) + raw[place + 1 :])
    for read in (holders.describe, lambda of: holders.unlock(of, PASSPHRASE), keyfile.read_key_file):
        with pytest.raises(errors.KeysError, check=has_code("key_file_damaged")):
            read(path)


def test_the_default_cost_stays_inside_the_bounds() -> None:
    params = Argon2Params()
    params.check()
    assert params.memory_kib >= 128 * 1024
