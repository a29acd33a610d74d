"""Attached files, to be kept and looked at outside the browser: only for those who may see the matter or the place."""

from mimetypes import guess_extension
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import FileResponse
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.sights import may_open
from workflow.core.entry import Entry
from workflow.installation import Installation
from workflow.store import matters, register
from workflow.store.database import run

router = APIRouter(include_in_schema=False, prefix="/documents")


@router.get("/{owner}/{name}")
def document(
    request: Request, viewer: Annotated[Viewer, Depends(require())], owner: str, name: str
) -> Response:
    """One file of a matter (or of a place's own record, `owner` its code), by the hexadecimal part of its digest."""
    here: Installation = request.app.state.here
    digest = f"sha256:{name}"
    with here.database.reading() as conn:
        entries = _entries(conn, viewer, owner)
        carried = [each for each in entries if any(one.get("digest") == digest for one in each.documents)]
        row = run(conn, "SELECT kind, name_private FROM document WHERE digest = ?", (digest,)).fetchone()
        matter = here.matter(conn, carried[0].place, owner) if carried and carried[0].matter else None
    open_ = [each for each in carried if matter is None or may_open(viewer, matter, each)]
    if not open_ or row is None:
        raise HTTPException(404)
    if here.documents.verify(digest) != "whole":
        raise HTTPException(503, "这份文件和登记时的不一样，或者找不到了，不能给您看。请马上告诉管理员。")
    # The name of an objector's file may be the objector's.
    told = viewer.group == "committee" or all(each.type != "objection" for each in open_)
    return FileResponse(
        here.documents.path(digest),
        media_type=row[0],
        filename=(row[1] if told else None) or f"{name[:12]}{guess_extension(row[0]) or ''}",
        headers={"Content-Security-Policy": "sandbox; default-src 'none'"},
    )


def _entries(conn: Connection, viewer: Viewer, owner: str) -> list[Entry]:
    place = matters.place_of(conn, owner)
    if place is not None:
        return register.of_matter(conn, viewer.must_see(place), owner)
    return register.of_place_itself(conn, viewer.must_see(owner))
