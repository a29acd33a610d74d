"""What the supervisory committee does: confirm or decline, receive or dismiss objections, give opinions, inspect."""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import readings
from web.access import Viewer, require
from web.acting.said import Asked, asked
from web.acting.view import names_of
from web.deeds import DAY, Deed, Unrecorded, new_key, record
from web.forms import Form
from web.histories import OBJECTOR
from web.pages import render
from web.place_records import Waiting, waiting_records
from web.sights import Due, Sight, see
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS
from workflow.core.facts import Field
from workflow.core.standing import STANDING
from workflow.installation import Installation
from workflow.preview import preview
from workflow.request import Receipt
from workflow.request import Request as Asking

router = APIRouter()
Committee = Annotated[Viewer, Depends(require("committee"))]
Reader = Annotated[Viewer, Depends(require("committee", "auditor"))]
Posted = Annotated[Form, Depends(Form.posted)]
Reviewed = Literal["confirm", "decline"]
Written = Literal["opine", "inspect"]
Answer = Literal["confirm", "decline", "opine", "inspect"]
Way = Literal["receive", "dismiss", "escalate"]

ANSWERS: Final[Mapping[str, tuple[Field, ...]]] = {"confirm": CONFIRM_FIELDS, "decline": DECLINE_FIELDS}
HANDLED: Final[Mapping[str, str]] = {
    "receive": "receive_objection",
    "dismiss": "dismiss_objection",
    "escalate": "escalate_objection",
}
FORMS: Final[Mapping[str, str]] = {"opine": "提出监督意见", "inspect": "登记核验意见"}


# --- the second office


@router.get("/matters/{matter}/confirm")
def confirm_page(request: Request, viewer: Committee, matter: str) -> Response:
    """What the village entered, with its sums, to be confirmed or declined; the matter's page where nothing waits."""
    sight = see(request, viewer, matter)
    if sight.waiting is None:
        return RedirectResponse(f"/committee/matters/{matter}", status_code=303)
    return _confirm_page(request, viewer, sight, Form())


@router.post("/matters/{matter}/{answer}")
def answer(request: Request, viewer: Committee, matter: str, answer: Answer, form: Posted) -> Response:
    """Confirm or decline what waits, or record an opinion or an inspection."""
    if answer in FORMS:
        return _record_form(request, viewer, see(request, viewer, matter), answer, form)
    sight = see(request, viewer, matter)
    deed = Deed(sight.view.place, sight.id, answer, ANSWERS[answer])
    done = record(request, viewer, deed, form)
    if isinstance(done, Receipt):
        return _back(sight, done)
    sight = see(request, viewer, matter)
    return _confirm_page(request, viewer, sight, form, done)


def _confirm_page(
    request: Request, viewer: Viewer, sight: Sight, form: Form, failed: Unrecorded | None = None
) -> Response:
    return render(
        request,
        "committee/confirm.html",
        status=failed.status if failed else 200,
        sight=sight,
        view=sight.view,
        waiting=sight.waiting,
        barred=_barred(request, viewer, sight.view.place, sight.id) if sight.waiting else [],
        form=form,
        failed=failed,
        key=new_key(),
    )


def _barred(request: Request, viewer: Viewer, place: str, matter: str | None, **facts: object) -> list[Asked]:
    """Why this person may not confirm what waits, asked before anything is pressed; nothing where they may."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    foreseen = preview(here, Asking(place, matter, "confirm", viewer.person, today, facts, new_key()))
    return asked(foreseen.unmet) if isinstance(foreseen, Refusal) else []


def _back(sight: Sight, done: Receipt) -> Response:
    return RedirectResponse(
        f"/committee/matters/{sight.id}?done={done.entry.mseq}#entry-{done.entry.mseq}", status_code=303
    )


# --- the place's own record


@router.get("/place/{pseq}")
def place_confirm_page(request: Request, viewer: Committee, pseq: int) -> Response:
    """One count or delegation that waits for confirmation."""
    return _place_page(request, viewer, _waiting_record(request, viewer, pseq), Form())


@router.post("/place/{pseq}/{answer}")
def place_answer(request: Request, viewer: Committee, pseq: int, answer: Reviewed, form: Posted) -> Response:
    """Confirm or decline an entry of the place's own record."""
    waiting = _waiting_record(request, viewer, pseq)
    deed = Deed(viewer.scope, None, answer, ANSWERS[answer], {"confirms": pseq})
    done = record(request, viewer, deed, form)
    if isinstance(done, Receipt):
        return RedirectResponse(f"/committee/place?done={answer}", status_code=303)
    return _place_page(request, viewer, waiting, form, done)


def _waiting_record(request: Request, viewer: Viewer, pseq: int) -> Waiting:
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = [each for each in waiting_records(here, conn, viewer.scope) if each.entry.pseq == pseq]
    if not found:
        raise HTTPException(404, "这一条已经复核过，或者没有这一条。请回到待办再看。")
    return found[0]


def _place_page(
    request: Request, viewer: Viewer, waiting: Waiting, form: Form, failed: Unrecorded | None = None
) -> Response:
    return render(
        request,
        "committee/place_confirm.html",
        status=failed.status if failed else 200,
        waiting=waiting,
        barred=_barred(request, viewer, waiting.entry.place, None, confirms=waiting.entry.pseq),
        form=form,
        failed=failed,
        key=new_key(),
    )


# --- opinions and inspections


@router.get("/matters/{matter}/{action}")
def form_page(request: Request, viewer: Committee, matter: str, action: Written) -> Response:
    """The form of an opinion or of an inspection."""
    sight = see(request, viewer, matter)
    form = Form()
    form.show(f"{DAY}_near", sight.view.today.isoformat())
    return _form_page(request, sight, action, form)


def _fields(sight: Sight, action: str) -> tuple[Field, ...]:
    prospect = next((each for each in sight.view.ahead if each.action == action), None)
    if prospect is None:
        raise HTTPException(409, "这件事现在没有走到这一步，请回到事项页面再看。")
    return prospect.fields


def _record_form(request: Request, viewer: Viewer, sight: Sight, action: str, form: Form) -> Response:
    deed = Deed(sight.view.place, sight.id, action, _fields(sight, action), dated=action == "inspect")
    done = record(request, viewer, deed, form)
    if isinstance(done, Receipt):
        return _back(sight, done)
    return _form_page(request, see(request, viewer, sight.id), action, form, done)


def _form_page(
    request: Request, sight: Sight, action: str, form: Form, failed: Unrecorded | None = None
) -> Response:
    return render(
        request,
        "committee/form.html",
        status=failed.status if failed else 200,
        sight=sight,
        view=sight.view,
        action=action,
        title=FORMS[action],
        fields=_fields(sight, action),
        dated=action == "inspect",
        form=form,
        failed=failed,
        key=new_key(),
    )


# --- objections


@router.get("/matters/{matter}/objections/{number}")
def objection_page(
    request: Request, viewer: Reader, matter: str, number: int, done: Way | None = None
) -> Response:
    """One objection: what it says, its last day, and what can be done with it; the objector is not named."""
    sight = see(request, viewer, matter)
    return _objection_page(request, viewer, sight, _objection(sight, number), Form(), done=done)


@router.post("/matters/{matter}/objections/{number}/name")
def objector(request: Request, viewer: Reader, matter: str, number: int) -> Response:
    """Show who objected and how to reach them; that it was shown, to whom and when, is kept."""
    sight = see(request, viewer, matter)
    due = _objection(sight, number)
    entry = sight.line(due.objection.mseq).entry
    kept = sight.private.get(entry.seq, {})
    shown = {name: kept[name].value for name in ("name", "contact") if name in kept}
    here: Installation = request.app.state.here
    with here.database.writing() as conn:
        readings.note(conn, viewer.person, sight.view.place, {entry.seq: shown}, request.app.state.watch())
    return _objection_page(request, viewer, sight, due, Form(), shown=shown)


@router.post("/matters/{matter}/objections/{number}/{way}")
def handle(request: Request, viewer: Committee, matter: str, number: int, way: Way, form: Posted) -> Response:
    """Receive an objection, dismiss it with grounds, or pass it on to the township with grounds."""
    sight = see(request, viewer, matter)
    _objection(sight, number)
    action = HANDLED[way]
    grounds = f"{way}_grounds"
    # The page asks for grounds twice; each question has its own name there.
    form.show("grounds", form.value(grounds))
    deed = Deed(sight.view.place, sight.id, action, STANDING[action].fields, {"number": number})
    done = record(request, viewer, deed, form)
    if isinstance(done, Receipt):
        return RedirectResponse(
            f"/committee/matters/{matter}/objections/{number}?done={way}", status_code=303
        )
    if form.error("grounds"):
        form.errors[grounds] = form.errors.pop("grounds")
    sight = see(request, viewer, matter)
    return _objection_page(request, viewer, sight, _objection(sight, number), form, failed=done)


def _objection(sight: Sight, number: int) -> Due:
    found = next((each for each in sight.objections if each.objection.number == number), None)
    if found is None:
        raise HTTPException(404)
    return found


def _objection_page(
    request: Request, viewer: Viewer, sight: Sight, due: Due, form: Form, *,
    shown: Mapping[str, str] | None = None, failed: Unrecorded | None = None, done: Way | None = None,
) -> Response:  # fmt: skip
    here: Installation = request.app.state.here
    entry = sight.line(due.objection.mseq).entry
    with here.database.reading() as conn:
        names = names_of(conn)
        looked = [
            (names(each.person), each.at)
            for each in readings.of_entry(conn, entry.seq)
            if OBJECTOR & set(each.fields)
        ]
    return render(
        request,
        "committee/objection.html",
        status=failed.status if failed else 200,
        sight=sight,
        view=sight.view,
        due=due,
        line=sight.line(due.objection.mseq),
        story=sight.about_objection(due.objection.number),
        done=done,
        named=bool(OBJECTOR & set(entry.private)),
        shown=shown,
        looked=looked,
        acts=viewer.group == "committee" and not sight.view.matter.closed,
        form=form,
        failed=failed,
        key=new_key(),
    )
