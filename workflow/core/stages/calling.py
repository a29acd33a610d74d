"""Calling a meeting: to which body, how long before, in which ways, under which delegation (SD 办法 arts. 17, 23, 24)."""

import datetime
from collections.abc import Mapping

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import period
from workflow.core.facts import Choice, Field
from workflow.core.place import BODIES
from workflow.core.stage import Ask, CheckWords, articles, least, most
from workflow.core.stages.bodies import WAYS, BodyRules

# Who moves a matter jointly, and may therefore demand the meeting (组织法 2025 arts. 25, 30).
PETITIONERS = frozenset({"villagers", "reps"})
INVITING = "deliberation"


def call_fields(bodies: Mapping[str, BodyRules]) -> tuple[Field, ...]:
    """Return the form of a call; it asks for the body only where there is a choice."""
    choices = tuple(Choice(body, BODIES[body]) for body in bodies)
    waiver = any(rules.notice_waiver for rules in bodies.values())
    special = (Field("special_reason", "遇特殊情况临时通知的理由", "text", required=False),) if waiver else ()
    invited = Field("invited", "邀请多少人参加（协商会议才填）", "count", required=set(bodies) == {INVITING})
    return (
        *((Field("body", "由谁开会", "choice", choices=choices),) if len(choices) > 1 else ()),
        *((invited,) if INVITING in bodies else ()),
        Field("meeting_on", "开会日期", "day"),
        Field("meeting_time", "几点", "line"),
        Field("meeting_place", "开会地点", "line"),
        Field(
            "ways", "怎么通知的", "choices", choices=tuple(Choice(way, words) for way, words in WAYS.items())
        ),
        Field("topic", "通知内容（要讨论决定的事项）", "text"),
        *special,
    )


def notice(
    ask: Ask, body: str, rules: BodyRules, noticed: datetime.date, meeting: datetime.date | None
) -> Requirement:
    """Ask whether the notice was early enough: counted backwards, the meeting day excluded, never shifted."""
    days, basis = most(ask, f"{body}.notice_days_min", rules.notice_days)
    given = (meeting - noticed).days if meeting else -1
    forbids = any(value.value is False for value in ask.law(f"{body}.notice_waiver"))
    waived = rules.notice_waiver and not forbids and "special_reason" in ask.facts.private and given >= 0
    numbers: Numbers = {
        "given": given,
        "needed": days,
        "noticed": noticed.isoformat(),
        "meeting": str(meeting),
    }
    return Requirement("meeting.notice", given >= days or waived, numbers, basis or rules.basis)


def notice_ways(ask: Ask, body: str, rules: BodyRules) -> Requirement:
    """Ask whether every way the rules and the statutes demand was used."""
    law = ask.law(f"{body}.notice_ways")
    posted = ask.law(f"{body}.notice_also_posted")
    needed: set[str] = set(rules.notice_ways)
    for value in law:
        needed |= {str(way) for way in value.value} if isinstance(value.value, tuple) else set()
    if any(value.value is True for value in posted):
        needed.add("posted")
    given = ask.facts.open.get("ways")
    used = set(given) if isinstance(given, list) else set()
    numbers: Numbers = {"missing": sorted(needed - used), "needed": sorted(needed)}
    return Requirement("meeting.notice_ways", needed <= used, numbers, articles(law + posted) or rules.basis)


def invitation(ask: Ask, body: str) -> list[Requirement]:
    """Ask how many are invited to a deliberation: they are who is due."""
    if body != INVITING:
        return []
    return [Requirement("meeting.invited", ask.number("invited") > 0, {"invited": ask.number("invited")})]


def competence(ask: Ask, body: str, rules: BodyRules) -> list[Requirement]:
    """Ask whether the body may decide this matter at all: delegated where it must be, and not a class kept from it."""
    asked = []
    if rules.delegation:
        kind = str(ask.matter.opening.get("kind", ""))
        day = ask.day("meeting_on") or ask.acted_on
        basis = articles(ask.law(f"{body}.requires_delegation"))
        asked.append(
            Requirement("meeting.delegation", ask.place.delegated(kind, day), {"day": day.isoformat()}, basis)
        )
    class_ = str(ask.matter.opening.get("class", ""))
    for value in ask.law(f"{body}.non_delegable"):
        kept = value.value if isinstance(value.value, tuple) else ()
        if class_ in kept:
            numbers: Numbers = {"class": value.names[class_], "body": body}
            asked.append(
                Requirement("meeting.non_delegable", met=False, numbers=numbers, basis=(value.words(),))
            )
    return asked


def call_by(ask: Ask, stage: str, body: str) -> tuple[datetime.date, tuple[str, ...]] | None:
    """Return the last day to call a body that a petition obliges to meet, with the articles.

    None where the matter was not moved by a joint petition, where no law lets one demand this body's meeting, or where
    the body was called before.
    """
    petition = ask.law(f"{body}.petition")
    if not petition or ask.matter.opening.get("mover") not in PETITIONERS or ask.matter.standing(stage):
        return None
    days, basis = least(ask, f"{body}.convene_days_max", ask.settings.convene_within_days_after_petition)
    return period(ask.matter.acts[0].counts_from, days, ask.calendar).last, basis or articles(petition)


def petitioned(ask: Ask, stage: str, body: str) -> list[Requirement]:
    """Warn where a meeting that was petitioned for is called late: it is called all the same."""
    due = call_by(ask, stage, body)
    if due is None:
        return []
    last, basis = due
    numbers: Numbers = {
        "opened": ask.matter.acts[0].acted_on.isoformat(),
        "called": ask.acted_on.isoformat(),
        "last": last.isoformat(),
    }
    return [Requirement("meeting.petition", ask.acted_on <= last, numbers, basis, "warns")]


CHECKS: CheckWords = {
    "meeting.notice": (
        "{noticed}通知，{meeting}开会，提前 {given} 天", "至少提前 {needed} 天", "把开会日期改到够天数的那天以后",
    ),
    "meeting.notice_ways": ("还缺：{missing}", "须用：{needed}", "补上缺的通知方式，再登记通知"),
    "meeting.invited": ("邀请 {invited} 人", "协商会议要写明邀请多少人参加", "填上邀请的人数"),
    "meeting.delegation": (
        "没有找到{day}有效、包含这类事项的村民会议授权", "未经村民会议授权，村民代表会议所作决定无效",
        "改由村民会议决定，或先登记授权决定",
    ),
    "meeting.non_delegable": (
        "这件事属于“{class}”", "这类事项不能由{body}决定", "改由全体大会（村民会议或者成员大会）决定",
    ),
    "meeting.petition": (
        "{opened}联名提出，{called}才通知开会", "应在{last}前召集", "已经晚了，照样可以召集，记录里会标明",
    ),
}  # fmt: skip
