"""The policy form: values are checked, and rendering is deterministic and reversible."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.codes import has_code

from waybillguard.access import (
    Place,
    PolicyBook,
    SecondPerson,
    Settings,
    book_of,
    check_before_activation,
    default_settings,
)
from waybillguard.access.errors import AccessError
from waybillguard.access.settings import SETTINGS_FILE, read_rendered, render
from waybillguard.access.vocabulary import actions, device_kinds, purposes, roles


def _subset(words: object) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(sorted(words)), unique=True)  # type: ignore[call-overload]


def _role(role: str) -> st.SearchStrategy[dict[str, Any]]:
    allowed = [
        name
        for name, word in actions().items()
        if (word.facts["group"] != "control" or role in {"owner", "supervisor"})
        and not (name == "reveal" and role == "inspector")
    ]
    limit = st.integers(0, 500)
    return st.fixed_dictionaries(
        {
            "actions": _subset(allowed).map(
                lambda chosen: [*chosen, "policy_change"] if role == "owner" else chosen
            ),
            "purposes": _subset(purposes()).map(lambda chosen: chosen or ["after_sales"]),
            "limits": st.fixed_dictionaries(
                {
                    "hour": limit,
                    "shift": limit,
                    "day": limit,
                    "device_day": limit,
                    "persons_30d": st.integers(0, 249),
                }
            ),
        }
    )


forms = st.builds(
    lambda some, shift, sale, rest: (
        {"roles": some, "shift_actions": shift + sale, "sale_day_actions": sale} | rest
    ),
    st.fixed_dictionaries(
        {"owner": _role("owner")}, optional={role: _role(role) for role in roles() if role != "owner"}
    ),
    _subset(actions()),
    _subset(set(actions()) - {"reveal", "export"}),
    st.fixed_dictionaries(
        {
            "two_people": _subset(set(actions()) - {"sign_in"}),
            "temp_days": st.integers(7, 90),
            "temps_reveal": st.booleans(),
            "home_station_only": st.booleans(),
            "own_site_only": st.booleans(),
            "reveal_devices": _subset(device_kinds()),
        }
    ),
)


@settings(deadline=None, max_examples=60)
@given(form=forms)
def test_every_form_renders_to_valid_policies_that_pass_the_examples_and_comes_back(
    form: dict[str, Any],
) -> None:
    made = Settings.from_form(form)
    text = render(made)
    assert read_rendered(text) == made
    assert render(Settings.from_form(made.to_form())) == text
    book = PolicyBook.load({SETTINGS_FILE: text})
    if "policy_change" not in made.form.two_people and "policy_change" not in made.form.shift_actions:
        check_before_activation(book)


def test_a_text_changed_by_hand_is_not_read_as_a_form() -> None:
    text = render(default_settings())
    with pytest.raises(AccessError, check=has_code("settings")):
        read_rendered(text.replace("principal.temp }", "principal.temp && false }"))


@pytest.mark.parametrize(
    "text", ["", "// something", "// waybillguard settings v1: [", "// waybillguard settings v1: []"]
)
def test_a_text_that_is_no_form_is_refused(text: str) -> None:
    with pytest.raises(AccessError, check=has_code("settings")):
        read_rendered(text)


def _changed(path: str, value: object) -> dict[str, object]:
    form: dict[str, Any] = default_settings().to_form()
    place, parts = form, path.split("/")
    for part in parts[:-1]:
        place = place[part]
    place[parts[-1]] = value
    return form


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("roles/clerk/actions", ["fly"]),
        ("roles/clerk/actions", ["administer"]),
        ("roles/inspector/actions", ["reveal"]),
        ("roles/service/purposes", []),
        ("roles/service/purposes", ["curiosity"]),
        ("roles/service/limits/persons_30d", 250),
        ("roles/service/limits/hour", -1),
        ("roles/service/dynamic/least", 99),
        ("roles/owner/actions", ["view"]),
        ("roles/guest", {"actions": [], "limits": {}}),
        ("temp_days", 6),
        ("temp_days", "7"),
        ("two_people", ["sign_in"]),
        ("sale_day_actions", ["reveal"]),
        ("sale_day_actions", ["ledger_read"]),
        ("reveal_devices", ["toaster"]),
        ("unknown", True),
        ('roles/x"y', {}),
    ],
)
def test_a_value_that_is_unknown_or_weaker_than_the_rules_is_refused(path: str, value: object) -> None:
    with pytest.raises(AccessError, check=has_code("settings")) as caught:
        Settings.from_form(_changed(path, value))
    assert "现行规则不变" in caught.value.zh


def test_the_daily_limit_follows_yesterdays_orders_within_bounds() -> None:
    made = default_settings()
    assert [made.limits("service", shipped_yesterday=n).day for n in (0, 3_000, 1_000_000)] == [10, 15, 40]
    assert made.limits("service").day == 40


def test_a_role_that_is_not_in_the_form_has_no_quota() -> None:
    assert default_settings().limits("nobody").day == 0


def test_two_people_can_be_asked_for_changing_policies(ask: Any) -> None:
    strict = book_of(Settings.from_form(_changed("two_people", ["policy_change"])))
    assert strict.decide(ask(action="policy_change")).policies == ("two-people-form",)


def test_a_longer_week_for_temps_counts(ask: Any) -> None:
    strict = book_of(Settings.from_form(_changed("temp_days", 30)))
    temp = ask(
        action="print",
        person__role="clerk",
        person__temp=True,
        person__employed_to=ask().at.date(),
        person__first_day=ask().at.date().replace(day=4),
    )
    assert strict.decide(temp).policies == ("temp-longer",)


@pytest.fixture(scope="module")
def own_site() -> PolicyBook:
    return book_of(Settings.from_form(_changed("own_site_only", value=True)))


@pytest.mark.parametrize("action", ["reveal", "export", "print", "reprint"])
def test_at_a_device_of_another_site_neither_plaintext_nor_labels(
    own_site: PolicyBook, ask: Any, action: str
) -> None:
    second = SecondPerson(id="p-2", tenant="t-1", role="owner", employed=True, agreed=True)
    about = {"action": action, "form": "masked", "second": second}
    assert own_site.decide(ask(person__home_site="s-1", **about)).allowed
    refused = own_site.decide(ask(person__home_site="s-2", **about))
    named = "own-site-plaintext" if action in {"reveal", "export"} else "own-site-print"
    assert refused.policies == (named,)


def test_a_device_of_no_site_shows_no_plaintext_to_a_person_of_a_site_but_prints(
    own_site: PolicyBook, ask: Any
) -> None:
    nowhere = Place(station="w-1")
    assert own_site.decide(ask(person__home_site="s-1", place=nowhere)).policies == ("own-site-plaintext",)
    assert own_site.decide(ask(person__home_site="s-1", place=nowhere, action="print")).allowed


def test_who_is_bound_to_no_site_works_at_each(own_site: PolicyBook, ask: Any) -> None:
    for action in ("reveal", "print", "search"):
        assert own_site.decide(ask(action=action)).allowed
        assert own_site.decide(ask(action=action, place=Place())).allowed


def test_other_sites_matter_only_where_the_form_says_so(book: PolicyBook, ask: Any) -> None:
    assert book.decide(ask(person__home_site="s-2")).allowed


def test_home_station_only_keeps_a_person_at_it(ask: Any) -> None:
    strict = book_of(Settings.from_form(_changed("home_station_only", value=True)))
    assert strict.decide(ask(person__home_station="w-1")).allowed
    assert strict.decide(ask(person__home_station="w-2")).policies == ("home-station",)
