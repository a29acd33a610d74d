"""One form: which questions an act asks here and now, in which words, and which days lie near for their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from web.acting.said import OWN_TITLES, Asked, in_words_of
from web.acting.steps import Phase, foreseen
from web.acting.view import MatterView
from web.forms import Form
from web.pages import money, nearby, weekday
from workflow.core.attempt import Attempt
from workflow.core.catalogue import TIERS
from workflow.core.correction import CORRECTS
from workflow.core.decide import LATE_REASON, Law, ask_of
from workflow.core.facts import Choice, Field, read_facts
from workflow.core.matter import stage_of
from workflow.core.place import BODIES, BODY_COUNTS
from workflow.core.place_acts import PUBLISH
from workflow.core.prospects import Prospect
from workflow.core.stage import Ask, most
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.bodies import MODES_OF
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting
from workflow.core.standing import HANDLES, STANDING
from workflow.forms import AMOUNT, SOURCE, form_of, kind_field, opening_form
from workflow.installation import Installation

DAY = "day_of_act"
DAY_LABELS: Mapping[str, str] = {
    "open": "哪一天提出的", "call": "哪一天发的通知", "call_again": "哪一天发的通知", "record": "哪一天开的会",
    "record_merged": "哪一天开的会", "post": "哪一天张贴的", "post_again": "哪一天重新张贴的",
    "close": "哪一天看过公示、登记结束", "contract": "哪一天签的合同", "accept": "哪一天验收的",
    "object": "哪一天提出的", "answer_objection": "哪一天答复的", "answer_escalated": "哪一天答复的",
    "escalate_objection": "哪一天转的", "inspect": "哪一天核验的", "archive": "哪一天归档的",
    "set_body": "哪一天核对的人数", "record_delegation": "哪一天开的村民会议",
}  # fmt: skip
TODAY_ONLY = frozenset({
    "confirm", "decline", "correct", "withdraw", "receive_objection", "dismiss_objection", "opine", "grant_office",
    "end_office", "record_relative", PUBLISH,
})  # fmt: skip
BUTTONS: Mapping[str, str] = {"confirm": "确认属实", "decline": "不予确认，退回重新登记"}
_STATUS: Mapping[str, str] = {"lodged": "提出，等受理", "received": "受理，等答复", "escalated": "转镇街"}
Days = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form in the room of an account group. `fields` are read, `asked` are shown.

    `fixed` values come from the address, not from the person. `days` holds, by field, the days to pick from;
    `day_label` is empty where an act can only be of today. `phases` are the steps ahead where a matter is opened,
    `course` its tier and procedure; both are empty while the amount decides and is not told. `press` is what the
    button says where the title would not do.
    `shown` names the piece above the questions that says what the act is about, `material` is what it says;
    `barred` is why this person may not act, known before anything is typed. `occasion` tells this act from the
    same one at another time, so that a draft of the one is not offered for the other.
    """

    room: str
    place: str
    matter: str | None
    action: str
    title: str
    about: str
    url: str
    back: str
    fields: tuple[Field, ...]
    asked: tuple[Field, ...]
    today: date
    seen: int | None = None
    fixed: Mapping[str, object] = field(default_factory=dict)
    days: Mapping[str, Days] = field(default_factory=dict)
    phases: tuple[Phase, ...] = ()
    course: str = ""
    press: str = ""
    shown: str = ""
    material: Mapping[str, Any] = field(default_factory=dict)
    barred: tuple[Asked, ...] = ()
    occasion: str = ""

    @property
    def button(self) -> str:
        """What the button says that records the act."""
        return self.press or BUTTONS.get(self.action, f"确认并{self.title}")

    @property
    def day_label(self) -> str:
        """The question for the day of the act."""
        return "" if self.action in TODAY_ONLY else DAY_LABELS.get(self.action, "哪一天办的")

    @property
    def draft(self) -> tuple[str, str]:
        """Under which matter (or place) and action what was typed is kept."""
        parts = (self.action, self.occasion, *map(str, self.fixed.values()))
        return self.matter or self.place, ":".join(part for part in parts if part)

    def reading(self) -> tuple[Field, ...]:
        """The questions as their answers are read: those shown as required are."""
        shown = {each.name: each.required for each in self.asked}
        return (
            *(
                replace(each, required=not each.required)
                if shown.get(each.name, each.required) != each.required
                else each
                for each in self.fields
            ),
            LATE_REASON,
        )


def matter_sheet(
    law: Law, view: MatterView, room: str, action: str, fixed: Mapping[str, int] | None = None
) -> Sheet | None:
    """The form of an act on a matter; None for an act nobody knows, or a correction of what cannot be corrected.

    `fixed` is what the address names: the record that is corrected, the objection that is handled.
    """
    fixed = fixed or {}
    form = form_of(view.compiled, view.matter, action, fixed)
    if form is None or form == (CORRECTS,):
        return None
    corrects, number = fixed.get(CORRECTS.name), fixed.get("number")
    fields = tuple(each for each in form if each.name != LATE_REASON.name)
    prospect = next((each for each in view.ahead if each.action == action), None)
    stage = view.compiled.procedure.by_id.get(stage_of(view.matter.at))
    ask = ask_of(view.compiled, law, view.matter, view.place_record, Attempt("", "", view.today, view.today))
    url, home = f"/{room}/matters/{view.id}/{action}", f"/{room}/matters/{view.id}"
    query = "&".join(f"{name}={value}" for name, value in fixed.items())
    asked = _asked(view, fields, action, ask, corrects)
    return Sheet(
        room=room,
        place=view.place,
        matter=view.id,
        action=action,
        title=f"更正第 {corrects} 条记录" if action == "correct" else _title(view, action),
        about=_about(view, stage.title if stage else "", corrects, number),
        url=f"{url}?{query}" if query else url,
        back=home if number is None or room == "secretary" else f"{home}/objections/{number}",
        fields=fields,
        asked=tuple(each for each in asked if each.name not in fixed),
        today=view.today,
        seen=view.matter.mseq,
        fixed=fixed,
        days=_days(view, action, ask),
        occasion=_occasion(view, prospect),
    )


def _title(view: MatterView, action: str) -> str:
    """What the act is called, open or not."""
    known = [each for stage in view.compiled.actions.values() for each in stage.values()]
    titles = {each.id: each.title for each in (*reversed(known), *STANDING.values())}
    ahead = {each.action: each.title for each in view.ahead}
    return ahead.get(action) or OWN_TITLES.get(action) or titles.get(action, "")


def _occasion(view: MatterView, prospect: Prospect | None) -> str:
    if prospect is None or prospect.standing:
        return ""
    return str(view.matter.pending.mseq) if view.matter.pending else stage_of(view.matter.at)


def _about(view: MatterView, step: str, corrects: int | None, number: int | None) -> str:
    if corrects is not None:
        line = next(line for line in view.history if line.number == corrects)
        step = f"{line.step}：{line.title}"
    elif number is not None:
        step = f"第 {number} 号异议"
    return f"{view.title} · {step}" if step else view.title


def opening_sheet(
    here: Installation, room: str, place: str, kind_id: str, today: date, form: Form
) -> Sheet | None:
    """The form that opens a matter of a kind, under the procedure that what is already filled in leads to.

    None for a kind the catalogue does not have.
    """
    catalogue = here.library.catalogue(today, place)
    kind = catalogue.by_id.get(kind_id)
    if kind is None:
        return None
    asking = (AMOUNT, SOURCE, *kind.fields())
    told = read_facts(asking, form.given(asking))[0].open
    routed = catalogue.route(kind, told)
    likely = routed or catalogue.leads_to(kind)[0]
    compiled = here.library.effective(likely.procedure, place, today).compiled
    _, *fields, _ = opening_form(catalogue, kind, compiled)
    opening = {**told, "kind": kind.id, "tier": likely.tier, **kind.always_opens()}
    return Sheet(
        room=room,
        place=place,
        matter=None,
        action="open",
        title="登记动议",
        about=kind.title,
        url=f"/{room}/matters/new/{kind.id}?place={place}",
        back=f"/{room}/matters/new?place={place}",
        fields=(kind_field(catalogue), *fields),
        asked=tuple(_by_amount(each) if kind.money and each.name == AMOUNT.name else each for each in fields),
        today=today,
        fixed={"kind": kind.id},
        days={DAY: nearby(today)},
        phases=tuple(foreseen(compiled, opening)) if routed else (),
        course=f"{TIERS[likely.tier]}，走“{compiled.procedure.title}”" if routed else "",
    )


def _by_amount(field: Field) -> Field:
    """The question for the amount, where a table of amounts says which procedure is taken."""
    return replace(field, required=True, hint="这类事按金额定程序，一定要填")


def _asked(
    view: MatterView, fields: tuple[Field, ...], action: str, ask: Ask, corrects: int | None
) -> tuple[Field, ...]:
    if action == "correct":
        return _correction(view, fields, corrects)
    stage = view.compiled.procedure.by_id.get(stage_of(view.matter.at))
    meets = ""
    questions: Mapping[str, Field | None] = {}
    if isinstance(stage, Meeting) and action == "record":
        meets = stage.body(ask)
        questions = stage.questions_of(meets)
    hints = _hints(view, action, meets)
    found = []
    for each in fields:
        question = questions.get(each.name, each)
        if question is None:
            continue
        shown = question
        if (hint := hints.get(each.name, each.hint)) != question.hint:
            shown = replace(question, hint=hint)
        if each.name == "number" and action in HANDLES:
            shown = replace(shown, type="choice", choices=_objections(view, action))
        if each.name == "mode":
            shown = replace(shown, title="按什么统计到会")
        found.append(shown)
    return tuple(found)


def _correction(view: MatterView, fields: tuple[Field, ...], corrects: int | None) -> tuple[Field, ...]:
    act = next(act for act in view.matter.acts if act.mseq == corrects)
    old = {**act.facts, "acted_on": act.acted_on.isoformat()}
    return tuple(
        replace(each, hint=f"原来填的：{in_words_of(each, old[each.name])}") if each.name in old else each
        for each in fields
        if each.name != CORRECTS.name
    )


def _objections(view: MatterView, action: str) -> tuple[Choice, ...]:
    found = (view.matter.objections or {}).values()
    return tuple(
        Choice(str(each.number), f"第 {each.number} 号（{weekday(each.status_on)}{_STATUS[each.status]}）")
        for each in found
        if each.status in HANDLES[action]
    )


def _hints(view: MatterView, action: str, meets: str) -> Mapping[str, str]:
    hints: dict[str, str] = {}
    counts = view.place_record.counts(meets, view.today) if meets else {}
    due = [each.token for each in MODES_OF.get(meets, ())] or [BASE_OF_BODY.get(meets, "")]
    for asked_for, bases in (("due", due), ("women_present", ["women_reps"])):
        words = [f"{BODY_COUNTS[meets][base]} {counts[base]}" for base in bases if base in counts]
        if words:
            hints[asked_for] = f"登记在册：{'，'.join(words)}"
    boards = view.place_record.counts("boards", view.today).get("places")
    if action in ("post", "post_again") and boards:
        hints["boards"] = f"每个自然村都要张贴，应张贴 {boards} 处"
    resolved = view.matter.opening.get("amount_fen")
    award = next((act for act in reversed(view.matter.standing()) if act.action == "award"), None)
    if action == "award" and isinstance(resolved, int):
        hints["amount_fen"] = f"决议的金额是 {money(resolved)}，不能超过"
    if action == "contract" and award and isinstance(award.facts.get("amount_fen"), int):
        hints["amount_fen"] = f"选定的金额是 {money(int(str(award.facts['amount_fen'])))}"
    return hints  # fmt: skip


def _days(view: MatterView, action: str, ask: Ask) -> Mapping[str, Days]:
    stage = view.compiled.procedure.by_id.get(stage_of(view.matter.at))
    found: dict[str, Days] = {DAY: nearby(view.today)}
    prospect = next((each for each in view.ahead if each.action == action), None)
    if isinstance(stage, Meeting) and action == "record" and prospect and prospect.window.earliest:
        called = prospect.window.earliest
        found[DAY] = [(called.isoformat(), f"{weekday(called)}，通知的开会日期")]
    if isinstance(stage, Meeting) and action in ("call", "call_again"):
        found["meeting_on"] = [
            (first.isoformat(), f"{weekday(first)}，今天通知最早到这一天（{BODIES[body]}）")
            for body, rules in stage.rules.items()
            for first in [
                view.today + timedelta(days=most(ask, f"{body}.notice_days_min", rules.notice_days)[0])
            ]
        ]
    if isinstance(stage, Posting) and action in ("post", "post_again"):
        period, _ = stage.runs(ask, view.today)
        words = "，暂按" if period.provisional else ""
        found["last_on"] = [
            (
                period.last.isoformat(),
                f"{weekday(period.last)}，今天张贴最早到这一天，共 {period.days} 天{words}",
            )
        ]
    return found  # fmt: skip
