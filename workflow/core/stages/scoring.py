"""A panel scores applicants, or one object's indicators: exact averages, a pass mark, a shortlist, or bands."""

from collections.abc import Mapping

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.matter import Matter
from workflow.core.shares import ShareRule
from workflow.core.stage import Action, Ask, Judgement, Stage, Vocabulary
from workflow.core.stages.scores import Panel, Ranking, follow, in_words, rank, said
from workflow.core.stages.scoring_text import OWN_OUTCOMES, TIES, ScoringText
from workflow.core.stages.tallies import REOPENED, USUAL_BANDS, ask_share, band_leads, others, revised


class Scoring(ScoringText):
    """A panel's scoring: applicants are entered, the panel convenes, each judge scores each applicant, it closes."""

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Enter, strike, convene; score, recuse, withdraw an applicant; close. The numbers come from the acts."""
        offices = frozenset(self.by)
        applicant = Field("applicant", "第几号", "count")
        judge = Field("judge", "第几号评委", "count")
        reason = Field("reason", "理由", "text")
        partner = (Field("partner", "联合申报、共同答辩的另一方（没有不填）", "line", required=False),)
        points = tuple(
            Field(f"points_{one.id}", f"{one.title}（0 到 {one.max} 分）", "count") for one in self.criteria
        )
        leads = (
            band_leads(self.bands, self.then)
            if self.bands
            else {"shortlisted": self.then, "none_passed": self.otherwise or "rejected"}
        )
        return (
            Action(
                "enter", "登记一名参评对象", ".", offices,
                (
                    Field("name", "名称", "line"), *(partner if self.joint else ()),
                    Field("paper", "申报材料", "documents", required=False),
                ),
                {"entered": "."}, self._judge_enter,
            ),
            Action(
                "strike", "取消一名参评对象", ".", offices, (applicant, reason), {"struck": ".", REOPENED: "."},
                self._judge_strike,
            ),
            Action(
                "convene", "登记评委到场，开始评分", ".", offices,
                (
                    Field("due", "评委应到几人", "count"), Field("present", "评委实到几人", "count"),
                    Field("names", "评委名单（按编号写姓名、单位）", "text"), Field("place", "地点", "line"),
                    Field("sign_in", "签到表", "documents", required=False),
                ),
                {"convened": ".scoring", "panel_short": "."}, self._judge_convene,
            ),
            Action(
                "score", "登记一名评委的打分", ".scoring", offices, (judge, applicant, *points),
                {"scored": ".scoring", REOPENED: ".scoring"}, self._judge_score,
            ),
            Action(
                "recuse", "登记评委回避", ".scoring", offices, (judge, applicant, reason),
                {"recused": ".scoring", REOPENED: ".scoring"}, self._judge_recuse,
            ),
            Action(
                "leave", "登记参评对象退出", ".scoring", offices, (applicant, reason),
                {"left": ".scoring", REOPENED: ".scoring"}, self._judge_strike,
            ),
            Action(
                "close", "汇总评分，公布结果", ".scoring", offices,
                (Field("paper", "评分汇总表（照片或扫描件）", "documents"),), leads, self._judge_close,
                decisive=self.decisive,
            ),
        )  # fmt: skip

    def _panel(self, ask: Ask) -> Panel:
        return follow(self, ask.matter.standing(self.id))

    def _after(self, ask: Ask, outcome: str) -> str:
        def concluded(matter: Matter) -> tuple[object, ...]:
            return follow(self, matter.standing(self.id)).concluded

        return revised(ask, outcome, concluded)

    def _judge_enter(self, ask: Ask) -> Judgement:
        panel = self._panel(ask)
        given = len(panel.applicants) + 1
        numbers: Numbers = {"given": given, "most": self.applicants_max}
        asked = Requirement("scoring.applicants_max", given <= self.applicants_max, numbers, self.basis)
        computed: Numbers = {"applicant": panel.entered + 1, "joint": "partner" in ask.facts.private}
        return Judgement("entered", (asked,), computed)

    def _known(self, ask: Ask, panel: Panel) -> Requirement:
        given = ask.number("applicant")
        numbers: Numbers = {"given": given, "applicants": [str(each) for each in panel.applicants]}
        return Requirement("count.scores_applicant", given in panel.applicants, numbers)

    def _judge_strike(self, ask: Ask) -> Judgement:
        panel = self._panel(ask)
        outcome = "left" if panel.judges else "struck"
        return Judgement(self._after(ask, outcome), (self._known(ask, panel),))

    def _judge_convene(self, ask: Ask) -> Judgement:
        panel, due, present = self._panel(ask), ask.number("due"), ask.number("present")
        numbers: Numbers = {"due": due, "present": present, "needed": self.panel_min}
        entered: Numbers = {"given": len(panel.applicants), "needed": self.applicants_min}
        decides = [
            Requirement("scoring.panel_min", present >= self.panel_min, numbers, self.basis, "decides"),
            *self._present(due, present),
        ]
        if self.panel_odd:
            decides.append(Requirement("scoring.panel_odd", present % 2 == 1, numbers, self.basis, "decides"))
        asked = (
            Requirement("count.panel_present", present <= due, numbers),
            Requirement(
                "scoring.applicants", len(panel.applicants) >= self.applicants_min, entered, self.basis
            ),
        )
        met = all(each.met for each in decides)
        return Judgement("convened" if met else "panel_short", (*asked, *decides))

    def _present(self, due: int, present: int) -> list[Requirement]:
        rule: ShareRule | None = self.panel_share
        return ask_share("scoring.panel_share", rule, (), present, {"due": due}, self)

    def _pair(self, ask: Ask, panel: Panel) -> list[Requirement]:
        numbers: Numbers = {"given": ask.number("judge"), "judges": panel.judges}
        judge = Requirement("count.scores_judge", 1 <= ask.number("judge") <= panel.judges, numbers)
        return [judge, self._known(ask, panel)]

    def _judge_score(self, ask: Ask) -> Judgement:
        panel, pair = self._panel(ask), (ask.number("judge"), ask.number("applicant"))
        besides = follow(self, others(ask))
        about: Numbers = {"judge": pair[0], "applicant": pair[1]}
        asked = [
            *self._pair(ask, panel),
            Requirement("count.scores_twice", pair not in besides.points, about),
            Requirement("count.scores_recused", pair not in panel.recused, about),
        ]
        for one in self.criteria:
            given = ask.number(f"points_{one.id}")
            numbers: Numbers = {"criterion": one.title, "given": given, "most": one.max}
            asked.append(Requirement("count.scores_most", given <= one.max, numbers))
        return Judgement(self._after(ask, "scored"), tuple(asked))

    def _judge_recuse(self, ask: Ask) -> Judgement:
        panel = self._panel(ask)
        pair = (ask.number("judge"), ask.number("applicant"))
        about: Numbers = {"judge": pair[0], "applicant": pair[1]}
        once = Requirement("count.scores_recused_once", pair not in follow(self, others(ask)).recused, about)
        return Judgement(self._after(ask, "recused"), (*self._pair(ask, panel), once))

    def _judge_close(self, ask: Ask) -> Judgement:
        panel = self._panel(ask)
        missing = [f"评委{judge}给{applicant}号" for judge, applicant in panel.missing]
        few = [str(each) for each in panel.applicants if len(panel.totals(each)) < self.scores_min]
        asked = [
            Requirement("scoring.complete", not missing, {"missing": missing}, self.basis),
            Requirement(
                "scoring.scores", bool(missing or not few), {"applicants": few, "needed": self.scores_min}
            ),
            Requirement("scoring.left", bool(panel.applicants)),
        ]
        ranking = rank(self, panel)
        asked += self._decided(ranking)
        return Judgement(ranking.outcome, tuple(asked), self._results(ranking))

    def _decided(self, ranking: Ranking) -> list[Requirement]:
        asked = []
        for number, total in ranking.totals.items():
            about: Numbers = {"applicant": number, "total": in_words(total)}
            if self.pass_mark is not None:
                needed: Numbers = {**about, "needed": in_words(self.pass_mark)}
                asked.append(
                    Requirement("scoring.pass_mark", total >= self.pass_mark, needed, self.basis, "decides")
                )
            for band in self.bands[: ranking.tried]:
                reach: Numbers = {**about, "band": band.title, "needed": in_words(band.at_least)}
                asked.append(
                    Requirement("scoring.band", total >= band.at_least, reach, self.basis, "decides")
                )
        for tied in ranking.ties:
            equal: Numbers = {
                "applicants": [str(each) for each in tied],
                "total": in_words(ranking.totals[tied[0]]),
            }
            asked.append(Requirement("scoring.tie", met=False, numbers=equal, weight="warns"))
        return asked

    def _results(self, ranking: Ranking) -> Numbers:
        band = next((each for each in self.bands if each.id == ranking.outcome), None)
        return {
            "applicants": [str(number) for number in ranking.totals],
            "totals": [said(total) for total in ranking.totals.values()],
            "ranks": [str(place) for place in ranking.places],
            "shortlisted": [str(number) for number in ranking.shortlisted],
            **(band.computed() if band else {}),
        }


VOCABULARY = Vocabulary(
    title="评分",
    outcomes={**USUAL_BANDS, **OWN_OUTCOMES},
    checks={
        "count.panel_present": ("评委实到 {present} 人，应到 {due} 人", "实到不能多于应到", "核对签到表"),
        "count.scores_applicant": ("填的是第 {given} 号", "须是这些参评对象中的一个：{applicants}号", "核对编号"),
        "count.scores_judge": ("填的是第 {given} 号评委", "到场评委编号是 1 到 {judges}", "核对评委编号"),
        "count.scores_twice": ("评委 {judge} 已经给 {applicant} 号打过分", "一名评委给一个对象只打一次分", "登记错了的，用更正"),
        "count.scores_recused": ("评委 {judge} 对 {applicant} 号已经回避", "回避的不打分", "核对编号"),
        "count.scores_recused_once": ("评委 {judge} 对 {applicant} 号已经回避", "只登记一次", "不用再登记"),
        "count.scores_most": ("{criterion}打了 {given} 分", "最多 {most} 分", "核对评分表"),
        "scoring.applicants_max": ("这是第 {given} 个参评对象", "最多 {most} 个", "核对名单"),
        "scoring.applicants": ("参评对象 {given} 个", "至少 {needed} 个", "补充登记"),
        "scoring.panel_min": ("评委到场 {present} 人", "至少 {needed} 人", "人齐了再评"),
        "scoring.panel_odd": ("评委到场 {present} 人", "须是单数", "调整评委人数再评"),
        "scoring.panel_share": (
            "评委到场 {count}，应到 {total}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "人齐了再评",
        ),
        "scoring.complete": ("还缺打分：{missing}", "到场评委给每个对象都要打分", "补登打分；该回避的登记回避"),
        "scoring.scores": ("{applicants}号的打分太少", "每个对象至少要有 {needed} 名评委打分", "请没有回避的评委补打"),
        "scoring.left": ("参评对象都退出了", "至少要有一个", "撤回这件事，或重新组织"),
        "scoring.pass_mark": ("{applicant} 号得 {total} 分", "及格线 {needed} 分", "没有过线"),
        "scoring.band": ("{applicant} 号得 {total} 分", "“{band}”须达到 {needed} 分", "按下一档看"),
        "scoring.tie": ("{applicants}号得分相同，都是 {total} 分", "名次并列", "入围按本步写的并列办法办"),
    },
    tokens={"ties": TIES},
)  # fmt: skip
