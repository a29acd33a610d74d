"""The forms of acts on a place's own record: counts, delegations, their confirmation, who holds which office."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from sqlalchemy import Connection

from web import store
from web.acting.sheet import DAY, Sheet
from web.acting.view import names_of
from web.county_texts import changes, lines_of, told
from web.pages import GROUP_WORDS, nearby
from web.place_records import waiting_records
from workflow.core.days import civil_day
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS
from workflow.core.facts import Choice, Field
from workflow.core.place import BODIES, BODY_COUNTS, OFFICES, level_of
from workflow.core.place_acts import PUBLISH, place_actions
from workflow.core.separation import GRANTS
from workflow.forms import CONFIRMS
from workflow.installation import Installation
from workflow.published import county_of
from workflow.store import places

GRANTERS_OF: Final = {"township": "township_officer", "county": "county_civil_affairs"}
"""Whose office it is to grant offices, by room."""
_ACTS: Final[Mapping[str, tuple[str, ...]]] = {
    "secretary": ("set_body", "record_delegation"),
    "committee": ("confirm", "decline"),
    "township": ("grant_office", "end_office", "record_relative"),
    "county": ("grant_office", "end_office", PUBLISH, "confirm", "decline"),
}
_REVIEW: Final[Mapping[str, tuple[str, tuple[Field, ...]]]] = {
    "confirm": ("复核确认", CONFIRM_FIELDS),
    "decline": ("不予确认，退回重新登记", DECLINE_FIELDS),
}
_REVIEW_TEXT: Final[Mapping[str, tuple[str, tuple[Field, ...]]]] = {
    "confirm": ("批准施行", (replace(CONFIRM_FIELDS[0], title="说明"),)),
    "decline": ("不批准", (replace(DECLINE_FIELDS[0], title="为什么不批准"),)),
}
TEXTS: Final = "/county/texts"


@dataclass(frozen=True, slots=True)
class Given:
    """What the address of such a form says besides the place: which body, which entry waits, who in which office."""

    body: str = ""
    confirms: int | None = None
    person: str = ""
    office: str = ""


def record_page(room: str, place: str) -> str:
    """The page of a room on which a place's own record stands."""
    return {
        "secretary": f"/secretary/place?place={place}",
        "committee": "/committee/place",
    }.get(room, f"/{room}/places/{place}/offices")


def place_sheet(
    here: Installation, conn: Connection, room: str, place: str, action: str, given: Given
) -> Sheet | None:
    """The form of an act on a place's own record; None for one this room does not do, or not there."""
    name, today = places.name_of(conn, place), civil_day(here.clock())
    if name is None or action not in _ACTS.get(room, ()):
        return None
    blank = Sheet(
        room=room, place=place, matter=None, action=action, title="", about=name, url="",
        back=record_page(room, place), fields=(), asked=(), today=today, days={DAY: nearby(today)},
    )  # fmt: skip
    if action in _REVIEW:
        review = _review_text if room == "county" else _review
        return review(here, conn, blank, given.confirms)
    known = place_actions(here.library.catalogue(today, place))[action]
    blank = replace(blank, title=known.title, fields=known.fields)
    if action == "set_body":
        return _body(blank, given.body)
    if action == "record_delegation":
        return _addressed(replace(blank, about="人员与授权", asked=known.fields))
    if level_of(place) not in GRANTS[GRANTERS_OF[room]]:
        return None
    if action == PUBLISH:
        return (
            _addressed(replace(blank, back=TEXTS, asked=tuple(map(_of_text, known.fields))))
            if place == county_of(conn)
            else None
        )
    return _ending(conn, blank, given) if action == "end_office" else _granting(conn, blank)


def _addressed(sheet: Sheet, **fixed: object) -> Sheet:
    """The form with its address, which says what is fixed."""
    query = urlencode({"place": sheet.place, **{name: str(value) for name, value in fixed.items()}})
    return replace(sheet, url=f"/{sheet.room}/place/{sheet.action}?{query}", fixed=fixed)


def _body(blank: Sheet, body: str) -> Sheet | None:
    """The counts of one body at a time."""
    counts = BODY_COUNTS.get(body)
    if not counts:
        return None
    asked = tuple(
        replace(each, required=each.name != "vacant", title=counts.get(each.name, each.title))
        for each in blank.fields
        if each.name == "from" or each.name in counts
    )
    sheet = replace(blank, title=f"{blank.title}：{BODIES[body]}", about="人员与授权", asked=asked)
    return _addressed(sheet, body=body)


def _review(here: Installation, conn: Connection, blank: Sheet, confirms: int | None) -> Sheet | None:
    waiting = next(
        (each for each in waiting_records(here, conn, blank.place) if each.entry.pseq == confirms), None
    )
    if waiting is None:
        return None
    title, fields = _REVIEW[blank.action]
    sheet = replace(
        blank, title=title, about=waiting.title, fields=(CONFIRMS, *fields), asked=fields, shown="place_record",
        material={"waiting": waiting},
    )  # fmt: skip
    return _addressed(sheet, confirms=confirms)


def _of_text(field: Field) -> Field:
    """A question about a text that is put forward; its first day can be read from it."""
    return replace(field, required=False, hint="不填就照文本里写的") if field.name == "from" else field


def _review_text(here: Installation, conn: Connection, blank: Sheet, confirms: int | None) -> Sheet | None:
    """The second person's word on a text the county would put in force."""
    found = next((each for each in told(here, conn, blank.today) if each.text.pseq == confirms), None)
    if found is None or found.state != "waiting" or blank.place != county_of(conn):
        return None
    title, fields = _REVIEW_TEXT[blank.action]
    material = {"text": found, "lines": lines_of(here, found.text.digest), "changed": changes(here, found)}
    sheet = replace(
        blank, title=title, about=found.title, back=f"{TEXTS}/{confirms}", fields=(CONFIRMS, *fields), asked=fields,
        shown="published_text", material=material, press=title,
    )  # fmt: skip
    return _addressed(sheet, confirms=confirms)


def _ending(conn: Connection, blank: Sheet, given: Given) -> Sheet | None:
    if given.office not in OFFICES:
        return None
    about = f"{blank.about} · {OFFICES[given.office]} {names_of(conn)(given.person)}"
    asked = tuple(each for each in blank.fields if each.name == "to")
    return _addressed(replace(blank, about=about, asked=asked), person=given.person, office=given.office)


def _granting(conn: Connection, blank: Sheet) -> Sheet:
    granted = GRANTS[GRANTERS_OF[blank.room]][level_of(blank.place)]
    people = _people(conn, blank.place)
    choices: Mapping[str, tuple[tuple[Choice, ...], str]] = {
        "person": (people, ""),
        "relative": (people, ""),
        "office": (tuple(Choice(each, OFFICES[each]) for each in granted), _HINT[blank.room]),
    }
    asked = tuple(
        replace(each, type="choice", choices=choices[each.name][0], hint=choices[each.name][1])
        if each.name in choices
        else each
        for each in blank.fields
    )
    return _addressed(replace(blank, asked=asked))


_HINT: Final = {
    "township": "监委会成员不能是村委会成员或者他们的近亲属，也不能是文书、报账员、村集体经济组织负责人",
    "county": "这里只登记镇街、县级的职务；村里的职务由镇街登记",
}


def _people(conn: Connection, place: str) -> tuple[Choice, ...]:
    """Those with an account of exactly this place."""
    scope = places.scope_of(place)
    return tuple(
        Choice(each.person, f"{each.display}（登录名 {each.name} · {each.place_name} · {GROUP_WORDS[each.group_name]}）")
        for each in store.accounts(conn, scope)
        if each.closed_at is None and each.scope == scope
    )  # fmt: skip
