"""Statutory floors: a county, a layer or a village may be stricter than the law, never looser.

Every value a procedure sets under a key of the statutes is claimed; each claim is held against all values in
force at the place that day, the nation's and the province's. One left unwritten is looser than any of them,
save what nobody has to use: a permission, a list that may hold so much at most.
"""

import json
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from workflow.core.shares import ShareRule
from workflow.core.statutes import CADENCES, Statutes, StatuteValue, say
from workflow.core.strictness import Counterexample, looser_than

_COMPOSITION_BASES = {"reps": "reps_all", "women_reps": "women_reps"}
_ATTENDED = ("quorum", "turnout")
_MAY_STAY_UNWRITTEN = frozenset({"permission", "set_within"})
# What stands in the text need not be what is claimed (a list of ways is claimed as "posted or not"): no spelling to show.
_NOT_SPELLED = frozenset({"flag", "permission"})


@dataclass(frozen=True, slots=True)
class FloorClaim:
    """One value a procedure sets: where it stands, the statutes' key, and the value (None: not written).

    `context` may give `quorum`, the rule that the meeting of an approval needs.
    """

    path: tuple[str | int, ...]
    key: str
    value: object
    context: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class FloorBreach:
    """A claim looser than a statute's value; `found` is the claim in Chinese words.

    `nearest` is the value closest to the claim that every statute in force allows, as YAML spells it.
    """

    path: tuple[str | int, ...]
    key: str
    found: str
    statute: StatuteValue
    nearest: object
    counterexample: Counterexample | None = None

    @property
    def required(self) -> str:
        """What the statute demands, in words: 不少于15日."""
        words = self.statute.value_words()
        return f"最多只有：{words}" if self.statute.kind == "set_within" and self.statute.value else words

    @property
    def basis(self) -> str:
        """Which article says so: 组织法（2025年修正）第三十五条."""
        return self.statute.words()

    def nearest_words(self) -> str:
        """Say what to write instead; nothing for a yes or no, where the demand has said it."""
        if self.statute.kind in _NOT_SPELLED:
            return ""
        if isinstance(self.nearest, str) and self.nearest in CADENCES:
            return f"最接近的合法写法：{self.nearest}。"
        return f"最接近的合法写法：{json.dumps(self.nearest, ensure_ascii=False)}。"

    def words(self) -> str:
        """Say it in a few sentences: what is written, what the article demands, where they part, what to write."""
        shown = f"例如{self.counterexample.words()}。" if self.counterexample else ""
        return (
            f"{self.statute.title}：现为“{self.found}”，{self.basis}要求“{self.required}”。"
            f"{shown}{self.nearest_words()}"
        )


@dataclass(frozen=True, slots=True)
class _Shortfall:
    """How a value falls short of one statute."""

    found: str
    shown: Counterexample | None = None


def check_floors(
    claims: Sequence[FloorClaim], statutes: Statutes, day: date, division: str = ""
) -> list[FloorBreach]:
    """Return every breach of a value in force on `day` in `division`, in the order of the claims.

    `TypeError` where a claim's value is not of its key's kind: a mistake of the code that claims.
    """
    breaches = []
    for claim in claims:
        bind = statutes.in_force(claim.key, day, division)
        if not bind:
            continue
        meeting = _meeting(claim, statutes, day, division)
        short = [(each, _shortfall(each, claim.value, meeting)) for each in bind]
        nearest = claim.value
        for each, found in short:
            if found is not None and _shortfall(each, nearest, meeting) is not None:
                nearest = _towards(each, nearest)
        breaches += [
            FloorBreach(claim.path, claim.key, found.found, each, nearest, found.shown)
            for each, found in short
            if found is not None
        ]
    return breaches


def left_out(above: Sequence[FloorClaim], claims: Sequence[FloorClaim]) -> list[FloorClaim]:
    """Return the claims of the text above that a text no longer makes: what they set could then be anything.

    A body that no longer meets claims nothing; one that still meets somewhere answers for all it answered for.
    """
    kept = {claim.key for claim in claims}
    meeting = {claim.key.partition(".")[0] for claim in claims}
    gone = {
        claim.key: claim
        for claim in above
        if claim.key not in kept and ("bodies" not in claim.path or claim.key.partition(".")[0] in meeting)
    }
    return list(gone.values())


class _Meeting(TypedDict):
    """The quorums of the meeting a share is about, and what its body is made of."""

    quorums: tuple[ShareRule, ...]
    composition: Mapping[str, ShareRule]


def _meeting(claim: FloorClaim, statutes: Statutes, day: date, division: str) -> _Meeting:
    body = claim.key.rpartition(".")[0]
    attended = (each for key in _ATTENDED for each in statutes.in_force(f"{body}.{key}", day, division))
    quorums = [each.value for each in attended if isinstance(each.value, ShareRule)]
    if (own := claim.context.get("quorum")) is not None:
        quorums.append(ShareRule.parse(own))
    composition: dict[str, ShareRule] = {}
    for each in statutes.in_force(f"{body}.composition", day, division):
        if isinstance(each.value, Mapping):
            composition |= {_COMPOSITION_BASES[name]: rule for name, rule in each.value.items()}
    return {"quorums": tuple(dict.fromkeys(quorums)), "composition": composition}


def _shortfall(statute: StatuteValue, value: object, meeting: _Meeting) -> _Shortfall | None:
    if value is None:
        unwritten = _Shortfall(say(statute.kind, None, {}))
        return None if statute.kind in _MAY_STAY_UNWRITTEN else unwritten
    if isinstance(statute.value, ShareRule):
        rule = ShareRule.parse(value)
        shown = looser_than(rule, statute.value, subject=statute.subject or "quorum", **meeting)
        return None if shown is None else _Shortfall(rule.words(), shown)
    found = _read(statute, value)
    if _HOLDS[statute.kind](found, statute.value):
        return None
    return _Shortfall(_found(statute, found))


def _read(statute: StatuteValue, value: Any) -> Any:
    """Bring a claimed value into its kind's form; `TypeError` where it is of another type."""
    kind = statute.kind
    if kind == "composition" and isinstance(value, Mapping):
        return {name: ShareRule.parse(each) for name, each in value.items()}
    if kind in _SEVERAL:
        several = isinstance(value, list | tuple | set | frozenset)
        return tuple(value) if several else (value,)
    if kind == "cadence_max" and value in CADENCES:
        return value
    if type(value) is _TYPES.get(kind):
        return value
    raise TypeError(f"{statute.key} is {kind}, not {value!r}")


def _found(statute: StatuteValue, found: Any) -> str:
    names, law = statute.names, statute.value
    if statute.kind == "set_includes" and isinstance(law, tuple):
        return "缺少" + "；".join(names[str(each)] for each in law if each not in found)
    if statute.kind == "set_within" and isinstance(law, tuple):
        return "多了" + "；".join(names.get(str(each), str(each)) for each in found if each not in law)
    if statute.kind == "order":
        return "缺少步骤，或次序不同"
    return say(statute.kind, found, names)


def _towards(statute: StatuteValue, value: Any) -> object:
    """Return the value nearest to a short one that the statute allows."""
    law = statute.value
    if value is None or statute.kind not in _SEVERAL or not isinstance(law, tuple):
        return statute.plain()
    several = _read(statute, value)
    if statute.kind == "set_includes":
        return [*several, *(each for each in law if each not in several)]
    if statute.kind == "set_within":
        return [each for each in several if each in law]
    if statute.kind == "count_in":
        if isinstance(value, int):
            return min(law, key=lambda each: abs(int(each) - value))
        return [each for each in several if each in law] or list(law)
    return list(law)


def _in_order(found: Any, law: Any) -> bool:
    steps = iter(found)
    return all(step in steps for step in law)


def _composed(found: Any, law: Any) -> bool:
    return all(
        name in found and looser_than(found[name], least, subject="quorum") is None
        for name, least in law.items()
    )


def _often(found: Any, law: Any) -> bool:
    often = list(CADENCES)
    return often.index(found) <= often.index(law)


_SEVERAL = frozenset({"set_includes", "set_within", "order", "count_in"})
_TYPES: dict[str, type] = {
    **dict.fromkeys(("days_min", "days_max", "months_min", "years", "people_min", "people_max"), int),
    **dict.fromkeys(("flag", "permission"), bool),
}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    **dict.fromkeys(("days_min", "months_min", "people_min"), operator.ge),
    **dict.fromkeys(("days_max", "people_max"), operator.le),
    "years": operator.eq,
    "flag": lambda found, law: found is law,
    "permission": lambda found, law: law or not found,
    "cadence_max": _often,
    "set_includes": lambda found, law: set(law) <= set(found),
    "set_within": lambda found, law: set(found) <= set(law),
    "count_in": lambda found, law: set(found) <= set(law),
    "order": _in_order,
    "composition": _composed,
}
