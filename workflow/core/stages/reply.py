"""Something was said, so someone must answer (说事必回): assigned, handled, answered in time, asked whether it satisfies."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.stage import Action, Ask, Fault, Judgement, Offices, Stage, Vocabulary, Window
from workflow.core.stages.clock import Clock, Due, Terms, read_clock

SATISFACTION = {"asked": "问过满意不满意就可以销号", "required": "满意才能销号（上级答复过的除外）"}
FEEDBACK = (Choice("yes", "满意"), Choice("no", "不满意"), Choice("unreached", "联系不上"))
WAYS = (
    Choice("spoken", "当面"),
    Choice("phone", "电话"),
    Choice("written", "书面"),
    Choice("online", "网上、微信群"),
)


class Reply(Stage):
    """A reply stage: one line of the ledger. An answer that is late stands, is counted, and must be accounted for."""

    kind: Literal["reply"]
    days: int = YamlField(default=15, ge=1, le=365, title="登记后几天内答复")
    reopen_days: int = YamlField(default=7, ge=1, le=365, title="不满意的几天内重办并答复")
    reopen_times: int = YamlField(default=1, ge=0, le=5, title="不满意最多重办几次")
    reach_times: int = YamlField(default=2, ge=1, le=10, title="联系不上，回访几次后可以销号")
    satisfaction: Literal["asked", "required"] = YamlField(default="asked", title="满意度")
    evidence: bool = YamlField(default=False, title="答复须附办结材料")
    by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk"), min_length=1, title="由谁分派、办理、答复、销号"
    )
    asked_by: Offices = YamlField(
        default=("vsc_chair", "vsc_member", "clerk"), min_length=1, title="由谁回访"
    )
    supervised_by: Offices = YamlField(
        default=("vsc_chair", "vsc_member", "township_officer"), min_length=1, title="超期由谁转上级"
    )
    escalate_to: Offices = YamlField(default=("township_officer",), min_length=1, title="转给谁答复")
    escalated_days: int = YamlField(default=20, ge=1, le=365, title="上级几天内答复")

    def faults(self) -> tuple[Fault, ...]:
        """An answer again by those who left it unanswered, a second term longer than the first, a term never used."""
        found = []
        if set(self.escalate_to) & set(self.by):
            found.append(
                Fault(
                    ("escalate_to",),
                    "转上级答复的职务，不能又是原来答复的职务",
                    "escalate_to 与 by 不能有相同的职务",
                )
            )
        if self.reopen_times and self.reopen_days > self.days:
            found.append(
                Fault(
                    ("reopen_days",),
                    f"重办 {self.reopen_days} 天，比第一次的 {self.days} 天还长",
                    f"最多写 {self.days}",
                )
            )
        if not self.reopen_times and "reopen_days" in self.model_fields_set:
            found.append(
                Fault(("reopen_days",), "不满意不重办，却写了重办天数", "删去 reopen_days，或改 reopen_times")
            )
        return tuple(found)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Assign, handle, answer, ask back, close; escalate what is overdue or what does not satisfy."""
        return (*self._handling(), *self._asking(), *self._escalating(), *self._closing())

    def _handling(self) -> tuple[Action, ...]:
        by = frozenset(self.by)
        assign = (
            Field("responsible", "责任人", "line"),
            Field("department", "责任部门", "line", required=False),
            Field("finish_by", "什么时候办完（不填就是答复期限那天）", "day", required=False),
        )
        note = Field("note", "办到哪一步了", "text")
        paper = Field("paper", "照片或材料", "documents", required=False)
        return (
            Action(
                "assign", "分派责任人", ".", by, assign, {"assigned": ".assigned"}, self._judge_assign,
                window=self._due_window,
            ),
            Action(
                "answer", "登记答复", ".assigned", by,
                (
                    Field("text", "答复内容", "text"),
                    Field("way", "怎么答复的", "choice", choices=WAYS),
                    Field("paper", "办结材料", "documents", required=self.evidence),
                ),
                {"replied": ".answered"}, self._judge_answer, window=self._due_window,
            ),
            Action(
                "handle", "登记办理进度", ".assigned", by, (note, paper), {"handled": ".assigned"},
                lambda ask: Judgement("handled"),  # noqa: ARG005 (the judge's shape)
            ),
            Action(
                "reassign", "改派责任人", ".assigned", by, (*assign, Field("reason", "为什么改派", "text")),
                {"assigned": ".assigned"}, self._judge_assign,
            ),
        )  # fmt: skip

    def _asking(self) -> tuple[Action, ...]:
        by = frozenset(self.asked_by)
        fields = (
            Field("satisfied", "满意不满意", "choice", choices=FEEDBACK),
            Field("said", "群众怎么说", "text", required=False),
        )
        again = {"done_again": ".assigned"} if self.reopen_times else {}
        first = {"satisfied": ".settled", "unreached": ".answered", "given_up": ".settled", **again}
        return (
            Action(
                "feedback", "登记回访", ".answered", by, fields, {**first, "unsettled": ".unsettled"},
                self._judge_feedback,
            ),
            Action(
                "feedback_above", "登记上级答复后的回访", ".answered_above", by, fields,
                {
                    "satisfied": ".settled", "unreached": ".answered_above", "given_up": ".settled",
                    "unsatisfied": ".settled",
                },
                self._judge_feedback_above,
            ),
        )  # fmt: skip

    def _escalating(self) -> tuple[Action, ...]:
        watch, above = frozenset(self.supervised_by), frozenset(self.escalate_to)
        reason = Field("reason", "为什么转上级", "text")
        leads = {"raised": ".escalated"}
        return (
            Action(
                "escalate_unassigned", "超期没有分派，转上级", ".", watch, (reason,), leads, self._judge_overdue,
                starts_period=True, window=self._overdue_window,
            ),
            Action(
                "escalate_overdue", "超期没有答复，转上级", ".assigned", watch, (reason,), leads, self._judge_overdue,
                starts_period=True, window=self._overdue_window,
            ),
            Action(
                "escalate", "仍不满意，转上级", ".unsettled", watch | frozenset(self.by), (reason,), leads,
                lambda ask: Judgement("raised"), starts_period=True,  # noqa: ARG005 (the judge's shape)
            ),
            Action(
                "answer_above", "登记上级答复", ".escalated", above,
                (Field("text", "答复内容", "text"), Field("paper", "答复材料", "documents", required=False)),
                {"replied_above": ".answered_above"}, self._judge_answer_above, window=self._due_window,
            ),
        )  # fmt: skip

    def _closing(self) -> tuple[Action, ...]:
        by = frozenset(self.by)
        fields = (
            Field("note", "办理结果", "text"),
            Field("accountability", "超期的责任怎么追究（超过期限的必填）", "text", required=False),
        )
        leads = {"closed_off": self.then, "closed_unsatisfied": self.otherwise or self.then}
        close = Action("close", "销号", ".settled", by, fields, leads, self._judge_close)
        unsettled = Action(
            "close_unsatisfied", "不满意，说明理由后销号", ".unsettled", by, fields,
            {"closed_unsatisfied": leads["closed_unsatisfied"]}, self._judge_close,
        )  # fmt: skip
        return (close, unsettled) if self.satisfaction == "asked" else (close,)

    def clock(self, ask: Ask) -> Clock:
        """Return the days that run at this stage and what has been counted since the matter came here."""
        terms = Terms(self.days, self.reopen_days, self.escalated_days, ask.calendar, ask.settings.day_count)
        return read_clock(ask.matter, self.id, terms)

    def _numbers(self, ask: Ask, due: Due) -> Numbers:
        return {
            "given": ask.acted_on.isoformat(), "last": due.last.isoformat(), "provisional": due.provisional,
            "late_days": max(0, (ask.acted_on - due.last).days),
        }  # fmt: skip

    def _judge_assign(self, ask: Ask) -> Judgement:
        clock, given = self.clock(ask), ask.day("finish_by")
        if clock.limit is None:
            return Judgement("assigned")
        last = clock.limit.last
        numbers: Numbers = {
            "given": given.isoformat() if given else "", "acted": ask.acted_on.isoformat(), "last": last.isoformat(),
        }  # fmt: skip
        within = given is None or ask.acted_on <= given <= last
        asked = Requirement("reply.finish_by", within, numbers, self.basis)
        return Judgement("assigned", (asked,), {"finish_by": (given or last).isoformat()})

    def _in_time(self, ask: Ask) -> tuple[tuple[Requirement, ...], Numbers]:
        """Warn of a late answer; it stands, and is counted with those before it."""
        clock = self.clock(ask)
        if clock.due is None:
            return (), {}
        numbers, met = self._numbers(ask, clock.due), ask.acted_on <= clock.due.last
        asked = Requirement("reply.in_time", met, numbers, self.basis, "warns")
        counted: Numbers = {"late_days": numbers["late_days"], "late_answers": clock.late + (not met)}
        return (asked,), counted

    def _judge_answer(self, ask: Ask) -> Judgement:
        return Judgement("replied", *self._in_time(ask))

    def _judge_answer_above(self, ask: Ask) -> Judgement:
        return Judgement("replied_above", *self._in_time(ask))

    def _judge_feedback(self, ask: Ask) -> Judgement:
        clock, said = self.clock(ask), ask.facts.open.get("satisfied")
        if said == "yes":
            return Judgement("satisfied")
        if said == "unreached":
            return Judgement("given_up" if clock.unreached + 1 >= self.reach_times else "unreached")
        return Judgement(
            "done_again" if clock.reopened < self.reopen_times else "unsettled",
            (),
            {"reopened": clock.reopened},
        )

    def _judge_feedback_above(self, ask: Ask) -> Judgement:
        judged = self._judge_feedback(ask)
        return Judgement("unsatisfied") if ask.facts.open.get("satisfied") == "no" else judged

    def _judge_overdue(self, ask: Ask) -> Judgement:
        due = self.clock(ask).due
        if due is None:
            return Judgement("raised")
        asked = Requirement("reply.overdue", ask.acted_on > due.last, self._numbers(ask, due), self.basis)
        return Judgement("raised", (asked,))

    def _judge_close(self, ask: Ask) -> Judgement:
        late = self.clock(ask).late
        explained = not late or "accountability" in ask.facts.private
        asked = Requirement("reply.accountability", explained, {"late": late}, self.basis)
        heard = [act for act in ask.matter.standing(self.id) if act.action in ("feedback", "feedback_above")]
        unhappy = bool(heard) and heard[-1].facts.get("satisfied") == "no"
        return Judgement("closed_unsatisfied" if unhappy else "closed_off", (asked,), {"late_answers": late})

    def _due_window(self, ask: Ask) -> Window:
        due = self.clock(ask).due
        return Window(None, due.last, "reply.in_time", due.provisional) if due else Window()

    def _overdue_window(self, ask: Ask) -> Window:
        due = self.clock(ask).due
        return Window(due.next_day, None, "reply.overdue", due.provisional) if due else Window()


VOCABULARY = Vocabulary(
    title="答复",
    outcomes={
        "assigned": "已分派",
        "handled": "已登记办理进度",
        "replied": "已答复，等待回访",
        "replied_above": "上级已答复，等待回访",
        "satisfied": "满意",
        "unsatisfied": "上级答复后仍不满意",
        "unreached": "联系不上，再回访",
        "given_up": "多次联系不上",
        "done_again": "不满意，重新办理",
        "unsettled": "仍不满意",
        "raised": "已转上级",
        "closed_off": "已销号",
        "closed_unsatisfied": "已销号（不满意）",
    },
    checks={
        "reply.finish_by": ("填的是{given}", "不早于{acted}，不晚于{last}（答复期限）", "改早办结日期，或不填"),
        "reply.in_time": ("{given}答复，晚了 {late_days} 天", "应在{last}前答复{provisional_words}", "已超过期限，照样可以答复，记录里会标明"),
        "reply.overdue": ("填的是{given}，答复期限到{last}{provisional_words}", "超过期限没有答复的，才转上级", "期限没有到的，先催办"),
        "reply.accountability": ("超期 {late} 次，没有写责任怎么追究", "超过期限的，销号要写明责任怎么追究", "填上责任追究情况"),
    },
    tokens={"satisfaction": SATISFACTION},
)  # fmt: skip
