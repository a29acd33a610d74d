"""Work with its papers: the lowest price, the ways allowed, the invoice after acceptance, papers of each act (domain.md §16.2)."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults

WORK = """\
  - id: build
    title: 采购施工
    phase: execution
    kind: work
    ways: [quotes, tender]
    lowest_wins: true
    invoice: true
    papers:
      - {id: review, title: 评审报告, action: award}
      - {id: before, title: 施工前照片, action: accept}
    then: archived
"""
MONEY = 900_000
HEADS = {"people": 3, "committee": 1, "supervisors": 1, "conclusion": "pass"}


def day(later: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=later)


def awarded() -> Trial:
    """A matter whose work is about to be awarded."""
    trial = Trial(WORK, "build")
    trial.ok("assign", "secretary", day(1), finish_by=day(30), way="quotes")
    return trial


def accepted() -> Trial:
    """A matter whose work has been accepted."""
    trial = awarded()
    trial.ok("award", "secretary", day(2), amount_fen=MONEY, lowest_fen=MONEY, quotes=3)
    trial.ok("contract", "secretary", day(3), amount_fen=MONEY)
    trial.ok("accept", "secretary", day(20), amount_fen=MONEY, **HEADS)
    return trial


@pytest.mark.parametrize("given", [MONEY - 1, MONEY + 1])
def test_the_lowest_price_wins(given: int) -> None:
    """One fen beside the lowest quote is refused, the lowest itself stands."""
    trial = awarded()

    assert trial.refused("award", "secretary", day(2), amount_fen=given, lowest_fen=MONEY, quotes=3) == {
        "work.lowest"
    }
    assert (
        trial.ok("award", "secretary", day(2), amount_fen=MONEY, lowest_fen=MONEY, quotes=3).outcome
        == "awarded"
    )


def test_only_the_ways_named_are_on_the_form() -> None:
    """What must be bought or built by others cannot be done by the village itself."""
    trial = Trial(WORK, "build")
    (way,) = [each for each in trial.ahead(MONDAY)["assign"].fields if each.name == "way"]

    assert [each.token for each in way.choices] == ["quotes", "tender"]


def test_each_act_asks_for_its_own_papers() -> None:
    """The review report comes with the award, the photo before the work with the acceptance; both are required."""
    asked = {
        action.id: {each.name for each in action.fields if each.type == "documents" and each.required}
        for action in awarded().compiled.actions["build"].values()
    }

    assert asked["award"] == {"paper", "review"}
    assert asked["accept"] == {"paper", "before"}
    assert asked["invoice"] == {"invoice"}


@pytest.mark.parametrize(
    "facts, check",
    [
        ({"amount_fen": MONEY - 1}, "work.invoice_amount"),
        ({"amount_fen": MONEY + 1}, "work.invoice_amount"),
        ({"invoice_on": day(22)}, "work.invoice_day"),
    ],
)
def test_the_invoice_is_for_what_was_accepted_and_not_of_tomorrow(
    facts: dict[str, object], check: str
) -> None:
    """One fen more or less, or a day ahead, is refused; as accepted it stands and the work is over."""
    trial = accepted()
    right = {"amount_fen": MONEY, "invoice_on": day(21)}

    assert trial.at == "build.accepted"
    assert trial.refused("invoice", "secretary", day(21), **{**right, **facts}) == {check}
    assert trial.ok("invoice", "secretary", day(21), **right).outcome == "invoiced"
    assert trial.at == "archived"


def test_an_invoice_corrected_to_another_amount_is_void() -> None:
    """It would not have been taken: the matter waits for a right one."""
    trial = accepted()
    trial.ok("invoice", "secretary", day(21), amount_fen=MONEY, invoice_on=day(21))
    done = trial.corrected("invoice", "secretary", day(22), amount_fen=MONEY - 1, reason="看错了发票")

    assert (done.outcome, trial.at) == ("changed", "build.accepted")
    assert trial.matter.last("build", "invoice") is None


@pytest.mark.parametrize(
    "old, new, path",
    [
        ("id: before", "id: people", ("papers", 1, "id")),
        ("id: before", "id: paper", ("papers", 1, "id")),
        (
            "invoice: true\n    papers:\n",
            "papers:\n      - {id: slip, title: 收据, action: invoice}\n",
            ("papers", 0, "action"),
        ),
    ],
)
def test_a_paper_has_a_name_of_its_own_and_an_act_that_comes(
    old: str, new: str, path: tuple[str | int, ...]
) -> None:
    """Named like an answer of the same form, or for an invoice nobody registers: reported when the file is read."""
    assert old in WORK
    assert ("stages", "build", *path) in {fault.path for fault in faults(WORK.replace(old, new), "build")}
