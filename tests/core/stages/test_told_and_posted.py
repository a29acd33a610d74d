"""Creditors told within the law's days, the year's accounts open before the meeting, boards of a group, a contract signed."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.trials import MONDAY, Trial, faults, law, read, stuck, warned
from workflow.core.floors import check_floors

TELL = """\
  - {id: agree, title: 批准, phase: review, kind: signoff, mode: approve, by: [county_agri], then: tell}
  - {id: tell, title: 通知债权人, phase: disclosure, kind: signoff, mode: notify, tells: creditors, days: 10, by: [clerk], then: archived}
"""
LAST = date(2026, 3, 12)
REPORTS = """\
  - {id: post, title: 年度报告供查阅, phase: review, kind: posting, what: plan, pre_vote: true, annual_documents: true, days: 10, boards: 3, photo: false, then: archived}
"""
SIGNED = """\
  - {id: sign, title: 签合同, phase: execution, kind: contract, performed: false, filed_by: [township_officer], file_from_fen: 500000, signed_by: [committee_director], then: archived}
"""


def told(on: date) -> tuple[Trial, set[str]]:
    """Creditors told on a day of a merger approved on the Monday; what the notice is warned of."""
    trial = Trial(TELL, "agree")
    trial.ok("sign", "county_agri", MONDAY, opinion="agree")
    assert trial.window("notify") == (None, LAST)
    return trial, warned(trial.ok("notify", "clerk", on, told=4))


def test_creditors_told_on_the_tenth_day_are_told_in_time() -> None:
    """集体经济组织法 arts. 23, 24: within ten days of the approval, the tenth included."""
    trial, warnings = told(LAST)

    assert (warnings, trial.at) == (set(), "archived")


def test_creditors_told_a_day_late_are_told_with_a_warning() -> None:
    """To be told late is better than never."""
    trial, warnings = told(LAST + timedelta(days=1))

    assert (warnings, trial.at) == ({"signoff.in_time"}, "archived")


def breaches(stages: str, first: str) -> list[str]:
    """The articles a small procedure falls below."""
    claims = tuple(read(stages, first).floor_claims())
    found = check_floors(claims, law().statutes, MONDAY)
    return [each.basis for each in found if each.path[0] == "stages"]


@pytest.mark.parametrize(
    "stages, first, lawful, breach, article",
    [
        (TELL, "agree", "days: 10", "days: 11", "农村集体经济组织法第二十三条、第二十四条"),
        (REPORTS, "post", "days: 10", "days: 9", "农村集体经济组织法第四十六条"),
    ],
)
def test_the_days_have_their_floor(stages: str, first: str, lawful: str, breach: str, article: str) -> None:
    """Ten days stand, one less lenient to the members or creditors does not, with the article."""
    assert breaches(stages, first) == []
    assert breaches(stages.replace(lawful, breach), first) == [article]


@pytest.mark.parametrize(
    "stages, first",
    [
        (TELL.replace("mode: notify, ", "mode: file, "), "agree"),
        (TELL.replace("days: 10, ", ""), "agree"),
        (REPORTS.replace("pre_vote: true, ", ""), "post"),
    ],
)
def test_what_cannot_stand_together_is_reported(stages: str, first: str) -> None:
    """Creditors are told by a notice with its days; the year's accounts are open before the vote."""
    assert [each.code for each in faults(stages, first)] == ["P215"]


def test_a_group_posts_on_as_many_boards_as_its_rule_says() -> None:
    """The village has one board, this rule asks for three: two are refused."""
    trial = Trial(REPORTS, "post")
    facts: dict[str, Any] = {"media": ["board"], "last_on": MONDAY + timedelta(days=14)}

    assert trial.refused("post", "clerk", MONDAY, boards=2, **facts) == {"posting.boards_set"}
    trial.ok("post", "clerk", MONDAY, boards=3, **facts)
    assert trial.at == "post.posted"


@pytest.mark.parametrize("amount", [499_999, 500_000])
def test_a_contract_that_is_not_followed_ends_when_it_is_signed_and_filed(amount: int) -> None:
    """A lease of thirty years does not keep its result from the board; from the amount on it is filed first."""
    trial = Trial(SIGNED, "sign")
    trial.ok(
        "draft", "secretary", MONDAY, type="lease", amount_fen=amount, copies=2, first_on=MONDAY,
        last_on=date(2029, 3, 1),
    )  # fmt: skip
    trial.ok("sign", "committee_director", MONDAY)
    trial.ok("countersign", "secretary", MONDAY, signed_on=MONDAY)
    if amount >= 500_000:
        assert trial.at == "sign.concluded"
        trial.ok("file", "township_officer", MONDAY, result="filed")

    assert trial.at == "archived"
    assert stuck(trial) == set()
