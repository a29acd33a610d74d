"""A written contract: drafted, read by those who must, signed by both sides, filed, and performed or broken off."""

import datetime
from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import period
from workflow.core.facts import Choice, Field
from workflow.core.stage import (
    Action,
    Ask,
    Fault,
    Id,
    Judgement,
    Offices,
    Stage,
    Title,
    Vocabulary,
    Window,
    articles,
)
from workflow.core.stages import performance, reviewing
from workflow.core.stages.behind import filed_before, posting_ran, resolved
from workflow.core.stages.past import number_in
from workflow.core.stages.performance import Performance, drafted
from workflow.core.stages.reviewing import Review, Reviews
from workflow.core.stages.terms import YEAR, last_of_term

GUARANTEE = "guarantee"
FORBIDS_GUARANTEES = "committee.guarantees_forbidden"
TYPES: dict[str, str] = {
    "lease": "出租、租赁",
    "contract_out": "发包、承包",
    "works": "工程建设",
    "purchase": "采购",
    "service": "购买服务",
    "labour": "用工劳务",
    "mutual": "村级事务契约（村与村民互相承诺）",
    "target": "目标责任书",
    GUARANTEE: "担保（为他人作保）",
}
AMOUNT_RULES = {
    "at_most": "不能超过决议金额",
    "at_least": "不能低于决议金额（发包、出租的底价）",
    "any": "不与决议金额比",
}


class Contract(Stage):
    """A contract stage. Both sides sign after the decision's posting has ended, within what was decided (SY-11)."""

    kind: Literal["contract"]
    types: tuple[
        Literal["lease", "contract_out", "works", "purchase", "service", "labour", "mutual", "target"], ...
    ] = YamlField(
        default=("lease", "contract_out", "works", "purchase", "service", "labour", "mutual"),
        min_length=1, title="可以签哪些合同",
    )  # fmt: skip
    resolution: Id | None = YamlField(default=None, title="依据哪一步的决议")
    after_posting: Id | None = YamlField(default=None, title="在哪一步公示期满之后")
    after_filing: Id | None = YamlField(default=None, title="在报哪一步审核备案之后")
    after_filing_working_days: int = YamlField(default=0, ge=0, le=60, title="报了以后至少满几个工作日")
    amount_rule: Literal["at_most", "at_least", "any"] = YamlField(default="at_most", title="合同金额")
    max_years: int = YamlField(default=20, ge=1, le=70, title="合同最长几年")
    copies: int = YamlField(default=2, ge=1, le=20, title="一式至少几份")
    licence: bool = YamlField(default=False, title="须上传对方证照")
    reviews: tuple[Review, ...] = YamlField(
        default=(), max_length=reviewing.MOST, title="签字前依次听谁的意见、由谁审核"
    )
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")
    signed_by: Offices = YamlField(
        default=("committee_director", "clerk"), min_length=1, title="先签的一方由谁登记"
    )
    first_party: Title = YamlField(default="村委会", title="先签的一方叫什么（如镇党委）")
    co_signed_by: Offices = YamlField(default=(), title="村里还有谁签约（如党组织），由谁登记")
    decisive: bool = YamlField(default=False, title="双方签订须另一职务复核后生效")
    filed_by: Offices = YamlField(default=(), title="由谁备案")
    file_days: int = YamlField(default=7, ge=1, le=60, title="签订后几天内备案")
    file_from_fen: int = YamlField(default=0, ge=0, title="多少钱以上须备案（分）")
    remedy_days: int = YamlField(default=15, ge=1, le=365, title="违约后至少给几天改正")
    performed: bool = YamlField(default=True, title="跟到履行完毕（否则签订、备案以后就往下走）")

    def faults(self) -> tuple[Fault, ...]:
        """Two reviews of one id, an amount for a filing nobody takes, one office that signs for both organisations."""
        found = list(self._reviews.faults())
        if self.file_from_fen and not self.filed_by:
            found.append(
                Fault(
                    ("file_from_fen",), "写了多少钱以上须备案，没有写由谁备案", "写上 filed_by，或删去这一项"
                )
            )
        if (self.after_filing is None) != (self.after_filing_working_days == 0):
            words = "报哪一步、报了以后满几个工作日，要一起写"
            found.append(Fault(("after_filing_working_days",), words, "补上缺的一项，或把两项都删去"))
        if set(self.co_signed_by) & set(self.signed_by):
            found.append(
                Fault(
                    ("co_signed_by",),
                    "两方签约不能由同一职务登记",
                    "signed_by 与 co_signed_by 不能有相同的职务",
                )
            )
        return tuple(found)

    @property
    def _reviews(self) -> Reviews:
        return Reviews(self.id, self.reviews)

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Draft, hear, sign, countersign, file; then perform until it is fulfilled or ended."""
        rules = Performance(
            self.id, frozenset(self.by), self.then, self.otherwise or self.then, self.remedy_days,
            at_most=self.amount_rule == "at_most", basis=self.basis,
        )  # fmt: skip
        return (*self._drafting(), *self._signing(), *(rules.actions() if self.performed else ()))

    def _drafting(self) -> tuple[Action, ...]:
        by, otherwise = frozenset(self.by), self.otherwise or "rejected"
        return (
            self._draft("draft", "提出合同文本", "."),
            Action(
                "drop", "不再签订", ".", by, (Field("reason", "为什么不签了", "text"),), {"dropped": otherwise},
                lambda ask: Judgement("dropped"),  # noqa: ARG005 (the judge's shape)
            ),
            *self._reviews.actions(),
        )  # fmt: skip

    def _draft(self, name: str, title: str, at: str) -> Action:
        types = tuple(Choice(each, TYPES[each]) for each in (*self.types, GUARANTEE))
        fields = (
            Field("type", "哪一种合同", "choice", choices=types),
            Field("party", "对方是谁", "line"),
            Field("terms", "主要内容：权利、义务、违约责任", "text"),
            Field("amount_fen", "合同金额", "money", hint="不涉及钱的填 0"),
            Field("first_on", "合同从哪一天起", "day"),
            Field("last_on", "到哪一天止（含当天）", "day"),
            Field("copies", "一式几份", "count"),
            Field("draft", "合同文本", "documents"),
            Field("licence", "对方证照", "documents", required=self.licence),
        )
        leads = {"drafted": ".drafted", **self._reviews.leads()}
        return Action(name, title, at, frozenset(self.by), fields, leads, self._judge_draft)

    def _signing(self) -> tuple[Action, ...]:
        by, files = frozenset(self.by), frozenset(self.filed_by)
        both = ".performing" if self.performed else self.then
        concluded = {"concluded": both} | ({"to_file": ".concluded"} if files else {})
        signer = Field("signer", "签字人（姓名、职务）", "line")
        sign = Action(
            "sign", f"{self.first_party}签约", ".drafted", frozenset(self.signed_by),
            (signer, Field("seal_number", "用印登记编号", "line")), {"signed_here": ".co_signing" if self.co_signed_by else ".signing"}, self._judge_sign,
        )  # fmt: skip
        co_sign = Action(
            "co_sign", "村里另一组织签约（村党组织等）", ".co_signing", frozenset(self.co_signed_by), (signer,),
            {"co_signed": ".signing"}, lambda ask: Judgement("co_signed"),  # noqa: ARG005 (the judge's shape)
        )  # fmt: skip
        file = Action(
            "file", "登记备案回执", ".concluded", files,
            (
                Field("result", "备案", "choice", choices=(
                    Choice("filed", "已收到，准予备案"), Choice("incomplete", "材料不全，请补正"))),
                Field("receipt", "文号或回执编号", "line"),
                Field("reason", "说明", "text", required=False),
            ),
            {"filed": both, "incomplete": ".concluded"}, self._judge_file, window=self._file_window,
        )  # fmt: skip
        return (
            sign,
            self._draft("redraft", "修改合同文本", ".drafted"),
            *((co_sign,) if self.co_signed_by else ()),
            Action(
                "countersign", "登记对方签字、双方签订", ".signing", by,
                (
                    Field("signed_on", "对方哪一天签的", "day"), signer,
                    Field("paper", "双方签字盖章的合同", "documents"),
                ),
                concluded, self._judge_countersign, decisive=self.decisive, starts_period=bool(files),
            ),
            Action(
                "not_signed", "没有签成，退回修改", ".signing", by, (Field("reason", "为什么没有签成", "text"),),
                {"unsigned": "."}, lambda ask: Judgement("unsigned"),  # noqa: ARG005 (the judge's shape)
            ),
            *((file,) if files else ()),
        )  # fmt: skip

    def _lawful(self, ask: Ask, kind: object, amount: int) -> list[Requirement]:
        """Ask that it is no guarantee (组织法 2025 art. 13) and within what was decided."""
        bans = [each for each in ask.law(FORBIDS_GUARANTEES) if each.value is True]
        asked = []
        if bans:
            asked.append(Requirement("contract.guarantee", kind != GUARANTEE, {}, articles(tuple(bans))))
        decided = ask.matter.opening.get("amount_fen")
        limit = decided if isinstance(decided, int) else 0
        numbers: Numbers = {"given_fen": amount, "resolved_fen": limit}
        if self.amount_rule == "at_most":
            asked.append(Requirement("contract.at_most", amount <= limit, numbers, self.basis))
        elif self.amount_rule == "at_least":
            asked.append(Requirement("contract.at_least", amount >= limit, numbers, self.basis))
        return asked

    def _judge_draft(self, ask: Ask) -> Judgement:
        first, last = ask.day("first_on") or ask.acted_on, ask.day("last_on") or ask.acted_on
        longest = last_of_term(first, YEAR * self.max_years)
        numbers: Numbers = {
            "first": first.isoformat(), "last": last.isoformat(), "longest": longest.isoformat(), "years": self.max_years,
        }  # fmt: skip
        copies = ask.number("copies")
        asked = [
            *self._lawful(ask, ask.facts.open.get("type"), ask.number("amount_fen")),
            Requirement("contract.days", first <= last, numbers),
            Requirement("contract.years", last <= longest, numbers, self.basis),
            Requirement("contract.copies", copies >= self.copies, {"given": copies, "needed": self.copies}),
        ]
        waits = self._reviews.following(ask, ask.number("amount_fen"), ask.matter.mseq)
        return Judgement(reviewing.awaits(waits) if waits else "drafted", tuple(asked))

    def _behind(self, ask: Ask, day: datetime.date) -> tuple[Requirement, ...]:
        """Ask for what must lie behind a signature of that day."""
        return (
            *posting_ran(ask, self.after_posting, day, self.basis),
            *filed_before(ask, self.after_filing, self.after_filing_working_days, day, self.basis),
        )

    def _judge_sign(self, ask: Ask) -> Judgement:
        draft = drafted(ask, self.id)
        kind = draft.facts.get("type") if draft else None
        asked = [
            self._reviews.all_there(ask),
            *resolved(ask, self.resolution, self.basis),
            *self._behind(ask, ask.acted_on),
            *self._lawful(ask, kind, number_in(draft, "amount_fen")),
        ]
        return Judgement("signed_here", tuple(asked))

    def _judge_countersign(self, ask: Ask) -> Judgement:
        draft, sign = drafted(ask, self.id), ask.matter.last(self.id, "sign")
        theirs, ours = ask.day("signed_on") or ask.acted_on, sign.acted_on if sign else ask.acted_on
        final = draft.acted_on if draft else ask.acted_on
        days: Numbers = {
            "given": theirs.isoformat(), "drafted": final.isoformat(), "acted": ask.acted_on.isoformat(),
        }  # fmt: skip
        asked = [
            self._reviews.all_there(ask),
            Requirement("contract.other_day", final <= theirs <= ask.acted_on, days),
            *self._behind(ask, theirs),
            *self._lawful(ask, draft.facts.get("type") if draft else None, number_in(draft, "amount_fen")),
        ]
        filing = bool(self.filed_by) and number_in(draft, "amount_fen") >= self.file_from_fen
        concluded = max(ours, theirs).isoformat()
        return Judgement("to_file" if filing else "concluded", tuple(asked), {"concluded_on": concluded})

    def _file_by(self, ask: Ask) -> tuple[datetime.date, bool] | None:
        both = ask.matter.last(self.id, "countersign")
        if both is None:
            return None
        found = period(both.counts_from, self.file_days, ask.calendar, ask.settings.day_count)
        return found.last, found.provisional

    def _judge_file(self, ask: Ask) -> Judgement:
        due = self._file_by(ask)
        asked = []
        if due is not None:
            numbers: Numbers = {
                "last": due[0].isoformat(), "given": ask.acted_on.isoformat(), "provisional": due[1],
            }  # fmt: skip
            in_time = ask.acted_on <= due[0]
            asked.append(Requirement("contract.file_in_time", in_time, numbers, self.basis, "warns"))
        return Judgement(str(ask.facts.open["result"]), tuple(asked))

    def _file_window(self, ask: Ask) -> Window:
        due = self._file_by(ask)
        return Window(None, due[0], "contract.file_in_time", due[1]) if due else Window()


VOCABULARY = Vocabulary(
    title="签订履行合同",
    outcomes={
        "drafted": "已提出合同文本，可以签字",
        "dropped": "不再签订",
        "signed_here": "一方已签约",
        "co_signed": "村里另一组织已签约",
        "unsigned": "没有签成，退回修改",
        "concluded": "双方已签订",
        "to_file": "双方已签订，等待备案",
        **reviewing.OUTCOMES,
        **performance.OUTCOMES,
    },
    checks={
        "contract.guarantee": ("合同种类是担保", "村民委员会不得提供担保", "不能办理；谁要担保，请找银行或担保机构"),
        "contract.at_most": (
            "合同 {given_fen_yuan}元", "不能超过决议的 {resolved_fen_yuan}元", "改小金额；超出部分须重新提交会议决定",
        ),
        "contract.at_least": (
            "合同 {given_fen_yuan}元", "不能低于决议的 {resolved_fen_yuan}元", "改大金额；低于底价须重新提交会议决定",
        ),
        "contract.days": ("起{first}，止{last}", "止的日期不能早于起的日期", "核对日期"),
        "contract.years": ("从{first}到{last}", "最长 {years} 年，最晚到{longest}", "改短合同期限"),
        "contract.copies": ("一式 {given} 份", "至少 {needed} 份，双方各执一份", "加印后再登记"),
        "contract.resolved": ("“{step}”还没有通过的记录", "合同须有通过的决议作依据", "先由会议决定，再签合同"),
        "contract.after_filing": (
            "{filed}报，{given}签", "报了以后至少满 {days} 个工作日，最早{first}{provisional_words}", "到那一天再签",
        ),
        "contract.after_posting": ("填的日期是{given}，公示期满登记是{ended}", "须在决议公示期满之后", "核对日期；公示没有期满的不能签"),
        "contract.other_day": ("对方签字填的是{given}", "应在{drafted}文本定稿以后、{acted}以前（含当天）", "核对对方签字的日期"),
        "contract.file_in_time": ("{given}备案", "应在{last}前备案{provisional_words}", "已超过期限，照样可以备案，记录里会标明"),
        **reviewing.CHECKS,
        **performance.CHECKS,
    },
    tokens={"types": TYPES, "amount_rule": AMOUNT_RULES},
)  # fmt: skip
