"""Somebody above or beside the village looks at it: approves, gives an opinion, takes it on file; or is only told."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Choice, Field
from workflow.core.floors import FloorClaim
from workflow.core.stage import (
    Action,
    Ask,
    Fault,
    Id,
    Judgement,
    Offices,
    Stage,
    Texts,
    Title,
    Vocabulary,
    Window,
    Yaml,
)
from workflow.core.stages.past import arrived
from workflow.core.stages.terms import working_period

OPINIONS = {
    "approve": (Choice("agree", "同意"), Choice("disagree", "不同意，退回并说明理由")),
    "opinion": (Choice("agree", "无意见"), Choice("advise", "有意见建议（不影响村里依法决定）")),
    "file": (Choice("filed", "已收到，准予备案"), Choice("incomplete", "材料不全，请补正")),
}
VETO = Choice("veto", "否决，不予办理")
OUTCOMES = {
    "veto": "vetoed", "agree": "agreed", "advise": "advised", "disagree": "returned", "filed": "filed", "incomplete": "incomplete",
}  # fmt: skip
TITLES = {"approve": "审核", "opinion": "出具意见", "file": "登记备案回执", "notify": "登记已通知"}
# Who must be told within days that a statute sets (集体经济组织法 arts. 23, 24).
TOLD = {"creditors": "债权人"}
TELLING = {"creditors": "merger.creditor_notice_days_max"}


class Principle(Yaml):
    """One named principle that is answered yes or no (S-04: 依法依规、程序规范、群众认可、持续发展)."""

    id: Id = YamlField(title="原则代号")
    title: Title = YamlField(title="原则")


def repeated(principles: tuple[Principle, ...]) -> tuple[Fault, ...]:
    """Return a fault for every principle whose id stands before."""
    ids = [each.id for each in principles]
    return tuple(
        Fault(("principles", index), f"原则代号“{each}”写了两次")
        for index, each in enumerate(ids)
        if each in ids[:index]
    )


class Signoff(Stage):
    """One office signs. Only `approve` can send the matter back: an opinion informs, a filing receives (design §3)."""

    kind: Literal["signoff"]
    mode: Literal["approve", "opinion", "file", "notify"] = YamlField(title="审核、意见、备案还是通知")
    by: Offices = YamlField(min_length=1, title="由谁办理")
    days: int | None = YamlField(default=None, ge=1, le=60, title="几天内办理")
    working_days: bool = YamlField(default=False, title="天数按工作日算")
    veto: Id | None = YamlField(default=None, title="可以否决，否决后到")
    principles: tuple[Principle, ...] = YamlField(default=(), title="同意前逐项确认的原则")
    binding: Texts = YamlField(default=(), title="法律规定须经批准的条文")
    tells: Literal["creditors"] | None = YamlField(default=None, title="法律规定几天内须通知谁")

    def faults(self) -> tuple[Fault, ...]:
        """Principles and a law that demands approval belong to an approval: nothing else can be withheld."""
        own = [
            Fault((name,), f"mode 不是 approve，不能写 {name}", "只有审核才能不同意；意见和备案拦不住村里依法决定的事")
            for name in ("principles", "binding", "veto")
            if getattr(self, name) and self.mode != "approve"
        ]  # fmt: skip
        if self.working_days and self.days is None:
            own.append(Fault(("working_days",), "没有写几天内办理", "写上 days，或删去 working_days"))
        if self.tells and (self.mode != "notify" or self.days is None):
            words = "法律规定几天内须通知的，要写 mode: notify 和 days"
            own.append(Fault(("tells",), words, "写上几天内通知，或删去 tells"))
        return (*own, *repeated(self.principles))

    def floors(self) -> tuple[FloorClaim, ...]:
        """The days within which somebody must be told."""
        return (FloorClaim(("days",), TELLING[self.tells], self.days, {}),) if self.tells else ()

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Sign; a filing found incomplete waits here for the same office. A notice is given late too, with a warning."""
        if self.mode == "notify":
            return (self._notify(),)
        opinions = (*OPINIONS[self.mode], *((VETO,) if self.veto else ()))
        fields = (
            *(Field(f"principle_{each.id}", f"符合“{each.title}”", "flag") for each in self.principles),
            Field("opinion", TITLES[self.mode], "choice", choices=opinions),
            Field("receipt", "文号或回执编号", "line", required=self.mode == "file"),
            Field("reason", "意见和理由", "text", required=self.mode != "file"),
            Field("paper", "盖章的意见或回执（照片或扫描件）", "documents", required=False),
        )
        leads = {
            "approve": {"agreed": self.then, "returned": self.otherwise or "rejected"},
            "opinion": {"agreed": self.then, "advised": self.then},
            "file": {"filed": self.then, "incomplete": "."},
        }[self.mode] | ({"vetoed": self.veto} if self.veto else {})
        return (
            Action(
                "sign", TITLES[self.mode], ".", frozenset(self.by), fields, leads, self._judge, window=self._window,
            ),
        )  # fmt: skip

    def _notify(self) -> Action:
        fields = (
            Field("told", "通知了几家（几人）", "count"),
            Field("note", "怎么通知的，对方有什么要求", "text"),
            Field("paper", "通知书或送达回执（照片或扫描件）", "documents"),
        )
        return Action(
            "notify", TITLES[self.mode], ".", frozenset(self.by), fields, {"notified": self.then}, self._judge_notice,
            window=self._window,
        )  # fmt: skip

    def _judge_notice(self, ask: Ask) -> Judgement:
        due = self._due(ask)
        if due is None:
            return Judgement("notified")
        numbers: Numbers = {
            "given": ask.acted_on.isoformat(), "last": due.last.isoformat(), "provisional": due.provisional,
        }  # fmt: skip
        in_time = ask.acted_on <= due.last
        return Judgement("notified", (Requirement("signoff.in_time", in_time, numbers, self.basis, "warns"),))

    def _judge(self, ask: Ask) -> Judgement:
        opinion = str(ask.facts.open["opinion"])
        asked = []
        if self.principles and opinion == "agree":
            lacking = [
                each.title
                for each in self.principles
                if ask.facts.open.get(f"principle_{each.id}") is not True
            ]
            asked.append(Requirement("signoff.principles", not lacking, {"lacking": lacking}, self.basis))
        if self.binding:
            words = {each.token: each.title for each in (*OPINIONS["approve"], VETO)}
            given = {"given": words[opinion]}
            asked.append(Requirement("signoff.approval", opinion == "agree", given, self.binding, "decides"))
        return Judgement(OUTCOMES[opinion], tuple(asked))

    def _due(self, ask: Ask) -> Period | None:
        begun = arrived(ask.matter, self.id)
        if self.days is None or begun is None:
            return None
        if self.working_days:
            return working_period(begun, self.days, ask.calendar)
        return period(begun, self.days, ask.calendar, ask.settings.day_count)

    def _window(self, ask: Ask) -> Window:
        due = self._due(ask)
        return Window(None, due.last, "signoff.days", due.provisional) if due else Window()


VOCABULARY = Vocabulary(
    title="审核备案",
    outcomes={
        "agreed": "同意",
        "advised": "有意见建议",
        "returned": "不同意，已退回",
        "vetoed": "已否决",
        "filed": "已备案",
        "incomplete": "材料不全，等补正",
        "notified": "已通知",
    },
    checks={
        "signoff.principles": ("没有确认：{lacking}", "逐项符合才能同意", "符合的答“是”；有不符合的选“不同意”，写明理由"),
        "signoff.in_time": ("{given}通知", "应在{last}前通知{provisional_words}", "已超过期限，照样要通知，记录里会标明"),
        "signoff.approval": ("审批意见：{given}", "法律规定这件事须经批准", "照意见修改后重新报批"),
    },
    tokens={"mode": TITLES, "tells": TOLD},
)  # fmt: skip
