"""Who asks at once, on the real service and both databases: each race leaves the service as the next one needs it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from support.first_start import FirstStart
from support.race import Arena, arena

from waybillguard.service.people.badges.tries import FREE_TRIES, STATION_FREE

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, first_start: FirstStart
) -> Iterator[Arena]:
    folder: Path = tmp_path_factory.mktemp(f"races-{request.param}")
    with arena(request.param, folder, first_start) as made:
        yield made


def test_of_forty_agents_at_once_each_label_goes_to_one(service: Arena) -> None:
    result = service.run("race_leases.py")
    assert result["leased"] == result["distinct"] == 24
    assert result["spent"] == 5
    assert result["states"] == {"leased": 29}
    assert result["attempts"] == {"1": 29}


def test_a_print_task_that_comes_twice_at_once_is_stored_once(service: Arena) -> None:
    result = service.run("race_arrivals.py")
    rounds = result["times"] - 1
    assert result["same"] == [[["taken", "taken"], 1]] * rounds
    assert result["other"] == [["taken", "task_reused"]] * rounds
    assert result["documents"] == 1 + 2 * rounds


def test_of_sixty_racing_guesses_at_a_pin_five_are_looked_at(service: Arena) -> None:
    result = service.run("race_pins.py")
    assert result["looked"] == result["counted"] == FREE_TRIES
    assert result["said"] == {"not_signed_in": STATION_FREE, "badge": 60 - STATION_FREE}


def test_of_two_owners_who_take_each_other_away_one_stays(service: Arena) -> None:
    result = service.run("race_owners.py")
    assert result["told"] == {"done": 8, "last_owner": 8}
    assert result["left"] == [1] * 8


def test_of_a_hundred_racing_looks_exactly_one_gets_the_last_unit(service: Arena) -> None:
    result = service.run("race_reveals.py")
    assert result["before"] == {"shown": result["limit"] - 1}
    assert result["raced"] == {"shown": 1, "reveal_denied": 99}
    assert result["used"] == result["limit"]
    assert result["counted"] == result["persons"] == 2


def test_accounts_at_one_device_share_its_last_looks_exactly(service: Arena) -> None:
    result = service.run("race_device.py")
    assert result["raced"] == {
        "shown": result["limit"],
        "reveal_denied": result["asked"] - result["limit"],
    }
    assert result["used"] == result["limit"]


def test_racing_calls_under_an_old_sign_in_shred_few_single_orders(service: Arena) -> None:
    result = service.run("race_shreds.py")
    within = result["few"] // result["each"]
    assert result["said"] == {"200": within, "403": 12 - within}
    assert (result["acts"], result["gone"]) == (within, within * result["each"])


def test_racing_exports_count_exactly_and_one_agreement_counts(service: Arena) -> None:
    result = service.run("race_exports.py")
    fitting = result["limit"] // result["each"]
    assert result["raced"] == {"done": fitting, "export_denied": 100 - fitting}
    assert result["used"] == fitting * result["each"]
    assert result["counted"] == result["persons"] <= result["used"]
    assert result["twice"] == {"done": 1, "export_not_now": 1}
    assert result["met"][1] == "done" or result["met"] == ["done", "export_not_now"]
    assert result["ended"] == "withdrawn" if result["met"][1] == "done" else "agreed"
