"""Tracks in any order: done when all are, failed when that can no longer be, and sound after a correction."""

import pytest

from tests.core.stages.joints import ACTS, S04, TWO_OF_THREE, affirm, day, survey, town
from tests.trials import MONDAY, Trial


@pytest.mark.parametrize(
    "order",
    [("town", "principles", "asked"), ("asked", "town", "principles"), ("principles", "asked", "town")],
)
def test_tracks_are_done_in_any_order(order: tuple[str, ...]) -> None:
    """Two acts leave the matter where it is; the third, whichever it is, leads on."""
    trial = Trial(S04, "gate")
    found = [(ACTS[each](trial).outcome, trial.at) for each in order]

    assert found == [("track_passed", "gate"), ("track_passed", "gate"), ("joint_done", "next")]


def test_what_the_track_said_is_recorded_with_its_name() -> None:
    """The entry names the track and the outcome of its own judge."""
    done = survey(Trial(S04, "gate"))

    assert (done.computed["track"], done.computed["track_outcome"]) == ("asked", "surveyed")
    assert (done.computed["answered"], done.computed["positive"]) == (50, 40)


def test_a_track_is_done_once() -> None:
    """A second signature is refused, whatever it says."""
    trial = Trial(S04, "gate")
    town(trial)

    assert trial.refused("town_sign", "township_officer", day(2), opinion="disagree") == {"joint.track_done"}


def test_each_track_has_its_own_offices() -> None:
    """The clerk records the survey and signs for nobody."""
    trial = Trial(S04, "gate")

    assert trial.refused("town_sign", "clerk", day(1), opinion="agree") == {"office.may"}


def test_one_track_that_falls_short_ends_the_stage_where_all_are_needed() -> None:
    """The township disagrees: nothing else is waited for."""
    trial = Trial(S04, "gate")
    survey(trial)

    assert (town(trial, "disagree").outcome, trial.at) == ("joint_failed", "rejected")


def test_two_of_three_are_enough() -> None:
    """One track falls short and the others pass; the stage goes on with the second that passes."""
    trial = Trial(TWO_OF_THREE, "gate")

    assert town(trial, "disagree").outcome == "track_failed"
    assert survey(trial).outcome == "track_passed"
    assert (affirm(trial).outcome, trial.at) == ("joint_done", "next")


def test_the_stage_fails_when_enough_can_no_longer_pass() -> None:
    """The second of three that falls short ends it; the third is not waited for."""
    trial = Trial(TWO_OF_THREE, "gate")
    town(trial, "disagree")

    assert (survey(trial, 39, 11).outcome, trial.at) == ("joint_failed", "rejected")


def test_a_track_that_turns_out_to_have_failed_takes_the_end_with_it() -> None:
    """The survey was miscounted: what the last track had ended stands without basis, and the stage has failed."""
    trial = Trial(S04, "gate")
    survey(trial)
    town(trial)
    affirm(trial)
    trial.corrected(
        "asked_survey", "clerk", day(2), answer_satisfied=39, answer_dissatisfied=11, reason="数错了"
    )

    assert trial.at == "rejected"
    assert [act.action for act in trial.matter.acts if act.without_basis] == [
        "town_sign",
        "principles_affirm",
    ]


def test_a_track_that_counted_as_one_of_enough_is_not_waited_away() -> None:
    """Two of three had passed; one of them had not: the stage is open again, and the other track's end is undone."""
    trial = Trial(TWO_OF_THREE, "gate")
    survey(trial)
    town(trial)
    assert trial.at == "next"
    trial.corrected(
        "asked_survey", "clerk", day(2), answer_satisfied=39, answer_dissatisfied=11, reason="数错了"
    )

    assert trial.at == "gate"
    assert town(trial, on=2).outcome == "track_passed"
    assert (affirm(trial, 2).outcome, trial.at) == ("joint_done", "next")


def test_a_correction_that_changes_no_result_moves_nothing() -> None:
    """One answer more or less, still enough: the matter stays where it is and the tracks stay done."""
    trial = Trial(S04, "gate")
    survey(trial)
    town(trial)
    done = trial.corrected(
        "asked_survey", "clerk", day(2), answer_satisfied=41, answer_dissatisfied=9, reason="漏一人"
    )

    assert (done.outcome, trial.at) == ("unchanged", "gate")
    assert trial.refused("town_sign", "township_officer", day(2), opinion="agree") == {"joint.track_done"}


def test_the_ending_track_corrected_opens_the_stage_and_keeps_the_others() -> None:
    """The principles were not all affirmed: the matter is back, and only they are answered again."""
    trial = Trial(S04, "gate")
    survey(trial)
    town(trial)
    affirm(trial)
    assert trial.at == "next"
    trial.ok(
        "correct", "vsc_member", day(2), corrects=trial.last("principles_affirm").mseq, principle_lasting=False,
        reason="第四项没有确认",
    )  # fmt: skip

    assert trial.at == "gate"
    assert trial.refused("town_sign", "township_officer", day(2), opinion="agree") == {"joint.track_done"}
    assert (affirm(trial, 3).outcome, trial.at) == ("joint_done", "next")


def test_a_matter_that_comes_back_goes_through_all_tracks_again() -> None:
    """The stage after it sends the matter back: what was signed for the old version counts no more."""
    text = S04.replace(
        "mode: file, by: [county_civil_affairs]", "mode: approve, otherwise: gate, by: [county_civil_affairs]"
    )
    trial = Trial(text, "gate")
    for act in ACTS.values():
        act(trial)
    trial.ok("sign", "county_civil_affairs", day(2), opinion="disagree")
    assert trial.at == "gate"
    for act in ACTS.values():
        act(trial, on=3)

    assert trial.at == "next"


def test_a_track_has_its_own_days_from_the_day_the_matter_came() -> None:
    """The township has five days, to Saturday and so to Monday; acts of other tracks give it no more, its own ends them."""
    trial = Trial(S04, "gate")
    assert trial.window("town_sign") == (None, day(7))
    survey(trial)
    assert trial.window("town_sign", day(1)) == (None, day(7))
    town(trial)

    assert "town_sign" not in trial.ahead(day(1))


def test_the_actions_bear_the_names_of_their_tracks() -> None:
    """Two signatures in one stage are told apart by title and id."""
    titles = {each.title for each in Trial(S04, "gate").ahead(MONDAY).values()}

    assert {"镇街审核：审核", "原则确认：逐项确认", "民意调查：登记调查结果"} <= titles
