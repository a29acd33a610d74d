"""The township: what waits for it, opinions, filing, and who holds which office in its villages."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import matter_lists as lists
from web.access import Viewer, require
from web.deeds import DAY, Deed, Unrecorded, new_key, record
from web.forms import Form
from web.pages import render
from web.routes import township_offices
from web.routes.committee import render_list
from web.sights import Due, Sight, load, see
from workflow.core.days import civil_day
from workflow.core.place import TOWNSHIP
from workflow.core.prospects import Prospect
from workflow.installation import Installation
from workflow.request import Receipt
from workflow.store import places

router = APIRouter(include_in_schema=False, prefix="/township")
router.include_router(township_offices.router)
Officer = Annotated[Viewer, Depends(require("township"))]
Posted = Annotated[Form, Depends(Form.posted)]
SIGN: Final = "sign"


@router.get("")
def home(request: Request, viewer: Officer) -> Response:
    """What waits for the township, what it must know of, and what is late in its villages."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    with here.database.reading() as conn:
        waiting = lists.waiting(conn, viewer.scope, "township", today)
        changed = [
            sight
            for each in lists.corrected(conn, viewer.scope, today)
            if (sight := load(here, conn, each.row.id, viewer)).changed
        ]
        escalated = [
            (sight, due)
            for each in lists.escalated(conn, viewer.scope, today)
            for sight in [load(here, conn, each.row.id, viewer)]
            for due in sight.objections
            if due.objection.status == "escalated"
        ]
        overdue = lists.overdue(conn, viewer.scope, today)
        own = here.place(conn, viewer.scope.ljust(places.CODE_LENGTH, "0"))
    return render(
        request,
        "township/home.html",
        waiting=waiting,
        changed=changed,
        escalated=escalated,
        overdue=[each for each in overdue if each.row.waits_for != "township"],
        in_office=bool(own.offices(viewer.person, today) & TOWNSHIP),
    )


@router.get("/matters")
def list_matters(
    request: Request,
    viewer: Officer,
    at: str = "",
    place: str = "",
    mark: Annotated[list[str] | None, Query()] = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
) -> Response:
    """Every matter of the township's villages, narrowed by village, by where it stands, and by its marks."""
    return render_list(request, viewer, "township", lists.Wanted(place, at, tuple(mark or ()), page))


@router.get("/matters/{matter}")
def matter_page(request: Request, viewer: Officer, matter: str, done: int = 0) -> Response:
    """One matter: where it stands, what the township may do, its objections without names, its whole history."""
    sight = see(request, viewer, matter)
    return render(
        request, "township/matter.html", sight=sight, view=sight.view, sign=sight.own(SIGN), done=done
    )


@router.get("/matters/{matter}/sign")
def sign_page(request: Request, viewer: Officer, matter: str) -> Response:
    """The form of an approval, an opinion or a filing, as the stage has it."""
    sight = see(request, viewer, matter)
    form = Form()
    form.show(f"{DAY}_near", sight.view.today.isoformat())
    return _sign_page(request, sight, form)


@router.post("/matters/{matter}/sign")
def sign(request: Request, viewer: Officer, matter: str, form: Posted) -> Response:
    """Record what the township signed."""
    sight = see(request, viewer, matter)
    deed = Deed(sight.view.place, sight.id, SIGN, _signing(sight).fields, dated=True)
    done = record(request, viewer, deed, form)
    if isinstance(done, Receipt):
        where = f"/township/matters/{matter}?done={done.entry.mseq}#entry-{done.entry.mseq}"
        return RedirectResponse(where, status_code=303)
    return _sign_page(request, see(request, viewer, matter), form, done)


def _signing(sight: Sight) -> Prospect:
    found = next((each for each in sight.view.ahead if each.action == SIGN), None)
    if found is None:
        raise HTTPException(409, "这件事现在不等镇街办理，请回到事项页面再看。")
    return found


def _sign_page(request: Request, sight: Sight, form: Form, failed: Unrecorded | None = None) -> Response:
    return render(
        request,
        "township/sign.html",
        status=failed.status if failed else 200,
        sight=sight,
        view=sight.view,
        sign=_signing(sight),
        form=form,
        failed=failed,
        key=new_key(),
    )


@router.get("/matters/{matter}/objections/{number}")
def objection_page(request: Request, viewer: Officer, matter: str, number: int) -> Response:
    """One objection as it was passed on: what it says and how it was handled, without the objector's name."""
    sight = see(request, viewer, matter)
    due: Due | None = next((each for each in sight.objections if each.objection.number == number), None)
    if due is None:
        raise HTTPException(404)
    return render(
        request,
        "township/objection.html",
        sight=sight,
        view=sight.view,
        due=due,
        line=sight.line(due.objection.mseq),
        story=sight.about_objection(number),
    )
