"""The one table of words for outcomes: what came of an act, as villagers say it."""

from collections.abc import Mapping

from workflow.core import kinds

OUTCOMES: Mapping[str, str] = {
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
    **kinds.OUTCOMES,
}


def outcome_words(outcome: str, computed: Mapping[str, object] | None = None) -> str:
    """Return an outcome in words: a band's own title where the act `computed` one, else the table's.

    One of a newer version, which this table does not know, is returned as it is spelled.
    """
    band, title = (computed or {}).get("band"), (computed or {}).get("band_title")
    return str(title) if title and band == outcome else OUTCOMES.get(outcome, outcome)
