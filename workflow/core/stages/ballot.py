"""People mark papers: an appraisal by a scale with bands, or candidates for seats; by person, household or group."""

from collections.abc import Callable, Mapping

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.shares import BASES, ShareRule
from workflow.core.stage import Action, Ask, Judgement, Stage, Vocabulary
from workflow.core.stages import candidates, sheets
from workflow.core.stages.ballot_text import OWN_OUTCOMES, PURPOSES, UNITS, BallotBand, BallotText
from workflow.core.stages.sheets import (
    answer_fields,
    judge_sheet,
    judge_way,
    sheet_fields,
    teller_fields,
    way_fields,
    weighed,
)
from workflow.core.stages.tallies import REOPENED, USUAL_BANDS, ask_share, band_leads


class Ballot(BallotText):
    """A ballot. With `scale` one act counts it; with `seats` candidates are entered, listed, counted and declared."""

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Count a scale at once; or nominate, settle the list, collect, count each candidate, declare."""
        sheet = sheet_fields(self.sides, "户" if self.unit == "household" else "")
        ways = way_fields(self.counted, secret=self.secret)
        paper = Field("paper", "计票单（照片或扫描件）", "documents")
        tellers = (*(teller_fields() if self.on_spot else ()), paper)
        return (
            self._contested((*ways, *sheet), tellers)
            if self.seats
            else self._scaled((*ways, *sheet), tellers)
        )

    def _scaled(self, sheet: tuple[Field, ...], tellers: tuple[Field, ...]) -> tuple[Action, ...]:
        answers = answer_fields(self.sides, {each.id: each.title for each in self.scale})
        leads = {**band_leads(self.bands, self.then), "turnout_short": ".", "overfull": "."}
        return (
            Action(
                "count", "登记投票结果", ".", frozenset(self.by), (*sheet, *answers, *tellers), leads, self._judge,
                decisive=self.decisive,
            ),
        )  # fmt: skip

    def _contested(self, sheet: tuple[Field, ...], tellers: tuple[Field, ...]) -> tuple[Action, ...]:
        offices = frozenset(self.by)
        candidate = Field("candidate", "第几号候选人", "count")
        votes = tuple(Field(f"{side.prefix}votes", f"{side.title}得票", "count") for side in self.sides)
        again = self.run_off if self.run_off not in (None, ".") else ".listed"
        declared = {"elected": self.then, "not_elected": self.otherwise or "rejected"}
        if self.run_off is not None:
            declared["run_off"] = again or ".listed"
        return (
            Action(
                "nominate", "登记一名候选人", ".", offices,
                (Field("name", "候选人姓名", "line"), Field("nominated_by", "由谁提名", "line")),
                {"nominated": "."}, self._by(candidates.judge_nominate),
            ),
            Action(
                "strike", "取消一名候选人", ".", offices, (candidate, Field("reason", "为什么取消", "text")),
                {"struck": ".", REOPENED: "."}, self._by(candidates.judge_strike),
            ),
            Action(
                "settle", "确定候选人名单", ".", offices,
                (Field("list", "候选人名单（照片或扫描件）", "documents", required=False),),
                {"settled": ".listed"}, self._by(candidates.judge_settle),
            ),
            Action(
                "collect", "登记发票、收票", ".listed", offices, sheet,
                {"collected": ".counting", "turnout_short": ".listed", "overfull": ".listed", REOPENED: ".counting"},
                self._by(candidates.judge_collect),
            ),
            Action(
                "count", "登记一名候选人得票", ".counting", offices, (candidate, *votes),
                {"counted": ".counting", REOPENED: ".counting"}, self._by(candidates.judge_count),
            ),
            Action(
                "declare", "宣布选举结果", ".counting", offices, tellers, declared,
                self._by(candidates.judge_declare), decisive=self.decisive,
            ),
        )  # fmt: skip

    def _by(self, judge: Callable[[BallotText, Ask], Judgement]) -> Callable[[Ask], Judgement]:
        return lambda ask: judge(self, ask)

    def _judge(self, ask: Ask) -> Judgement:
        outcome, asked = judge_sheet(ask, self, {side: self.turnout_key(side) for side in self.sides})
        asked += judge_way(ask, self.tellers_min)
        if outcome:
            return Judgement(outcome, tuple(asked))
        counts = {
            answer.id: {side.prefix: side.number(ask.facts.open, f"votes_{answer.id}") for side in self.sides}
            for answer in self.scale
        }
        for side in self.sides:
            votes = sum(each[side.prefix] for each in counts.values())
            valid = side.number(ask.facts.open, "valid")
            numbers: Numbers = {"group": side.title, "votes": votes, "valid": valid}
            asked.append(Requirement("count.ballots_answers", votes == valid, numbers))
        asked += self._resigns(ask, counts)
        *ruled, rest = self.bands
        for band in ruled:
            found = self._judge_band(ask, band, counts)
            asked += found
            if all(each.met for each in found):
                return Judgement(band.id, tuple(asked), band.computed())
        return Judgement(rest.id, tuple(asked), rest.computed())

    def _resigns(self, ask: Ask, counts: Mapping[str, Mapping[str, int]]) -> list[Requirement]:
        """Warn where so many find the appraised incompetent that a statute has them resign (SD 办法 art. 15)."""
        band = next((each for each in self.bands if each.id == "incompetent"), None)
        if self.purpose != "appraisal" or self.unit == "groups" or band is None:
            return []
        count = sum(votes for each in band.answers for votes in counts[each].values())
        total = ask.number("returned")
        return [
            Requirement(
                "ballot.resignation",
                met=False,
                numbers={"count": count, "total": total},
                basis=(value.words(),),
                weight="warns",
            )
            for value in ask.law("appraisal.resignation")
            if isinstance(value.value, ShareRule)
            and any(share.met(count, total) for share in value.value.shares)
        ]

    def _judge_band(
        self, ask: Ask, band: BallotBand, counts: Mapping[str, Mapping[str, int]]
    ) -> list[Requirement]:
        votes = {side.prefix: sum(counts[each][side.prefix] for each in band.answers) for side in self.sides}
        count, cast = weighed(self.sides, self.weigh, ask.facts.open, votes)
        bases = {"ballots_cast": cast}
        if self.unit != "groups":
            bases[self.sides[0].base] = ask.number("due")
        recalls = self.purpose == "recall" and band is self.bands[0]
        law = ask.law("recall.approval") if recalls else ()
        return ask_share(
            "ballot.band",
            band.rule,
            law,
            count,
            bases,
            self,
            more={"band": band.title, "counted_in": self.counted_in},
        )


VOCABULARY = Vocabulary(
    title="投票",
    outcomes={**USUAL_BANDS, **OWN_OUTCOMES},
    checks={
        **sheets.CHECKS,
        **candidates.CHECKS,
        "count.ballots_answers": (
            "{group}各项得票合计 {votes}", "应等于有效票 {valid}", "核对计票单；没有表态的算弃权或无效",
        ),
        "ballot.resignation": (
            "{total} 票里有 {count} 票认为不称职", "依法应当书面提出辞职", "告知本人，按规定办理辞职",
        ),
        "ballot.band": (
            "{band}：{count} {counted_in}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "按下一档看",
        ),
    },
    tokens={"unit": UNITS, "purpose": PURPOSES, "base": BASES, "weigh": sheets.WEIGHS, "counted": sheets.COUNTED},
)  # fmt: skip
