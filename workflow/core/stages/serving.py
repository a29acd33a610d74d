"""A person in a post: training, the review that falls due, its consequence, renewal, resignation, dismissal, the end."""

import datetime
from dataclasses import dataclass
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.matter import Act
from workflow.core.stage import Action, Ask, Id, Judgement, Title, Window, Yaml
from workflow.core.stages.past import day_in, number_in
from workflow.core.stages.terms import last_of_term, months_later

LEADS = {"stay": "继续任职", "warn": "提醒", "dismiss": "不再任用"}
TRAINING_FIELDS = (
    Field("hours", "几学时", "count"),
    Field("topic", "培训内容", "line"),
    Field("paper", "培训材料", "documents", required=False),
)
_ONE_DAY = datetime.timedelta(days=1)


class Band(Yaml):
    """One result of the review and what it leads to; whether the subsidy goes on is its recorded consequence."""

    id: Id = YamlField(title="等次代号")
    title: Title = YamlField(title="等次名称")
    leads: Literal["stay", "warn", "dismiss"] = YamlField(title="结果怎么用")
    subsidy: bool = YamlField(default=True, title="照发补贴")


def appointed(ask: Ask, stage: str) -> Act | None:
    """Return the newest appointment that stands."""
    return ask.matter.last(stage, "appoint")


def term(
    first: datetime.date, last: datetime.date, least: int, most: int, basis: tuple[str, ...]
) -> Requirement:
    """Ask that a term lies between so many months and so many; its first and last day both belong to it."""
    earliest, latest = last_of_term(first, least), last_of_term(first, most)
    numbers: Numbers = {
        "first": first.isoformat(), "last": last.isoformat(), "earliest": earliest.isoformat(),
        "latest": latest.isoformat(), "least": least, "most": most,
    }  # fmt: skip
    return Requirement("appointment.term", earliest <= last <= latest, numbers, basis)


def _iso(day: datetime.date) -> str:
    return day.isoformat()


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """The part of an appointment after taking up the post; `gone` is where a term not served to its end leads."""

    stage: str
    by: frozenset[str]
    reviewed_by: frozenset[str]
    then: str
    gone: str
    bands: tuple[Band, ...]
    review_months: int
    warnings_to_dismiss: int | None
    renewals: int
    least: int
    most: int
    basis: tuple[str, ...]
    follow_up: str | None = None

    def actions(self) -> tuple[Action, ...]:
        """Review, train, follow up, renew, resign, dismiss, end."""
        above, gone = self.reviewed_by, self.gone
        bands = tuple(Choice(each.id, each.title) for each in self.bands)
        leads = {"kept": ".serving", "warned": ".serving", "unfit": ".unfit"}
        grounds = (
            Choice("review", "考核结果"), Choice("discipline", "违纪违法"), Choice("duty", "不履行职责"),
            Choice("unable", "身体等原因不能履职"), Choice("abolished", "职务取消"),
        )  # fmt: skip
        dismissal = (
            Field("grounds", "依据哪一项", "choice", choices=grounds),
            Field("reason", "事实和理由", "text"),
            Field("paper", "解聘（免职）文件", "documents"),
        )
        renew = Action(
            "renew", "登记续任", ".serving", above,
            (Field("last_on", "续到哪一天（含当天）", "day"), Field("paper", "续任文件", "documents")),
            {"renewed": ".serving"}, self._judge_renew,
        )  # fmt: skip
        return (
            Action(
                "review", "登记考核结果", ".serving", above,
                (
                    Field("band", "考核等次", "choice", choices=bands),
                    Field("opinion", "考核意见", "text"),
                    Field("paper", "考核材料", "documents", required=False),
                ),
                leads, self._judge_review, window=self._review_window,
            ),
            Action(
                "end_term", "任期届满，登记结束", ".serving", self.by, (Field("note", "交接情况", "text"),),
                {"served": self.then}, self._judge_end, window=self._end_window,
            ),
            Action(
                "train_on", "登记在任培训", ".serving", self.by, TRAINING_FIELDS, {"trained": ".serving"},
                lambda ask: Judgement("trained", self._in_term(ask)),
            ),
            *(self._following(self.follow_up) if self.follow_up else ()),
            *((renew,) if self.renewals else ()),
            Action(
                "resign", "登记辞职", ".serving", self.by,
                (Field("reason", "辞职原因", "text"), Field("paper", "辞职申请", "documents")),
                {"resigned": gone}, lambda ask: Judgement("resigned", self._in_term(ask)),
            ),
            Action(
                "dismiss", "登记解聘（免职）", ".serving", above, dismissal, {"discharged": gone},
                lambda ask: Judgement("discharged", self._in_term(ask)),
            ),
            Action(
                "dismiss_unfit", "按考核结果解聘（免职）", ".unfit", above, dismissal, {"discharged": gone},
                lambda ask: Judgement("discharged"),  # noqa: ARG005 (the judge's shape)
            ),
        )  # fmt: skip

    def _following(self, title: str) -> tuple[Action, ...]:
        fields = (Field("note", "了解到的情况", "text"), Field("paper", "材料", "documents", required=False))
        judge = lambda ask: Judgement("followed_up", self._in_term(ask))  # noqa: E731 (the judge's shape)
        return (
            Action("follow_up", f"登记{title}", ".serving", self.reviewed_by, fields, {"followed_up": ".serving"}, judge),
        )  # fmt: skip

    def _term(self, ask: Ask) -> tuple[datetime.date, datetime.date] | None:
        """Return the first and last day of the term as it now runs, renewals included."""
        act = appointed(ask, self.stage)
        if act is None:
            return None
        renewed = [each for each in ask.matter.standing(self.stage, "renew") if each.mseq > act.mseq]
        return day_in(act, "first_on"), day_in(renewed[-1] if renewed else act, "last_on")

    def _in_term(self, ask: Ask) -> tuple[Requirement, ...]:
        found = self._term(ask)
        if found is None:
            return ()
        numbers: Numbers = {"given": _iso(ask.acted_on), "last": _iso(found[1])}
        return (Requirement("appointment.in_term", ask.acted_on <= found[1], numbers),)

    def _since(self, ask: Ask, action: str) -> list[Act]:
        """Return the acts of one name since the person took up the post."""
        start = ask.matter.last(self.stage, "take_up")
        return [each for each in ask.matter.standing(self.stage, action) if start and each.mseq > start.mseq]

    def review_due(self, ask: Ask) -> tuple[datetime.date, datetime.date] | None:
        """Return the days within which the next review falls: one for every so many months since taking up.

        The last day of the term is the last of them; None where the term holds no further review.
        """
        start, found = ask.matter.last(self.stage, "take_up"), self._term(ask)
        if start is None or found is None:
            return None
        done = len(self._since(ask, "review"))
        begins = months_later(start.acted_on, self.review_months * done)
        latest = min(months_later(start.acted_on, self.review_months * (done + 1)), found[1])
        return (begins, latest) if begins <= found[1] else None

    def _judge_review(self, ask: Ask) -> Judgement:
        band = next(each for each in self.bands if each.id == ask.facts.open["band"])
        asked, due = list(self._in_term(ask)), self.review_due(ask)
        if due is not None:
            numbers: Numbers = {"given": _iso(ask.acted_on), "first": _iso(due[0]), "last": _iso(due[1])}
            asked.append(Requirement("appointment.review_early", ask.acted_on >= due[0], numbers, self.basis))
            in_time = ask.acted_on <= due[1]
            asked.append(Requirement("appointment.review_late", in_time, numbers, self.basis, "warns"))
        warned = sum(act.outcome == "warned" for act in self._since(ask, "review"))
        warnings = warned + (band.leads == "warn")
        full = self.warnings_to_dismiss is not None and warnings >= self.warnings_to_dismiss
        unfit = band.leads == "dismiss" or (band.leads == "warn" and full)
        monthly = number_in(appointed(ask, self.stage), "subsidy_fen")
        paid: Numbers = {"band": band.title, "given_fen": monthly}
        goes_on = band.subsidy or not monthly
        asked.append(Requirement("appointment.subsidy_stops", goes_on, paid, self.basis, "warns"))
        computed: Numbers = {"warnings": warnings, "subsidy_fen": monthly if band.subsidy else 0}
        outcome = "unfit" if unfit else "warned" if band.leads == "warn" else "kept"
        return Judgement(outcome, tuple(asked), computed)

    def _judge_renew(self, ask: Ask) -> Judgement:
        found, done = self._term(ask), len(self._since(ask, "renew"))
        counted: Numbers = {"given": done + 1, "most": self.renewals}
        asked = [
            *self._in_term(ask),
            Requirement("appointment.renewals", done < self.renewals, counted, self.basis),
        ]
        given = ask.day("last_on")
        if found is not None and given is not None:
            asked.append(term(found[1] + _ONE_DAY, given, self.least, self.most, self.basis))
        due = self.review_due(ask)
        numbers: Numbers = {"last": _iso(due[1]) if due else ""}
        asked.append(Requirement("appointment.reviewed", due is None, numbers, self.basis))
        return Judgement("renewed", tuple(asked))

    def _judge_end(self, ask: Ask) -> Judgement:
        found = self._term(ask)
        if found is None:
            return Judgement("served")
        missed = self.review_due(ask)
        numbers: Numbers = {
            "given": _iso(ask.acted_on),
            "last": _iso(found[1]),
            "first": _iso(found[1] + _ONE_DAY),
        }
        return Judgement(
            "served",
            (
                Requirement("appointment.term_ran", ask.acted_on > found[1], numbers),
                Requirement("appointment.last_review", missed is None, numbers, self.basis, "warns"),
            ),
        )

    def _review_window(self, ask: Ask) -> Window:
        due = self.review_due(ask)
        return Window(due[0], due[1], "appointment.review_late") if due else Window()

    def _end_window(self, ask: Ask) -> Window:
        found = self._term(ask)
        return Window(found[1] + _ONE_DAY, None, "appointment.term_ran") if found else Window()


OUTCOMES = {
    "kept": "考核后继续任职",
    "warned": "考核后给予提醒",
    "followed_up": "已登记在任情况",
    "unfit": "考核后不再任用，等待解聘",
    "renewed": "已续任",
    "resigned": "已辞职",
    "discharged": "已解聘（免职）",
    "served": "任期届满",
}
CHECKS = {
    "appointment.term": (
        "任期从{first}到{last}", "不少于 {least} 个月、不超过 {most} 个月，止于{earliest}到{latest}之间", "改任期的最后一天",
    ),
    "appointment.in_term": ("填的是{given}", "任期到{last}为止", "任期已满，请登记任期届满"),
    "appointment.review_early": ("填的是{given}", "这一次考核最早{first}", "这一期已经考核过，到下一期再考核"),
    "appointment.subsidy_stops": ("考核等次是{band}", "这个等次不发补贴", "停发每月 {given_fen_yuan}元的补贴"),
    "appointment.review_late": ("{given}考核", "应在{last}前考核", "已超过期限，照样可以登记，记录里会标明"),
    "appointment.renewals": ("第 {given} 次连任", "最多连任 {most} 次", "任期届满后按程序另行任用"),
    "appointment.reviewed": ("这一任期还有一次考核，最晚{last}", "本任期的考核都做过才能续任", "先登记考核结果"),
    "appointment.term_ran": ("填的是{given}", "任期到{last}为止，最早{first}登记届满", "任期没有满的，办理辞职或解聘"),
    "appointment.last_review": ("任期最后一次考核没有登记", "任期内每一期都要考核", "照样可以结束，记录里会标明"),
}  # fmt: skip
