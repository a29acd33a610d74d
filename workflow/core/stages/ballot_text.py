"""What a file may say of a ballot, and what in it cannot stand together."""

from abc import ABC
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.floors import FloorClaim
from workflow.core.place import BodyToken
from workflow.core.shares import BASES, Share, ShareRule
from workflow.core.stage import Fault, Id, Offices, Stage, Title, Yaml
from workflow.core.stages.sheets import Base, Group, Side, Weigh, side_faults
from workflow.core.stages.tallies import Band, Target, band_faults, twice

UNITS: Mapping[str, str] = {"person": "一人一票", "household": "一户一票", "groups": "几方分别投票、加权计算"}
PURPOSES: Mapping[str, str] = {
    "election": "选举村民委员会成员",
    "recall": "罢免村民委员会成员",
    "appraisal": "民主评议",
    "poll": "推荐、测评、征求意见",
}
OWN_OUTCOMES: Mapping[str, str] = {
    "turnout_short": "投票的不够，本次投票无效",
    "overfull": "收回的票多于发出的票，本次投票无效",
    "nominated": "已登记候选人",
    "struck": "已从名单上取消",
    "settled": "候选人名单已定",
    "collected": "票已收回，可以计票",
    "counted": "已登记得票",
    "reopened": "更正影响结果，须重新登记",
    "elected": "已选出",
    "run_off": "没有选满，须再投票",
    "not_elected": "没有选成",
}
_LEAST = 2


class Answer(Yaml):
    """One answer on the paper."""

    id: Id = YamlField(title="选项代号")
    title: Title = YamlField(title="选项")


class BallotBand(Band):
    """A result by the share of some answers; the last band has no rule: it is whatever the others are not."""

    answers: tuple[Id, ...] = YamlField(default=(), title="哪些选项合计")
    rule: ShareRule | None = YamlField(default=None, title="合计须达到")


class BallotText(Stage, ABC):
    """The parameters of a ballot: who votes, how papers are counted, and either a scale with bands or seats."""

    kind: Literal["ballot"]
    purpose: Literal["election", "recall", "appraisal", "poll"] = YamlField(
        default="poll", title="投票做什么"
    )
    unit: Literal["person", "household", "groups"] = YamlField(default="person", title="怎么算一票")
    base: Base | None = YamlField(default=None, title="应投票数按什么算")
    body: BodyToken | None = YamlField(default=None, title="是哪个组织的成员")
    turnout: ShareRule | None = YamlField(default=None, title="多少票投了才有效")
    groups: tuple[Group, ...] = YamlField(default=(), title="各方和权重")
    weigh: Weigh = YamlField(default="votes", title="加权怎么算")
    secret: bool = YamlField(default=True, title="无记名，设秘密写票处")
    counted: Annotated[tuple[Literal["hand", "machine"], ...], YamlField(min_length=1)] = YamlField(
        default=("hand",), title="怎么计票"
    )
    on_spot: bool = YamlField(default=True, title="当场公开计票")
    tellers_min: int = YamlField(default=1, ge=1, le=50, title="监票人、计票人各至少几人")
    scale: tuple[Answer, ...] = YamlField(default=(), title="票上的选项")
    bands: tuple[BallotBand, ...] = YamlField(default=(), title="结果分几档（从上往下，先达到的算）")
    seats: int | None = YamlField(default=None, ge=1, le=50, title="选几人")
    seats_min: int | None = YamlField(default=None, ge=1, le=50, title="至少选出几人才算成")
    candidates_max: int = YamlField(default=20, ge=1, le=100, title="候选人最多几人")
    more_candidates: bool = YamlField(default=True, title="候选人须多于应选人数（差额）")
    elected: ShareRule | None = YamlField(default=None, title="当选须得多少票（不写就是得票多的当选）")
    run_off: Target | None = YamlField(default=None, title="没选满或末位得票相同，在哪里再投（. 就在本步）")
    run_off_share: ShareRule | None = YamlField(default=None, title="再投时当选须得多少票")
    rounds: int = YamlField(default=2, ge=1, le=9, title="在本步最多投几轮")
    decisive: bool = YamlField(default=True, title="结果须另一职务复核后生效")
    by: Offices = YamlField(default=("secretary", "committee_director", "clerk"), title="由谁登记")

    @property
    def sides(self) -> tuple[Side, ...]:
        """Who votes: the groups, or everybody alike."""
        if self.unit == "groups":
            return tuple(
                Side(f"{one.id}_", one.title, one.weight, one.base, one.body, one.turnout)
                for one in self.groups
            )
        base = "households" if self.unit == "household" else self.base or "registered_voters"
        return (Side("", "", 1, base, self.body, self.turnout),)

    @property
    def counted_in(self) -> str:
        """What a result's numbers count, in words."""
        return "票（加权后）" if self.unit == "groups" else "票"

    def turnout_key(self, side: Side) -> str:
        """Return the statutes' key of the turnout: who appraises or chooses somebody in a body meets as that body."""
        if self.purpose in ("election", "recall"):
            return f"{self.purpose}.turnout"
        meets = self.purpose == "appraisal" or self.seats is not None
        return f"{side.meets}.quorum" if meets and self.unit != "groups" else ""

    def floors(self) -> tuple[FloorClaim, ...]:
        """Turnout, the shares that elect or recall, secrecy: against 组织法 2025 arts. 18, 19, 26, 30, 38."""
        held = {"quorum": self.turnout} if self.turnout is not None else {}
        claims = [
            FloorClaim(("turnout",), key, self.turnout, {})
            for side in self.sides
            if (key := self.turnout_key(side))
        ]
        if self.purpose == "election":
            claims.append(FloorClaim(("secret",), "election.secret", self.secret, {}))
            claims.append(
                FloorClaim(("more_candidates",), "election.more_candidates", self.more_candidates, {})
            )
            if self.seats is not None:
                claims.append(FloorClaim(("elected",), "election.elected", self.elected, held))
            if self.run_off is not None:
                claims.append(FloorClaim(("run_off_share",), "election.run_off", self.run_off_share, held))
            claims.append(FloorClaim(("on_spot",), "election.on_spot", self.on_spot, {}))
        if self.purpose == "appraisal":
            claims.append(FloorClaim(("on_spot",), "appraisal.result_on_the_spot", self.on_spot, {}))
        if self.purpose == "recall" and self.bands:
            claims.append(FloorClaim(("bands", 0, "rule"), "recall.approval", self.bands[0].rule, held))
        return tuple(claims)

    def outcome_titles(self) -> Mapping[str, str]:
        """The bands' titles."""
        return {band.id: band.title for band in self.bands}

    def faults(self) -> tuple[Fault, ...]:
        """Return what cannot stand together: who votes, and the scale or the seats."""
        found = [*self._voters()]
        if (self.seats is None) == (not self.scale):
            found.append(Fault((), "要么写 scale（票上的选项），要么写 seats（选几人），只写一样"))
        elif self.seats is None:
            found += [*self._scale()]
        else:
            found += [*self._seats(self.seats)]
        return tuple(found)

    def _voters(self) -> Iterator[Fault]:
        if self.purpose in ("election", "recall") and self.unit != "person":
            yield Fault(("unit",), "选举、罢免一人一票", "unit 写 person")
        if self.purpose == "election" and self.seats is None:
            yield Fault(("purpose",), "选举要写 seats（选几人）")
        if self.unit == "groups":
            if len(self.groups) < _LEAST:
                yield Fault(
                    ("groups",), "unit 写 groups 时至少要写两方", "每一方写 id、title、weight、turnout"
                )
            for field in ("base", "body", "turnout"):
                if getattr(self, field) is not None:
                    yield Fault((field,), f"分几方投票时，{field} 写在各方里，不写在外面")
            yield from twice((one.id for one in self.groups), "groups", "各方代号")
            yield from side_faults(self.sides, tuple(("groups", index) for index in range(len(self.groups))))
            return
        if self.groups:
            yield Fault(("groups",), "写了各方，unit 就要写 groups")
        if self.unit == "household" and self.base not in (None, "households"):
            yield Fault(("base",), "一户一票按户数算，不能按别的数算", "删去 base，或改 unit")
        yield from side_faults(self.sides, ((),))

    def _shares(self) -> Iterator[tuple[tuple[str | int, ...], ShareRule]]:
        for index, band in enumerate(self.bands):
            if band.rule is not None:
                yield ("bands", index, "rule"), band.rule
        for field in ("elected", "run_off_share"):
            if (rule := getattr(self, field)) is not None:
                yield (field,), rule

    def _bases(self) -> Iterator[Fault]:
        known = (
            {"ballots_cast"}
            if self.unit == "groups" or self.purpose == "election"
            else {"ballots_cast", self.sides[0].base}
        )
        for path, rule in self._shares():
            if not rule.bases <= known:
                words = "或".join(f"“{BASES[base]}”" for base in sorted(known))
                yield Fault(
                    path, f"这里只能按{words}算", "写成 " + " 或 ".join(f"of {one}" for one in sorted(known))
                )

    def _scale(self) -> Iterator[Fault]:
        yield from self._bases()
        yield from twice((one.id for one in self.scale), "scale", "选项代号")
        yield from band_faults(self.bands, OWN_OUTCOMES)
        for field in ("elected", "run_off", "run_off_share", "seats_min"):
            if getattr(self, field) is not None:
                yield Fault((field,), f"没有候选人的投票不写 {field}", "删去这一项")
        if len(self.scale) < _LEAST:
            yield Fault(("scale",), "票上至少要有两个选项")
        if len(self.bands) < _LEAST:
            yield Fault(("bands",), "结果至少分两档", "最后一档不写 answers 和 rule，归其余情况")
        answers = {one.id for one in self.scale}
        for index, band in enumerate(self.bands):
            last = index == len(self.bands) - 1
            if unknown := [each for each in band.answers if each not in answers]:
                yield Fault(("bands", index, "answers"), f"票上没有“{'、'.join(unknown)}”这个选项")
            if last and (band.rule or band.answers):
                yield Fault(
                    ("bands", index), "都达不到的时候没有一档可归", "在最后加一档，不写 answers 和 rule",
                )  # fmt: skip
            elif not last and (band.rule is None or not band.answers):
                yield Fault(
                    ("bands", index),
                    f"“{band.title}”没有写 answers 或 rule，后面各档都轮不到",
                    "只有最后一档可以不写",
                )
        yield from self._order()

    def _order(self) -> Iterator[Fault]:
        """Yield bands that are never reached, and such as two equal halves reach both."""
        for index, band in enumerate(self.bands):
            for earlier in self.bands[:index]:
                if band.rule is None or earlier.rule is None:
                    continue
                path = ("bands", index, "rule")
                if set(band.answers) <= set(earlier.answers) and _implies(band.rule, earlier.rule):
                    yield Fault(
                        path, f"达到“{band.title}”的都已经达到前面的“{earlier.title}”，这一档永远轮不到",
                        "把要求高的写在前面",
                    )  # fmt: skip
                elif not set(band.answers) & set(earlier.answers) and _meet(band.rule, earlier.rule):
                    yield Fault(
                        path, f"两边正好各占一份时，“{earlier.title}”和“{band.title}”都达到", "把其中一个的 >= 改成 >",
                    )  # fmt: skip

    def _seats(self, seats: int) -> Iterator[Fault]:
        yield from self._bases()
        if self.bands:
            yield Fault(("bands",), "选人的投票不写 bands", "删去 bands，或改用 scale")
        needed = seats + self.more_candidates
        if needed > self.candidates_max:
            yield Fault(
                ("seats",), f"选 {seats} 人，候选人至少 {needed} 人，可是最多只能有 {self.candidates_max} 人",
                "改 candidates_max 或 seats",
            )  # fmt: skip
        if (self.seats_min or 1) > seats:
            yield Fault(("seats_min",), f"至少选出 {self.seats_min} 人，可是只选 {seats} 人")
        if self.run_off is None and self.run_off_share is not None:
            yield Fault(
                ("run_off_share",), "没有写在哪里再投，就不写再投时的票数", "写上 run_off，或删去这一项"
            )
        if self.run_off == "." and self.rounds < _LEAST:
            yield Fault(("rounds",), "在本步再投，至少要有两轮", "rounds 写 2")


def _fraction(share: Share) -> tuple[int, int]:
    return share.numerator, share.denominator


def _implies(rule: ShareRule, other: ShareRule) -> bool:
    """Whether whatever meets `rule` meets `other`, compared share by share on equal bases."""
    return all(any(_covers(share, each) for each in other.shares) for share in rule.shares)


def _covers(share: Share, other: Share) -> bool:
    (a, b), (c, d) = _fraction(share), _fraction(other)
    if share.base != other.base:
        return False
    return a * d > c * b or (a * d == c * b and (share.op == ">" or other.op == ">="))


def _meet(rule: ShareRule, other: ShareRule) -> bool:
    """Whether two disjoint parts can just both reach their shares: the fractions make one whole and neither is `>`."""
    return any(
        one.base == two.base and one.op == two.op == ">="
        and one.numerator * two.denominator + two.numerator * one.denominator == one.denominator * two.denominator
        for one in rule.shares
        for two in other.shares
    )  # fmt: skip
