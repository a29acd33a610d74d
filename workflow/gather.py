"""Gathers what a decision needs, in one transaction: the place, the matter, the compiled procedure, the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from workflow.core.catalogue import Catalogue, Kind, Routed
from workflow.core.correction import CORRECTS, correction_fields, correction_of
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON
from workflow.core.facts import Choice, Facts, FactValue, Field, FieldError, read_facts
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.place import Place
from workflow.core.place_acts import place_actions
from workflow.core.stages.motion import SOURCES
from workflow.installation import Installation
from workflow.library import NotInForce, Text
from workflow.request import Answer, Malformed, NoSuch, Request, Stale

CONFIRMS = Field("confirms", "确认哪一条登记", "count")
AMOUNT = Field("amount_fen", "预计金额", "money", required=False)
SOURCE = Field("source", "动议事由", "choice", required=False, choices=SOURCES)
AMOUNT_NEEDED = FieldError(AMOUNT.name, "这类事项按金额定程序，请填金额")
NOT_CORRECTABLE = FieldError(CORRECTS.name, "这一条不能更正；只能更正已生效的办理记录")


@dataclass(frozen=True, slots=True)
class Gathered:
    """Everything `decide` needs, as of one transaction."""

    place: Place
    matter: Matter | None = None
    compiled: Compiled | None = None
    form: tuple[Field, ...] = ()
    extra: Mapping[str, FactValue] = field(default_factory=dict)
    opened_under: tuple[Text, ...] = ()
    chosen_by: tuple[Text, ...] = ()


def gather(
    here: Installation,
    conn: Connection,
    request: Request,
    next_: int | None,
    lasts: Mapping[str, int] | None = None,
) -> Gathered | Answer:
    """Gather for one request; `next_` is the matter's next `mseq`. Answers at once what cannot be decided at all.

    `lasts` is what `Installation.place` takes.
    """
    place = here.place(conn, request.place, lasts)
    if request.matter is None:
        return _gather_opening(here, request, place)
    size = (next_ or 1) - 1
    matter = here.matter(conn, request.place, request.matter, size)
    if matter is None:
        return NoSuch("matter")
    if request.seen is not None and request.seen != matter.mseq:
        return Stale(tuple(entry for entry in matter.entries if (entry.mseq or 0) > request.seen))
    compiled = here.compiled(conn, matter.procedure)
    form = form_of(compiled, matter, request.action, request.facts)
    if form == (CORRECTS,):
        return Malformed((NOT_CORRECTABLE,))
    return NoSuch("action") if form is None else Gathered(place, matter, compiled, form)


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


def _gather_opening(here: Installation, request: Request, place: Place) -> Gathered | Answer:
    try:
        return _gathered_on(here, request, place, here.library.catalogue(request.acted_on, request.place))
    except NotInForce as error:
        return Malformed((FieldError("acted_on", str(error)),))


def _gathered_on(
    here: Installation, request: Request, place: Place, catalogue: Catalogue
) -> Gathered | Answer:
    if request.action != "open":
        return _gather_place_act(request, place, catalogue)
    kind = catalogue.by_id.get(str(request.facts.get("kind")))
    if kind is None:
        return Malformed((FieldError("kind", "请从事项清单里选一种"),))
    routed = route_of(catalogue, kind, request.facts)
    if routed is None:
        return Malformed((AMOUNT_NEEDED,))
    effective = here.library.effective(routed.procedure, request.place, request.acted_on)
    compiled = effective.compiled
    return Gathered(
        place,
        Matter("", request.place, compiled.digest),
        compiled,
        opening_form(catalogue, kind, compiled),
        {"tier": routed.tier, **kind.always_opens()},
        (effective.text,),
        (here.library.listed(request.acted_on, request.place)[1],),
    )


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


def _gather_place_act(request: Request, place: Place, catalogue: Catalogue) -> Gathered | Answer:
    actions = place_actions(catalogue)
    if request.action in ("confirm", "decline"):
        return Gathered(
            place, form=(CONFIRMS, *(DECLINE_FIELDS if request.action == "decline" else CONFIRM_FIELDS))
        )
    action = actions.get(request.action)
    return NoSuch("action") if action is None else Gathered(place, form=(*action.fields, LATE_REASON))
