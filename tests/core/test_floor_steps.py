"""Every floor there is, one smallest step looser: refused with its article; the exact value is accepted."""

import datetime
import re

import pytest

from tests.floors import BEIJING, CHONGQING, HANGZHOU, LINSHU, STATUTES, breaches, exact, steps

DAYS = (datetime.date(2024, 6, 30), datetime.date(2025, 6, 30), datetime.date(2026, 6, 30))
PLACES = (BEIJING, LINSHU, HANGZHOU, CHONGQING)


def floors() -> list[tuple[str, datetime.date, str]]:
    """Every key with a day and a place where some statute speaks of it."""
    return [
        (key, day, place)
        for key in sorted(STATUTES.keys)
        for place in PLACES
        for day in DAYS
        if STATUTES.in_force(key, day, place)
    ]


@pytest.mark.parametrize("key", sorted(STATUTES.keys))
def test_one_step_below_a_floor_is_refused_and_the_floor_itself_is_not(key: str) -> None:
    """In each province and under each text: the exact value stands, anything a step looser names an article."""
    found = 0
    for _, day, place in (each for each in floors() if each[0] == key):
        bind = STATUTES.in_force(key, day, place)
        value = exact(key, day, place)
        assert breaches(key, value, day, place) == [], (day, place, value)
        for step in steps(bind[-1], value):
            refused = breaches(key, step, day, place)
            assert refused, (day, place, step)
            found += 1
            for breach in refused:
                assert breach.statute in bind
                assert re.search("第.+条$", breach.basis)
                assert breaches(key, breach.nearest, day, place) == [], (day, place, step)
    allowed = {"permission": all(each.value is True for each in bind)}
    assert found >= (0 if allowed.get(bind[0].kind) else 1)


@pytest.mark.parametrize("key", sorted(STATUTES.keys))
def test_what_a_floor_demands_is_said_without_codes(key: str) -> None:
    """Title, demand and article of every floor are Chinese; the codes of the file stay in the file."""
    for _, day, place in (each for each in floors() if each[0] == key):
        for value in STATUTES.in_force(key, day, place):
            words = f"{value.title}{value.value_words()}{value.words()}"
            assert not re.search("[a-z_]", words), words
