"""Ballots with candidates: numbers from the acts, seats, ties, run-offs, and corrections that reopen the count."""

import datetime

import pytest

from tests.core.stages.papers import MARKED, ON_SPOT, Walk, faults
from tests.trials import MONDAY, VILLAGE, law
from workflow.core.floors import check_floors

ELECTION = """
kind: ballot
turnout: "> 1/2 of registered_voters"
seats: 2
seats_min: 2
candidates_max: 4
elected: "> 1/2 of ballots_cast"
run_off: .
run_off_share: ">= 1/3 of ballots_cast"
otherwise: rejected
"""


def collect(walk: Walk, returned: int = 100, **more: object) -> str | set[str]:
    """Take in the papers of a round of 120 voters."""
    facts = {**MARKED, "due": 120, "issued": 110, "returned": returned, "invalid": 0, "valid": returned}
    return walk.do("collect", **(facts | more))


def vote(walk: Walk, votes: dict[int, int], **papers: object) -> str | set[str]:
    """Collect, count each candidate and declare."""
    assert collect(walk, **papers) == "collected"  # type: ignore[arg-type]
    for number, given in votes.items():
        assert walk.do("count", candidate=number, votes=given) == "counted"
    return walk.sure("declare", **ON_SPOT)


def listed(candidates: int, text: str = ELECTION) -> Walk:
    """A contest with so many candidates, its list settled."""
    walk = Walk.at(text)
    for _ in range(candidates):
        walk.do("nominate")
    assert walk.do("settle") == "settled"
    return walk


def test_candidates_are_numbered_by_the_acts_and_must_outnumber_the_seats() -> None:
    """Two candidates for two seats are too few; a struck one's number is not used again; the fifth is too many."""
    walk = Walk.at(ELECTION)
    numbers = [walk.do("nominate") and walk.computed["candidate"] for _ in range(2)]

    assert walk.do("settle") == {"ballot.candidates"}
    assert walk.do("strike", candidate=2) == "struck"
    assert walk.do("strike", candidate=2) == {"count.ballots_candidate"}
    numbers += [walk.do("nominate") and walk.computed["candidate"] for _ in range(3)]
    assert numbers == [1, 2, 3, 4, 5]
    assert walk.do("nominate") == {"ballot.candidates_max"}
    assert walk.do("settle") == "settled"
    assert walk.computed["candidates"] == ["1", "3", "4", "5"]


def test_the_most_votes_above_half_fill_the_seats() -> None:
    """Three have more than half of a hundred; the two with the most are elected."""
    walk = listed(3)

    assert vote(walk, {1: 51, 2: 70, 3: 60}) == "elected"
    assert (walk.computed["elected"], walk.matter.at) == (["2", "3"], "later")


def test_half_is_not_more_than_half_and_the_rest_of_the_seats_is_voted_again() -> None:
    """Fifty of a hundred elect nobody: the two best of the unelected stand for the one seat left, and a third elects."""
    walk = listed(4)

    assert vote(walk, {1: 51, 2: 50, 3: 40, 4: 10}) == "run_off"
    assert (walk.computed["elected"], walk.computed["run_off"]) == (["1"], ["2", "3"])
    assert walk.matter.at == "here.listed"
    assert vote(walk, {2: 33, 3: 29}, returned=99) == "elected"
    assert (walk.computed["elected"], walk.matter.at) == (["1", "2"], "later")


def test_less_than_a_third_in_the_last_round_leaves_the_seat_empty() -> None:
    """Thirty-two of ninety-nine are below a third: the seat stays empty, and two were needed."""
    walk = listed(3)
    vote(walk, {1: 51, 2: 50, 3: 40})

    assert vote(walk, {2: 32, 3: 31}, returned=99) == "not_elected"
    assert walk.matter.at == "rejected"
    assert walk.unmet("ballot.seats") == [{"elected": 1, "seats": 2, "vacant": 1}]


def test_fewer_than_all_seats_may_do_where_the_file_says_so() -> None:
    """With one of two enough, the vacancy is said and the election stands."""
    walk = listed(3, ELECTION.replace("seats_min: 2", "seats_min: 1"))
    vote(walk, {1: 51, 2: 50, 3: 40})

    assert vote(walk, {2: 32, 3: 31}, returned=99) == "elected"
    assert walk.computed["elected"] == ["1"]


def test_equal_votes_at_the_last_seat_elect_neither() -> None:
    """Two with sixty for one seat left: both stand again, alone."""
    walk = listed(4)

    assert vote(walk, {1: 70, 2: 60, 3: 60, 4: 10}) == "run_off"
    assert (walk.computed["elected"], walk.computed["run_off"]) == (["1"], ["2", "3"])
    assert vote(walk, {2: 50, 3: 45}) == "elected"
    assert walk.computed["elected"] == ["1", "2"]


def test_equal_votes_above_the_last_seat_do_no_harm() -> None:
    """Two with sixty for two seats are both elected."""
    assert vote(listed(3), {1: 60, 2: 60, 3: 55}) == "elected"


def test_without_a_share_the_most_votes_are_elected_and_none_without_a_vote() -> None:
    """A recommendation by most votes needs no half, but a vote."""
    text = "kind: ballot\nturnout: '> 1/2 of registered_voters'\nseats: 2\nmore_candidates: false\notherwise: rejected\n"

    assert vote(listed(3, text), {1: 5, 2: 3, 3: 1}) == "elected"
    assert vote(listed(2, text), {1: 5, 2: 0}) == "not_elected"


def test_a_run_off_may_be_a_stage_of_its_own() -> None:
    """Where the file names a stage, the matter goes there."""
    walk = listed(3, ELECTION.replace("run_off: .", "run_off: later"))

    assert vote(walk, {1: 51, 2: 50, 3: 40}) == "run_off"
    assert walk.matter.at == "later"


def test_a_count_is_refused_where_it_cannot_be() -> None:
    """An unknown candidate, a second count, more votes than papers, another day, a missing candidate, too many in all."""
    walk = listed(3)
    collect(walk)

    assert walk.do("count", candidate=4, votes=1) == {"count.ballots_candidate"}
    assert walk.do("count", candidate=1, votes=101) == {"count.ballots_votes"}
    assert walk.do("count", candidate=1, votes=90) == "counted"
    assert walk.do("count", candidate=1, votes=90) == {"count.ballots_twice"}
    assert walk.do("declare", **ON_SPOT) == {"ballot.all_counted"}
    walk.do("count", candidate=2, votes=90)
    walk.do("count", candidate=3, votes=21)
    assert walk.do("declare", **ON_SPOT) == {"count.ballots_votes_sum"}
    walk.day += datetime.timedelta(days=1)
    assert "ballot.same_day" in walk.do("declare", **ON_SPOT)


def test_a_round_without_turnout_is_voted_again() -> None:
    """Sixty of a hundred and twenty are not more than half."""
    walk = listed(3)
    nothing = {"valid": 0}

    assert collect(walk, 60, **nothing) == "turnout_short"
    assert walk.matter.at == "here.listed"
    assert vote(walk, {1: 40, 2: 35, 3: 1}, returned=61) == "elected"


def test_a_corrected_count_that_changes_who_is_elected_reopens_the_count() -> None:
    """The matter returns to the counting, what was counted and declared after the corrected count loses its basis."""
    walk = listed(3)
    vote(walk, {1: 51, 2: 70, 3: 60})
    first = walk.acts("count")[0]

    assert walk.correct(first, votes=61) == "changed"
    assert walk.matter.at == "here.counting"
    assert [walk.do("count", candidate=number, votes=given) for number, given in ((2, 70), (3, 60))] == [
        "counted"
    ] * 2
    assert walk.sure("declare", **ON_SPOT) == "elected"
    assert walk.computed["elected"] == ["2", "1"]
    assert walk.correct(first, votes=51) == "changed"


def test_a_corrected_count_that_changes_nobody_s_election_moves_nothing() -> None:
    """One vote more for the same winners: the result stands."""
    walk = listed(3)
    vote(walk, {1: 51, 2: 70, 3: 60})

    assert walk.correct(walk.acts("count")[-1], votes=61) == "unchanged"
    assert walk.matter.at == "later"


def test_a_corrected_strike_reopens_a_settled_list() -> None:
    """The wrong one had been struck: the list has to be settled again, with the right ones on it."""
    walk = Walk.at(ELECTION)
    for _ in range(4):
        walk.do("nominate")
    walk.do("strike", candidate=2)
    walk.do("settle")

    assert walk.correct(walk.acts("strike")[0], candidate=3) == "changed"
    assert walk.matter.at == "here"
    assert walk.do("settle") == "settled"
    assert walk.computed["candidates"] == ["1", "2", "4"]


def test_a_corrected_sheet_is_judged_again() -> None:
    """Without turnout the round is voted again; with fewer papers, the share of who was elected may change."""
    walk = listed(3)
    vote(walk, {1: 51, 2: 70, 3: 20})
    sheet = walk.acts("collect")[0]

    assert walk.correct(sheet, returned=101, valid=101) == "unchanged"
    assert walk.correct(sheet, returned=102, valid=102) == "changed"
    assert walk.matter.at == "here.counting"
    assert walk.acts("count") == []


def test_a_corrected_count_may_not_take_another_candidate_s_number() -> None:
    """The later counts of the same round are seen too."""
    walk = listed(3)
    vote(walk, {1: 51, 2: 70, 3: 60})
    first = walk.acts("count")[0]

    assert walk.correct(first, candidate=3) == {"count.ballots_twice"}


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("candidates_max: 4", "candidates_max: 2", "seats 选 2 人，候选人至少 3 人，可是最多只能有 2 人"),
        ("seats_min: 2", "seats_min: 3", "seats_min 至少选出 3 人，可是只选 2 人"),
        ("run_off: .\n", "", "run_off_share 没有写在哪里再投，就不写再投时的票数"),
        ("run_off: .", "run_off: .\nrounds: 1", "rounds 在本步再投，至少要有两轮"),
        (
            'elected: "> 1/2 of ballots_cast"',
            'elected: "> 1/2 of present"',
            "elected 这里只能按“参加投票的村民”或“登记参加选举的村民”算",
        ),
        ("seats: 2", "seats: 2\npurpose: election\nunit: household", "unit 选举、罢免一人一票"),
        ("seats: 2", "seats: 2\nbase: body_all", "base 写 body_all 时要写 body"),
    ],
)
def test_parameters_of_a_contest_that_cannot_stand_together_are_told(old: str, new: str, said: str) -> None:
    """Each wrong combination is reported when the file is read, at its place."""
    found = faults(ELECTION.replace(old, new, 1))

    assert any(said in each for each in found), found


LAWFUL = "purpose: election\n" + ELECTION.strip()


def breached(text: str) -> list[str]:
    """The paths at which a contest in Shandong falls below a floor."""
    stage = Walk.at(text).trial.compiled.procedure.by_id["here"]
    return [
        ".".join(map(str, each.path))
        for each in check_floors(stage.floors(), law().statutes, MONDAY, VILLAGE)
    ]


@pytest.mark.parametrize(
    "old, new, path",
    [
        ("> 1/2 of registered_voters", ">= 1/2 of registered_voters", "turnout"),
        ("> 1/2 of ballots_cast", ">= 1/2 of ballots_cast", "elected"),
        ('elected: "> 1/2 of ballots_cast"\n', "", "elected"),
        (">= 1/3 of ballots_cast", ">= 33/100 of ballots_cast", "run_off_share"),
        ("seats: 2", "seats: 2\nmore_candidates: false", "more_candidates"),
        ("seats: 2", "seats: 2\nsecret: false", "secret"),
        ("seats: 2", "seats: 2\non_spot: false", "on_spot"),
    ],
)
def test_an_election_below_the_law_is_told(old: str, new: str, path: str) -> None:
    """The committee's election as the law has it stands; the smallest step below it does not."""
    assert breached(LAWFUL) == []
    assert breached(LAWFUL.replace(old, new, 1)) == [path]


def test_the_law_of_the_day_is_asked_at_the_act() -> None:
    """A text that would do with a third of the voters still needs the law's half."""
    walk = listed(3, LAWFUL.replace("> 1/2 of registered_voters", "> 1/3 of registered_voters"))

    assert collect(walk, 60, valid=0) == "turnout_short"
    assert vote(walk, {1: 61, 2: 50, 3: 40}) == "run_off"


@pytest.mark.parametrize("votes, outcome", [(61, "elected"), (60, "not_elected")])
def test_a_poll_may_ask_a_share_of_all_who_should_vote(votes: int, outcome: str) -> None:
    """A party meeting elects by more than half of the 120 due, not of the 100 papers that came back."""
    text = """
kind: ballot
base: voting_members
turnout: ">= 4/5 of voting_members"
seats: 1
elected: "> 1/2 of voting_members"
otherwise: rejected
"""
    walk = Walk.at(text, {"party_meeting": {"voting_members": 120}})
    assert [walk.do("nominate"), walk.do("nominate"), walk.do("settle")] == [*["nominated"] * 2, "settled"]

    assert vote(walk, {1: votes, 2: 20}) == outcome
