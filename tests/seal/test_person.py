"""Person tokens recognise a person over any 30 days, and not across New Year beyond that."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from waybillguard.seal import PersonKeys

KEYS = PersonKeys(bytes(range(32)), "w1")


def day_of(year: int, month: int, day: int) -> int:
    return (date(year, month, day) - date(1970, 1, 1)).days


@given(
    end=st.integers(day_of(2026, 1, 1), day_of(2029, 12, 31)),
    looks=st.lists(st.tuples(st.integers(0, 5), st.integers(0, 29)), max_size=30),
)
def test_distinct_persons_over_any_30_days_are_counted_exactly(
    end: int, looks: list[tuple[int, int]]
) -> None:
    """The rule of docs/formats.md, on windows inside a year and across New Year, leap years included."""
    new_year = day_of(date.fromordinal(date(1970, 1, 1).toordinal() + end).year, 1, 1)
    crosses = end - 29 < new_year
    seen = set()
    for person, back in looks:
        day = end - back
        token, previous = KEYS.tokens(f"1380000000{person}", day)
        seen.add(previous if crosses and day >= new_year else token)
    assert b"" not in seen
    assert len(seen) == len({person for person, _ in looks})


def test_the_overlap_is_the_first_30_days_of_a_year() -> None:
    with_previous = [
        day for day in range(day_of(2027, 1, 1), day_of(2028, 1, 1)) if KEYS.tokens("13800000001", day)[1]
    ]
    assert with_previous == list(range(day_of(2027, 1, 1), day_of(2027, 1, 31)))


def test_tokens_of_two_years_do_not_compare() -> None:
    before = KEYS.tokens("13800000001", day_of(2026, 6, 1))[0]
    after = KEYS.tokens("13800000001", day_of(2027, 6, 1))
    assert before not in after


def test_two_tenants_do_not_compare() -> None:
    other = PersonKeys(bytes(range(32)), "w2")
    assert KEYS.tokens("13800000001", 20781) != other.tokens("13800000001", 20781)


def test_the_same_phone_written_otherwise_is_the_same_person() -> None:
    assert KEYS.tokens("+86 138-0000-0001", 20781) == KEYS.tokens("13800000001", 20781)


def test_two_people_behind_one_virtual_number_are_two() -> None:
    tokens = {KEYS.tokens("18800000002", 20781, extension)[0] for extension in ("", "1", "2", "12")}
    assert len(tokens) == 4


def test_an_order_without_a_phone_has_no_person() -> None:
    assert KEYS.tokens("", 20819) == KEYS.tokens("", 20819, "12") == (b"", b"")


def test_person_keys_show_nothing() -> None:
    assert repr(KEYS) == "PersonKeys(…)"
