"""Who may not hold an office, by what they or their near relatives hold: supervisors, the committee, accountants."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Final

from workflow.core.attempt import Attempt, Requirement, Weight
from workflow.core.place import VSC, Place
from workflow.core.stage import Ask
from workflow.core.statutes import StatuteValue

COMMITTEE: Final = frozenset({"committee_member", "committee_director"})
ACCOUNTANT: Final = frozenset({"accountant"})
OFFICES_OF: Final[Mapping[str, frozenset[str]]] = {
    "committee_member": COMMITTEE,
    "director": frozenset({"committee_director"}),
    "accountant": ACCOUNTANT,
    "clerk": frozenset({"clerk"}),
    "collective_head": frozenset({"collective_head"}),
}
"""What the law names of the person's own offices, as offices on record."""
RELATIVES_OF: Final[Mapping[str, frozenset[str]]] = {
    "near_relative": COMMITTEE,
    "director_relative": frozenset({"committee_director"}),
}
"""What the law names of the offices of the person's near relatives (民法典 art. 1045)."""


def separate(ask: Ask, place: Place, attempt: Attempt, office: str) -> list[Requirement]:
    """Ask that a supervisor stays one: no committee member nor near relative of one, no keeper of books or papers (组织法 2025 art. 37; SD 条例 art. 14)."""
    if office not in VSC:
        return []
    day = attempt.recorded_on
    held = place.offices(attempt.actor, day)
    return list(_supervisor(ask, place, attempt.actor, held, day))


def holding(ask: Ask, place: Place, person: str, office: str, day: datetime.date) -> Iterator[Requirement]:
    """Ask whether a person may begin to hold an office that day, beside what they and their near relatives hold."""
    held = place.offices(person, day) | {office}
    near = place.offices_of_relatives(person, day)
    if held & VSC:
        yield from _supervisor(ask, place, person, held, day)
    if office in ACCOUNTANT:
        for value in ask.law("accountant.excluded", day):
            clash = (held & _named(value, OFFICES_OF)) | (near & _named(value, RELATIVES_OF))
            yield _asked("office.accountant", value, clash)
    if office in COMMITTEE:
        for value in ask.law("committee.relatives_recuse", day):
            yield _asked("office.committee_relatives", value, near & COMMITTEE)
        for value in ask.law("vsc.excluded", day):
            # Who was elected is a fact: it is the supervisor who has to leave, and whose acts are refused until then.
            if _named(value, RELATIVES_OF) & held:
                yield _asked("office.relative_leaves", value, near & VSC, "warns")


def _supervisor(
    ask: Ask, place: Place, person: str, held: frozenset[str], day: datetime.date
) -> Iterator[Requirement]:
    near = place.offices_of_relatives(person, day)
    for value in ask.law("vsc.excluded", day):
        yield _asked("office.separate", value, held & _named(value, OFFICES_OF))
        if theirs := _named(value, RELATIVES_OF):
            yield _asked("office.relatives", value, near & theirs)


def _named(value: StatuteValue, offices: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found = value.value if isinstance(value.value, tuple | list | frozenset) else ()
    return frozenset[str]().union(*(offices.get(str(each), frozenset()) for each in found))


def _asked(check: str, value: StatuteValue, clash: frozenset[str], weight: Weight = "refuses") -> Requirement:
    return Requirement(check, not clash, {"held": sorted(clash)}, (value.words(),), weight)
