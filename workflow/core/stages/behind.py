"""What must lie behind a contract when it is signed: the decision, its posting, the filing of what is planned."""

import datetime

from workflow.core.attempt import Numbers, Requirement
from workflow.core.stage import Ask
from workflow.core.stages.past import arrived
from workflow.core.stages.terms import working_period

Basis = tuple[str, ...]


def _needed(ask: Ask, stage: str) -> bool:
    """Whether a stage that is referred to applies to the matter."""
    when = ask.stages[stage].when
    return when is None or when.holds(ask.matter.opening)


def resolved(ask: Ask, stage: str | None, basis: Basis) -> list[Requirement]:
    """Ask that the meeting of that stage has passed the matter."""
    if stage is None or not _needed(ask, stage):
        return []
    passed = any(act.outcome == "passed" for act in ask.matter.standing(stage))
    return [Requirement("contract.resolved", passed, {"step": ask.stages[stage].title}, basis)]


def posting_ran(ask: Ask, stage: str | None, day: datetime.date, basis: Basis) -> list[Requirement]:
    """Ask that the posting of that stage had ended by the day."""
    if stage is None or not _needed(ask, stage):
        return []
    closed = ask.matter.last(stage, "close")
    numbers: Numbers = {"ended": closed.acted_on.isoformat() if closed else "", "given": day.isoformat()}
    met = closed is not None and day >= closed.acted_on
    return [Requirement("contract.after_posting", met, numbers, basis)]


def filed_before(
    ask: Ask, stage: str | None, days: int, day: datetime.date, basis: Basis
) -> list[Requirement]:
    """Ask that so many working days lie between the filing of that stage and the day (LAND-05); `CalendarEnds` beyond."""
    if stage is None or not _needed(ask, stage):
        return []
    filed = arrived(ask.matter, stage)
    first = working_period(filed, days, ask.calendar) if filed else None
    numbers: Numbers = {
        "filed": filed.isoformat() if filed else "", "given": day.isoformat(), "days": days,
        "first": first.last.isoformat() if first else "", "provisional": first is not None and first.provisional,
    }  # fmt: skip
    met = first is not None and day >= first.last
    return [Requirement("contract.after_filing", met, numbers, basis)]
