"""A body meets: notice, roll, count. People record the counts; adjourned, passed, divided or rejected is computed."""

import datetime
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.floors import FloorClaim
from workflow.core.place import BodyToken
from workflow.core.stage import (
    Action,
    Ask,
    Id,
    Judgement,
    Offices,
    Stage,
    Vocabulary,
    Window,
    Yaml,
)
from workflow.core.stages import calling, counting
from workflow.core.stages.calling import WAYS, BodyRules, call_fields, delegation, notice, notice_ways
from workflow.core.stages.counting import count_fields, judge_count


class Merge(Yaml):
    """Where secretary and director are one person, this meeting and the next may be held as one (SY-06)."""

    stage: Id = YamlField(title="与哪一步合并")


class Meeting(Stage):
    """A meeting stage; several bodies where the law lets the matter go to one or the other."""

    kind: Literal["meeting"]
    bodies: Annotated[dict[BodyToken, BodyRules], YamlField(min_length=1, title="由谁开会")]
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")
    on_divided: BodyToken | None = YamlField(default=None, title="分歧较大时改由谁决定")
    merge: Merge | None = YamlField(default=None, title="一肩挑时可合并")
    decisive: bool = YamlField(default=False, title="结果须另一职务复核后生效")
    documents: tuple[Literal["minutes", "sign_in", "photo", "plan"], ...] = YamlField(
        default=("minutes",), title="必须上传"
    )
    township_signs: bool = YamlField(default=False, title="乡镇参会人员签字")

    decides: ClassVar[bool] = True

    @property
    def rules(self) -> Mapping[str, BodyRules]:
        """The bodies' rules, by any text that names a body."""
        return {str(body): rules for body, rules in self.bodies.items()}

    @property
    def called(self) -> bool:
        """Whether the meeting must be called before it is recorded."""
        return any(rules.notice_days or rules.notice_ways for rules in self.bodies.values())

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:
        """Call (where notice is due), record, call again, and record merged with the next meeting (一肩挑)."""
        offices = frozenset(self.by)
        leads = {"passed": self.then, "adjourned": ".", "rejected": self.otherwise or "rejected"}
        if self.on_divided:
            leads["divided"] = "."
        at = ".called" if self.called else "."
        call = Action(
            "call", "发出会议通知", ".", offices, call_fields(self.rules), {"called": ".called"}, self._judge_call,
            starts_period=True,
        )  # fmt: skip
        again = Action(
            "call_again", "改期重新通知", ".called", offices, call_fields(self.rules), {"called": ".called"},
            self._judge_call, starts_period=True,
        )  # fmt: skip
        record = Action(
            "record", "登记会议结果", at, offices, self._record_fields(), leads, self._judge_record,
            decisive=self.decisive, window=self._window,
        )  # fmt: skip
        merged = self._merged(stages, offices) if self.merge else ()
        return (call, record, again, *merged) if self.called else (record, *merged)

    def floors(self) -> tuple[FloorClaim, ...]:
        """Quorum, approval, notice and delegation of each body, held against that body's statutes."""
        claims: list[FloorClaim] = []
        for body, rules in self.bodies.items():
            path = ("bodies", body)
            claims += [
                FloorClaim((*path, "quorum"), f"{body}.quorum", rules.quorum, {}),
                FloorClaim(
                    (*path, "approval"), f"{body}.approval", rules.approval,
                    {"quorum": rules.quorum},
                ),
                FloorClaim((*path, "notice_days"), f"{body}.notice_days_min", rules.notice_days, {}),
                FloorClaim((*path, "notice_ways"), f"{body}.notice_ways", rules.notice_ways, {}),
                FloorClaim((*path, "women_quorum"), f"{body}.women_quorum", rules.women_quorum, {}),
                FloorClaim((*path, "delegation"), f"{body}.requires_delegation", rules.delegation, {}),
                FloorClaim((*path, "notice_waiver"), f"{body}.notice_waiver", rules.notice_waiver, {}),
                FloorClaim((*path, "notice_ways"), f"{body}.notice_also_posted", "posted" in rules.notice_ways, {}),
            ]  # fmt: skip
        return tuple(claims)

    def body(self, ask: Ask) -> str:
        """Return the body that meets: the one called, the one a divided assembly was sent to, or the only one."""
        again = ask.matter.last(self.id, "call_again")
        first = ask.matter.last(self.id, "call")
        called = max((act for act in (again, first) if act), key=lambda act: act.mseq, default=None)
        if called is not None and "body" in called.facts:
            return str(called.facts["body"])
        return next(iter(self.bodies))

    def _forced(self, ask: Ask) -> str | None:
        """Return the body a divided vote has sent the matter to (on_divided), if it has."""
        votes = ask.matter.standing(self.id, "record")
        return self.on_divided if any(vote.outcome == "divided" for vote in votes) else None

    def _record_fields(self) -> tuple[Field, ...]:
        return (
            *count_fields(self.bodies),
            Field("place", "开会地点", "line"),
            Field("chair", "主持人", "line"),
            Field("recorder", "记录人", "line"),
            Field("summary", "讨论情况和决定内容", "text"),
            *(
                (Field("township_attendee", "乡镇参会人员（姓名、职务）", "line"),)
                if self.township_signs
                else ()
            ),
            *(
                Field(kind, DOCUMENT_TITLES[kind], "documents", required=kind in self.documents)
                for kind in DOCUMENT_TITLES
            ),
        )

    def _merged(self, stages: Mapping[str, Stage], offices: frozenset[str]) -> tuple[Action, ...]:
        other = stages.get(self.merge.stage) if self.merge else None
        if not isinstance(other, Meeting):
            return ()
        fields = tuple(
            Field(
                each.name,
                f"{MERGED_TITLES[0]}：{each.title}",
                each.type,
                each.required,
                each.choices,
                each.hint,
            )
            for each in count_fields(self.bodies)
        ) + tuple(
            Field(
                each.name,
                f"{MERGED_TITLES[1]}：{each.title}",
                each.type,
                each.required,
                each.choices,
                each.hint,
            )
            for each in count_fields(other.bodies, MERGED)
        )
        own = [each for each in self._record_fields() if each.name not in {one.name for one in fields}]
        leads = {
            "passed": other.then, "adjourned": ".", "rejected": self.otherwise or "rejected",
            "returned": other.otherwise or "rejected",
        }  # fmt: skip
        return (
            Action(
                "record_merged", "两步合并开会并登记（书记、主任一肩挑）", ".", offices, (*fields, *own), leads,
                self._judge_merged, decisive=self.decisive or other.decisive,
            ),
        )  # fmt: skip

    def _judge_merged(self, ask: Ask) -> Judgement:
        other = ask.stages[self.merge.stage] if self.merge else self
        if not isinstance(other, Meeting):
            return Judgement("rejected", (Requirement("meeting.merge", met=False),))
        asked = [Requirement("meeting.merge", ask.place.one_shoulder(ask.acted_on), {"stage": other.id})]
        outcomes = []
        for stage, prefix in ((self, ""), (other, MERGED)):
            body, rules = next(iter(stage.bodies.items()))
            count = judge_count(
                ask, body, rules.quorum, rules.approval, rules.women_quorum, rules.basis, prefix
            )
            asked += count.requirements
            outcomes.append("rejected" if count.outcome == "divided" else count.outcome)
        # What the second body refuses goes where that step sends it, as if the two had met apart.
        if outcomes == ["passed", "rejected"]:
            outcomes = ["returned"]
        worst = next((each for each in ("adjourned", "rejected", "returned") if each in outcomes), "passed")
        return Judgement(worst, tuple(asked), {"body": next(iter(self.bodies)), "merged": other.id})

    def _judge_call(self, ask: Ask) -> Judgement:
        body = str(ask.facts.open.get("body") or self._forced(ask) or next(iter(self.bodies)))
        rules = self.rules[body]
        forced = self._forced(ask)
        asked = [
            Requirement(
                "meeting.body_after_division", forced in (None, body), {"body": body, "forced": forced or ""}
            ),
            notice(ask, body, rules, ask.acted_on, ask.day("meeting_on")),
            notice_ways(ask, body, rules),
        ]
        if rules.delegation:
            asked.append(delegation(ask, body))
        return Judgement("called", tuple(asked))

    def _judge_record(self, ask: Ask) -> Judgement:
        body = self.body(ask)
        rules = self.rules[body]
        asked: list[Requirement] = []
        if self.called:
            asked += self._as_called(ask, body)
        if rules.delegation:
            asked.append(delegation(ask, body))
        asked += self._pace(ask)
        count = judge_count(ask, body, rules.quorum, rules.approval, rules.women_quorum, rules.basis)
        outcome = count.outcome
        if outcome == "divided" and (self.on_divided is None or body == self.on_divided):
            outcome = "rejected"
        return Judgement(outcome, (*asked, *count.requirements), {"body": body})

    def _as_called(self, ask: Ask, body: str) -> list[Requirement]:
        calls = [act for act in ask.matter.standing(self.id) if act.action in ("call", "call_again")]
        if not calls:
            return []
        call = calls[-1]
        meeting = datetime.date.fromisoformat(str(call.facts["meeting_on"]))
        numbers = {"called_for": meeting.isoformat(), "held": ask.acted_on.isoformat()}
        asked = [Requirement("meeting.day_as_called", ask.acted_on == meeting, numbers)]
        if "special_reason" not in call.private:
            asked.append(notice(ask, body, self.rules[body], call.counts_from, meeting))
        return asked

    def _pace(self, ask: Ask) -> list[Requirement]:
        asked: list[Requirement] = []
        meetings = [
            act
            for act in ask.matter.standing()
            if act.action in ("record", "record_merged") and act.stage != self.id
        ]
        needed = ask.settings.step_interval_days
        if meetings and needed:
            last = meetings[-1].acted_on
            given = (ask.acted_on - last).days
            numbers: Numbers = {"last": last.isoformat(), "given": given, "needed": needed}
            asked.append(Requirement("meeting.interval", given >= needed, numbers))
        if self.phase == "vote" and ask.matter.acts:
            days, limit = (ask.acted_on - ask.matter.acts[0].acted_on).days, ask.settings.total_days_warning
            asked.append(
                Requirement(
                    "meeting.total_days", days <= limit, {"given": days, "limit": limit}, weight="warns"
                )
            )
        return asked

    def _window(self, ask: Ask) -> Window:
        calls = [act for act in ask.matter.standing(self.id) if act.action in ("call", "call_again")]
        if not calls:
            return Window()
        meeting = datetime.date.fromisoformat(str(calls[-1].facts["meeting_on"]))
        return Window(meeting, None, "meeting.day_as_called")


MERGED = "next_"
MERGED_TITLES = ("第一步", "第二步")
DOCUMENT_TITLES: dict[str, str] = {
    "minutes": "会议记录（照片或扫描件）",
    "sign_in": "签到表（照片或扫描件）",
    "photo": "会议现场照片",
    "plan": "方案文本",
}


VOCABULARY = Vocabulary(
    title="会议",
    outcomes={
        "called": "已通知",
        "passed": "通过",
        "rejected": "未通过",
        "adjourned": "到会不足，会议未开成",
        "divided": "分歧较大，须由村民会议决定",
    },
    checks={
        **calling.CHECKS,
        **counting.CHECKS,
        "meeting.body_after_division": ("选的是{body}", "村民代表会议分歧较大，须由{forced}决定", "改选{forced}"),
        "meeting.day_as_called": ("通知写的是{called_for}，填的是{held}", "须在通知的那天开会", "改期须重新通知"),
        "meeting.interval": ("上一次会议是{last}，隔了 {given} 天", "至少隔 {needed} 天", "过几天再开"),
        "meeting.total_days": ("从动议到现在 {given} 天", "一般不超过 {limit} 天", "抓紧办理"),
        "meeting.merge": ("书记和主任不是同一人", "只有一肩挑才能两步合并", "请分两次开会"),
    },
    tokens={"documents": DOCUMENT_TITLES, "notice_ways": WAYS},
)  # fmt: skip
