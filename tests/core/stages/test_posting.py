"""A plan posted for comments before the vote: its own days, opinions counted and answered, objections as ever."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, read

COMMENTS = """\
  - id: plan
    title: 方案公示
    phase: review
    kind: posting
    what: plan
    days: 7
    pre_vote: true
    by: [secretary]
    then: archived
"""


def day(later: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=later)


def posted(text: str = COMMENTS, last: int = 7) -> Trial:
    """A plan on the board since the Monday, confirmed that day."""
    trial = Trial(text, "plan")
    trial.ok("post", "secretary", MONDAY, boards=1, media=["board"], last_on=day(last))
    return trial


def test_a_plan_not_yet_voted_on_is_posted_for_the_days_the_place_sets() -> None:
    """Seven days from Monday end on the next Monday: a day less is refused, and the law's fifteen are not asked."""
    trial = Trial(COMMENTS, "plan")
    assert trial.refused("post", "secretary", MONDAY, boards=1, media=["board"], last_on=day(6)) == {
        "posting.last_day"
    }
    trial = posted()

    assert trial.window("close") == (day(8), None)
    assert read(COMMENTS, "plan").by_id["plan"].floors() == ()


def test_a_plan_posted_otherwise_keeps_the_laws_days() -> None:
    """Without `pre_vote` the days stand against the statute, and the form asks for no opinions."""
    text = COMMENTS.replace("    pre_vote: true\n", "")
    stage = read(text, "plan").by_id["plan"]
    trial = Trial(text, "plan")

    assert [claim.path for claim in stage.floors()] == [("days",)]
    assert [each.name for each in trial.compiled.actions["plan"]["close"].fields] == ["taken_down"]
    assert trial.refused("post", "secretary", MONDAY, boards=1, media=["board"], last_on=day(7)) == {
        "posting.last_day"
    }


@pytest.mark.parametrize("adopted", [0, 3])
def test_no_more_opinions_are_adopted_than_came(adopted: int) -> None:
    """Of three, none or all three may be adopted; a fourth is refused."""
    trial = posted()
    facts = {"taken_down": True, "opinions": 3, "handling": "采纳三条"}

    assert trial.refused("close", "secretary", day(8), **facts, adopted=4) == {"posting.adopted"}
    assert trial.ok("close", "secretary", day(8), **facts, adopted=adopted).outcome == "closed"
    assert (trial.last("close").facts["opinions"], trial.last("close").facts["adopted"]) == (3, adopted)


def test_opinions_that_came_are_answered_and_none_need_no_answer() -> None:
    """One opinion without a word on it keeps the posting open; with none it closes."""
    trial = posted()

    assert trial.refused("close", "secretary", day(8), taken_down=True, opinions=1, adopted=0) == {
        "posting.handled"
    }
    trial.ok("close", "secretary", day(8), taken_down=True, opinions=0, adopted=0)


def test_a_comment_posting_runs_its_days_and_takes_objections_as_any_other() -> None:
    """It closes on the day after its last and not on it; villagers may object while it hangs."""
    trial = posted()

    assert "object" in trial.ahead(day(1))
    assert trial.refused("close", "secretary", day(7), taken_down=True, opinions=0, adopted=0) == {
        "posting.run"
    }


@pytest.mark.parametrize(
    "old, new, field",
    [("what: plan", "what: resolution", "what"), ("phase: review", "phase: disclosure", "phase")],
)
def test_only_a_plan_and_only_before_the_vote_is_posted_for_comments(old: str, new: str, field: str) -> None:
    """A resolution cannot escape the law's days by being called a comment posting."""
    (fault,) = faults(COMMENTS.replace(old, new), "plan")

    assert (fault.code, fault.path) == ("P215", ("stages", "plan", field))
