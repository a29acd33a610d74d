"""What every route of the API asks for: who is asking, and the answers that any of them may give."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.security import HTTPBearer
from sqlalchemy import Connection
from starlette.exceptions import HTTPException

from web.access import Group, Viewer, require
from web.errors import API_RESPONSES
from workflow.installation import Installation
from workflow.store import places

BEARER: Final = HTTPBearer(auto_error=False, scheme_name="token", description="本人的 API 令牌")
READERS: Final[tuple[Group, ...]] = ("secretary", "committee", "township", "county", "auditor")
"""Who may see matters; an administrator keeps accounts and offices, not the village's affairs."""

Anyone = Annotated[Viewer, Depends(require())]
Reader = Annotated[Viewer, Depends(require(*READERS))]


def router() -> APIRouter:
    """A router of the API, whose description asks for a token and names every answer."""
    return APIRouter(prefix="/api", dependencies=[Depends(BEARER)], responses=API_RESPONSES)


def here_of(request: Request) -> Installation:
    """The installation."""
    here: Installation = request.app.state.here
    return here


Here = Annotated[Installation, Depends(here_of)]


def conflict(model: Any) -> dict[int | str, dict[str, Any]]:
    """The description of a 409."""
    return {409: {"model": model, "description": "没有登记：条件不够，或别人先办了"}}


def place_name(conn: Connection, viewer: Viewer, code: str) -> str:
    """The name of a place the viewer may see; 404 where there is none."""
    name = places.name_of(conn, viewer.must_see(code))
    if name is None:
        raise HTTPException(404)
    return name
