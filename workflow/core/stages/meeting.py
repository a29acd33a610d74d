"""A body meets: notice, roll, count. People record the counts; adjourned, held, passed, divided or rejected is computed."""

import datetime
from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.conditions import Condition
from workflow.core.facts import Field
from workflow.core.floors import FloorClaim
from workflow.core.place import BodyToken
from workflow.core.shares import ShareRule
from workflow.core.stage import (
    Action,
    Ask,
    Fault,
    Id,
    Judgement,
    Offices,
    Stage,
    Vocabulary,
    Window,
    Yaml,
)
from workflow.core.stages import calling, counting, recording
from workflow.core.stages.bodies import EXCLUSIONS, WAYS, BodyRules, body_claims, body_faults
from workflow.core.stages.calling import INVITING, call_by, call_fields, notice, notice_ways
from workflow.core.stages.counting import HALF, METHOD_WORDS, Method, count_fields, judge_count
from workflow.core.stages.merging import merged_fields, merged_outcome
from workflow.core.stages.recording import DOCUMENTS, Document, Presence, record_fields

MERGED = "next_"


class Merge(Yaml):
    """Where secretary and director are one person, this meeting and the next may be held as one (SY-06)."""

    stage: Id = YamlField(title="与哪一步合并")


class Meeting(Stage):
    """A meeting stage; several bodies where the law lets the matter go to one or the other."""

    kind: Literal["meeting"]
    bodies: Annotated[dict[BodyToken, BodyRules], YamlField(min_length=1, title="由谁开会")]
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")
    votes: bool = YamlField(default=True, title="要表决（听取、通报的会议不表决）")
    on_divided: BodyToken | None = YamlField(default=None, title="分歧较大时改由谁决定")
    divided_unless: ShareRule = YamlField(default=HALF, title="赞成或者反对达到多少，就不算分歧较大")
    merge: Merge | None = YamlField(default=None, title="一肩挑时可合并")
    decisive: bool = YamlField(default=False, title="结果须另一职务复核后生效")
    documents: tuple[Document, ...] = YamlField(default=("minutes",), title="必须上传")
    ballot_methods: tuple[Method, ...] = YamlField(default=(), title="只能用的表决方式")
    secret_when: Condition | None = YamlField(default=None, title="何时必须无记名投票")
    vsc_presence: Presence = YamlField(default="asked", title="监委会列席情况")
    township_signs: bool = YamlField(default=False, title="乡镇参会人员签字")
    commissioner_attends: bool = YamlField(default=False, title="村级治理特派员参会")
    signature_in_person: bool = YamlField(default=False, title="须本人签到，不得代签")

    decides: ClassVar[bool] = True

    @property
    def rules(self) -> Mapping[str, BodyRules]:
        """The bodies' rules, by any text that names a body."""
        return {str(body): rules for body, rules in self.bodies.items()}

    @property
    def called(self) -> bool:
        """Whether the meeting must be called before it is recorded."""
        return INVITING in self.bodies or any(
            rules.notice_days or rules.notice_ways for rules in self.bodies.values()
        )

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:
        """Call (where notice is due), record, call again, and record merged with the next meeting (一肩挑)."""
        offices = frozenset(self.by)
        leads = {"adjourned": "."}
        if self.votes:
            leads |= {"passed": self.then, "rejected": self.otherwise or "rejected"}
        else:
            leads |= {"held": self.then}
        if self.on_divided:
            leads["divided"] = "."
        at = ".called" if self.called else "."
        call = Action(
            "call", "发出会议通知", ".", offices, call_fields(self.rules), {"called": ".called"}, self._judge_call,
            starts_period=True, window=self._call_window,
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

    def faults(self) -> tuple[Fault, ...]:
        """Return what the rules of a body, or the stage's own, say against each other."""
        found = [
            Fault(("bodies", *each.path), each.message, each.hint)
            for body, rules in self.rules.items()
            for each in body_faults(body, rules, votes=self.votes)
        ]
        if self.divided_unless.bases - {"present", "due"}:
            found.append(
                Fault(
                    ("divided_unless",), "分歧大不大，只能按到会人员或者应到会人员算", "写成 > 1/2 of present"
                )
            )
        if not self.votes and self.on_divided:
            found.append(Fault(("on_divided",), "不表决的会议没有分歧较大", "请删去 on_divided"))
        if self.secret_when and self.ballot_methods and "secret" not in self.ballot_methods:
            found.append(
                Fault(
                    ("secret_when",), "要求无记名投票，表决方式里却没有它", "在 ballot_methods 里加上 secret"
                )
            )
        return tuple(found)

    def achieves(self, action: str, outcome: str) -> frozenset[str]:
        """Which bodies may have passed the matter here."""
        passed = action in ("record", "record_merged") and outcome == "passed"
        return frozenset(f"passed:{body}" for body in self.rules) if passed else frozenset()

    def floors(self) -> tuple[FloorClaim, ...]:
        """Quorum, approval, notice and delegation of each body, held against that body's statutes."""
        return tuple(
            FloorClaim(("bodies", *claim.path), claim.key, claim.value, claim.context)
            for body, rules in self.rules.items()
            for claim in body_claims(body, rules, votes=self.votes)
        ) + tuple(
            FloorClaim(
                ("on_divided",), f"{body}.on_divided", (self.on_divided,) if self.on_divided else None, {}
            )
            for body in self.rules
            if self.votes and body != self.on_divided
        )

    def body(self, ask: Ask) -> str:
        """Return the body that meets: the one called, the one a divided assembly was sent to, or the only one."""
        again = ask.matter.last(self.id, "call_again")
        first = ask.matter.last(self.id, "call")
        called = max((act for act in (again, first) if act), key=lambda act: act.mseq, default=None)
        if called is not None and "body" in called.facts:
            return str(called.facts["body"])
        return next(iter(self.rules))

    def questions_of(self, body: str) -> Mapping[str, Field | None]:
        """Return each question of the count as this body is asked it, None for what only the others are asked."""
        own = {each.name: each for each in count_fields({body: self.rules[body]}, votes=self.votes)}
        return {each.name: own.get(each.name) for each in count_fields(self.rules, votes=self.votes)}

    def _forced(self, ask: Ask) -> str | None:
        """Return the body a divided vote has sent the matter to (on_divided), if it has."""
        votes = ask.matter.standing(self.id, "record")
        return self.on_divided if any(vote.outcome == "divided" for vote in votes) else None

    def _record_fields(self) -> tuple[Field, ...]:
        attended = recording.attended_fields(
            self.vsc_presence,
            township=self.township_signs,
            commissioner=self.commissioner_attends,
            in_person=self.signature_in_person,
        )
        return (*count_fields(self.rules, votes=self.votes), *record_fields(attended, self.documents))

    def _merged(self, stages: Mapping[str, Stage], offices: frozenset[str]) -> tuple[Action, ...]:
        other = stages.get(self.merge.stage) if self.merge else None
        if not isinstance(other, Meeting):
            return ()
        fields = merged_fields(
            count_fields(self.rules, votes=self.votes),
            count_fields(other.rules, MERGED, votes=other.votes),
            self._record_fields(),
        )
        leads = {
            "passed": other.then, "adjourned": ".", "rejected": self.otherwise or "rejected",
            "returned": other.otherwise or "rejected",
        }  # fmt: skip
        return (
            Action(
                "record_merged", "两步合并开会并登记（书记、主任一肩挑）", ".", offices, fields, leads,
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
            body, rules = next(iter(stage.rules.items()))
            count = judge_count(ask, body, rules, prefix, votes=stage.votes, divided=stage.divided_unless)
            asked += [*count.requirements, *stage.method(ask, count.outcome, prefix)]
            outcomes.append(count.outcome)
        asked += recording.attended(ask, in_person=self.signature_in_person)
        outcome = merged_outcome(*outcomes)
        return Judgement(outcome, tuple(asked), {"body": next(iter(self.bodies)), "merged": other.id})

    def _judge_call(self, ask: Ask) -> Judgement:
        body = str(ask.facts.open.get("body") or self._forced(ask) or next(iter(self.bodies)))
        rules = self.rules[body]
        forced = self._forced(ask)
        asked = (
            Requirement(
                "meeting.body_after_division", forced in (None, body), {"body": body, "forced": forced or ""}
            ),
            notice(ask, body, rules, ask.acted_on, ask.day("meeting_on")),
            notice_ways(ask, body, rules),
            *calling.invitation(ask, body),
            *(calling.competence(ask, body, rules) if self.votes else ()),
            *calling.petitioned(ask, self.id, body),
        )
        return Judgement("called", asked)

    def _judge_record(self, ask: Ask) -> Judgement:
        body = self.body(ask)
        rules = self.rules[body]
        asked = self._as_called(ask, body) if self.called else []
        if self.votes:
            asked += calling.competence(ask, body, rules)
        asked += recording.pace(ask, self)
        count = judge_count(ask, body, rules, votes=self.votes, divided=self.divided_unless)
        outcome = count.outcome
        if outcome == "divided" and (self.on_divided is None or body == self.on_divided):
            outcome = "rejected"
        asked += [*count.requirements, *self.method(ask, outcome)]
        asked += recording.attended(ask, in_person=self.signature_in_person)
        return Judgement(outcome, tuple(asked), {"body": body})

    def method(self, ask: Ask, outcome: str, prefix: str = "") -> list[Requirement]:
        """Ask how the vote was taken, where the rules say how (ballot_methods; secret for people and money)."""
        secret = self.secret_when is not None and self.secret_when.holds(ask.matter.opening)
        allowed = ("secret",) if secret else self.ballot_methods
        if not allowed or outcome in ("adjourned", "held"):
            return []
        given = str(ask.facts.open.get(prefix + "method", ""))
        return [Requirement("meeting.method", given in allowed, {"method": given, "methods": list(allowed)})]

    def _as_called(self, ask: Ask, body: str) -> list[Requirement]:
        calls = [act for act in ask.matter.standing(self.id) if act.action in ("call", "call_again")]
        if not calls:
            return []
        call = calls[-1]
        meeting = datetime.date.fromisoformat(str(call.facts["meeting_on"]))
        numbers: Numbers = {"called_for": meeting.isoformat(), "held": ask.acted_on.isoformat()}
        asked = [Requirement("meeting.day_as_called", ask.acted_on == meeting, numbers)]
        if "special_reason" not in call.private:
            asked.append(notice(ask, body, self.rules[body], call.counts_from, meeting))
        return asked

    def _call_window(self, ask: Ask) -> Window:
        days = [due[0] for body in self.rules if (due := call_by(ask, self.id, body))]
        return Window(None, min(days), "meeting.petition") if days else Window()

    def _window(self, ask: Ask) -> Window:
        calls = [act for act in ask.matter.standing(self.id) if act.action in ("call", "call_again")]
        if not calls:
            return Window()
        meeting = datetime.date.fromisoformat(str(calls[-1].facts["meeting_on"]))
        return Window(meeting, None, "meeting.day_as_called")


VOCABULARY = Vocabulary(
    title="会议",
    outcomes={
        "called": "已通知",
        "held": "已召开",
        "passed": "通过",
        "rejected": "未通过",
        "adjourned": "到会不足，会议未开成",
        "divided": "分歧较大，须由村民会议决定",
    },
    checks={
        **calling.CHECKS,
        **counting.CHECKS,
        **recording.CHECKS,
        "meeting.body_after_division": ("选的是{body}", "村民代表会议分歧较大，须由{forced}决定", "改选{forced}"),
        "meeting.day_as_called": ("通知写的是{called_for}，填的是{held}", "须在通知的那天开会", "改期须重新通知"),
        "meeting.method": ("表决方式：{method}", "只能用：{methods}", "按规定的方式重新表决；填错了就改过来"),
        "meeting.merge": ("书记和主任不是同一人", "只有一肩挑才能两步合并", "请分两次开会"),
    },
    tokens={
        "documents": DOCUMENTS,
        "notice_ways": WAYS,
        "exclude_from_base": EXCLUSIONS,
        "ballot_methods": METHOD_WORDS,
        "vsc_presence": recording.PRESENCE,
    },
)  # fmt: skip
