"""What an earlier act of the matter said, read back as the form gave it."""

import datetime

from workflow.core.matter import Act


def number_in(act: Act | None, name: str) -> int:
    """Return a number of a past act, 0 where it gave none."""
    value = act.facts.get(name) if act else None
    return value if isinstance(value, int) else 0


def day_in(act: Act, name: str) -> datetime.date:
    """Return a day its form required."""
    return datetime.date.fromisoformat(str(act.facts[name]))
