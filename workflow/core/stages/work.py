"""The decision is carried out: who is responsible, who is awarded the work, the contract, the invoice, acceptance."""

import datetime
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.stage import Action, Ask, Fault, Id, Judgement, Offices, Stage, Title, Vocabulary, Yaml
from workflow.core.stages.past import number_in

WAYS = (
    Choice("self_help", "村里自己组织（不对外发包）"),
    Choice("quotes", "询价比价"),
    Choice("tender", "公开招标"),
)


class Acceptance(Yaml):
    """Who must be there when the work is accepted (§16.2): heads, of whom committee members and supervisors."""

    min_people: int = YamlField(default=3, ge=1, le=50, title="验收至少几人")
    min_people_tender: int = YamlField(default=5, ge=1, le=50, title="招标项目验收至少几人")
    min_committee: int = YamlField(default=0, ge=0, le=10, title="其中村委会成员至少几人")
    min_supervisors: int = YamlField(default=1, ge=0, le=10, title="其中监委会成员至少几人")


class WorkPaper(Yaml):
    """One more paper that an act of the work must bring, kept under its own name (domain.md §16.2)."""

    id: Id = YamlField(title="材料代号")
    title: Title = YamlField(title="材料名称")
    action: Literal["assign", "award", "contract", "accept", "invoice"] = YamlField(title="哪一次登记时交")


class Work(Stage):
    """A work stage. Award, contract and invoice dates fall after the decision's posting has ended (SY-11)."""

    kind: Literal["work"]
    after_posting: Id | None = YamlField(default=None, title="在哪一步公示期满之后")
    min_quotes: int = YamlField(default=3, ge=1, le=20, title="至少几家报价")
    quotes_from_fen: int = YamlField(default=100_000, ge=0, title="多少钱以上须比价（分）")
    tender_from_fen: int = YamlField(default=10_000_000, ge=0, title="多少钱以上须公开招标（分）")
    acceptance: Acceptance = YamlField(default=Acceptance(), title="验收")
    ways: tuple[Literal["self_help", "quotes", "tender"], ...] = YamlField(
        default=("self_help", "quotes", "tender"), min_length=1, title="可以怎么办"
    )
    lowest_wins: bool = YamlField(default=False, title="选报价最低的")
    invoice: bool = YamlField(default=False, title="验收后登记发票，金额须与验收的一致")
    papers: tuple[WorkPaper, ...] = YamlField(default=(), max_length=20, title="还须交的材料")
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")

    def faults(self) -> tuple[Fault, ...]:
        """Return papers named twice or like an answer of the form, and papers of an act that never comes."""
        own = {action.id: {each.name for each in action.fields} for action in self._actions()}
        found = []
        for index, each in enumerate(self.papers):
            known = {*own.get(each.action, ()), *(one.id for one in self.papers[:index])}
            if each.id in known:
                found.append(Fault(("papers", index, "id"), f"材料代号“{each.id}”用过了", "换一个代号"))
            if each.action not in own:
                words = "没有写 invoice: true，就没有登记发票这一次"
                found.append(Fault(("papers", index, "action"), words, "写上 invoice: true，或改 action"))
        return tuple(found)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Assign, award, sign, pay against invoice, accept; work the village does itself goes straight on."""
        return tuple(
            replace(
                action,
                fields=(
                    *action.fields,
                    *(
                        Field(one.id, one.title, "documents")
                        for one in self.papers
                        if one.action == action.id
                    ),
                ),
            )
            for action in self._actions()
        )

    def _actions(self) -> tuple[Action, ...]:
        offices = frozenset(self.by)
        money = Field("amount_fen", "金额", "money")
        lowest = (Field("lowest_fen", "最低的报价", "money"),) if self.lowest_wins else ()
        ways = tuple(each for each in WAYS if each.token in self.ways)
        return (
            Action(
                "assign", "登记责任人和办法", ".", offices,
                (
                    Field("responsible", "责任人", "line"),
                    Field("finish_by", "什么时候办完", "day"),
                    Field("way", "怎么办", "choice", choices=ways),
                ),
                {"self_help": ".underway", "procure": ".assigned"}, self._judge_assign,
            ),
            Action(
                "award", "登记比价或中标结果", ".assigned", offices,
                (
                    money,
                    Field("quotes", "几家报价或投标", "count"),
                    *lowest,
                    Field("contractor", "选定的单位", "line"),
                    Field("paper", "报价单、评审或中标文件", "documents"),
                ),
                {"awarded": ".awarded"}, self._judge_award,
            ),
            Action(
                "contract", "登记签订合同", ".awarded", offices,
                (money, Field("paper", "合同（照片或扫描件）", "documents")),
                {"signed": ".underway"}, self._judge_contract,
            ),
            Action(
                "progress", "登记进度、发票", ".underway", offices,
                (
                    Field("note", "办到哪一步了", "text"),
                    Field("invoice_on", "发票日期（有发票才填）", "day", required=False),
                    Field("amount_fen", "发票金额", "money", required=False),
                    Field("paper", "照片或发票", "documents", required=False),
                ),
                {"noted": ".underway"}, self._judge_progress,
            ),
            Action(
                "accept", "登记验收", ".underway", offices,
                (
                    Field("people", "参加验收人数", "count"),
                    Field("committee", "其中村委会成员", "count"),
                    Field("supervisors", "其中监委会成员", "count"),
                    Field("amount_fen", "实际花了多少钱", "money"),
                    Field("conclusion", "验收结论", "choice", choices=(
                        Choice("pass", "合格"), Choice("fail", "不合格，限期整改"))),
                    Field("note", "验收情况", "text"),
                    Field("paper", "验收单和现场照片", "documents"),
                ),
                {"accepted": ".accepted" if self.invoice else self.then, "failed": ".underway"}, self._judge_accept,
            ),
            *((self._invoice(),) if self.invoice else ()),
        )  # fmt: skip

    def _invoice(self) -> Action:
        fields = (
            Field("invoice_on", "发票日期", "day"),
            Field("amount_fen", "发票金额", "money"),
            Field("invoice", "发票", "documents"),
        )
        return Action(
            "invoice", "登记发票", ".accepted", frozenset(self.by), fields, {"invoiced": self.then}, self._judge_invoice,
        )  # fmt: skip

    def _posting_ran(self, ask: Ask, day: datetime.date) -> Requirement | None:
        if self.after_posting is None:
            return None
        closed = ask.matter.last(self.after_posting, "close")
        numbers = {"ended": closed.acted_on.isoformat() if closed else "", "given": day.isoformat()}
        return Requirement(
            "work.after_posting", closed is not None and day >= closed.acted_on, numbers, self.basis
        )

    def _dated(self, ask: Ask, day: datetime.date, *asked: Requirement) -> tuple[Requirement, ...]:
        ran = self._posting_ran(ask, day)
        return (ran, *asked) if ran else asked

    def _judge_assign(self, ask: Ask) -> Judgement:
        way = ask.facts.open.get("way")
        amount = ask.matter.opening.get("amount_fen")
        money = amount if isinstance(amount, int) else 0
        needed = (
            "tender" if money >= self.tender_from_fen else "quotes" if money >= self.quotes_from_fen else ""
        )
        numbers: Numbers = {"amount_fen": money, "way": str(way), "needed": needed}
        enough = way in ("tender", "self_help") or needed != "tender"
        return Judgement(
            "self_help" if way == "self_help" else "procure",
            self._dated(ask, ask.acted_on, Requirement("work.way", enough, numbers, self.basis)),
        )

    def _within(self, ask: Ask) -> Requirement:
        resolved = ask.matter.opening.get("amount_fen")
        limit = resolved if isinstance(resolved, int) else 0
        given = ask.number("amount_fen")
        return Requirement(
            "work.amount", given <= limit, {"given_fen": given, "resolved_fen": limit}, self.basis
        )

    def _judge_award(self, ask: Ask) -> Judgement:
        quotes = ask.number("quotes")
        needed = self.min_quotes if ask.number("amount_fen") >= self.quotes_from_fen else 1
        enough = Requirement("work.quotes", quotes >= needed, {"given": quotes, "needed": needed}, self.basis)
        given, lowest = ask.number("amount_fen"), ask.number("lowest_fen")
        prices: Numbers = {"given_fen": given, "lowest_fen": lowest}
        cheap = Requirement("work.lowest", given == lowest, prices, self.basis)
        asked = (enough, *((cheap,) if self.lowest_wins else ()), self._within(ask))
        return Judgement("awarded", self._dated(ask, ask.acted_on, *asked))

    def _judge_contract(self, ask: Ask) -> Judgement:
        award = ask.matter.last(self.id, "award")
        awarded = award.facts.get("amount_fen") if award else None
        numbers = {
            "given_fen": ask.number("amount_fen"),
            "awarded_fen": awarded if isinstance(awarded, int) else 0,
        }
        same = Requirement("work.contract_amount", ask.number("amount_fen") == awarded, numbers, self.basis)
        return Judgement("signed", self._dated(ask, ask.acted_on, same))

    def _judge_progress(self, ask: Ask) -> Judgement:
        invoiced = ask.day("invoice_on")
        if invoiced is None:
            return Judgement("noted")
        ahead = {"given": invoiced.isoformat(), "recorded": ask.recorded_on.isoformat()}
        real = Requirement("work.invoice_day", invoiced <= ask.recorded_on, ahead)
        return Judgement("noted", self._dated(ask, invoiced, real, self._within(ask)))

    def _judge_invoice(self, ask: Ask) -> Judgement:
        invoiced = ask.day("invoice_on") or ask.acted_on
        ahead: Numbers = {"given": invoiced.isoformat(), "recorded": ask.recorded_on.isoformat()}
        spent = number_in(ask.matter.last(self.id, "accept"), "amount_fen")
        same: Numbers = {"given_fen": ask.number("amount_fen"), "spent_fen": spent}
        asked = (
            Requirement("work.invoice_day", invoiced <= ask.recorded_on, ahead),
            Requirement("work.invoice_amount", ask.number("amount_fen") == spent, same, self.basis),
        )
        return Judgement("invoiced", self._dated(ask, invoiced, *asked))

    def _judge_accept(self, ask: Ask) -> Judgement:
        rules = self.acceptance
        assigned = ask.matter.last(self.id, "assign")
        tender = assigned is not None and assigned.facts.get("way") == "tender"
        people = rules.min_people_tender if tender else rules.min_people
        heads = {
            "people": (ask.number("people"), people),
            "committee": (ask.number("committee"), rules.min_committee),
            "supervisors": (ask.number("supervisors"), rules.min_supervisors),
        }
        asked = [
            Requirement(
                f"work.acceptance_{name}", given >= needed, {"given": given, "needed": needed}, self.basis
            )
            for name, (given, needed) in heads.items()
        ]
        parts = ask.number("committee") + ask.number("supervisors")
        asked.append(
            Requirement("work.acceptance_sum", parts <= ask.number("people"), {"parts": parts, "people": ask.number("people")})
        )  # fmt: skip
        outcome = "accepted" if ask.facts.open.get("conclusion") == "pass" else "failed"
        return Judgement(outcome, self._dated(ask, ask.acted_on, *asked, self._within(ask)))


VOCABULARY = Vocabulary(
    title="办理",
    outcomes={
        "self_help": "村里自己组织",
        "procure": "对外比价或招标",
        "awarded": "已选定单位",
        "signed": "已签合同",
        "noted": "已登记",
        "accepted": "验收合格",
        "failed": "验收不合格，限期整改",
        "invoiced": "已登记发票",
    },
    checks={
        "work.after_posting": ("填的日期是{given}，公示期满登记是{ended}", "须在决议公示期满之后", "核对日期；公示没有期满的不能先办"),
        "work.way": ("{amount_fen_yuan}元，选的不是公开招标", "达到限额须公开招标", "改选公开招标，或由村里自己组织"),
        "work.quotes": ("{given} 家报价", "至少 {needed} 家", "补足报价"),
        "work.lowest": ("选的是 {given_fen_yuan}元", "须选最低的报价，{lowest_fen_yuan}元", "改选报价最低的；填错了就改过来"),
        "work.invoice_amount": ("发票 {given_fen_yuan}元", "应等于验收的 {spent_fen_yuan}元", "核对发票；金额不对的请对方重开"),
        "work.amount": (
            "{given_fen_yuan}元", "不能超过决议的 {resolved_fen_yuan}元", "超出部分须重新提交会议决定",
        ),
        "work.contract_amount": ("合同 {given_fen_yuan}元", "应等于选定的 {awarded_fen_yuan}元", "核对合同金额"),
        "work.invoice_day": ("发票日期{given}，今天{recorded}", "发票日期不能在今天之后", "核对发票"),
        "work.acceptance_people": ("{given} 人", "至少 {needed} 人参加验收", "人齐了再验收"),
        "work.acceptance_committee": ("村委会成员 {given} 人", "至少 {needed} 人", "请村委会成员参加"),
        "work.acceptance_supervisors": ("监委会成员 {given} 人", "至少 {needed} 人", "请监委会成员参加"),
        "work.acceptance_sum": ("村委会和监委会成员合计 {parts} 人", "不能多于参加验收的 {people} 人", "核对人数"),
    },
    tokens={"ways": {each.token: each.title for each in WAYS}},
)  # fmt: skip
