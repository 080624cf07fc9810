"""Pairings in their file decide who may print."""

from pathlib import Path

import pytest

from waybillguard.agent.shim import Pairings, ShimError

WHEN = "2026-11-24T00:00:00+00:00"


def test_a_token_is_found_with_its_origin_alone(tmp_path: Path) -> None:
    pairings = Pairings(tmp_path / "pairings.json")
    token = pairings.add("erp", "https://erp.invalid", at=WHEN)
    assert pairings.find(token, "https://erp.invalid") is not None
    assert pairings.find(token, "https://evil.invalid") is None
    assert pairings.find(token, None) is None
    assert pairings.find("0" * 32, "https://erp.invalid") is None


def test_a_program_without_a_page_needs_a_pairing_without_origin(tmp_path: Path) -> None:
    pairings = Pairings(tmp_path / "pairings.json")
    token = pairings.add("client", "", at=WHEN)
    assert pairings.find(token, None) is not None
    assert pairings.find(token, "https://erp.invalid") is None


def test_the_file_holds_no_token_and_is_closed_to_others(tmp_path: Path) -> None:
    path = tmp_path / "pairings.json"
    token = Pairings(path).add("erp", "", at=WHEN)
    assert token not in path.read_text()
    assert path.stat().st_mode & 0o077 == 0


def test_pairing_again_ends_the_old_token_and_removing_ends_the_pairing(tmp_path: Path) -> None:
    pairings = Pairings(tmp_path / "pairings.json")
    old = pairings.add("erp", "", at=WHEN)
    new = pairings.add("erp", "", at=WHEN)
    assert pairings.find(old, None) is None
    assert pairings.remove("erp")
    assert not pairings.remove("erp")
    assert pairings.find(new, None) is None


def test_a_damaged_file_pairs_nobody_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "pairings.json"
    path.write_text("{")
    with pytest.raises(ShimError, match="pair again"):
        Pairings(path).all()


@pytest.mark.parametrize(
    "origin",
    ["null", "file://", "*", "erp.invalid", "https://", "https://a@erp.invalid", "https://erp.invalid/x"],
)
def test_an_origin_that_is_not_one_web_site_is_not_paired(tmp_path: Path, origin: str) -> None:
    with pytest.raises(ShimError, match="--origin"):
        Pairings(tmp_path / "pairings.json").add("erp", origin, at=WHEN)


@pytest.mark.parametrize("origin", ["https://ERP.invalid/", "http://erp.invalid:8080", "http://[::1]:80"])
def test_an_origin_is_kept_as_browsers_send_it(tmp_path: Path, origin: str) -> None:
    pairings = Pairings(tmp_path / "pairings.json")
    token = pairings.add("erp", origin, at=WHEN)
    assert pairings.find(token, origin.rstrip("/").lower()) is not None
