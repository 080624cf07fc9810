"""Hives that were copied while in use: their logs are replayed. The cases were written without knowing the method."""

import zipfile
from pathlib import Path

import pytest
import yaml

from waybillguard.sensor.evidence.child import Gathered, gather
from waybillguard.sensor.evidence.hive.logs import _marvin32

CASES = Path(__file__).parents[1] / "cases" / "hive_logs"
NAMES = sorted(path.parent.name for path in CASES.glob("*/expect.yaml"))


@pytest.fixture(scope="module", params=["folder", "zip"])
def read(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Gathered:
    """What is read of all cases, each a computer's folder of hives."""
    if request.param == "folder":
        return gather([str(CASES)])
    packed = tmp_path_factory.mktemp("packed") / "evidence.zip"
    with zipfile.ZipFile(packed, "w") as archive:
        for path in sorted(CASES.glob("*/*")):
            archive.write(path, path.relative_to(CASES))
    return gather([str(packed)])


@pytest.mark.parametrize("name", NAMES)
def test_a_frozen_hive_is_read_with_its_logs(name: str, read: Gathered) -> None:
    wanted = yaml.safe_load((CASES / name / "expect.yaml").read_text("utf-8"))
    seen = [one for one in read.seen if name in one.file.split("/")]
    commands = {one.command.lower() for one in seen if one.kind == "autorun"}
    # Of autostarts in Windows' own folder nothing is kept.
    outside = {line.lower() for line in wanted["present"] if r"\windows\system32" not in line.lower()}
    assert outside <= commands, wanted["story"]
    assert not {line.lower() for line in wanted["absent"]} & commands, wanted["story"]
    lost = [loss for loss in read.losses if name in loss.file.split("/")]
    assert bool(lost) == wanted["lost"], (wanted["story"], lost)


def test_the_cases_are_there() -> None:
    assert len(NAMES) == 74


@pytest.mark.parametrize(
    ("data", "wanted"),
    [
        ("", 0x30ED35C100CD3C7D),
        ("af", 0x48E73FC77D75DDC1),
        ("e70f", 0xB5F6E1FC485DBFF8),
        ("37f495", 0xF0B07C789B8CF7E8),
        ("8642dc59", 0x7008F2E87E9CF556),
        ("153fb79826", 0xE6C08C6DA2AFA997),
        ("0932e6246c47", 0x6F04BF1A5EA24060),
        ("ab427ea8d10fc7", 0xE11847E4F0678C41),
    ],
)
def test_the_hash_gives_the_published_results(data: str, wanted: int) -> None:
    """Vectors of the .NET runtime's tests."""
    assert _marvin32(bytes.fromhex(data), seed=0x004FB61A001BDBCC) == wanted.to_bytes(8, "little")
