"""What acts are made of: the procedures with their kinds and opening forms, files, and the demo's clock."""

import tempfile
from datetime import datetime
from typing import IO, Annotated, Any, Final, Protocol, runtime_checkable

from fastapi import Query, Request
from pydantic import BaseModel, Field, StrictInt
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from web import attachments
from web.api import shapes
from web.api.sharing import Anyone, Here, Reader, place_name, router
from web.errors import Malformed
from workflow.core.days import civil_day
from workflow.core.entry import AHEAD_AT_MOST
from workflow.core.facts import fields_schema
from workflow.forms import opening_form
from workflow.installation import Installation
from workflow.library import Effective, NotInForce
from workflow.store import register

IN_MEMORY: Final = 1 << 20
BODIES: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "properties": {"file": {"type": "string", "format": "binary"}},
                    "required": ["file"],
                }
            },
            "application/octet-stream": {"schema": {"type": "string", "format": "binary"}},
        },
    }
}

api = router()
demo = router()


class Kept(BaseModel):
    """A kept file; `digest` goes into a form's facts."""

    digest: str
    size: int
    kind: str
    name: str


class StageShown(BaseModel):
    """One step of a procedure."""

    id: str
    title: str
    phase: str
    kind: str
    basis: list[str]


class ProcedureShown(BaseModel):
    """One procedure as it binds the place on the day, all layers applied."""

    id: str
    title: str
    summary: str
    decides: str
    digest: str
    stages: list[StageShown]


class KindShown(BaseModel):
    """One kind of the catalogue with the schema of the facts that open a matter of it."""

    id: str
    number: int
    title: str
    tier: str
    procedure: str
    delegable: bool
    basis: str
    facts: shapes.JsonSchema


class Procedures(BaseModel):
    """What binds a place (the nation, where none was asked for) on a day."""

    place: str | None
    on: str
    procedures: list[ProcedureShown]
    kinds: list[KindShown]


class Days(shapes.Body):
    """How far the training clock goes forward."""

    days: StrictInt = Field(ge=1, le=366)


class TrainingDay(BaseModel):
    """The training clock's day and instant."""

    today: str
    now: str


@runtime_checkable
class GoesForward(Protocol):
    """A training clock."""

    def forward(self, *, days: int) -> None:
        """Let days pass."""


@api.get("/procedures")
def list_procedures(
    here: Here,
    viewer: Anyone,
    place: Annotated[
        str | None, Query(pattern="^[0-9]{12}$", description="哪个村；不填是全国通用文本")
    ] = None,
    on: Annotated[shapes.Day | None, Query(description="哪一天；不填是今天")] = None,
) -> Procedures:
    """Return the procedures and kinds of matter that bind a place on a day, with the facts that open each kind."""
    if place is not None:
        with here.database.reading() as conn:
            place_name(conn, viewer, place)
    day = on or civil_day(here.clock())
    library = here.library
    try:
        catalogue = library.catalogue(day, place or "")
        found = {each: library.effective(each, place or "", day) for each in library.procedures()}
    except NotInForce as error:
        raise HTTPException(404, str(error)) from None
    kinds = []
    for kind in catalogue.kinds:
        form = opening_form(catalogue, kind, found[kind.procedure].compiled)
        kinds.append(
            KindShown(
                id=kind.id,
                number=kind.number,
                title=kind.title,
                tier=kind.tier,
                procedure=kind.procedure,
                delegable=kind.delegable,
                basis=kind.basis,
                facts=fields_schema(form),
            )
        )
    shown = [_procedure(each) for each in found.values()]
    return Procedures(place=place, on=day.isoformat(), procedures=shown, kinds=kinds)


def _procedure(effective: Effective) -> ProcedureShown:
    procedure = effective.compiled.procedure
    return ProcedureShown(
        id=procedure.procedure,
        title=procedure.title,
        summary=procedure.summary,
        decides=procedure.decides,
        digest=effective.text.digest,
        stages=[
            StageShown(id=each.id, title=each.title, phase=each.phase, kind=each.kind, basis=list(each.basis))
            for each in procedure.stages
        ],
    )


@api.post("/documents", openapi_extra=BODIES)
async def keep_document(
    request: Request,
    here: Here,
    _viewer: Reader,
    name: Annotated[str, Query(max_length=200, description="文件名；整个请求体就是文件时要写")] = "",
) -> Kept:
    """Keep a file, as a form's part `file` or as the whole body; its digest then goes into a form's facts."""
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        async with request.form(max_files=1, max_fields=1) as form:
            part = form.get("file")
            if not isinstance(part, UploadFile) or not part.filename:
                raise Malformed({"file": "没有文件"})
            return await run_in_threadpool(_keep, here, part.file, name or part.filename)
    with tempfile.SpooledTemporaryFile(max_size=IN_MEMORY) as file:
        size = 0
        async for piece in request.stream():
            size += len(piece)
            if size > attachments.LARGEST:
                raise HTTPException(413)
            await run_in_threadpool(file.write, piece)
        return await run_in_threadpool(_keep, here, file, name)


def _keep(here: Installation, file: IO[bytes], name: str) -> Kept:
    try:
        kept = attachments.keep(here, file, name)
    except attachments.Rejected as error:
        raise Malformed({"file": str(error)}) from None
    return Kept(digest=kept.digest, size=kept.size, kind=kept.kind, name=kept.name)


@demo.post("/demo/clock")
def move_clock(request: Request, here: Here, body: Days) -> TrainingDay:
    """Let days pass on the training clock; only the demo has one, everywhere else this is 404."""
    clock = here.clock
    if not request.app.state.settings.demo or not isinstance(clock, GoesForward):
        raise HTTPException(404)
    with here.database.reading() as conn:
        last = register.head(conn).last_recorded_at
    ahead = here.clock() - datetime.fromisoformat(last) if last else None
    if ahead is not None and ahead.days + body.days > AHEAD_AT_MOST.days:
        raise Malformed({"days": f"离最后一条登记最多走 {AHEAD_AT_MOST.days} 天，先登记一件事再走"})
    clock.forward(days=body.days)
    now = here.clock()
    return TrainingDay(today=civil_day(now).isoformat(), now=now.isoformat())
