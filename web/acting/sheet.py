"""One form: which questions an act asks here and now, in which words, and which days lie near for their answers."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from web.acting.said import in_words_of
from web.acting.steps import Phase, phases
from web.acting.view import MatterView
from web.pages import money, nearby, weekday
from workflow.core.attempt import Attempt
from workflow.core.correction import CORRECTS
from workflow.core.decide import LATE_REASON, Law, ask_of
from workflow.core.facts import Choice, Field
from workflow.core.matter import stage_of
from workflow.core.place import BODIES, BODY_COUNTS
from workflow.core.place_acts import place_actions
from workflow.core.stage import Ask, most
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.bodies import MODES_OF
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting
from workflow.gather import form_of, kind_field, opening_form
from workflow.installation import Installation

DAY = "day_of_act"
DAY_LABELS: Mapping[str, str] = {
    "open": "哪一天提出的", "call": "哪一天发的通知", "call_again": "哪一天发的通知", "record": "哪一天开的会",
    "record_merged": "哪一天开的会", "post": "哪一天张贴的", "post_again": "哪一天重新张贴的",
    "close": "哪一天看过公示、登记结束", "contract": "哪一天签的合同", "accept": "哪一天验收的",
    "object": "哪一天提出的", "answer_objection": "哪一天答复的", "archive": "哪一天归档的",
    "set_body": "哪一天核对的人数", "record_delegation": "哪一天开的村民会议",
}  # fmt: skip
TODAY_ONLY = frozenset({"confirm", "decline", "correct", "withdraw"})
_OBJECTIONS = frozenset({"receive_objection", "dismiss_objection", "answer_objection", "escalate_objection"})
_STATUS: Mapping[str, str] = {"lodged": "提出，等受理", "received": "受理，等答复", "escalated": "转镇街"}
Days = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """One form. `fields` are read, `asked` are shown; `fixed` values come from the address, not from the person.

    `days` holds, by field, the days to pick from; `day_label` is empty where an act can only be of today. `phases`
    are the steps ahead where a matter is opened.
    """

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

    @property
    def day_label(self) -> str:
        """The question for the day of the act."""
        return "" if self.action in TODAY_ONLY else DAY_LABELS.get(self.action, "哪一天办的")

    @property
    def draft(self) -> tuple[str, str]:
        """Under which matter (or place) and action what was typed is kept."""
        fixed = ":".join(str(value) for value in self.fixed.values())
        return self.matter or self.place, f"{self.action}:{fixed}" if fixed else self.action

    def reading(self) -> tuple[Field, ...]:
        """The questions as their answers are read: those shown as required are."""
        shown = {each.name: each for each in self.asked}
        return (
            *(
                replace(each, required=shown[each.name].required) if each.name in shown else each
                for each in self.fields
            ),
            LATE_REASON,
        )


def matter_sheet(law: Law, view: MatterView, action: str, corrects: int | None = None) -> Sheet | None:
    """The form of an act on a matter; None for an act nobody knows, or a correction of what cannot be corrected."""
    fixed = {CORRECTS.name: corrects} if action == "correct" and corrects is not None else {}
    form = form_of(view.compiled, view.matter, action, fixed)
    if form is None or form == (CORRECTS,):
        return None
    fields = tuple(each for each in form if each.name != LATE_REASON.name)
    titles = {each.action: each.title for each in view.ahead}
    stage = view.compiled.procedure.by_id.get(stage_of(view.matter.at))
    ask = ask_of(view.compiled, law, view.matter, view.place_record, Attempt("", "", view.today, view.today))
    url = f"/secretary/matters/{view.id}/{action}"
    return Sheet(
        place=view.place,
        matter=view.id,
        action=action,
        title=f"更正第 {corrects} 条记录" if action == "correct" else titles.get(action, ""),
        about=_about(view, stage.title if stage else "", corrects),
        url=f"{url}?corrects={corrects}" if fixed else url,
        back=f"/secretary/matters/{view.id}",
        fields=fields,
        asked=_asked(view, fields, action, ask, corrects),
        today=view.today,
        seen=view.matter.mseq,
        fixed=fixed,
        days=_days(view, action, ask),
    )


def _about(view: MatterView, step: str, corrects: int | None) -> str:
    if corrects is not None:
        line = next(line for line in view.history if line.number == corrects)
        step = f"{line.step}：{line.title}"
    return f"{view.title} · {step}" if step else view.title


def opening_sheet(here: Installation, place: str, kind_id: str, today: date) -> Sheet | None:
    """The form that opens a matter of a kind; None for a kind the catalogue does not have."""
    catalogue = here.library.catalogue(today, place)
    kind = catalogue.by_id.get(kind_id)
    if kind is None:
        return None
    likely = catalogue.route(kind, {}) or catalogue.leads_to(kind)[0]
    compiled = here.library.effective(likely.procedure, place, today).compiled
    _, *fields, _ = opening_form(catalogue, kind, compiled)
    return Sheet(
        place=place,
        matter=None,
        action="open",
        title="登记动议",
        about=kind.title,
        url=f"/secretary/matters/new/{kind.id}?place={place}",
        back=f"/secretary/matters/new?place={place}",
        fields=(kind_field(catalogue), *fields),
        asked=tuple(fields),
        today=today,
        fixed={"kind": kind.id},
        days={DAY: nearby(today)},
        phases=tuple(phases(compiled, None)),
    )


def place_sheet(here: Installation, place: str, action: str, body: str, today: date) -> Sheet | None:
    """The form of an act on the place's own record; the counts of one body at a time."""
    known = place_actions(here.library.catalogue(today, place)).get(action)
    if known is None or action not in ("set_body", "record_delegation"):
        return None
    if action == "set_body" and body not in BODIES:
        return None
    fields = known.fields
    url, fixed = f"/secretary/place/{action}?place={place}", {}
    if action == "set_body":
        counts = BODY_COUNTS[body]
        fixed, url = {"body": body}, f"{url}&body={body}"
        fields = tuple(
            replace(each, required=each.name != "vacant")
            for each in fields
            if each.name == "from" or each.name in counts
        )
    return Sheet(
        place=place,
        matter=None,
        action=action,
        title=f"{known.title}：{BODIES[body]}" if fixed else known.title,
        about="人员与授权",
        url=url,
        back=f"/secretary/place?place={place}",
        fields=known.fields,
        asked=fields,
        today=today,
        fixed=fixed,
        days={DAY: nearby(today)},
    )


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
        shown = replace(question, hint=hints.get(each.name, each.hint))
        if each.name == "number" and action in _OBJECTIONS:
            shown = replace(shown, type="choice", choices=_objections(view))
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


def _objections(view: MatterView) -> tuple[Choice, ...]:
    found = (view.matter.objections or {}).values()
    return tuple(
        Choice(str(each.number), f"第 {each.number} 号（{weekday(each.status_on)}{_STATUS[each.status]}）")
        for each in found
        if each.status in _STATUS
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
