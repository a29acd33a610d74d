"""What a list shows of a matter: where it stands, whom it waits for, by when. Derived, rebuildable, never a truth."""

import datetime
from dataclasses import dataclass

from workflow.core.decide import Law
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Matter, stage_of
from workflow.core.place import TOWNSHIP, VSC, Place
from workflow.core.prospects import Prospect, prospects


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
    late_acts: int
    corrections: int
    without_basis: int


def _group(prospect: Prospect | None) -> str:
    if prospect is None:
        return ""
    if prospect.offices <= VSC:
        return "committee"
    return "township" if prospect.offices <= TOWNSHIP else "secretary"


def summarise(compiled: Compiled, law: Law, matter: Matter, place: Place, today: datetime.date) -> Summary:
    """Summarise a matter as of its last entry; its days come from the next act's window and open objections."""
    stage = compiled.procedure.by_id.get(stage_of(matter.at))
    ahead = () if matter.closed else prospects(compiled, law, matter, place, today)
    following = next((each for each in ahead if not each.standing), None)
    waiting = [each.window.latest for each in ahead if each.standing and each.window.latest]
    last = min(
        [*waiting, *([following.window.latest] if following and following.window.latest else [])],
        default=None,
    )
    first = following.window.earliest if following else None
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
        waits_for=_group(following),
        mseq=matter.mseq,
        opened_on=matter.acts[0].acted_on.isoformat(),
        last_acted_on=max(act.acted_on for act in matter.acts).isoformat(),
        first_day=first.isoformat() if first else None,
        last_day=last.isoformat() if last else None,
        open_objections=len(matter.open_objections),
        late_acts=sum(act.late_days > 0 for act in standing),
        corrections=sum(act.corrected_by is not None for act in standing),
        without_basis=sum(act.without_basis for act in matter.acts),
    )
