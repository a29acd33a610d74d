"""The JSON API: the same `advance`, the same refusals; and whether the server is well."""

from typing import Literal

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel
from starlette.responses import Response

from web.signing import PASSING, Signing
from workflow.installation import Installation

router = APIRouter()


class Health(BaseModel):
    """`read_only`: the register parted from what was signed; `unreachable`: the database does not answer."""

    status: Literal["ok", "read_only", "unreachable"]
    size: int | None = None
    signed: int | None = None


@router.get("/healthz", response_model=Health, responses={503: {"model": Health}})
def health(request: Request) -> Response:
    """Say whether acts can be recorded: 200 and `ok`, or 503 and what is wrong."""
    here: Installation = request.app.state.here
    signing: Signing = request.app.state.signing
    try:
        status = here.signer.status()
    except PASSING:
        return JSONResponse(Health(status="unreachable").model_dump(), status_code=503)
    well = signing.refused is None and status.state in {"signed", "pending"}
    body = Health(status="ok" if well else "read_only", size=status.head_size, signed=status.signed_size)
    return JSONResponse(body.model_dump(), status_code=200 if well else 503)
