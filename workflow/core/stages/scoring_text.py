"""What a file may say of a scoring, and what in it cannot stand together."""

from abc import ABC
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.shares import ShareRule
from workflow.core.stage import Fault, Id, Offices, Stage, Title, Yaml
from workflow.core.stages.tallies import Band, Mark, band_faults, twice

TIES: Mapping[str, str] = {"all_in": "一并入围", "none_in": "都不入围"}
OWN_OUTCOMES: Mapping[str, str] = {
    "entered": "已登记参评对象",
    "struck": "已从名单上取消",
    "convened": "评委到齐，开始评分",
    "panel_short": "评委到场不够，没有评成",
    "scored": "已登记打分",
    "recused": "已登记回避",
    "left": "已登记退出",
    "reopened": "更正影响结果，须重新登记",
    "shortlisted": "已评出入围",
    "none_passed": "没有评出入围",
}
_TRIMMED = 2


class Criterion(Yaml):
    """One thing that is scored: 0 to `max` points, times `weight`."""

    id: Id = YamlField(title="项目代号")
    title: Title = YamlField(title="评分项目")
    weight: int = YamlField(default=1, ge=1, le=1000, title="权重")
    max: int = YamlField(ge=1, le=1000, title="最高分")


class ScoreBand(Band):
    """A result by the total."""

    at_least: Mark = YamlField(title="总分至少")


class ScoringText(Stage, ABC):
    """The parameters of a scoring. The total is the sum of points times weights, averaged over the judges."""

    kind: Literal["scoring"]
    criteria: Annotated[tuple[Criterion, ...], YamlField(min_length=1)] = YamlField(title="评分项目和权重")
    panel_min: int = YamlField(default=3, ge=1, le=100, title="评委至少几人")
    panel_odd: bool = YamlField(default=False, title="评委须是单数")
    panel_share: ShareRule | None = YamlField(default=None, title="评委到场要求")
    joint: bool = YamlField(default=False, title="可以两家联合申报、共同答辩")
    applicants_min: int = YamlField(default=1, ge=1, le=500, title="参评对象至少几个")
    applicants_max: int = YamlField(default=100, ge=1, le=500, title="参评对象最多几个")
    trim: bool = YamlField(default=False, title="去掉一个最高分、一个最低分")
    pass_mark: Mark | None = YamlField(default=None, title="及格线")
    shortlist: int | None = YamlField(default=None, ge=1, le=500, title="最多入围几个")
    ties: Literal["all_in", "none_in"] = YamlField(default="all_in", title="末位并列时")
    bands: tuple[ScoreBand, ...] = YamlField(default=(), title="按总分分几档（从高到低）")
    decisive: bool = YamlField(default=True, title="结果须另一职务复核后生效")
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")

    @property
    def most(self) -> int:
        """The highest possible total."""
        return sum(one.weight * one.max for one in self.criteria)

    @property
    def scores_min(self) -> int:
        """How many scores an applicant needs: one, or one besides the two that are dropped."""
        return 1 + _TRIMMED * self.trim

    def outcome_titles(self) -> Mapping[str, str]:
        """The bands' titles."""
        return {band.id: band.title for band in self.bands}

    def faults(self) -> tuple[Fault, ...]:
        """Return what cannot stand together."""
        return (
            *twice((one.id for one in self.criteria), "criteria", "项目代号"),
            *self._judges(),
            *self._result(),
        )

    def _judges(self) -> Iterator[Fault]:
        if self.panel_share is not None and self.panel_share.bases != {"due"}:
            yield Fault(("panel_share",), "评委到场按应到评委算", "写成 of due")
        if self.panel_min < self.scores_min:
            yield Fault(
                ("trim",), f"去掉最高最低至少要 {self.scores_min} 名评委，panel_min 写的是 {self.panel_min}",
                "panel_min 写大些，或不去掉",
            )  # fmt: skip
        if self.applicants_min > self.applicants_max:
            yield Fault(
                ("applicants_min",),
                f"参评对象至少 {self.applicants_min} 个，最多却是 {self.applicants_max} 个",
            )

    def _result(self) -> Iterator[Fault]:
        if self.pass_mark is not None and self.pass_mark > self.most:
            yield Fault(
                ("pass_mark",), f"及格线 {self.pass_mark} 分，可是满分只有 {self.most} 分", f"写 {self.most} 以内的数",
            )  # fmt: skip
        if self.shortlist is not None and self.shortlist > self.applicants_max:
            yield Fault(
                ("shortlist",), f"入围 {self.shortlist} 个，可是参评对象最多 {self.applicants_max} 个"
            )
        if not self.bands:
            if self.pass_mark is None and self.shortlist is None:
                yield Fault(
                    (), "没有写怎么出结果", "写 pass_mark（及格线）、shortlist（入围几个）或 bands（分档）"
                )
            return
        for field in ("pass_mark", "shortlist"):
            if getattr(self, field) is not None:
                yield Fault((field,), f"分了档就不写 {field}", "删去其中一样")
        if self.applicants_max != 1:
            yield Fault(
                ("bands",), "分档只用于评一个对象", "写上 applicants_max: 1，或改用 pass_mark、shortlist"
            )
        yield from band_faults(self.bands, OWN_OUTCOMES)
        yield from self._order()

    def _order(self) -> Iterator[Fault]:
        above: Fraction | None = None
        for index, band in enumerate(self.bands):
            path = ("bands", index, "at_least")
            if band.at_least > self.most:
                yield Fault(path, f"“{band.title}”要 {band.at_least} 分，可是满分只有 {self.most} 分")
            if above is not None and band.at_least >= above:
                yield Fault(path, f"“{band.title}”的分数不低于上一档，永远轮不到", "从高到低写，各档不重叠")
            above = band.at_least
        if above:
            yield Fault(
                ("bands", len(self.bands) - 1, "at_least"),
                f"不到 {above} 分的没有一档可归",
                "最后一档写 at_least: 0",
            )
