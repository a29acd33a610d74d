"""What must we do: from words, or a kind with its answers, to the procedure and the meetings in order."""

from typing import Annotated

from fastapi import Query
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from web.api import shapes
from web.api.sharing import Anyone, Here, place_name, router
from web.errors import Malformed
from web.guard.text import LARGEST
from workflow.core.catalogue import Kind
from workflow.core.days import civil_day
from workflow.core.facts import fields_schema, read_facts
from workflow.core.findings import Unreadable
from workflow.forms import AMOUNT, SOURCE
from workflow.library import NotInForce
from workflow.routing import advise, as_data, found

_ANSWERS = "^([a-z][a-z0-9_]*:[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*:[a-z][a-z0-9_]*)*)?$"
api = router()


class Likely(BaseModel):
    """One kind the words may mean, with the schema of the facts that choose its procedure."""

    kind: str
    number: int
    title: str
    tier: str
    examples: list[str]
    facts: shapes.JsonSchema


class GatheringShown(BaseModel):
    """One body that may meet at a step, in words; empty where nothing is asked."""

    body: str
    notice: str
    ways: str
    quorum: str
    approval: str
    when: str
    basis: str


class StepShown(BaseModel):
    """One step ahead."""

    number: int
    title: str
    phase: str
    who: str
    does: list[str]
    gatherings: list[GatheringShown]
    papers: list[str]
    days: str
    basis: list[str]
    by_default: bool


class AdviceShown(BaseModel):
    """Where a matter of a kind goes with these facts: tier, procedure and steps in order."""

    kind: str
    title: str
    tier: str
    procedure: str
    procedure_title: str
    basis: str
    forbids: str
    disclosure: str
    supervision: str
    township: str
    steps: list[StepShown]


class Guidance(BaseModel):
    """The kinds that fit, the likeliest first; with `kind`, its advice: null while the amount decides and is not told."""

    place: str
    on: str
    kinds: list[Likely]
    advice: AdviceShown | None = Field(description="按金额定程序而没有说金额的为 null")


@api.get("/places/{code}/route")
def route(
    code: shapes.PlaceCode,
    here: Here,
    viewer: Anyone,
    q: Annotated[str, Query(max_length=100, description="要办的事，例如：村里要修路")] = "",
    kind: Annotated[str, Query(pattern="^([a-z][a-z0-9_]{0,63})?$", description="事项的代号")] = "",
    answers: Annotated[
        str,
        Query(max_length=400, pattern=_ANSWERS, description="这一种自己问的，例如：award:apply,term:long"),
    ] = "",
    amount_fen: Annotated[int | None, Query(ge=0, le=LARGEST, description="预计金额，单位：分")] = None,
) -> Guidance:
    """Say which meetings a matter needs. `answers` are those to the kind's own questions, as in its `facts`."""
    with here.database.reading() as conn:
        place_name(conn, viewer, code)
        standing = here.place(conn, code)
    day = civil_day(here.clock())
    try:
        catalogue = here.library.catalogue(day, code)
        if not kind:
            likely = found(catalogue, q)
            return Guidance(
                place=code, on=day.isoformat(), kinds=[_likely(each) for each in likely], advice=None
            )
        asked = catalogue.by_id.get(kind)
        if asked is None:
            raise HTTPException(404, "事项清单里没有这一种")
        given: dict[str, object] = {
            name: text for name, _, text in (each.partition(":") for each in answers.split(",") if each)
        }
        if amount_fen is not None:
            given[AMOUNT.name] = amount_fen
        advice = advise(here.library, catalogue, asked, _facts(asked, given), standing, day)
    except (NotInForce, Unreadable) as error:
        message = str(error) if isinstance(error, NotInForce) else "程序文本有错，请告诉县里的管理员"
        raise HTTPException(404, message) from None
    return Guidance(
        place=code, on=day.isoformat(), kinds=[_likely(asked)],
        advice=AdviceShown.model_validate(as_data(advice), strict=False) if advice else None,
    )  # fmt: skip


def _facts(kind: Kind, given: dict[str, object]) -> dict[str, int | str | bool | list[str]]:
    facts, errors = read_facts(
        (AMOUNT, SOURCE, *kind.fields()), {name: value for name, value in given.items() if value != ""}
    )
    wrong = {each.field: each.message for each in errors if each.field in given}
    if wrong:
        raise Malformed(wrong)
    return dict(facts.open)


def _likely(kind: Kind) -> Likely:
    return Likely(
        kind=kind.id, number=kind.number, title=kind.title, tier=kind.tier, examples=list(kind.examples),
        facts=fields_schema((AMOUNT, *kind.fields())),
    )  # fmt: skip
