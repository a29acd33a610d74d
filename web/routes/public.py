"""Everybody, without login: notice boards, notices on page and paper, and how to check them."""

from dataclasses import dataclass
from typing import Annotated, Final

import segno
from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import JSONResponse, PlainTextResponse
from markupsafe import Markup
from sqlalchemy import Connection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web import rates
from web.access import viewer_or_nobody
from web.pages import render
from web.proofs import proof_of
from web.rates import PROOFS
from web.routes import objecting
from web.routes.login import address_of
from workflow import notices
from workflow.core.days import civil_day
from workflow.core.place import level_of
from workflow.installation import Installation
from workflow.notices import Notice, SignedHead
from workflow.store import places
from workflow.store.signing import FORKS

router = APIRouter(include_in_schema=False, dependencies=[Depends(viewer_or_nobody)])

Number = Annotated[int, Path(ge=0, le=10**9)]
SPREAD: Final = 60
"""With no more villages than this, the first page names them all; with more, the townships."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A notice with what stands around it: its village, the address its QR code carries, the newest signed head."""

    notice: Notice
    place_name: str
    address: str
    head: SignedHead | None

    @property
    def signed(self) -> bool:
        """Whether the notice's entry is under a signature."""
        return self.head is not None and self.head.covers(self.notice.seq)


def home(request: Request) -> Response:
    """What this is, and the way to one's own village: the first page of somebody who has not logged in."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = places.all_under(conn)
    villages = [each for each in found if each.level == "village"]
    return render(
        request,
        "public/home.html",
        county=next((each for each in found if each.level == "county"), None),
        townships=[each for each in found if each.level == "township"],
        villages=villages if len(villages) <= SPREAD else [],
    )


@router.get("/v/{place}")
def board(
    request: Request, place: str, before: Annotated[int | None, Query(ge=0, le=2**53)] = None
) -> Response:
    """A village's notice board; for a township or a county, what lies below it."""
    here: Installation = request.app.state.here
    today = civil_day(here.clock())
    with here.database.reading() as conn:
        name = places.name_of(conn, place)
        if name is None:
            raise HTTPException(404, "没有找到这个村。请从首页重新选。")
        above = [(code, places.name_of(conn, code) or "") for code in places.above(place)]
        level = level_of(place)
        if level != "village":
            next_level = {"county": "township", "township": "village"}[level]
            below = places.all_under(conn, places.scope_of(place), next_level)
            return render(request, "public/below.html", name=name, above=above, below=below)
        found, more = notices.of_place(here, conn, place, before)
    return render(
        request,
        "public/board.html",
        place=place,
        name=name,
        above=above,
        running=[each for each in found if each.running(today)],
        ended=[each for each in found if not each.running(today)],
        before=before,
        more=more,
    )


@router.get("/n/{matter}/{mseq}")
def notice(request: Request, matter: str, mseq: Number) -> Response:
    """One notice as it was issued, and how to object to it."""
    return render(request, "public/notice.html", sheet=_sheet_of(request, matter, mseq))


@router.get("/n/{matter}/{mseq}/print")
def print_notice(request: Request, matter: str, mseq: Number) -> Response:
    """The notice as paper for the board: A4, with the QR code, the short code and the signed head."""
    sheet = _sheet_of(request, matter, mseq)
    return render(request, "public/print.html", sheet=sheet, qr=qr_code(sheet.address))


@router.get("/n/{matter}/{mseq}/proof")
def proof(request: Request, matter: str, mseq: Number) -> Response:
    """A file by which anybody can verify elsewhere that the notice is under the signed head; made from all hashes."""
    sheet = _sheet_of(request, matter, mseq)
    if sheet.head is None or not sheet.signed:
        raise HTTPException(404, "这一条还在等签名，请过一分钟再来下载。")
    here: Installation = request.app.state.here
    with here.database.writing() as conn:
        wait = rates.take(conn, PROOFS, address_of(request), request.app.state.watch())
    if wait:
        words = f"这个网络下载的次数太多，请过 {rates.wait_words(wait)}再下载。"
        raise HTTPException(429, words, headers={"Retry-After": str(wait)})
    with here.database.reading() as conn:
        found = proof_of(conn, sheet.notice.seq, sheet.notice.leaf_hash, sheet.head)
    name = f"cunyi-proof-{sheet.notice.short_code}.json"
    return JSONResponse(found, headers={"Content-Disposition": f'attachment; filename="{name}"'})


@router.get("/check")
def check(request: Request, code: str = "") -> Response:
    """How anybody can see that nothing was changed; with a short code, the notice that carries it."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = notices.by_short_code(here, conn, code) if code.strip() else None
        sheet = _sheet(request, conn, found) if found else None
        head = notices.signed_head(conn)
    return _checked(request, code.strip()[:40], sheet, head, asked=bool(code.strip()))


@router.get("/e/{seq}/{prefix}")
def from_paper(
    request: Request, seq: Number, prefix: Annotated[str, Path(pattern="^[0-9a-f]{32}$")]
) -> Response:
    """What the QR code on a paper leads to: whether the register still has the entry that was printed."""
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        found = notices.by_entry(here, conn, seq, bytes.fromhex(prefix))
        sheet = _sheet(request, conn, found) if found else None
        head = notices.signed_head(conn)
    return _checked(request, "", sheet, head, asked=True)


def _checked(
    request: Request, code: str, sheet: Sheet | None, head: SignedHead | None, *, asked: bool
) -> Response:
    here: Installation = request.app.state.here
    parted = here.signer.status().state in FORKS
    return render(request, "public/check.html", code=code, asked=asked, sheet=sheet, head=head, parted=parted)


@router.get("/checkpoint")
def checkpoint(request: Request) -> Response:
    """The newest signed head as a C2SP note, for programs and for whoever keeps it."""
    with request.app.state.database.reading() as conn:
        head = notices.signed_head(conn)
    if head is None:
        raise HTTPException(404, "登记簿还没有签过名，请过一会儿再来。")
    return PlainTextResponse(head.note)


def _sheet_of(request: Request, matter: str, mseq: int) -> Sheet:
    here: Installation = request.app.state.here
    with here.database.reading() as conn:
        return _sheet(request, conn, objecting.found_notice(here, conn, matter, mseq))


def _sheet(request: Request, conn: Connection, found: Notice) -> Sheet:
    address = f"{request.app.state.settings.url}/e/{found.seq}/{found.leaf_prefix}"
    name = places.name_of(conn, found.place) or ""
    return Sheet(found, name, address, notices.signed_head(conn))


def qr_code(text: str) -> Markup:
    """A QR code of level M or better as an SVG element without size: the style sheet gives it its millimetres."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(omitsize=True, border=4, svgclass="qr", lineclass=None))  # noqa: S704 - our own SVG
