"""The forms of acts: what is asked of whoever opens, does, confirms or corrects something."""

from collections.abc import Mapping

from workflow.core.catalogue import Catalogue, Kind, Routed
from workflow.core.correction import CORRECTS, correction_fields, correction_of
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON
from workflow.core.facts import Choice, Facts, Field, FieldError, read_facts
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.stages.motion import SOURCES

CONFIRMS = Field("confirms", "确认哪一条登记", "count")
AMOUNT = Field("amount_fen", "预计金额", "money", required=False)
SOURCE = Field("source", "动议事由", "choice", required=False, choices=SOURCES)
AMOUNT_NEEDED = FieldError(AMOUNT.name, "这类事项按金额定程序，请填金额")
NOT_CORRECTABLE = FieldError(CORRECTS.name, "这一条不能更正；只能更正已生效的办理记录")


def form_of(
    compiled: Compiled, matter: Matter, action: str, given: Mapping[str, object]
) -> tuple[Field, ...] | None:
    """Return the form of an action at this matter, late reason included; None for an action nobody knows."""
    if action == "confirm":
        return CONFIRM_FIELDS
    if action == "decline":
        return DECLINE_FIELDS
    if action == "correct":
        found = correction_of(compiled, matter, Facts({"corrects": _whole(given.get("corrects"))}))
        return (*correction_fields(found), LATE_REASON) if found else (CORRECTS,)
    stage = stage_of(matter.at)
    known = compiled.action(stage, action)
    if known is None:
        known = next((each[action] for each in compiled.actions.values() if action in each), None)
    return (*known.fields, LATE_REASON) if known else None


def _whole(value: object) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def route_of(catalogue: Catalogue, kind: Kind, given: Mapping[str, object]) -> Routed | None:
    """Return where a matter opened with these posted values goes; None where its amount must be said and is not.

    Values that are not of their kind count as not given; the form says what is wrong with them.
    """
    fields = (AMOUNT, SOURCE, *kind.fields())
    facts, _ = read_facts(fields, {each.name: given.get(each.name) for each in fields})
    return catalogue.route(kind, facts.open)


def opening_form(catalogue: Catalogue, kind: Kind, compiled: Compiled) -> tuple[Field, ...]:
    """Return the whole form that opens a matter of a kind: the kind, its own questions, the procedure's."""
    opening = compiled.actions[compiled.procedure.stages[0].id]["open"]
    return (kind_field(catalogue), *kind.fields(), *opening.fields, LATE_REASON)


def kind_field(catalogue: Catalogue) -> Field:
    """Return the opening form's first question, answered from the catalogue."""
    return Field(
        "kind", "什么事", "choice", choices=tuple(Choice(kind.id, kind.title) for kind in catalogue.kinds)
    )
