"""A notice on the board: where, from which day to which, with a photo; objections are taken to its last day."""

import datetime
from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Choice, Field
from workflow.core.floors import FloorClaim
from workflow.core.matter import Act
from workflow.core.stage import Action, Ask, Fault, Id, Judgement, Offices, Stage, Vocabulary, Window, most

MEDIA: dict[str, str] = {
    "board": "村务公开栏",
    "online": "网上公开（本系统公示页）",
    "group_chat": "村民微信群",
    "broadcast": "广播",
    "leaflet": "明白纸",
}
MINIMUM = "disclosure.posting_days_min"
BEFORE_THE_MEETING = "member_assembly.documents_days_min"


class Posting(Stage):
    """A posting stage. The law's days are asked again of the statute in force on the last day (design §3)."""

    kind: Literal["posting"]
    what: Literal["resolution", "result", "plan"] = YamlField(title="公开什么")
    days: int = YamlField(ge=1, le=365, title="公示天数")
    media: tuple[Literal["board", "online", "group_chat", "broadcast", "leaflet"], ...] = YamlField(
        default=("board",), title="公开方式（都要做到）"
    )  # fmt: skip
    photo: bool = YamlField(default=True, title="须上传张贴照片")
    paired_photo: bool = YamlField(default=False, title="决议与方案须在一张照片里")
    after: Id | None = YamlField(default=None, title="在哪一步验收之后")
    after_days: int = YamlField(default=1, ge=0, le=60, title="之后至少几天才能张贴")
    pre_vote: bool = YamlField(default=False, title="表决前公示方案，收集意见")
    annual_documents: bool = YamlField(default=False, title="会前供成员查阅的年度报告、财务报告和分配方案")
    boards: int | None = YamlField(default=None, ge=1, le=100, title="张贴几处（不写是每个自然村都贴）")
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")

    def faults(self) -> tuple[Fault, ...]:
        """Only a plan is posted for comments, and only before it is carried out."""
        found = []
        if self.pre_vote and self.what != "plan":
            words = "表决前公示的只能是方案（what: plan）"
            found.append(Fault(("what",), words, "决议和结果公示不写 pre_vote"))
        if self.pre_vote and self.phase not in ("proposal", "review", "vote"):
            words = "表决前的公示在提议、审议或决议阶段"
            found.append(Fault(("phase",), words, "改写 phase: review，或去掉 pre_vote"))
        if self.annual_documents and not self.pre_vote:
            words = "年度报告和方案在会前供成员查阅"
            found.append(Fault(("annual_documents",), words, "写上 pre_vote: true，或去掉 annual_documents"))
        return tuple(found)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Post; close when the days have run; post again where it came down early."""
        offices = frozenset(self.by)
        post = Field("text", "公示正文", "text", hint="会原样公开。不要写身份证号、电话、银行账号")
        fields = (
            post,
            Field(
                "boards",
                "张贴了几处",
                "count",
                hint=f"至少 {self.boards} 处" if self.boards else "每个自然村都要张贴",
            ),
            Field("places", "张贴地点", "text"),
            Field(
                "media", "还用了哪些方式", "choices", choices=tuple(Choice(k, v) for k, v in MEDIA.items())
            ),
            Field("last_on", "公示到哪一天（含当天）", "day"),
            Field("contact", "有异议向谁提、怎么联系", "line"),
            Field("photo", "张贴照片", "documents", required=self.photo),
            Field("paired_photo", "决议与实施方案同框照片", "documents", required=self.paired_photo),
        )
        stood = Field("taken_down", "期满时公示仍在、内容完整", "flag")
        heard = (
            Field("opinions", "收到几条意见", "count"),
            Field("adopted", "采纳几条", "count"),
            Field("handling", "意见怎么处理的（没有意见不填）", "text", required=False),
        )
        again = Field("reason", "为什么重新张贴", "text")
        return (
            Action(
                "post", "登记张贴公示", ".", offices, fields, {"posted": ".posted"}, self._judge_post,
                type="notice", decisive=True, starts_period=True, window=self._post_window,
            ),
            Action(
                "close", "公示期满，登记结束", ".posted", offices,
                (stood, *heard) if self.pre_vote else (stood,),
                {"closed": self.then}, self._judge_close, window=self._close_window,
            ),
            Action(
                "post_again", "重新张贴", ".posted", offices, (again, *fields), {"posted": ".posted"},
                self._judge_post, type="notice", decisive=True, starts_period=True,
            ),
        )  # fmt: skip

    def achieves(self, action: str, outcome: str) -> frozenset[str]:
        """What has been posted for its whole time."""
        return frozenset({f"posted:{self.what}"}) if (action, outcome) == ("close", "closed") else frozenset()

    def floors(self) -> tuple[FloorClaim, ...]:
        """The days, against 组织法 2025 art. 35 and its provincial companions; they say nothing of plans not yet voted on.

        Of plans only the year's accounts must lie open before a meeting (集体经济组织法 art. 46).
        """
        key = BEFORE_THE_MEETING if self.annual_documents else None if self.pre_vote else MINIMUM
        return (FloorClaim(("days",), key, self.days, {}),) if key else ()

    def posted(self, ask: Ask) -> Act | None:
        """Return the newest posting of this stage that took effect."""
        found = [act for act in ask.matter.standing(self.id) if act.action in ("post", "post_again")]
        return found[-1] if found else None

    def runs(self, ask: Ask, start: datetime.date) -> tuple[Period, tuple[str, ...]]:
        """Return the legal period of a posting begun on `start`, by the stricter of both days' statutes."""
        if self.pre_vote:
            key = BEFORE_THE_MEETING if self.annual_documents else ""
            days, basis = most(ask, key, self.days, start)
            return period(start, days, ask.calendar, ask.settings.day_count), basis or self.basis
        days, basis = most(ask, MINIMUM, self.days, start)
        found = period(start, days, ask.calendar, ask.settings.day_count)
        later, later_basis = most(ask, MINIMUM, days, found.last)
        if later > days:
            return period(start, later, ask.calendar, ask.settings.day_count), later_basis
        return found, basis

    def _judge_post(self, ask: Ask) -> Judgement:
        found, basis = self.runs(ask, ask.acted_on)
        typed = ask.day("last_on")
        numbers: Numbers = {
            "start": ask.acted_on.isoformat(),
            "days": found.days,
            "given": str(typed),
            "last": found.last.isoformat(),
            "provisional": found.provisional,
            "shifted": found.shifted,
        }
        boards = self.boards or ask.place.counts("boards", ask.acted_on).get("places", 1)
        given = ask.facts.open.get("media")
        missing: list[str] = sorted(set(self.media) - set(given if isinstance(given, list) else ()))
        asked = [
            Requirement("posting.last_day", typed is not None and typed >= found.last, numbers, basis),
            Requirement(
                "posting.boards_set" if self.boards else "posting.boards",
                ask.number("boards") >= boards, {"given": ask.number("boards"), "needed": boards},
            ),
            Requirement("posting.media", not missing, {"missing": missing}, self.basis),
        ]  # fmt: skip
        asked += self._after(ask)
        return Judgement("posted", tuple(asked), {"last_on": str(typed), "provisional": found.provisional})

    def _after(self, ask: Ask) -> list[Requirement]:
        accepted = ask.matter.last(self.after, "accept") if self.after else None
        if accepted is None:
            return []
        first = accepted.acted_on + datetime.timedelta(days=self.after_days)
        numbers = {"accepted": accepted.acted_on.isoformat(), "first": first.isoformat()}
        return [Requirement("posting.after_acceptance", ask.acted_on >= first, numbers, self.basis)]

    def last_day(self, ask: Ask) -> tuple[datetime.date, bool, tuple[str, ...]] | None:
        """Return the posting's last day (the later of the law's and the one posted), provisional or not, basis."""
        act = self.posted(ask)
        if act is None:
            return None
        found, basis = self.runs(ask, act.counts_from)
        typed = datetime.date.fromisoformat(str(act.facts["last_on"]))
        return max(found.last, typed), found.provisional, basis

    def _judge_close(self, ask: Ask) -> Judgement:
        end = self.last_day(ask)
        if end is None:
            return Judgement("closed", (Requirement("posting.posted", met=False),))
        last, provisional, basis = end
        first = last + datetime.timedelta(days=1)
        numbers: Numbers = {
            "last": last.isoformat(),
            "first": first.isoformat(),
            "given": ask.acted_on.isoformat(),
            "provisional": provisional,
        }
        stood = ask.facts.open.get("taken_down") is True
        return Judgement(
            "closed",
            (
                Requirement("posting.run", ask.acted_on >= first, numbers, basis),
                Requirement("posting.stood", stood, {}, basis),
                *(self._heard(ask) if self.pre_vote else ()),
            ),
        )

    def _heard(self, ask: Ask) -> tuple[Requirement, ...]:
        opinions, adopted = ask.number("opinions"), ask.number("adopted")
        numbers: Numbers = {"opinions": opinions, "adopted": adopted}
        answered = opinions == 0 or "handling" in ask.facts.private
        return (
            Requirement("posting.adopted", adopted <= opinions, numbers),
            Requirement("posting.handled", answered, numbers, self.basis),
        )

    def _post_window(self, ask: Ask) -> Window:
        accepted = ask.matter.last(self.after, "accept") if self.after else None
        if accepted is None:
            return Window()
        return Window(
            accepted.acted_on + datetime.timedelta(days=self.after_days), None, "posting.after_acceptance"
        )

    def _close_window(self, ask: Ask) -> Window:
        end = self.last_day(ask)
        if end is None:
            return Window()
        return Window(end[0] + datetime.timedelta(days=1), None, "posting.run", end[1])


VOCABULARY = Vocabulary(
    title="张贴公示",
    outcomes={
        "posted": "已张贴",
        "closed": "公示期满，已结束",
    },
    checks={
        "posting.last_day": (
            "公示到{given}", "{start}张贴，公示不少于 {days} 天，最早到{last}（含当天）{provisional_words}", "把截止日期改到那一天或以后",
        ),
        "posting.boards": ("张贴了 {given} 处", "每个自然村都要张贴，共 {needed} 处", "补贴后再登记"),
        "posting.boards_set": ("张贴了 {given} 处", "至少张贴 {needed} 处", "补贴后再登记"),
        "posting.media": ("还缺：{missing}", "规定的公开方式都要做到", "补上后再登记"),
        "posting.after_acceptance": ("{accepted}验收", "验收之后，最早{first}张贴结果", "到那一天再张贴"),
        "posting.posted": ("没有有效的张贴记录", "须先张贴", "先登记张贴"),
        "posting.run": ("填的是{given}", "公示到{last}二十四时为止，最早{first}结束{provisional_words}", "到那一天再登记结束"),
        "posting.stood": ("公示中途缺失或不完整", "公示须一直贴满", "请重新张贴，天数重新计算"),
        "posting.adopted": ("采纳 {adopted} 条", "不能多于收到的 {opinions} 条", "核对意见数"),
        "posting.handled": ("收到 {opinions} 条意见，没有写怎么处理的", "收到的意见要有交代", "写明采纳了什么、没有采纳的为什么"),
    },
    tokens={"what": {"resolution": "决议", "result": "实施结果", "plan": "方案"}, "media": MEDIA},
)  # fmt: skip
