"""What a list shows of a matter: where it stands, whom it waits for, by when. Derived, rebuildable, never a truth."""

import datetime
from dataclasses import dataclass

from workflow.core.attempt import Attempt
from workflow.core.decide import Law, ask_of
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Matter, stage_of
from workflow.core.place import COUNTY, TOWNSHIP, VSC, Place
from workflow.core.prospects import at_any_time, of_stage, window_of
from workflow.core.stage import Ask, Window


@dataclass(frozen=True, slots=True)
class Summary:
    """One row of the `matter` table, without its title. Days are ISO text; `waits_for` an account group or empty."""

    id: str
    place: str
    kind: str
    tier: str
    procedure: str
    procedure_id: str
    at: str
    stage: str
    phase: str
    waits_for: str
    mseq: int
    opened_on: str
    last_acted_on: str
    first_day: str | None
    last_day: str | None
    open_objections: int
    escalated: int
    late_acts: int
    corrections: int
    without_basis: int


def _group(offices: frozenset[str]) -> str:
    if not offices:
        return ""
    if offices - VSC - TOWNSHIP - COUNTY:
        return "secretary"
    if offices & VSC:
        return "committee"
    return "township" if offices & TOWNSHIP else "county"


def _following(compiled: Compiled, matter: Matter, ask: Ask) -> tuple[frozenset[str], Window]:
    """Who may do the matter's next act and when: the stage's first open action, or the second office's word."""
    action = next(of_stage(compiled, matter), None)
    if action is not None:
        return action.offices, window_of(action, ask)
    if matter.pending is not None:
        return frozenset(ask.settings.second_office), Window()
    return frozenset(), Window()


def summarise(compiled: Compiled, law: Law, matter: Matter, place: Place, today: datetime.date) -> Summary:
    """Summarise a matter as of its last entry; its days come from the next act's window and open objections."""
    stage = compiled.procedure.by_id.get(stage_of(matter.at))
    offices, window, lasts = frozenset[str](), Window(), []
    if not matter.closed:
        ask = ask_of(compiled, law, matter, place, Attempt("", "", today, today))
        offices, window = _following(compiled, matter, ask)
        lasts = [window.latest, *(window_of(each, ask).latest for each in at_any_time(compiled, matter))]
    first, last = window.earliest, min(filter(None, lasts), default=None)
    standing = matter.standing()
    return Summary(
        id=matter.id,
        place=matter.place,
        kind=str(matter.opening.get("kind", "")),
        tier=str(matter.opening.get("tier", "")),
        procedure=matter.procedure,
        procedure_id=compiled.procedure.procedure,
        at=matter.at,
        stage=stage.title if stage else ENDS.get(matter.at, ""),
        phase=stage.phase if stage else "",
        waits_for=_group(offices),
        mseq=matter.mseq,
        opened_on=matter.acts[0].acted_on.isoformat(),
        last_acted_on=max(act.acted_on for act in matter.acts).isoformat(),
        first_day=first.isoformat() if first else None,
        last_day=last.isoformat() if last else None,
        open_objections=len(matter.open_objections),
        escalated=len(matter.escalated),
        late_acts=sum(act.late_days > 0 for act in standing),
        corrections=sum(act.corrected_by is not None for act in standing),
        without_basis=sum(act.without_basis for act in matter.acts),
    )
