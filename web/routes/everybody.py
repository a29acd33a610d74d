"""What every page leads to: the way home, the larger letters, whom to tell, and the API's description."""

from collections.abc import Mapping
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import RedirectResponse
from starlette.exceptions import HTTPException
from starlette.responses import Response

from web.access import MaybeViewer, viewer_or_nobody
from web.forms import Form
from web.pages import local_path, render
from web.routes import public

router = APIRouter(include_in_schema=False)

FIRST_PAGE: Final[Mapping[str, str]] = {
    "administrator": "/accounts",
    "secretary": "/secretary",
    "committee": "/committee",
    "auditor": "/committee/matters",
    "township": "/township",
    "county": "/county",
}
"""Where each account group begins; a group not named here begins at its own account."""


@router.get("/")
def home(request: Request, viewer: MaybeViewer) -> Response:
    """To the first page of the viewer's group; for nobody, the villages and their notice boards."""
    if viewer is None:
        return public.home(request)
    return RedirectResponse(FIRST_PAGE.get(viewer.group, "/account"), status_code=303)


@router.post("/large-text")
def large_text(request: Request, form: Annotated[Form, Depends(Form.posted)]) -> Response:
    """Keep the choice of letters in this browser for a year, and go back."""
    response = RedirectResponse(local_path(form.value("back")), status_code=303)
    secure = request.app.state.settings.tls
    if form.value("large") == "1":
        response.set_cookie("large", "1", max_age=365 * 86_400, secure=secure, httponly=True, samesite="lax")
    else:
        response.delete_cookie("large", secure=secure, httponly=True, samesite="lax")
    return response


@router.get("/feedback", dependencies=[Depends(viewer_or_nobody)])
def feedback(request: Request) -> Response:
    """Whom to tell what is wrong or could be better."""
    return render(request, "everybody/feedback.html")


@router.get("/api/openapi.json")
def openapi(request: Request, viewer: MaybeViewer) -> dict[str, Any]:
    """The description of everything under /api, for those who are logged in; in the demo for all."""
    if viewer is None and not request.app.state.settings.demo:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    app = request.app
    return get_openapi(title="村议 API", version=app.version, routes=app.routes)
