"""The systemd units of a deployment with two users: their exposure, as rated by systemd."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from support.missing import missing

UNITS = Path(__file__).parents[3] / "deploy" / "systemd"
MOST = 2.0


@pytest.mark.parametrize("unit", sorted(UNITS.glob("*.service")), ids=lambda path: path.stem)
def test_a_unit_exposes_little(unit: Path) -> None:
    if shutil.which("systemd-analyze") is None:
        missing("systemd-analyze", "install systemd")
    done = subprocess.run(
        ["systemd-analyze", "security", "--offline=yes", "--no-pager", str(unit)],
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    found = re.search(r"Overall exposure level for \S+: ([\d.]+)", done.stdout)
    assert found, done.stderr
    assert float(found[1]) < MOST, done.stdout


def test_the_passphrase_is_given_to_keyd_alone() -> None:
    given = {path.stem: "passphrase:" in path.read_text("utf-8") for path in UNITS.glob("*.service")}
    assert given == {"waybillguard-keyd": True, "waybillguard": False}
