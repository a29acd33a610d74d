"""Two meetings held as one where secretary and director are one person (一肩挑, SY-06): one form, the worse outcome."""

from collections.abc import Sequence
from dataclasses import replace

from workflow.core.facts import Field

_TITLES = ("第一步", "第二步")


def merged_fields(
    first: Sequence[Field], second: Sequence[Field], record: Sequence[Field]
) -> tuple[Field, ...]:
    """Return the one form: the counts of both meetings, each named by its step, then what one record has once."""
    counts = [
        replace(each, title=f"{title}：{each.title}")
        for title, fields in zip(_TITLES, (first, second), strict=True)
        for each in fields
    ]
    counted = {each.name for each in counts}
    return (*counts, *(each for each in record if each.name not in counted))


def merged_outcome(first: str, second: str) -> str:
    """Return the outcome of both: what the second body refuses goes where that step sends it, as if met apart."""
    outcomes = ["rejected" if each == "divided" else each for each in (first, second)]
    if outcomes[0] in ("passed", "held") and outcomes[1] == "rejected":
        return "returned"
    return next((each for each in ("adjourned", "rejected") if each in outcomes), "passed")
