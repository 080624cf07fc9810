"""The simulated calendar of a warehouse's year."""

from datetime import date

import numpy as np

from waybillguard.simulate.first import calendar


def of(when: date) -> int:
    return calendar.number(when)


def test_numbers_and_dates_are_each_others_inverse() -> None:
    assert calendar.date_of(of(date(2026, 11, 11))) == date(2026, 11, 11)
    assert calendar.stamp(of(date(2026, 3, 5))) == 260305
    assert calendar.weekday(of(date(2026, 11, 24))) == 1


def test_midnight_is_chinas() -> None:
    assert calendar.midnight(0) == -8 * calendar.HOUR


def test_the_great_sales_top_the_year_and_the_spring_festival_is_its_floor() -> None:
    year = {day: calendar.volume(day) for day in range(of(date(2026, 1, 1)), of(date(2027, 1, 1)))}
    ranked = sorted(year, key=lambda day: year[day])

    assert {calendar.date_of(day) for day in ranked[-2:]} >= {date(2026, 11, 11)}
    assert abs((calendar.date_of(ranked[0]) - date(2026, 2, 17)).days) <= 6
    assert year[of(date(2026, 6, 18))] > 4
    assert 0.9 < np.median(list(year.values())) < 1.1


def test_hours_sum_to_one_and_a_sale_opens_with_a_burst() -> None:
    usual, eleven = (
        calendar.buying_hours(of(date(2026, 10, 14))),
        calendar.buying_hours(of(date(2026, 11, 11))),
    )

    assert abs(usual.sum() - 1) < 1e-9
    assert abs(eleven.sum() - 1) < 1e-9
    assert eleven[0] > 8 * usual[0]
    assert usual[3 * 6] < usual[21 * 6] / 5
