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
MOST = 9


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
    """The readings a contract stage asks for, each at a state of its own, so that a list says whom it waits for."""

    stage: str
    rules: tuple[Review, ...]

    def faults(self) -> Iterator[Fault]:
        """Yield every id written twice: two actions could not be told apart."""
        for index, rule in enumerate(self.rules):
            if rule.id in {each.id for each in self.rules[:index]}:
                yield Fault(("reviews", index, "id"), f"意见代号“{rule.id}”写了两次", "换一个代号")

    def leads(self, after: int = 0) -> dict[str, str]:
        """Return where the readings after that many lead to, by outcome."""
        return {awaits(number): f".reading_{number}" for number in range(after + 1, len(self.rules) + 1)}

    def actions(self) -> tuple[Action, ...]:
        """Record each reading of the draft."""
        return tuple(self._action(number, rule) for number, rule in enumerate(self.rules, 1))

    def _action(self, number: int, rule: Review) -> Action:
        fields = (
            Field("opinion", rule.title, "choice", choices=ANSWERS[rule.mode]),
            Field("reason", "意见和理由", "text"),
            Field("paper", "意见材料", "documents", required=False),
        )
        back = {"sent_back": "."} if rule.mode == "approve" else {}
        leads = {"heard": ".drafted", **self.leads(number), **back}

        def judge(ask: Ask) -> Judgement:
            if ask.facts.open["opinion"] == "disagree":
                return Judgement("sent_back")
            draft = drafted(ask, self.stage)
            since, amount = draft.mseq if draft else 0, number_in(draft, "amount_fen")
            following = self.following(ask, amount, since, number)
            return Judgement(awaits(following) if following else "heard")

        at = f".reading_{number}"
        return Action(rule.action, f"登记{rule.title}", at, frozenset(rule.by), fields, leads, judge)

    def following(self, ask: Ask, amount_fen: int, since: int, given: int = 0) -> int | None:
        """Return the number, from 1, of the next reading a draft of this amount needs; None when all are there.

        An opinion is heard once; an approval is of the text as it stands, drafted by entry `since`. `given` is the
        number of the reading that is being recorded.
        """
        for number, rule in enumerate(self.rules, 1):
            after = since if rule.mode == "approve" else 0
            acts = ask.matter.standing(self.stage, rule.action)
            done = number == given or any(act.mseq > after and act.outcome != "sent_back" for act in acts)
            if amount_fen >= rule.from_fen and not done:
                return number
        return None

    def all_there(self, ask: Ask) -> Requirement:
        """Ask again whether all readings are there: a correction may have raised the amount since."""
        draft = drafted(ask, self.stage)
        number = self.following(ask, number_in(draft, "amount_fen"), draft.mseq if draft else 0)
        missing = [self.rules[number - 1].title] if number else []
        return Requirement("contract.reviewed", not missing, {"missing": missing})


def awaits(number: int) -> str:
    """Return the outcome of an act after which the reading of that number, from 1, is awaited."""
    return f"awaits_{number}"


OUTCOMES = {
    "heard": "意见、审核都有了，可以签字",
    "sent_back": "不同意，退回修改合同",
    **{awaits(number): f"等待第 {number} 道意见、审核" for number in range(1, MOST + 1)},
}
CHECKS = {
    "contract.reviewed": ("还没有：{missing}", "签字前这些意见、审核都要有", "退回修改合同文本，重新听取意见、审核"),
}  # fmt: skip
