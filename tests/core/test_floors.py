"""A county may be stricter than the law, never looser: each claim on both sides of its floor."""

import datetime

import pytest

from tests.floors import (
    BEFORE,
    BEIJING,
    CHONGQING,
    COLLECTIVE,
    DISCLOSURE,
    HANGZHOU,
    LINSHU,
    MEASURES,
    ORGANIC,
    PARTY,
    breaches,
)
from workflow.core.floors import FloorClaim, left_out

HOUSEHOLDS = {"any_of": ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}


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
        (
            "election.turnout",
            ">= 1/2 of registered_voters",
            "> 1/2 of registered_voters",
            ORGANIC + "第十八条",
        ),
        ("election.elected", ">= 1/2 of ballots_cast", "> 1/2 of registered_voters", ORGANIC + "第十八条"),
        ("election.run_off", ">= 33/100 of ballots_cast", ">= 1/3 of ballots_cast", ORGANIC + "第十八条"),
        ("election.proxies_max", 4, 3, ORGANIC + "第十八条"),
        ("election.voter_list_days_min", 19, 20, ORGANIC + "第十七条"),
        (
            "recall.turnout",
            ">= 1/2 of registered_voters",
            ">= 2/3 of registered_voters",
            ORGANIC + "第十九条",
        ),
        ("recall.approval", ">= 1/2 of ballots_cast", ">= 3/5 of ballots_cast", ORGANIC + "第十九条"),
        (
            "recall.petition",
            ">= 1/4 of registered_voters",
            {"any_of": [">= 1/5 of registered_voters", ">= 1/4 of reps_all"]},
            ORGANIC + "第十九条",
        ),
        (
            "outsider_benefit.approval",
            ">= 2/3 of members_capable",
            ">= 3/4 of members_capable",
            COLLECTIVE + "第十五条",
        ),
        ("member_reps.approval", ">= 2/3 of present", ">= 2/3 of reps_all", COLLECTIVE + "第二十八条"),
        ("member_reps.size_min", 20, 21, COLLECTIVE + "第二十八条"),
        (
            "group_meeting.quorum",
            "> 1/2 of group_18plus",
            ">= 2/3 of group_households",
            ORGANIC + "第三十二条",
        ),
        ("appraisal.resignation", "> 1/2 of present", ">= 1/3 of present", MEASURES + "第十五条"),
        ("appraisal.cadence_max", None, "half_yearly", ORGANIC + "第三十八条"),
        ("villagers_assembly.excluded_from_base", ["unreachable"], [], ORGANIC + "第二十六条"),
        (
            "member_assembly.proxy_from",
            ["same_household", "other_member"],
            ["same_household"],
            COLLECTIVE + "第二十七条",
        ),
        ("committee.size", 8, 7, ORGANIC + "第八条"),
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
def test_both_sides_of_every_kind_of_floor(key, looser, lawful, basis):
    """The looser value is refused by its article, the lawful one passes, and so does the one suggested."""
    (breach,) = breaches(key, looser)
    assert breach.basis == basis
    assert breach.path == ("here",)
    assert breaches(key, lawful) == []
    assert breaches(key, breach.nearest) == []


def test_a_value_left_unwritten_is_looser():
    """Shandong's quorum of women has to be written; elsewhere nobody asks for one."""
    assert [breach.found for breach in breaches("rep_assembly.women_quorum", None)] == ["没有写"]
    assert breaches("rep_assembly.women_quorum", None, division=CHONGQING) == []


def test_a_permission_may_stay_unused():
    """The waiver of notice is allowed by the nation since 2026; nobody has to allow it, Shandong must not."""
    key = "villagers_assembly.notice_waiver"
    assert breaches(key, None) == []
    assert breaches(key, False, division=CHONGQING) == []
    assert breaches(key, True, division=CHONGQING) == []
    assert len(breaches(key, True, day=BEFORE, division=CHONGQING)) == 1


def test_the_floor_is_that_of_the_day_and_place():
    """Five posting days were lawful in Shandong in 2025 and are not in 2026."""
    key = "disclosure.posting_days_min"
    assert breaches(key, 5, day=BEFORE) == []
    assert breaches(key, 1, day=BEFORE, division=BEIJING) == []
    assert breaches(key, 10, day=BEFORE, division=CHONGQING) == []
    assert [each.required for each in breaches(key, 9, day=BEFORE, division=CHONGQING)] == ["不少于10日"]
    assert [each.required for each in breaches(key, 10, division=CHONGQING)] == ["不少于15日"]
    (breach,) = breaches(key, 5)
    assert breach.basis == "组织法（2025年修正）第三十五条"


def test_every_level_that_is_broken_is_named():
    """Finance published once a year breaks national and provincial law, and both are said."""
    bases = [breach.basis for breach in breaches("disclosure.finance_cadence_max", "yearly")]
    assert bases == ["组织法（2025年修正）第三十五条", "山东省村务公开条例（2018年修正）第十二条"]


def test_an_approval_may_rest_on_its_quorum():
    """Two thirds of those present are over half of those due only where enough must be present."""
    key, rule = "party_meeting.approval", ">= 2/3 of present"
    assert breaches(key, rule, quorum=">= 4/5 of voting_members") == []
    (breach,) = breaches(key, rule, quorum=">= 2/3 of voting_members")
    assert breach.counterexample is not None


def test_a_key_without_statute_has_no_floor():
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
def test_a_claim_of_the_wrong_type_is_a_mistake(key, value):
    """Code that claims text for a number fails loudly instead of passing a floor."""
    with pytest.raises(TypeError, match=key):
        breaches(key, value)


def test_where_two_laws_speak_one_value_satisfies_both():
    """What is suggested is lawful under national and provincial law alike."""
    suggested = {
        (key, division): breaches(key, value, division=division)[0].nearest
        for key, value, division in [
            ("disclosure.finance_cadence_max", "yearly", LINSHU),
            ("vsc.excluded", ["committee_member"], HANGZHOU),
            ("rep_assembly.non_delegable", ["charter"], CHONGQING),
            ("appraisal.covers", None, HANGZHOU),
        ]
    }
    assert suggested["disclosure.finance_cadence_max", LINSHU] == "monthly"
    assert suggested["vsc.excluded", HANGZHOU] == ["committee_member", "near_relative", "clerk", "accountant"]
    for (key, division), value in suggested.items():
        assert breaches(key, value, division=division) == []


def test_a_province_may_let_in_what_the_nation_does_not():
    """Chongqing leaves out villagers nobody can reach (办法 art. 7); elsewhere the base is every villager of age."""
    key, absent = "villagers_assembly.excluded_from_base", ["unreachable", "cannot_return"]
    assert breaches(key, absent, division=CHONGQING) == []
    for division in (LINSHU, HANGZHOU, BEIJING):
        assert len(breaches(key, absent, division=division)) == 1
        assert breaches(key, None, division=division) == []


@pytest.mark.parametrize("approval", [">= 2/3 of body_all", ">= 2/3 of reps_all"])
def test_stricter_on_another_base_is_accepted(approval):
    """Four fifths present and two thirds of all are stricter than over half of those present, at every size of body."""
    assert breaches("rep_assembly.quorum", ">= 4/5 of body_all") == []
    assert breaches("rep_assembly.approval", approval, quorum=">= 4/5 of body_all") == []


def test_an_old_county_value_is_refused_by_the_national_article():
    """Half present and four fifths of those present pass in older provincial rules; the members' assembly needs two thirds of all."""
    quorum, approval = ">= 1/2 of members_capable", ">= 4/5 of present"
    (attended,) = breaches("member_assembly.quorum", quorum)
    (approved,) = breaches("member_assembly.approval", approval, quorum=quorum)
    assert attended.basis == approved.basis == COLLECTIVE + "第二十七条"
    assert attended.counterexample is not None
    assert approved.counterexample is not None
    assert attended.counterexample.words() == (
        "具有完全民事行为能力的全体成员12、到会6：贵县规则可以开会，法律不允许"
    )
    assert approved.counterexample.words() == (
        "具有完全民事行为能力的全体成员12、到会8、赞成7：贵县规则通过，法律不通过"
    )
    assert breaches("member_assembly.quorum", quorum, day=datetime.date(2025, 4, 30)) == []


PATHS = {
    "member_assembly.documents_days_min": ("stages", "documents", "days"),
    "rep_assembly.quorum": ("stages", "resolve", "bodies", "rep_assembly", "quorum"),
    "rep_assembly.approval": ("stages", "resolve", "bodies", "rep_assembly", "approval"),
    "villagers_assembly.quorum": ("stages", "resolve", "bodies", "villagers_assembly", "quorum"),
}


def claims(*keys: str) -> list[FloorClaim]:
    """Claims of these keys, each where a procedure makes it."""
    return [FloorClaim(PATHS[key], key, 1, {}) for key in keys]


@pytest.mark.parametrize(
    "kept, gone",
    [
        (tuple(PATHS), set()),
        (("rep_assembly.quorum", "rep_assembly.approval", "villagers_assembly.quorum"), {"member_assembly.documents_days_min"}),
        (("member_assembly.documents_days_min", "rep_assembly.quorum", "villagers_assembly.quorum"), {"rep_assembly.approval"}),
        (("member_assembly.documents_days_min", "villagers_assembly.quorum"), set()),
    ],
    ids=["all are kept", "a stage is turned to another use", "a body meets and votes no more", "a body meets no more"],
)  # fmt: skip
def test_what_the_text_above_answered_for_is_still_answered_for(
    kept: tuple[str, ...], gone: set[str]
) -> None:
    """A rule of the law that nobody answers for any more is named; a body that is left out answers for nothing."""
    assert {each.key for each in left_out(claims(*PATHS), claims(*kept))} == gone
