"""What an earlier act of the matter said, read back as the form gave it."""

import datetime

from workflow.core.matter import Act, Matter, stage_of


def number_in(act: Act | None, name: str) -> int:
    """Return a number of a past act, 0 where it gave none."""
    value = act.facts.get(name) if act else None
    return value if isinstance(value, int) else 0


def day_in(act: Act, name: str) -> datetime.date:
    """Return a day its form required."""
    return datetime.date.fromisoformat(str(act.facts[name]))


def arrived(matter: Matter, stage: str) -> datetime.date | None:
    """Return the day on which the matter was last brought to a stage; objections and opinions on the way bring it nowhere."""
    brought = (
        act.recorded_on
        for act in reversed(matter.acts)
        if stage_of(act.to) == stage and stage_of(act.from_ or "") != stage
    )
    return next(brought, None)
