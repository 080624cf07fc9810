"""Private matching by three parties that share only the exchanged files."""

import json
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from waybillguard.cli.trace_match import app


class Side:
    """A party (police or warehouse) with its own folder, whose commands can read only its own files."""

    def __init__(self, folder: Path, *numbers: str) -> None:
        self.folder = folder
        folder.mkdir()
        (folder / "list.csv").write_text("waybill_no\n" + "\n".join(numbers) + "\n")

    def run(self, *arguments: str) -> Result:
        own = [str(self.folder / one) if "." in one else one for one in arguments]
        return CliRunner().invoke(app, own)

    def hand(self, name: str, other: "Side", new: str) -> None:
        (other.folder / new).write_bytes((self.folder / name).read_bytes())


@pytest.fixture(scope="module")
def matched(tmp_path_factory: pytest.TempPathFactory) -> tuple[Side, dict[str, Side], dict[str, list[str]]]:
    root = tmp_path_factory.mktemp("match")
    numbers = [f"YT{n:012}" for n in range(300)]
    police = Side(root / "police", numbers[3], numbers[250].lower(), "SF000000000001")
    sides = {"north": Side(root / "north", *numbers[:200]), "south": Side(root / "south", *numbers[200:])}
    assert police.run("request", "list.csv", "--key", "own.key", "--out", "request.bin").exit_code == 0
    common = {}
    for name, side in sides.items():
        assert side.run("setup", "list.csv", "--key", "own.key", "--out", "setup.bin").exit_code == 0
        police.hand("request.bin", side, "asked.bin")
        done = side.run("respond", "asked.bin", "--key", "own.key", "--out", "response.bin")
        assert done.exit_code == 0, done.stderr
        side.hand("setup.bin", police, f"{name}-setup.bin")
        side.hand("response.bin", police, f"{name}-response.bin")
        done = police.run(
            "open", "list.csv", "--setup", f"{name}-setup.bin", "--response", f"{name}-response.bin",
            "--key", "own.key", "--json", "common.json",
        )  # fmt: skip
        assert done.exit_code == 1, done.stderr
        common[name] = json.loads((police.folder / "common.json").read_bytes())["common"]
    return police, sides, common


Matched = tuple[Side, dict[str, Side], dict[str, list[str]]]


def test_each_warehouses_victims_come_out_and_no_others(matched: Matched) -> None:
    assert matched[2] == {"north": ["YT000000000003"], "south": ["YT000000000250"]}


def test_no_file_handed_over_holds_a_number(matched: Matched) -> None:
    police, sides, _ = matched
    handed = [
        police.folder / "request.bin",
        *(side.folder / name for side in sides.values() for name in ("setup.bin", "response.bin")),
    ]
    assert all(b"YT0" not in path.read_bytes() and b"SF0" not in path.read_bytes() for path in handed)


def test_the_key_is_for_its_owner_alone(matched: Matched) -> None:
    assert (matched[0].folder / "own.key").stat().st_mode & 0o077 == 0


def test_a_file_that_is_none_of_a_matching_leaves_with_two(matched: Matched) -> None:
    side = matched[1]["north"]
    (side.folder / "junk.bin").write_bytes(b"junk")
    assert side.run("respond", "junk.bin", "--key", "own.key", "--out", "r.bin").exit_code == 2
    assert not (side.folder / "r.bin").exists()
