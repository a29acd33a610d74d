"""The one table of words for outcomes: what came of an act, as villagers say it."""

from collections.abc import Mapping

OUTCOMES: Mapping[str, str] = {
    "opened": "已立项",
    "called": "已通知",
    "passed": "通过",
    "rejected": "未通过",
    "adjourned": "到会不足，会议未开成",
    "divided": "分歧较大，须由村民会议决定",
    "agreed": "同意",
    "advised": "有意见建议",
    "returned": "不同意，已退回",
    "filed": "已备案",
    "incomplete": "材料不全，等补正",
    "posted": "已张贴",
    "closed": "公示期满，已结束",
    "self_help": "村里自己组织",
    "procure": "对外比价或招标",
    "awarded": "已选定单位",
    "signed": "已签合同",
    "noted": "已登记",
    "accepted": "验收合格",
    "failed": "验收不合格，限期整改",
    "sound": "没有发现问题",
    "findings": "发现问题，要求整改",
    "rectified": "已整改",
    "archived": "已归档",
    "lodged": "已收到异议",
    "received": "异议已受理",
    "dismissed": "异议不予受理",
    "answered": "异议已答复",
    "escalated": "异议已转镇街",
    "agree": "监督意见：同意",
    "differ": "监督意见：有异议",
    "meet_again": "监督意见：要求重新开会",
    "report": "监督意见：已向镇街或监察机关反映",
    "withdrawn": "已撤回",
    "unconfirmed": "已登记，等复核确认",
    "confirmed": "已确认",
    "declined": "未予确认，退回重新登记",
    "unchanged": "更正后结果不变",
    "changed": "更正后结果变了",
    "void": "不合法定条件，作废",
    "recorded": "已登记",
}


def outcome_words(outcome: str) -> str:
    """Return an outcome in words; one of a newer version, which this table does not know, as it is spelled."""
    return OUTCOMES.get(outcome, outcome)
