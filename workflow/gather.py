"""Gathers what a decision needs, in one transaction: the place, the matter, the compiled procedure, the form."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection

from workflow.core.catalogue import Catalogue
from workflow.core.correction import CORRECTS
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON
from workflow.core.facts import FactValue, Field, FieldError
from workflow.core.findings import Unreadable
from workflow.core.machine import Compiled
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.core.place_acts import place_actions
from workflow.forms import AMOUNT_NEEDED, CONFIRMS, NOT_CORRECTABLE, form_of, opening_form, route_of
from workflow.installation import Installation
from workflow.library import NotInForce, Text
from workflow.request import Answer, Malformed, NoSuch, Request, Stale


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


def _gather_opening(here: Installation, request: Request, place: Place) -> Gathered | Answer:
    try:
        return _gathered_on(here, request, place, here.library.catalogue(request.acted_on, request.place))
    except NotInForce as error:
        return Malformed((FieldError("acted_on", str(error)),))
    except Unreadable as error:
        return Malformed((FieldError("kind", f"程序文本有错，请告诉县里：{error.findings[0].line()}"),))


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


def _gather_place_act(request: Request, place: Place, catalogue: Catalogue) -> Gathered | Answer:
    actions = place_actions(catalogue)
    if request.action in ("confirm", "decline"):
        return Gathered(
            place, form=(CONFIRMS, *(DECLINE_FIELDS if request.action == "decline" else CONFIRM_FIELDS))
        )
    action = actions.get(request.action)
    return NoSuch("action") if action is None else Gathered(place, form=(*action.fields, LATE_REASON))
