"""A place as of a day: the counts of its bodies, who holds which office, what was delegated. All dated, all on record."""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from workflow.core.entry import Entry

BODIES: dict[str, str] = {
    "villagers_assembly": "村民会议",
    "rep_assembly": "村民代表会议",
    "party_meeting": "党员大会",
    "branch_committee": "村党组织委员会",
    "joint_meeting": "村“两委”联席会议",
    "committee": "村民委员会",
    "vsc": "村务监督委员会",
    "boards": "公开栏（自然村）",
    "party_reps": "党员代表会议（党员议事会）",
    "group_meeting": "村民小组会议",
    "levy_reps": "一事一议村民代表会议（按户）",
    "deliberation": "协商会议",
    "member_assembly": "成员大会",
    "member_reps": "成员代表大会",
    "council": "理事会",
    "supervisors": "监事会",
    "leading_group": "领导小组（联席会议）",
}
BODY_COUNTS: dict[str, dict[str, str]] = {
    "villagers_assembly": {"villagers_18plus": "十八周岁以上村民", "households": "户数"},
    "rep_assembly": {
        "body_all": "组成人员（在任）",
        "reps_all": "其中村民代表",
        "women_reps": "其中妇女代表",
        "vacant": "缺额",
    },
    "party_meeting": {"voting_members": "有表决权的党员"},
    "branch_committee": {"body_all": "在任委员"},
    "joint_meeting": {"body_all": "两委成员（不重复计）"},
    "committee": {"body_all": "在任成员"},
    "vsc": {"body_all": "在任成员"},
    "boards": {"places": "应张贴处数"},
    "party_reps": {"body_all": "党员代表（议事会成员）"},
    # A village has several groups: each is registered on its own, under its number.
    "group_meeting": {
        "group": "第几村民小组",
        "group_18plus": "本组十八周岁以上村民",
        "group_households": "本组户数",
    },
    "levy_reps": {"households": "户数"},
    # Whoever is invited is due; the call says how many.
    "deliberation": {},
    "member_assembly": {"members_capable": "具有完全民事行为能力的成员"},
    "member_reps": {"reps_all": "成员代表", "women_reps": "其中妇女代表"},
    "council": {"directors_all": "在任理事"},
    "supervisors": {"body_all": "在任监事"},
    "leading_group": {"body_all": "在任成员"},
}
# Where several bodies have a count of that name, what it is called when no body is chosen yet.
COUNT_TITLES: dict[str, str] = {
    **{name: words for named in BODY_COUNTS.values() for name, words in named.items()},
    "body_all": "在任成员",
    "reps_all": "其中村民代表（成员代表大会填成员代表）",
}
OFFICES: dict[str, str] = {
    "secretary": "村党组织书记",
    "branch_member": "村党组织委员",
    "committee_director": "村委会主任",
    "committee_member": "村委会委员",
    "clerk": "村文书",
    "accountant": "村报账员",
    "collective_head": "村集体经济组织负责人",
    "vsc_chair": "村务监督委员会主任",
    "vsc_member": "村务监督委员会成员",
    "group_leader": "村民小组组长",
    "council_chair": "理事长",
    "council_member": "理事",
    "supervisor": "监事",
    "mediator": "人民调解员",
    "seal_keeper": "印章保管人",
    "villager": "村民",
    "township_officer": "镇街审核员",
    "liaison": "包村干部",
    "commissioner": "村级治理特派员",
    "township_secretary": "乡镇（街道）党委书记",
    "sanzi_center": "三资服务中心",
    "legal_adviser": "村法律顾问",
    "county_civil_affairs": "县民政局",
    "county_agri": "县农业农村局",
    "county_org": "县委组织部",
    "discipline": "纪检监察",
    "auditor": "审计人员",
    "administrator": "系统管理员",
}
VSC = frozenset({"vsc_chair", "vsc_member"})
TOWNSHIP = frozenset(
    {"township_officer", "liaison", "commissioner", "township_secretary", "sanzi_center", "legal_adviser"}
)
COUNTY = frozenset(
    {"county_civil_affairs", "county_agri", "county_org", "discipline", "auditor", "administrator"}
)
PUBLIC = "public"


def level_of(code: str) -> str:
    """Return the level a 12-digit code stands for: county (6 digits and zeros), township (9), or village."""
    if code[6:] == "000000":
        return "county"
    return "township" if code[9:] == "000" else "village"


@dataclass(frozen=True, slots=True)
class Term:
    """One person's time in one office; `to` is the last day, None while it runs."""

    person: str
    office: str
    from_: datetime.date
    to: datetime.date | None = None

    def runs(self, day: datetime.date) -> bool:
        """Whether the office is held on that day."""
        return self.meets(day, day)

    def meets(self, first: datetime.date, last: datetime.date | None) -> bool:
        """Whether the office is held on some day from `first` to `last`, or ever after `first` where there is no last."""
        return (self.to is None or first <= self.to) and (last is None or self.from_ <= last)


@dataclass(frozen=True, slots=True)
class Delegation:
    """What the villagers' assembly delegated to the representatives (组织法 2025 art. 28(2)): kinds and days."""

    kinds: frozenset[str]
    from_: datetime.date
    to: datetime.date
    pseq: int

    def covers(self, kind: str, day: datetime.date) -> bool:
        """Whether a matter of that kind may go to the representatives on that day."""
        return kind in self.kinds and self.from_ <= day <= self.to


@dataclass(frozen=True, slots=True)
class Relation:
    """Whether two persons are near relatives (民法典 art. 1045) from a day on."""

    persons: frozenset[str]
    from_: datetime.date
    related: bool


@dataclass(frozen=True, slots=True)
class BodyCount:
    """The counts of one body from a day on."""

    body: str
    from_: datetime.date
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Place:
    """What `decide` may know of a place: dated counts, offices with terms, delegations."""

    code: str
    bodies: tuple[BodyCount, ...] = ()
    terms: tuple[Term, ...] = ()
    delegations: tuple[Delegation, ...] = ()
    pending: Mapping[int, Entry] = field(default_factory=dict)
    pseq: int = 0
    relations: tuple[Relation, ...] = ()

    def counts(self, body: str, day: datetime.date, group: int | None = None) -> Mapping[str, int]:
        """Return the body's counts in force that day, of one villagers' group if asked; empty if none was on record."""
        newest: BodyCount | None = None
        for each in self.bodies:
            meant = each.body == body and group in (None, each.counts.get("group"))
            if meant and each.from_ <= day and (newest is None or each.from_ >= newest.from_):
                newest = each
        return newest.counts if newest else {}

    def offices(self, person: str, day: datetime.date) -> frozenset[str]:
        """Return the offices a person holds that day; the public is everybody's villager."""
        return self.offices_between(person, day, day)

    def offices_between(
        self, person: str, first: datetime.date, last: datetime.date | None
    ) -> frozenset[str]:
        """Return the offices a person holds on some day from `first` to `last`; without a last, on any day from then on."""
        if person == PUBLIC:
            return frozenset({"villager"})
        return frozenset(
            term.office for term in self.terms if term.person == person and term.meets(first, last)
        )

    def relatives(self, person: str, day: datetime.date) -> frozenset[str]:
        """Return who is on record as a near relative of a person that day; the newest word on two persons counts."""
        known: dict[str, Relation] = {}
        for each in self.relations:
            for other in each.persons - {person} if person in each.persons and each.from_ <= day else ():
                if other not in known or each.from_ >= known[other].from_:
                    known[other] = each
        return frozenset(other for other, each in known.items() if each.related)

    def offices_of_relatives(
        self, person: str, first: datetime.date, last: datetime.date | None
    ) -> frozenset[str]:
        """Return the offices that who is a near relative on `first` holds on some day from then to `last`."""
        near = self.relatives(person, first) if self.relations else ()
        return frozenset[str]().union(*(self.offices_between(each, first, last) for each in near))

    def one_shoulder(self, day: datetime.date) -> bool:
        """Whether secretary and director are one person that day (一肩挑, 组织法 2025 art. 8)."""
        holders = {
            office: {term.person for term in self.terms if term.office == office and term.runs(day)}
            for office in ("secretary", "committee_director")
        }
        return bool(holders["secretary"] & holders["committee_director"])

    def delegated(self, kind: str, day: datetime.date) -> bool:
        """Whether a delegation in force that day covers the kind."""
        return any(each.covers(kind, day) for each in self.delegations)


def _day(value: object) -> datetime.date:
    return datetime.date.fromisoformat(str(value))


def _with_entry(place: Place, entry: Entry) -> Place:
    facts = entry.facts
    bodies, terms, delegations = place.bodies, place.terms, place.delegations
    relations = place.relations
    if entry.action == "set_body":
        counts = {key: value for key, value in facts.items() if isinstance(value, int)}
        bodies = (*bodies, BodyCount(str(facts["body"]), _day(facts["from"]), counts))
    elif entry.action == "grant_office":
        last = facts.get("to")
        terms = (
            *terms,
            Term(
                str(facts["person"]), str(facts["office"]), _day(facts["from"]), _day(last) if last else None
            ),
        )
    elif entry.action == "end_office":
        ended = (str(facts["person"]), str(facts["office"]))
        terms = tuple(
            Term(each.person, each.office, each.from_, _day(facts["to"]))
            if (each.person, each.office) == ended and (each.to is None or each.to > _day(facts["to"]))
            else each
            for each in terms
        )
    elif entry.action == "record_relative":
        two = frozenset({str(facts["person"]), str(facts["relative"])})
        relations = (*relations, Relation(two, _day(facts["from"]), facts["related"] is True))
    elif entry.action == "record_delegation":
        kinds = facts["kinds"]
        delegations = (
            *delegations,
            Delegation(
                frozenset(str(kind) for kind in kinds) if isinstance(kinds, list) else frozenset(),
                _day(facts["from"]),
                _day(facts["to"]),
                entry.pseq,
            ),
        )
    return Place(place.code, bodies, terms, delegations, place.pending, entry.pseq, relations)


def step_place(place: Place, entry: Entry) -> Place:
    """Fold one more of a place's own entries, the next, into the place; what awaits the second office binds nothing."""
    pending = dict(place.pending)
    if entry.action in ("confirm", "decline"):
        waiting = pending.pop(int(str(entry.facts["confirms"])), None)
        if waiting is not None and entry.action == "confirm":
            place = _with_entry(place, waiting)
    elif entry.computed.get("outcome") == "unconfirmed":
        pending[entry.pseq] = entry
    else:
        place = _with_entry(place, entry)
    return replace(place, pending=pending, pseq=entry.pseq)


def replay_place(code: str, entries: Iterable[Entry]) -> Place:
    """Fold a place's own entries, in order, into the place."""
    place = Place(code)
    for entry in entries:
        place = step_place(place, entry)
    return place


def under(place: Place, above: Iterable[Place]) -> Place:
    """Return the place with the office holders of the township and county above it, who act on its matters too."""
    terms = tuple(term for each in above for term in each.terms)
    return replace(place, terms=place.terms + terms)


BodyToken = Literal[
    "villagers_assembly",
    "rep_assembly",
    "party_meeting",
    "branch_committee",
    "joint_meeting",
    "committee",
    "vsc",
    "party_reps",
    "group_meeting",
    "levy_reps",
    "deliberation",
    "member_assembly",
    "member_reps",
    "council",
    "supervisors",
    "leading_group",
]
