"""The application: its parts are made by the caller and wired here, and nowhere else."""

from collections.abc import Callable
from datetime import UTC, datetime
from threading import Lock
from typing import Final

from fastapi import APIRouter, FastAPI
from starlette.middleware import Middleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from web import errors
from web.api import guiding, matters, texts
from web.api import registers as api_registers
from web.guard.bodies import Bodies
from web.guard.headers import Headers
from web.guard.origin import Origin
from web.pages import HERE, make_templates
from web.passwords import Passwords
from web.routes import (
    account,
    acts,
    administrator,
    api,
    committee,
    county,
    county_places,
    county_procedures,
    county_texts,
    documents,
    everybody,
    guide,
    login,
    objecting,
    offices,
    opening,
    place_acts,
    printing,
    public,
    registers,
    secretary,
    secretary_place,
    supervision,
    township,
)
from web.settings import Settings
from web.signing import OnlyWhileSigning, Signing, while_signing
from workflow.installation import Installation

ROUTERS: Final[tuple[APIRouter, ...]] = (
    everybody.router,
    login.router,
    account.router,
    administrator.router,
    objecting.router,
    public.router,
    # Before the pages of one matter, whose addresses would take "new" for its number.
    opening.router,
    guide.router,
    secretary.router,
    secretary_place.router,
    committee.router,
    printing.router,
    registers.router,
    township.router,
    county_places.router,
    county_procedures.router,
    county_texts.router,
    county.router,
    api.router,
    matters.api,
    guiding.api,
    api_registers.api,
    texts.api,
    texts.demo,
    documents.router,
    # Their addresses begin with the room of any account group, so each group's own pages come first.
    supervision.router,
    offices.router,
    place_acts.router,
    acts.router,
)


class Static(StaticFiles):
    """Files whose address carries their digest, so a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """As the parent does, with leave to cache what was asked for by its digest."""
        response = await super().get_response(path, scope)
        if scope["query_string"].startswith(b"v="):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def now() -> datetime:
    """The instant now, aware."""
    return datetime.now(UTC)


def create_app(
    settings: Settings,
    here: Installation,
    *,
    watch: Callable[[], datetime] = now,
) -> FastAPI:
    """Wire one installation; the tables of its database include those of `web.tables`.

    Its clock tells the day on which matters stand (a training clock in the demo); `watch` is real time, by
    which sessions, tokens, one-time codes and delays run. On `app.state`: settings, here, database, clock,
    watch, signing, verifying (a lock: one check at a time), passwords, templates.
    """
    app = FastAPI(
        title="村议",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        redirect_slashes=False,
        lifespan=while_signing,
        middleware=[
            Middleware(Headers, settings=settings),
            Middleware(Origin, settings=settings),
            Middleware(OnlyWhileSigning),
            Middleware(Bodies),
        ],
    )
    app.state.settings = settings
    app.state.here = here
    app.state.database = here.database
    app.state.signing = Signing(here.signer)
    app.state.verifying = Lock()
    app.state.clock = here.clock
    app.state.watch = watch
    app.state.passwords = Passwords()
    app.state.templates = make_templates(settings, here.clock)
    errors.install(app)
    for router in ROUTERS:
        # Not included one in another: FastAPI would then look through every router twice for each request.
        app.router.routes.extend(router.routes)
    app.mount("/static", Static(directory=HERE / "static"))
    return app
