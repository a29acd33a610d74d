"""A mistake is corrected by an entry that keeps the old facts; the decision is computed again from the act on."""

import datetime
from dataclasses import replace

from workflow.core.attempt import Requirement
from workflow.core.facts import Facts, FactValue, Field
from workflow.core.machine import Compiled
from workflow.core.matter import ORDERED, VOID, Act, Matter, corrected
from workflow.core.stage import Action, Ask, Judgement

CORRECTS = Field("corrects", "更正第几条记录", "count")
REASON = Field("reason", "为什么更正、错在哪里", "text")
ACTED_ON = Field("acted_on", "正确的日期（日期没错不填）", "day", required=False)

AFTER_DECISION = frozenset({"disclosure", "execution", "audit"})


def correctable(matter: Matter) -> tuple[Act, ...]:
    """Return the acts that stand and may be corrected, newest first."""
    return tuple(
        act
        for act in reversed(matter.standing())
        if act.type in ORDERED and act.action not in ("confirm", "decline", "withdraw", "correct")
    )


def _act(matter: Matter, facts: Facts) -> Act | None:
    number = facts.open.get("corrects")
    return next((act for act in correctable(matter) if act.mseq == number), None)


def correction_of(compiled: Compiled, matter: Matter, facts: Facts) -> Action | None:
    """Return the action of the act that a correction names, if it may be corrected."""
    act = _act(matter, facts)
    return compiled.actions.get(act.stage, {}).get(act.action) if act else None


def correction_fields(action: Action) -> tuple[Field, ...]:
    """Return the form of a correction: the act's recorded facts, each optional, and the reason."""
    facts = tuple(
        replace(each, required=False)
        for each in action.fields
        if not each.private and each.type != "documents"
    )
    return (CORRECTS, REASON, ACTED_ON, *facts)


def _before(matter: Matter, act: Act) -> Matter:
    """Return the matter as it stood before the act, with what corrections since made of the earlier acts."""
    acts = tuple(each for each in matter.acts if each.mseq < act.mseq)
    return replace(matter, at=act.from_ or "", mseq=act.mseq - 1, acts=acts, pending=None)


def judge_correction(compiled: Compiled, matter: Matter, ask: Ask) -> tuple[Judgement, str | None]:
    """Judge a correction: the corrected act's own judge asks again, on the day of the act.

    Returns `unchanged` or `changed` with the new outcome, and where a changed one leads. Refuses a correction that
    names no standing act, changes nothing, or gives counts that do not add up. Facts for which the law would have
    refused the act (a notice really given a day late) make it void: the matter returns to where the act was taken.
    """
    act = _act(matter, ask.facts)
    action = correction_of(compiled, matter, ask.facts)
    known = Requirement(
        "correct.act", act is not None and action is not None, {"given": ask.number("corrects")}
    )
    if act is None or action is None:
        return Judgement("unchanged", (known,)), None
    fixed = corrected(act, ask.facts.open)
    differs = Requirement("correct.differs", fixed.facts != act.facts or fixed.acted_on != act.acted_on)
    earlier = _before(matter, act)
    ahead = Requirement(
        "day.not_ahead",
        fixed.acted_on <= act.recorded_on,
        {"acted": fixed.acted_on.isoformat(), "recorded": act.recorded_on.isoformat()},
    )
    asked = [known, differs, ahead, *_order(earlier, fixed), *_decided(matter, ask, act)]
    judged = action.judge(
        replace(
            ask,
            matter=earlier,
            acted_on=fixed.acted_on,
            recorded_on=act.recorded_on,
            facts=Facts(fixed.facts, dict.fromkeys(act.private, ""), dict.fromkeys(act.documents, ())),
        )
    )
    barred = [each.check for each in judged.requirements if _bars(each)] if act.from_ is not None else []
    new_outcome = VOID if barred else judged.outcome
    requirements = [
        replace(each, weight="decides") if each.check in barred else each for each in judged.requirements
    ]
    computed: dict[str, FactValue] = {"new_outcome": new_outcome, "corrects": act.mseq}
    if new_outcome == act.outcome:
        return Judgement("unchanged", (*asked, *requirements), computed), None
    to = act.from_ if barred else compiled.route(act.stage, action.leads[new_outcome], matter.opening)
    return Judgement("changed", (*asked, *requirements), computed), to


def _bars(requirement: Requirement) -> bool:
    """Whether the law bars the act; counts that do not agree with each other are a slip of the pen instead."""
    return (
        not requirement.met and requirement.weight == "refuses" and not requirement.check.startswith("count.")
    )


def _order(earlier: Matter, fixed: Act) -> list[Requirement]:
    last: datetime.date | None = earlier.last_day
    if last is None:
        return []
    numbers = {"acted": fixed.acted_on.isoformat(), "last": last.isoformat()}
    return [Requirement("day.monotone", fixed.acted_on >= last, numbers)]


def _decided(matter: Matter, ask: Ask, act: Act) -> list[Requirement]:
    """What was put to the vote may not be changed after it: the amount voted on, who moved it (domain.md SY-17)."""
    if act.type != "opened":
        return []
    phases = {stage.id: stage.phase for stage in ask.stages.values()}
    decided = any(
        phases.get(each.stage) in AFTER_DECISION
        or (phases.get(each.stage) == "vote" and each.outcome == "passed")
        for each in matter.standing()
    )
    return [Requirement("correct.before_decision", not decided)]
