"""Who may not hold an office, by what they or their near relatives hold: supervisors, the committee, accountants."""

import datetime
from collections.abc import Iterator, Mapping
from typing import Final

from workflow.core.attempt import Attempt, Requirement, Weight
from workflow.core.place import VSC, Place, level_of
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


_VILLAGE: Final = (
    "secretary", "branch_member", "committee_director", "committee_member", "clerk", "accountant", "collective_head",
    "vsc_chair", "vsc_member", "group_leader", "council_chair", "council_member", "supervisor", "mediator",
    "seal_keeper",
)  # fmt: skip
_TOWNSHIP: Final = ("township_officer", "liaison", "commissioner", "township_secretary", "sanzi_center")
_COUNTY: Final = ("county_civil_affairs", "county_agri", "county_org", "discipline", "auditor")
GRANTS: Final[Mapping[str, Mapping[str, tuple[str, ...]]]] = {
    "township_officer": {"village": _VILLAGE, "township": (*_TOWNSHIP, "legal_adviser")},
    "county_civil_affairs": {"township": _TOWNSHIP, "county": _COUNTY},
    "administrator": {"township": _TOWNSHIP, "county": (*_COUNTY, "administrator")},
}
"""The offices that who holds an office may grant and end, by the level of the place; a village's are its township's to grant."""


def granted_by(place: Place, attempt: Attempt, *, held: frozenset[str], oneself: bool) -> list[Requirement]:
    """Ask that the person may grant (or end) this office at this place; unless `oneself`, nobody grants to oneself."""
    office, level = str(attempt.facts.open["office"]), level_of(place.code)
    allowed = sorted({each for granter in held for each in GRANTS.get(granter, {}).get(level, ())})
    asked = [Requirement("office.grants", office in allowed, {"office": office, "allowed": allowed})]
    if not oneself:
        asked.append(Requirement("office.not_oneself", attempt.facts.open["person"] != attempt.actor))
    return asked


def separate(ask: Ask, place: Place, attempt: Attempt, office: str) -> list[Requirement]:
    """Ask that a supervisor stays one: no committee member nor near relative of one, no keeper of books or papers (组织法 2025 art. 37; SD 条例 art. 14)."""
    if office not in VSC:
        return []
    day = attempt.recorded_on
    held = place.offices(attempt.actor, day)
    return list(_supervisor(ask, held, place.offices_of_relatives(attempt.actor, day, day), day))


def holding(
    ask: Ask, place: Place, person: str, office: str, first: datetime.date, last: datetime.date | None
) -> Iterator[Requirement]:
    """Ask whether a person may hold an office from `first` to `last` beside what they and their near relatives hold then."""
    held = place.offices_between(person, first, last) | {office}
    near = place.offices_of_relatives(person, first, last)
    if held & VSC:
        yield from _supervisor(ask, held, near, first)
    if held & ACCOUNTANT:
        yield from _accountant(ask, held, near, first, "refuses" if office in ACCOUNTANT else "warns")
    if office in COMMITTEE:
        yield from _committee(ask, near, first)


def relating(ask: Ask, place: Place, person: str, relative: str, day: datetime.date) -> Iterator[Requirement]:
    """Tell what two persons can no longer both hold from the day on which they are near relatives; what is so, is put on record."""
    for one, other in ((person, relative), (relative, person)):
        held, near = (place.offices_between(each, day, None) for each in (one, other))
        if held & VSC:
            for value in ask.law("vsc.excluded", day):
                yield _asked("office.relatives", value, near & _named(value, RELATIVES_OF), "warns")
        if held & ACCOUNTANT:
            yield from _accountant(ask, frozenset(), near, day, "warns")
    both = place.offices_between(person, day, None), place.offices_between(relative, day, None)
    if all(each & COMMITTEE for each in both):
        for value in ask.law("committee.relatives_recuse", day):
            yield _asked("office.committee_relatives", value, both[1] & COMMITTEE, "warns")


def _supervisor(
    ask: Ask, held: frozenset[str], near: frozenset[str], day: datetime.date
) -> Iterator[Requirement]:
    for value in ask.law("vsc.excluded", day):
        yield _asked("office.separate", value, held & _named(value, OFFICES_OF))
        if theirs := _named(value, RELATIVES_OF):
            yield _asked("office.relatives", value, near & theirs)


def _accountant(
    ask: Ask, held: frozenset[str], near: frozenset[str], day: datetime.date, weight: Weight
) -> Iterator[Requirement]:
    for value in ask.law("accountant.excluded", day):
        clash = (held & _named(value, OFFICES_OF)) | (near & _named(value, RELATIVES_OF))
        yield _asked("office.accountant", value, clash, weight)


def _committee(ask: Ask, near: frozenset[str], day: datetime.date) -> Iterator[Requirement]:
    for value in ask.law("committee.relatives_recuse", day):
        yield _asked("office.committee_relatives", value, near & COMMITTEE)
    for value in ask.law("vsc.excluded", day):
        # Who was elected is a fact: it is the supervisor who has to leave, and whose acts are refused until then.
        if "near_relative" in (value.value if isinstance(value.value, tuple | list | frozenset) else ()):
            yield _asked("office.relative_leaves", value, near & VSC, "warns")


def _named(value: StatuteValue, offices: Mapping[str, frozenset[str]]) -> frozenset[str]:
    found = value.value if isinstance(value.value, tuple | list | frozenset) else ()
    return frozenset[str]().union(*(offices.get(str(each), frozenset()) for each in found))


def _asked(check: str, value: StatuteValue, clash: frozenset[str], weight: Weight = "refuses") -> Requirement:
    return Requirement(check, not clash, {"held": sorted(clash)}, (value.words(),), weight)
