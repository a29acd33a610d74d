"""The opening: who may move a matter, what must be there before, and how much may be levied (YSYY-01, -02, -08; domain.md §16.3)."""

from datetime import date

import pytest

from tests.trials import MONDAY, PAPER, VILLAGE, law, read
from workflow.core.attempt import Attempt, Decision, Refusal
from workflow.core.decide import decide
from workflow.core.entry import digest
from workflow.core.facts import FieldError, read_facts
from workflow.core.machine import Compiled
from workflow.core.matter import Matter
from workflow.core.place import Place, Term

USUAL = {"title": "一件事", "source": "cadres_propose", "mover": "committee", "reason": "需要办"}
CAPS = "caps: {per_person_fen: 1500, per_labourer_days: 10}"
LEVY = {"per_person_fen": 1500, "labour_days": 10, "exempted": "现役军人、在校学生减免", "willing": True}


def opened(rules: str, **facts: object) -> Decision | Refusal | list[FieldError]:
    """Try to open a matter under a procedure whose motion says `rules` besides."""
    text = "  - {id: end, title: 归档, phase: audit, kind: inspection, then: archived}\n"
    compiled = Compiled(read(text, f"end, {rules}"), digest(rules.encode()))
    form = compiled.actions["motion"]["open"].fields
    given, errors = read_facts(
        form, {key: value for key, value in {**USUAL, **facts}.items() if value is not None}
    )
    if errors:
        return errors
    place = Place(VILLAGE, (), (Term("p_secretary", "secretary", date(2020, 1, 1)),))
    attempt = Attempt("open", "p_secretary", MONDAY, MONDAY, given)
    return decide(compiled, law(), Matter("", VILLAGE, compiled.digest), place, attempt)


def refused(rules: str, **facts: object) -> set[str]:
    """Why a matter may not be opened."""
    answer = opened(rules, **facts)
    assert isinstance(answer, Refusal), answer
    return {each.check for each in answer.unmet}


@pytest.mark.parametrize(
    "levy",
    [
        {},
        {"per_person_fen": 0},
        {"labour_days": 0},
        {"per_person_fen": 1000, "levied_fen": 500},
        {"labour_days": 7, "levied_days": 3},
    ],
)
def test_a_levy_up_to_the_caps_may_be_opened(levy: dict[str, object]) -> None:
    """Money alone, labour alone, both, and what the year has left after an earlier levy."""
    assert isinstance(opened(CAPS, **{**LEVY, **levy}), Decision)


@pytest.mark.parametrize(
    "levy, check",
    [
        ({"per_person_fen": 1501}, "motion.cap_money"),
        ({"labour_days": 11}, "motion.cap_days"),
        ({"per_person_fen": 1000, "levied_fen": 501}, "motion.cap_money"),
        ({"labour_days": 7, "levied_days": 4}, "motion.cap_days"),
        ({"per_person_fen": 0, "labour_days": 0}, "motion.levied"),
        ({"willing": False}, "motion.willing"),
    ],
)
def test_a_levy_one_step_over_is_refused(levy: dict[str, object], check: str) -> None:
    """One fen, one day more than the year allows; nothing at all; money forced for labour."""
    assert refused(CAPS, **{**LEVY, **levy}) == {check}


def test_without_caps_nothing_is_asked_of_a_levy() -> None:
    """The questions belong to procedures that levy."""
    assert isinstance(opened("default: true"), Decision)
    assert [each.message for each in opened("default: true", labour_days=1)] == [
        "这张表没有“labour_days”这一项"
    ]  # type: ignore[union-attr]


def test_only_the_movers_named_may_move() -> None:
    """The form knows no other answer."""
    rules = "movers: [committee, villagers, reps]"

    assert isinstance(opened(rules), Decision)
    assert [each.field for each in opened(rules, mover="vsc")] == ["mover"]  # type: ignore[union-attr]


def test_a_place_that_is_no_village_moves_its_own_matters_where_the_text_says_so() -> None:
    """A street, a township or a firm is no mover of a village's matters unless named."""
    assert [each.field for each in opened("default: true", mover="unit")] == ["mover"]  # type: ignore[union-attr]
    assert isinstance(opened("movers: [unit]", mover="unit"), Decision)


def test_a_required_plan_is_asked_for() -> None:
    """Without it the form is not whole."""
    assert [each.field for each in opened("plan_required: true")] == ["plan"]  # type: ignore[union-attr]
    assert isinstance(opened("plan_required: true", plan=[PAPER]), Decision)


RESTS = "resolution_when: {amount_fen: {more_than: 1000000}}"


def test_what_rests_on_a_resolution_brings_its_number_and_its_paper() -> None:
    """Both, from one fen over the amount on; below it neither."""
    both = {"resolution_number": "2026-3", "resolution": [PAPER]}

    assert isinstance(opened(RESTS, amount_fen=1_000_000), Decision)
    assert isinstance(opened(RESTS, amount_fen=1_000_001, **both), Decision)
    for lacking in both:
        assert refused(RESTS, amount_fen=1_000_001, **{**both, lacking: None}) == {"motion.resolution"}
