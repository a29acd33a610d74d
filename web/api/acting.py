"""From a body to `advance` and back: the decision with its receipt, or why nothing was recorded."""

from fastapi import Request
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import Viewer
from web.acting.said import title_of
from web.acting.view import names_of
from web.api.shapes import Asked, Decided, Meanwhile, Outdated, PlaceAct, Recorded, Refused, Since, Unmet
from web.api.shapes import Receipt as ReceiptShown
from web.errors import WORDS, Fault, Malformed
from workflow.advance import advance
from workflow.core.attempt import Refusal, Requirement
from workflow.core.entry import Entry
from workflow.core.outcomes import outcome_words
from workflow.core.stage import UNCONFIRMED
from workflow.core.tree import leaf_hash
from workflow.core.words import CHECKS, in_words
from workflow.installation import Installation
from workflow.request import KeyReused, NoSuch, Receipt, Stale
from workflow.request import Malformed as MalformedAct
from workflow.request import Request as Act

RESERVED = "epoch-"
"""How the keys of a restored register's own entries begin; nobody else may take them."""


def act(
    request: Request, viewer: Viewer, place: str, matter: str | None, action: str, key: str, body: PlaceAct, seen: int | None = None,
) -> Recorded | Response:  # fmt: skip
    """Record an act of the viewer's and return what followed, or the 409 that says why nothing is recorded.

    Raises `Malformed` (422) and 404 as `HTTPException`.
    """
    here: Installation = request.app.state.here
    if key.startswith(RESERVED):
        raise Malformed({"Idempotency-Key": f"不能以 {RESERVED} 开头"})
    answer = advance(
        here,
        Act(place, matter, action, viewer.person, body.acted_on, body.facts, key, seen, auth=viewer.auth),
    )
    match answer:
        case Receipt():
            return _recorded(answer)
        case Refusal():
            return _conflict(request, Refused, refused=[_unmet(each) for each in answer.unmet])
        case Stale():
            return _conflict(request, Outdated, stale=_since(here, place, matter, answer))
        case MalformedAct():
            raise Malformed({_path(each.field): each.message for each in answer.errors})
        case KeyReused():
            raise Malformed({"Idempotency-Key": "这个编号已经用在另一件事上，请换一个"})
        case NoSuch():
            raise HTTPException(404, "这里没有这种办理" if answer.what == "action" else "")


def _path(name: str) -> str:
    return name if name in {"", "acted_on"} else f"facts.{name}"


def _recorded(receipt: Receipt) -> Recorded:
    entry = receipt.entry
    outcome = str(entry.computed["outcome"])
    return Recorded(
        decision=Decided(
            type=entry.type,
            action=str(entry.action),
            from_=entry.from_,
            to=entry.to,
            outcome=outcome,
            outcome_words=outcome_words(outcome, entry.computed),
            office=entry.office,
            waits_for_confirmation=outcome == UNCONFIRMED,
            requirements=[_asked(each) for each in requirements_of(entry)],
        ),
        receipt=ReceiptShown(
            seq=entry.seq,
            place=entry.place,
            pseq=entry.pseq,
            matter=entry.matter,
            mseq=entry.mseq,
            leaf_hash=(receipt.leaf_hash or leaf_hash(entry.leaf())).hex(),
            recorded_at=entry.recorded_at,
        ),
    )


def requirements_of(entry: Entry) -> list[Requirement]:
    """Return the requirements an entry was decided by; checks of a newer version, without words here, are left out."""
    kept = entry.computed.get("requirements", [])
    return [
        Requirement(each["check"], each["met"], each["numbers"], tuple(each["basis"]), each["weight"])
        for each in kept
        if each["check"] in CHECKS
    ]


def _asked(requirement: Requirement) -> Asked:
    words = in_words(requirement)
    return Asked(
        check=words.check,
        met=words.met,
        weight=requirement.weight,
        found=words.found,
        required=words.required,
        basis=words.basis,
        numbers=dict(requirement.numbers),
    )


def _unmet(requirement: Requirement) -> Unmet:
    return Unmet.model_validate(in_words(requirement).as_data())


def _since(here: Installation, place: str, matter: str | None, stale: Stale) -> Since:
    with here.database.reading() as conn:
        names = names_of(conn)
        now = here.matter(conn, place, matter) if matter else None
        shown = []
        for entry in stale.since:
            compiled = here.compiled(conn, str(entry.procedure))
            shown.append(
                Meanwhile(
                    mseq=entry.mseq or 0,
                    action=str(entry.action),
                    title=title_of(compiled, entry),
                    actor=str(entry.actor),
                    actor_name=names(str(entry.actor)),
                    office=entry.office,
                    acted_on=entry.acted_on,
                    recorded_at=entry.recorded_at,
                )
            )
    return Since(mseq=now.mseq if now else 0, entries=shown)


def _conflict(request: Request, model: type[Fault], **said: object) -> JSONResponse:
    fault = model.model_validate(
        {"status": 409, "message": WORDS[409][0], "request": request.state.request_id, **said}
    )
    return JSONResponse(fault.model_dump(), status_code=409)
