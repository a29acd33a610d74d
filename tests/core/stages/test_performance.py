"""A contract that both have signed: paid within its amount, broken and put right, fulfilled or ended."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, warned

SIMPLE = """\
  - {id: sign, title: 签合同, phase: execution, kind: contract, then: archived}
"""
FILED = SIMPLE.replace("then:", "filed_by: [township_officer], file_from_fen: 500000, then:")


def day(later: int) -> date:
    """A day counted from the Monday the matter was opened."""
    return MONDAY + timedelta(days=later)


def signed(text: str = SIMPLE, amount_fen: int = 1_000_000) -> Trial:
    """A contract signed by both on the first day."""
    trial = Trial(text, "sign")
    terms = {"first_on": date(2026, 4, 1), "last_on": date(2029, 3, 31), "type": "works", "copies": 2}
    trial.ok("draft", "secretary", MONDAY, **terms, amount_fen=amount_fen)
    trial.ok("sign", "committee_director", MONDAY)
    trial.ok("countersign", "secretary", MONDAY, signed_on=MONDAY)
    return trial


def test_payments_add_up_to_the_contract_and_not_beyond() -> None:
    """The sum of what was paid is computed; a corrected payment counts as corrected."""
    trial = signed()
    trial.ok("perform", "secretary", day(1), paid_fen=600_000)

    assert trial.refused("perform", "secretary", day(2), paid_fen=400_001) == {"contract.paid"}
    trial.corrected("perform", "secretary", day(2), paid_fen=500_000, reason="记错了")
    assert trial.ok("perform", "secretary", day(2), paid_fen=400_001).computed["paid_total_fen"] == 900_001
    assert trial.refused("fulfil", "secretary", day(3), amount_fen=1_000_001) == {"contract.paid"}
    assert trial.ok("fulfil", "secretary", day(3), amount_fen=1_000_000).to == "archived"


def test_performance_after_the_term_stands_and_is_marked() -> None:
    """The last day is in time, the day after warns."""
    trial = signed()
    last, after = date(2029, 3, 31), date(2029, 4, 1)

    assert trial.window("perform") == (None, last)
    assert warned(trial.ok("perform", "secretary", last)) == set()
    assert warned(trial.ok("perform", "secretary", after)) == {"contract.in_term"}


def test_a_breach_is_put_right_or_ends_the_contract() -> None:
    """Fifteen days to put it right, of which a Saturday and Sunday at the end are not counted as the last."""
    trial = signed()
    short = trial.refused("breach", "secretary", day(5), side="other", remedy_days=14)
    trial.ok("breach", "secretary", day(5), side="other", remedy_days=15)

    assert short == {"contract.remedy_days"}
    assert trial.window("cure") == (None, day(21))  # day 20 is a Sunday
    assert trial.refused("end_for_breach", "secretary", day(21)) == {"contract.remedy_ran"}
    assert trial.ok("end_for_breach", "secretary", day(22), damages_fen=5_000).outcome == "terminated"


def test_a_breach_put_right_leads_back_to_the_performance() -> None:
    """In time it is as if nothing were; late it warns, and the next breach has days of its own."""
    trial = signed()
    trial.ok("breach", "secretary", day(5), side="village", remedy_days=15)
    assert warned(trial.ok("cure", "secretary", day(22))) == {"contract.cure_in_time"}
    trial.ok("breach", "secretary", day(28), side="other", remedy_days=20)
    cured = trial.ok("cure", "secretary", day(48))

    assert (warned(cured), cured.to) == (set(), "sign.performing")


def test_a_contract_ended_early_goes_where_the_file_says() -> None:
    """Without another target it goes on as a fulfilled one does, so that it is archived."""
    trial = signed()

    assert trial.ok("terminate", "secretary", day(1), cause="agreed").to == "archived"


@pytest.mark.parametrize("amount, at", [(500_000, "sign.concluded"), (499_999, "sign.performing")])
def test_a_contract_is_filed_from_its_amount_on(amount: int, at: str) -> None:
    """One fen below the amount the contract runs at once."""
    assert signed(FILED, amount).at == at


def test_a_contract_is_filed_in_its_days() -> None:
    """Seven days from the signing; the eighth is late, stands, and is marked. An incomplete filing waits."""
    trial = signed(FILED)

    assert trial.window("file") == (None, day(7))
    late = trial.ok("file", "township_officer", day(8), result="incomplete")
    assert (warned(late), late.to) == ({"contract.file_in_time"}, "sign.concluded")
    assert trial.ok("file", "township_officer", day(8), result="filed").to == "sign.performing"
