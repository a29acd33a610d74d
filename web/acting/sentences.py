"""Where a matter stands, whom it waits for and what is late, in as few words as will do."""

from datetime import date

from web.acting.said import title_of
from web.pages import weekday
from workflow.core.days import day_words
from workflow.core.machine import Compiled, place_in
from workflow.core.matter import ENDS, Matter, stage_of
from workflow.core.place import OFFICES, TOWNSHIP, VSC
from workflow.core.prospects import Prospect
from workflow.core.standing import VILLAGE


def who_does(offices: frozenset[str]) -> str:
    """Whom an act waits for, in as few words as will do."""
    if offices <= VSC:
        return "村务监督委员会"
    if offices <= TOWNSHIP:
        return "镇街"
    if offices <= VILLAGE:
        return "村里（书记、主任或文书）"
    return "、".join(words for token, words in OFFICES.items() if token in offices)


def moves(compiled: Compiled, matter: Matter, prospect: Prospect) -> bool:
    """Whether the act can bring the matter on from where it stands."""
    stage = stage_of(matter.at)
    action = compiled.actions.get(stage, {}).get(prospect.action)
    if action is None:
        return not prospect.standing
    return any(not target.startswith(".") or place_in(stage, target) != matter.at for target in action.leads.values())  # fmt: skip


def standing(compiled: Compiled, matter: Matter, ahead: tuple[Prospect, ...], today: date) -> str:
    """Where the matter stands and whom it waits for, in one sentence."""
    if matter.closed:
        return f"{ENDS[matter.at]}（{weekday(matter.acts[-1].recorded_on)}）。"
    stage = compiled.procedure.by_id[stage_of(matter.at)]
    now = f"现在到“{stage.title}”。"
    if matter.pending is not None:
        offices = frozenset[str](compiled.procedure.settings.second_office)
        waiting = title_of(compiled, matter.entries[matter.pending.mseq - 1])
        return f"{now}“{waiting}”已经办了，等{who_does(offices)}复核确认后生效。"
    here = [each for each in ahead if not each.standing]
    here.sort(key=lambda each: not moves(compiled, matter, each))
    if not here:
        return now
    following = here[0]
    who, first, last = who_does(following.offices), following.window.earliest, following.window.latest
    if first and first > today:
        return f"{now}下一步“{following.title}”，{weekday(first)}起由{who}办。"
    due = f"，最晚{weekday(last)}" if last else ""
    return f"{now}下一步“{following.title}”，由{who}办{due}。"


def overdue(ahead: tuple[Prospect, ...], today: date) -> str:
    """Say which act should have been done by which day, the longest overdue one; nothing when none is."""
    late = [
        (each.window.latest, each.title)
        for each in ahead
        if each.window.latest and each.window.latest < today
    ]
    if not late:
        return ""
    last, title = min(late, key=lambda each: each[0])
    return f"“{title}”最晚{day_words(last)}，已超过 {(today - last).days} 天。"
