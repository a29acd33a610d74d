"""Signatures by working days, with a veto, and apart from whoever acted before."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, law
from workflow.core.attempt import Refusal
from workflow.core.days import CalendarEnds
from workflow.core.stages.terms import working_period

COUNTY = """\
  - id: county
    title: 县级复审
    phase: review
    kind: signoff
    mode: approve
    by: [county_agri]
    days: 7
    working_days: true
    veto: rejected
    otherwise: county
    then: stamp
  - id: stamp
    title: 用印
    phase: execution
    kind: record
    by: [seal_keeper, county_agri]
    asks: [{id: copies, title: 盖了几份, type: count}]
    apart_from: [county]
    then: archived
"""


def day(later: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=later)


@pytest.mark.parametrize(
    "start, days, last",
    [
        (date(2026, 3, 2), 1, date(2026, 3, 3)),
        (date(2026, 3, 2), 4, date(2026, 3, 6)),
        (date(2026, 3, 2), 5, date(2026, 3, 9)),
        (date(2026, 3, 7), 1, date(2026, 3, 9)),
        # 15 to 23 February 2026 are the holidays of the new year; Saturday the 14th and the 28th are worked.
        (date(2026, 2, 13), 1, date(2026, 2, 14)),
        (date(2026, 2, 13), 2, date(2026, 2, 24)),
        (date(2026, 2, 26), 2, date(2026, 2, 28)),
    ],
)
def test_working_days_leave_out_rest_days_and_take_in_days_made_up(
    start: date, days: int, last: date
) -> None:
    """The first day does not count; weekends and holidays do not; a Saturday that is worked does."""
    assert working_period(start, days, law().calendar).last == last


def test_working_days_into_a_year_without_notice_are_provisional() -> None:
    """What the calendar cannot say yet is said to be so; where it ends nothing is counted, nor less than a day."""
    assert working_period(date(2026, 12, 31), 1, law().calendar).provisional
    assert not working_period(date(2026, 3, 2), 1, law().calendar).provisional
    with pytest.raises(CalendarEnds, match="3个工作日的期限"):
        working_period(date(law().calendar.last, 12, 31), 3, law().calendar)
    with pytest.raises(ValueError, match="at least one day"):
        working_period(MONDAY, 0, law().calendar)


def test_seven_working_days_are_a_window_of_their_own() -> None:
    """From Monday seven working days end on Wednesday of the week after; seven days would have ended on Monday."""
    assert Trial(COUNTY, "county").window("sign") == (None, day(9))
    plain = COUNTY.replace("    working_days: true\n", "")
    assert Trial(plain, "county").window("sign") == (None, day(7))


@pytest.mark.parametrize(
    "opinion, outcome, at",
    [("agree", "agreed", "stamp"), ("disagree", "returned", "county"), ("veto", "vetoed", "rejected")],
)
def test_a_veto_is_a_third_answer(opinion: str, outcome: str, at: str) -> None:
    """Agreed it goes on, disagreed it goes back, vetoed it goes where the veto says."""
    trial = Trial(COUNTY, "county")

    assert trial.ok("sign", "county_agri", day(1), opinion=opinion).outcome == outcome
    assert trial.at == at


def test_without_a_veto_the_form_has_two_answers() -> None:
    """Only a text that names a veto gives one."""
    trial = Trial(COUNTY.replace("    veto: rejected\n", ""), "county")
    (opinion,) = [each for each in trial.ahead(MONDAY)["sign"].fields if each.name == "opinion"]

    assert [each.token for each in opinion.choices] == ["agree", "disagree"]


def test_who_approved_may_not_stamp() -> None:
    """The same person is refused though the office may; another person is not."""
    trial = Trial(COUNTY, "county")
    trial.ok("sign", "county_agri", day(1), opinion="agree")

    answer = trial.attempt("enter", "county_agri", day(2), copies=1)
    assert isinstance(answer, Refusal)
    assert [(each.check, each.numbers["step"]) for each in answer.unmet] == [("office.apart", "县级复审")]
    assert trial.ok("enter", "seal_keeper", day(2), copies=1).outcome == "entered"


@pytest.mark.parametrize(
    "old, new, path",
    [
        ("days: 7\n    working_days", "working_days", "working_days"),
        ("mode: approve", "mode: opinion", "veto"),
        ("veto: rejected", "veto: nowhere", "veto"),
    ],
)
def test_a_wrong_combination_is_reported_when_read(old: str, new: str, path: str) -> None:
    """Working days of no number, a veto that is none, a veto that leads nowhere."""
    assert old in COUNTY
    assert ("stages", "county", path) in {fault.path for fault in faults(COUNTY.replace(old, new), "county")}


@pytest.mark.parametrize("other", ["nowhere", "stamp", "archived"])
def test_a_stage_is_kept_apart_from_another_one_only(other: str) -> None:
    """A name nobody knows, the stage itself, an end: none is a stage somebody else acted at."""
    (fault,) = faults(COUNTY.replace("[county]", f"[{other}]"), "county")

    assert (fault.code, fault.path) == ("P201", ("stages", "stamp", "apart_from", 0))
