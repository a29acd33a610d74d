"""The register as its keepers outside see it: how far it is signed, a copy to keep, and the check against copies kept."""

from threading import Lock
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Request
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, Response

from web.access import Viewer, require
from web.forms import Form
from web.pages import render
from workflow.installation import Installation
from workflow.notices import signed_head
from workflow.store import register
from workflow.store.database import run
from workflow.store.signing import FORKS
from workflow.verify import CODES, BadHeld, Finding, Report, verify

router = APIRouter(include_in_schema=False, prefix="/committee")
Reader = Annotated[Viewer, Depends(require("committee", "auditor", "township", "county"))]
Posted = Annotated[Form, Depends(Form.posted)]
LONGEST_NOTE: Final = 100_000
LARGEST: Final = 2**53
AT_ONCE: Final = 200
"""Findings shown on one page; their number is always said."""


@router.get("/register")
def register_page(request: Request, viewer: Reader) -> Response:
    """How many entries there are, how far they are signed, and the copy to download."""
    return _page(request, viewer, Form())


@router.get("/register/checkpoint")
def newest_note(request: Request, _viewer: Reader) -> Response:
    """The newest signed head as its note, a small text to keep outside."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        head = signed_head(conn)
    if head is None:
        raise HTTPException(404, "登记册还没有签过名，过一会儿再来下载。")
    return _note(head.note, head.size)


@router.get("/register/checkpoints/{size}")
def note_of_size(request: Request, _viewer: Reader, size: Annotated[int, Path(ge=1, le=LARGEST)]) -> Response:
    """The signed head of one size; the newest origin's, where two epochs signed the same size."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        sql = "SELECT note FROM checkpoint WHERE size = ? ORDER BY length(origin) DESC, origin DESC LIMIT 1"
        row = run(conn, sql, (size,)).fetchone()
    if row is None:
        raise HTTPException(404)
    return _note(str(row[0]), size)


def _note(note: str, size: int) -> Response:
    name = f"cunyi-checkpoint-{size}.txt"
    return PlainTextResponse(note, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.post("/register/verify")
async def check(request: Request, viewer: Reader, form: Posted) -> Response:
    """Check the whole register, and that it begins with the copies that were pasted or uploaded."""
    held = await _held(form)
    if form.errors:
        return await run_in_threadpool(_page, request, viewer, form, status=422)
    turn = _turn(request)
    if not turn.acquire(blocking=False):
        form.fail("", "有人正在核对，请过一会儿再按。")
        return await run_in_threadpool(_page, request, viewer, form, status=409)
    try:
        report = await run_in_threadpool(verify, request.app.state.here, held)
    except BadHeld:
        form.fail("held", "这不是登记册签名副本。副本是三行文字、一个空行、再一行以“—”开头的签名，要一字不差")
        return await run_in_threadpool(_page, request, viewer, form, status=422)
    finally:
        turn.release()
    return await run_in_threadpool(_page, request, viewer, form, report=report, held=len(held))


def _turn(request: Request) -> Lock:
    """One check at a time: each reads the whole register. Asked for on the event loop, which is one thread."""
    state = request.app.state
    if not hasattr(state, "checking"):
        state.checking = Lock()
    turn: Lock = state.checking
    return turn


async def _held(form: Form) -> list[str]:
    """The copies given, as they were signed: a browser's line ends become a note's."""
    pasted = form.value("held").replace("\r\n", "\n").strip("\n \t")
    held = [f"{pasted}\n"] if pasted else []
    for upload in form.files.get("copy", []):
        data = await upload.read(LONGEST_NOTE + 1)
        try:
            text = data.decode()
        except UnicodeDecodeError:
            text = ""
        if not text or len(data) > LONGEST_NOTE:
            form.fail("copy", "这个文件不是登记册签名副本")
        else:
            held.append(text.replace("\r\n", "\n").rstrip("\n") + "\n")
    return held


def _page(
    request: Request, viewer: Viewer, form: Form, *,
    status: int = 200, report: Report | None = None, held: int = 0,
) -> Response:  # fmt: skip
    here: Installation = request.app.state.here
    signed = here.signer.status()
    with here.database.reading() as conn:
        head = signed_head(conn)
        last = register.head(conn).last_recorded_at
        own = run(
            conn, "SELECT count(*) FROM entry WHERE place >= ? AND place < ?", _range(viewer.scope)
        ).fetchone()[0]
    found = report.findings if report else ()
    return render(
        request,
        "committee/register.html",
        status=status,
        form=form,
        signed=signed,
        fork=FORKS.get(signed.state, ""),
        head=head,
        last=last,
        own=own,
        report=report,
        held=held,
        codes=CODES,
        own_findings=[each for each in found if _is_own(each, viewer)][:AT_ONCE],
        elsewhere=sum(not _is_own(each, viewer) for each in found),
    )


def _is_own(finding: Finding, viewer: Viewer) -> bool:
    """Whether a finding is about the viewer's place or about the whole register; others are only counted."""
    return finding.place is None or viewer.may_see(finding.place)


def _range(scope: str) -> tuple[str, str]:
    """The first code of a scope and the first after it; digits compare alike under every collation."""
    return scope, str(int(scope) + 1)
