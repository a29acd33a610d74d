"""A share looser than the law's is found whatever bases it names, and every counterexample is a real one."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workflow.core.inequalities import Inequality, small_solution, solution
from workflow.core.shares import Share, ShareRule
from workflow.core.strictness import looser_than

BODY_QUORUM = ">= 2/3 of body_all"
ASSEMBLY = {"any_of": ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}
COMPOSITION = {"reps_all": ShareRule.parse(">= 4/5 of body_all")}


def looser(rule, floor, *quorums, subject="approval", composition=None):
    """Compare rules as they are spelled."""
    return looser_than(
        ShareRule.parse(rule),
        ShareRule.parse(floor),
        subject=subject,
        quorums=tuple(ShareRule.parse(quorum) for quorum in quorums),
        composition=composition,
    )


@pytest.mark.parametrize(
    "rule, floor, quorums",
    [
        ("> 1/2 of present", "> 1/2 of present", [BODY_QUORUM]),
        (">= 2/3 of present", "> 1/2 of present", [BODY_QUORUM]),
        (">= 501/1000 of present", "> 1/2 of present", [BODY_QUORUM]),
        ("> 1/2 of due", "> 1/2 of present", [BODY_QUORUM]),
        ("> 1/2 of body_all", "> 1/2 of present", [BODY_QUORUM]),
        ("> 1/2 of voting_members", "> 1/2 of due", [">= 1/2 of voting_members"]),
        (">= 2/3 of present", "> 1/2 of due", [">= 4/5 of voting_members"]),
        (">= 3/4 of present", ">= 1/2 of body_all", [BODY_QUORUM]),
        ("> 1/2 of villagers_18plus", "> 1/2 of present", [ASSEMBLY, ASSEMBLY]),
        (">= 2/3 of body_all", ">= 2/3 of reps_all", []),
    ],
)
def test_stricter_approvals_are_accepted(rule, floor, quorums):
    """A rule met only where the law's is met passes, also over another base or through its quorum."""
    assert looser(rule, floor, *quorums) is None


@pytest.mark.parametrize(
    "rule, floor, quorums, words",
    [
        (
            "> 1/2 of present",
            "> 1/2 of due",
            [">= 2/3 of due"],
            "应到12、到会8、赞成5：贵县规则通过，法律不通过",
        ),
        (
            ">= 1/2 of present",
            "> 1/2 of present",
            [BODY_QUORUM],
            "组成人员12、到会8、赞成4：贵县规则通过，法律不通过",
        ),
        (
            "> 1/2 of present",
            ">= 2/3 of members_capable",
            [">= 2/3 of members_capable"],
            "具有完全民事行为能力的全体成员12、到会8、赞成5：贵县规则通过，法律不通过",
        ),
        (
            "> 1/2 of present",
            "> 1/2 of villagers_18plus",
            [ASSEMBLY],
            "本村十八周岁以上村民12、到会7、赞成4：贵县规则通过，法律不通过",
        ),
    ],
)
def test_looser_approvals_are_shown_with_numbers(rule, floor, quorums, words):
    """The refusal shows a body in which the county's rule passes and the law's does not."""
    found = looser(rule, floor, *quorums)
    assert found is not None
    assert found.words() == words


def test_every_quorum_given_narrows_the_search():
    """Half of those present fall short of half the body, unless three quarters of it must come and agree."""
    assert looser(">= 2/3 of present", ">= 1/2 of body_all", BODY_QUORUM) is not None
    assert looser(">= 2/3 of present", ">= 1/2 of body_all", BODY_QUORUM, ">= 3/4 of body_all") is None


def test_two_thirds_of_representatives_rests_on_the_composition():
    """Two thirds of all representatives outvote any assembly: four fifths of it are representatives."""
    rule, floor = ">= 2/3 of reps_all", "> 1/2 of present"
    assert looser(rule, floor, BODY_QUORUM, composition=COMPOSITION) is None
    assert looser(rule, floor, BODY_QUORUM) is not None
    assert looser("> 1/2 of reps_all", floor, BODY_QUORUM, composition=COMPOSITION) is not None


@pytest.mark.parametrize(
    "rule, accepted",
    [
        (">= 2/3 of body_all", True),
        ("> 2/3 of body_all", True),
        (">= 4/5 of body_all", True),
        (">= 4/6 of body_all", True),
        (">= 667/1000 of body_all", True),
        (">= 666/1000 of body_all", False),
        (">= 6666/9999 of body_all", True),
        (">= 6665/9999 of body_all", False),
        ("> 665/1000 of body_all", False),
        (">= 3/5 of body_all", False),
        (">= 2/3 of due", False),
        (">= 9/10 of present", False),
        ({"any_of": [">= 3/4 of body_all", ">= 1/2 of body_all"]}, False),
        ({"any_of": [">= 3/4 of body_all", "> 2/3 of body_all"]}, True),
    ],
)
def test_quorums_against_two_thirds(rule, accepted):
    """Every alternative of a quorum has to reach two thirds; near misses are caught at any size of body."""
    assert (looser(rule, BODY_QUORUM, subject="quorum") is None) is accepted


def test_a_near_miss_is_shown_at_the_size_where_it_shows():
    """66.6% and two thirds differ first in a body of 500."""
    found = looser(">= 666/1000 of body_all", BODY_QUORUM, subject="quorum")
    assert found is not None
    assert found.words() == "组成人员500、到会333：贵县规则可以开会，法律不允许"


@pytest.mark.parametrize(
    "rule, accepted",
    [
        (ASSEMBLY, True),
        (">= 2/3 of villagers_18plus", True),
        (">= 4/5 of households", True),
        ({"any_of": ["> 1/2 of villagers_18plus", ">= 1/2 of households"]}, False),
        (">= 1/2 of villagers_18plus", False),
    ],
)
def test_villagers_or_households(rule, accepted):
    """村民会议 may be counted by villagers or by households, each against its own share (art. 26)."""
    assert (looser(rule, ASSEMBLY, subject="quorum") is None) is accepted


def test_villagers_may_all_come_from_few_households():
    """Nine villagers in ten are no two thirds of the households; all of them are."""
    found = looser(">= 9/10 of villagers_18plus", ">= 2/3 of households", subject="quorum")
    assert found is not None
    assert found.words() == "本村十八周岁以上村民12、总户数2、到会11、到会户数1：贵县规则可以开会，法律不允许"
    assert looser(">= 1/1 of villagers_18plus", ">= 2/3 of households", subject="quorum") is None


def test_a_petition_is_looser_when_it_is_harder():
    """A tenth of the villagers may demand an assembly (art. 25): asking for a fifth denies some of them."""
    found = looser(">= 1/5 of villagers_18plus", ">= 1/10 of villagers_18plus", subject="petition")
    assert found is not None
    assert found.words() == "本村十八周岁以上村民12、提议2：法律要求照办，贵县规则不办"
    assert looser(">= 1/20 of villagers_18plus", ">= 1/10 of villagers_18plus", subject="petition") is None


BASES = ("body_all", "reps_all", "due", "present")


def shares(*bases):
    """Shares with small fractions."""
    return st.builds(
        lambda strict, denominator, part, base: Share(
            ">" if strict and part < denominator else ">=", min(part, denominator), denominator, base
        ),
        st.booleans(),
        st.integers(1, 5),
        st.integers(1, 5),
        st.sampled_from(bases),
    )


def rules(*bases):
    """One share or two alternatives."""
    return st.lists(shares(*bases), min_size=1, max_size=2, unique=True).map(
        lambda each: ShareRule(tuple(each))
    )


def bodies(most):
    """All small meetings, written down without the engine's own table of what lies within what."""
    for body, reps, due, present in itertools.product(range(1, most + 1), repeat=4):
        if present <= due <= body and reps <= body:
            yield {"body_all": body, "reps_all": reps, "due": due, "present": present}


@settings(deadline=None, max_examples=60)
@given(rules(*BASES), rules(*BASES), st.none() | rules("body_all", "due"))
def test_approvals_agree_with_brute_force(rule, floor, quorum):
    """What is accepted has no counterexample among small bodies; a counterexample shown is one."""
    found = looser_than(rule, floor, subject="approval", quorums=(quorum,) if quorum else ())
    if found is None:
        for bases in bodies(7):
            if quorum is None or quorum.met(bases["present"], bases):
                least = rule.least(bases)
                assert least is None or least > bases["present"] or floor.met(least, bases)
        return
    counts = found.counts
    votes = counts["count"]
    assert any(share.met(votes, counts[share.base]) for share in rule.shares if share.base in counts)
    assert not any(share.met(votes, counts[share.base]) for share in floor.shares)
    within = [votes, *(counts[base] for base in ("present", "due", "body_all") if base in counts)]
    assert within == sorted(within)
    assert counts.get("reps_all", 0) <= counts.get("body_all", counts.get("reps_all", 0))
    if quorum is not None:
        assert quorum.met(counts["present"], counts)


@settings(deadline=None)
@given(shares("body_all"), shares("body_all"))
def test_equal_bases_compare_as_fractions(rule, floor):
    """Over one base the larger fraction is stricter, and of equal ones > is stricter than >=."""
    left, right = rule.numerator * floor.denominator, floor.numerator * rule.denominator
    stricter = left > right or (left == right and (rule.op == ">" or floor.op == ">="))
    found = looser_than(ShareRule((rule,)), ShareRule((floor,)), subject="quorum")
    assert (found is None) is stricter


WEIGHTS = st.fixed_dictionaries({name: st.integers(-4, 4) for name in "xyz"}).filter(
    lambda each: any(each.values())
)


@settings(deadline=None)
@given(st.lists(st.tuples(WEIGHTS, st.booleans()), max_size=5))
def test_solutions_agree_with_brute_force(conditions):
    """A solution fulfils every inequality; where there is said to be none, no small numbers are one."""
    positive = [({name: 1}, True) for name in "xyz"]
    system = frozenset(Inequality.of(weights, strict=strict) for weights, strict in [*conditions, *positive])

    def fulfilled(values):
        sums = [
            (sum(each * values[name] for name, each in weights.items()), hard) for weights, hard in conditions
        ]
        return all(total > 0 if hard else total >= 0 for total, hard in sums) and min(values.values()) > 0

    found = solution(system, ("x", "y", "z"))
    if found is not None:
        assert fulfilled(found)
    else:
        small = (dict(zip("xyz", each, strict=True)) for each in itertools.product(range(1, 7), repeat=3))
        assert not any(fulfilled(values) for values in small)


def test_a_system_is_decided_beyond_every_size():
    """Three times x at least 1000 times y and x below 334 y: solvable, though by no small numbers."""
    system = frozenset(
        {
            Inequality.of({"x": 3, "y": -1000}, strict=False),
            Inequality.of({"x": -1, "y": 334}, strict=True),
            Inequality.of({"y": 1}, strict=True),
        }
    )
    found = solution(system, ("y", "x"))
    assert found is not None
    assert 1000 * found["y"] <= 3 * found["x"] < 1002 * found["y"]
    assert small_solution(system, ("y", "x"), frozenset(), range(1, 25), 1000) is None
    assert solution(system | {Inequality.of({"x": -3, "y": 1000}, strict=True)}, ("y", "x")) is None
