"""Whether a county's share is looser than the law's, with a counterexample where it is.

Shares of one base compare directly. Of several bases we know only which lies within which (to be present one
must be due), so a rule is looser when some body exists in which it is met and the law is not. Every such
condition is linear, so this is decided for bodies of all sizes; what is shown is a small one if there is one.
"""

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workflow.core.inequalities import Inequality, small_solution, solution
from workflow.core.shares import BASES, Share, ShareRule
from workflow.core.statutes import Subject

_PEOPLE, _HOMES, _HOMES_PRESENT = "count", "count_households", "households_present"
_COUNTS = frozenset({_PEOPLE, _HOMES, _HOMES_PRESENT})
_HOUSEHOLD_BASES = frozenset({"households", "group_households", "households_represented"})
# Who votes in an election comes to no meeting: a ballot cast is what a person present is elsewhere.
_VOTERS, _BALLOTS = "registered_voters", "ballots_cast"
# From the widest to the narrowest: no variable lies within one that stands after it.
_ORDER = (
    "villagers_18plus", "group_18plus", "households", "group_households", "households_represented",
    "registered_voters", "ballots_cast", "members_capable", "directors_all", "voting_members", "body_all",
    "reps_all", "women_reps", "due", "present", _HOMES_PRESENT, _PEOPLE, _HOMES,
)  # fmt: skip
_PERSONS = (
    "villagers_18plus",
    "group_18plus",
    "voting_members",
    "members_capable",
    "directors_all",
    "body_all",
)
_WITHIN: frozenset[tuple[str, str]] = frozenset(
    {
        (_PEOPLE, "present"),
        (_PEOPLE, "ballots_cast"),
        (_HOMES, _PEOPLE),
        (_HOMES, "households_represented"),
        (_HOMES, _HOMES_PRESENT),
        (_HOMES_PRESENT, "present"),
        (_HOMES_PRESENT, "households_represented"),
        ("present", "due"),
        *(("due", whole) for whole in _PERSONS),
        ("women_reps", "reps_all"),
        ("reps_all", "body_all"),
        ("group_18plus", "villagers_18plus"),
        ("households", "villagers_18plus"),
        ("group_households", "households"),
        ("group_households", "group_18plus"),
        ("households_represented", "households"),
        ("households_represented", "group_households"),
        ("ballots_cast", "registered_voters"),
    }
)
_PEOPLE_OF = {"households": "villagers_18plus", "group_households": "group_18plus"}
_SIZES = (*range(12, 25), *range(11, 0, -1))
_STEPS = 2000

_LABELS = {
    **BASES,
    "due": "应到",
    "present": "到会",
    "households": "总户数",
    "group_households": "本组总户数",
    _HOMES_PRESENT: "到会户数",
}
_COUNTED: dict[Subject, dict[str, str]] = {
    "quorum": {_PEOPLE: "到会", _HOMES: "到会户数"},
    "approval": {_PEOPLE: "赞成", _HOMES: "赞成户数"},
    "petition": {_PEOPLE: "提议", _HOMES: "提议户数"},
    "duty": {_PEOPLE: "人数", _HOMES: "户数"},
}
_VERDICTS: dict[Subject, str] = {
    "quorum": "贵县规则可以开会，法律不允许",
    "approval": "贵县规则通过，法律不通过",
    "petition": "法律要求照办，贵县规则不办",
    "duty": "法律要求照办，贵县规则不办",
}
_VOTE_VERDICT = "贵县规则算选举有效，法律不算"
_WHEN_MET: frozenset[Subject] = frozenset({"petition", "duty"})


@dataclass(frozen=True, slots=True)
class Counterexample:
    """Numbers of one body in which rule and law differ: bases, and how many attend, agree or ask."""

    counts: Mapping[str, int]
    subject: Subject

    def words(self) -> str:
        """Say it in Chinese: 应到12、到会8、赞成5：贵县规则通过，法律不通过."""
        labels = {**_LABELS, **_COUNTED[self.subject]}
        if self.subject == "quorum" and _VOTERS in self.counts:
            labels[_PEOPLE] = "投票"
        numbers = "、".join(f"{labels[name]}{self.counts[name]}" for name in _ORDER if name in self.counts)
        votes = self.subject == "quorum" and _VOTERS in self.counts
        return f"{numbers}：{_VOTE_VERDICT if votes else _VERDICTS[self.subject]}"


def looser_than(
    rule: ShareRule,
    floor: ShareRule,
    *,
    subject: Subject,
    quorums: tuple[ShareRule, ...] = (),
    composition: Mapping[str, ShareRule] | None = None,
) -> Counterexample | None:
    """Return a body in which `rule` is looser than `floor`, None where it never is.

    A quorum or an approval is looser if it can be met where the floor is not; a petition or a duty, which oblige
    somebody to act, if they can be missed where the floor is met. An approval is given in a meeting that
    meets all `quorums` (the county's and the law's). `composition` gives, by base, the least part of the body
    it is (组织法 art. 29: representatives are four fifths). Of `any_of` every alternative is asked.
    """
    met, unmet = (floor, rule) if subject in _WHEN_MET else (rule, floor)
    quorums = quorums if subject == "approval" else ()
    for share, *attended in itertools.product(met.shares, *(quorum.shares for quorum in quorums)):
        names, system = _system(share, unmet, tuple(attended), composition or {})
        large = solution(system, names)
        if large is not None:
            small = small_solution(system, names, _COUNTS | {"present"}, _SIZES, _STEPS)
            return Counterexample(small or large, subject)
    return None


def _system(
    met: Share, unmet: ShareRule, quorums: tuple[Share, ...], composition: Mapping[str, ShareRule]
) -> tuple[tuple[str, ...], frozenset[Inequality]]:
    """Write down a body in which `met` is met and `unmet` is not, in a meeting with a quorum."""
    made_of = {base: rule.shares[0] for base, rule in composition.items() if len(rule.shares) == 1}
    used = {met.base, _counted(met, _PEOPLE, _HOMES)}
    rows = [_reaches(met, _counted(met, _PEOPLE, _HOMES))]
    for share in unmet.shares:
        count = _counted(share, _PEOPLE, _HOMES)
        used |= {share.base, count}
        rows.append(_misses(share, count))
    for share in quorums:
        attending = _BALLOTS if share.base == _VOTERS else "present"
        count = _counted(share, attending, _HOMES_PRESENT)
        used |= {share.base, count, attending}
        rows.append(_reaches(share, count))
    for base, share in made_of.items():
        if base in used:
            used.add(share.base)
            rows.append(_reaches(share, base))
    for homes, people in ((_HOMES, _PEOPLE), (_HOMES_PRESENT, "present")):
        if homes in used and people in used:
            used |= {_PEOPLE_OF[base] for base in used & set(_PEOPLE_OF)}
            rows += _spread(homes, people, used)
    rows += [Inequality.of({name: 1}, strict=True) for name in used]
    rows += [Inequality.of({larger: 1, smaller: -1}) for smaller, larger in _within(used)]
    return tuple(name for name in _ORDER if name in used), frozenset(rows)


def _counted(share: Share, people: str, homes: str) -> str:
    return homes if share.base in _HOUSEHOLD_BASES else people


def _reaches(share: Share, count: str) -> Inequality:
    weights = {share.base: -share.numerator, count: share.denominator}
    return Inequality.of(weights, strict=share.op == ">")


def _misses(share: Share, count: str) -> Inequality:
    weights = {share.base: share.numerator, count: -share.denominator}
    return Inequality.of(weights, strict=share.op == ">=")


def _spread(homes: str, people: str, used: set[str]) -> Iterator[Inequality]:
    """People come from at least so many homes: a home nobody came from keeps a person away."""
    for households, villagers in _PEOPLE_OF.items():
        if households in used:
            yield Inequality.of({villagers: 1, households: -1, people: -1, homes: 1})


def _within(used: set[str]) -> Iterator[tuple[str, str]]:
    """Give the pairs of `used` that lie within each other, also through bases not used."""
    for name in used:
        reached, new = {name}, {name}
        while new:
            new = {larger for smaller, larger in _WITHIN if smaller in new} - reached
            reached |= new
        yield from ((name, larger) for larger in reached & used - {name})
