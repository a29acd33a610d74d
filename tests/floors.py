"""The statutes we ship, one claim held against them, and every value one smallest step looser than a floor."""

import datetime
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

from workflow.core.floors import FloorBreach, FloorClaim, check_floors
from workflow.core.shares import ShareRule
from workflow.core.statutes import CADENCES, StatuteFile, Statutes, StatuteValue
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

FOLDER = Path(__file__).parents[1] / "procedures" / "statutes"
LINSHU, BEIJING = "371329001001", "110105001001"
CHONGQING, HANGZHOU = "500101001001", "330102001001"
LARGEST, ADDED = 9999, "somebody_else"
BEFORE, SINCE = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)
ORGANIC, COLLECTIVE, PARTY = "组织法（2025年修正）", "农村集体经济组织法", "支部工作条例"
MEASURES, DISCLOSURE = "山东省实施办法（2012年修订）", "山东省村务公开条例（2018年修正）"


def read_statutes() -> Statutes:
    """Read the statute files as the library does."""
    read = [
        (validate(StatuteFile, read_yaml(path.read_bytes(), path.name)), path.name)
        for path in sorted(FOLDER.glob("*.yaml"))
    ]
    return Statutes.of(read)


STATUTES = read_statutes()


def breaches(
    key: str, value: object, day: datetime.date = SINCE, division: str = LINSHU, **context: object
) -> list[FloorBreach]:
    """Hold one claim against the statutes that bind the place on the day."""
    return check_floors([FloorClaim(("here",), key, value, context)], STATUTES, day, division)


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
