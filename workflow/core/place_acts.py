"""Acts on a place's own record: counts of bodies, offices with terms, delegations. Counts await the second office."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from workflow.core.attempt import Attempt, Decision, Numbers, Refusal, Requirement
from workflow.core.catalogue import Catalogue
from workflow.core.decide import Law
from workflow.core.entry import Entry
from workflow.core.facts import Choice, Field
from workflow.core.matter import Matter
from workflow.core.place import BODIES, BODY_COUNTS, COUNT_TITLES, OFFICES, VSC, Place
from workflow.core.separation import GRANTS, granted_by, holding, relating, separate
from workflow.core.stage import UNCONFIRMED, Ask, Settings
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.bodies import MODES_OF
from workflow.core.stages.counting import judge_count

INSTALLATION = "installation"
KEEPERS = frozenset({"secretary", "committee_director", "clerk", "township_officer", "administrator"})
GRANTERS = frozenset(GRANTS)
PUBLISHERS = frozenset({"county_civil_affairs", "county_agri", "county_org", "administrator"})
GRANTING = frozenset({"grant_office", "end_office"})
PUBLISH = "publish_text"
FROM = Field("from", "从哪一天起", "day")
TO = Field("to", "到哪一天（含当天）", "day", required=False)


@dataclass(frozen=True, slots=True)
class PlaceAction:
    """One act on a place's record; `confirmed` ones bind nothing until the supervisory committee confirms."""

    id: str
    title: str
    type: str
    offices: frozenset[str]
    fields: tuple[Field, ...]
    judge: Callable[[Ask], list[Requirement]]
    confirmed: bool
    confirmers: frozenset[str] = VSC


def _span(given: datetime.date | None, last: datetime.date | None) -> Requirement:
    ordered = given is None or last is None or given <= last
    return Requirement("place.days", ordered, {"from": str(given or ""), "to": str(last or "")})


def _body(ask: Ask) -> list[Requirement]:
    body = str(ask.facts.open["body"])
    named = BODY_COUNTS[body]
    lacking = [words for name, words in named.items() if name not in ask.facts.open and name != "vacant"]
    asked = [Requirement("place.counts", not lacking, {"body": body, "lacking": lacking})]
    asked += _size(ask, body)
    if body == "rep_assembly":
        asked += _composition(ask)
    return asked


def _size(ask: Ask, body: str) -> list[Requirement]:
    """Warn where a body is not of the size the law gives: one of a few numbers, or at least so many (集体经济组织法 arts. 28, 29)."""
    given = ask.number(BASE_OF_BODY.get(body, ""))
    asked = []
    for value in (*ask.law(f"{body}.size"), *ask.law(f"{body}.size_min")):
        if isinstance(value.value, tuple):
            met, allowed = given in value.value, "、".join(map(str, value.value))
        else:
            met, allowed = given >= int(str(value.value)), f"不少于 {value.value}"
        numbers: Numbers = {"body": body, "given": given, "allowed": allowed}
        asked.append(Requirement("place.size", met, numbers, (value.words(),), "warns"))
    return asked


def _composition(ask: Ask) -> list[Requirement]:
    """组织法 2025 art. 29: representatives at least 4/5, women at least 1/3; told, since the election is past."""
    asked = []
    checks = {"reps": ("place.reps_share", "reps_all"), "women_reps": ("place.women_share", "women_reps")}
    for value in ask.law("rep_assembly.composition"):
        rules = value.value if isinstance(value.value, Mapping) else {}
        for name, rule in rules.items():
            check, count = checks[name]
            numbers: Numbers = {
                "count": ask.number(count),
                "total": ask.number("body_all"),
                "base": "body_all",
                "rule": str(rule),
            }
            met = rule.met(ask.number(count), {"body_all": ask.number("body_all")})
            asked.append(Requirement(check, met, numbers, (value.words(),), "warns"))
    return asked


def _grant(ask: Ask) -> list[Requirement]:
    person, office = str(ask.facts.open["person"]), str(ask.facts.open["office"])
    day = ask.day("from") or ask.acted_on
    return [
        _span(ask.day("from"), ask.day("to")),
        *holding(ask, ask.place, person, office, day, ask.day("to")),
    ]


def _relate(ask: Ask) -> list[Requirement]:
    """民法典 art. 1045: spouse, parents, children, siblings, grandparents, grandchildren; of two different persons."""
    person, relative = str(ask.facts.open["person"]), str(ask.facts.open["relative"])
    asked = [Requirement("place.two_persons", person != relative)]
    if person != relative and ask.facts.open["related"] is True:
        asked += relating(
            ask, ask.place, person, relative, max(ask.day("from") or ask.acted_on, ask.recorded_on)
        )
    return asked


def _tokens(value: object) -> tuple[str, ...]:
    return tuple(str(each) for each in value) if isinstance(value, tuple | list | frozenset) else ()


def _end(ask: Ask) -> list[Requirement]:
    person, office = str(ask.facts.open["person"]), str(ask.facts.open["office"])
    return [
        Requirement("place.office_held", office in ask.place.offices(person, ask.day("to") or ask.acted_on))
    ]


def _delegate(ask: Ask) -> list[Requirement]:
    """A vote of the villagers' assembly on which kinds the representatives may decide (组织法 2025 art. 28(2))."""
    count = judge_count(ask, "villagers_assembly", None)
    decided = [Requirement(each.check, each.met, each.numbers, each.basis) for each in count.requirements]
    given, last = ask.day("from"), ask.day("to")
    kinds = ask.facts.open.get("kinds")
    barred = {token for value in ask.law("rep_assembly.non_delegable") for token in _tokens(value.value)}
    clash = sorted(barred & set(kinds if isinstance(kinds, list) else ()))
    basis = tuple(value.words() for value in ask.law("rep_assembly.non_delegable"))
    asked = [
        _span(given, last),
        *_done(ask),
        Requirement("place.delegable", not clash, {"kinds": clash}, basis),
    ]
    for value in ask.law("terms.years"):
        years = value.value if isinstance(value.value, int) else 0
        within = given is not None and last is not None and last <= _years_later(given, years)
        asked.append(
            Requirement("place.term", within, {"to": str(last or ""), "years": years}, (value.words(),))
        )
    return [*decided, *asked]


def _publish(ask: Ask) -> list[Requirement]:
    """A text binds from a day after it was put forward, for the whole county; what it says was checked before (design §3)."""
    first = ask.day("from")
    later = first is not None and first > ask.recorded_on
    numbers: Numbers = {"from": str(first or ""), "recorded": ask.recorded_on.isoformat()}
    return [
        Requirement("place.county", ask.place.code.endswith("000000")),
        Requirement("place.text_from", later, numbers),
    ]


def _done(ask: Ask) -> list[Requirement]:
    """The decision is recorded when it has been posted and filed (SD 办法 art. 23), not on a day still to come."""
    days = [ask.day(name) or ask.acted_on for name in ("posted_on", "filed_on")]
    return [
        Requirement(
            "day.not_ahead",
            day <= ask.recorded_on,
            {"acted": day.isoformat(), "recorded": ask.recorded_on.isoformat()},
        )
        for day in days
    ]


def _years_later(day: datetime.date, years: int) -> datetime.date:
    """The corresponding day, or the month's last where there is none (民法典 art. 202): only 29 February has none."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


def place_actions(catalogue: Catalogue) -> Mapping[str, PlaceAction]:
    """Return the acts on a place's record; the kinds that may be delegated come from the catalogue."""
    registered = tuple(Choice(body, words) for body, words in BODIES.items() if BODY_COUNTS[body])
    kinds = tuple(Choice(kind.id, kind.title) for kind in catalogue.kinds if kind.delegable)
    offices = Field("office", "什么职务", "choice", choices=tuple(Choice(*each) for each in OFFICES.items()))
    person = Field("person", "谁", "person")
    actions = (
        PlaceAction(
            "set_body", "登记组成人数", "roll", KEEPERS,
            (
                Field("body", "哪个会议或组织", "choice", choices=registered),
                FROM,
                *(Field(name, words, "count", required=False) for name, words in COUNT_TITLES.items()),
            ),
            _body, confirmed=True,
        ),
        PlaceAction("grant_office", "登记任职", "office", GRANTERS, (person, offices, FROM, TO), _grant, confirmed=False),
        PlaceAction(
            "end_office", "登记离任", "office", GRANTERS,
            (person, offices, Field("to", "任到哪一天（含当天）", "day")), _end, confirmed=False,
        ),
        PlaceAction(
            "record_relative", "登记近亲属关系", "office", GRANTERS,
            (
                person,
                Field("relative", "和谁", "person"),
                Field("related", "现在是近亲属吗（配偶、父母、子女、兄弟姐妹、祖父母、外祖父母、孙子女、外孙子女）", "flag"),
                FROM,
            ),
            _relate, confirmed=False,
        ),
        PlaceAction(
            "record_delegation", "登记村民会议的授权决定", "delegation", KEEPERS,
            (
                Field("mode", "按什么统计到会", "choice", choices=MODES_OF["villagers_assembly"]),
                Field("due", "应到", "count"),
                Field("present", "实到", "count"),
                Field("in_favour", "同意", "count"),
                Field("against", "反对", "count"),
                Field("abstain", "弃权", "count"),
                Field("kinds", "授权村民代表会议决定哪些事项", "choices", choices=kinds),
                FROM,
                Field("to", "授权到哪一天（含当天）", "day"),
                Field("posted_on", "张榜公布日期", "day"),
                Field("filed_on", "报镇街备案日期", "day"),
                Field("paper", "授权决议（照片或扫描件）", "documents", required=False),
            ),
            _delegate, confirmed=True,
        ),
        PlaceAction(
            PUBLISH, "提出施行的文本", "procedure", PUBLISHERS,
            (Field("text", "文本（YAML 文件）", "documents"), Field("from", "自哪一天起施行", "day")),
            _publish, confirmed=True, confirmers=PUBLISHERS,
        ),
    )  # fmt: skip
    return {action.id: action for action in actions}


def _ask(law: Law, place: Place, attempt: Attempt) -> Ask:
    return Ask(
        settings=Settings(),
        stages={},
        matter=Matter("", place.code, ""),
        place=place,
        statutes=law.statutes,
        calendar=law.calendar,
        acted_on=attempt.acted_on,
        recorded_on=attempt.recorded_on,
        facts=attempt.facts,
    )


def _held(place: Place, attempt: Attempt) -> frozenset[str]:
    """The offices of who acts; the installation is its own administrator until there is one."""
    if attempt.actor == INSTALLATION and not any(term.office == "administrator" for term in place.terms):
        return frozenset({"administrator"})
    return place.offices(attempt.actor, attempt.recorded_on)


def _may(place: Place, attempt: Attempt, allowed: frozenset[str]) -> tuple[str, Requirement]:
    held = _held(place, attempt)
    fitting = sorted(held & allowed)
    return (fitting or sorted(held) or [""])[0], Requirement(
        "office.may", bool(fitting), {"held": sorted(held), "allowed": sorted(allowed)}
    )


def _confirmers(actions: Mapping[str, PlaceAction], waiting: Entry | None) -> frozenset[str]:
    known = actions.get(str(waiting.action)) if waiting is not None else None
    return known.confirmers if known is not None else VSC


def decide_place(
    actions: Mapping[str, PlaceAction], law: Law, place: Place, attempt: Attempt
) -> Decision | Refusal:
    """Decide an act on a place's record, or the second office's answer to one that waits (`confirm`, `decline`)."""
    ahead: Numbers = {"acted": attempt.acted_on.isoformat(), "recorded": attempt.recorded_on.isoformat()}
    asked = [Requirement("day.not_ahead", attempt.acted_on <= attempt.recorded_on, ahead)]
    if attempt.action in ("confirm", "decline"):
        number = attempt.facts.open.get("confirms")
        waiting = place.pending.get(number) if isinstance(number, int) else None
        office, may = _may(place, attempt, _confirmers(actions, waiting))
        asked += [may, *separate(_ask(law, place, attempt), place, attempt, office)]
        asked.append(Requirement("place.pending", waiting is not None))
        asked.append(Requirement("confirm.other_person", waiting is None or waiting.actor != attempt.actor))
        type_, outcome = "confirmation", "confirmed" if attempt.action == "confirm" else "declined"
    else:
        action = actions[attempt.action]
        office, may = _may(place, attempt, action.offices)
        asked.append(may)
        if may.met and action.id in GRANTING:
            held = _held(place, attempt)
            asked += granted_by(place, attempt, held=held, oneself=action.id == "end_office")
        asked += action.judge(_ask(law, place, attempt))
        type_, outcome = action.type, UNCONFIRMED if action.confirmed else "recorded"
    refusal = Refusal(tuple(asked))
    if refusal.unmet:
        return refusal
    return Decision(
        type=type_, action=attempt.action, stage="", from_=None, to="", outcome=outcome, office=office,
        requirements=tuple(asked), confirming=outcome == UNCONFIRMED,
    )  # fmt: skip
