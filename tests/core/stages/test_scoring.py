"""Panels that score: the panel, the pairs, exact averages, pass mark, shortlist, ties, recusal, bands, corrections."""

import pytest

from tests.core.stages.papers import Walk

CONTEST = """
kind: scoring
criteria:
  - {id: need, title: 需求, weight: 4, max: 10}
  - {id: plan, title: 方案, weight: 6, max: 10}
panel_min: 3
panel_odd: true
panel_share: ">= 2/3 of due"
joint: true
applicants_min: 2
applicants_max: 4
pass_mark: 60
shortlist: 2
otherwise: rejected
"""
INDICATORS = """
kind: scoring
criteria:
  - {id: party, title: 党建, max: 60}
  - {id: service, title: 服务, max: 40}
panel_min: 1
applicants_max: 1
bands:
  - {id: excellent, title: 优秀, at_least: 90, consequence: 优先评先树优}
  - {id: competent, title: 称职, at_least: 121/2}
  - {id: incompetent, title: 不称职, at_least: 0, leads: rejected, consequence: 约谈}
"""


def convened(applicants: int, judges: int = 3, text: str = CONTEST) -> Walk:
    """A contest with so many applicants, the judges present."""
    walk = Walk.at(text)
    for _ in range(applicants):
        assert walk.do("enter") == "entered"
    assert walk.do("convene", due=judges, present=judges) == "convened"
    return walk


def score(walk: Walk, applicant: int, *points: tuple[int, int]) -> None:
    """One score of (need, plan) from each judge in order."""
    for judge, (need, plan) in enumerate(points, 1):
        given = {"judge": judge, "applicant": applicant, "points_need": need, "points_plan": plan}
        assert walk.do("score", **given) == "scored"


def closed(*totals: tuple[int, int], text: str = CONTEST) -> tuple[Walk, str | set[str]]:
    """A contest of three judges who agree on each applicant's points, closed and confirmed."""
    walk = convened(len(totals), text=text)
    for number, points in enumerate(totals, 1):
        score(walk, number, points, points, points)
    return walk, walk.sure("close")


def test_applicants_are_numbered_by_the_acts_and_may_be_two_together() -> None:
    """A joint application is recorded as one; a struck number is not used again; the fifth is too many."""
    walk = Walk.at(CONTEST)
    walk.do("enter")
    first = walk.computed
    walk.do("enter", partner="某社会组织")

    assert (first, walk.computed) == ({"applicant": 1, "joint": False}, {"applicant": 2, "joint": True})
    assert walk.do("strike", applicant=1) == "struck"
    assert walk.do("strike", applicant=1) == {"count.scores_applicant"}
    assert [walk.do("enter") and walk.computed["applicant"] for _ in range(3)] == [3, 4, 5]
    assert walk.do("enter") == {"scoring.applicants_max"}


@pytest.mark.parametrize(
    "due, present, outcome",
    [
        (3, 3, "convened"),
        (3, 2, "panel_short"),
        (5, 4, "panel_short"),
        (8, 5, "panel_short"),
        (7, 5, "convened"),
    ],
)
def test_the_panel_begins_only_when_it_is_complete(due: int, present: int, outcome: str) -> None:
    """At least three, an odd number, two thirds of those due: else the meeting waits."""
    walk = Walk.at(CONTEST)
    walk.do("enter")

    assert walk.do("convene", due=due, present=present) == {"scoring.applicants"}
    walk.do("enter")
    assert walk.do("convene", due=due, present=present) == outcome
    assert walk.matter.at == ("here.scoring" if outcome == "convened" else "here")


def test_more_judges_than_due_is_a_slip() -> None:
    """Nobody sits on a panel uninvited."""
    walk = Walk.at(CONTEST)
    walk.do("enter")
    walk.do("enter")

    assert walk.do("convene", due=3, present=5) == {"count.panel_present"}


@pytest.mark.parametrize(
    "wrong, check",
    [
        ({"judge": 4}, "count.scores_judge"),
        ({"judge": 0}, "count.scores_judge"),
        ({"applicant": 3}, "count.scores_applicant"),
        ({"points_need": 11}, "count.scores_most"),
        ({"judge": 1}, "count.scores_twice"),
    ],
)
def test_a_score_is_refused_where_it_cannot_be(wrong: dict[str, int], check: str) -> None:
    """Unknown judges and applicants, more than the most, the same pair again."""
    walk = convened(2)
    score(walk, 1, (10, 10))

    assert walk.do(
        "score", **({"judge": 2, "applicant": 1, "points_need": 10, "points_plan": 0} | wrong)
    ) == {check}


def test_every_judge_present_scores_every_applicant() -> None:
    """The one pair that is missing is named, and the result waits for it."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 10))
    score(walk, 2, (10, 10), (10, 10))

    assert walk.do("close") == {"scoring.complete"}
    assert walk.do("score", judge=3, applicant=2, points_need=0, points_plan=0) == "scored"
    assert walk.sure("close") == "shortlisted"


def test_a_recused_judge_does_not_score_and_is_not_missed() -> None:
    """The average is that of the others; the pair is not scored afterwards, nor recused twice."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 10))
    score(walk, 2, (0, 10), (10, 10))

    assert walk.do("recuse", judge=3, applicant=2) == "recused"
    assert walk.do("recuse", judge=3, applicant=2) == {"count.scores_recused_once"}
    assert walk.do("score", judge=3, applicant=2, points_need=1, points_plan=1) == {"count.scores_recused"}
    assert walk.sure("close") == "shortlisted"
    assert walk.computed["totals"] == ["100", "80"]


def test_a_score_given_before_the_conflict_was_known_does_not_count() -> None:
    """A recusal takes the score away."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 10))
    score(walk, 2, (10, 10), (10, 10), (0, 0))
    walk.do("recuse", judge=3, applicant=2)
    walk.sure("close")

    assert walk.computed["totals"] == ["100", "100"]


def test_averages_are_exact() -> None:
    """Three judges' 100, 100 and 94 are 98; 100, 90 and 90 are 280/3, never a rounded 93.33."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 9))
    score(walk, 2, (10, 10), (5, 10), (10, 9))
    walk.sure("close")

    assert walk.computed["applicants"] == ["1", "2"]
    assert walk.computed["totals"] == ["98", "274/3"]
    assert (walk.computed["ranks"], walk.computed["shortlisted"]) == (["1", "2"], ["1", "2"])


def test_the_highest_and_the_lowest_are_dropped_where_the_file_says_so() -> None:
    """Of 100, 60 and 0 the 60 is left; two scores are too few to drop two."""
    walk = convened(2, text=CONTEST + "trim: true\n")
    score(walk, 1, (10, 10), (0, 10), (0, 0))
    score(walk, 2, (10, 10), (10, 10))
    walk.do("recuse", judge=3, applicant=2)

    assert walk.do("close") == {"scoring.scores"}
    walk.do("leave", applicant=2)
    assert walk.sure("close") == "shortlisted"
    assert walk.computed["totals"] == ["60"]


@pytest.mark.parametrize(
    "points, outcome, at", [((0, 10), "shortlisted", "later"), ((10, 3), "none_passed", "rejected")]
)
def test_the_pass_mark_is_reached_exactly_or_not(points: tuple[int, int], outcome: str, at: str) -> None:
    """Sixty passes; fifty-eight does not."""
    walk, found = closed(points, (0, 0))

    assert (found, walk.matter.at) == (outcome, at)


def test_an_average_just_below_the_mark_does_not_pass() -> None:
    """60, 60 and 58 are 178/3, two thirds of a point short."""
    walk = convened(2)
    score(walk, 1, (0, 10), (0, 10), (10, 3))
    score(walk, 2, (0, 0), (0, 0), (0, 0))

    assert walk.sure("close") == "none_passed"
    assert walk.unmet("scoring.pass_mark")[0] == {"applicant": 1, "total": "59又1/3", "needed": "60"}


def test_the_shortlist_takes_the_best_only() -> None:
    """Three passed, two places: the third stays out."""
    walk, _ = closed((10, 8), (10, 10), (10, 9))

    assert walk.computed["shortlisted"] == ["2", "3"]
    assert walk.unmet("scoring.tie") == []


@pytest.mark.parametrize(
    "ties, shortlisted", [("", ["2", "1", "3"]), ("ties: none_in\n", ["2"])]
)  # fmt: skip
def test_a_tie_at_the_last_place_is_said_and_decided_by_the_file(ties: str, shortlisted: list[str]) -> None:
    """Equals across the last place are all in, or none of them is."""
    walk, outcome = closed((10, 9), (10, 10), (10, 9), text=CONTEST + ties)

    assert outcome == "shortlisted"
    assert walk.computed["shortlisted"] == shortlisted
    assert walk.computed["ranks"] == ["1", "2", "2"]
    assert walk.unmet("scoring.tie") == [{"applicants": ["1", "3"], "total": "94"}]


def test_a_tie_above_the_last_place_leaves_both_in() -> None:
    """Two equals for two places."""
    walk, _ = closed((10, 9), (10, 9), (10, 8), text=CONTEST + "ties: none_in\n")

    assert walk.computed["shortlisted"] == ["1", "2"]


def test_when_all_have_left_nothing_is_closed() -> None:
    """A result without applicants is none."""
    walk = convened(2)
    walk.do("leave", applicant=1)
    walk.do("leave", applicant=2)

    assert walk.do("close") == {"scoring.left"}


@pytest.mark.parametrize(
    "party, service, band, at",
    [
        (60, 30, "excellent", "later"),
        (60, 29, "competent", "later"),
        (31, 30, "competent", "later"),
        (30, 30, "incompetent", "rejected"),
    ],
)
def test_the_indicators_of_one_object_come_to_a_band(party: int, service: int, band: str, at: str) -> None:
    """Ninety is excellent, more than sixty and a half competent, less has its consequence on the record."""
    walk = convened(1, judges=1, text=INDICATORS)
    walk.do("score", judge=1, applicant=1, points_party=party, points_service=service)

    assert walk.sure("close") == band
    assert (walk.matter.at, walk.computed["band"]) == (at, band)
    assert walk.computed.get("consequence") == {"excellent": "优先评先树优", "incompetent": "约谈"}.get(band)


def test_one_object_takes_no_second() -> None:
    """Bands say what one total comes to."""
    walk = Walk.at(INDICATORS)
    walk.do("enter")

    assert walk.do("enter") == {"scoring.applicants_max"}


def test_a_corrected_score_that_changes_the_shortlist_reopens_the_scoring() -> None:
    """The matter returns to the scoring; what was scored after the corrected score has to be entered again."""
    walk, _ = closed((0, 10), (0, 0))
    first = walk.acts("score")[0]

    assert walk.correct(first, points_plan=9) == "changed"
    assert walk.matter.at == "here.scoring"
    assert walk.acts("score") == [first]
    for judge, applicant, plan in ((2, 1, 10), (3, 1, 10), (1, 2, 0), (2, 2, 0), (3, 2, 0)):
        walk.do("score", judge=judge, applicant=applicant, points_need=0, points_plan=plan)
    assert walk.sure("close") == "none_passed"
    assert walk.correct(first, points_plan=10) == "changed"


def test_a_corrected_score_that_changes_no_result_moves_nothing() -> None:
    """One point more for who is shortlisted anyway."""
    walk, _ = closed((0, 10), (0, 0))

    assert walk.correct(walk.acts("score")[0], points_need=1) == "unchanged"
    assert walk.matter.at == "later"


def test_a_corrected_recusal_reopens_the_scoring() -> None:
    """Another judge was recused in truth: the pair that now lacks its score is asked for."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 10))
    score(walk, 2, (10, 10), (10, 10))
    walk.do("recuse", judge=3, applicant=2)
    walk.sure("close")

    assert walk.correct(walk.acts("recuse")[0], judge=2) == "changed"
    assert walk.matter.at == "here.scoring"
    assert walk.do("close") == {"scoring.complete"}


def test_a_score_is_corrected_freely_before_the_close() -> None:
    """Nothing rests on it yet, and it may not become another pair's."""
    walk = convened(2)
    score(walk, 1, (10, 10), (10, 10), (10, 10))
    first = walk.acts("score")[0]

    assert walk.correct(first, judge=2) == {"count.scores_twice"}
    assert walk.correct(first, points_need=11) == {"count.scores_most"}
    assert walk.correct(first, points_need=9) == "unchanged"
    assert walk.matter.at == "here.scoring"
