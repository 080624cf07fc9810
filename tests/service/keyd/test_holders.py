"""keyd with another key holder, with shares, and with a lost key file: through the CLI, against a real token."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from support.keyd import Keyd
from support.missing import missing

PIN = "tests open this"  # the passphrase that the helper gives keyd at its start
MODULES = ("/usr/lib/softhsm/libsofthsm2.so", "/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so")


@pytest.fixture
def token(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The settings of a new SoftHSM2 token, as the CLI takes them."""
    module = next((path for path in MODULES if Path(path).exists()), None)
    if module is None or shutil.which("softhsm2-util") is None:
        missing("SoftHSM2", "install the package softhsm2")
    (tmp_path / "tokens").mkdir()
    (tmp_path / "softhsm2.conf").write_text(f"directories.tokendir = {tmp_path}/tokens\nlog.level = ERROR\n")
    monkeypatch.setenv("SOFTHSM2_CONF", str(tmp_path / "softhsm2.conf"))
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", "box", "--pin", PIN, "--so-pin", "87654321"],
        check=True, stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return ["--set", f"module={module}", "--set", "token=box"]


def shell(made: Keyd, *arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "waybillguard", "keys", *arguments, "--data", str(made.data)],
        env=os.environ | made.environment, input=stdin, capture_output=True, text=True, check=False, timeout=120,
    )  # fmt: skip


def test_the_root_key_moves_into_a_token_out_of_shares_and_the_ledger_goes_on(
    tmp_path: Path, token: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    secret = tmp_path / "secret"
    secret.write_text(PIN + "\n")
    made = Keyd(tmp_path / "data").start()
    try:
        made.record(3)
        busy = shell(made, "holder", "pkcs11", *token, "--old-file", str(secret), "--new-file", str(secret))
        assert busy.returncode == 2, "a running service keeps its holder"
        made.stop()
        moved = shell(made, "holder", "pkcs11", *token, "--old-file", str(secret), "--new-file", str(secret))
        assert moved.returncode == 0, moved.stderr
        assert "pkcs11" in shell(made, "holder").stderr
        assert shell(made, "passphrase", "--old-file", str(secret), "--new-file", str(secret)).returncode == 2
        made.start()
        assert made.record().index == 4, "the same ledger, the same keys; the change stands in it"
        made.stop()
        told = shell(made, "escrow", "--needed", "2", "--shares", "3", "--old-file", str(secret))
        assert told.returncode == 0, told.stderr
        lines = told.stdout.splitlines()
        assert len(lines) == 3
        assert not any(line.split("] ")[1] in path.read_text(errors="replace")
                       for line in lines for path in tmp_path.rglob("*") if path.is_file())  # fmt: skip
        made.config.key_file.unlink()
        lost = shell(made, "recover", "--new-file", str(secret), stdin=lines[1] + "\n")
        assert lost.returncode == 2, "one share is nothing"
        found = shell(made, "recover", "--new-file", str(secret), stdin="\n".join(lines[1:]))
        assert found.returncode == 0, found.stderr
        made.start()
        assert made.record().index == 7
    finally:
        made.stop()
