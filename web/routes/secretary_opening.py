"""Opening a matter: the steps it will take, and its first form."""

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, require
from web.acting import desk
from web.acting.sheet import Sheet, opening_sheet
from web.forms import Form
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.installation import Installation
from workflow.library import NotInForce
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/matters")
Secretary = Annotated[Viewer, Depends(require("secretary"))]
Posted = Annotated[Form, Depends(Form.posted)]


@router.get("/new/{kind}")
def opening_page(request: Request, viewer: Secretary, kind: str, place: str = "") -> Response:
    """The steps a matter of this kind will take, and the form that opens it."""
    sheet = _opening(request, viewer, kind, place)
    told = {each.name: request.query_params.getlist(each.name) for each in sheet.asked}
    return desk.show(
        request, viewer, sheet, first=Form({name: texts for name, texts in told.items() if texts})
    )


@router.post("/new/{kind}")
def open_matter(request: Request, viewer: Secretary, form: Posted, kind: str, place: str = "") -> Response:
    """Keep, check or record an opening."""
    return desk.submit(request, viewer, _opening(request, viewer, kind, place), form)


def _opening(request: Request, viewer: Viewer, kind: str, place: str) -> Sheet:
    here: Installation = request.app.state.here
    day: date = civil_day(here.clock())
    place = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        known = places.name_of(conn, place) is not None and places.level_of(place) != "county"
    try:
        sheet = opening_sheet(here, place, kind, day) if known else None
    except (NotInForce, Unreadable):
        raise HTTPException(409, "这类事项的程序文本现在用不了，请告诉县里的管理员。") from None
    if sheet is None:
        raise HTTPException(404)
    return sheet
