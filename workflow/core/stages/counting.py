"""Counting votes: shares that must be reached, of the base the rule names, all in whole numbers (CNT-01 … 07)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.shares import Share, ShareRule
from workflow.core.stage import Ask, CheckWords, articles
from workflow.core.stages import attendance
from workflow.core.stages.attendance import Attendance, attendance_fields
from workflow.core.stages.bodies import BodyRules
from workflow.core.statutes import StatuteValue

Method = Literal["show_of_hands", "secret", "oral"]
METHODS = (Choice("show_of_hands", "举手"), Choice("secret", "无记名投票"), Choice("oral", "口头"))
METHOD_WORDS = {each.token: each.title for each in METHODS}
HALF = ShareRule.parse("> 1/2 of present")
_VOTES = ("in_favour", "against", "abstain")
# Bodies that decide for those concerned. A party branch or a council only discusses or proposes what they will decide.
DECIDING = frozenset(
    {"villagers_assembly", "rep_assembly", "group_meeting", "levy_reps", "member_assembly", "member_reps"}
)


@dataclass(frozen=True, slots=True)
class Count:
    """What a count came to, with every requirement asked."""

    outcome: str
    requirements: tuple[Requirement, ...]


def count_fields(
    bodies: Mapping[str, BodyRules], prefix: str = "", *, votes: bool = True
) -> tuple[Field, ...]:
    """Return the questions of a count: who came, and where there is a vote, how they voted."""
    voted = (
        Field("recused", "回避人数（在场但不参加表决）", "count", required=False),
        Field("in_favour", "同意", "count", required=False, hint="到会人数不够、没有表决的，这三项不填"),
        Field("against", "反对", "count", required=False),
        Field("abstain", "弃权", "count", required=False),
        Field("method", "表决方式", "choice", required=False, choices=METHODS),
    )
    fields = (*attendance_fields(bodies), *(voted if votes else ()))
    return tuple(replace(each, name=prefix + each.name) for each in fields) if prefix else fields


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


def _votes(ask: Ask, found: Attendance, prefix: str, *, quorate: bool) -> list[Requirement]:
    votes = sum(ask.number(prefix + name) for name in _VOTES)
    recused = ask.number(prefix + "recused")
    wanted = found.present - recused if quorate else 0
    numbers: Numbers = {
        "votes": votes, "present": found.present, "recused": recused, "wanted": wanted, "quorate": quorate,
    }  # fmt: skip
    return [
        Requirement(
            "count.recused", recused <= found.present, {"recused": recused, "present": found.present}
        ),
        Requirement("count.votes" if quorate else "count.no_vote_without_quorum", votes == wanted, numbers),
    ]


def _quorum(
    ask: Ask, body: str, rules: BodyRules | None, found: Attendance
) -> tuple[list[Requirement], Requirement | None]:
    """Ask the quorums; the second answer is why they cannot be asked, if they cannot."""
    basis = rules.basis if rules else ()
    quorum, women_quorum = (rules.quorum, rules.women_quorum) if rules else (None, None)
    asked = _asked_shares(
        "meeting.quorum", quorum, basis, ask.law(f"{body}.quorum"), found.present, found.bases
    )
    if not asked or _uncounted(quorum, found):
        return [], Requirement("count.mode_allowed", met=False, numbers={"body": body})
    law = ask.law(f"{body}.women_quorum")
    if women_quorum is not None or law:
        if found.women is None:
            return [], Requirement("count.women_given", met=False, basis=articles(law))
        asked += _asked_shares("meeting.women_quorum", women_quorum, basis, law, found.women, found.bases)
    return asked, None


def _uncounted(rule: ShareRule | None, found: Attendance) -> bool:
    """Whether the procedure's own rule takes its share only of what was not counted: the law's alone would be too little."""
    return rule is not None and not rule.bases & set(found.bases)


def _women(found: Attendance) -> list[Requirement]:
    if found.women is None:
        return []
    women = found.counts.get("women_reps", 0)
    numbers: Numbers = {"women": found.women, "women_reps": women, "present": found.present}
    return [Requirement("count.women", found.women <= min(women, found.present), numbers)]


def _approval(
    ask: Ask, body: str, rules: BodyRules | None, found: Attendance, prefix: str
) -> list[Requirement]:
    """Ask the approval of the rules, of the law on this body, and of the law on this class of matter, whoever decides."""
    in_favour = ask.number(prefix + "in_favour")
    basis, own = (rules.basis, rules.approval) if rules else ((), None)
    class_ = ask.matter.opening.get("class")
    special = ask.law(f"{class_}.approval") if class_ and body in DECIDING else ()
    law = (*ask.law(f"{body}.approval"), *special)
    asked = _asked_shares("meeting.approval", own, basis, law, in_favour, found.bases)
    if not asked or _uncounted(own, found):
        return [Requirement("count.mode_allowed", met=False, numbers={"body": body})]
    for value in special:
        if isinstance(value.value, ShareRule) and not value.value.bases & set(found.bases):
            numbers: Numbers = {"title": value.title, "body": body, "needed_words": value.value_words()}
            asked.append(
                Requirement("meeting.class_body", met=False, numbers=numbers, basis=(value.words(),))
            )
    return asked


def judge_count(
    ask: Ask,
    body: str,
    rules: BodyRules | None,
    prefix: str = "",
    *,
    votes: bool = True,
    divided: ShareRule = HALF,
) -> Count:
    """Judge a count of `body`.

    `adjourned` without quorum; `held` where there is no vote; else `passed`, `divided` (neither those in favour nor
    those against reach the share `divided`) or `rejected`. Without `rules` only the law is asked.
    """
    found, sums = attendance.attendance(ask, body, rules, prefix)
    if found is None:
        return Count("adjourned", tuple(sums))
    asked, cannot = _quorum(ask, body, rules, found)
    if cannot is not None:
        return Count("adjourned", (cannot,))
    quorate = all(each.met for each in asked)
    sums += [*(_votes(ask, found, prefix, quorate=quorate) if votes else ()), *_women(found)]
    if not quorate or not votes:
        return Count("held" if quorate else "adjourned", (*sums, *asked))
    approved = _approval(ask, body, rules, found, prefix)
    if all(each.met for each in approved):
        outcome = "passed"
    elif any(divided.met(ask.number(prefix + side), found.bases) for side in ("in_favour", "against")):
        outcome = "rejected"
    else:
        outcome = "divided"
    return Count(outcome, (*sums, *asked, *approved))


CHECKS: CheckWords = {
    **attendance.CHECKS,
    "count.recused": ("回避 {recused}，实到 {present}", "回避人数不能多于实到", "核对签到表"),
    "count.votes": (
        "同意、反对、弃权合计 {votes}", "应等于实到 {present} 减回避 {recused}，即 {wanted}", "核对计票单，未表态的计入弃权",
    ),
    "count.no_vote_without_quorum": (
        "到会不足，却填了 {votes} 票", "到会不足不能表决", "表决三项都不填；会议按未开成登记，改期再开",
    ),
    "count.women_given": ("妇女代表实到人数没有填", "村民代表会议要单独统计妇女代表到会", "填上妇女代表实到人数"),
    "count.mode_allowed": ("{body}没有规定按这种统计怎么算到会、怎么算通过", "须有到会和通过的规定", "换一种统计办法"),
    "count.women": (
        "妇女代表实到 {women}", "不能多于妇女代表 {women_reps} 人，也不能多于实到 {present} 人", "核对签到表",
    ),
    "meeting.quorum": ("实到 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "会议未开成，改期再开"),
    "meeting.women_quorum": (
        "妇女代表实到 {count}，共 {total}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "会议未开成，改期再开",
    ),
    "meeting.approval": ("同意 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "未通过"),
    "meeting.class_body": (
        "由{body}表决，{title}", "须经{needed_words}同意", "改由法律规定的大会决定",
    ),
}  # fmt: skip
