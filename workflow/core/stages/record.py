"""A fact is put on record: what was done, by whom, with the days, numbers and yes-or-noes that are asked of it.

For what is neither a meeting nor a signature nor a posting: a list put up before an election, work handed over, an
agreement kept, an emergency reported. Nothing is decided here; one question may say which way the matter goes.
"""

import datetime
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Choice, Field
from workflow.core.floors import FloorClaim
from workflow.core.matter import Act
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
    least,
    most,
)
from workflow.core.stages.terms import months_later

FACT_TYPES = {
    "flag": "是或否", "count": "个数", "money": "金额", "day": "日期", "choice": "选一项", "line": "一行字",
    "text": "一段话", "documents": "照片或文件",
}  # fmt: skip
LATE = {"refuses": "过了就不能办", "warns": "过了还能办，记录里标明"}
LAWS = {
    "election.voter_list_days_min": "选举日前公布参加选举的村民名单",
    "election.list_objection_days_min": "对名单提出申诉的期限",
    "disclosure.plan_objection_days_min": "对公开方案提出异议的期限",
    "handover.days_max": "新一届村民委员会产生后完成工作移交",
    "disclosure.plan_reply_days_max": "答复对公开方案的异议",
    "election.list_reply_days_max": "处理对名单的申诉",
    "election.proxies_max": "每一村民接受委托投票",
    "appraisal.min_interval_months": "两次民主评议间隔",
}
_BOUNDS = {"at_least": "count", "at_most": "count", "months": "day", "must": "flag", "choices": "choice"}
# What the engine itself asks on every form.
_RESERVED = frozenset({"late_reason", "corrects", "confirms"})
_ABOUT_ACTS = frozenset({"confirm", "decline", "correct"})


class Option(Yaml):
    """One answer of a question."""

    id: Id = YamlField(title="代号")
    title: Title = YamlField(title="怎么说")


class Asked(Yaml):
    """One question of the form, and what its answer must be; `law` names the statute its number is held against."""

    id: Id = YamlField(title="问题代号")
    title: Title = YamlField(title="问什么")
    type: Literal["flag", "count", "money", "day", "choice", "line", "text", "documents"] = YamlField(
        title="填什么"
    )
    required: bool = YamlField(default=True, title="必须填")
    hint: str = YamlField(default="", max_length=120, title="填写说明")
    choices: tuple[Option, ...] = YamlField(default=(), title="可选的答案")
    must: bool = YamlField(default=False, title="须答“是”")
    at_least: int | None = YamlField(default=None, ge=0, title="不少于")
    at_most: int | None = YamlField(default=None, ge=0, title="不超过")
    months: int | None = YamlField(default=None, ge=1, le=120, title="须是几个月以前")
    law: Literal["election.list_reply_days_max", "election.proxies_max", "appraisal.min_interval_months"] | None = (
        YamlField(default=None, title="法律对这个数的规定（法条的代号）")
    )  # fmt: skip
    basis: Texts = YamlField(default=(), title="依据")

    @property
    def held(self) -> str:
        """Which of its numbers the statute is about."""
        return "months" if self.law == "appraisal.min_interval_months" else "at_most"

    def field(self) -> Field:
        """The question as the form asks it."""
        choices = tuple(Choice(each.id, each.title) for each in self.choices)
        return Field(self.id, self.title, self.type, self.required, choices, self.hint)


class Record(Stage):
    """A record stage. `days_min`, `whole_days` and `days_max` are counted from the last act of the stage `after`."""

    kind: Literal["record"]
    does: Title = YamlField(default="登记", title="这一步的登记叫什么")
    by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk"), min_length=1, title="由谁登记"
    )
    asks: Annotated[tuple[Asked, ...], YamlField(min_length=1, max_length=20)] = YamlField(title="表上问什么")
    turns_on: Id | None = YamlField(default=None, title="看哪一问（是或否）往下走")
    second_office: bool = YamlField(default=False, title="须另一职务复核后生效")
    after: Id | None = YamlField(default=None, title="从哪一步办完那天起算")
    days_min: int | None = YamlField(default=None, ge=1, le=365, title="至少隔几天才能办")
    whole_days: int | None = YamlField(default=None, ge=1, le=365, title="满几天之后才能办")
    days_max: int | None = YamlField(default=None, ge=1, le=365, title="几天内办完")
    late: Literal["refuses", "warns"] = YamlField(default="warns", title="过了期限")
    law_min: (
        Literal[
            "election.voter_list_days_min", "election.list_objection_days_min"         ]
        | None
    ) = YamlField(default=None, title="法律对最早哪天的规定（法条的代号）")  # fmt: skip
    law_max: Literal["handover.days_max", "disclosure.plan_reply_days_max", "disclosure.plan_objection_days_min"] | None = YamlField(
        default=None, title="法律对最晚哪天的规定（法条的代号）"
    )  # fmt: skip

    def faults(self) -> tuple[Fault, ...]:
        """Return questions asked twice, bounds of the wrong type, days counted from nowhere, laws without a number."""
        return (*self._questions(), *self._counted())

    def _questions(self) -> Iterator[Fault]:
        seen: set[str] = set()
        for index, each in enumerate(self.asks):
            at = ("asks", index)
            if each.id in seen or each.id in _RESERVED:
                yield Fault((*at, "id"), f"问题代号“{each.id}”用过了，或者是软件自己用的", "换一个代号")
            seen.add(each.id)
            for name, needed in _BOUNDS.items():
                given = getattr(each, name)
                if given is not None and given is not False and given != () and each.type != needed:
                    words = f"{name} 只用于“{FACT_TYPES[needed]}”（type: {needed}）"
                    yield Fault((*at, name), words, "删去它，或改 type")
            if each.type == "choice" and not each.choices:
                yield Fault((*at, "choices"), "没有写可选的答案")
            if each.law is not None and getattr(each, each.held) is None:
                yield Fault((*at, "law"), f"写了法条，没有写 {each.held}", "写上本程序自己的数")
        turn = next((each for each in self.asks if each.id == self.turns_on), None)
        if self.turns_on is not None and (
            turn is None or turn.type != "flag" or turn.must or not turn.required
        ):
            yield Fault(
                ("turns_on",), "只能看一个必须填、可以答“否”的是非题", "在 asks 里写一个 type: flag 的问题，不写 must"
            )  # fmt: skip

    def _counted(self) -> Iterator[Fault]:
        counted = [name for name in ("days_min", "whole_days", "days_max") if getattr(self, name) is not None]
        if counted and self.after is None:
            yield Fault((counted[0],), "没有写从哪一步起算", "写上 after")
        if self.after is not None and not counted:
            yield Fault(("after",), "写了从哪一步起算，没有写天数", "写上 days_min、whole_days 或 days_max")
        if self.days_min is not None and self.whole_days is not None:
            yield Fault(("whole_days",), "days_min 和 whole_days 只写一个", "要满这么多天的，只写 whole_days")
        if self.law_min is not None and self.days_min is None and self.whole_days is None:
            yield Fault(("law_min",), "写了法条，没有写 days_min 或 whole_days")
        if self.law_max is not None and self.days_max is None:
            yield Fault(("law_max",), "写了法条，没有写 days_max")

    def floors(self) -> tuple[FloorClaim, ...]:
        """The days and numbers that name a statute, each held against it."""
        own = [
            (("days_min",) if self.whole_days is None else ("whole_days",), self.law_min, self.days_min or self.whole_days),
            (("days_max",), self.law_max, self.days_max),
        ]  # fmt: skip
        asked = [(("asks", each.id, each.held), each.law, getattr(each, each.held)) for each in self.asks]
        return tuple(FloorClaim(path, key, value, {}) for path, key, value in (*own, *asked) if key)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Enter the facts, once."""
        leads = {"entered": self.then}
        if self.turns_on is not None:
            leads["not_so"] = self.otherwise or "rejected"
        return (
            Action(
                "enter", self.does, ".", frozenset(self.by), tuple(each.field() for each in self.asks), leads,
                self._judge, decisive=self.second_office, window=self._window,
            ),
        )  # fmt: skip

    def _judge(self, ask: Ask) -> Judgement:
        asked = [*self._in_days(ask)]
        for each in self.asks:
            if each.id in ask.facts.open:
                asked += self._answered(ask, each)
        yes = self.turns_on is None or ask.facts.open.get(self.turns_on) is True
        return Judgement("entered" if yes else "not_so", tuple(asked))

    def _answered(self, ask: Ask, each: Asked) -> Iterator[Requirement]:
        basis = each.basis or self.basis
        if each.must:
            met = ask.facts.open[each.id] is True
            yield Requirement("record.must", met, {"asked": each.title}, basis)
        if each.at_least is not None:
            given = ask.number(each.id)
            numbers: Numbers = {"asked": each.title, "given": given, "needed": each.at_least}
            yield Requirement("record.at_least", given >= each.at_least, numbers, basis)
        if each.at_most is not None:
            given = ask.number(each.id)
            needed, law = least(ask, each.law or "", each.at_most)
            numbers = {"asked": each.title, "given": given, "needed": needed}
            yield Requirement("record.at_most", given <= needed, numbers, law or basis)
        if each.months is not None:
            day = ask.day(each.id) or ask.acted_on
            months, law = most(ask, each.law or "", each.months)
            first = months_later(day, months)
            numbers = {
                "asked": each.title, "given": day.isoformat(), "needed": months, "first": first.isoformat(),
            }  # fmt: skip
            yield Requirement("record.months", ask.acted_on >= first, numbers, law or basis)

    def _from(self, ask: Ask) -> Act | None:
        acts = ask.matter.standing(self.after) if self.after else ()
        return next((act for act in reversed(acts) if act.action not in _ABOUT_ACTS), None)

    def _in_days(self, ask: Ask) -> Iterator[Requirement]:
        begun = self._from(ask)
        if begun is None:
            return
        numbers: Numbers = {"begun": begun.counts_from.isoformat(), "given": ask.acted_on.isoformat()}
        first, basis = self._first(ask, begun)
        if first is not None:
            needed: Numbers = {"first": first.isoformat(), "needed": self.days_min or self.whole_days or 0}
            yield Requirement("record.too_early", ask.acted_on >= first, {**numbers, **needed}, basis)
        if self.days_max is not None:
            last, days, law = self._last(ask, begun, self.days_max)
            limit: Numbers = {"last": last.last.isoformat(), "needed": days, "provisional": last.provisional}
            met = ask.acted_on <= last.last
            yield Requirement("record.in_days", met, {**numbers, **limit}, law or self.basis, self.late)

    def _first(self, ask: Ask, begun: Act) -> tuple[datetime.date | None, tuple[str, ...]]:
        """Return the first day on which it may be done: so many days later, or the day after so many have run."""
        if self.whole_days is not None:
            days, law = most(ask, self.law_min or "", self.whole_days)
            ran = period(begun.counts_from, days, ask.calendar, ask.settings.day_count)
            return ran.last + datetime.timedelta(days=1), law or self.basis
        if self.days_min is None:
            return None, ()
        days, law = most(ask, self.law_min or "", self.days_min)
        return begun.counts_from + datetime.timedelta(days=days), law or self.basis

    def _last(self, ask: Ask, begun: Act, days_max: int) -> tuple[Period, int, tuple[str, ...]]:
        """Return the term, its days and its law: a duty's may be shorter than the statute's, a right's only longer."""
        right = (self.law_max or "").endswith("_days_min")
        days, law = (most if right else least)(ask, self.law_max or "", days_max)
        return period(begun.counts_from, days, ask.calendar, ask.settings.day_count), days, law

    def _window(self, ask: Ask) -> Window:
        begun = self._from(ask)
        if begun is None:
            return Window()
        first, _ = self._first(ask, begun)
        if self.days_max is None:
            return Window(first, None, "record.too_early")
        last, _, _ = self._last(ask, begun, self.days_max)
        return Window(first, last.last, "record.in_days", last.provisional)


VOCABULARY = Vocabulary(
    title="登记",
    outcomes={"entered": "已登记", "not_so": "没有办成"},
    checks={
        "record.must": ("“{asked}”答的是“否”", "须做到才能登记", "做到以后再登记"),
        "record.at_least": ("“{asked}”填了 {given}", "不少于 {needed}", "够了再登记；填错了就改过来"),
        "record.at_most": ("“{asked}”填了 {given}", "不超过 {needed}", "超过的改过来再登记"),
        "record.months": ("“{asked}”填的是{given}", "至少隔 {needed} 个月，最早{first}", "到那一天以后再办"),
        "record.too_early": ("{begun}起算，填的是{given}", "最早{first}（{needed} 天）", "到那一天再登记"),
        "record.in_days": (
            "{begun}起算，填的是{given}", "应在{last}前办完（{needed} 天内）{provisional_words}",
            "已经晚了的，尽快办，写明原因",
        ),
    },
    tokens={"type": FACT_TYPES, "late": LATE, "law": LAWS, "law_min": LAWS, "law_max": LAWS},
)  # fmt: skip
