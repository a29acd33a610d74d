"""The clock of a duty to answer, read from the acts: until when, how often late, reopened, not reached."""

import datetime
from dataclasses import dataclass, replace

from workflow.core.days import Calendar, Count, period
from workflow.core.matter import Act, Matter, stage_of

# Entries about another act carry its outcome; the act itself is counted.
_ABOUT_ACTS = ("confirm", "decline", "correct")


@dataclass(frozen=True, slots=True)
class Due:
    """The last day of an answer; `provisional` while a year's holidays are not announced."""

    last: datetime.date
    provisional: bool = False

    @property
    def next_day(self) -> datetime.date:
        """The first day on which the answer is overdue."""
        return self.last + datetime.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Terms:
    """The days of each kind of answer, and how they are counted."""

    first: int
    again: int
    above: int
    calendar: Calendar
    count: Count

    def due(self, start: datetime.date, days: int) -> Due:
        """Return the last day of so many days from `start`."""
        found = period(start, days, self.calendar, self.count)
        return Due(found.last, found.provisional)


@dataclass(frozen=True, slots=True)
class Clock:
    """`limit` is what the days allow, `due` the promised day where that is earlier; the rest are counts."""

    limit: Due | None = None
    due: Due | None = None
    late: int = 0
    reopened: int = 0
    unreached: int = 0

    def runs(self, due: Due) -> "Clock":
        """Begin a new term."""
        return replace(self, limit=due, due=due)


def read_clock(matter: Matter, stage: str, terms: Terms) -> Clock:
    """Fold the standing acts since the matter came to the stage into its clock."""
    clock = Clock()
    for act in matter.standing():
        if stage_of(act.to) == stage and stage_of(act.from_ or "") != stage:
            clock = Clock().runs(terms.due(act.counts_from, terms.first))
        elif act.stage == stage and act.action not in _ABOUT_ACTS:
            clock = _after(clock, act, terms)
    return clock


def _after(clock: Clock, act: Act, terms: Terms) -> Clock:
    if act.outcome == "assigned" and clock.limit is not None:
        promised = act.facts.get("finish_by")
        due = Due(datetime.date.fromisoformat(str(promised))) if promised else clock.limit
        return replace(clock, due=due)
    if act.action in ("answer", "answer_above"):
        late = clock.due is not None and act.acted_on > clock.due.last
        return replace(clock, late=clock.late + late, unreached=0)
    if act.outcome == "done_again":
        return replace(clock.runs(terms.due(act.counts_from, terms.again)), reopened=clock.reopened + 1)
    if act.outcome == "raised":
        # What is raised for being overdue was never answered: that counts as late too.
        overdue = act.action != "escalate"
        return replace(clock.runs(terms.due(act.counts_from, terms.above)), late=clock.late + overdue)
    if act.outcome == "unreached":
        return replace(clock, unreached=clock.unreached + 1)
    return clock
