"""Somebody is appointed: listed, trained, taking up a post for a term, reviewed every year, renewed, or gone from it."""

import datetime
from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Field
from workflow.core.stage import (
    Action,
    Ask,
    Fault,
    Judgement,
    Offices,
    Stage,
    Title,
    Vocabulary,
    Window,
    Yaml,
)
from workflow.core.stages import serving
from workflow.core.stages.past import day_in, number_in
from workflow.core.stages.serving import Band, Serving, appointed


class TermMonths(Yaml):
    """How long a term may be, in months."""

    min: int = YamlField(default=12, ge=1, le=120, title="任期最短几个月")
    max: int = YamlField(default=36, ge=1, le=120, title="任期最长几个月")


class Training(Yaml):
    """What must be learned before taking up the post."""

    hours: int = YamlField(default=0, ge=0, le=400, title="岗前培训至少几学时")
    days: int = YamlField(default=0, ge=0, le=60, title="岗前培训至少几天")


class Appointment(Stage):
    """An appointment stage. The term ends with its last day; a review falls due every so many months of service."""

    kind: Literal["appointment"]
    term_months: TermMonths = YamlField(default=TermMonths(), title="任期")
    list_days: int | None = YamlField(default=None, ge=1, le=60, title="任前公示天数")
    training_required: Training | None = YamlField(default=None, title="岗前培训")
    bands: Annotated[tuple[Band, ...], YamlField(min_length=1)] = YamlField(
        default=(
            Band(id="excellent", title="优秀", leads="stay"),
            Band(id="competent", title="称职", leads="stay"),
            Band(id="basic", title="基本称职", leads="warn", subsidy=False),
            Band(id="incompetent", title="不称职", leads="dismiss", subsidy=False),
        ),
        title="考核等次",
    )  # fmt: skip
    review_months: int = YamlField(default=12, ge=1, le=60, title="每几个月考核一次")
    warnings_to_dismiss: int | None = YamlField(default=None, ge=1, le=10, title="累计几次提醒就不再任用")
    subsidy_max_fen: int = YamlField(default=0, ge=0, title="每月补贴最多多少钱（分）")
    renewals: int = YamlField(default=1, ge=0, le=20, title="最多连任几次")
    follow_up: Title | None = YamlField(default=None, title="在任期间随时登记的一件事（如调度了解）")
    recusal_required: bool = YamlField(default=True, title="有近亲属关系的，决定的人须回避")
    by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk", "township_officer"),
        min_length=1,
        title="由谁登记",
    )
    reviewed_by: Offices = YamlField(
        default=("township_officer", "county_org"), min_length=1, title="由谁考核、续任、解聘"
    )
    decisive: bool = YamlField(default=False, title="任命须另一职务复核后生效")

    def faults(self) -> tuple[Fault, ...]:
        """A term shorter than its minimum, reviews that never fall due, bands and training that ask for nothing."""
        found, term = [], self.term_months
        if term.min > term.max:
            found.append(
                Fault(
                    ("term_months", "min"),
                    f"最短 {term.min} 个月，比最长 {term.max} 个月还长",
                    f"最多写 {term.max}",
                )
            )
        if self.review_months > term.max:
            message = f"每 {self.review_months} 个月考核一次，任期最长 {term.max} 个月，一次也考核不到"
            found.append(Fault(("review_months",), message, f"最多写 {term.max}"))
        for index, band in enumerate(self.bands):
            if band.id in {each.id for each in self.bands[:index]}:
                found.append(Fault(("bands", index, "id"), f"等次代号“{band.id}”写了两次", "换一个代号"))
        if not any(band.leads == "stay" for band in self.bands):
            found.append(Fault(("bands",), "没有一个等次能继续任职", "至少一个等次写 leads: stay"))
        if self.warnings_to_dismiss and not any(band.leads == "warn" for band in self.bands):
            found.append(
                Fault(
                    ("warnings_to_dismiss",),
                    "没有一个等次是提醒，累计不起来",
                    "一个等次写 leads: warn，或删去这一项",
                )
            )
        if self.training_required == Training():
            found.append(
                Fault(("training_required",), "写了岗前培训，没有写几学时或几天", "写上 hours 或 days")
            )
        return tuple(found)

    @property
    def _serving(self) -> Serving:
        return Serving(
            stage=self.id, by=frozenset(self.by), reviewed_by=frozenset(self.reviewed_by), then=self.then,
            gone=self.otherwise or self.then, bands=self.bands, review_months=self.review_months,
            warnings_to_dismiss=self.warnings_to_dismiss, renewals=self.renewals, least=self.term_months.min,
            most=self.term_months.max, basis=self.basis, follow_up=self.follow_up,
        )  # fmt: skip

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Appoint, list, train, take up; then serve until the term ends or the person goes."""
        by, otherwise = frozenset(self.by), self.otherwise or "rejected"
        appoint = Action(
            "appoint", "登记任命人选", ".", by, self._appoint_fields(),
            {"listed": ".listed"} if self.list_days else self._confirmed(), self._judge_appoint,
            decisive=self.decisive, starts_period=self.list_days is not None,
        )  # fmt: skip
        close = Action(
            "close_list", "任前公示期满，登记结果", ".listed", by,
            (
                Field("received", "收到几件反映", "count"),
                Field("upheld", "其中查实几件", "count"),
                Field("note", "核查情况", "text", required=False),
            ),
            {**self._confirmed(), "list_upheld": otherwise}, self._judge_list, window=self._list_window,
        )  # fmt: skip
        train = Action(
            "train", "登记岗前培训", ".training", by, serving.TRAINING_FIELDS,
            {"trained": ".training", "trained_enough": ".named"}, self._judge_train,
        )  # fmt: skip
        take_up = Action(
            "take_up", "登记到岗", ".named", by, (Field("paper", "聘书或任职文件", "documents"),),
            {"serving": ".serving"}, self._judge_take_up, window=self._take_up_window,
        )  # fmt: skip
        listing = (close,) if self.list_days else ()
        training = (train, self._leaving("leave_training", ".training")) if self.training_required else ()
        leaving = self._leaving("stand_down", ".named")
        return (appoint, *listing, *training, take_up, leaving, *self._serving.actions())

    def _confirmed(self) -> dict[str, str]:
        """Return where somebody leads who is to have the post."""
        return {"to_train": ".training"} if self.training_required else {"named": ".named"}

    def _leaving(self, name: str, at: str) -> Action:
        return Action(
            name, "未到岗，取消任命", at, frozenset(self.by), (Field("reason", "原因", "text"),),
            {"stood_down": self.otherwise or "rejected"},
            lambda ask: Judgement("stood_down"),  # noqa: ARG005 (the judge's shape)
        )  # fmt: skip

    def _appoint_fields(self) -> tuple[Field, ...]:
        subsidy = Field("subsidy_fen", "每月补贴", "money", hint="没有补贴的填 0")
        return (
            Field("name", "姓名", "line"),
            Field("person", "系统账号（有账号的才选）", "person", required=False),
            Field("post", "职务名称", "line"),
            Field("first_on", "任期从哪一天起", "day"),
            Field("last_on", "到哪一天止（含当天）", "day"),
            *((subsidy,) if self.subsidy_max_fen else ()),
            Field("relative", "与参加决定的人有夫妻、近亲属关系", "flag"),
            Field("recused", "有关系的人已经回避", "flag", required=False),
            Field("statement", "什么关系、怎么回避的（有关系才填）", "text", required=False),
            Field("paper", "推荐、考察、审核材料", "documents"),
        )

    def _judge_appoint(self, ask: Ask) -> Judgement:
        first, last = ask.day("first_on") or ask.acted_on, ask.day("last_on") or ask.acted_on
        relative = ask.facts.open.get("relative") is True
        given = ask.number("subsidy_fen")
        asked = [serving.term(first, last, self.term_months.min, self.term_months.max, self.basis)]
        if relative:
            met = ask.facts.open.get("recused") is True or not self.recusal_required
            asked.append(Requirement("appointment.recusal", met, {}, self.basis))
            stated = "statement" in ask.facts.private
            asked.append(Requirement("appointment.statement", stated, {}, self.basis))
        if self.subsidy_max_fen:
            numbers: Numbers = {"given_fen": given, "most_fen": self.subsidy_max_fen}
            within = given <= self.subsidy_max_fen
            asked.append(Requirement("appointment.subsidy", within, numbers, self.basis))
        return Judgement("listed" if self.list_days else next(iter(self._confirmed())), tuple(asked))

    def _listed(self, ask: Ask) -> Period | None:
        act = appointed(ask, self.id)
        if act is None or not self.list_days:
            return None
        return period(act.counts_from, self.list_days, ask.calendar, ask.settings.day_count)

    def _judge_list(self, ask: Ask) -> Judgement:
        found, received, upheld = self._listed(ask), ask.number("received"), ask.number("upheld")
        asked = [
            Requirement("appointment.upheld", upheld <= received, {"received": received, "upheld": upheld})
        ]
        if found is not None:
            numbers: Numbers = {
                "given": ask.acted_on.isoformat(), "last": found.last.isoformat(), "first": found.closes_on.isoformat(),
                "provisional": found.provisional,
            }  # fmt: skip
            ran = ask.acted_on >= found.closes_on
            asked.append(Requirement("appointment.list_ran", ran, numbers, self.basis))
        return Judgement("list_upheld" if upheld else next(iter(self._confirmed())), tuple(asked))

    def _list_window(self, ask: Ask) -> Window:
        found = self._listed(ask)
        return Window(found.closes_on, None, "appointment.list_ran", found.provisional) if found else Window()

    def _trained(self, ask: Ask, before: datetime.date) -> tuple[int, int]:
        """Return the hours and days of training since the appointment, those before a day."""
        act = appointed(ask, self.id)
        acts = [
            each
            for each in ask.matter.standing(self.id, "train")
            if (act is None or each.mseq > act.mseq) and each.acted_on < before
        ]
        hours = sum(number_in(each, "hours") for each in acts)
        return hours, len({each.acted_on for each in acts})

    def _judge_train(self, ask: Ask) -> Judgement:
        rule = self.training_required or Training()
        hours, days = self._trained(ask, ask.acted_on)
        today = [each for each in ask.matter.standing(self.id, "train") if each.acted_on == ask.acted_on]
        hours += ask.number("hours") + sum(number_in(each, "hours") for each in today)
        enough = hours >= rule.hours and days + 1 >= rule.days
        return Judgement("trained_enough" if enough else "trained", (), {"hours": hours, "days": days + 1})

    def _judge_take_up(self, ask: Ask) -> Judgement:
        asked = []
        act = appointed(ask, self.id)
        if act is not None:
            first, last = day_in(act, "first_on"), day_in(act, "last_on")
            numbers: Numbers = {
                "given": ask.acted_on.isoformat(), "first": first.isoformat(), "last": last.isoformat(),
            }  # fmt: skip
            asked.append(Requirement("appointment.take_up", first <= ask.acted_on <= last, numbers))
        if self.training_required is not None:
            hours, days = self._trained(ask, ask.acted_on)
            rule = self.training_required
            counted: Numbers = {
                "hours": hours,
                "days": days,
                "need_hours": rule.hours,
                "need_days": rule.days,
            }
            enough = hours >= rule.hours and days >= rule.days
            asked.append(Requirement("appointment.trained", enough, counted, self.basis))
        return Judgement("serving", tuple(asked))

    def _take_up_window(self, ask: Ask) -> Window:
        act = appointed(ask, self.id)
        if act is None:
            return Window()
        first, last = day_in(act, "first_on"), day_in(act, "last_on")
        return Window(first, last, "appointment.take_up")


VOCABULARY = Vocabulary(
    title="任用",
    outcomes={
        "listed": "已任前公示",
        "named": "人选已确定，等待到岗",
        "list_upheld": "反映查实，不予任用",
        "to_train": "人选已确定，等待岗前培训",
        "trained": "已登记培训",
        "trained_enough": "岗前培训已够，等待到岗",
        "serving": "已到岗",
        "stood_down": "未到岗，已取消",
        **serving.OUTCOMES,
    },
    checks={
        "appointment.recusal": ("有近亲属关系，没有回避", "有近亲属关系的，决定时须回避", "请有关的人回避，重新决定后再登记"),
        "appointment.statement": ("没有写什么关系、怎么回避的", "有近亲属关系的要写明", "填上关系和回避情况"),
        "appointment.subsidy": ("每月 {given_fen_yuan}元", "每月最多 {most_fen_yuan}元", "改小补贴金额"),
        "appointment.upheld": ("收到 {received} 件，查实 {upheld} 件", "查实的不能多于收到的", "核对件数"),
        "appointment.list_ran": (
            "填的是{given}", "公示到{last}二十四时为止，最早{first}结束{provisional_words}", "到那一天再登记",
        ),
        "appointment.take_up": ("填的是{given}", "任期从{first}到{last}", "在任期之内到岗"),
        "appointment.trained": (
            "到岗前培训 {hours} 学时、{days} 天", "到岗之前至少 {need_hours} 学时、{need_days} 天", "补足培训再到岗；当天的培训不算",
        ),
        **serving.CHECKS,
    },
    tokens={"leads": serving.LEADS},
)  # fmt: skip
