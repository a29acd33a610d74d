"""Who must come and who must agree, for each body of the law and the counties: one more and one fewer (domain.md §4)."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

import pytest

from tests.core.stages.halls import CHONGQING, ELSEWHERE, LINSHU, Hall, breaches, procedure, said, unmet
from workflow.core.attempt import Decision, Refusal


class Body(NamedTuple):
    """One body as the law or the default has it: its rules, its counts, who is due, the least who make it."""

    name: str
    rules: str
    counts: dict[str, int]
    due: int
    quorum: int
    approval: int
    more: Mapping[str, object] = MappingProxyType({})


MEMBERS = 'quorum: ">= 2/3 of members_capable", approval: ">= 2/3 of members_capable", notice_days: 10'
COUNTY = 'quorum: ">= 2/3 of body_all", approval: "> 1/2 of body_all"'
ASSEMBLY = """quorum: {any_of: ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}, approval: "> 1/2 of present", notice_days: 10, notice_ways: [posted]"""
GROUP = """quorum: {any_of: [">= 2/3 of group_18plus", ">= 2/3 of group_households"]}, approval: "> 1/2 of present\""""
GROUP_COUNTS = {"group": 3, "group_18plus": 90, "group_households": 30}
VILLAGE = {"villagers_18plus": 800, "households": 300}
REPS = 'quorum: ">= 2/3 of body_all", women_quorum: ">= 2/3 of women_reps", approval: "> 1/2 of present", notice_days: 5, notice_ways: [written, posted], delegation: true'
BODIES = (
    Body("villagers_assembly", ASSEMBLY, VILLAGE, 800, 401, 201, {"mode": "villagers_18plus"}),
    Body("villagers_assembly", ASSEMBLY, VILLAGE, 300, 200, 101, {"mode": "households"}),
    Body("rep_assembly", REPS, {"body_all": 45, "reps_all": 40, "women_reps": 15}, 45, 30, 16, {"women_present": 10}),
    Body("group_meeting", GROUP, GROUP_COUNTS, 90, 60, 31, {"mode": "group_18plus", "group": 3}),
    Body("group_meeting", GROUP, GROUP_COUNTS, 30, 20, 11, {"mode": "group_households", "group": 3}),
    Body("committee", 'quorum: "> 1/2 of body_all", approval: "> 1/2 of body_all"', {"body_all": 5}, 5, 3, 3),
    Body("party_meeting", 'quorum: ">= 1/2 of voting_members", approval: "> 1/2 of due"', {"voting_members": 30}, 30, 15, 16),
    Body("party_meeting", 'quorum: ">= 2/3 of voting_members", approval: "> 1/2 of due"', {"voting_members": 40}, 40, 27, 21),
    Body("party_reps", COUNTY, {"body_all": 21}, 21, 14, 11),
    Body("branch_committee", 'quorum: ">= 1/2 of body_all", approval: "> 1/2 of body_all"', {"body_all": 5}, 5, 3, 3),
    Body("joint_meeting", COUNTY, {"body_all": 8}, 8, 6, 5),
    Body("member_assembly", MEMBERS, {"members_capable": 301}, 301, 201, 201),
    Body("member_reps", 'quorum: ">= 2/3 of reps_all", approval: ">= 2/3 of reps_all"', {"reps_all": 31}, 31, 21, 21),
    Body("council", 'quorum: ">= 2/3 of directors_all", approval: "> 1/2 of directors_all"', {"directors_all": 7}, 7, 5, 4),
    Body("supervisors", COUNTY, {"body_all": 3}, 3, 2, 2),
    Body("vsc", COUNTY, {"body_all": 5}, 5, 4, 3),
    Body(
        "levy_reps", 'quorum: ">= 2/3 of households", approval: "> 1/2 of households_represented"',
        {"households": 300}, 300, 200, 101,
    ),
    Body("deliberation", 'quorum: ">= 1/2 of due", approval: "> 1/2 of present"', {}, 21, 11, 6),
    Body("leading_group", COUNTY, {"body_all": 9}, 9, 6, 5),
)  # fmt: skip
EACH = pytest.mark.parametrize("body", BODIES, ids=lambda body: f"{body.name}-{body.due}")


def hall(body: Body, code: str = LINSHU, stage: str = "votes: true", **opening: object) -> Hall:
    """A matter before that body, called where it must be called, on the day of the meeting."""
    here = Hall(
        procedure(f"{body.name}: {{{body.rules}}}", stage), {body.name: body.counts}, code, opening=opening
    )
    here.open()
    if "call" in here.compiled.open("meet"):
        invited = {"invited": body.due} if body.name == "deliberation" else {}
        assert isinstance(here.call(10, "written", "posted", **invited), Decision)
    return here


def counted(body: Body, present: int, in_favour: int | None) -> dict[str, object]:
    """A count with so many present and in favour, the others against; no votes where nobody could vote."""
    votes = {} if in_favour is None else {"in_favour": in_favour, "against": present - in_favour}
    return {"due": body.due, "present": present, **votes, **body.more}


@EACH
def test_as_many_as_must_come_make_a_meeting(body: Body) -> None:
    """With the least number present the body meets; when all who must agree do, the matter passes."""
    answer = hall(body).record(**counted(body, body.quorum, body.quorum))

    assert isinstance(answer, Decision)
    assert "meeting.quorum" not in unmet(answer)
    assert answer.outcome == ("passed" if body.quorum >= body.approval else "rejected")


@EACH
def test_one_fewer_makes_none(body: Body) -> None:
    """With one fewer present the meeting is adjourned, and no vote of it may be recorded."""
    adjourned = hall(body).record(**counted(body, body.quorum - 1, None))
    voted = hall(body).record(**counted(body, body.quorum - 1, body.quorum - 1))

    assert isinstance(adjourned, Decision)
    assert (adjourned.outcome, unmet(adjourned)) == ("adjourned", ["meeting.quorum"])
    assert f"至少 {body.quorum}" in said(adjourned, "meeting.quorum")
    assert isinstance(voted, Refusal)
    assert "count.no_vote_without_quorum" in unmet(voted)


@EACH
def test_as_many_as_must_agree_decide(body: Body) -> None:
    """With the least number in favour it passes, with one fewer it does not."""
    present = max(body.quorum, body.approval)
    passed = hall(body).record(**counted(body, present, body.approval))
    failed = hall(body).record(**counted(body, present, body.approval - 1))

    assert isinstance(passed, Decision)
    assert isinstance(failed, Decision)
    assert (passed.outcome, failed.outcome) == ("passed", "rejected")
    assert unmet(failed) == ["meeting.approval"]
    assert f"至少 {body.approval}" in said(failed, "meeting.approval")


@EACH
def test_who_is_due_comes_from_the_register(body: Body) -> None:
    """A count that says another number is due than the register (or the invitation) is refused."""
    answer = hall(body).record(**{**counted(body, body.quorum, body.quorum), "due": body.due - 1})

    assert "count.due" in unmet(answer)
    assert f"登记在册 {body.due}" in said(answer, "count.due")


@pytest.mark.parametrize(
    "rules, place, found",
    [
        ('member_assembly: {quorum: "> 1/2 of members_capable", approval: ">= 2/3 of members_capable", notice_days: 10}', LINSHU, "农村集体经济组织法第二十七条"),
        ('member_assembly: {quorum: ">= 2/3 of members_capable", approval: ">= 2/3 of present", notice_days: 10}', LINSHU, "农村集体经济组织法第二十七条"),
        ('member_assembly: {quorum: ">= 2/3 of members_capable", approval: ">= 2/3 of members_capable", notice_days: 9}', LINSHU, "农村集体经济组织法第二十七条"),
        ('member_reps: {quorum: ">= 2/3 of reps_all", approval: "> 1/2 of reps_all"}', LINSHU, "农村集体经济组织法第二十八条"),
        ('council: {quorum: "> 1/2 of directors_all", approval: "> 1/2 of directors_all"}', LINSHU, "农村集体经济组织法第三十一条"),
        ('council: {quorum: ">= 2/3 of directors_all", approval: "> 1/2 of present"}', LINSHU, "农村集体经济组织法第三十一条"),
        ('group_meeting: {quorum: "> 1/2 of group_18plus", approval: "> 1/2 of present"}', LINSHU, "组织法（2025年修正）第三十二条"),
        ('group_meeting: {quorum: ">= 2/3 of group_18plus", approval: ">= 1/2 of present"}', LINSHU, "组织法（2025年修正）第三十二条"),
        ('party_meeting: {quorum: ">= 1/2 of voting_members", approval: "> 1/2 of present"}', LINSHU, "支部工作条例第十一条"),
        ('branch_committee: {quorum: ">= 2/5 of body_all", approval: "> 1/2 of body_all"}', LINSHU, "支部工作条例第十二条"),
        ('rep_assembly: {quorum: ">= 2/3 of body_all", approval: "> 1/2 of present", delegation: true, notice_days: 2}', CHONGQING, "重庆市实施办法（2013年修订）第十二条"),
    ],
)  # fmt: skip
def test_looser_rules_are_refused_by_their_article(rules: str, place: str, found: str) -> None:
    """A county that asks less than the law of any body is told which article asks more."""
    assert found in [breach.basis for breach in breaches(rules, place)]


@EACH
def test_the_rules_of_the_table_are_lawful(body: Body) -> None:
    """Where this file tests both sides, the rules themselves stand against the law of the village."""
    assert breaches(f"{body.name}: {{{body.rules}}}") == []


def test_two_thirds_of_members_absent_or_silent_count_against() -> None:
    """Of 300 members 200 came and 199 agreed: two thirds of all are 200, so one abstention defeats it (LEC-06)."""
    body = Body("member_assembly", MEMBERS, {"members_capable": 300}, 300, 200, 200)
    answer = hall(body).record(due=300, present=200, in_favour=199, abstain=1)

    assert isinstance(answer, Decision)
    assert answer.outcome == "rejected"
    assert said(answer, "meeting.approval").endswith("至少 200（199×3=597 < 300×2=600）")


def test_the_law_of_the_day_binds_a_text_that_asks_less() -> None:
    """A text written before the law asks a majority of those present; at the act two thirds of all members count."""
    old = Body(
        "member_reps",
        'quorum: ">= 1/2 of reps_all", approval: "> 1/2 of present"',
        {"reps_all": 30},
        30,
        15,
        20,
    )
    failed = hall(old).record(due=30, present=20, in_favour=19, against=1)
    passed = hall(old).record(due=30, present=20, in_favour=20)

    assert isinstance(failed, Decision)
    assert isinstance(passed, Decision)
    assert (failed.outcome, passed.outcome) == ("rejected", "passed")


@pytest.mark.parametrize(
    "class_", ["charter", "membership", "land_homestead_shares", "compensation", "merger"]
)
def test_representatives_of_members_may_not_decide_what_the_law_keeps_from_them(class_: str) -> None:
    """Five classes of matters belong to the members' assembly alone (集体经济组织法 art. 28, LEC-08)."""
    reps = next(each for each in BODIES if each.name == "member_reps")
    everyone = next(each for each in BODIES if each.name == "member_assembly")
    refused = hall(reps, **{"class": class_}).record(**counted(reps, 31, 31))
    passed = hall(everyone, **{"class": class_}).record(**counted(everyone, 301, 301))

    assert isinstance(refused, Refusal)
    assert unmet(refused) == ["meeting.non_delegable"]
    assert refused.unmet[0].basis == ("农村集体经济组织法第二十八条",)
    assert "这类事项不能由成员代表大会决定" in said(refused, "meeting.non_delegable")
    assert isinstance(passed, Decision)


@pytest.mark.parametrize(
    "class_, place, kept",
    [
        ("other_matters_clause", LINSHU, True),
        ("other_matters_clause", ELSEWHERE, False),
        ("charter", ELSEWHERE, True),
        ("ordinary", LINSHU, False),
    ],
)
def test_what_villagers_representatives_may_not_decide(class_: str, place: str, kept: bool) -> None:
    """Shandong keeps the open clause with the villagers' assembly, the nation the charter: told when the meeting is called."""
    reps = next(each for each in BODIES if each.name == "rep_assembly")
    here = Hall(
        procedure(f"rep_assembly: {{{reps.rules}}}"),
        {"rep_assembly": reps.counts},
        place,
        opening={"class": class_},
    )
    answer = here.open().call(5, "written", "posted")

    assert ("meeting.non_delegable" in unmet(answer)) is kept


def test_benefits_of_outsiders_need_three_quarters_of_all_members() -> None:
    """A class of matter may need more than its body: 3/4 of 300 members are 225 (集体经济组织法 art. 15, LEC-09)."""
    body = Body("member_assembly", MEMBERS, {"members_capable": 300}, 300, 200, 200)
    failed = hall(body, **{"class": "outsider_benefit"}).record(
        due=300, present=300, in_favour=224, against=76
    )
    passed = hall(body, **{"class": "outsider_benefit"}).record(
        due=300, present=300, in_favour=225, against=75
    )
    ordinary = hall(body).record(due=300, present=300, in_favour=224, against=76)

    assert isinstance(failed, Decision)
    assert isinstance(passed, Decision)
    assert isinstance(ordinary, Decision)
    assert (failed.outcome, passed.outcome, ordinary.outcome) == ("rejected", "passed", "passed")


def test_representatives_cannot_give_a_majority_of_all_members() -> None:
    """Where the law counts all members, a body that does not count them cannot decide."""
    reps = next(each for each in BODIES if each.name == "member_reps")
    answer = hall(reps, **{"class": "outsider_benefit"}).record(**counted(reps, 31, 31))

    assert isinstance(answer, Refusal)
    assert unmet(answer) == ["meeting.class_body"]


def test_each_group_is_counted_on_its_own() -> None:
    """The third group's meeting is judged by the third group's numbers; a group nobody registered cannot meet."""
    group = next(each for each in BODIES if each.name == "group_meeting")
    here = hall(group)
    unknown = here.record(**{**counted(group, 60, 60), "group": 4})
    known = here.record(**counted(group, 60, 60))

    assert isinstance(unknown, Refusal)
    assert unmet(unknown) == ["count.body_on_record"]
    assert isinstance(known, Decision)


def test_a_council_proposes_what_only_three_quarters_of_the_members_may_decide() -> None:
    """The share of a class binds the bodies that decide: a council discusses it first and needs its own majority only."""
    council = next(each for each in BODIES if each.name == "council")
    found = hall(council, **{"class": "outsider_benefit"}).record(due=7, present=5, in_favour=4, against=1)

    assert isinstance(found, Decision)
    assert found.outcome == "passed"


def test_a_rule_by_heads_is_not_passed_over_where_households_are_counted() -> None:
    """A group that asks two thirds of all its people cannot decide by its households with the law's majority of those present."""
    strict = 'quorum: ">= 2/3 of group_18plus", approval: ">= 2/3 of group_18plus"'
    body = Body("group_meeting", strict, GROUP_COUNTS, 30, 20, 11, {"mode": "group_households", "group": 3})
    answer = hall(body).record(due=30, present=30, in_favour=30, against=0, mode="group_households", group=3)

    assert set(unmet(answer)) == {"count.mode_allowed"}
