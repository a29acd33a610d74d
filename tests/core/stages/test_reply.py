"""A duty to answer: assigned within its days, answered, asked back, reopened, escalated, closed with a reason if late."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, stuck, warned

PLAIN = """\
  - {id: say, title: 说事必回, phase: execution, kind: reply, days: 10, reopen_days: 5, then: archived}
"""
STRICT = PLAIN.replace("then:", "satisfaction: required, then:")


def day(later: int) -> date:
    """A day counted from the Monday the matter was registered; day 10 is a Thursday."""
    return MONDAY + timedelta(days=later)


def answered(text: str = PLAIN, on: int = 1) -> Trial:
    """A matter assigned at once and answered on that day."""
    trial = Trial(text, "say")
    trial.ok("assign", "secretary", MONDAY)
    trial.ok("answer", "secretary", day(on), way="phone")
    return trial


def unsettled(text: str = PLAIN) -> Trial:
    """A matter that did not satisfy twice, of which once was all it may be reopened."""
    trial = answered(text)
    trial.ok("feedback", "vsc_chair", day(2), satisfied="no")
    trial.ok("answer", "secretary", day(3), way="spoken")
    trial.ok("feedback", "vsc_chair", day(3), satisfied="no")
    return trial


def test_the_days_run_from_the_registration_and_end_on_a_workday() -> None:
    """Ten days from Monday end on Thursday; five from Monday 2 March on Saturday, so on Monday."""
    assert Trial(PLAIN, "say").window("assign") == (None, day(10))
    assert Trial(PLAIN.replace("days: 10", "days: 5"), "say").window("assign") == (None, day(7))


@pytest.mark.parametrize("given, computed", [(None, day(10)), (day(10), day(10)), (day(4), day(4))])
def test_the_day_to_finish_is_computed_or_given_earlier(given: date | None, computed: date) -> None:
    """Who promises an earlier day is held to it."""
    trial = Trial(PLAIN, "say")
    done = trial.ok("assign", "secretary", day(1), finish_by=given)

    assert done.computed["finish_by"] == computed.isoformat()
    assert trial.window("answer") == (None, computed)


@pytest.mark.parametrize("given", [day(11), MONDAY])
def test_the_day_to_finish_lies_within_the_days(given: date) -> None:
    """Beyond the last day, or before the day of assigning, it is refused."""
    assert Trial(PLAIN, "say").refused("assign", "secretary", day(1), finish_by=given) == {"reply.finish_by"}


def test_who_is_responsible_is_named_and_private() -> None:
    """The name is asked for and reaches the leaf as a commitment alone."""
    trial = Trial(PLAIN, "say")
    trial.ok("assign", "secretary", MONDAY, responsible="王某")

    assert "responsible" in trial.last("assign").private
    assert "responsible" not in trial.last("assign").facts


@pytest.mark.parametrize("on, late", [(10, 0), (11, 1)])
def test_a_late_answer_stands_warns_and_is_counted(on: int, late: int) -> None:
    """On the last day it is in time; a day later it is late by one, and that is the first."""
    trial = Trial(PLAIN, "say")
    trial.ok("assign", "secretary", MONDAY)
    trial.ok("handle", "secretary", day(3))
    done = trial.ok("answer", "secretary", day(on), way="written")

    assert warned(done) == ({"reply.in_time"} if late else set())
    assert (done.to, done.computed["late_days"], done.computed["late_answers"]) == (
        "say.answered",
        late,
        late,
    )


def test_a_reassigned_matter_keeps_its_days() -> None:
    """Another person may get an earlier day, never a later one than the days allow."""
    trial = Trial(PLAIN, "say")
    trial.ok("assign", "secretary", MONDAY, finish_by=day(3))

    assert trial.refused("reassign", "secretary", day(4), finish_by=day(11)) == {"reply.finish_by"}
    trial.ok("reassign", "secretary", day(4), finish_by=day(9))
    assert trial.window("answer") == (None, day(9))


def test_an_answer_that_needs_evidence_asks_for_it() -> None:
    """A county may ask for a paper with each answer."""

    def needed(text: str) -> set[str]:
        trial = Trial(text, "say")
        trial.ok("assign", "secretary", MONDAY)
        return {each.name for each in trial.ahead(MONDAY)["answer"].fields if each.required}

    assert needed(PLAIN.replace("then:", "evidence: true, then:")) - needed(PLAIN) == {"paper"}


def test_a_satisfied_person_lets_it_be_closed() -> None:
    """In time and satisfied, nothing has to be accounted for."""
    trial = answered()
    trial.ok("feedback", "vsc_chair", day(2), satisfied="yes")
    done = trial.ok("close", "secretary", day(2))

    assert (done.outcome, done.to, done.computed["late_answers"]) == ("closed_off", "archived", 0)


def test_nothing_is_closed_before_it_was_asked_whether_it_satisfies() -> None:
    """After the answer only the asking back is open."""
    trial = answered()

    assert "feedback" in trial.ahead(day(2))
    assert not {"close", "close_unsatisfied"} & set(trial.ahead(day(2)))


def test_an_unsatisfied_person_has_it_done_again_in_days_of_its_own() -> None:
    """The new term runs from the day of the asking back; an answer after it is late again."""
    trial = answered()
    again = trial.ok("feedback", "vsc_chair", day(7), satisfied="no")

    assert (again.outcome, again.to) == ("done_again", "say.assigned")
    assert trial.window("answer") == (None, day(14))  # day 12 is a Saturday
    assert trial.ok("answer", "secretary", day(15), way="phone").computed["late_answers"] == 1


def test_it_is_reopened_so_many_times_and_no_more() -> None:
    """Once is the default, then it is unsettled; with none the first dissatisfaction is."""
    none = answered(PLAIN.replace("reopen_days: 5", "reopen_times: 0"))

    assert unsettled().at == "say.unsettled"
    assert none.ok("feedback", "clerk", day(2), satisfied="no").to == "say.unsettled"


def test_a_corrected_feedback_is_counted_as_corrected() -> None:
    """Who was in truth satisfied did not have it reopened."""
    trial = answered()
    trial.ok("feedback", "clerk", day(2), satisfied="no")
    trial.corrected("feedback", "clerk", day(2), satisfied="yes", reason="听错了")

    assert trial.at == "say.settled"


def test_who_cannot_be_reached_is_tried_again() -> None:
    """Once is not enough, twice is, unless a county says otherwise."""
    trial = answered()

    assert trial.ok("feedback", "vsc_chair", day(2), satisfied="unreached").to == "say.answered"
    done = trial.ok("feedback", "vsc_chair", day(3), satisfied="unreached")
    assert (done.outcome, done.to) == ("given_up", "say.settled")


def test_asking_is_enough_or_satisfaction_is_required() -> None:
    """Where asking is enough an unsettled matter may be closed as such; else only the way up is open."""
    asked, required = unsettled(), unsettled(STRICT)

    assert {"escalate", "close_unsatisfied"} <= set(asked.ahead(day(3)))
    assert "close_unsatisfied" not in required.ahead(day(3))
    assert asked.ok("close_unsatisfied", "secretary", day(3)).outcome == "closed_unsatisfied"


def test_the_level_above_answers_in_its_own_days_and_that_is_the_end() -> None:
    """Twenty days from the escalation; whatever is thought of that answer, the matter can be closed."""
    trial = unsettled(STRICT)
    trial.ok("escalate", "vsc_chair", day(4))

    assert trial.window("answer_above") == (None, day(24))
    assert warned(trial.ok("answer_above", "township_officer", day(24))) == set()
    assert trial.ok("feedback_above", "vsc_chair", day(25), satisfied="no").to == "say.settled"
    assert trial.ok("close", "secretary", day(25)).outcome == "closed_unsatisfied"


@pytest.mark.parametrize("assigned, action", [(True, "escalate_overdue"), (False, "escalate_unassigned")])
def test_what_is_overdue_may_be_escalated_by_the_supervisors(assigned: bool, action: str) -> None:
    """From the day after the last on, by nobody else, whether or not somebody was made responsible."""
    trial = Trial(PLAIN, "say")
    if assigned:
        trial.ok("assign", "secretary", MONDAY)

    assert trial.window(action) == (day(11), None)
    assert trial.refused(action, "vsc_member", day(10)) == {"reply.overdue"}
    assert trial.refused(action, "secretary", day(11)) == {"office.may"}
    assert trial.ok(action, "vsc_member", day(11)).to == "say.escalated"


def test_being_overdue_must_be_accounted_for() -> None:
    """A late answer, or one that only came from above, is not closed without saying who answers for it."""
    late, raised = answered(on=11), Trial(PLAIN, "say")
    late.ok("feedback", "vsc_chair", day(12), satisfied="yes")
    raised.ok("escalate_unassigned", "vsc_chair", day(11))
    raised.ok("answer_above", "township_officer", day(12))
    raised.ok("feedback_above", "vsc_chair", day(12), satisfied="yes")

    for trial in (late, raised):
        assert trial.refused("close", "secretary", day(12)) == {"reply.accountability"}
        assert trial.ok("close", "secretary", day(12), accountability="责任人作检讨").to == "archived"


def test_a_late_record_confirmed_by_the_second_office_counts_once() -> None:
    """The confirmation carries the outcome of what it confirms; the reopening is counted once all the same."""
    trial = Trial(PLAIN.replace("reopen_days: 5", "reopen_days: 5, reopen_times: 2"), "say")
    trial.ok("assign", "secretary", MONDAY)
    trial.ok("answer", "secretary", day(1), way="phone")
    trial.ok("feedback", "clerk", day(2), recorded=day(8), satisfied="no", late_reason="停电")
    trial.ok("answer", "secretary", day(9), way="phone")

    assert trial.ok("feedback", "clerk", day(9), satisfied="no").outcome == "done_again"
    trial.ok("answer", "secretary", day(9), way="phone")
    assert trial.ok("feedback", "clerk", day(9), satisfied="no").outcome == "unsettled"


def test_a_matter_that_comes_back_begins_a_new_term() -> None:
    """The days run from the day it came here, not from the opening."""
    text = """\
  - {id: check, title: 受理, phase: review, kind: signoff, mode: opinion, by: [vsc_chair], then: say}
""" + PLAIN  # fmt: skip
    trial = Trial(text, "check")
    trial.ok("sign", "vsc_chair", day(4), opinion="agree")

    assert trial.window("assign") == (None, day(14))


@pytest.mark.parametrize(
    "stage, path",
    [
        ("escalate_to: [secretary]", "escalate_to"),
        ("days: 4", "reopen_days"),
        ("reopen_times: 0", "reopen_days"),
    ],
)
def test_parameters_that_cannot_stand_together_are_faults(stage: str, path: str) -> None:
    """Answering oneself again, a second term longer than the first, a term never used."""
    text = PLAIN.replace("days: 10, ", "days: 10, " if not stage.startswith("days") else "")
    found = faults(text.replace("then:", f"{stage}, then:"), "say")

    assert [(each.code, each.path) for each in found] == [("P215", ("stages", "say", path))]


@pytest.mark.parametrize("text", [PLAIN, STRICT])
def test_no_state_is_a_dead_end(text: str) -> None:
    """From each state some acts lead to an end."""
    assert stuck(Trial(text, "say")) == set()
