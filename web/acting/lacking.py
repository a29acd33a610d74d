"""What still stands in the way of a matter's next steps, in words, before anybody fills a form in vain."""

import secrets
from typing import NamedTuple

from web.access import Viewer
from web.acting.said import Asked, asked
from web.acting.sheet import Sheet
from web.acting.view import MatterView
from workflow.core.attempt import Attempt, Refusal
from workflow.core.decide import Law, ask_of
from workflow.core.matter import stage_of
from workflow.core.place import BODIES, BODY_COUNTS
from workflow.core.stages.inspection import Inspection
from workflow.core.stages.meeting import Meeting
from workflow.installation import Installation
from workflow.preview import preview
from workflow.request import Request


class Lack(NamedTuple):
    """What cannot be done yet, why, and the page that helps, if there is one."""

    what: str
    why: str
    link: str = ""


def lacking(view: MatterView, law: Law) -> list[Lack]:
    """Everything known to be missing at the step the matter is at."""
    stage = view.compiled.procedure.by_id.get(stage_of(view.matter.at))
    if stage is None:
        return []
    found: list[Lack] = []
    waiting = view.matter.open_objections
    if waiting and stage.phase in ("disclosure", "execution", "audit"):
        numbers = "、".join(f"第 {each.number} 号" for each in waiting)
        found.append(Lack("往下实施、归档", f"{numbers}异议还没有办完，答复或转镇街以后才能往下办。"))
    if isinstance(stage, Meeting):
        found += _bodies(view, stage)
    if isinstance(stage, Inspection):
        ask = ask_of(
            view.compiled, law, view.matter, view.place_record, Attempt("", "", view.today, view.today)
        )
        missing = [title for title in stage.lacking(ask) if title != "监督核验意见"]
        if missing:
            found.append(Lack("归档", f"归档目录里还缺：{'、'.join(missing)}。"))
    return found


def barred(here: Installation, viewer: Viewer, sheet: Sheet) -> tuple[Asked, ...]:
    """Why this person may not do what can be foreseen before anything is typed; nothing where they may."""
    foreseen = preview(
        here,
        Request(
            sheet.place, sheet.matter, sheet.action, viewer.person, sheet.today, sheet.fixed, secrets.token_hex(16)
        ),
    )  # fmt: skip
    return tuple(asked(foreseen.unmet)) if isinstance(foreseen, Refusal) else ()


def _bodies(view: MatterView, stage: Meeting) -> list[Lack]:
    found = []
    page = f"/secretary/place?place={view.place}"
    kind = str(view.matter.opening.get("kind", ""))
    for body, rules in stage.rules.items():
        counts = view.place_record.counts(body, view.today)
        if any(name not in counts for name in BODY_COUNTS[body] if name != "vacant"):
            found.append(Lack(f"开{BODIES[body]}", "还没有登记组成人数，或者人数还没有确认。", page))
        elif rules.delegation and not view.place_record.delegated(kind, view.today):
            found.append(
                Lack(
                    f"开{BODIES[body]}",
                    "村民会议没有授权决定这类事项。可以改开村民会议，或先登记授权决定。",
                    page,
                )
            )
    return found
