"""Facts put on record: days counted from an earlier step, numbers a statute bounds, the question that turns the way."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, law
from workflow.core.attempt import Decision, Refusal
from workflow.core.stages.record import LAWS

FIRST = """\
  - {id: list, title: 公布名单, phase: disclosure, kind: record, asks: [{id: posted, title: 已公布, type: flag, must: true}], then: here}
"""
HERE = """\
  - id: here
    title: 这一步
    phase: review
    kind: record
MORE
    asks:
ASKS
    then: archived
"""
YES = "      - {id: done, title: 办了, type: flag}"


def text(more: str = "", *asks: str) -> str:
    """A list put up on the Monday, then a record with these lines."""
    lines = "\n".join(f"    {line}" for line in more.splitlines())
    return FIRST + HERE.replace("MORE\n", f"{lines}\n" if lines else "").replace(
        "ASKS", "\n".join(f"      - {{{each}}}" for each in asks) or YES
    )


def put_up(more: str = "", *asks: str) -> Trial:
    """The list is put up on the Monday."""
    trial = Trial(text(more, *asks), "list")
    trial.ok("enter", "secretary", MONDAY, posted=True)
    return trial


def unmet(trial: Trial, on: date, **facts: object) -> list[str]:
    """What refuses the act on that day."""
    answer = trial.attempt("enter", "secretary", on, **facts)
    return [each.check for each in answer.unmet] if isinstance(answer, Refusal) else []


def warned(trial: Trial, on: date, **facts: object) -> list[str]:
    """What the act that stands is warned of."""
    answer = trial.attempt("enter", "secretary", on, **facts)
    assert isinstance(answer, Decision), answer
    return [each.check for each in answer.requirements if not each.met]


@pytest.mark.parametrize("days, refused", [(19, ["record.too_early"]), (20, [])])
def test_so_many_days_must_lie_between(days: int, refused: list[str]) -> None:
    """Twenty days before the vote: the nineteenth day after is refused, the twentieth is not."""
    trial = put_up("after: list\ndays_min: 20\nlaw_min: election.voter_list_days_min")
    assert unmet(trial, MONDAY + timedelta(days), done=True) == refused


@pytest.mark.parametrize("days, refused", [(7, ["record.too_early"]), (8, [])])
def test_whole_days_run_out_first(days: int, refused: list[str]) -> None:
    """Five days from Monday 2 March end on Saturday the 7th, moved to Monday the 9th: the 10th is the first day after."""
    trial = put_up("after: list\nwhole_days: 5\nlaw_min: election.list_objection_days_min")
    assert unmet(trial, MONDAY + timedelta(days), done=True) == refused


@pytest.mark.parametrize("days, late", [(10, []), (11, ["record.in_days"])])
def test_a_term_that_has_run_warns_or_refuses(days: int, late: list[str]) -> None:
    """Ten days from the Monday end on Thursday the 12th; the 13th is late, said in the record, or refused where asked."""
    within = "after: list\ndays_max: 10\nlaw_max: handover.days_max"
    assert warned(put_up(within), MONDAY + timedelta(days), done=True) == late
    assert unmet(put_up(within + "\nlate: refuses"), MONDAY + timedelta(days), done=True) == late


def test_the_law_s_term_binds_where_the_text_s_is_longer() -> None:
    """A text that gives thirty days for what the law gives ten is still late on the eleventh, with the article."""
    trial = put_up("after: list\ndays_max: 30\nlaw_max: handover.days_max")
    answer = trial.attempt("enter", "secretary", MONDAY + timedelta(11), done=True)
    late = next(each for each in answer.requirements if each.check == "record.in_days")
    assert (late.met, late.numbers["needed"], late.basis) == (False, 10, ("组织法（2025年修正）第二十四条",))


def test_a_right_s_term_is_never_shorter_than_the_law_s() -> None:
    """Supervisors have five days for their objection in Shandong, though a text gave them three."""
    trial = put_up("after: list\ndays_max: 3\nlaw_max: disclosure.plan_objection_days_min\nlate: refuses")
    assert unmet(trial, MONDAY + timedelta(8), done=True) == ["record.in_days"]
    assert unmet(trial, MONDAY + timedelta(7), done=True) == []


@pytest.mark.parametrize("given, refused", [(3, []), (4, ["record.at_most"])])
def test_a_number_is_held_against_its_bound_and_its_statute(given: int, refused: list[str]) -> None:
    """Nobody votes for more than three others, whatever the text says."""
    for bound in (3, 5):
        trial = put_up(
            "", f"id: most, title: 最多几人, type: count, at_most: {bound}, law: election.proxies_max"
        )
        assert unmet(trial, MONDAY, most=given) == refused


@pytest.mark.parametrize("given, refused", [(2, ["record.at_least"]), (3, [])])
def test_a_number_may_have_a_least(given: int, refused: list[str]) -> None:
    """Two mediators where three are asked are too few."""
    assert (
        unmet(put_up("", "id: heads, title: 几人, type: count, at_least: 3"), MONDAY, heads=given) == refused
    )


@pytest.mark.parametrize("last, refused", [("2025-09-02", []), ("2025-09-03", ["record.months"])])
def test_a_day_must_lie_months_back(last: str, refused: list[str]) -> None:
    """Six months before Monday 2 March 2026 is 2 September 2025; a day later is too near, and unsaid is not asked."""
    asks = "id: last, title: 上次, type: day, required: false, months: 6, law: appraisal.min_interval_months"
    assert unmet(put_up("", asks), MONDAY, last=last) == refused
    assert unmet(put_up("", asks), MONDAY) == []


def test_what_must_be_so_refuses_a_no() -> None:
    """A duty answered with no is not entered."""
    trial = put_up("", "id: seen, title: 镇里监督, type: flag, must: true")
    assert unmet(trial, MONDAY, seen=False) == ["record.must"]
    assert unmet(trial, MONDAY, seen=True) == []


def test_one_question_may_turn_the_way() -> None:
    """Yes goes on, no goes where the text says, or ends."""
    for otherwise, end in (("otherwise: list\n", "list"), ("", "rejected")):
        lines = f"{otherwise}turns_on: done"
        trial = put_up(lines)
        assert trial.attempt("enter", "secretary", MONDAY, done=False).outcome == "not_so"
        assert trial.at == end
    trial = put_up("turns_on: done")
    assert trial.ok("enter", "secretary", MONDAY, done=True).outcome == "entered"
    assert trial.at == "archived"


def test_a_correction_turns_the_other_way() -> None:
    """A yes corrected to a no leads where the no leads."""
    trial = Trial(text("turns_on: done\nsecond_office: true\notherwise: list"), "list")
    trial.ok("enter", "secretary", MONDAY, posted=True)
    trial.attempt("enter", "secretary", MONDAY, done=True)
    assert trial.at == "here.confirming"
    trial.ok("confirm", "vsc_chair", MONDAY)
    assert trial.at == "archived"


@pytest.mark.parametrize(
    "more, asks, words",
    [
        ("days_max: 3", YES, "没有写从哪一步起算"),
        ("after: list", YES, "没有写天数"),
        ("after: list\ndays_min: 3\nwhole_days: 3", YES, "只写一个"),
        ("law_max: handover.days_max", YES, "没有写 days_max"),
        ("law_min: election.voter_list_days_min", YES, "没有写 days_min"),
        ("turns_on: never", YES, "只能看一个必须填"),
        ("turns_on: done", "      - {id: done, title: 办了, type: flag, must: true}", "只能看一个必须填"),
        ("", "      - {id: late_reason, title: 为什么晚, type: text}", "用过了"),
        ("", YES + "\n" + YES, "用过了"),
        ("", "      - {id: done, title: 办了, type: flag, at_most: 3}", "at_most 只用于"),
        ("", "      - {id: kept, title: 守约, type: choice}", "没有写可选的答案"),
        ("", "      - {id: most, title: 几人, type: count, law: election.proxies_max}", "没有写 at_most"),
        (
            "",
            "      - {id: last, title: 上次, type: day, law: appraisal.min_interval_months}",
            "没有写 months",
        ),
    ],
)
def test_what_cannot_stand_together_is_said(more: str, asks: str, words: str) -> None:
    """Each wrong combination is found when the text is read, with where it stands."""
    lines = "\n".join(f"    {line}" for line in more.splitlines())
    own = FIRST + HERE.replace("MORE\n", f"{lines}\n" if lines else "").replace("ASKS", asks)
    found = faults(own, "list")
    assert [each.code for each in found] == ["P215"]
    assert words in found[0].message


def test_every_law_it_may_name_is_a_statute() -> None:
    """A key that no statute has would bind nobody; in Shandong or Chongqing each of them is in force today."""
    day = date(2026, 6, 30)
    for key in LAWS:
        bound = [law().statutes.in_force(key, day, place) for place in ("371329105201", "500101105201")]
        assert any(bound), key
