"""How one body meets at a stage: its rules as written, the law they are held against, and what cannot stand together."""

from collections.abc import Iterator
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.facts import Choice
from workflow.core.floors import FloorClaim
from workflow.core.place import BODIES, BODY_COUNTS
from workflow.core.shares import BASES, ShareRule
from workflow.core.stage import Fault, Texts, Yaml

Way = Literal["written", "posted", "delivered", "phone", "broadcast"]
WAYS: dict[str, str] = {
    "written": "书面通知到人",
    "posted": "张榜公布",
    "delivered": "方案送达",
    "phone": "电话通知",
    "broadcast": "广播通知",
}
Exclusion = Literal["unreachable", "cannot_return", "mentally_ill", "cannot_express"]
EXCLUSIONS: dict[str, str] = {
    "unreachable": "外出、无法取得联系的村民",
    "cannot_return": "外出、联系后不能回村的村民",
    "mentally_ill": "正在发病期间的精神病患者",
    "cannot_express": "无法明确表达本人意志的智力残疾者",
}
# Bodies whose attendance is counted in one of two ways, chosen when the count is recorded.
MODES_OF: dict[str, tuple[Choice, ...]] = {
    "villagers_assembly": (
        Choice("villagers_18plus", "十八周岁以上村民到会"),
        Choice("households", "每户派代表到会"),
    ),
    "group_meeting": (
        Choice("group_18plus", "本组十八周岁以上村民到会"),
        Choice("group_households", "本组每户派代表到会"),
    ),
}
# The law lets only the members' assembly be attended online or by a member of the same household (集体经济组织法 art. 27).
ATTENDED_FROM_AFAR = frozenset({"member_assembly"})
# Its members speak for households, which they ask beforehand, each signing (YSYY-03).
CANVASSED = frozenset({"levy_reps"})
_NOT_A_BASE = frozenset({"vacant", "group", "places"})


class BodyRules(Yaml):
    """How one body meets at this stage. Shares name their base; days are calendar days before the meeting."""

    quorum: ShareRule = YamlField(title="到会要求")
    approval: ShareRule | None = YamlField(default=None, title="通过要求")
    women_quorum: ShareRule | None = YamlField(default=None, title="妇女代表到会要求")
    notice_days: int = YamlField(default=0, ge=0, le=60, title="提前几天通知")
    notice_ways: tuple[Way, ...] = YamlField(default=(), title="通知方式（都要做到）")
    notice_waiver: bool = YamlField(default=False, title="遇特殊情况可以临时通知")
    delegation: bool = YamlField(default=False, title="须有村民会议授权")
    online: bool = YamlField(default=False, title="可以在线参加")
    proxy: bool = YamlField(default=False, title="可以书面委托同一户家庭成员参加")
    exclude_from_base: tuple[Exclusion, ...] = YamlField(
        default=(), title="不计入总数的人（当地法规有规定的才行）"
    )
    canvassed: bool = YamlField(default=False, title="代表会前逐户征求意见，由户签字")
    basis: Texts = YamlField(default=(), title="依据")


def body_claims(body: str, rules: BodyRules, *, votes: bool) -> Iterator[FloorClaim]:
    """Yield every value of the rules that some law may set a floor under, by that body's key."""
    values = {
        "quorum": rules.quorum,
        "women_quorum": rules.women_quorum,
        "notice_ways": rules.notice_ways,
        "notice_waiver": rules.notice_waiver,
        "online": rules.online,
    }
    for name, value in values.items():
        yield FloorClaim((body, name), f"{body}.{name}", value, {})
    if votes:
        yield FloorClaim((body, "approval"), f"{body}.approval", rules.approval, {"quorum": rules.quorum})
        yield FloorClaim((body, "delegation"), f"{body}.requires_delegation", rules.delegation, {})
    proxies = ("same_household",) if rules.proxy else ()
    yield FloorClaim((body, "proxy"), f"{body}.proxy_from", proxies, {})
    excluded = rules.exclude_from_base
    yield FloorClaim((body, "exclude_from_base"), f"{body}.excluded_from_base", excluded, {})
    yield FloorClaim((body, "notice_days"), f"{body}.notice_days_min", rules.notice_days, {})
    posted = "posted" in rules.notice_ways
    yield FloorClaim((body, "notice_ways"), f"{body}.notice_also_posted", posted, {})


def countable(body: str) -> frozenset[str]:
    """Return the bases a share of this body can name: what is registered of it, and who came."""
    registered = set(BODY_COUNTS[body]) - _NOT_A_BASE
    by_household = {"households_represented"} if body == "levy_reps" else set()
    return frozenset(registered | by_household | {"present", "due"})


def body_faults(body: str, rules: BodyRules, *, votes: bool) -> Iterator[Fault]:
    """Yield what one body's rules say against each other, against the body, or against what the stage is for."""
    if votes and rules.approval is None:
        yield Fault(
            (body,), "要表决的会议没有写通过要求", "写上 approval；只听取、不表决的会议写 votes: false"
        )
    if not votes and rules.approval is not None:
        yield Fault((body, "approval"), "不表决的会议不用写通过要求", "删去 approval，或者删去 votes: false")
    for name in ("quorum", "approval", "women_quorum"):
        rule = getattr(rules, name)
        for base in sorted(rule.bases - countable(body)) if rule else ():
            known = "、".join(f"{each}（{BASES[each]}）" for each in BASES if each in countable(body))
            yield Fault((body, name), f"{BODIES[body]}不按“{BASES[base]}”统计", f"可以用：{known}")
    for name in ("online", "proxy"):
        if getattr(rules, name) and body not in ATTENDED_FROM_AFAR:
            yield Fault(
                (body, name), f"{BODIES[body]}不能在线参加或者委托参加",
                "法律只许成员大会这样开（农村集体经济组织法第二十七条），请删去",
            )  # fmt: skip
    if rules.exclude_from_base and body not in MODES_OF:
        yield Fault((body, "exclude_from_base"), f"{BODIES[body]}没有不计入总数的人", "请删去")
    if rules.canvassed and body not in CANVASSED:
        yield Fault((body, "canvassed"), f"{BODIES[body]}的成员不代表各户", "请删去")
