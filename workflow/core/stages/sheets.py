"""The sheet of a ballot: papers due, issued, returned, invalid, valid for each who votes, and sums that must agree."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import prod
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, FactValue, Field
from workflow.core.place import BodyToken
from workflow.core.shares import BASES, ShareRule
from workflow.core.stage import Ask, CheckWords, Fault, Id, Stage, Title, Yaml
from workflow.core.stages.tallies import ask_share, whole_number

Base = Literal[
    "registered_voters", "villagers_18plus", "households", "reps_all", "body_all", "voting_members"
]
Weigh = Literal["votes", "rates"]
WEIGHS: Mapping[str, str] = {"votes": "每张票乘权重相加", "rates": "各方得票率乘权重相加"}
COUNTED: Mapping[str, str] = {"hand": "人工计票", "machine": "机器读卡计票"}
# Where a base stands on record; who may vote in an election is in the posted list alone, the body of `body_all` in the YAML.
_RECORDED: Mapping[str, str] = {
    "villagers_18plus": "villagers_assembly",
    "households": "villagers_assembly",
    "reps_all": "rep_assembly",
    "voting_members": "party_meeting",
}


class Group(Yaml):
    """One of several groups that vote apart, whose votes weigh differently."""

    id: Id = YamlField(title="哪一方（代号）")
    title: Title = YamlField(title="哪一方")
    weight: int = YamlField(ge=1, le=10_000, title="权重")
    base: Base = YamlField(default="registered_voters", title="这一方应投票数按什么算")
    body: BodyToken | None = YamlField(default=None, title="这一方是哪个组织的成员")
    turnout: ShareRule = YamlField(title="这一方投票的至少多少才有效")


@dataclass(frozen=True, slots=True)
class Side:
    """Who votes: everybody alike (no prefix), or one group. `prefix` begins the names of its facts."""

    prefix: str
    title: str
    weight: int
    base: str
    body: str | None
    turnout: ShareRule | None

    def number(self, facts: Mapping[str, FactValue], name: str) -> int:
        """Return one of this side's counted facts."""
        return whole_number(facts, self.prefix + name)

    @property
    def meets(self) -> str | None:
        """The body whose members these are, as the place's record has it; None for an election's voters."""
        return self.body or _RECORDED.get(self.base)

    def recorded(self, ask: Ask) -> int | None:
        """Return how many papers are due by the place's record; None where the record does not say."""
        body = self.meets
        return ask.place.counts(body, ask.acted_on).get(self.base) if body else None


def sheet_fields(sides: Iterable[Side], unit: str) -> tuple[Field, ...]:
    """Return the questions of a sheet; what is only known once papers are counted may be left out."""
    return tuple(
        Field(side.prefix + name, f"{side.title}{words}", "count", required, hint=hint)
        for side in sides
        for name, words, required, hint in (
            ("due", f"应投票{unit}数", True, "按登记在册的数；选举按公布的选民名单"),
            ("issued", "发出票数", True, ""),
            ("returned", "收回票数", True, ""),
            ("invalid", "其中无效票", False, "票数不够、没有计票的，无效票、有效票和各项得票都不填"),
            ("valid", "其中有效票", False, ""),
        )
    )


def answer_fields(sides: Iterable[Side], answers: Mapping[str, str]) -> tuple[Field, ...]:
    """Return the question how many papers say what, by side and answer."""
    return tuple(
        Field(f"{side.prefix}votes_{answer}", f"{side.title}“{words}”几票", "count", required=False)
        for side in sides
        for answer, words in answers.items()
    )


def way_fields(counted: Iterable[str], *, secret: bool) -> tuple[Field, ...]:
    """Return the questions how the papers were marked and read."""
    booth = (Field("booth", "无记名，设了秘密写票的地方", "flag"),) if secret else ()
    ways = tuple(Choice(way, COUNTED[way]) for way in counted)
    return (*booth, Field("counting", "怎么计票", "choice", choices=ways))


def teller_fields() -> tuple[Field, ...]:
    """Return the questions of a count on the spot: where, by whom, in whose presence."""
    return (
        Field("place", "投票、计票地点", "line"),
        Field("public", "公开唱票、当场计票、当场公布结果", "flag"),
        Field("scrutineers", "监票人几人", "count"),
        Field("tellers", "计票人几人", "count"),
        Field("tellers_named", "监票人、计票人姓名", "line"),
        Field("independent", "监票人、计票人都不是被投票的人，也不是其近亲属", "flag"),
    )


def weighed(
    sides: Iterable[Side], weigh: Weigh, sheet: Mapping[str, FactValue], votes: Mapping[str, int]
) -> tuple[int, int]:
    """Return (votes, ballots cast) with the sides' weights, as whole numbers whose ratio is exact.

    `votes` is by prefix, a side left out has none. By rates, each side's share of its own papers is weighed, on one common denominator.
    """
    returned = {side.prefix: side.number(sheet, "returned") for side in sides}
    weights = {side.prefix: side.weight for side in sides}
    if weigh == "votes":
        return (
            sum(weights[each] * votes.get(each, 0) for each in weights),
            sum(weights[each] * returned[each] for each in weights),
        )
    common = prod(each for each in returned.values() if each)
    counted = sum(
        weights[each] * votes.get(each, 0) * (common // returned[each]) for each in weights if returned[each]
    )
    return counted, sum(weights.values()) * common


def judge_sheet(ask: Ask, stage: Stage, sides: Mapping[Side, str]) -> tuple[str, list[Requirement]]:
    """Judge the papers: "" where they may be counted, else `turnout_short` or `overfull` (more returned than issued).

    `sides` gives for each the statutes' key of its turnout, or nothing. Sums that cannot be are slips of the pen, refused and never an outcome.
    """
    facts = ask.facts.open
    asked: list[Requirement] = []
    for side, key in sides.items():
        recorded, due = side.recorded(ask), side.number(facts, "due")
        issued, returned = side.number(facts, "issued"), side.number(facts, "returned")
        about: Numbers = {"group": side.title, "due": due, "issued": issued, "returned": returned}
        if recorded is not None:
            asked.append(Requirement("count.ballots_due", due == recorded, {**about, "registered": recorded}))
        elif side.base != "registered_voters":
            asked.append(
                Requirement("count.ballots_on_record", met=False, numbers={"base_words": BASES[side.base]})
            )
        asked += [
            Requirement("count.ballots_issued", issued <= due, about),
            Requirement("ballot.returned", returned <= issued, about, stage.basis, "decides"),
            *ask_share(
                "ballot.turnout", side.turnout, ask.law(key) if key else (), returned, {side.base: due}, stage,
                more={"group": side.title},
            ),
        ]  # fmt: skip
    met = {
        check: all(each.met for each in asked if each.check == check)
        for check in ("ballot.returned", "ballot.turnout")
    }
    outcome = "" if all(met.values()) else "turnout_short" if met["ballot.returned"] else "overfull"
    return outcome, asked + _counted(facts, tuple(sides), stopped=bool(outcome))


def _counted(facts: Mapping[str, FactValue], sides: tuple[Side, ...], *, stopped: bool) -> list[Requirement]:
    asked = []
    for side in sides:
        returned, invalid, valid = (side.number(facts, name) for name in ("returned", "invalid", "valid"))
        about: Numbers = {"group": side.title, "returned": returned, "invalid": invalid, "valid": valid}
        if stopped:
            votes = sum(
                whole_number(facts, name) for name in facts if name.startswith(f"{side.prefix}votes_")
            )
            about["votes"] = votes
            asked.append(Requirement("count.ballots_uncounted", valid + invalid + votes == 0, about))
        else:
            asked.append(Requirement("count.ballots_sum", valid + invalid == returned, about))
    return asked


def judge_way(ask: Ask, tellers_min: int) -> list[Requirement]:
    """Ask what the form could only say yes to: secrecy, the public count, tellers who are nobody's relatives."""
    facts = ask.facts.open
    asked = []
    if "booth" in facts:
        asked.append(Requirement("ballot.booth", facts["booth"] is True))
    if "public" in facts:
        scrutineers, tellers = whole_number(facts, "scrutineers"), whole_number(facts, "tellers")
        numbers: Numbers = {"scrutineers": scrutineers, "tellers": tellers, "needed": tellers_min}
        asked += [
            Requirement("ballot.public", facts["public"] is True),
            Requirement("ballot.independent", facts["independent"] is True),
            Requirement("ballot.heads", min(scrutineers, tellers) >= tellers_min, numbers),
        ]
    return asked


def side_faults(sides: tuple[Side, ...], path: tuple[tuple[str | int, ...], ...]) -> Iterable[Fault]:
    """Yield what a side says against itself: whose papers are due, and of what the turnout is a share."""
    for side, here in zip(sides, path, strict=True):
        if (side.base == "body_all") != (side.body is not None):
            yield Fault(
                (*here, "body"), "base 写 body_all 时要写 body，写别的时不写 body",
                "例如 base: body_all 和 body: rep_assembly",
            )  # fmt: skip
        if side.turnout is None:
            yield Fault((*here, "turnout"), "没有写多少票投票才有效", f"例如 turnout: '> 1/2 of {side.base}'")
        elif side.turnout.bases != {side.base}:
            yield Fault(
                (*here, "turnout"), f"投票是否有效要按“{BASES[side.base]}”算，写的是“{side.turnout.words()}”",
                f"写成 of {side.base}，或改 base",
            )  # fmt: skip


CHECKS: CheckWords = {
    "count.ballots_on_record": ("还没有登记{base_words}的数", "须先登记", "请在“人员与授权”里登记，并由监委会确认"),
    "count.ballots_due": ("{group}应投票数填了 {due}", "登记在册 {registered}", "按在册的数填写；有变动请先更新“人员与授权”"),
    "count.ballots_issued": ("{group}发出 {issued} 票，应投 {due}", "发出的票不能多于应投票数", "核对发票登记"),
    "count.ballots_sum": (
        "{group}无效 {invalid} 票、有效 {valid} 票", "合计应等于收回 {returned} 票", "核对计票单",
    ),
    "count.ballots_uncounted": (
        "{group}投票无效，却填了无效 {invalid} 票、有效 {valid} 票、得票 {votes} 票", "投票无效就不计票",
        "无效票、有效票和得票都不填",
    ),
    "ballot.returned": ("{group}收回 {returned} 票，发出 {issued} 票", "收回的票不能多于发出的票，多了投票无效", "重新投票"),
    "ballot.turnout": ("{group}投票 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "投票无效，择日再投"),
    "ballot.booth": ("没有设秘密写票的地方", "无记名投票须能秘密写票", "设好写票处，重新投票"),
    "ballot.public": ("没有当场公开计票、公布结果", "须当场公开唱票、计票、公布结果", "按规定重新组织"),
    "ballot.independent": ("监票人、计票人里有被投票的人或其近亲属", "被投票的人及其近亲属应当回避", "换人后重新计票"),
    "ballot.heads": ("监票人 {scrutineers} 人，计票人 {tellers} 人", "各至少 {needed} 人", "补足监票人、计票人"),
}  # fmt: skip
