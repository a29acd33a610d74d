"""Matters: lists, one matter with what may be done, its entries, and recording an act."""

from typing import Annotated

from fastapi import Query, Request
from sqlalchemy import Connection, select
from sqlmodel import SQLModel
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import readings
from web.access import Viewer
from web.acting.said import title_of
from web.acting.view import ONLY_FOR_SUPERVISORS, load, names_of
from web.api import acting, shapes
from web.api.sharing import Anyone, Here, Reader, conflict, place_name, router
from workflow.core.canonical import parse_canonical
from workflow.core.correction import correctable
from workflow.core.days import civil_day
from workflow.core.facts import Field, fields_schema
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Matter, stage_of
from workflow.core.place import Place
from workflow.core.prospects import Prospect, prospects
from workflow.core.stage import Window
from workflow.core.tree import leaf_hash
from workflow.forms import form_of
from workflow.installation import Installation
from workflow.store import places, register
from workflow.store.matters import MatterRow

MATTER = SQLModel.metadata.tables[MatterRow.__tablename__]
CONFLICTS = conflict(shapes.Refused | shapes.Outdated)
Limit = Annotated[int, Query(ge=1, le=200, description="最多几条")]

api = router()


@api.get("/places/{code}/matters")
def list_matters(
    code: shapes.PlaceCode,
    here: Here,
    viewer: Reader,
    after: Annotated[str, Query(max_length=40, description="上一页的 next")] = "",
    limit: Limit = 50,
    *,
    ended: Annotated[bool | None, Query(description="只要已结束的，或只要未结束的")] = None,
) -> shapes.MatterList:
    """Return the matters of a place and below it, by number."""
    with here.database.reading() as conn:
        name = place_name(conn, viewer, code)
        query = select(*MATTER.c).where(
            MATTER.c.place.startswith(places.scope_of(code), autoescape=True), MATTER.c.id > after
        )
        if ended is not None:
            query = query.where(MATTER.c.at.in_(ENDS) if ended else MATTER.c.at.not_in(ENDS))
        rows = [
            MatterRow(**row) for row in conn.execute(query.order_by(MATTER.c.id).limit(limit + 1)).mappings()
        ]
    following = rows[limit - 1].id if len(rows) > limit else None
    return shapes.MatterList(
        place=code, place_name=name, matters=[_listed(row) for row in rows[:limit]], next=following
    )


@api.post("/places/{code}/matters", responses=CONFLICTS, response_model=shapes.Recorded)
def open_matter(
    request: Request,
    code: shapes.PlaceCode,
    here: Here,
    viewer: Reader,
    key: shapes.Key,
    body: shapes.PlaceAct,
) -> shapes.Recorded | Response:
    """Open a matter; its kind is one of `kinds` of /api/procedures, its facts that kind's."""
    with here.database.reading() as conn:
        place_name(conn, viewer, code)
    return acting.act(request, viewer, code, None, "open", key, body)


@api.post("/places/{code}/actions/{action}", responses=CONFLICTS, response_model=shapes.Recorded)
def act_on_place(
    request: Request,
    code: shapes.PlaceCode,
    action: shapes.ActionId,
    here: Here,
    viewer: Anyone,
    key: shapes.Key,
    body: shapes.PlaceAct,
) -> shapes.Recorded | Response:
    """Record an act on a place's own record: counts, offices, delegations, and their confirmation."""
    with here.database.reading() as conn:
        place_name(conn, viewer, code)
    if action == "open":
        raise HTTPException(404)
    return acting.act(request, viewer, code, None, action, key, body)


@api.get("/matters/{matter_id}")
def show_matter(matter_id: shapes.MatterId, here: Here, viewer: Reader) -> shapes.Matter:
    """Return where a matter stands and what may be done next, each with the schema of its facts."""
    with here.database.reading() as conn:
        matter, compiled, place = _loaded(here, conn, matter_id, viewer)
        title = register.private_of(conn, [matter.entries[0].seq]).get(matter.entries[0].seq, {}).get("title")
        name = places.name_of(conn, matter.place) or matter.place
    today = civil_day(here.clock())
    ahead = () if matter.closed else prospects(compiled, here.library.law, matter, place, today)
    offices = place.offices(viewer.person, today)
    own = next((each for each in ahead if not each.standing), None)
    stage = compiled.procedure.by_id.get(stage_of(matter.at))
    latest = [each.window.latest for each in ahead if each.window.latest and (each.standing or each is own)]
    pending = matter.pending
    return shapes.Matter(
        id=matter.id,
        place=matter.place,
        place_name=name,
        title=title.value if title else None,
        kind=str(matter.opening.get("kind", "")),
        tier=str(matter.opening.get("tier", "")),
        procedure=compiled.procedure.procedure,
        procedure_title=compiled.procedure.title,
        procedure_digest=compiled.digest,
        at=matter.at,
        stage=stage_of(matter.at),
        stage_title=stage.title if stage else ENDS.get(matter.at, ""),
        phase=stage.phase if stage else None,
        ended=matter.closed,
        mseq=matter.mseq,
        first_day=_first(own.window) if own else None,
        last_day=min(latest).isoformat() if latest else None,
        open_objections=[each.number for each in matter.open_objections],
        pending=None
        if pending is None
        else shapes.Waiting(
            mseq=pending.mseq,
            action=pending.action,
            actor=pending.actor,
            confirmed_by=sorted(compiled.procedure.settings.second_office),
        ),
        actions=[_open_action(compiled, matter, each, offices) for each in ahead],
        corrections=_corrections(compiled, matter),
    )


@api.post("/matters/{matter_id}/actions/{action}", responses=CONFLICTS, response_model=shapes.Recorded)
def act_on_matter(
    request: Request,
    matter_id: shapes.MatterId,
    action: shapes.ActionId,
    here: Here,
    viewer: Reader,
    key: shapes.Key,
    body: shapes.MatterAct,
) -> shapes.Recorded | Response:
    """Record an act on a matter, as one of its `actions`, or `correct` with one of its `corrections`."""
    with here.database.reading() as conn:
        matter, _, _ = _loaded(here, conn, matter_id, viewer)
    return acting.act(request, viewer, matter.place, matter_id, action, key, body, body.mseq)


@api.get("/matters/{matter_id}/entries")
def list_entries(
    request: Request,
    matter_id: shapes.MatterId,
    here: Here,
    viewer: Reader,
    after: Annotated[int, Query(ge=0, le=10**9, description="上一页的 next")] = 0,
    limit: Limit = 100,
) -> shapes.EntryList:
    """Return a matter's lines of the register in order. What an auditor is shown of the texts is logged."""
    with here.database.reading() as conn:
        matter, compiled, _ = _loaded(here, conn, matter_id, viewer)
        rest = [entry for entry in matter.entries if (entry.mseq or 0) > after]
        entries = rest[:limit]
        names, private = names_of(conn), register.private_of(conn, [entry.seq for entry in entries])
        shown = []
        for entry in entries:
            hidden = ONLY_FOR_SUPERVISORS if entry.action == "object" else frozenset[str]()
            texts = {
                field: each.value for field, each in private.get(entry.seq, {}).items() if field not in hidden
            }
            leaf = entry.leaf()
            shown.append(
                shapes.ShownEntry(
                    seq=entry.seq,
                    mseq=entry.mseq or 0,
                    title=title_of(compiled, entry),
                    actor_name=names(str(entry.actor)),
                    leaf_hash=leaf_hash(leaf).hex(),
                    entry=parse_canonical(leaf),
                    texts=texts,
                )
            )
    if viewer.group == "auditor":
        with here.database.writing() as conn:
            seen = {each.seq: list(each.texts) for each in shown}
            readings.note(conn, viewer.person, matter.place, seen, request.app.state.watch())
    following = shown[-1].mseq if len(rest) > limit else None
    return shapes.EntryList(matter=matter_id, entries=shown, next=following)


def _loaded(
    here: Installation, conn: Connection, matter_id: str, viewer: Viewer
) -> tuple[Matter, Compiled, Place]:
    loaded = load(here, conn, matter_id, viewer)
    if loaded is None:
        raise HTTPException(404)
    return loaded


def _listed(row: MatterRow) -> shapes.ListedMatter:
    told = {name: getattr(row, name) for name in shapes.ListedMatter.model_fields if hasattr(row, name)}
    return shapes.ListedMatter.model_validate(
        {**told, "procedure": row.procedure_id, "stage_title": row.stage, "ended": row.at in ENDS}
    )


def _first(window: Window) -> str | None:
    return window.earliest.isoformat() if window.earliest else None


def _open_action(
    compiled: Compiled, matter: Matter, prospect: Prospect, offices: frozenset[str]
) -> shapes.OpenAction:
    window = prospect.window
    form: tuple[Field, ...] = form_of(compiled, matter, prospect.action, {}) or prospect.fields
    return shapes.OpenAction(
        action=prospect.action,
        title=prospect.title,
        offices=sorted(prospect.offices),
        offices_title=prospect.offices_words(),
        yours=bool(prospect.offices & offices),
        standing=prospect.standing,
        first_day=_first(window),
        last_day=window.latest.isoformat() if window.latest else None,
        provisional=window.provisional,
        facts=fields_schema(form),
    )


def _corrections(compiled: Compiled, matter: Matter) -> list[shapes.Correctable]:
    if "correct" not in compiled.open(matter.at):
        return []
    return [
        shapes.Correctable(
            corrects=act.mseq,
            title=title_of(compiled, matter.entries[act.mseq - 1]),
            facts=fields_schema(form_of(compiled, matter, "correct", {"corrects": act.mseq}) or ()),
        )
        for act in correctable(matter)
    ]
