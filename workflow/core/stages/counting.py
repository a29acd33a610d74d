"""Counting heads and votes: sums that must agree, shares that must be reached, all in whole numbers (CNT-01 … 07)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.shares import Share, ShareRule
from workflow.core.stage import Ask, CheckWords, articles
from workflow.core.statutes import StatuteValue

METHODS = (Choice("show_of_hands", "举手"), Choice("secret", "无记名投票"), Choice("oral", "口头"))
MODES = (Choice("villagers_18plus", "十八周岁以上村民到会"), Choice("households", "每户派代表到会"))
BASE_OF_BODY = {
    "rep_assembly": "body_all",
    "party_meeting": "voting_members",
    "branch_committee": "body_all",
    "joint_meeting": "body_all",
    "committee": "body_all",
    "vsc": "body_all",
}


@dataclass(frozen=True, slots=True)
class Count:
    """What a count came to, with every requirement asked."""

    outcome: str
    requirements: tuple[Requirement, ...]


def count_fields(bodies: Iterable[str], prefix: str = "") -> tuple[Field, ...]:
    """Return the questions of a count: due, present, votes; women and the mode of counting where a body needs them."""
    names = tuple(bodies)
    women, assembly = "rep_assembly" in names, "villagers_assembly" in names
    fields = (
        Field(
            "mode",
            "按什么统计到会（村民会议才填）",
            "choice",
            required=names == ("villagers_assembly",),
            choices=MODES,
        )
        if assembly
        else None,
        Field("due", "应到人数", "count", hint="按登记在册的组成人员；户代表会议填户数"),
        Field("present", "实到人数", "count"),
        Field("women_present", "其中妇女代表实到", "count", required=names == ("rep_assembly",))
        if women
        else None,
        Field("recused", "回避人数（在场但不参加表决）", "count", required=False),
        Field("in_favour", "同意", "count", required=False, hint="到会人数不够、没有表决的，这三项不填"),
        Field("against", "反对", "count", required=False),
        Field("abstain", "弃权", "count", required=False),
        Field("method", "表决方式", "choice", required=False, choices=METHODS),
    )
    return tuple(
        Field(prefix + each.name, each.title, each.type, each.required, each.choices, each.hint)
        for each in fields
        if each is not None
    )


@dataclass(frozen=True, slots=True)
class _Tally:
    due: int
    present: int
    women: int | None
    recused: int
    in_favour: int
    against: int
    abstain: int
    mode: str


def _tally(ask: Ask, body: str, prefix: str) -> _Tally:
    mode = ask.facts.open.get(prefix + "mode")
    women = ask.facts.open.get(prefix + "women_present")
    return _Tally(
        due=ask.number(prefix + "due"),
        present=ask.number(prefix + "present"),
        women=women if isinstance(women, int) and body == "rep_assembly" else None,
        recused=ask.number(prefix + "recused"),
        in_favour=ask.number(prefix + "in_favour"),
        against=ask.number(prefix + "against"),
        abstain=ask.number(prefix + "abstain"),
        mode=str(mode or "villagers_18plus") if body == "villagers_assembly" else "",
    )


def _share(
    check: str, rule: ShareRule, count: int, bases: Mapping[str, int], basis: tuple[str, ...]
) -> Requirement | None:
    """Ask one rule of one count; alternatives whose base was not counted (the other mode) are left aside."""
    shares = [share for share in rule.shares if share.base in bases]
    if not shares:
        return None
    met = [share for share in shares if share.met(count, bases[share.base])]
    shown: Share = (met or shares)[0]
    total = bases[shown.base]
    numbers: Numbers = {
        "count": count,
        "total": total,
        "base": shown.base,
        "rule": str(rule),
        "least": shown.least(total) or 0,
    }
    return Requirement(check, bool(met), numbers, basis, "decides")


def _asked_shares(
    check: str,
    rule: ShareRule | None,
    own_basis: tuple[str, ...],
    law: tuple[StatuteValue, ...],
    count: int,
    bases: Mapping[str, int],
) -> list[Requirement]:
    """Ask the procedure's rule and every statute's; the same rule is asked once, with all its articles."""
    asked: dict[ShareRule, tuple[str, ...]] = {rule: ()} if rule is not None else {}
    for value in law:
        if isinstance(value.value, ShareRule):
            asked[value.value] = (*asked.get(value.value, ()), value.words())
    if rule is not None:
        asked[rule] = asked[rule] or own_basis
    found = [_share(check, each, count, bases, basis) for each, basis in asked.items()]
    return [each for each in found if each is not None]


def _sums(tally: _Tally, counts: Mapping[str, int], due: int, *, quorate: bool) -> list[Requirement]:
    votes = tally.in_favour + tally.against + tally.abstain
    wanted = tally.present - tally.recused if quorate else 0
    numbers: Numbers = {
        "votes": votes, "present": tally.present, "recused": tally.recused, "wanted": wanted, "quorate": quorate,
    }  # fmt: skip
    asked = [
        Requirement("count.due", tally.due == due, {"given": tally.due, "registered": due}),
        Requirement(
            "count.present", tally.present <= tally.due, {"present": tally.present, "due": tally.due}
        ),
        Requirement(
            "count.recused",
            tally.recused <= tally.present,
            {"recused": tally.recused, "present": tally.present},
        ),
        Requirement("count.votes" if quorate else "count.no_vote_without_quorum", votes == wanted, numbers),
    ]
    if tally.women is not None:
        women = counts.get("women_reps", 0)
        numbers = {"women": tally.women, "women_reps": women, "present": tally.present}
        asked.append(Requirement("count.women", tally.women <= min(women, tally.present), numbers))
    return asked


def judge_count(
    ask: Ask,
    body: str,
    quorum: ShareRule | None,
    approval: ShareRule | None,
    women_quorum: ShareRule | None,
    own_basis: tuple[str, ...],
    prefix: str = "",
) -> Count:
    """Judge a count of `body`: adjourned without quorum, passed, divided (neither side over half), or rejected."""
    counts = ask.place.counts(body, ask.acted_on)
    tally = _tally(ask, body, prefix)
    base = tally.mode or BASE_OF_BODY[body]
    if body == "villagers_assembly" and prefix + "mode" not in ask.facts.open:
        return Count("adjourned", (Requirement("count.mode_given", met=False),))
    if base not in counts:
        return Count("adjourned", (Requirement("count.body_on_record", met=False, numbers={"body": body}),))
    due = counts[base]
    bases = {name: number for name, number in counts.items() if not tally.mode or name == base}
    bases |= {"present": tally.present, "due": tally.due}
    asked = _asked_shares(
        "meeting.quorum", quorum, own_basis, ask.law(f"{body}.quorum"), tally.present, bases
    )
    if not asked:
        return Count("adjourned", (Requirement("count.mode_allowed", met=False, numbers={"body": body}),))
    women_law = ask.law(f"{body}.women_quorum")
    if (women_quorum is not None or women_law) and tally.women is None:
        return Count("adjourned", (Requirement("count.women_given", met=False, basis=articles(women_law)),))
    if women_quorum is not None or women_law:
        asked += _asked_shares(
            "meeting.women_quorum",
            women_quorum,
            own_basis,
            women_law,
            tally.women or 0,
            bases,
        )
    quorate = all(each.met for each in asked)
    sums = _sums(tally, counts, due, quorate=quorate)
    if not quorate:
        return Count("adjourned", (*sums, *asked))
    votes = _asked_shares(
        "meeting.approval", approval, own_basis, ask.law(f"{body}.approval"), tally.in_favour, bases
    )
    if not votes:
        return Count("rejected", (Requirement("count.mode_allowed", met=False, numbers={"body": body}),))
    if all(each.met for each in votes):
        outcome = "passed"
    elif 2 * tally.in_favour > tally.present or 2 * tally.against > tally.present:
        outcome = "rejected"
    else:
        outcome = "divided"
    return Count(outcome, (*sums, *asked, *votes))


CHECKS: CheckWords = {
    "count.body_on_record": ("还没有登记{body}的人数", "须先登记组成人数", "请在“人员与授权”里登记，并由监委会确认"),
    "count.due": ("应到填了 {given}", "登记在册 {registered}", "按在册人数填写；人数有变动请先更新“人员与授权”"),
    "count.present": ("实到 {present}，应到 {due}", "实到不能多于应到", "核对签到表"),
    "count.recused": ("回避 {recused}，实到 {present}", "回避人数不能多于实到", "核对签到表"),
    "count.votes": (
        "同意、反对、弃权合计 {votes}", "应等于实到 {present} 减回避 {recused}，即 {wanted}", "核对计票单，未表态的计入弃权",
    ),
    "count.no_vote_without_quorum": (
        "到会不足，却填了 {votes} 票", "到会不足不能表决", "表决三项都不填；会议按未开成登记，改期再开",
    ),
    "count.women_given": ("妇女代表实到人数没有填", "村民代表会议要单独统计妇女代表到会", "填上妇女代表实到人数"),
    "count.mode_given": ("没有说按什么统计到会", "村民会议按十八周岁以上村民或按户统计到会", "选一种统计办法"),
    "count.mode_allowed": ("{body}没有规定按这种统计怎么算到会、怎么算通过", "须有到会和通过的规定", "换一种统计办法"),
    "count.women": (
        "妇女代表实到 {women}", "不能多于妇女代表 {women_reps} 人，也不能多于实到 {present} 人", "核对签到表",
    ),
    "meeting.quorum": ("实到 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "会议未开成，改期再开"),
    "meeting.women_quorum": (
        "妇女代表实到 {count}，共 {total}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "会议未开成，改期再开",
    ),
    "meeting.approval": ("同意 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "未通过"),
}  # fmt: skip
