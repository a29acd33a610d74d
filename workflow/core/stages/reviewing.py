"""Who reads the draft of a contract before it is signed: opinions that inform, approvals that can send it back."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Requirement
from workflow.core.facts import Choice, Field
from workflow.core.stage import Action, Ask, Fault, Id, Judgement, Offices, Title, Yaml
from workflow.core.stages.past import number_in
from workflow.core.stages.performance import drafted

ANSWERS = {
    "opinion": (Choice("agree", "没有修改意见"), Choice("advise", "有修改意见")),
    "approve": (Choice("agree", "同意"), Choice("disagree", "不同意，退回修改")),
}
REVIEWED = {"agree": "heard", "advise": "heard_advice", "disagree": "sent_back"}


class Review(Yaml):
    """One reading of the draft: an opinion informs, an approval can send the draft back."""

    id: Id = YamlField(title="意见代号")
    title: Title = YamlField(title="名称")
    by: Offices = YamlField(min_length=1, title="由谁登记")
    mode: Literal["opinion", "approve"] = YamlField(default="opinion", title="意见还是审核")
    from_fen: int = YamlField(default=0, ge=0, title="多少钱以上须有这一道（分）")

    @property
    def action(self) -> str:
        """The id of its action."""
        return f"review_{self.id}"


@dataclass(frozen=True, slots=True)
class Reviews:
    """The readings a contract stage asks for, in their order."""

    stage: str
    rules: tuple[Review, ...]
    in_order: bool
    basis: tuple[str, ...]

    def faults(self) -> Iterator[Fault]:
        """Yield every id written twice: two actions could not be told apart."""
        for index, rule in enumerate(self.rules):
            if rule.id in {each.id for each in self.rules[:index]}:
                yield Fault(("reviews", index, "id"), f"意见代号“{rule.id}”写了两次", "换一个代号")

    def actions(self) -> tuple[Action, ...]:
        """Record each reading of the draft."""
        return tuple(self._action(index, rule) for index, rule in enumerate(self.rules))

    def _action(self, index: int, rule: Review) -> Action:
        back = {"heard_advice": ".drafted"} if rule.mode == "opinion" else {"sent_back": "."}
        fields = (
            Field("opinion", rule.title, "choice", choices=ANSWERS[rule.mode]),
            Field("reason", "意见和理由", "text"),
            Field("paper", "意见材料", "documents", required=False),
        )

        def judge(ask: Ask) -> Judgement:
            missing = self.missing(ask, index) if self.in_order else []
            asked = Requirement("contract.review_order", not missing, {"missing": missing}, self.basis)
            return Judgement(REVIEWED[str(ask.facts.open["opinion"])], (asked,))

        offices, leads = frozenset(rule.by), {"heard": ".drafted", **back}
        return Action(rule.action, f"登记{rule.title}", ".drafted", offices, fields, leads, judge)

    def missing(self, ask: Ask, until: int | None = None) -> list[str]:
        """Return the titles of the readings the draft's amount asks for that are still to come, up to number `until`.

        An opinion is heard once; an approval is of the text as it now stands.
        """
        draft, missing = drafted(ask, self.stage), []
        for rule in self.rules[:until]:
            since = draft.mseq if draft and rule.mode == "approve" else 0
            acts = ask.matter.standing(self.stage, rule.action)
            done = any(act.mseq > since and act.outcome != "sent_back" for act in acts)
            if number_in(draft, "amount_fen") >= rule.from_fen and not done:
                missing.append(rule.title)
        return missing


OUTCOMES = {
    "heard": "没有修改意见",
    "heard_advice": "有修改意见",
    "sent_back": "不同意，退回修改合同",
}
CHECKS = {
    "contract.review_order": ("还没有：{missing}", "意见须按先后次序登记", "先登记排在前面的意见"),
    "contract.reviewed": ("还没有：{missing}", "签字前这些意见、审核都要有", "办完再签字"),
}
