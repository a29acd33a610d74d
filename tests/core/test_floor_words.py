"""A refusal says in Chinese what is written, which article demands what, where the two part, and what to write."""

import pytest

from tests.floors import BEIJING, CHONGQING, LINSHU, breaches


def test_fourteen_days_are_refused_in_words():
    """A county that posts for fourteen days reads what it wrote, the article, and what to write instead."""
    (breach,) = breaches("disclosure.posting_days_min", 14)
    assert breach.words() == (
        "村务公布期限：现为“不少于14日”，组织法（2025年修正）第三十五条要求“不少于15日”。最接近的合法写法：15。"
    )
    assert breach.nearest == 15


def test_a_looser_share_is_refused_with_numbers():
    """Half of those present at a members' assembly is shown to fall short of two thirds of all."""
    (breach,) = breaches("member_assembly.approval", "> 1/2 of present", quorum=">= 2/3 of members_capable")
    assert breach.counterexample is not None
    assert breach.words() == (
        "成员大会通过：现为“到会人员的过半数”，农村集体经济组织法第二十七条要求"
        "“具有完全民事行为能力的全体成员的三分之二以上”。"
        "例如具有完全民事行为能力的全体成员12、到会8、赞成5：贵县规则通过，法律不通过。"
        '最接近的合法写法：">= 2/3 of members_capable"。'
    )
    assert breach.nearest == ">= 2/3 of members_capable"


@pytest.mark.parametrize(
    "key, value, found",
    [
        ("rep_assembly.notice_ways", ["written"], "缺少张榜公布"),
        ("disclosure.plan_flow", ["committee", "publish"], "缺少步骤，或次序不同"),
        ("vsc.size", 4, "4"),
        ("vsc.size", None, "没有写"),
        ("important_matter.party_first", False, "不要求"),
        ("villagers_assembly.notice_waiver", True, "允许"),
        ("rep_assembly.cadence_max", "yearly", "每年至少一次"),
        ("rep_assembly.composition", {"reps": "> 1/2 of body_all"}, "村民代表占组成人员的过半数"),
    ],
)
def test_what_was_found_is_said_in_chinese(key, value, found):
    """A breach says what is written, or what is missing, in words and not in tokens."""
    (breach,) = breaches(key, value)
    assert breach.found == found


@pytest.mark.parametrize(
    "key, value, division, said",
    [
        (
            "villagers_assembly.excluded_from_base", ["unreachable"], LINSHU,
            ("村民会议不计入总数的人：现为“多了外出、无法取得联系的村民”，组织法（2025年修正）第二十六条要求“一个也没有”。"
            "最接近的合法写法：[]。"),
        ),
        (
            "villagers_assembly.excluded_from_base", ["unreachable", "absent"], CHONGQING,
            ("村民会议不计入总数的人：现为“多了absent”，重庆市实施办法（2013年修订）第七条要求“最多只有："
            "外出、无法取得联系的村民；外出、联系后不能回村的村民；正在发病期间的精神病患者；无法明确表达本人意志的智力残疾者”。"
            '最接近的合法写法：["unreachable"]。'),
        ),
        (
            "rep_assembly.notice_ways", ["phone"], LINSHU,
            ("村民代表会议的通知方式：现为“缺少书面通知到村民代表；张榜公布”，山东省实施办法（2012年修订）第二十四条要求"
            '“书面通知到村民代表；张榜公布”。最接近的合法写法：["phone", "written", "posted"]。'),
        ),
        (
            "important_matter.party_first", False, LINSHU,
            "重要事项先经村党组织研究讨论：现为“不要求”，组织法（2025年修正）第二十八条要求“必须”。",
        ),
        (
            "villagers_assembly.notice_waiver", True, LINSHU,
            "遇有特殊情况临时通知村民会议：现为“允许”，山东省实施办法（2012年修订）第十七条要求“不允许”。",
        ),
        (
            "rep_assembly.cadence_max", "yearly", BEIJING,
            "召开村民代表会议：现为“每年至少一次”，组织法（2025年修正）第三十条要求“每季度至少一次”。最接近的合法写法：quarterly。",
        ),
        (
            "committee.size", 8, BEIJING,
            "村民委员会人数：现为“8”，组织法（2025年修正）第八条要求“3至7”。最接近的合法写法：7。",
        ),
        (
            "member_reps.size_min", 20, BEIJING,
            "成员代表人数：现为“不少于20人”，农村集体经济组织法第二十八条要求“不少于21人”。最接近的合法写法：21。",
        ),
        (
            "election.turnout", ">= 1/2 of registered_voters", BEIJING,
            ("选举有效的投票人数：现为“登记参加选举的村民的半数以上”，组织法（2025年修正）第十八条要求“登记参加选举的村民的过半数”。"
            "例如登记参加选举的村民12、投票6：贵县规则算选举有效，法律不算。"
            '最接近的合法写法："> 1/2 of registered_voters"。'),
        ),
        (
            "appraisal.resignation", "> 1/2 of present", LINSHU,
            ("评议不称职应当书面辞职：现为“到会人员的过半数”，山东省实施办法（2012年修订）第十五条要求“到会人员的半数以上”。"
            "例如到会12、人数6：法律要求照办，贵县规则不办。"
            '最接近的合法写法：">= 1/2 of present"。'),
        ),
        (
            "disclosure.plan_flow", ["committee", "vsc", "publish"], LINSHU,
            ("定期公开方案的程序：现为“缺少步骤，或次序不同”，山东省村务公开条例（2018年修正）第十一条要求"
            "“村民委员会提出方案→村务监督委员会审查→联席会议讨论确定→村民委员会公布”。"
            '最接近的合法写法：["committee", "vsc", "joint_meeting", "publish"]。'),
        ),
    ],
)  # fmt: skip
def test_a_refusal_reads_well(key, value, division, said):
    """Of every kind of value: what is written, the article and what it demands, an example, what to write instead."""
    (breach,) = breaches(key, value, division=division)
    assert breach.words() == said
