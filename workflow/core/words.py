"""The one table of words for requirements, keyed by check id: what was found, what is required, what to do next."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from workflow.core.attempt import Requirement
from workflow.core.days import day_words, weekday_words
from workflow.core.facts import FactValue
from workflow.core.place import BODIES, OFFICES
from workflow.core.shares import BASES, Share
from workflow.core.stages.calling import WAYS
from workflow.core.stages.posting import MEDIA

CHECKS: Mapping[str, tuple[str, str, str]] = {
    "move.open": ("现在轮不到这一步", "只能办理目前这一步的事", "回到事项页面，看“下一步”写的是什么"),
    "office.may": ("您现在的职务是：{held}", "须由这些职务办理：{allowed}", "请由有职务的人登录办理，或请镇街登记任职"),
    "office.separate": ("同一人还担任：{held}", "监委会成员不得兼任这些职务", "请由不兼任的监委会成员办理"),
    "day.not_ahead": ("填的日期是{acted}，今天是{recorded}", "不能登记还没有发生的事", "到了那一天再登记"),
    "day.monotone": ("填的日期是{acted}，上一步是{last}", "后一步的日期不能早于前一步", "核对日期；前一步记错了请先更正"),
    "day.late_reason": ("晚了 {days} 天登记", "补录须写明理由", "在“补录理由”里写清楚为什么没有当天登记"),
    "day.opened_late": ("{days} 天前的动议", "动议最多补登 {limit} 天", "按今天登记，把实际日期写进理由里"),
    "day.confirm_today": ("复核日期不是今天", "复核只能在当天登记", "把日期改为今天"),
    "confirm.other_person": ("登记人和复核人是同一人", "须由另一个人复核", "请监委会的另一位同志登录复核"),
    "confirm.other_office": ("登记和复核用的是同一职务：{office}", "须由另一职务复核", "请监委会成员登录复核"),
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
    "meeting.notice": (
        "{noticed}通知，{meeting}开会，提前 {given} 天", "至少提前 {needed} 天", "把开会日期改到够天数的那天以后",
    ),
    "meeting.notice_ways": ("还缺：{missing}", "须用：{needed}", "补上缺的通知方式，再登记通知"),
    "meeting.delegation": (
        "没有找到{day}有效、包含这类事项的村民会议授权", "未经村民会议授权，村民代表会议所作决定无效",
        "改由村民会议决定，或先登记授权决定",
    ),
    "meeting.body_after_division": ("选的是{body}", "村民代表会议分歧较大，须由{forced}决定", "改选{forced}"),
    "meeting.day_as_called": ("通知写的是{called_for}，填的是{held}", "须在通知的那天开会", "改期须重新通知"),
    "meeting.interval": ("上一次会议是{last}，隔了 {given} 天", "至少隔 {needed} 天", "过几天再开"),
    "meeting.total_days": ("从动议到现在 {given} 天", "一般不超过 {limit} 天", "抓紧办理"),
    "meeting.merge": ("书记和主任不是同一人", "只有一肩挑才能两步合并", "请分两次开会"),
    "motion.supporters": ("联名 {count} 人，{total_words}", "联名人数不能多于总人数", "核对联名名单"),
    "motion.support": ("联名 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "继续征集联名，或由村里提议"),
    "posting.last_day": (
        "公示到{given}", "{start}张贴，公示不少于 {days} 天，最早到{last}（含当天）{provisional_words}", "把截止日期改到那一天或以后",
    ),
    "posting.boards": ("张贴了 {given} 处", "每个自然村都要张贴，共 {needed} 处", "补贴后再登记"),
    "posting.media": ("还缺：{missing}", "规定的公开方式都要做到", "补上后再登记"),
    "posting.after_acceptance": ("{accepted}验收", "验收之后，最早{first}张贴结果", "到那一天再张贴"),
    "posting.posted": ("没有有效的张贴记录", "须先张贴", "先登记张贴"),
    "posting.run": ("填的是{given}", "公示到{last}二十四时为止，最早{first}结束{provisional_words}", "到那一天再登记结束"),
    "posting.stood": ("公示中途缺失或不完整", "公示须一直贴满", "请重新张贴，天数重新计算"),
    "objection.none_open": ("还有 {open} 件异议没有答复（第{numbers}号）", "答复或转镇街之前，不能实施、不能归档", "先办理异议"),
    "objection.number": ("第 {number} 号异议：{status_words}", "须是等待办理的异议", "核对异议编号"),
    "objection.name": ("说愿意留姓名，姓名没有填", "留姓名就要填姓名", "填上姓名，或改为匿名"),
    "objection.reply_in_time": ("{given}答复", "应在{last}前答复", "已超过期限，照样可以答复，记录里会标明"),
    "work.after_posting": ("填的日期是{given}，公示期满登记是{ended}", "须在决议公示期满之后", "核对日期；公示没有期满的不能先办"),
    "work.way": ("{amount_fen_yuan}元，选的不是公开招标", "达到限额须公开招标", "改选公开招标，或由村里自己组织"),
    "work.quotes": ("{given} 家报价", "至少 {needed} 家", "补足报价"),
    "work.amount": (
        "{given_fen_yuan}元", "不能超过决议的 {resolved_fen_yuan}元", "超出部分须重新提交会议决定",
    ),
    "work.contract_amount": ("合同 {given_fen_yuan}元", "应等于选定的 {awarded_fen_yuan}元", "核对合同金额"),
    "work.invoice_day": ("发票日期{given}，今天{recorded}", "发票日期不能在今天之后", "核对发票"),
    "work.acceptance_people": ("{given} 人", "至少 {needed} 人参加验收", "人齐了再验收"),
    "work.acceptance_committee": ("村委会成员 {given} 人", "至少 {needed} 人", "请村委会成员参加"),
    "work.acceptance_supervisors": ("监委会成员 {given} 人", "至少 {needed} 人", "请监委会成员参加"),
    "work.acceptance_sum": ("村委会和监委会成员合计 {parts} 人", "不能多于参加验收的 {people} 人", "核对人数"),
    "inspection.findings": ("发现问题 {findings} 个", "问题数与核验结果要对得上", "没有问题填 0；有问题选“要求整改”"),
    "inspection.rectify_by": ("没有写整改期限", "发现问题须写明什么时候改完", "填整改期限"),
    "inspection.papers": ("缺：{missing}", "归档目录共 {papers} 项，须齐全", "补齐材料再归档"),
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
    "place.pending": ("没有等待确认的这条登记", "只能确认等待确认的登记", "刷新页面再看"),
    "place.office_held": ("此人没有担任这个职务", "只能终止正在担任的职务", "核对人员和职务"),
    "place.vsc_size": ("监委会 {given} 人", "应为 {allowed} 人", "依法补选"),
}  # fmt: skip

_STATUS = {
    "none": "没有这个编号", "lodged": "等待受理", "received": "已受理", "dismissed": "不予受理", "answered": "已答复",
    "escalated": "已转镇街",
}  # fmt: skip
_TOKENS: Mapping[str, Mapping[str, str]] = {
    "held": OFFICES, "allowed": OFFICES, "office": OFFICES, "body": BODIES, "forced": BODIES,
    "missing": {**WAYS, **MEDIA}, "needed": WAYS,
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
