"""Who is asking, and what they may see: the only place that decides about groups and places.

Another village's things are not there (404), a thing of another group is not yours (403), nobody logs in
first (401).
"""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal, get_args

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from web import store
from web.guard.origin import SAFE
from web.settings import Settings
from workflow.store.database import Database, ReadOnly

Group = Literal["secretary", "committee", "township", "county", "auditor", "administrator"]
Room = Literal["secretary", "committee", "township", "county"]
Right = Literal["read", "act", "witness"]

READERS_OF: Final[dict[Room, tuple[Group, ...]]] = {
    "secretary": ("secretary",),
    "committee": ("committee", "auditor"),
    "township": ("township",),
    "county": ("county",),
}
"""Whose pages a room shows: those of its own group; auditors read what the committee reads."""

BY_TOKEN: Final[dict[str, frozenset[Right]]] = {
    "read": frozenset({"read"}),
    "act": frozenset({"read", "act"}),
    "witness": frozenset({"witness"}),
}
_GROUPS: Final[dict[str, Group]] = {group: group for group in get_args(Group)}
BY_PASSWORD: Final[frozenset[Right]] = frozenset({"read", "act", "witness"})


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person with an open session, or a program with one of that person's tokens.

    Offices are not here: the register knows them, as of the day.
    """

    person: str
    name: str
    group: Group
    scope: str
    place_name: str
    auth: Literal["password", "token"]
    rights: frozenset[Right]

    def may_see(self, place: str) -> bool:
        """Whether a place, by its division code, is this viewer's own or below it."""
        return place.startswith(self.scope)

    def must_see(self, place: str) -> str:
        """The place's code again; 404 where it is not this viewer's to see, as if it did not exist."""
        if not self.may_see(place):
            raise HTTPException(404)
        return place


def viewer_or_nobody(request: Request) -> Viewer | None:
    """The viewer of this request, or None. A token that does not hold is 401, never nobody."""
    viewer = _viewer(request)
    request.state.viewer = viewer
    return viewer


MaybeViewer = Annotated[Viewer | None, Depends(viewer_or_nobody)]


def require(*groups: Group, right: Right | None = None) -> Callable[..., Awaitable[Viewer]]:
    """A dependency that gives the viewer, one of `groups` (any, when none is named).

    A token needs `right`; left out, that is `read` for a GET and `act` for what changes something.
    """
    wanted = frozenset(groups or get_args(Group))

    # Asks nothing outside, so it need not wait for a thread: that wait would cost more than the check.
    async def dependency(request: Request, viewer: MaybeViewer) -> Viewer:
        return _let_in(request, viewer, wanted, right)

    return dependency


def of_room(*rooms: Room, reading: bool = False, keeping: bool = False) -> Callable[..., Awaitable[Viewer]]:
    """A dependency for addresses that begin with `/{room}`, one of `rooms`: gives the viewer, one of that room's group.

    `reading` also lets those in who only read there; `keeping` lets administrators into the county's room, where the first
    offices are granted.
    """
    let_in = {room: frozenset[Group](READERS_OF[room] if reading else (room,)) for room in rooms}
    if keeping and "county" in let_in:
        let_in["county"] |= {"administrator"}

    async def dependency(request: Request, viewer: MaybeViewer) -> Viewer:
        wanted = let_in.get(request.path_params["room"])
        if wanted is None:
            raise HTTPException(404)
        return _let_in(request, viewer, wanted, None)

    return dependency


def _let_in(request: Request, viewer: Viewer | None, wanted: frozenset[Group], right: Right | None) -> Viewer:
    if viewer is None:
        raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
    needed = right or ("read" if request.method in SAFE else "act")
    if viewer.group not in wanted or needed not in viewer.rights:
        raise HTTPException(403)
    return viewer


def _viewer(request: Request) -> Viewer | None:
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    now: datetime = request.app.state.watch()
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind and request.scope["path"].startswith("/api/"):
        with database.reading() as conn:
            known = store.token_holder(conn, token.strip(), now) if kind.lower() == "bearer" else None
        if known is None:
            raise HTTPException(401, "令牌不对、已过期或已作废", headers={"WWW-Authenticate": "Bearer"})
        return _as_viewer(known[0], "token", BY_TOKEN[known[1]])
    sid = request.cookies.get(settings.cookie, "")
    if not sid:
        return None
    with database.reading() as conn:
        found = store.session_holder(conn, sid, now)
    if found is None:
        return None
    holder, stale = found
    if stale:
        # Where nothing can be written any more, there is still much to read.
        with suppress(ReadOnly), database.writing() as conn:
            store.touch(conn, sid, now)
    return _as_viewer(holder, "password", BY_PASSWORD)


def _as_viewer(holder: store.Holder, auth: Literal["password", "token"], rights: frozenset[Right]) -> Viewer:
    return Viewer(
        person=holder.person,
        name=holder.display,
        group=_GROUPS[holder.group_name],
        scope=holder.scope,
        place_name=holder.place_name,
        auth=auth,
        rights=rights,
    )
