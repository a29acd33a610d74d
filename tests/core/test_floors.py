"""A county may be stricter than the law, never looser: each claim on both sides of its floor."""

import datetime
from pathlib import Path

import pytest

from workflow.core.floors import FloorClaim, check_floors
from workflow.core.statutes import StatuteFile, Statutes
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

FOLDER = Path(__file__).parents[2] / "procedures" / "statutes"
LINSHU = "371329001001"
CHONGQING, HANGZHOU, BEIJING = "500101001001", "330102001001", "110105001001"
BEFORE, SINCE = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)
ORGANIC, COLLECTIVE, PARTY = "组织法（2025年修正）", "农村集体经济组织法", "支部工作条例"
MEASURES, DISCLOSURE = "山东省实施办法（2012年修订）", "山东省村务公开条例（2018年修正）"
HOUSEHOLDS = {"any_of": ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}


@pytest.fixture(scope="module")
def breaches():
    """Check one claim against the statute files we ship; gives the breaches."""
    read = [
        (validate(StatuteFile, read_yaml(path.read_bytes(), path.name)), path.name)
        for path in sorted(FOLDER.glob("*.yaml"))
    ]
    statutes = Statutes.of(read)

    def check(key, value, day=SINCE, division=LINSHU, **context):
        return check_floors([FloorClaim(("here",), key, value, context)], statutes, day, division)

    return check


@pytest.mark.parametrize(
    "key, looser, lawful, basis",
    [
        ("disclosure.posting_days_min", 14, 15, ORGANIC + "第三十五条"),
        ("villagers_assembly.notice_days_min", 9, 10, ORGANIC + "第二十五条"),
        ("rep_assembly.notice_days_min", 4, 5, MEASURES + "第二十四条"),
        ("disclosure.reply_days_max", 6, 5, DISCLOSURE + "第十六条"),
        ("appraisal.min_interval_months", 5, 6, MEASURES + "第二十九条"),
        ("terms.years", 3, 5, ORGANIC + "第十四条、第二十九条、第三十二条、第三十七条"),
        ("rep_assembly.cadence_max", "half_yearly", "monthly", ORGANIC + "第三十条"),
        ("disclosure.finance_cadence_max", "quarterly", "monthly", DISCLOSURE + "第十二条"),
        ("rep_assembly.requires_delegation", False, True, ORGANIC + "第二十九条"),
        ("important_matter.party_first", False, True, ORGANIC + "第二十八条"),
        ("villagers_assembly.notice_waiver", True, False, MEASURES + "第十七条"),
        ("rep_assembly.notice_ways", ["written"], ("posted", "phone", "written"), MEASURES + "第二十四条"),
        ("rep_assembly.delegation_filed_with", "county", "township", MEASURES + "第二十三条"),
        (
            "member_reps.non_delegable",
            ["charter", "membership", "compensation", "merger"],
            ["charter", "membership", "land_homestead_shares", "compensation", "merger", "investment"],
            COLLECTIVE + "第二十八条",
        ),
        ("vsc.size", 4, 5, DISCLOSURE + "第十四条"),
        ("vsc.size", [3, 4, 5], [3], DISCLOSURE + "第十四条"),
        (
            "disclosure.plan_flow",
            ["committee", "joint_meeting", "vsc", "publish"],
            ["committee", "vsc", "township", "joint_meeting", "publish"],
            DISCLOSURE + "第十一条",
        ),
        ("rep_assembly.quorum", ">= 3/5 of body_all", ">= 4/5 of body_all", ORGANIC + "第三十条"),
        ("rep_assembly.quorum", ">= 666/1000 of body_all", ">= 667/1000 of body_all", ORGANIC + "第三十条"),
        ("rep_assembly.approval", ">= 1/2 of present", "> 1/2 of due", ORGANIC + "第三十条"),
        ("rep_assembly.approval", "> 1/2 of reps_all", ">= 2/3 of reps_all", ORGANIC + "第三十条"),
        ("rep_assembly.women_quorum", "> 1/2 of women_reps", ">= 2/3 of women_reps", MEASURES + "第二十四条"),
        ("villagers_assembly.quorum", ">= 1/2 of villagers_18plus", HOUSEHOLDS, ORGANIC + "第二十六条"),
        (
            "villagers_assembly.petition",
            ">= 1/10 of villagers_18plus",
            {"any_of": [">= 1/20 of villagers_18plus", ">= 1/3 of reps_all"]},
            ORGANIC + "第二十五条",
        ),
        (
            "member_assembly.approval",
            "> 1/2 of present",
            ">= 3/4 of members_capable",
            COLLECTIVE + "第二十七条",
        ),
        ("party_meeting.quorum", ">= 2/5 of voting_members", ">= 2/3 of voting_members", PARTY + "第十一条"),
        ("party_meeting.approval", "> 1/2 of present", "> 1/2 of voting_members", PARTY + "第十一条"),
        ("council.approval", "> 1/2 of present", ">= 2/3 of directors_all", COLLECTIVE + "第三十一条"),
        (
            "rep_assembly.composition",
            {"reps": ">= 3/4 of body_all", "women_reps": ">= 1/3 of body_all"},
            {"reps": ">= 9/10 of body_all", "women_reps": ">= 1/2 of body_all"},
            ORGANIC + "第二十九条",
        ),
        (
            "rep_assembly.composition",
            {"reps": ">= 4/5 of body_all"},
            {"reps": ">= 4/5 of body_all", "women_reps": ">= 1/3 of body_all"},
            ORGANIC + "第二十九条",
        ),
    ],
)
def test_both_sides_of_every_kind_of_floor(breaches, key, looser, lawful, basis):
    """The looser value is refused by its article, the lawful one passes, and so does the one suggested."""
    (breach,) = breaches(key, looser)
    assert breach.basis == basis
    assert breach.path == ("here",)
    assert breaches(key, lawful) == []
    assert breaches(key, breach.nearest) == []


def test_fourteen_days_are_refused_in_words(breaches):
    """A county that posts for fourteen days reads what it wrote, the article, and what to write instead."""
    (breach,) = breaches("disclosure.posting_days_min", 14)
    assert breach.words() == (
        "村务公布期限：现为“不少于14日”，组织法（2025年修正）第三十五条要求“不少于15日”。最接近的合法写法：15。"
    )
    assert breach.nearest == 15


def test_a_looser_share_is_refused_with_numbers(breaches):
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
def test_what_was_found_is_said_in_chinese(breaches, key, value, found):
    """A breach says what is written, or what is missing, in words and not in tokens."""
    (breach,) = breaches(key, value)
    assert breach.found == found


def test_a_value_left_unwritten_is_looser(breaches):
    """Shandong's quorum of women has to be written; elsewhere nobody asks for one."""
    assert [breach.found for breach in breaches("rep_assembly.women_quorum", None)] == ["没有写"]
    assert breaches("rep_assembly.women_quorum", None, division=CHONGQING) == []


def test_a_permission_may_stay_unused(breaches):
    """The waiver of notice is allowed by the nation since 2026; nobody has to allow it, Shandong must not."""
    key = "villagers_assembly.notice_waiver"
    assert breaches(key, None) == []
    assert breaches(key, False, division=CHONGQING) == []
    assert breaches(key, True, division=CHONGQING) == []
    assert len(breaches(key, True, day=BEFORE, division=CHONGQING)) == 1


def test_the_floor_is_that_of_the_day_and_place(breaches):
    """Five posting days were lawful in Shandong in 2025 and are not in 2026."""
    key = "disclosure.posting_days_min"
    assert breaches(key, 5, day=BEFORE) == []
    assert breaches(key, 1, day=BEFORE, division=BEIJING) == []
    assert breaches(key, 10, day=BEFORE, division=CHONGQING) == []
    assert [each.required for each in breaches(key, 9, day=BEFORE, division=CHONGQING)] == ["不少于10日"]
    assert [each.required for each in breaches(key, 10, division=CHONGQING)] == ["不少于15日"]
    (breach,) = breaches(key, 5)
    assert breach.basis == "组织法（2025年修正）第三十五条"


def test_every_level_that_is_broken_is_named(breaches):
    """Finance published once a year breaks national and provincial law, and both are said."""
    bases = [breach.basis for breach in breaches("disclosure.finance_cadence_max", "yearly")]
    assert bases == ["组织法（2025年修正）第三十五条", "山东省村务公开条例（2018年修正）第十二条"]


def test_an_approval_may_rest_on_its_quorum(breaches):
    """Two thirds of those present are over half of those due only where enough must be present."""
    key, rule = "party_meeting.approval", ">= 2/3 of present"
    assert breaches(key, rule, quorum=">= 4/5 of voting_members") == []
    (breach,) = breaches(key, rule, quorum=">= 2/3 of voting_members")
    assert breach.counterexample is not None


def test_a_key_without_statute_has_no_floor(breaches):
    """What no text speaks of on the day, a county sets as it likes."""
    assert breaches("joint_meeting.quorum", ">= 1/9 of body_all") == []
    assert breaches("important_matter.party_first", False, day=BEFORE) == []


@pytest.mark.parametrize(
    "key, value",
    [
        ("disclosure.posting_days_min", "15"),
        ("disclosure.posting_days_min", True),
        ("important_matter.party_first", 1),
        ("rep_assembly.cadence_max", "sometimes"),
        ("rep_assembly.composition", ">= 4/5 of body_all"),
    ],
)
def test_a_claim_of_the_wrong_type_is_a_mistake(breaches, key, value):
    """Code that claims text for a number fails loudly instead of passing a floor."""
    with pytest.raises(TypeError, match=key):
        breaches(key, value)
