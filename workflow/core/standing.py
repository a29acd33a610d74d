"""What may be done at any stage: objections and their answers, supervision opinions, correction, withdrawal."""

import datetime
from collections.abc import Mapping

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import period
from workflow.core.facts import Choice, Field
from workflow.core.place import TOWNSHIP, VSC
from workflow.core.stage import STAYS, Action, Ask, Judgement, Window, least

VILLAGE = frozenset({"secretary", "committee_director", "clerk"})
CHANNELS = (
    Choice("web", "网上"),
    Choice("paper", "书面（意见箱、信件）"),
    Choice("spoken", "当面口述，由人记下"),
)
OPINIONS = (
    Choice("agree", "同意"),
    Choice("differ", "有异议"),
    Choice("meet_again", "要求重新开会"),
    Choice("report", "向镇街或监察机关反映"),
)
REPLY = "disclosure.reply_days_max"
HANDLES: Mapping[str, tuple[str, ...]] = {
    "receive_objection": ("lodged",),
    "dismiss_objection": ("lodged", "received"),
    "answer_objection": ("lodged", "received"),
    "escalate_objection": ("lodged", "received"),
    "answer_escalated": ("escalated",),
}
"""How an objection may stand for each act on it; what was passed on is for the township alone to answer."""


def _number(ask: Ask, action: str) -> Requirement:
    given = ask.number("number")
    known = (ask.matter.objections or {}).get(given)
    numbers: Numbers = {"number": given, "status": known.status if known else "none"}
    return Requirement("objection.number", known is not None and known.status in HANDLES[action], numbers)


def _lodge(ask: Ask) -> Judgement:
    named = ask.facts.open.get("named") is True
    asked = Requirement("objection.name", not named or "name" in ask.facts.private)
    return Judgement("lodged", (asked,), {"number": len(ask.matter.objections or {}) + 1})


def _receive(ask: Ask) -> Judgement:
    return Judgement("received", (_number(ask, "receive_objection"),))


def _dismiss(ask: Ask) -> Judgement:
    return Judgement("dismissed", (_number(ask, "dismiss_objection"),))


def reply_by(ask: Ask, received: datetime.date) -> tuple[datetime.date, tuple[str, ...]]:
    """Return the last day for the committee's answer to an objection received that day (SD 条例 art. 16)."""
    days, basis = least(ask, REPLY, ask.settings.objection_reply_days)
    return period(received, days, ask.calendar).last, basis


def _answer(ask: Ask) -> Judgement:
    known = (ask.matter.objections or {}).get(ask.number("number"))
    asked = [_number(ask, "answer_objection")]
    if known is not None:
        last, basis = reply_by(ask, known.status_on)
        numbers = {"last": last.isoformat(), "given": ask.acted_on.isoformat()}
        asked.append(Requirement("objection.reply_in_time", ask.acted_on <= last, numbers, basis, "warns"))
    return Judgement("answered", tuple(asked))


def _escalate(ask: Ask) -> Judgement:
    return Judgement("escalated", (_number(ask, "escalate_objection"),))


def investigate_by(ask: Ask, escalated: datetime.date) -> datetime.date:
    """Return the township's last day for an objection passed on that day (20 days in Zhejiang, art. 43, in Chongqing and Ningbo)."""
    return period(escalated, ask.settings.gov_investigate_days, ask.calendar).last


def _answer_escalated(ask: Ask) -> Judgement:
    known = (ask.matter.objections or {}).get(ask.number("number"))
    asked = [_number(ask, "answer_escalated")]
    if known is not None and known.status == "escalated":
        last = investigate_by(ask, known.status_on)
        numbers = {"last": last.isoformat(), "given": ask.acted_on.isoformat()}
        asked.append(Requirement("objection.reply_in_time", ask.acted_on <= last, numbers, weight="warns"))
    return Judgement("answered", tuple(asked))


def _opine(ask: Ask) -> Judgement:
    return Judgement(str(ask.facts.open["opinion"]))


def _withdraw(ask: Ask) -> Judgement:
    decided = [
        act
        for act in ask.matter.standing()
        if act.stage in ask.stages and ask.stages[act.stage].phase == "vote"
    ]
    passed = any(act.outcome == "passed" for act in decided)
    return Judgement("withdrawn", (Requirement("withdraw.before_decision", not passed),))


def _receipt_window(ask: Ask) -> Window:
    """The last day on which the committee should have received or dismissed the oldest objection that waits for it."""
    waiting = [each.lodged_on for each in ask.matter.open_objections if each.status == "lodged"]
    days = ask.settings.objection_receipt_days
    return Window(None, period(min(waiting), days, ask.calendar).last) if waiting else Window()


def _reply_window(ask: Ask) -> Window:
    """The last day for the answer to the oldest objection received."""
    received = [each.status_on for each in ask.matter.open_objections if each.status == "received"]
    return Window(None, reply_by(ask, min(received))[0]) if received else Window()


def _investigate_window(ask: Ask) -> Window:
    """The township's last day for the objection that was passed on first."""
    waiting = [each.status_on for each in ask.matter.escalated]
    return Window(None, investigate_by(ask, min(waiting))) if waiting else Window()


_NUMBER = Field("number", "第几号异议", "count")
_GROUNDS = Field("grounds", "理由", "text")

STANDING: Mapping[str, Action] = {
    each.id: each
    for each in (
        Action(
            "object", "提出异议", STAYS, frozenset({"villager"}) | VILLAGE | VSC,
            (
                Field("channel", "怎么提出的", "choice", choices=CHANNELS),
                Field("named", "愿意留姓名（姓名只给监委会看）", "flag"),
                Field("content", "对什么有异议、理由是什么", "text"),
                Field("name", "姓名", "line", required=False),
                Field("contact", "怎么联系您", "line", required=False),
                Field("paper", "材料照片", "documents", required=False),
            ),
            {"lodged": STAYS}, _lodge, type="objection",
        ),
        Action(
            "receive_objection", "受理异议", STAYS, VSC, (_NUMBER,), {"received": STAYS}, _receive,
            window=_receipt_window,
        ),
        Action(
            "dismiss_objection", "不予受理并说明理由", STAYS, VSC, (_NUMBER, _GROUNDS), {"dismissed": STAYS}, _dismiss,
        ),
        Action(
            "answer_objection", "答复异议", STAYS, VILLAGE,
            (_NUMBER, Field("answer", "答复内容", "text"), Field("paper", "答复材料", "documents", required=False)),
            {"answered": STAYS}, _answer, type="answer", window=_reply_window,
        ),
        Action(
            "escalate_objection", "转镇街处理", STAYS, VSC | VILLAGE, (_NUMBER, _GROUNDS), {"escalated": STAYS},
            _escalate,
        ),
        Action(
            "answer_escalated", "镇街答复异议", STAYS, TOWNSHIP,
            (_NUMBER, Field("answer", "答复内容", "text"), Field("paper", "答复材料", "documents", required=False)),
            {"answered": STAYS}, _answer_escalated, type="answer", window=_investigate_window,
        ),
        Action(
            "opine", "提出监督意见", STAYS, VSC,
            (Field("opinion", "意见", "choice", choices=OPINIONS), Field("text", "说明", "text")),
            {choice.token: STAYS for choice in OPINIONS}, _opine, type="opinion",
        ),
        Action(
            "withdraw", "撤回（立项有误）", STAYS, VILLAGE, (Field("reason", "为什么撤回", "text"),),
            {"withdrawn": "withdrawn"}, _withdraw, type="withdrawal",
        ),
    )
}  # fmt: skip
