"""Calling a meeting: to which body, how long before, in which ways, under which delegation (SD 办法 arts. 17, 23, 24)."""

import datetime
from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.place import BODIES
from workflow.core.shares import ShareRule
from workflow.core.stage import Ask, CheckWords, Texts, Yaml, articles, most

Way = Literal["written", "posted", "delivered", "phone", "broadcast"]
WAYS: dict[str, str] = {
    "written": "书面通知到人",
    "posted": "张榜公布",
    "delivered": "方案送达",
    "phone": "电话通知",
    "broadcast": "广播通知",
}


class BodyRules(Yaml):
    """How one body meets at this stage. Shares name their base; days are calendar days before the meeting."""

    quorum: ShareRule = YamlField(title="到会要求")
    approval: ShareRule = YamlField(title="通过要求")
    women_quorum: ShareRule | None = YamlField(default=None, title="妇女代表到会要求")
    notice_days: int = YamlField(default=0, ge=0, le=60, title="提前几天通知")
    notice_ways: tuple[Way, ...] = YamlField(default=(), title="通知方式（都要做到）")
    notice_waiver: bool = YamlField(default=False, title="遇特殊情况可以临时通知")
    delegation: bool = YamlField(default=False, title="须有村民会议授权")
    basis: Texts = YamlField(default=(), title="依据")


def call_fields(bodies: Mapping[str, BodyRules]) -> tuple[Field, ...]:
    """Return the form of a call; it asks for the body only where there is a choice."""
    choices = tuple(Choice(body, BODIES[body]) for body in bodies)
    waiver = any(rules.notice_waiver for rules in bodies.values())
    special = (Field("special_reason", "遇特殊情况临时通知的理由", "text", required=False),) if waiver else ()
    return (
        *((Field("body", "由谁开会", "choice", choices=choices),) if len(choices) > 1 else ()),
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


def delegation(ask: Ask, body: str) -> Requirement:
    """Ask whether the villagers' assembly has delegated this kind of matter, on the day of the meeting."""
    kind = str(ask.matter.opening.get("kind", ""))
    day = ask.day("meeting_on") or ask.acted_on
    basis = articles(ask.law(f"{body}.requires_delegation"))
    return Requirement("meeting.delegation", ask.place.delegated(kind, day), {"day": day.isoformat()}, basis)


CHECKS: CheckWords = {
    "meeting.notice": (
        "{noticed}通知，{meeting}开会，提前 {given} 天", "至少提前 {needed} 天", "把开会日期改到够天数的那天以后",
    ),
    "meeting.notice_ways": ("还缺：{missing}", "须用：{needed}", "补上缺的通知方式，再登记通知"),
    "meeting.delegation": (
        "没有找到{day}有效、包含这类事项的村民会议授权", "未经村民会议授权，村民代表会议所作决定无效",
        "改由村民会议决定，或先登记授权决定",
    ),
}  # fmt: skip
