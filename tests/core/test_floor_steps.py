"""Every floor there is, one smallest step looser: refused with its article; the exact value is accepted."""

import datetime
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise

import pytest

from tests.floors import BEIJING, CHONGQING, HANGZHOU, LINSHU, STATUTES, breaches
from workflow.core.shares import ShareRule
from workflow.core.statutes import CADENCES, StatuteValue

DAYS = (datetime.date(2024, 6, 30), datetime.date(2025, 6, 30), datetime.date(2026, 6, 30))
PLACES = (BEIJING, LINSHU, HANGZHOU, CHONGQING)
LARGEST = 9999
ADDED, LEAST = "somebody_else", 1


def exact(key: str, day: datetime.date, place: str) -> object:
    """The least a county may write under a key: what is suggested to one who wrote nothing."""
    unwritten = breaches(key, None, day, place)
    if unwritten:
        return unwritten[0].nearest
    return next((each.plain() for each in STATUTES.in_force(key, day, place)[::-1]), None)


def looser(statute: StatuteValue, value: object) -> Iterator[object]:
    """Everything one smallest step looser than a value of the statute's kind."""
    if statute.kind in ("days_min", "months_min", "people_min"):
        yield int(str(value)) - 1
    elif statute.kind in ("days_max", "people_max"):
        yield int(str(value)) + 1
    elif statute.kind == "years":
        yield from (int(str(value)) - 1, int(str(value)) + 1)
    elif statute.kind == "flag":
        yield False
    elif statute.kind == "permission":
        yield from () if value else (True,)
    elif statute.kind == "cadence_max":
        often = [*CADENCES, None]
        yield often[often.index(str(value)) + 1]
    else:
        yield from _looser_list(statute.kind, value)


def _looser_list(kind: str, value: object) -> Iterator[object]:
    if kind == "share":
        yield from map(ShareRule.plain, looser_shares(ShareRule.parse(value)))
    elif isinstance(value, Mapping):
        for name, rule in value.items():
            yield {**value, name: next(looser_shares(ShareRule.parse(rule))).plain()}
            yield {each: value[each] for each in value if each != name}
    elif isinstance(value, list):
        if kind == "count_in":
            yield from ([*value, max(value) + 1], min(value) - 1)
        elif kind == "set_within":
            yield [*value, ADDED]
        else:
            yield from ([each for each in value if each != left_out] for left_out in value)
        if kind == "order":
            for first, second in pairwise(range(len(value))):
                swapped = list(value)
                swapped[first], swapped[second] = swapped[second], swapped[first]
                yield swapped


def looser_shares(rule: ShareRule) -> Iterator[ShareRule]:
    """Each alternative a shade below itself: 以上 for 过半数, or a fraction a ten-thousandth smaller."""
    for place, share in enumerate(rule.shares):
        if share.op == ">":
            shade = f">= {share.numerator}/{share.denominator} of {share.base}"
        else:
            times = LARGEST // share.denominator
            shade = f">= {share.numerator * times - 1}/{share.denominator * times} of {share.base}"
        shares = [str(each) for each in rule.shares]
        shares[place] = shade
        yield ShareRule.parse({"any_of": shares} if len(shares) > 1 else shade)


def stricter_demands(rule: ShareRule) -> Iterator[object]:
    """Each alternative a shade harder to reach: more people must ask before anybody has to act."""
    for place, share in enumerate(rule.shares):
        times = LARGEST // share.denominator
        shares = [str(each) for each in rule.shares]
        shares[place] = f">= {share.numerator * times + 1}/{share.denominator * times} of {share.base}"
        yield {"any_of": shares} if len(shares) > 1 else shares[0]


def steps(statute: StatuteValue, value: object) -> Iterator[object]:
    """Everything one step looser than the value, whatever its kind."""
    if statute.subject in ("petition", "duty"):
        yield from stricter_demands(ShareRule.parse(value))
    else:
        yield from looser(statute, value)


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
    assert found >= (0 if allowed.get(bind[0].kind) else LEAST)


@pytest.mark.parametrize("key", sorted(STATUTES.keys))
def test_what_a_floor_demands_is_said_without_codes(key: str) -> None:
    """Title, demand and article of every floor are Chinese; the codes of the file stay in the file."""
    for _, day, place in (each for each in floors() if each[0] == key):
        for value in STATUTES.in_force(key, day, place):
            words = f"{value.title}{value.value_words()}{value.words()}"
            assert not re.search("[a-z_]", words), words
