"""One matter as every group's pages show it: a sentence, its steps by phase, what may be done next, its history."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from markupsafe import Markup
from sqlalchemy import Connection

from web import store
from web.access import Viewer
from web.acting import sentences
from web.acting.said import Asked, Names, Paper, Row, asked_of, fields_of, papers, rows, title_of
from web.acting.sentences import moves
from web.acting.steps import Phase, phases
from workflow.core.catalogue import Catalogue
from workflow.core.correction import correctable
from workflow.core.days import civil_day
from workflow.core.entry import Entry
from workflow.core.facts import Field
from workflow.core.machine import Compiled
from workflow.core.matter import Act, Matter
from workflow.core.outcomes import outcome_words
from workflow.core.place import OFFICES, PUBLIC, Place
from workflow.core.prospects import Prospect, prospects
from workflow.core.stages.meeting import Meeting
from workflow.core.standing import HANDLES
from workflow.diagram import svg
from workflow.installation import Installation
from workflow.saying import catalogue_words
from workflow.store import places, register
from workflow.store.database import run

ONLY_FOR_SUPERVISORS = frozenset({"name", "contact"})


@dataclass(frozen=True, slots=True)
class Line:
    """One entry of the history."""

    number: int
    title: str
    step: str
    outcome: str
    who: str
    office: str
    acted_on: date
    recorded_at: str
    late_days: int
    rows: list[Row]
    papers: list[Paper]
    asked: list[Asked]
    marks: list[str]

    @property
    def basis(self) -> list[str]:
        """Every article the act rests on, once."""
        return list(dict.fromkeys(one.words.basis for one in self.asked if one.words.basis))


@dataclass(frozen=True)
class MatterView:
    """One matter as its pages show it; `own` are the acts open to the viewer's offices, the main one first."""

    id: str
    place: str
    place_name: str
    title: str
    kind: str
    procedure: str
    history: list[Line]
    ahead: tuple[Prospect, ...]
    own: tuple[Prospect, ...]
    offices: frozenset[str]
    matter: Matter
    compiled: Compiled
    place_record: Place
    today: date
    catalogue: Catalogue
    asked_first: tuple[Field, ...]

    # An act that is recorded goes on to another page: what only pages show is made when one asks for it.

    @cached_property
    def phases(self) -> list[Phase]:
        """The steps by phase, and how far the matter has come along them."""
        return phases(self.compiled, self.matter, self.ahead)

    @cached_property
    def sentence(self) -> str:
        """Where the matter stands and whom it waits for."""
        return sentences.standing(self.compiled, self.matter, self.ahead, self.today)

    @cached_property
    def overdue(self) -> str:
        """Which act should have been done by now; empty when none."""
        return sentences.overdue(self.ahead, self.today)

    @property
    def in_meetings(self) -> bool:
        """Whether meeting after meeting decides it, as the six-part 登记表 is made for (domain.md §26.2)."""
        meetings = [each for each in self.compiled.procedure.stages if isinstance(each, Meeting)]
        return len(meetings) > 2  # noqa: PLR2004 - at least the two committees, the party members, the villagers

    @property
    def drawing(self) -> Markup:
        """The procedure drawn, the step the matter is at marked."""
        words = catalogue_words(self.catalogue)
        return Markup(svg(self.compiled.procedure, self.matter.at, words))  # noqa: S704 - our own SVG, its texts escaped


def own_corrections(view: MatterView) -> list[Act]:
    """The acts the viewer's offices may correct, newest first; none while something waits for the second office."""
    if view.matter.pending is not None:
        return []
    found = []
    for act in correctable(view.matter):
        action = view.compiled.actions.get(act.stage, {}).get(act.action)
        if action is not None and action.offices & view.offices:
            found.append(act)
    return found


def names_of(conn: Connection) -> Names:
    """How to name persons by id: the account's name, the public as 村民, others by their id."""
    known: dict[str, str] = {PUBLIC: "村民", "installation": "系统安装"}

    def name(person: str) -> str:
        if person not in known:
            account = store.account_of(conn, person)
            known[person] = account.display if account else f"没有账号的人（{person}）"
        return known[person]

    return name


def load(
    here: Installation, conn: Connection, matter_id: str, viewer: Viewer
) -> tuple[Matter, Compiled, Place] | None:
    """The matter, its procedure and its place, if there is one; 404 where the viewer may not see its place."""
    sql = "SELECT place, max(mseq) FROM entry WHERE matter = ? GROUP BY place"
    row = run(conn, sql, (matter_id,)).fetchone()
    if row is None:
        return None
    place = viewer.must_see(str(row[0]))
    found = here.matter(conn, place, matter_id, row[1])
    if found is None:
        return None
    return found, here.compiled(conn, found.procedure), here.place(conn, place)


def view(
    here: Installation, conn: Connection, matter_id: str, viewer: Viewer, *, history: bool = True
) -> MatterView | None:
    """Everything the partials of `_matter.html` show, the history if wanted; None where there is no such matter."""
    loaded = load(here, conn, matter_id, viewer)
    if loaded is None:
        return None
    matter, compiled, place = loaded
    today = civil_day(here.clock())
    ahead = () if matter.closed else prospects(compiled, here.library.law, matter, place, today)
    offices = place.offices(viewer.person, today)
    own = tuple(
        sorted(
            (
                each
                for each in ahead
                if each.offices & offices and _offered(each, compiled, matter, place, today)
            ),
            key=lambda each: (each.standing, not moves(compiled, matter, each)),
        )
    )
    catalogue = here.library.catalogue(matter.acts[0].acted_on, matter.place)
    kind = catalogue.by_id.get(str(matter.opening.get("kind")))
    texts = register.private_of(conn, [entry.seq for entry in matter.entries])
    opening = texts.get(matter.entries[0].seq, {})
    return MatterView(
        id=matter.id,
        place=matter.place,
        place_name=places.name_of(conn, matter.place) or matter.place,
        title=opening["title"].value if "title" in opening else "（名称已删除）",
        kind=kind.title if kind else "",
        procedure=compiled.procedure.title,
        history=_history(
            conn, compiled, matter, {seq: _values(found) for seq, found in texts.items()}, viewer.person,
            kind.fields() if kind else (),
        )
        if history
        else [],
        ahead=ahead,
        own=own,
        offices=offices,
        matter=matter,
        compiled=compiled,
        place_record=place,
        today=today,
        catalogue=catalogue,
        asked_first=kind.fields() if kind else (),
    )  # fmt: skip


def _values(found: Mapping[str, register.Private]) -> dict[str, str]:
    return {name: private.value for name, private in found.items()}


def _offered(prospect: Prospect, compiled: Compiled, matter: Matter, place: Place, today: date) -> bool:
    """Not offered: two meetings as one without 一肩挑, answers where nobody objects, withdrawal of what was passed."""
    if prospect.action == "record_merged":
        return place.one_shoulder(today)
    if prospect.action == "withdraw":
        stages = compiled.procedure.by_id
        votes = [
            act for act in matter.standing() if act.stage in stages and stages[act.stage].phase == "vote"
        ]
        return all(act.outcome != "passed" for act in votes)
    if prospect.action in HANDLES:
        found = (matter.objections or {}).values()
        return any(each.status in HANDLES[prospect.action] for each in found)
    return True


def _history(
    conn: Connection, compiled: Compiled, matter: Matter, texts: Mapping[int, Mapping[str, str]], person: str,
    asked_first: tuple[Field, ...],
) -> list[Line]:  # fmt: skip
    """An objector's papers, which may give away who they are, only for whoever took them in."""
    names = names_of(conn)
    files = _file_names(conn, matter.entries)
    lines = []
    for entry in reversed(matter.entries):
        fields = fields_of(compiled, matter, entry, asked_first)
        act = matter.acts[(entry.mseq or 1) - 1]
        stage = compiled.procedure.by_id.get(act.stage)
        hidden = ONLY_FOR_SUPERVISORS if entry.action == "object" else frozenset[str]()
        lines.append(
            Line(
                number=act.mseq,
                title=title_of(compiled, entry),
                step=stage.title if stage else "",
                outcome=_outcome(entry, act),
                who=names(str(entry.actor)),
                office=OFFICES.get(str(entry.office), ""),
                acted_on=act.acted_on,
                recorded_at=entry.recorded_at,
                late_days=(civil_day(datetime.fromisoformat(entry.recorded_at)) - date.fromisoformat(str(entry.acted_on))).days,
                rows=rows(fields, entry, texts.get(entry.seq, {}), names, hidden),
                papers=papers(fields, entry, files) if entry.type != "objection" or entry.actor == person else [],
                asked=asked_of(entry),
                marks=_marks(matter, act.mseq),
            )
        )  # fmt: skip
    return lines


def _outcome(entry: Entry, act: Act) -> str:
    outcome, would_be = str(entry.computed["outcome"]), entry.computed.get("would_be")
    if outcome != "unconfirmed" or not would_be:
        return outcome_words(outcome, entry.computed)
    return outcome_words(str(would_be), entry.computed) + (
        "" if act.confirmed_by or act.declined else "（等复核确认后生效）"
    )


def _marks(matter: Matter, number: int) -> list[str]:
    act = matter.acts[number - 1]
    checks: list[tuple[Callable[[], bool], str]] = [
        (lambda: act is matter.pending, "还没有复核确认，没有生效"),
        (lambda: act.declined, "复核没有确认，没有生效"),
        (lambda: act.without_basis, "前面的记录更正后，这一条失去依据，须重新办理"),
        (lambda: act.corrected_by is not None, f"已由第 {act.corrected_by} 条更正"),
    ]
    return [words for holds, words in checks if holds()]


def _file_names(conn: Connection, entries: tuple[Entry, ...]) -> dict[str, str]:
    digests = [str(one["digest"]) for entry in entries for one in entry.documents if "digest" in one]
    found = {}
    for digest in digests:
        row = run(conn, "SELECT name_private FROM document WHERE digest = ?", (digest,)).fetchone()
        found[digest] = str(row[0]) if row and row[0] else ""
    return found
