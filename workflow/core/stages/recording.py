"""The record of a meeting beside its count: where, who presided, who sat in, which papers, and at what pace (SY-04, SY-19)."""

from typing import Literal

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Field
from workflow.core.stage import Ask, CheckWords, Stage

Document = Literal["minutes", "sign_in", "photo", "plan"]
DOCUMENTS: dict[str, str] = {
    "minutes": "会议记录（照片或扫描件）",
    "sign_in": "签到表（照片或扫描件）",
    "photo": "会议现场照片",
    "plan": "方案文本",
}
Presence = Literal["required", "asked", "not_asked"]
PRESENCE: dict[str, str] = {"required": "必须登记", "asked": "可以登记", "not_asked": "不登记"}


def attended_fields(
    presence: Presence, *, township: bool, commissioner: bool, in_person: bool
) -> tuple[Field, ...]:
    """Return the questions about who sat in, and whether everybody signed in person."""
    fields = (
        Field(
            "vsc_present",
            "列席的监委会成员",
            "count",
            presence == "required",
            hint="列席不算到会，不参加表决",
        )
        if presence != "not_asked"
        else None,
        Field("township_attendee", "乡镇参会人员（姓名、职务）", "line") if township else None,
        Field("commissioner_attendee", "参会的村级治理特派员（姓名）", "line") if commissioner else None,
        Field("signed_in_person", "签到都是本人签名，没有代签", "flag") if in_person else None,
    )
    return tuple(each for each in fields if each is not None)


def record_fields(attended: tuple[Field, ...], documents: tuple[Document, ...]) -> tuple[Field, ...]:
    """Return what every meeting's record says once, whoever met."""
    return (
        Field("place", "开会地点", "line"),
        Field("chair", "主持人", "line"),
        Field("recorder", "记录人", "line"),
        Field("summary", "讨论情况和决定内容", "text"),
        *attended,
        *(Field(kind, words, "documents", required=kind in documents) for kind, words in DOCUMENTS.items()),
    )


def attended(ask: Ask, *, in_person: bool) -> list[Requirement]:
    """Ask who sat in: to do so is the supervisors' right (组织法 2025 art. 37), it makes no quorum (CNT-05)."""
    asked = []
    given = ask.facts.open.get("vsc_present")
    known = ask.place.counts("vsc", ask.acted_on).get("body_all")
    if isinstance(given, int) and known is not None:
        numbers: Numbers = {"given": given, "registered": known}
        asked.append(Requirement("count.vsc_present", given <= known, numbers))
    if in_person:
        signed = ask.facts.open.get("signed_in_person") is True
        asked.append(Requirement("meeting.signed_in_person", signed))
    return asked


def pace(ask: Ask, here: Stage) -> list[Requirement]:
    """Ask whether enough days lie between this meeting and the one before, and whether it all takes too long."""
    asked: list[Requirement] = []
    meetings = [
        act
        for act in ask.matter.standing()
        if act.action in ("record", "record_merged") and act.stage != here.id
    ]
    needed = ask.settings.step_interval_days
    if meetings and needed:
        last = meetings[-1].acted_on
        given = (ask.acted_on - last).days
        numbers: Numbers = {"last": last.isoformat(), "given": given, "needed": needed}
        asked.append(Requirement("meeting.interval", given >= needed, numbers))
    if here.phase == "vote" and ask.matter.acts:
        days, limit = (ask.acted_on - ask.matter.acts[0].acted_on).days, ask.settings.total_days_warning
        asked.append(
            Requirement("meeting.total_days", days <= limit, {"given": days, "limit": limit}, weight="warns")
        )
    return asked


CHECKS: CheckWords = {
    "meeting.interval": ("上一次会议是{last}，隔了 {given} 天", "至少隔 {needed} 天", "过几天再开"),
    "meeting.total_days": ("从动议到现在 {given} 天", "一般不超过 {limit} 天", "抓紧办理"),
    "count.vsc_present": ("监委会列席 {given} 人", "不能多于监委会在任成员 {registered} 人", "核对列席人数"),
    "meeting.signed_in_person": ("没有写明都是本人签名", "签到须本人签名，不得代签", "请本人补签，再登记"),
}  # fmt: skip
