"""Somebody above or beside the village looks at it: approves, gives an opinion, or takes it on file with a receipt."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Requirement
from workflow.core.days import period
from workflow.core.facts import Choice, Field
from workflow.core.matter import Act, stage_of
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

OPINIONS = {
    "approve": (Choice("agree", "同意"), Choice("disagree", "不同意，退回并说明理由")),
    "opinion": (Choice("agree", "无意见"), Choice("advise", "有意见建议（不影响村里依法决定）")),
    "file": (Choice("filed", "已收到，准予备案"), Choice("incomplete", "材料不全，请补正")),
}
OUTCOMES = {
    "agree": "agreed", "advise": "advised", "disagree": "returned", "filed": "filed", "incomplete": "incomplete",
}  # fmt: skip
TITLES = {"approve": "审核", "opinion": "出具意见", "file": "登记备案回执"}


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
    mode: Literal["approve", "opinion", "file"] = YamlField(title="审核、意见还是备案")
    by: Offices = YamlField(min_length=1, title="由谁办理")
    days: int | None = YamlField(default=None, ge=1, le=60, title="几天内办理")
    principles: tuple[Principle, ...] = YamlField(default=(), title="同意前逐项确认的原则")
    binding: Texts = YamlField(default=(), title="法律规定须经批准的条文")

    def faults(self) -> tuple[Fault, ...]:
        """Principles and a law that demands approval belong to an approval: nothing else can be withheld."""
        own = [
            Fault((name,), f"mode 不是 approve，不能写 {name}", "只有审核才能不同意；意见和备案拦不住村里依法决定的事")
            for name in ("principles", "binding")
            if getattr(self, name) and self.mode != "approve"
        ]  # fmt: skip
        return (*own, *repeated(self.principles))

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Sign; a filing found incomplete waits here for the same office."""
        fields = (
            *(Field(f"principle_{each.id}", f"符合“{each.title}”", "flag") for each in self.principles),
            Field("opinion", TITLES[self.mode], "choice", choices=OPINIONS[self.mode]),
            Field("receipt", "文号或回执编号", "line", required=self.mode == "file"),
            Field("reason", "意见和理由", "text", required=self.mode != "file"),
            Field("paper", "盖章的意见或回执（照片或扫描件）", "documents", required=False),
        )
        leads = {
            "approve": {"agreed": self.then, "returned": self.otherwise or "rejected"},
            "opinion": {"agreed": self.then, "advised": self.then},
            "file": {"filed": self.then, "incomplete": "."},
        }[self.mode]
        return (
            Action(
                "sign", TITLES[self.mode], ".", frozenset(self.by), fields, leads, self._judge, window=self._window,
            ),
        )  # fmt: skip

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
            given = {"given": next(each.title for each in OPINIONS["approve"] if each.token == opinion)}
            asked.append(Requirement("signoff.approval", opinion == "agree", given, self.binding, "decides"))
        return Judgement(OUTCOMES[opinion], tuple(asked))

    def _window(self, ask: Ask) -> Window:
        arrived = next((act.recorded_on for act in reversed(ask.matter.acts) if self._begins(act)), None)
        if self.days is None or arrived is None:
            return Window()
        last = period(arrived, self.days, ask.calendar, ask.settings.day_count)
        return Window(None, last.last, "signoff.days", last.provisional)

    def _begins(self, act: Act) -> bool:
        """Whether the act brought the matter here; objections and opinions on the way give nobody more time."""
        return stage_of(act.to) == self.id and stage_of(act.from_ or "") != self.id


VOCABULARY = Vocabulary(
    title="审核备案",
    outcomes={
        "agreed": "同意",
        "advised": "有意见建议",
        "returned": "不同意，已退回",
        "filed": "已备案",
        "incomplete": "材料不全，等补正",
    },
    checks={
        "signoff.principles": ("没有确认：{lacking}", "逐项符合才能同意", "符合的答“是”；有不符合的选“不同意”，写明理由"),
        "signoff.approval": ("审批意见：{given}", "法律规定这件事须经批准", "照意见修改后重新报批"),
    },
    tokens={"mode": TITLES},
)  # fmt: skip
