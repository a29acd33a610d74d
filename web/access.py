"""Who is asking, and what they may see: the only place that decides about groups and places.

Another village's things are not there (404), a thing of another group is not yours (403), nobody logs in
first (401).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Final, Literal, get_args

from fastapi import Depends, Request
from starlette.exceptions import HTTPException

from web import store
from web.guard.origin import SAFE
from web.settings import Settings
from web.tables import Account
from workflow.store.database import Database

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


def require(*groups: Group, right: Right | None = None) -> Callable[..., Viewer]:
    """A dependency that gives the viewer, one of `groups` (any, when none is named).

    A token needs `right`; left out, that is `read` for a GET and `act` for what changes something.
    """
    wanted = frozenset(groups or get_args(Group))

    def dependency(request: Request, viewer: Annotated[Viewer | None, Depends(viewer_or_nobody)]) -> Viewer:
        if viewer is None:
            raise HTTPException(401, headers={"WWW-Authenticate": "Bearer"})
        needed = right or ("read" if request.method in SAFE else "act")
        if viewer.group not in wanted or needed not in viewer.rights:
            raise HTTPException(403)
        return viewer

    return dependency


def of_room(*rooms: Room, reading: bool = False) -> Callable[..., Viewer]:
    """A dependency for addresses that begin with `/{room}`, one of `rooms`: gives the viewer, one of that room's group.

    `reading` also lets those in who only read there.
    """

    def dependency(
        room: Room, request: Request, viewer: Annotated[Viewer | None, Depends(viewer_or_nobody)]
    ) -> Viewer:
        if room not in rooms:
            raise HTTPException(404)
        return require(*(READERS_OF[room] if reading else (room,)))(request, viewer)

    return dependency


def _viewer(request: Request) -> Viewer | None:
    database: Database = request.app.state.database
    settings: Settings = request.app.state.settings
    now: datetime = request.app.state.watch()
    kind, _, token = request.headers.get("authorization", "").partition(" ")
    if kind and request.scope["path"].startswith("/api/"):
        with database.reading() as conn:
            holder = store.token_account(conn, token.strip(), now) if kind.lower() == "bearer" else None
        if holder is None:
            raise HTTPException(401, "令牌不对、已过期或已作废", headers={"WWW-Authenticate": "Bearer"})
        return _as_viewer(holder[0], "token", BY_TOKEN[holder[1]])
    sid = request.cookies.get(settings.cookie, "")
    if not sid:
        return None
    with database.reading() as conn:
        found = store.session_account(conn, sid, now)
    if found is None:
        return None
    account, stale = found
    if stale:
        with database.writing() as conn:
            store.touch(conn, sid, now)
    return _as_viewer(account, "password", BY_PASSWORD)


def _as_viewer(account: Account, auth: Literal["password", "token"], rights: frozenset[Right]) -> Viewer:
    groups: dict[str, Group] = {group: group for group in get_args(Group)}
    return Viewer(
        person=account.person,
        name=account.display,
        group=groups[account.group_name],
        scope=account.scope,
        place_name=account.place_name,
        auth=auth,
        rights=rights,
    )
