"""Seals the device's private keys to a TPM 2.0; the resulting file opens only on this machine.

Few TPMs support Ed25519, so the TPM does not sign. It wraps the secret under its storage hierarchy as an object that
no other TPM loads (``fixedtpm``, ``fixedparent``; TPM 2.0 Library, part 1, "Protected Storage"), and returns it at
the agent's start to any user with access to the TPM device. The object has no password, so wrong guesses cannot lock
it (``noda``).

The TPM is used through the commands of tpm2-tools. The secret passes through pipes; only wrapped data is in temporary
files, in a folder that only this user can access.
"""

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal

import msgspec

from waybillguard.agent.errors import StationError
from waybillguard.agent.files import read_private, write_private
from waybillguard.keys.primitives import SecretKey

FILE: Final = "device.tpm"
DEVICE: Final = "/dev/tpmrm0"
DEFAULT: Final = f"device:{DEVICE}"
"""The kernel's resource manager as a TCTI, the connection string of tpm2-tools (``man tpm2-tools``, "TCTI")."""
_ATTRIBUTES: Final = "fixedtpm|fixedparent|noda|userwithauth"
_TOOLS: Final = ("tpm2_createprimary", "tpm2_create", "tpm2_load", "tpm2_unseal", "tpm2_flushcontext")
_MANAGED: Final = ("device:/dev/tpmrm", "tabrmd")
"""TCTIs with a resource manager, which removes the objects that a command leaves in the TPM."""
_SECONDS: Final = 60.0
_NOT_AUTHORISED: Final = "0x9A2"
_CODE: Final = re.compile(r"\((0x[0-9A-Fa-f]+)\)")
_WARNING: Final = "tpm:warn"
_PROOF: Final = 64


class TpmError(StationError):
    """The TPM failed; no key was made or used."""

    code = "tpm"


class SilentTpmError(TpmError):
    """The TPM does not answer now, for example before its driver is loaded; a later attempt may succeed."""

    code = "tpm_silent"


class _Sealed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The content of the file: an object wrapped by the TPM (TPM2B_PUBLIC, TPM2B_PRIVATE)."""

    v: Literal[1] = 1
    public: bytes
    private: bytes


class TpmStore:
    """A store for a secret of at most 128 bytes, sealed to the TPM that ``tcti`` names."""

    kind: Final = "tpm"

    def __init__(self, folder: Path, tcti: str = DEFAULT) -> None:
        self._path, self._tcti = folder / FILE, tcti

    def available(self) -> bool:
        """Return whether there is a TPM that this user may use; an explicitly configured one is assumed to exist."""
        if not all(map(shutil.which, _TOOLS)):
            return False
        return self._tcti != DEFAULT or os.access(DEVICE, os.R_OK | os.W_OK)

    def prove(self, random: Callable[[int], bytes]) -> None:
        """Test the TPM: seal random bytes and open them again, before keys depend on it.

        Raises:
            TpmError: the test failed.
        """
        secret = random(_PROOF)
        if self._open(self._seal(secret)) != secret:
            raise _no_answer("-")

    def read(self) -> SecretKey | None:
        """Return the secret; None when there is none yet.

        Raises:
            TpmError (tpm_foreign): this TPM cannot open it.
            SilentTpmError: the TPM does not answer, or may not be used.
            StationError: other users may read the file.
        """
        try:
            content = read_private(self._path)
        except FileNotFoundError:
            return None
        try:
            return self._open(msgspec.json.decode(content, type=_Sealed))
        except msgspec.DecodeError:
            raise _foreign() from None

    def write(self, secret: bytes) -> None:
        """Seal the secret and store the wrapped object.

        Raises:
            TpmError: the TPM cannot seal it.
        """
        write_private(self._path, msgspec.json.encode(self._seal(secret)) + b"\n")

    def forget(self) -> None:
        """Delete the sealed secret. The TPM itself stores nothing."""
        self._path.unlink(missing_ok=True)

    def _seal(self, secret: bytes) -> _Sealed:
        with self._workspace() as folder:
            self._run(folder, "tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "parent")
            self._run(
                folder, "tpm2_create", "-Q", "-C", "parent", "-a", _ATTRIBUTES, "-i", "-", "-u", "public", "-r", "private",
                given=secret,
            )  # fmt: skip
            return _Sealed(
                public=Path(folder, "public").read_bytes(), private=Path(folder, "private").read_bytes()
            )

    def _open(self, sealed: _Sealed) -> SecretKey:
        with self._workspace() as folder:
            Path(folder, "public").write_bytes(sealed.public)
            Path(folder, "private").write_bytes(sealed.private)
            self._run(folder, "tpm2_createprimary", "-Q", "-C", "o", "-G", "ecc", "-c", "parent")
            load = ("tpm2_load", "-Q", "-C", "parent", "-u", "public", "-r", "private", "-c", "key")
            self._run(folder, *load, foreign=True)
            return SecretKey(self._run(folder, "tpm2_unseal", "-c", "key"))

    def _workspace(self) -> "tempfile.TemporaryDirectory[str]":
        """Return a folder of mode 0700 beside the key's file."""
        return tempfile.TemporaryDirectory(prefix=".tpm-", dir=self._path.parent)

    def _run(self, folder: str, *command: str, given: bytes = b"", foreign: bool = False) -> bytes:
        """Run one command; ``foreign``: a refusal by the TPM means that the loaded object belongs to another TPM."""
        done = self._command(folder, *command, given=given)
        if not self._tcti.startswith(_MANAGED):
            self._command(folder, "tpm2_flushcontext", "--transient-object")
        if done.returncode == 0:
            return done.stdout
        said = done.stderr.decode(errors="replace")
        found = _CODE.search(said)
        if found and found[1] == _NOT_AUTHORISED:
            raise _password_set()
        if foreign and _WARNING not in said:
            raise _foreign()
        raise _no_answer(found[1] if found else "-")

    def _command(self, folder: str, *command: str, given: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        environment = {
            "PATH": os.environ.get("PATH", os.defpath),
            "TPM2TOOLS_TCTI": self._tcti,
            "TSS2_LOG": "all+none",
            "LC_ALL": "C",
        }
        try:
            return subprocess.run(  # noqa: S603 - commands of this file
                command, cwd=folder, env=environment, input=given, capture_output=True, timeout=_SECONDS, check=False
            )  # fmt: skip
        except FileNotFoundError:
            raise _no_tools() from None
        except subprocess.TimeoutExpired:
            raise _no_answer("-") from None


def device_of(tcti: str) -> str:
    """Return the device file of a TCTI; '' for a TCTI that uses a program (``tabrmd``, ``swtpm``)."""
    way, _, place = tcti.partition(":")
    return (place or DEVICE) if way == "device" else ""


def _no_tools() -> TpmError:
    return TpmError(
        zh="未找到 tpm2-tools，无法使用 TPM。请安装（Debian：apt install tpm2-tools）后重启代理。",
        en="tpm2-tools are not installed, so the TPM cannot be used. Install them (Debian: apt install tpm2-tools) "
        "and start the agent again.",
    )


def _no_answer(code: str) -> SilentTpmError:
    return SilentTpmError(
        zh=f"TPM 无法使用（{code}），未读取或生成密钥。请确认 BIOS 中已启用 TPM、代理用户属于 tss 组、--tpm 正确。"
        "如本目录来自另一台机器，请用新的登记码登记本机。",
        en=f"the TPM cannot be used ({code}); no key was read or made. Check that it is on in the BIOS, that the agent's "
        "user is in the group tss, and that --tpm is right. If this folder comes from another machine, enrol this one "
        "with a fresh code.",
    )


def _password_set() -> TpmError:
    return TpmError(
        zh="TPM 的存储层次（owner）设有口令，代理无法使用。请清除该口令，或用 --key-store keyring 或 file 登记。",
        en="the TPM's storage hierarchy (owner) has a password, so the agent cannot use it. Take the password off, "
        "or enrol with --key-store keyring or file.",
    )


def _foreign() -> TpmError:
    return TpmError(
        code="tpm_foreign",
        zh="设备密钥不能由本机的 TPM 打开：目录来自另一台机器、TPM 已被清除，或文件已损坏。密钥无法恢复。"
        "请在“设备”页吊销旧设备，再用新的登记码登记本机。",
        en="this machine's TPM does not open the device's key: the folder comes from another machine, the TPM was "
        "cleared, or the file is damaged. The key cannot be recovered. Revoke the old device on the Devices page and "
        "enrol this machine with a fresh code.",
    )
