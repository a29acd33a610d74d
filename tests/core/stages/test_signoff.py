"""A signature: principles that are affirmed before it, approval that the law demands, and what it was before."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults
from workflow.core.attempt import Decision

APPROVE = """\
  - id: town
    title: 镇街审核
    phase: review
    kind: signoff
    mode: approve
    by: [township_officer]
    days: 5
    principles: [{id: lawful, title: 依法依规}, {id: accepted, title: 群众认可}]
    binding: [土地管理法第六十二条]
    then: archived
"""
PLAIN = "".join(
    line for line in APPROVE.splitlines(keepends=True) if "principles" not in line and "binding" not in line
)
YES = {"principle_lawful": True, "principle_accepted": True}


def day(later: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=later)


def approval(decision: Decision) -> tuple[bool, str, tuple[str, ...], str]:
    """What is recorded of the approval the law demands."""
    (asked,) = [each for each in decision.requirements if each.check == "signoff.approval"]
    return asked.met, str(asked.numbers["given"]), asked.basis, asked.weight


def test_who_agrees_affirms_every_principle() -> None:
    """One principle denied and the approval is refused; both affirmed it stands."""
    trial = Trial(APPROVE, "town")

    for name in YES:
        assert trial.refused("sign", "township_officer", day(1), opinion="agree", **{**YES, name: False}) == {
            "signoff.principles"
        }
    assert trial.ok("sign", "township_officer", day(1), opinion="agree", **YES).outcome == "agreed"
    assert trial.at == "archived"


def test_who_disagrees_may_deny_any_of_them() -> None:
    """A principle denied is a reason to return the matter, never in the way of it."""
    trial = Trial(APPROVE, "town")
    denied = dict.fromkeys(YES, False)

    assert trial.ok("sign", "township_officer", day(1), opinion="disagree", **denied).outcome == "returned"
    assert trial.at == "rejected"


@pytest.mark.parametrize(
    "opinion, found", [("agree", (True, "同意")), ("disagree", (False, "不同意，退回并说明理由"))]
)
def test_an_approval_the_law_demands_is_recorded_with_its_article(
    opinion: str, found: tuple[bool, str]
) -> None:
    """The article decides, agreed or not; it refuses nobody the answer."""
    done = Trial(APPROVE, "town").ok("sign", "township_officer", day(1), opinion=opinion, **YES)

    assert approval(done) == (*found, ("土地管理法第六十二条",), "decides")


def test_an_approval_corrected_to_one_without_a_principle_is_void() -> None:
    """Had the principle been denied, nobody could have agreed: the matter is back at the signature."""
    trial = Trial(APPROVE, "town")
    trial.ok("sign", "township_officer", day(1), opinion="agree", **YES)
    done = trial.corrected("sign", "township_officer", day(2), principle_lawful=False, reason="没有核实")

    assert (done.outcome, trial.at) == ("changed", "town")
    assert trial.matter.last("town", "sign") is None


def test_without_principles_and_articles_the_form_and_the_record_are_what_they_were() -> None:
    """Nothing more is asked and nothing more is required."""
    trial = Trial(PLAIN, "town")
    fields = [each.name for each in trial.ahead(MONDAY)["sign"].fields]
    done = trial.ok("sign", "township_officer", day(1), opinion="agree")

    assert fields == ["opinion", "receipt", "reason", "paper"]
    assert not [each for each in done.requirements if each.check.startswith("signoff.")]


def test_the_days_are_a_window_and_nothing_happens_when_they_are_over() -> None:
    """Five days from Monday end on the Monday after; on the day after that the signature still counts."""
    trial = Trial(PLAIN, "town")

    assert trial.window("sign") == (None, day(7))
    assert trial.ok("sign", "township_officer", day(8), opinion="agree").outcome == "agreed"


@pytest.mark.parametrize("mode", ["opinion", "file"])
@pytest.mark.parametrize(
    "line, field",
    [("principles: [{id: lawful, title: 依法依规}]", "principles"), ("binding: [某法第一条]", "binding")],
)
def test_only_an_approval_can_be_withheld(mode: str, line: str, field: str) -> None:
    """An opinion and a filing stop nothing: neither principles nor an article of approval go with them."""
    text = PLAIN.replace("mode: approve", f"mode: {mode}\n    {line}")
    (fault,) = faults(text, "town")

    assert (fault.code, fault.path) == ("P215", ("stages", "town", field))


def test_a_principle_stands_once() -> None:
    """The same id twice would be one question."""
    (fault,) = faults(APPROVE.replace("id: accepted", "id: lawful"), "town")

    assert (fault.path, fault.message) == (("stages", "town", "principles", 1), "原则代号“lawful”写了两次")
