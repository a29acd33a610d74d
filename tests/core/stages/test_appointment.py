"""An appointment: listed, trained, taken up for a term, reviewed every year, renewed, ended, or left before its end."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, stuck, warned

PLAIN = """\
  - {id: post, title: 任用, phase: execution, kind: appointment, then: archived}
"""
HIRED = """\
  - id: post
    title: 特聘组织员
    phase: execution
    kind: appointment
    list_days: 7
    training_required: {hours: 8, days: 2}
    subsidy_max_fen: 20000
    warnings_to_dismiss: 2
    then: archived
    otherwise: rejected
"""
FIRST, LAST = date(2026, 4, 1), date(2029, 3, 31)


def day(later: int) -> date:
    """A day counted from the Monday the matter was opened."""
    return MONDAY + timedelta(days=later)


def person(**facts: object) -> dict[str, object]:
    """Somebody for three years, no relative of anybody, unless told otherwise."""
    return {"first_on": FIRST, "last_on": LAST, "relative": False, **facts}


def serving(text: str = PLAIN, **facts: object) -> Trial:
    """Somebody who took up the post on the first day of the term."""
    trial = Trial(text, "post")
    trial.ok("appoint", "secretary", MONDAY, **person(**facts))
    trial.ok("take_up", "secretary", FIRST)
    return trial


def hired() -> Trial:
    """The full kind, listed without objection."""
    trial = Trial(HIRED, "post")
    trial.ok("appoint", "township_officer", MONDAY, **person(subsidy_fen=20_000))
    trial.ok("close_list", "township_officer", day(8), received=0, upheld=0)
    return trial


@pytest.mark.parametrize(
    "last, stands",
    [
        (date(2027, 3, 30), False),
        (date(2027, 3, 31), True),
        (date(2029, 3, 31), True),
        (date(2029, 4, 1), False),
    ],
)
def test_the_term_lies_between_its_months(last: date, stands: bool) -> None:
    """Twelve to thirty-six months from 1 April: both last days are lawful, a day beyond either is not."""
    trial = Trial(PLAIN, "post")
    if stands:
        assert trial.ok("appoint", "secretary", MONDAY, **person(last_on=last)).to == "post.named"
    else:
        assert trial.refused("appoint", "secretary", MONDAY, **person(last_on=last)) == {"appointment.term"}


def test_a_relative_is_stated_and_the_deciders_stand_back() -> None:
    """Who is related to a decider is appointed only where that one stood back and it says how."""
    trial = Trial(PLAIN, "post")
    both = {"appointment.recusal", "appointment.statement"}

    assert trial.refused("appoint", "secretary", MONDAY, **person(relative=True)) == both
    assert trial.refused("appoint", "secretary", MONDAY, **person(relative=True, recused=True)) == {
        "appointment.statement"
    }
    stated = person(relative=True, recused=True, statement="兄弟，表决时离席")
    trial.ok("appoint", "secretary", MONDAY, **stated)
    assert trial.last("appoint").facts["recused"] is True
    assert {"name", "statement"} <= trial.last("appoint").private


@pytest.mark.parametrize("fen, refused", [(20_000, set()), (20_001, {"appointment.subsidy"})])
def test_the_subsidy_has_a_highest_amount(fen: int, refused: set[str]) -> None:
    """Two hundred yuan a month is what the source pays; one fen more is refused."""
    trial = Trial(HIRED, "post")
    facts = person(subsidy_fen=fen)
    if refused:
        assert trial.refused("appoint", "secretary", MONDAY, **facts) == refused
    else:
        assert trial.ok("appoint", "secretary", MONDAY, **facts).outcome == "listed"


def test_the_list_is_closed_when_its_days_have_run() -> None:
    """Seven days from Monday end on Monday; on Tuesday it may be closed."""
    trial = Trial(HIRED, "post")
    trial.ok("appoint", "secretary", MONDAY, **person(subsidy_fen=0))

    assert trial.window("close_list") == (day(8), None)
    assert trial.refused("close_list", "secretary", day(7), received=1, upheld=2) == {
        "appointment.list_ran", "appointment.upheld",
    }  # fmt: skip
    assert trial.ok("close_list", "secretary", day(8), received=1, upheld=0).to == "post.training"


def test_what_is_said_against_somebody_and_upheld_ends_it() -> None:
    """One upheld is enough."""
    trial = Trial(HIRED, "post")
    trial.ok("appoint", "secretary", MONDAY, **person(subsidy_fen=0))
    done = trial.ok("close_list", "secretary", day(8), received=1, upheld=1)

    assert (done.outcome, done.to) == ("list_upheld", "rejected")


def test_training_comes_before_the_post() -> None:
    """Eight hours on two days, none of them the day of taking up; hours corrected down no longer suffice."""
    trial = hired()
    assert trial.ok("train", "secretary", day(9), hours=4).to == "post.training"
    assert trial.refused("take_up", "secretary", FIRST) == {"move.open"}
    assert trial.ok("train", "secretary", FIRST, hours=4).outcome == "trained_enough"
    assert trial.refused("take_up", "secretary", FIRST) == {"appointment.trained"}
    assert trial.ok("take_up", "secretary", FIRST + timedelta(days=1)).to == "post.serving"


def test_hours_on_one_day_are_not_two_days() -> None:
    """Both the hours and the days are asked for; corrected hours count as corrected."""
    trial = hired()
    assert trial.ok("train", "clerk", day(9), hours=7).outcome == "trained"
    assert trial.ok("train", "clerk", day(9), hours=1).computed["hours"] == 8
    assert trial.ok("train", "clerk", day(10), hours=1).to == "post.named"
    trial.corrected("train", "clerk", day(10), hours=0, reason="没有上课")
    assert trial.ok("take_up", "secretary", FIRST).outcome == "serving"


def test_training_corrected_below_what_is_needed_is_needed_again() -> None:
    """The matter returns to the training, and the rest is made up."""
    trial = hired()
    trial.ok("train", "clerk", day(9), hours=4)
    trial.ok("train", "clerk", day(10), hours=4)
    trial.corrected("train", "clerk", day(10), hours=3, reason="少上一学时")

    assert trial.at == "post.training"
    assert trial.ok("train", "clerk", day(10), hours=1).to == "post.named"


@pytest.mark.parametrize("on, stands", [(-1, False), (0, True)])
def test_the_post_is_taken_up_within_the_term(on: int, stands: bool) -> None:
    """The day before the first is refused, the first stands."""
    trial = Trial(PLAIN, "post")
    trial.ok("appoint", "secretary", MONDAY, **person())
    there = FIRST + timedelta(days=on)

    assert trial.window("take_up") == (FIRST, LAST)
    if stands:
        assert trial.ok("take_up", "secretary", there).outcome == "serving"
    else:
        assert trial.refused("take_up", "secretary", there) == {"appointment.take_up"}


def test_who_does_not_come_is_let_go() -> None:
    """An appointment not taken up ends as not passed, from the training too."""
    trial = Trial(PLAIN, "post")
    trial.ok("appoint", "secretary", MONDAY, **person())

    assert trial.ok("stand_down", "secretary", MONDAY).to == "rejected"
    assert hired().ok("leave_training", "secretary", day(8)).to == "rejected"


def test_a_review_falls_due_every_twelve_months() -> None:
    """One within each year of service, the last within the term; late ones stand and are marked."""
    trial = serving()
    assert trial.window("review") == (FIRST, date(2027, 4, 1))
    assert warned(trial.ok("review", "township_officer", date(2027, 4, 1), band="competent")) == set()
    assert trial.window("review") == (date(2027, 4, 1), date(2028, 4, 1))
    late = trial.ok("review", "township_officer", date(2028, 4, 2), band="excellent")
    assert warned(late) == {"appointment.review_late"}
    assert trial.window("review") == (date(2028, 4, 1), LAST)
    trial.ok("review", "township_officer", LAST, band="excellent")
    assert trial.window("review", LAST) == (None, None)


def test_a_year_is_not_reviewed_twice() -> None:
    """A second review before its year has begun is refused."""
    trial = serving()
    trial.ok("review", "township_officer", date(2026, 12, 20), band="competent")

    assert trial.refused("review", "township_officer", date(2027, 3, 31), band="competent") == {
        "appointment.review_early"
    }
    assert trial.ok("review", "township_officer", date(2027, 4, 1), band="competent").outcome == "kept"


@pytest.mark.parametrize(
    "band, outcome, subsidy",
    [
        ("excellent", "kept", 20_000),
        ("competent", "kept", 20_000),
        ("basic", "warned", 0),
        ("incompetent", "unfit", 0),
    ],
)
def test_the_band_leads_where_the_file_says(band: str, outcome: str, subsidy: int) -> None:
    """Stay, warn or leave; whether the subsidy goes on is recorded with it."""
    trial = hired()
    trial.ok("train", "secretary", day(9), hours=4)
    trial.ok("train", "secretary", day(10), hours=4)
    trial.ok("take_up", "secretary", FIRST)
    done = trial.ok("review", "township_officer", date(2027, 1, 4), band=band)

    assert (done.outcome, done.computed["subsidy_fen"]) == (outcome, subsidy)


def test_warnings_add_up_to_dismissal() -> None:
    """Two are enough where the file says two; by default they are not counted together."""
    counted, plain = serving(PLAIN.replace("then:", "warnings_to_dismiss: 2, then:")), serving()
    for trial in (counted, plain):
        trial.ok("review", "township_officer", date(2027, 1, 4), band="basic")
        trial.ok("review", "township_officer", date(2028, 1, 4), band="basic")

    assert (counted.at, plain.at) == ("post.unfit", "post.serving")
    assert set(counted.ahead(date(2028, 1, 4))) & {"review", "renew", "dismiss_unfit"} == {"dismiss_unfit"}
    done = counted.ok("dismiss_unfit", "township_officer", date(2028, 1, 5), grounds="review")
    assert (done.outcome, done.to) == ("discharged", "archived")


def test_a_corrected_band_takes_the_warning_back() -> None:
    """What was recorded as a warning by mistake is none, and the count is what is left."""
    trial = serving(PLAIN.replace("then:", "warnings_to_dismiss: 2, then:"))
    trial.ok("review", "township_officer", date(2027, 1, 4), band="basic")
    trial.corrected("review", "township_officer", date(2027, 1, 4), band="competent", reason="抄错了")

    assert trial.ok("review", "township_officer", date(2028, 1, 4), band="basic").outcome == "warned"


def test_a_term_is_renewed_after_its_reviews_and_as_often_as_allowed() -> None:
    """The new term begins the day after the old one; renewed once by default, and never unreviewed."""
    trial = serving(last_on=date(2027, 3, 31))
    on, second, third = date(2027, 3, 1), date(2028, 3, 31), date(2029, 3, 31)
    assert trial.refused("renew", "township_officer", on, last_on=second) == {"appointment.reviewed"}
    trial.ok("review", "township_officer", on, band="competent")
    short = second - timedelta(days=1)
    assert trial.refused("renew", "township_officer", on, last_on=short) == {"appointment.term"}
    trial.ok("renew", "township_officer", on, last_on=second)
    assert trial.window("end_term") == (date(2028, 4, 1), None)
    trial.ok("review", "township_officer", second, band="competent")
    assert trial.refused("renew", "township_officer", second, last_on=third) == {"appointment.renewals"}


def test_an_appointment_ends_with_the_last_day_of_its_term() -> None:
    """On the last day it still runs; from the next day on nothing else is done in the post."""
    trial = serving()
    after = LAST + timedelta(days=1)

    assert trial.refused("end_term", "secretary", LAST) == {"appointment.term_ran"}
    for action, facts in (("train_on", {"hours": 4}), ("resign", {}), ("review", {"band": "basic"})):
        who = "township_officer"
        assert "appointment.in_term" in trial.refused(action, who, after, **facts)
    done = trial.ok("end_term", "secretary", after)
    assert (done.outcome, done.to, warned(done)) == ("served", "archived", {"appointment.last_review"})


def test_who_resigns_or_is_dismissed_leaves_on_the_other_way() -> None:
    """A reason is asked for, grounds too where it is a dismissal; the file may send them elsewhere."""
    text = PLAIN.replace("then:", "otherwise: rejected, then:")
    left, sent = serving(text), serving(text)
    asked = {each.name for each in sent.ahead(FIRST)["dismiss"].fields if each.required}

    assert asked == {"grounds", "reason", "paper"}
    assert left.ok("resign", "secretary", FIRST).to == "rejected"
    assert sent.refused("dismiss", "clerk", FIRST, grounds="duty") == {"office.may"}
    assert sent.ok("dismiss", "township_officer", FIRST, grounds="duty").to == "rejected"


def test_an_appointment_may_need_the_second_office() -> None:
    """Where the file says so, the appointment waits until another office confirms it."""
    trial = Trial(PLAIN.replace("then:", "decisive: true, then:"), "post")
    trial.attempt("appoint", "secretary", MONDAY, **person())

    assert trial.at == "post.confirming"
    trial.ok("confirm", "vsc_chair", MONDAY)
    assert trial.at == "post.named"


@pytest.mark.parametrize(
    "stage, path",
    [
        ("term_months: {min: 13, max: 12}", ("term_months", "min")),
        ("review_months: 37", ("review_months",)),
        ("training_required: {}", ("training_required",)),
        ("bands: [{id: a, title: 甲, leads: warn}]", ("bands",)),
        ("bands: [{id: a, title: 甲, leads: stay}, {id: a, title: 乙, leads: warn}]", ("bands", 1, "id")),
        ("warnings_to_dismiss: 2, bands: [{id: a, title: 甲, leads: stay}]", ("warnings_to_dismiss",)),
    ],
)
def test_parameters_that_cannot_stand_together_are_faults(stage: str, path: tuple[str | int, ...]) -> None:
    """Each is reported at its own place when the file is read."""
    found = faults(PLAIN.replace("then:", f"{stage}, then:"), "post")

    assert [(each.code, each.path) for each in found] == [("P215", ("stages", "post", *path))]


@pytest.mark.parametrize("text", [PLAIN, HIRED])
def test_no_state_is_a_dead_end(text: str) -> None:
    """From each state some acts lead to an end."""
    assert stuck(Trial(text, "post")) == set()


def test_what_is_followed_up_in_the_post_is_entered_under_its_name() -> None:
    """S-19's 调度了解 is such an act; a stage that names none has none."""
    trial = serving(PLAIN.replace("then:", "follow_up: 调度了解, then:"))

    assert trial.ok("follow_up", "township_officer", FIRST).outcome == "followed_up"
    assert "follow_up" not in serving().compiled.actions["post"]
