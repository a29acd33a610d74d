"""The tracks a joint stage is made of: a signature, a ballot, a survey, a list of principles (S-04, S-15).

A track is a small stage whose acts all happen where it begins; the joint stage says what follows it.
"""

from collections.abc import Mapping
from typing import Annotated, Final, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.stage import (
    Action,
    Ask,
    CheckWords,
    Fault,
    Id,
    Judgement,
    Offices,
    Phase,
    Stage,
    Title,
    Yaml,
)
from workflow.core.stages.ballot import Ballot
from workflow.core.stages.sampling import Part, part_of
from workflow.core.stages.signoff import Principle, Signoff, repeated

DONE, FELL_SHORT = "done", "fell_short"
OF_THE_JOINT: Final = ("phase", "then", "otherwise", "when", "veto", "apart_from")
VILLAGE: Final = ("secretary", "committee_director", "clerk")


class Track(Stage):
    """What a track does not say: its phase, its condition and what follows are the joint stage's."""

    phase: Phase = YamlField(default="review", title="阶段（分项不写）")
    then: Id = YamlField(default=DONE, title="通过后到（分项不写）")
    otherwise: Id | None = YamlField(default=FELL_SHORT, title="不通过到（分项不写）")


class SignoffTrack(Track, Signoff):
    """An office signs. Only an approval can fall short; a filing found incomplete is signed again."""

    kind: Literal["signoff"] = YamlField(title="怎么办")


class BallotTrack(Track, Ballot):
    """A ballot by a scale. It falls short where its band leads elsewhere; one with too few papers is held again."""

    kind: Literal["ballot"] = YamlField(title="怎么办")


class Grade(Yaml):
    """One answer of a survey; the positive ones count together."""

    id: Id = YamlField(title="选项代号")
    title: Title = YamlField(title="选项")
    positive: bool = YamlField(default=False, title="算满意")


GRADES: Final = (
    Grade(id="satisfied", title="满意", positive=True),
    Grade(id="basically", title="基本满意", positive=True),
    Grade(id="dissatisfied", title="不满意"),
    Grade(id="unknown", title="不了解"),
)


class SurveyTrack(Track):
    """People are asked, answers are counted once. Without a share it informs and cannot fall short."""

    kind: Literal["survey"] = YamlField(title="怎么办")
    scale: Annotated[tuple[Grade, ...], YamlField(min_length=2, max_length=10)] = YamlField(
        default=GRADES, title="选项"
    )
    min_asked: int = YamlField(default=1, ge=1, le=100_000, title="至少问几人")
    share: Part | None = YamlField(default=None, title="满意的须占几分之几")
    by: Offices = YamlField(default=VILLAGE, title="由谁登记")

    def faults(self) -> tuple[Fault, ...]:
        """Return answers named twice, and a share of nothing."""
        ids = [each.id for each in self.scale]
        found = [
            Fault(("scale", index, "id"), f"选项代号“{each}”写了两次")
            for index, each in enumerate(ids)
            if each in ids[:index]
        ]
        if self.share is not None and not any(each.positive for each in self.scale):
            found.append(
                Fault(("share",), "没有哪个选项算满意", "在 scale 里给算满意的选项写 positive: true")
            )
        return tuple(found)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Record the answers."""
        leads = {"surveyed": self.then}
        if self.share is not None:
            leads["unsatisfying"] = self.otherwise or FELL_SHORT
        return (
            Action(
                "survey", "登记调查结果", ".", frozenset(self.by),
                (
                    Field("asked", "问了几人", "count"),
                    *(Field(f"answer_{each.id}", f"答“{each.title}”的", "count") for each in self.scale),
                    Field("note", "怎么问的、主要意见", "text"),
                    Field("paper", "调查表或汇总（照片或扫描件）", "documents"),
                ),
                leads, self._judge,
            ),
        )  # fmt: skip

    def _judge(self, ask: Ask) -> Judgement:
        asked = ask.number("asked")
        answered = sum(ask.number(f"answer_{each.id}") for each in self.scale)
        count = sum(ask.number(f"answer_{each.id}") for each in self.scale if each.positive)
        numbers: Numbers = {"asked": asked, "answered": answered, "needed": self.min_asked}
        found = [
            Requirement("count.survey", answered <= asked, numbers),
            Requirement("joint.survey_asked", asked >= self.min_asked, numbers, self.basis),
        ]
        outcome = "surveyed"
        if self.share is not None:
            least = max(1, part_of(self.share, answered))
            numbers = {"answered": answered, "count": count, "share": self.share, "least": least}
            enough = Requirement("joint.survey_share", count >= least, numbers, self.basis, "decides")
            found.append(enough)
            outcome = "surveyed" if enough.met else "unsatisfying"
        return Judgement(outcome, tuple(found), {"answered": answered, "positive": count})


class ChecklistTrack(Track):
    """Named principles, each answered yes or no with a note; all must be yes before the matter goes on."""

    kind: Literal["checklist"] = YamlField(title="怎么办")
    principles: Annotated[tuple[Principle, ...], YamlField(min_length=1, max_length=30)] = YamlField(
        title="逐项确认的原则"
    )
    on_no: Literal["again", "fails"] = YamlField(default="again", title="有一项答“否”")
    by: Offices = YamlField(min_length=1, title="由谁确认")

    def faults(self) -> tuple[Fault, ...]:
        """Return principles named twice."""
        return repeated(self.principles)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Answer every principle."""
        fields = tuple(
            field
            for each in self.principles
            for field in (
                Field(f"principle_{each.id}", f"符合“{each.title}”", "flag"),
                Field(f"note_{each.id}", f"“{each.title}”的说明", "text"),
            )
        )
        paper = Field("paper", "签字的确认表（照片或扫描件）", "documents", required=False)
        short = "." if self.on_no == "again" else self.otherwise or FELL_SHORT
        return (
            Action(
                "affirm", "逐项确认", ".", frozenset(self.by), (*fields, paper),
                {"affirmed": self.then, "not_affirmed": short}, self._judge,
            ),
        )  # fmt: skip

    def _judge(self, ask: Ask) -> Judgement:
        lacking = [
            each.title for each in self.principles if ask.facts.open.get(f"principle_{each.id}") is not True
        ]
        asked = Requirement("joint.principles", not lacking, {"lacking": lacking}, self.basis, "decides")
        return Judgement("affirmed" if not lacking else "not_affirmed", (asked,))


AnyTrack = Annotated[
    SignoffTrack | BallotTrack | SurveyTrack | ChecklistTrack, YamlField(discriminator="kind", title="分项")
]
# The kinds that are tracks only; the others are kinds of stage too.
KINDS: Mapping[str, str] = {"survey": "问卷调查", "checklist": "逐项确认"}
CHECKS: CheckWords = {
    "count.survey": ("问了 {asked} 人，各项合计 {answered}", "各项合计不能多于问的人数", "核对调查表"),
    "joint.survey_asked": ("问了 {asked} 人", "至少问 {needed} 人", "继续调查，够了再登记"),
    "joint.survey_share": (
        "答的 {answered} 人里满意的 {count} 人", "须占答的人数 {share} 以上，至少 {least} 人", "按不通过办理",
    ),
    "joint.principles": ("答“否”的：{lacking}", "逐项都符合才算确认", "整改后再确认一次"),
}  # fmt: skip
TOKENS: Mapping[str, Mapping[str, str]] = {"on_no": {"again": "整改后再确认", "fails": "算没有通过"}}
