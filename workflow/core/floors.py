"""Statutory floors: a county, a layer or a village may be stricter than the law, never looser.

Every value a procedure sets under a key of the statutes is claimed; each claim is held against all values in
force at the place that day, the nation's and the province's. One left unwritten is looser than any of them,
save a permission, which nobody has to use.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from workflow.core.shares import ShareRule
from workflow.core.statutes import CADENCES, Statutes, StatuteValue, say
from workflow.core.strictness import Counterexample, looser_than

_COMPOSITION_BASES = {"reps": "reps_all", "women_reps": "women_reps"}


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
    """A claim looser than a statute's value; `found` is the claim in Chinese words."""

    path: tuple[str | int, ...]
    key: str
    found: str
    statute: StatuteValue
    counterexample: Counterexample | None = None

    @property
    def required(self) -> str:
        """What the statute demands, in words: 不少于15日."""
        return self.statute.value_words()

    @property
    def basis(self) -> str:
        """Which article says so: 组织法（2025年修正）第三十五条."""
        return self.statute.words()

    @property
    def nearest(self) -> object:
        """The nearest lawful value, as YAML spells it."""
        return self.statute.plain()

    def words(self) -> str:
        """Say it in one sentence: what is written, what the article demands, and where the two part."""
        shown = f"例如{self.counterexample.words()}。" if self.counterexample else ""
        return f"{self.statute.title}：现为“{self.found}”，{self.basis}要求“{self.required}”。{shown}"


def check_floors(
    claims: Sequence[FloorClaim], statutes: Statutes, day: date, division: str = ""
) -> list[FloorBreach]:
    """Return every breach of a value in force on `day` in `division`, in the order of the claims.

    `TypeError` where a claim's value is not of its key's kind: a mistake of the code that claims.
    """
    breaches = []
    for claim in claims:
        for statute in statutes.in_force(claim.key, day, division):
            if claim.value is None:
                if statute.kind != "permission":
                    breaches.append(FloorBreach(claim.path, claim.key, say(statute.kind, None, {}), statute))
            elif isinstance(statute.value, ShareRule):
                rule = ShareRule.parse(claim.value)
                meeting = _meeting(claim, statutes, day, division)
                shown = looser_than(rule, statute.value, subject=statute.subject or "quorum", **meeting)
                if shown is not None:
                    breaches.append(FloorBreach(claim.path, claim.key, rule.words(), statute, shown))
            else:
                found = _read(statute, claim.value)
                if not _HOLDS[statute.kind](found, statute.value):
                    breaches.append(FloorBreach(claim.path, claim.key, _found(statute, found), statute))
    return breaches


class _Meeting(TypedDict):
    """The quorums of the meeting a share is about, and what its body is made of."""

    quorums: tuple[ShareRule, ...]
    composition: Mapping[str, ShareRule]


def _meeting(claim: FloorClaim, statutes: Statutes, day: date, division: str) -> _Meeting:
    body = claim.key.rpartition(".")[0]
    law = (each.value for each in statutes.in_force(f"{body}.quorum", day, division))
    quorums = [each for each in law if isinstance(each, ShareRule)]
    if (own := claim.context.get("quorum")) is not None:
        quorums.append(ShareRule.parse(own))
    composition: dict[str, ShareRule] = {}
    for each in statutes.in_force(f"{body}.composition", day, division):
        if isinstance(each.value, Mapping):
            composition |= {_COMPOSITION_BASES[name]: rule for name, rule in each.value.items()}
    return {"quorums": tuple(dict.fromkeys(quorums)), "composition": composition}


def _read(statute: StatuteValue, value: Any) -> Any:
    """Bring a claimed value into its kind's form; `TypeError` where it is of another type."""
    kind = statute.kind
    if kind == "composition" and isinstance(value, Mapping):
        return {name: ShareRule.parse(each) for name, each in value.items()}
    if kind in ("set_includes", "order", "count_in"):
        several = isinstance(value, list | tuple | set | frozenset)
        return tuple(value) if several else (value,)
    if kind == "cadence_max" and value in CADENCES:
        return value
    if type(value) is _TYPES.get(kind):
        return value
    raise TypeError(f"{statute.key} is {kind}, not {value!r}")


def _found(statute: StatuteValue, found: Any) -> str:
    if statute.kind == "set_includes" and isinstance(statute.value, tuple):
        return "缺少" + "；".join(statute.names[str(each)] for each in statute.value if each not in found)
    if statute.kind == "order":
        return "缺少步骤，或次序不同"
    return say(statute.kind, found, statute.names)


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


_TYPES: dict[str, type] = {
    **dict.fromkeys(("days_min", "days_max", "months_min", "years"), int),
    **dict.fromkeys(("flag", "permission"), bool),
}
_HOLDS: dict[str, Callable[[Any, Any], bool]] = {
    "days_min": operator.ge,
    "months_min": operator.ge,
    "days_max": operator.le,
    "years": operator.eq,
    "flag": lambda found, law: found is law,
    "permission": lambda found, law: law or not found,
    "cadence_max": _often,
    "set_includes": lambda found, law: set(law) <= set(found),
    "count_in": lambda found, law: set(found) <= set(law),
    "order": _in_order,
    "composition": _composed,
}
