"""The Chinese words for the tokens of our files: who writes the word is told the token, and editors show both."""

import re
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Final

from workflow.core import kinds
from workflow.core.catalogue import TIERS
from workflow.core.duties import PERIODS
from workflow.core.place import BODIES, OFFICES
from workflow.core.shares import BASES
from workflow.core.stage import PHASES
from workflow.core.statutes import CADENCES

Words = Mapping[str, str]

_LEVELS: Final[Words] = {
    "national": "全国", "province": "省", "county": "县（市、区）", "township": "乡镇（街道）", "village": "村",
}  # fmt: skip
_DECIDES: Final[Words] = {
    "villagers": "村民会议或村民代表会议", "collective": "村集体经济组织成员", "group": "村民小组会议",
    "party": "村党组织", "none": "不须会议决定",
}  # fmt: skip
_STATUTE_KINDS: Final[Words] = {
    "share": "份额", "days_min": "不少于几日", "days_max": "不超过几日", "months_min": "不少于几个月",
    "people_min": "不少于几人", "people_max": "不超过几人", "years": "几年", "count_in": "几个数之一", "flag": "必须做到", "permission": "允许或者不允许",
    "cadence_max": "至少多久一次", "set_includes": "必须包括", "order": "依次经过", "composition": "人员组成",
}  # fmt: skip
_BY_FIELD: Final[Mapping[str, Words]] = {
    "layer": _LEVELS,
    "decides": _DECIDES,
    "phase": PHASES,
    "tier": TIERS,
    "day_count": {"civil_code": "当天不算（民法典）", "inclusive": "当天算一天"},
    "status": {"published": "已公布", "provisional": "暂定"},
    "action": {
        "assign": "登记责任人和办法",
        "award": "登记比价或中标结果",
        "contract": "登记签订合同",
        "accept": "登记验收",
        "invoice": "登记发票",
    },
    "subject": {"quorum": "到会", "approval": "通过", "petition": "提议", "duty": "须办"},
    "period": {str(period): words for period, words in PERIODS.items()},
    "value": CADENCES,
}
_EVERYWHERE: Final[tuple[Words, ...]] = (
    OFFICES, BODIES, kinds.KINDS, PHASES, _STATUTE_KINDS, TIERS, _LEVELS, _DECIDES, BASES,
    *kinds.TOKENS.values(), *_BY_FIELD.values(),
)  # fmt: skip
_ALSO_CALLED: Final[Words] = {
    "书记": "secretary", "村书记": "secretary", "支书": "secretary", "村支书": "secretary",
    "支委": "branch_member", "村主任": "committee_director", "村委主任": "committee_director",
    "村委会成员": "committee_member", "文书": "clerk", "会计": "accountant", "报账员": "accountant",
    "监委会主任": "vsc_chair", "监委主任": "vsc_chair", "监委会成员": "vsc_member", "监委会": "vsc",
    "镇街": "township_officer", "包村": "liaison", "民政局": "county_civil_affairs",
    "组织部": "county_org", "纪委": "discipline",
    "村民大会": "villagers_assembly", "村民代表大会": "rep_assembly", "代表会议": "rep_assembly",
    "党员会": "party_meeting", "党员会议": "party_meeting", "支委会": "branch_committee",
    "支部委员会": "branch_committee", "两委会": "joint_meeting", "两委联席会议": "joint_meeting",
    "村委会": "committee", "公示": "posting", "公告": "posting", "审批": "signoff", "备案": "signoff",
    "实施": "work", "验收": "work", "开会": "meeting", "表决": "vote", "党组织": "party",
    "到会": "present", "应到": "due", "全体村民代表": "reps_all", "户": "households",
}  # fmt: skip
_ASIDE = re.compile(r"（[^（）]*）|“|”")


def titles_of(tokens: Iterable[str], field: str = "") -> dict[str, str]:
    """Return the Chinese words of each token that has some; `field` is the key they are the values of."""
    asked = tuple(tokens)
    tables = [table for table in (_BY_FIELD.get(field), kinds.TOKENS.get(field)) if table is not None]
    whole = [table for table in (*tables, *_EVERYWHERE) if set(asked) <= set(table)]
    ordered = (*whole[:1], *tables, *_EVERYWHERE)
    found = {}
    for token in asked:
        title = next((table[token] for table in ordered if token in table), None)
        if title is not None:
            found[token] = title
    return found


def token_of(word: str, tokens: Iterable[str], field: str = "") -> str | None:
    """Return the token that a Chinese word stands for, None where none is near."""
    titles = titles_of(tokens, field)
    asked = _bare(word)
    called = _ALSO_CALLED.get(asked)
    if called in titles:
        return called
    by_title = {_bare(title): token for token, title in titles.items()}
    if asked in by_title:
        return by_title[asked]
    parts = [title for title in by_title if asked and (asked in title or title in asked)]
    near = parts if len(parts) == 1 else get_close_matches(asked, by_title, n=1, cutoff=0.6)
    return by_title[near[0]] if near else None


def with_titles(tokens: Iterable[str], field: str = "") -> list[str]:
    """Return each token followed by its words in brackets, as a message lists what may be written."""
    asked = tuple(tokens)
    titles = titles_of(asked, field)
    return [f"{token}（{_bare(titles[token])}）" if token in titles else token for token in asked]


def _bare(title: str) -> str:
    return _ASIDE.sub("", title).strip()
