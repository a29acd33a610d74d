"""The one table of words for requirements, keyed by check id: what was found, what is required, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core import kinds
from workflow.core.attempt import Requirement
from workflow.core.days import day_words, weekday_words
from workflow.core.facts import FactValue
from workflow.core.place import BODIES, OFFICES
from workflow.core.shares import BASES, Share
from workflow.core.stage import CheckWords
from workflow.core.stages.bodies import EXCLUSIONS, WAYS
from workflow.core.stages.counting import METHOD_WORDS
from workflow.core.stages.posting import MEDIA

CHECKS: CheckWords = {
    "move.open": ("现在轮不到这一步", "只能办理目前这一步的事", "回到事项页面，看“下一步”写的是什么"),
    "office.may": ("您现在的职务是：{held}", "须由这些职务办理：{allowed}", "请由有职务的人登录办理，或请镇街登记任职"),
    "office.separate": ("同一人还担任：{held}", "监委会成员不得兼任这些职务", "先登记离任，或者由不兼任的人担任、办理"),
    "office.grants": ("要登记的职务是：{office}", "您在这里能登记的职务：{allowed}", "村里的职务由镇街登记，镇街、县里的由县里登记"),
    "office.not_oneself": ("登记的是您自己的职务", "不能给自己登记职务", "请另一位审核员或者管理员登记"),
    "office.relatives": ("近亲属担任：{held}", "村委会成员的近亲属不得担任监委会成员", "请由别的监委会成员办理；监委会要另行推选"),
    "office.accountant": ("本人或者近亲属担任：{held}", "村委会主任和他的近亲属不得兼任村财会人员", "另选财会人员"),
    "office.committee_relatives": ("近亲属担任：{held}", "村委会成员实行近亲属回避", "核对近亲属关系；确是近亲属的，不能同时担任"),
    "office.relative_leaves": ("近亲属担任：{held}", "村委会成员的近亲属不得担任监委会成员", "请给那位监委会成员登记离任，另行推选"),
    "office.apart": ("“{step}”就是您办的", "这一步不得由那一步的经办人办理", "请由另一位有职务的人办理"),
    "day.not_ahead": ("填的日期是{acted}，今天是{recorded}", "不能登记还没有发生的事", "到了那一天再登记"),
    "day.monotone": ("填的日期是{acted}，上一步是{last}", "后一步的日期不能早于前一步", "核对日期；前一步记错了请先更正"),
    "day.late_reason": ("晚了 {days} 天登记", "补录须写明理由", "在“补录理由”里写清楚为什么没有当天登记"),
    "day.opened_late": ("{days} 天前的动议", "动议最多补登 {limit} 天", "按今天登记，把实际日期写进理由里"),
    "day.confirm_today": ("复核日期不是今天", "复核只能在当天登记", "把日期改为今天"),
    "confirm.other_person": ("登记人和复核人是同一人", "须由另一个人复核", "请能复核的另一个人登录复核"),
    "confirm.other_office": ("登记和复核用的是同一职务：{office}", "须由另一职务复核", "请监委会成员登录复核"),
    "objection.none_open": ("还有 {open} 件异议没有答复（第{numbers}号）", "答复或转镇街之前，不能实施、不能归档", "先办理异议"),
    "objection.number": ("第 {number} 号异议：{status_words}", "须是等待办理的异议", "核对异议编号"),
    "objection.name": ("说愿意留姓名，姓名没有填", "留姓名就要填姓名", "填上姓名，或改为匿名"),
    "objection.reply_in_time": ("{given}答复", "应在{last}前答复", "已超过期限，照样可以答复，记录里会标明"),
    "withdraw.before_decision": ("会议已经通过", "通过以后不能撤回", "须由同一会议重新作出决定"),
    "correct.act": ("第 {given} 条记录不能更正", "只能更正已生效的办理记录", "在“全部记录”里核对条号"),
    "correct.before_decision": ("这件事已经决定", "决定以后不能更改动议的内容", "须由同一会议重新作出决定"),
    "correct.differs": ("填的内容和原来一样", "更正须改动内容", "填上正确的内容"),
    "place.counts": ("还没有填：{lacking}", "这几项都要填", "补填后再登记"),
    "posting.personal_data": ("“{field}”里有{what}：第 {at} 个字起", "公开的内容不能有身份证号、手机号、银行卡号", "删去或改成办公室名称"),
    "place.days": ("起{from}，止{to}", "止的日期不能早于起的日期", "核对日期"),
    "place.term": ("授权到{to}", "不能超过本届村委会任期，最长 {years} 年", "改短期限"),
    "place.delegable": ("不能授权的事项：{kinds}", "这些事项须由村民会议自己决定", "去掉这些事项"),
    "place.reps_share": ("代表 {count}，组成人员 {total}", "代表应占{rule_words}", "依法补选代表"),
    "place.women_share": ("妇女代表 {count}，组成人员 {total}", "妇女代表应占{rule_words}", "依法补选妇女代表"),
    "place.county": ("这里不是县", "文本在县里提出，对全县或者其中一个地方施行", "请县里的管理员办理"),
    "place.text_from": ("写的是自{from}起，今天是{recorded}", "最早从登记的第二天起施行", "把施行日期改到明天或以后"),
    "place.pending": ("没有等待确认的这条登记", "只能确认等待确认的登记", "刷新页面再看"),
    "place.two_persons": ("两处填的是同一个人", "须是两个人", "核对人员"),
    "place.office_held": ("此人没有担任这个职务", "只能终止正在担任的职务", "核对人员和职务"),
    "place.size": ("{body} {given} 人", "应为 {allowed} 人", "依法补选"),
    **kinds.CHECKS,
}  # fmt: skip

_STATUS = {
    "none": "没有这个编号", "lodged": "等待受理", "received": "已受理", "dismissed": "不予受理", "answered": "已答复",
    "escalated": "已转镇街",
}  # fmt: skip
_TOKENS: Mapping[str, Mapping[str, str]] = {
    "held": OFFICES, "allowed": OFFICES, "office": OFFICES, "body": BODIES, "forced": BODIES,
    "missing": {**WAYS, **MEDIA}, "needed": WAYS, "exclusions": EXCLUSIONS, "method": METHOD_WORDS,
    "methods": METHOD_WORDS,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Words:
    """One requirement in words: found, required, basis, and what to do next."""

    check: str
    met: bool
    found: str
    required: str
    basis: str
    hint: str

    def as_data(self) -> dict[str, str]:
        """Return the words as API answers give them."""
        return {
            "check": self.check, "found": self.found, "required": self.required, "basis": self.basis, "hint": self.hint,
        }  # fmt: skip


def yuan(fen: int) -> str:
    """Write an amount in fen as yuan: 4800000 is 48000, 4800050 is 48000.50."""
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def _plain(name: str, value: FactValue) -> str:
    tokens = _TOKENS.get(name, {})
    if isinstance(value, list):
        return "、".join(tokens.get(each, each) for each in value) or "无"
    if isinstance(value, str):
        try:
            day = date.fromisoformat(value)
        except ValueError:
            return tokens.get(value, value)
        return f"{day_words(day)}（{weekday_words(day)}）"
    return str(value)


class _Numbers(dict[str, str]):
    """Numbers in words; a number the requirement did not give is shown as a dash, never an exception."""

    def __missing__(self, key: str) -> str:
        return "—"


def _in_words(numbers: Mapping[str, FactValue]) -> _Numbers:
    found = _Numbers((name, _plain(name, value)) for name, value in numbers.items())
    for name, value in numbers.items():
        if name.endswith("_fen") and isinstance(value, int):
            found[f"{name}_yuan"] = yuan(value)
    if "rule" in numbers and "base" in numbers:
        spelled = str(numbers["rule"]).split(" / ")
        share = next((each for each in map(Share.parse, spelled) if each.base == numbers["base"]), None)
        count, total = numbers["count"], numbers["total"]
        if share is not None and isinstance(count, int) and isinstance(total, int):
            found |= {"rule_words": share.words(), "arithmetic": share.arithmetic(count, total)}
            found["total_words"] = f"{BASES[share.base]} {total}"
    found["provisional_words"] = "（来年放假安排未公布，暂按）" if numbers.get("provisional") is True else ""
    if "status" in numbers:
        found["status_words"] = _STATUS.get(str(numbers["status"]), "")
    return found


def in_words(requirement: Requirement) -> Words:
    """Return a requirement in words from the table; its numbers are filled in, its articles joined."""
    found, required, hint = CHECKS[requirement.check]
    numbers = _in_words(requirement.numbers)
    return Words(
        check=requirement.check,
        met=requirement.met,
        found=found.format_map(numbers),
        required=required.format_map(numbers),
        basis="；".join(requirement.basis),
        hint=hint.format_map(numbers),
    )
