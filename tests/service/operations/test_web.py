"""The web process keeps the server's key only in memory, and only while it runs."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from waybillguard.service.operations import web


def test_keys_of_killed_processes_are_swept_and_those_of_living_ones_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    names = [
        f"waybillguard-web-{ended.pid}-a",
        f"waybillguard-web-{os.getpid()}-b",
        "waybillguard-web-x-c",
        "other",
    ]
    for name in names:
        (tmp_path / name).mkdir()
        (tmp_path / name / "server.key").write_text("k")
    monkeypatch.setattr(web, "MEMORY", tmp_path)
    key = Ed25519PrivateKey.generate().private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.BestAvailableEncryption(b"p"),
    )
    stored = tmp_path / "stored.pem"
    stored.write_bytes(key)
    clear = web._key_in_memory(stored, "p")
    assert clear.stat().st_mode & 0o777 == 0o600
    assert clear.parent.stat().st_mode & 0o777 == 0o700
    assert clear.parent.name.startswith(f"waybillguard-web-{os.getpid()}-")
    assert [name for name in names if (tmp_path / name).exists()] == names[1:]
