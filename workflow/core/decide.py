"""Decide an attempt: pure, the time is in the attempt. Either the act stands, or every reason why not, at once."""

from collections.abc import Mapping
from dataclasses import dataclass

from workflow.core.attempt import Attempt, Decision, Numbers, Refusal, Requirement
from workflow.core.correction import correction_of, judge_correction
from workflow.core.days import Calendar
from workflow.core.facts import Facts, FactValue, Field
from workflow.core.machine import OPENING, Compiled, move
from workflow.core.matter import ENDS, ORDERED, Act, Matter, stage_of
from workflow.core.place import Place
from workflow.core.separation import separate
from workflow.core.stage import CONFIRMING, STAYS, UNCONFIRMED, Action, Ask, Judgement
from workflow.core.statutes import Statutes

LATE_REASON = Field("late_reason", "补录理由（不是当天登记才填）", "text", required=False)
CONFIRM_FIELDS = (Field("note", "复核说明", "text", required=False),)
DECLINE_FIELDS = (Field("reason", "为什么不予确认", "text"),)
CONFIRMS = ("confirm", "decline")


@dataclass(frozen=True, slots=True)
class Law:
    """The texts of a moment: statutes and calendar, each with its digest."""

    statutes: Statutes
    calendar: Calendar


def ask_of(compiled: Compiled, law: Law, matter: Matter, place: Place, attempt: Attempt) -> Ask:
    """Return what a judge may look at for this attempt."""
    return Ask(
        settings=compiled.procedure.settings,
        stages=compiled.procedure.by_id,
        matter=matter,
        place=place,
        statutes=law.statutes,
        calendar=law.calendar,
        acted_on=attempt.acted_on,
        recorded_on=attempt.recorded_on,
        facts=attempt.facts,
    )


def _office(place: Place, attempt: Attempt, allowed: frozenset[str]) -> tuple[str, Requirement]:
    held = place.offices(attempt.actor, attempt.recorded_on)
    fitting = sorted(held & allowed)
    numbers: Numbers = {"held": sorted(held), "allowed": sorted(allowed)}
    return (fitting or sorted(held) or [""])[0], Requirement("office.may", bool(fitting), numbers)


def _apart(compiled: Compiled, matter: Matter, stage: str, attempt: Attempt) -> list[Requirement]:
    """Ask that whoever acted at a stage kept apart from this one does not act here (the seal's keeper, domain.md §16.3)."""
    return [
        Requirement(
            "office.apart",
            all(act.actor != attempt.actor for act in matter.standing(other)),
            {"step": compiled.procedure.by_id[other].title},
        )
        for other in compiled.procedure.by_id[stage].apart_from
    ]


def _days(matter: Matter, attempt: Attempt, *, ordered: bool) -> list[Requirement]:
    acted, recorded = attempt.acted_on, attempt.recorded_on
    asked = [
        Requirement(
            "day.not_ahead", acted <= recorded, {"acted": acted.isoformat(), "recorded": recorded.isoformat()}
        )
    ]
    if ordered and matter.last_day is not None:
        numbers: Numbers = {"acted": acted.isoformat(), "last": matter.last_day.isoformat()}
        asked.append(Requirement("day.monotone", acted >= matter.last_day, numbers))
    if acted < recorded:
        numbers = {"days": (recorded - acted).days}
        asked.append(Requirement("day.late_reason", "late_reason" in attempt.facts.private, numbers))
    return asked


def _opened_late(ask: Ask) -> tuple[Requirement, ...]:
    """An opening cannot wait for the second office, and its day chooses the procedure: it may not lie far back."""
    late, limit = (ask.recorded_on - ask.acted_on).days, ask.settings.late_days
    return (Requirement("day.opened_late", late <= limit, {"days": late, "limit": limit}),)


def _objections(compiled: Compiled, matter: Matter, action: Action, to: str) -> list[Requirement]:
    """From receipt until answered or escalated, execution and archive are refused (design; 条例 arts. 16-17)."""
    here = compiled.procedure.by_id.get(stage_of(matter.at))
    there = compiled.procedure.by_id.get(stage_of(to))
    executes = to == "archived" or any(
        stage is not None and stage.phase == "execution" for stage in (here, there)
    )
    if not executes or STAYS in action.leads.values() or action.id == "withdraw":
        return []
    waiting = [each.number for each in matter.open_objections]
    numbers: Numbers = {"open": len(waiting), "numbers": [str(number) for number in waiting]}
    return [Requirement("objection.none_open", not waiting, numbers)]


def needs_second_office(action: Action, attempt: Attempt, late_days: int) -> bool:
    """Whether the act takes effect only when another office confirms it (design §4, second office; two clocks)."""
    late = (attempt.recorded_on - attempt.acted_on).days
    return action.decisive or late > late_days or (late > 0 and action.starts_period)


def _entry_type(action_type: str, to: str) -> str:
    return "closed" if to in ENDS and action_type != "withdrawal" else action_type


def _closed(matter: Matter, to: str, computed: Mapping[str, FactValue]) -> Mapping[str, FactValue]:
    return {**computed, "entries": matter.mseq + 1} if to in ENDS else computed


def _refused(*requirements: Requirement) -> Refusal:
    return Refusal(requirements)


def _not_open(compiled: Compiled, matter: Matter, attempt: Attempt) -> Refusal:
    numbers: Numbers = {
        "action": attempt.action,
        "at": matter.at,
        "open": sorted(compiled.open(matter.at or OPENING)),
    }
    return _refused(Requirement("move.open", met=False, numbers=numbers))


def decide(
    compiled: Compiled, law: Law, matter: Matter, place: Place, attempt: Attempt
) -> Decision | Refusal:
    """Decide one attempt on a matter.

    Asks the machine whether the move is open, then office, days, objections and the kind's own judge, and keeps all
    unmet requirements. Raises nothing for bad facts: they were read against the form before.
    """
    state = matter.at or OPENING
    if attempt.action not in compiled.open(state):
        return _not_open(compiled, matter, attempt)
    if attempt.action in CONFIRMS:
        return _second_office(compiled, law, matter, place, attempt)
    if attempt.action == "correct":
        return _correct(compiled, law, matter, place, attempt)
    stage = compiled.procedure.stages[0].id if state == OPENING else stage_of(state)
    action = compiled.action(stage, attempt.action)
    if action is None:
        return _not_open(compiled, matter, attempt)
    ask = ask_of(compiled, law, matter, place, attempt)
    office, may = _office(place, attempt, action.offices)
    judged = action.judge(ask)
    waits = state != OPENING and needs_second_office(action, attempt, ask.settings.late_days)
    opened_late = _opened_late(ask) if state == OPENING else ()
    outcome = UNCONFIRMED if waits else judged.outcome
    opening = matter.opening or attempt.facts.open
    target = _target(compiled, stage, state, action, judged.outcome, opening)
    to = f"{stage}.{CONFIRMING}" if waits else target
    asked = (
        may,
        *separate(ask, place, attempt, office),
        *(_apart(compiled, matter, stage, attempt) if action.id in compiled.actions[stage] else ()),
        *_days(matter, attempt, ordered=action.type in ORDERED),
        *opened_late,
        *_objections(compiled, matter, action, target),
        *judged.requirements,
    )
    refusal = Refusal(asked)
    if refusal.unmet:
        return refusal
    led = compiled.fire(state, move(attempt.action, outcome, to))
    if led is None:
        return _not_open(compiled, matter, attempt)
    computed: Numbers = {**judged.computed}
    if state == OPENING:
        computed["stage"] = stage
    if waits:
        computed["would_be"] = judged.outcome
    return Decision(
        type=_entry_type(action.type, led), action=action.id, stage=stage,
        from_=None if state == OPENING else state, to=led, outcome=outcome, office=office, requirements=asked,
        confirming=waits, computed=_closed(matter, led, computed),
    )  # fmt: skip


def _target(
    compiled: Compiled, stage: str, state: str, action: Action, outcome: str, opening: Mapping[str, FactValue]
) -> str:
    target = action.leads[outcome]
    return state if target == STAYS else compiled.route(stage, target, opening)


def _second_office(
    compiled: Compiled, law: Law, matter: Matter, place: Place, attempt: Attempt
) -> Decision | Refusal:
    waiting = matter.pending
    if waiting is None:
        return _not_open(compiled, matter, attempt)
    ask = ask_of(compiled, law, matter, place, attempt)
    office, may = _office(place, attempt, frozenset(ask.settings.second_office))
    asked = [
        may,
        *separate(ask, place, attempt, office),
        Requirement("confirm.other_person", waiting.actor != attempt.actor),
        Requirement("confirm.other_office", waiting.office != office, {"office": office}),
        Requirement("day.confirm_today", attempt.acted_on == attempt.recorded_on),
    ]
    computed: Numbers = {"confirms": waiting.mseq, "confirmed_action": waiting.action}
    if attempt.action == "decline":
        outcome, to = "declined", waiting.from_ or ""
        trigger = move("decline", waiting.action, to)
    else:
        judged, to = _judge_waiting(compiled, law, matter, place, waiting)
        asked += judged.requirements
        computed |= judged.computed
        outcome = judged.outcome
        trigger = move("confirm", f"{waiting.action}.{outcome}", to)
    refusal = Refusal(tuple(asked))
    if refusal.unmet:
        return refusal
    led = to if outcome == "changed" else compiled.fire(matter.at, trigger)
    if led is None:
        return _not_open(compiled, matter, attempt)
    return Decision(
        type=_entry_type("confirmation", led), action=attempt.action, stage=stage_of(matter.at), from_=matter.at,
        to=led, outcome=outcome, office=office, requirements=tuple(asked), computed=_closed(matter, led, computed),
    )  # fmt: skip


def _judge_waiting(
    compiled: Compiled, law: Law, matter: Matter, place: Place, waiting: Act
) -> tuple[Judgement, str]:
    """Judge again, at confirmation, what the first office recorded; texts count as present where they were given."""
    attempt = attempt_of(waiting)
    ask = ask_of(compiled, law, matter, place, attempt)
    if waiting.action == "correct":
        judged, to = judge_correction(compiled, matter, ask)
        return judged, to or waiting.from_ or ""
    action = compiled.actions[waiting.stage][waiting.action]
    judged = action.judge(ask)
    to = _target(compiled, waiting.stage, waiting.from_ or "", action, judged.outcome, matter.opening)
    return judged, to


def attempt_of(act: Act) -> Attempt:
    """Return the attempt an act was, with its texts' presence in place of the texts."""
    facts = Facts(act.facts, dict.fromkeys(act.private, ""), dict.fromkeys(act.documents, ()))
    return Attempt(act.action, act.actor, act.acted_on, act.recorded_on, facts)


def _correct(
    compiled: Compiled, law: Law, matter: Matter, place: Place, attempt: Attempt
) -> Decision | Refusal:
    ask = ask_of(compiled, law, matter, place, attempt)
    target = correction_of(compiled, matter, attempt.facts)
    offices = target.offices if target else frozenset()
    office, may = _office(place, attempt, offices)
    judged, _ = judge_correction(compiled, matter, ask)
    asked = (may, *_days(matter, attempt, ordered=False), *judged.requirements)
    refusal = Refusal(asked)
    if refusal.unmet:
        return refusal
    stage = stage_of(matter.at)
    to = compiled.fire(matter.at, move("correct", UNCONFIRMED, f"{stage}.{CONFIRMING}"))
    if to is None:
        return _not_open(compiled, matter, attempt)
    computed: Numbers = {**judged.computed, "would_be": judged.outcome}
    return Decision(
        type="correction", action="correct", stage=stage, from_=matter.at, to=to, outcome=UNCONFIRMED, office=office,
        requirements=asked, confirming=True, computed=computed,
    )  # fmt: skip
