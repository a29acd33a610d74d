"""Ballots with a scale: sheets that agree, turnout, bands on both sides of every share, weights, corrections."""

import pytest

from tests.core.stages.papers import MARKED, ON_SPOT, Walk, faults
from tests.trials import MONDAY, VILLAGE, law
from workflow.core.findings import Unreadable
from workflow.core.floors import check_floors

ONE_HOUSE_ONE_VOTE = """
kind: ballot
unit: household
turnout: ">= 2/3 of households"
otherwise: rejected
scale:
  - {id: competent, title: 称职}
  - {id: basic, title: 基本称职}
  - {id: incompetent, title: 不称职}
bands:
  - {id: excellent, title: 优秀, answers: [competent], rule: ">= 9/10 of ballots_cast", consequence: 年底表彰}
  - {id: incompetent, title: 不称职, answers: [incompetent], rule: ">= 1/2 of ballots_cast", leads: rejected}
  - {id: competent, title: 称职}
"""
WEIGHTED = """
kind: ballot
unit: groups
groups:
  - {id: party, title: 党员, weight: 3, base: voting_members, turnout: "> 1/2 of voting_members"}
  - {id: reps, title: 村民代表, weight: 1, base: reps_all, turnout: "> 1/2 of reps_all"}
scale: [{id: yes_, title: 同意}, {id: no_, title: 不同意}]
bands:
  - {id: approved, title: 多数赞成, answers: [yes_], rule: "> 2/3 of ballots_cast"}
  - {id: not_approved, title: 赞成的不够, leads: rejected}
"""


def appraise(walk: Walk, returned: int, good: int, bad: int, **more: object) -> str | set[str]:
    """Count a ballot of 300 households: so many returned, so many for and against, the rest in the middle."""
    facts: dict[str, object] = {
        **ON_SPOT, **MARKED, "due": 300, "issued": 300, "returned": returned, "invalid": 0, "valid": returned,
        "votes_competent": good, "votes_basic": returned - good - bad, "votes_incompetent": bad,
    } | more  # fmt: skip
    return walk.sure("count", **{name: value for name, value in facts.items() if value is not None})


@pytest.mark.parametrize(
    "good, bad, band, at",
    [
        (180, 0, "excellent", "later"),
        (179, 0, "competent", "later"),
        (0, 100, "incompetent", "rejected"),
        (0, 99, "competent", "later"),
    ],
)
def test_a_band_holds_at_its_share_and_not_one_vote_below(good: int, bad: int, band: str, at: str) -> None:
    """Nine tenths competent is excellent, half incompetent is incompetent; one vote less is neither."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)

    assert appraise(walk, 200, good, bad) == band
    assert (walk.matter.at, walk.computed["band"]) == (at, band)


def test_an_invalid_paper_is_cast_all_the_same() -> None:
    """A share of the ballots cast is a share of all that came back: invalid papers count below the line."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    facts = {"invalid": 20, "valid": 180, "votes_competent": 179, "votes_basic": 1}

    assert appraise(walk, 200, 0, 0, **facts) == "competent"
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    facts["votes_competent"], facts["votes_basic"] = 180, 0
    assert appraise(walk, 200, 0, 0, **facts) == "excellent"


def test_what_follows_from_a_band_is_recorded_in_words() -> None:
    """The consequence stands in the record of the count that the second office confirmed."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    appraise(walk, 200, 200, 0)

    assert walk.computed == {
        "band": "excellent", "band_title": "优秀", "consequence": "年底表彰", "confirms": 2, "confirmed_action": "count",
    }  # fmt: skip


def test_too_few_papers_make_no_result_and_are_not_counted() -> None:
    """Two thirds of 300 households is 200: with 199 the vote is held again, and no answer may be filled in."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    nothing = {"valid": None, "votes_competent": None, "votes_basic": None, "votes_incompetent": None}

    assert appraise(walk, 199, 199, 0) == {"count.ballots_uncounted"}
    assert appraise(walk, 199, 0, 0, invalid=None, **nothing) == "turnout_short"
    assert walk.matter.at == "here"
    assert walk.unmet("ballot.turnout")[0]["least"] == 200
    assert appraise(walk, 200, 200, 0) == "excellent"


def test_more_papers_returned_than_issued_void_the_vote() -> None:
    """It is an outcome, not a slip: the vote is held again."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    nothing = {"valid": None, "votes_competent": None, "votes_basic": None, "votes_incompetent": None}

    assert appraise(walk, 251, 0, 0, issued=250, invalid=None, **nothing) == "overfull"
    assert walk.matter.at == "here"


@pytest.mark.parametrize(
    "wrong, check",
    [
        ({"due": 299, "issued": 299}, "count.ballots_due"),
        ({"issued": 301}, "count.ballots_issued"),
        ({"invalid": 1}, "count.ballots_sum"),
        ({"votes_basic": 21}, "count.ballots_answers"),
        ({"booth": False}, "ballot.booth"),
        ({"public": False}, "ballot.public"),
        ({"independent": False}, "ballot.independent"),
        ({"scrutineers": 0}, "ballot.heads"),
    ],
)
def test_what_does_not_agree_or_was_not_done_is_refused(wrong: dict[str, object], check: str) -> None:
    """Each sum and each demand on the count refuses by itself."""
    assert appraise(Walk.at(ONE_HOUSE_ONE_VOTE), 200, 180, 0, **wrong) == {check}


def test_a_body_that_is_not_on_record_cannot_vote() -> None:
    """Households are taken from the record; without it nobody can say what two thirds are."""
    assert appraise(Walk.at(ONE_HOUSE_ONE_VOTE, {}), 200, 180, 0) == {"count.ballots_on_record"}


@pytest.mark.parametrize("bad, warned", [(100, 1), (99, 0)])
def test_half_finding_somebody_incompetent_is_a_duty_to_resign_in_shandong(bad: int, warned: int) -> None:
    """The duty is said at half and not one vote below, whatever the county's own bands are."""
    walk = Walk.at("purpose: appraisal\n" + ONE_HOUSE_ONE_VOTE.strip())
    appraise(walk, 200, 0, bad)

    assert len(walk.unmet("ballot.resignation")) == warned


def test_an_appraisal_needs_the_assembly_s_quorum() -> None:
    """A household ballot below two thirds of the households is no villagers' assembly (组织法 2025 art. 26)."""
    text = "purpose: appraisal\n" + ONE_HOUSE_ONE_VOTE.strip().replace(
        ">= 2/3 of households", ">= 1/2 of households"
    )
    walk = Walk.at(text)
    found = check_floors(
        walk.trial.compiled.procedure.by_id["here"].floors(), law().statutes, MONDAY, VILLAGE
    )

    assert [each.path for each in found] == [("turnout",)]
    assert (
        appraise(walk, 199, 0, 0, invalid=None, valid=None, votes_basic=None, votes_competent=None)
        == "turnout_short"
    )


def test_a_corrected_count_is_judged_again() -> None:
    """One vote too many had made it excellent: the correction leads where the true count leads."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    appraise(walk, 200, 180, 0)

    assert (
        walk.correct(walk.acts("count")[-1], votes_competent=100, votes_incompetent=100, votes_basic=0)
        == "changed"
    )
    assert walk.matter.at == "rejected"


def test_a_slip_in_a_correction_is_refused() -> None:
    """Sums that cannot be do not void the vote."""
    walk = Walk.at(ONE_HOUSE_ONE_VOTE)
    appraise(walk, 200, 180, 0)

    assert walk.correct(walk.acts("count")[-1], votes_competent=179) == {"count.ballots_answers"}


def weighted(party: int, reps: int, text: str = WEIGHTED) -> tuple[Walk, str | set[str]]:
    """Thirty of forty party members and all forty representatives vote, so many of each in favour."""
    walk = Walk.at(text)
    facts = {
        f"{group}_{name}": value
        for group, cast, given in (("party", 30, party), ("reps", 40, reps))
        for name, value in {
            "due": 40, "issued": 40, "returned": cast, "invalid": 0, "valid": cast, "votes_yes_": given,
            "votes_no_": cast - given,
        }.items()
    }  # fmt: skip
    return walk, walk.sure("count", **ON_SPOT, **MARKED, **facts)


@pytest.mark.parametrize(
    "party, reps, band",
    [(29, 0, "approved"), (28, 2, "not_approved"), (28, 3, "approved"), (0, 40, "not_approved")],
)
def test_weighted_votes_are_added_exactly(party: int, reps: int, band: str) -> None:
    """Three times a member's vote and once a representative's, of 3×30+40=130: more than two thirds begins at 87."""
    walk, outcome = weighted(party, reps)

    assert outcome == band
    assert walk.matter.at == ("later" if band == "approved" else "rejected")


@pytest.mark.parametrize(
    "party, reps, band", [(30, 0, "approved"), (20, 26, "not_approved"), (20, 27, "approved")]
)
def test_weighted_rates_are_compared_without_rounding(party: int, reps: int, band: str) -> None:
    """By rates, 20 of 30 is exactly two thirds, so that of the other forty 26 (65 %) miss and 27 (67.5 %) pass."""
    _, outcome = weighted(party, reps, WEIGHTED + "weigh: rates\n")

    assert outcome == band


def test_each_group_needs_its_own_turnout() -> None:
    """Twenty of forty representatives are not more than half, however many party members came."""
    walk = Walk.at(WEIGHTED)
    facts = {"party_due": 40, "party_issued": 40, "party_returned": 40, "reps_due": 40, "reps_issued": 40}

    assert walk.sure("count", **ON_SPOT, **MARKED, **facts, reps_returned=20) == "turnout_short"
    assert [each["group"] for each in walk.unmet("ballot.turnout")] == ["村民代表"]


@pytest.mark.parametrize(
    "old, new, said",
    [
        (">= 9/10", ">= 1/2", "两边正好各占一份时，“优秀”和“不称职”都达到"),
        ("  - {id: competent, title: 称职}\n$", "", "都达不到的时候没有一档可归"),
        ("answers: [incompetent]", "answers: [bad]", "票上没有“bad”这个选项"),
        ("unit: household", "unit: groups", "unit 写 groups 时至少要写两方"),
        ('turnout: ">= 2/3 of households"', 'turnout: ">= 2/3 of body_all"', "投票是否有效要按“本村总户数”算"),
        ('turnout: ">= 2/3 of households"', "", "没有写多少票投票才有效"),
        ("unit: household", "unit: household\nbase: reps_all", "一户一票按户数算"),
        ("unit: household", "unit: household\nseats: 3", "只写一样"),
        ("unit: household", "unit: household\nelected: '> 1/2 of ballots_cast'", "没有候选人的投票不写 elected"),
        ("  - {id: basic, title: 基本称职}", "  - {id: competent, title: 又一个}", "选项代号“competent”用了两次"),
        ("{id: excellent, title: 优秀", "{id: excellent, title: 顶好", "代号“excellent”的档次叫“优秀”"),
        ("{id: excellent, title: 优秀", "{id: unconfirmed, title: 优秀", "软件自己用的"),
        ("{id: excellent, title: 优秀", "{id: overfull, title: 优秀", "软件自己用的"),
        ('rule: ">= 9/10 of ballots_cast"', 'rule: ">= 9/10 of present"', "这里只能按“参加投票的村民”或“本村总户数”算"),
        ('rule: ">= 1/2 of ballots_cast", ', "", "“不称职”没有写 answers 或 rule"),
        (
            'answers: [incompetent], rule: ">= 1/2', 'answers: [competent], rule: ">= 19/20',
            "达到“不称职”的都已经达到前面的“优秀”",
        ),
    ],
)  # fmt: skip
def test_parameters_of_a_scale_that_cannot_stand_together_are_told(old: str, new: str, said: str) -> None:
    """Each wrong combination is reported when the file is read, at its place."""
    whole = ONE_HOUSE_ONE_VOTE
    text = whole[: -len(old.rstrip("$"))] if old.endswith("$") else whole.replace(old, new, 1)

    assert text != whole
    assert any(said in each for each in faults(text)), faults(text)


def test_a_group_without_weight_is_no_group() -> None:
    """A weight of nothing is refused when the file is read."""
    with pytest.raises(Unreadable, match="不小于 1"):
        faults(WEIGHTED.replace("weight: 3", "weight: 0"))
