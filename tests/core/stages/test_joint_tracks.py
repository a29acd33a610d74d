"""What a track can be: a survey, principles, a ballot; and what of it cannot stand together."""

from dataclasses import replace
from datetime import date

import pytest

from tests.core.stages.joints import S04, S15, affirm, day, survey
from tests.trials import Trial, faults, read
from workflow.core.findings import Unreadable
from workflow.core.place import BodyCount


@pytest.mark.parametrize("satisfied, at", [(40, "gate"), (39, "rejected")])
def test_a_survey_needs_its_share_exactly(satisfied: int, at: str) -> None:
    """Four fifths of fifty answers are forty; thirty-nine fall short."""
    trial = Trial(S04, "gate")
    survey(trial, satisfied, 50 - satisfied)

    assert trial.at == at


def test_who_does_not_answer_counts_for_nobody() -> None:
    """Of thirty-nine answers, thirty-two are four fifths rounded up."""
    for satisfied, at in ((32, "gate"), (31, "rejected")):
        trial = Trial(S04, "gate")
        survey(trial, satisfied, 39 - satisfied)
        assert trial.at == at
    nobody = Trial(S04, "gate")
    survey(nobody, 0, 0)

    assert nobody.at == "rejected"


def test_a_survey_asks_enough_people_and_counts_no_more_answers_than_people() -> None:
    """Thirty are enough, twenty-nine are not; fifty-one answers of fifty people do not add up."""
    trial = Trial(S04, "gate")
    answers = {"answer_basically": 0, "answer_dissatisfied": 0, "answer_unknown": 0}

    assert trial.refused("asked_survey", "clerk", day(1), asked=29, answer_satisfied=29, **answers) == {
        "joint.survey_asked"
    }
    assert trial.refused("asked_survey", "clerk", day(1), asked=50, answer_satisfied=51, **answers) == {
        "count.survey"
    }
    trial.ok("asked_survey", "clerk", day(1), asked=30, answer_satisfied=30, **answers)


def test_a_survey_without_a_share_informs_and_cannot_fail() -> None:
    """Everybody is dissatisfied: it is on record and the track is done."""
    trial = Trial(S04.replace(", share: 4/5", ""), "gate")

    assert survey(trial, 0, 50).outcome == "track_passed"
    assert "joint_failed" not in trial.compiled.actions["gate"]["asked_survey"].leads


def test_principles_are_affirmed_again_until_all_are() -> None:
    """One no leaves the track open; it is answered again and then is done."""
    trial = Trial(S04, "gate")
    first = affirm(trial, accepted=False)
    (asked,) = [each for each in first.requirements if each.check == "joint.principles"]

    assert (first.outcome, asked.met, asked.numbers["lacking"]) == ("noted", False, ["群众认可"])
    assert affirm(trial, 2).outcome == "track_passed"


def test_a_no_fails_where_the_place_says_so() -> None:
    """With `on_no: fails` one principle denied ends the stage."""
    trial = Trial(S04.replace("kind: checklist\n", "kind: checklist\n        on_no: fails\n"), "gate")
    affirm(trial, lawful=False)

    assert trial.at == "rejected"


def test_every_principle_is_answered_with_a_note() -> None:
    """The note is asked for and reaches the leaf as a commitment alone."""
    trial = Trial(S04, "gate")
    affirm(trial)
    act = trial.last("principles_affirm")

    assert {f"note_{name}" for name in ("lawful", "orderly", "accepted", "lasting")} <= act.private
    assert not any(name.startswith("note_") for name in act.facts)


def counted(trial: Trial, returned: int, fit: int) -> str:
    """Of two hundred households so many vote, and so many of them find the team fit; the outcome confirmed."""
    votes = {"valid": returned, "invalid": 0, "votes_fit": fit, "votes_bad": returned - fit} if fit else {}
    return trial.ok(
        "ballot_count", "clerk", day(1), due=200, issued=200, returned=returned, **votes, counting="hand", booth=True,
        public=True, scrutineers=1, tellers=1, independent=True,
    ).outcome  # fmt: skip


def appraisal() -> Trial:
    """A village of two hundred households appraises its team."""
    trial = Trial(S15, "review")
    counts = BodyCount("villagers_assembly", date(2020, 1, 1), {"villagers_18plus": 500, "households": 200})
    trial.place = replace(trial.place, bodies=(*trial.place.bodies, counts))
    return trial


def test_a_ballot_and_a_survey_go_side_by_side() -> None:
    """The ballot waits for its second office, then for the survey; both done, the appraisal is."""
    trial = appraisal()

    assert counted(trial, 200, 100) == "track_passed"
    assert trial.last("ballot_count").confirmed_by == "vsc_chair"
    assert (survey(trial, 0, 50).outcome, trial.at) == ("joint_done", "archived")


def test_a_ballot_falls_short_where_its_band_leads_elsewhere() -> None:
    """One household less than half: the stage ends, whatever the survey would say."""
    trial = appraisal()

    assert counted(trial, 200, 99) == "joint_failed"
    assert trial.at == "rejected"


def test_a_ballot_without_turnout_is_held_again() -> None:
    """Two thirds of two hundred are 134: with 133 the track stays open, and 134 count."""
    trial = appraisal()

    assert counted(trial, 133, 0) == "noted"
    assert counted(trial, 134, 67) == "track_passed"


def test_the_claims_of_a_track_are_the_stages() -> None:
    """The turnout of an appraisal by ballot is held against the statutes under the track's own path."""
    text = S15.replace("kind: ballot\n", "kind: ballot\n        purpose: appraisal\n")
    claims = read(text, "review").by_id["review"].floors()

    assert {claim.path[:2] for claim in claims} == {("tracks", "ballot")}
    assert "turnout" in {claim.path[2] for claim in claims}


@pytest.mark.parametrize(
    "old, new, path, words",
    [
        ("kind: joint\n", "kind: joint\n    needed: 4\n", ("needed",), "只有 3 个分项"),
        ("id: asked,", "id: town,", ("tracks", 2, "id"), "“town”写了两次"),
        ("days: 5}", "days: 5, then: next}", ("tracks", 0, "then"), "分项不写这一项"),
        ("days: 5}", "days: 5, phase: vote}", ("tracks", 0, "phase"), "分项不写这一项"),
        ("id: town,", "id: the_township_signs_the_file_of_this_one,", ("tracks", 0, "id"), "太长"),
        ("id: orderly,", "id: lawful,", ("tracks", 1, "principles", 1), "“lawful”写了两次"),
        (
            "share: 4/5",
            "share: 4/5, scale: [{id: good, title: 好}, {id: bad, title: 不好}]",
            ("tracks", 2, "share"),
            "没有哪个选项算满意",
        ),
        (
            "share: 4/5",
            "scale: [{id: good, title: 好}, {id: good, title: 不好}]",
            ("tracks", 2, "scale", 1, "id"),
            "“good”写了两次",
        ),
        (
            "mode: approve,",
            "mode: opinion, binding: [某法第一条],",
            ("tracks", 0, "binding"),
            "mode 不是 approve",
        ),
    ],
)
def test_what_cannot_stand_together_is_said_when_the_file_is_read(
    old: str, new: str, path: tuple[str | int, ...], words: str
) -> None:
    """Each contradiction is reported at its place, in words."""
    found = {each.path: each.message for each in faults(S04.replace(old, new), "gate")}

    assert words in found[("stages", "gate", *path)]


def test_a_track_with_acts_at_more_than_one_place_is_a_stage_of_its_own() -> None:
    """An election by seats, with its list and its count, cannot be a track."""
    text = S15.replace(
        "        scale: [{id: fit, title: 称职}, {id: bad, title: 不称职}]\n", "        seats: 1\n"
    )
    bands = text[text.index("        bands:") : text.index("      - {id: asked")]
    found = {each.message for each in faults(text.replace(bands, ""), "review")}

    assert "“一户一票”要分几步办，不能作分项" in found


def test_a_joint_stage_has_two_tracks_at_least() -> None:
    """One track alone is a stage of its own kind."""
    with pytest.raises(Unreadable, match="分项"):
        read(S15.replace("      - {id: asked, title: 民意调查, kind: survey}\n", ""), "review")
