"""The register to check from outside: heads, a place's own leaves with their proofs, and a check of the whole."""

import base64
from threading import Lock
from typing import Annotated, Any

from fastapi import Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from web.api import shapes
from web.api.sharing import Anyone, Here, Reader, place_name, router
from web.errors import Fault
from workflow.core.tree import inclusion_proofs
from workflow.store import checkpoints, register
from workflow.store.database import run
from workflow.verify import Report, verify
from workflow.verifying.report import Finding

BUSY: dict[int | str, dict[str, Any]] = {429: {"model": Fault, "description": "正在核对，请稍等"}}

api = router()


class Head(BaseModel):
    """A head of the log. `note` is the signed checkpoint (C2SP tlog-checkpoint), null while nothing is signed yet."""

    origin: str
    size: int
    root: str = Field(description="base64")
    note: str | None


class SignedHead(BaseModel):
    """The newest signed checkpoint and the key that signed it (C2SP vkey)."""

    origin: str
    size: int
    root: str = Field(description="base64")
    note: str
    key: str


class ProvenLeaf(BaseModel):
    """One of the place's leaves: its exact bytes, and the hashes that lead from it to the root (RFC 6962)."""

    seq: int
    pseq: int
    leaf: str = Field(description="base64")
    proof: list[str] = Field(description="base64，从叶到根")


class PlaceRegister(BaseModel):
    """The place's own entries under one head. Their `pseq` run from 1 to `count` without a gap."""

    place: str
    place_name: str
    head: Head
    count: int
    leaves: list[ProvenLeaf]
    next: int | None = Field(description="放进 after 取后面的")


class Fact(BaseModel):
    """One thing a check of the register found."""

    code: str
    title: str
    message: str
    seq: int | None
    place: str | None
    matter: str | None
    mseq: int | None


class Verified(BaseModel):
    """A check of the whole register; findings in other places are counted, not shown."""

    place: str
    holds: bool
    covered: bool
    origin: str
    size: int
    root: str
    signed: int
    decided: int
    findings: list[Fact]
    uncovered: list[Fact]
    findings_elsewhere: int


@api.get("/checkpoint")
def newest_checkpoint(here: Here) -> SignedHead:
    """Return the newest signed checkpoint; anybody may keep a copy. 404 while nothing is signed."""
    with here.database.reading() as conn:
        head = _head(conn)
    if head.note is None:
        raise HTTPException(404, "还没有签过名")
    key = here.signer.verifier(head.origin).to_text()
    return SignedHead(origin=head.origin, size=head.size, root=head.root, note=head.note, key=key)


@api.get("/places/{code}/register")
def place_register(
    code: shapes.PlaceCode,
    here: Here,
    viewer: Anyone,
    after: Annotated[int, Query(ge=0, le=10**9, description="上一页的 next")] = 0,
    limit: Annotated[int, Query(ge=1, le=1000, description="最多几条")] = 200,
) -> PlaceRegister:
    """Return the place's own leaves, byte for byte, each with its proof up to the newest signed head.

    No other place's entry is shown: of those only hashes. That nothing of this place is missing, the gapless
    `pseq` from 1 to `count` show.
    """
    with here.database.reading() as conn:
        name = place_name(conn, viewer, code)
        head = _head(conn)
        count = run(
            conn, "SELECT max(pseq) FROM entry WHERE place = ? AND seq < ?", (code, head.size)
        ).fetchone()[0]
        sql = (
            "SELECT seq, pseq, leaf FROM entry WHERE place = ? AND seq < ? AND pseq > ? ORDER BY pseq LIMIT ?"
        )
        rows = run(conn, sql, (code, head.size, after, limit)).fetchall()
        hashes = (hash_ for _, _, hash_ in register.leaves(conn, 0, head.size)) if rows else iter(())
        proofs = inclusion_proofs([row[0] for row in rows], hashes)
    leaves = [
        ProvenLeaf(seq=seq, pseq=pseq, leaf=_base64(leaf), proof=[_base64(each) for each in proof])
        for (seq, pseq, leaf), proof in zip(rows, proofs, strict=True)
    ]
    following = leaves[-1].pseq if leaves and leaves[-1].pseq < (count or 0) else None
    return PlaceRegister(
        place=code, place_name=name, head=head, count=count or 0, leaves=leaves, next=following
    )


@api.get("/places/{code}/verify", responses=BUSY)
def verify_place(request: Request, code: shapes.PlaceCode, here: Here, viewer: Reader) -> Verified:
    """Check the whole register and show what concerns the place; one check at a time, the next gets 429."""
    with here.database.reading() as conn:
        place_name(conn, viewer, code)
    verifying: Lock = request.app.state.verifying
    if not verifying.acquire(blocking=False):
        raise HTTPException(429, "正在核对，请稍等再试", headers={"Retry-After": "10"})
    try:
        report = verify(here)
    finally:
        verifying.release()
    return _of_place(report, code)


def _of_place(report: Report, code: str) -> Verified:
    shown = [each for each in report.findings if each.place in {None, code}]
    return Verified(
        place=code,
        holds=report.holds,
        covered=report.covered,
        origin=report.origin,
        size=report.size,
        root=report.root,
        signed=report.signed,
        decided=report.decided,
        findings=[_fact(each) for each in shown],
        uncovered=[_fact(each) for each in report.uncovered if each.place in {None, code}],
        findings_elsewhere=len(report.findings) - len(shown),
    )


def _fact(finding: Finding) -> Fact:
    return Fact.model_validate(finding.as_data())


def _head(conn: Connection) -> Head:
    """The newest signed head, or, before the first signature, the committed one without a note."""
    head = register.head(conn)
    signed = checkpoints.newest(conn, head.origin)
    if signed is None:
        return Head(origin=head.origin, size=head.size, root=_base64(head.root), note=None)
    size, note = signed
    return Head(origin=head.origin, size=size, root=note.split("\n")[2], note=note)


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode()
