"""Acts on a place's own record, in the room of whoever may do them: counts, delegations, confirmations, offices."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer, of_room
from web.acting import desk
from web.acting.lacking import barred
from web.acting.place_sheet import TEXTS, Given, place_sheet, record_page
from web.acting.sheet import Sheet
from web.forms import Form
from web.pages import render
from workflow.core.decide import CONFIRMS
from workflow.core.place_acts import PUBLISH
from workflow.core.tree import leaf_hash
from workflow.installation import Installation
from workflow.store import register

router = APIRouter(include_in_schema=False, prefix="/{room}/place")
Member = Annotated[Viewer, Depends(of_room("secretary", "committee", "township", "county", keeping=True))]
Posted = Annotated[Form, Depends(Form.posted)]
WAITS: Final = "要等村务监督委员会确认，确认以后才按新的算。"
WAITS_TEXT: Final = "要等另一位有权的人批准，批准以后从写明的那一天起施行。"
FOLLOWS_TEXT: Final = {"decline": "没有批准，不施行。", "confirm": "已批准，从写明的那一天起施行。"}
FOLLOWS: Final = {"decline": "没有确认，已退回村里重新登记。", "confirm": "已确认，从现在起算数。"}


@router.get("/done/{number}")
def done_page(request: Request, viewer: Member, number: int, place: str = "") -> Response:
    """An act on the place's record is in the register."""
    here: Installation = request.app.state.here
    code = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        entry = next((each for each in register.of_place_itself(conn, code) if each.pseq == number), None)
        if entry is None:
            raise HTTPException(404)
        waits = number in here.place(conn, code).pending
    room = request.path_params["room"]
    title = "人员任职" if room in ("township", "county") else "人员与授权"
    following = WAITS if waits else FOLLOWS.get(str(entry.action), "已经生效。")
    of_text = entry.action == PUBLISH or (room == "county" and entry.action in CONFIRMS)
    if of_text:
        title = "施行的文本"
        following = WAITS_TEXT if waits else FOLLOWS_TEXT.get(str(entry.action), "已经有人批准或者不批准。")
    return render(
        request,
        "acting/place_done.html",
        title=title,
        code=code,
        number=number,
        receipt=leaf_hash(entry.leaf()).hex(),
        following=following,
        back=TEXTS if of_text else record_page(room, code),
    )


@router.get("/{action}")
def act_page(
    request: Request, viewer: Member, given: Annotated[Given, Depends()], action: str, place: str = ""
) -> Response:
    """The form of an act on the place's record."""
    return desk.show(request, viewer, _sheet(request, viewer, action, place, given))


@router.post("/{action}")
def act(
    request: Request,
    viewer: Member,
    form: Posted,
    given: Annotated[Given, Depends()],
    action: str,
    place: str = "",
) -> Response:
    """Keep, check or record it."""
    return desk.submit(request, viewer, _sheet(request, viewer, action, place, given), form)


def _sheet(request: Request, viewer: Viewer, action: str, place: str, given: Given) -> Sheet:
    here: Installation = request.app.state.here
    code = viewer.must_see(place or viewer.scope)
    with here.database.reading() as conn:
        sheet = place_sheet(here, conn, request.path_params["room"], code, action, given)
    if sheet is None:
        raise HTTPException(404, "这一条已经办过，或者没有这一条。请回到前一页再看。")
    return replace(sheet, barred=barred(here, viewer, sheet)) if action == "confirm" else sheet
