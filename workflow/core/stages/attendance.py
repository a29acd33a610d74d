"""Who is due and who came: the register's numbers, lawful exclusions, those who came from afar, households asked (CNT-01 … 07)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.stage import Ask, CheckWords, articles
from workflow.core.stages.bodies import EXCLUSIONS, MODES_OF, BodyRules
from workflow.core.stages.calling import INVITING

BASE_OF_BODY = {
    "rep_assembly": "body_all",
    "party_meeting": "voting_members",
    "branch_committee": "body_all",
    "joint_meeting": "body_all",
    "committee": "body_all",
    "vsc": "body_all",
    "party_reps": "body_all",
    "levy_reps": "households",
    "deliberation": "due",
    "member_assembly": "members_capable",
    "member_reps": "reps_all",
    "council": "directors_all",
    "supervisors": "body_all",
    "leading_group": "body_all",
}
# Bodies whose women representatives are counted apart whatever the rules ask (SD 办法 art. 24).
WOMEN_COUNTED = frozenset({"rep_assembly"})
_HOUSEHOLD_MODES = frozenset({"households", "group_households"})


def counts_women(body: str, rules: BodyRules | None) -> bool:
    """Whether the women representatives present are counted apart."""
    return body in WOMEN_COUNTED or (rules is not None and rules.women_quorum is not None)


def attendance_fields(bodies: Mapping[str, BodyRules]) -> tuple[Field, ...]:
    """Return the questions about who came; one that only some of the bodies need is optional, the judge asks for it."""
    modes = tuple(choice for body in bodies for choice in MODES_OF.get(body, ()))
    women = {body for body, rules in bodies.items() if counts_women(body, rules)}
    groups = {body for body in bodies if body == "group_meeting"}
    canvassed = {body for body, rules in bodies.items() if rules.canvassed}
    excluded = dict.fromkeys(token for rules in bodies.values() for token in rules.exclude_from_base)
    online, proxy = (any(getattr(rules, name) for rules in bodies.values()) for name in ("online", "proxy"))

    def needed(asked: Iterable[str]) -> bool:
        return set(asked) == set(bodies)

    fields = (
        Field("mode", "按什么统计到会（村民会议、小组会议才填）", "choice", needed(set(bodies) & set(MODES_OF)), modes)
        if modes
        else None,
        Field("group", "第几村民小组（小组会议才填）", "count", needed(groups)) if groups else None,
        Field("due", "应到人数", "count", hint="按登记在册的组成人员；按户统计的填户数"),
        Field("present", "实到人数", "count"),
        Field("women_present", "其中妇女代表实到", "count", needed(women)) if women else None,
        Field("online", "其中在线参加", "count", required=False) if online else None,
        Field("proxies", "其中书面委托同一户家庭成员参加", "count", required=False) if proxy else None,
        Field("proxy_papers", "委托书（照片或扫描件）", "documents", required=False) if proxy else None,
        *(
            Field(f"excluded_{token}", f"不计入总数：{EXCLUSIONS[token]}", "count", required=False)
            for token in excluded
        ),
        Field("exclusions_reported", "已在会上报告总数统计和不计入的人的联系情况", "flag", required=False)
        if excluded
        else None,
        Field("households_signed", "会前征求意见并签字的户数", "count", needed(canvassed)) if canvassed else None,
    )  # fmt: skip
    return tuple(each for each in fields if each is not None)


@dataclass(frozen=True, slots=True)
class Attendance:
    """Who is due and who came. `counts` are the register's; `bases` what shares are taken of, exclusions left out."""

    mode: str
    base: str
    counts: Mapping[str, int]
    due: int
    present: int
    women: int | None
    bases: Mapping[str, int]


def attendance(
    ask: Ask, body: str, rules: BodyRules | None, prefix: str
) -> tuple[Attendance | None, list[Requirement]]:
    """Read who is due and who came, with every sum that must agree; None where the base itself is not known."""
    mode = str(ask.facts.open.get(prefix + "mode", "")) if body in MODES_OF else ""
    if body in MODES_OF and not mode:
        return None, [Requirement("count.mode_given", met=False)]
    counts = _registered(ask, body, prefix)
    base = mode or BASE_OF_BODY[body]
    if base not in counts:
        return None, [Requirement("count.body_on_record", met=False, numbers={"body": body})]
    excluded, asked = _exclusions(ask, body, rules, prefix, counts[base], mode)
    due, present = counts[base] - excluded, ask.number(prefix + "present")
    bases = {name: number for name, number in counts.items() if not mode or name == base}
    bases |= {base: due, "present": present, "due": ask.number(prefix + "due")}
    if body == "levy_reps":
        bases["households_represented"] = present
    women = ask.facts.open.get(prefix + "women_present")
    counted = counts_women(body, rules) and isinstance(women, int)
    found = Attendance(
        mode, base, counts, due, present, ask.number(prefix + "women_present") if counted else None, bases
    )
    return found, [
        *_sums(ask, found, prefix),
        *asked,
        *_afar(ask, present, prefix),
        *_canvassed(ask, rules, present, prefix),
    ]


def _registered(ask: Ask, body: str, prefix: str) -> Mapping[str, int]:
    if body == "group_meeting":
        return ask.place.counts(body, ask.acted_on, ask.number(prefix + "group"))
    if body == INVITING:
        calls = [act for act in ask.matter.standing() if "invited" in act.facts]
        return {"due": int(str(calls[-1].facts["invited"]))} if calls else {}
    return ask.place.counts(body, ask.acted_on)


def _sums(ask: Ask, found: Attendance, prefix: str) -> list[Requirement]:
    given = ask.number(prefix + "due")
    return [
        Requirement("count.due", given == found.due, {"given": given, "registered": found.due}),
        Requirement("count.present", found.present <= given, {"present": found.present, "due": given}),
    ]


def _exclusions(
    ask: Ask, body: str, rules: BodyRules | None, prefix: str, total: int, mode: str
) -> tuple[int, list[Requirement]]:
    """Leave out of the villagers' number whom a statute of the place leaves out, each sort counted (重庆办法 art. 7)."""
    tokens = rules.exclude_from_base if rules else ()
    given = {token: number for token in tokens if (number := ask.number(f"{prefix}excluded_{token}"))}
    if not given:
        return 0, []
    law = ask.law(f"{body}.excluded_from_base")
    allowed = [set(value.value) for value in law if isinstance(value.value, tuple)]
    barred = sorted(
        str(token) for token in given if not allowed or any(token not in each for each in allowed)
    )
    basis = articles(law)
    excluded = sum(given.values())
    numbers: Numbers = {"excluded": excluded, "registered": total}
    reported = ask.facts.open.get(prefix + "exclusions_reported") is True
    asked = [
        Requirement("meeting.exclusions", not barred, {"exclusions": barred}, basis),
        Requirement("count.excluded", excluded <= total and mode not in _HOUSEHOLD_MODES, numbers),
        Requirement(
            "meeting.exclusions_reported", reported, numbers, articles(ask.law(f"{body}.exclusions_reported"))
        ),
    ]
    return min(excluded, total), asked


def _afar(ask: Ask, present: int, prefix: str) -> list[Requirement]:
    """Who attends online or by a written proxy of the same household is present (集体经济组织法 art. 27)."""
    online, proxies = ask.number(prefix + "online"), ask.number(prefix + "proxies")
    if not online and not proxies:
        return []
    numbers: Numbers = {"online": online, "proxies": proxies, "present": present}
    asked = [Requirement("count.afar", online + proxies <= present, numbers)]
    if proxies:
        shown = prefix + "proxy_papers" in ask.facts.documents
        asked.append(Requirement("meeting.proxy_papers", shown, {"proxies": proxies}, weight="warns"))
    return asked


def _canvassed(ask: Ask, rules: BodyRules | None, present: int, prefix: str) -> list[Requirement]:
    """Ask that the households were asked and signed: all that are represented, where households are counted (YSYY-03)."""
    if rules is None or not rules.canvassed:
        return []
    signed = ask.number(prefix + "households_signed")
    return [
        Requirement(
            "meeting.canvassed", signed >= present, {"signed": signed, "present": present}, rules.basis
        )
    ]


CHECKS: CheckWords = {
    "count.body_on_record": ("还没有登记{body}的人数", "须先登记组成人数", "请在“人员与授权”里登记，并由监委会确认"),
    "count.mode_given": (
        "没有说按什么统计到会", "村民会议按十八周岁以上村民或按户统计到会，小组会议也一样", "选一种统计办法",
    ),
    "count.due": ("应到填了 {given}", "登记在册 {registered}", "按在册人数填写；人数有变动请先更新“人员与授权”"),
    "count.present": ("实到 {present}，应到 {due}", "实到不能多于应到", "核对签到表"),
    "count.excluded": (
        "不计入总数的 {excluded} 人，在册 {registered}", "只从按人统计的总数里减，不能多于总数", "核对人数；按户统计的不填这几项",
    ),
    "count.afar": (
        "在线 {online}，委托 {proxies}，实到 {present}", "在线和委托参加的都算在实到里，合计不能多于实到", "核对签到表",
    ),
    "meeting.exclusions": ("不计入总数的：{exclusions}", "当地法规没有规定这些人不计入总数", "把这几项的人数加回应到"),
    "meeting.exclusions_reported": (
        "不计入总数的 {excluded} 人，没有写明在会上报告过", "须在会上报告总数统计和不计入的人的联系情况", "报告以后再登记",
    ),
    "meeting.proxy_papers": ("委托参加 {proxies} 人，没有上传委托书", "委托须是书面的", "把委托书拍照留存"),
    "meeting.canvassed": (
        "签字的 {signed} 户，到会代表所代表的 {present} 户", "会前须逐户征求意见，由户签字", "补齐签字再开会",
    ),
}  # fmt: skip
