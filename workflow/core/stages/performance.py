"""What follows a signed contract: it is performed, broken and put right, fulfilled, or ended before its time."""

import datetime
from dataclasses import dataclass

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Choice, Field
from workflow.core.matter import Act
from workflow.core.stage import Action, Ask, Judgement, Window
from workflow.core.stages.past import day_in, number_in


def drafted(ask: Ask, stage: str) -> Act | None:
    """Return the newest draft of a contract that stands."""
    found = [act for act in ask.matter.standing(stage) if act.action in ("draft", "redraft")]
    return found[-1] if found else None


@dataclass(frozen=True, slots=True)
class Performance:
    """The part of a contract stage after both have signed; `ended` is where a contract ended early leads."""

    stage: str
    by: frozenset[str]
    then: str
    ended: str
    remedy_days: int
    at_most: bool
    basis: tuple[str, ...]

    def actions(self) -> tuple[Action, ...]:
        """Perform, fulfil, note a breach, end; from a breach, put it right or end."""
        by, ended = self.by, self.ended
        note, proof = Field("note", "情况", "text"), Field("paper", "材料或照片", "documents")
        maybe = Field("paper", "材料或照片", "documents", required=False)
        sides = (Choice("other", "对方"), Choice("village", "村里"))
        causes = (
            Choice("agreed", "双方协商解除"), Choice("impossible", "无法继续履行"),
            Choice("expired", "到期没有履行完，不再履行"),
        )  # fmt: skip
        return (
            Action(
                "perform", "登记履行情况", ".performing", by,
                (note, Field("paid_fen", "这次付了（收了）多少钱", "money", required=False), maybe),
                {"performed": ".performing"}, self._judge_perform, window=self._term_window,
            ),
            Action(
                "fulfil", "登记履行完毕", ".performing", by,
                (Field("amount_fen", "总共付了（收了）多少钱", "money"), note, proof),
                {"fulfilled": self.then}, self._judge_fulfil, window=self._term_window,
            ),
            Action(
                "breach", "登记违约并通知改正", ".performing", by,
                (
                    Field("side", "哪一方违约", "choice", choices=sides),
                    Field("what", "怎么违约的", "text"),
                    Field("remedy_days", "给几天改正", "count"),
                    Field("notice", "违约通知", "documents"),
                ),
                {"breached": ".breached"}, self._judge_breach, starts_period=True,
            ),
            Action(
                "terminate", "登记合同终止", ".performing", by,
                (Field("cause", "为什么终止", "choice", choices=causes), note, proof),
                {"terminated": ended}, lambda ask: Judgement("terminated"),  # noqa: ARG005 (the judge's shape)
            ),
            Action(
                "cure", "登记违约已改正", ".breached", by, (note, maybe), {"cured": ".performing"}, self._judge_cure,
                window=self._cure_window,
            ),
            Action(
                "end_for_breach", "逾期不改正，解除合同", ".breached", by,
                (
                    Field("liability", "违约责任怎么追究", "text"),
                    Field("damages_fen", "违约金、赔偿", "money", required=False),
                    proof,
                ),
                {"terminated": ended}, self._judge_end, window=self._end_window,
            ),
        )  # fmt: skip

    def _last_day(self, ask: Ask) -> datetime.date | None:
        draft = drafted(ask, self.stage)
        return day_in(draft, "last_on") if draft else None

    def _in_term(self, ask: Ask) -> list[Requirement]:
        last = self._last_day(ask)
        if last is None:
            return []
        numbers: Numbers = {"given": ask.acted_on.isoformat(), "last": last.isoformat()}
        return [Requirement("contract.in_term", ask.acted_on <= last, numbers, weight="warns")]

    def _within(self, ask: Ask, total: int) -> list[Requirement]:
        limit = number_in(drafted(ask, self.stage), "amount_fen")
        numbers: Numbers = {"given_fen": total, "contract_fen": limit}
        return [Requirement("contract.paid", total <= limit, numbers, self.basis)] if self.at_most else []

    def _judge_perform(self, ask: Ask) -> Judgement:
        before = sum(number_in(act, "paid_fen") for act in ask.matter.standing(self.stage, "perform"))
        total = before + ask.number("paid_fen")
        asked = (*self._within(ask, total), *self._in_term(ask))
        return Judgement("performed", asked, {"paid_total_fen": total})

    def _judge_fulfil(self, ask: Ask) -> Judgement:
        return Judgement("fulfilled", (*self._within(ask, ask.number("amount_fen")), *self._in_term(ask)))

    def _judge_breach(self, ask: Ask) -> Judgement:
        given = ask.number("remedy_days")
        numbers: Numbers = {"given": given, "needed": self.remedy_days}
        enough = Requirement("contract.remedy_days", given >= self.remedy_days, numbers, self.basis)
        return Judgement("breached", (enough,))

    def _remedy(self, ask: Ask) -> Period | None:
        """Return the days given to put the newest breach right."""
        breach = ask.matter.last(self.stage, "breach")
        if breach is None:
            return None
        days = max(number_in(breach, "remedy_days"), self.remedy_days)
        return period(breach.counts_from, days, ask.calendar, ask.settings.day_count)

    def _numbers(self, ask: Ask, found: Period) -> Numbers:
        return {
            "given": ask.acted_on.isoformat(), "last": found.last.isoformat(), "first": found.closes_on.isoformat(),
            "provisional": found.provisional,
        }  # fmt: skip

    def _judge_cure(self, ask: Ask) -> Judgement:
        found = self._remedy(ask)
        if found is None:
            return Judgement("cured")
        numbers, in_time = self._numbers(ask, found), ask.acted_on <= found.last
        return Judgement("cured", (Requirement("contract.cure_in_time", in_time, numbers, weight="warns"),))

    def _judge_end(self, ask: Ask) -> Judgement:
        found = self._remedy(ask)
        if found is None:
            return Judgement("terminated")
        numbers, ran = self._numbers(ask, found), ask.acted_on > found.last
        return Judgement("terminated", (Requirement("contract.remedy_ran", ran, numbers, self.basis),))

    def _term_window(self, ask: Ask) -> Window:
        return Window(None, self._last_day(ask), "contract.in_term")

    def _cure_window(self, ask: Ask) -> Window:
        found = self._remedy(ask)
        return Window(None, found.last, "contract.cure_in_time", found.provisional) if found else Window()

    def _end_window(self, ask: Ask) -> Window:
        found = self._remedy(ask)
        return Window(found.closes_on, None, "contract.remedy_ran", found.provisional) if found else Window()


OUTCOMES = {
    "performed": "已登记履行情况",
    "fulfilled": "履行完毕",
    "breached": "有违约，已通知改正",
    "cured": "违约已改正",
    "terminated": "合同已终止",
}
CHECKS = {
    "contract.paid": (
        "累计 {given_fen_yuan}元", "不能超过合同的 {contract_fen_yuan}元", "核对金额；超出部分须另行决定、另签合同",
    ),
    "contract.in_term": ("填的是{given}", "合同到{last}为止", "已超过合同期限，照样可以登记，记录里会标明"),
    "contract.remedy_days": ("给 {given} 天改正", "至少给 {needed} 天", "改长改正期限"),
    "contract.cure_in_time": ("{given}改正", "应在{last}前改正{provisional_words}", "已超过期限，照样可以登记，记录里会标明"),
    "contract.remedy_ran": ("填的是{given}", "改正期限到{last}为止，最早{first}解除{provisional_words}", "期限没有到的，先催促改正"),
}  # fmt: skip
