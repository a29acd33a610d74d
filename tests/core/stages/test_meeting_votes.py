"""How a meeting votes: in which way, when it is divided, by consensus, or not at all."""

import pytest

from tests.core.stages.halls import (
    ELSEWHERE,
    LISTENING,
    REP_COUNTS,
    REPS,
    VILLAGE,
    VILLAGERS,
    Hall,
    committee,
    outcome,
    procedure,
    unmet,
)
from workflow.core.attempt import Decision


@pytest.mark.parametrize(
    "stage, method, refused",
    [
        ("ballot_methods: [secret]", "secret", False),
        ("ballot_methods: [secret]", "show_of_hands", True),
        ("ballot_methods: [secret, show_of_hands]", "show_of_hands", False),
        ("ballot_methods: [secret]", None, True),
        ("votes: true", None, False),
        ("secret_when: {amount_fen: {at_least: 1000000}}", "show_of_hands", True),
        ("secret_when: {amount_fen: {at_least: 1000000}}", "secret", False),
        ("secret_when: {amount_fen: {at_least: 1000001}}", "show_of_hands", False),
    ],
)
def test_how_the_vote_is_taken_can_be_ruled(stage: str, method: str | None, refused: bool) -> None:
    """A stage may allow some ways of voting, and demand the secret one from an amount on."""
    given = {"method": method} if method else {}
    answer = committee(stage, amount_fen=1_000_000).record(due=5, present=5, in_favour=5, **given)

    assert unmet(answer) == (["meeting.method"] if refused else [])


def test_no_vote_needs_no_way_of_voting() -> None:
    """A meeting without a quorum has taken no vote."""
    answer = committee("ballot_methods: [secret]").record(due=5, present=2)

    assert outcome(answer) == "adjourned"


@pytest.mark.parametrize(
    "share, in_favour, against, divided",
    [
        ("> 1/2 of present", 15, 16, False),
        ("> 1/2 of present", 15, 15, True),
        (">= 1/2 of present", 15, 15, False),
        (">= 2/3 of present", 13, 17, True),
        (">= 2/3 of present", 10, 20, False),
    ],
)
def test_how_much_is_divided_is_a_rule(share: str, in_favour: int, against: int, divided: bool) -> None:
    """Neither side over the share the file names: divided; one of them there: rejected (SY-15)."""
    both = f"{REPS}\nvillagers_assembly: {{{VILLAGERS}}}"
    rules = procedure(both, f'on_divided: villagers_assembly\n    divided_unless: "{share}"')
    here = Hall(rules, {**REP_COUNTS, **VILLAGE}, ELSEWHERE).open()
    here.call(3, body="rep_assembly")
    present = max(30, in_favour + against)
    votes = {"in_favour": in_favour, "against": against, "abstain": present - in_favour - against}
    answer = here.record(due=45, present=present, women_present=10, **votes)

    assert outcome(answer) == ("divided" if divided else "rejected")


def test_a_meeting_may_only_listen() -> None:
    """With votes: false the body meets with its quorum, nobody votes, and the matter goes on (听取)."""
    here = committee("votes: false", LISTENING)
    adjourned = here.record(due=5, present=2)
    held = here.record(due=5, present=3)

    assert here.errors("record", in_favour=3)[0] == "in_favour"
    assert (outcome(adjourned), unmet(adjourned)) == ("adjourned", ["meeting.quorum"])
    assert outcome(held) == "held"
    assert isinstance(held, Decision)
    assert held.to == "archived"


def test_a_deliberation_is_due_whoever_was_invited() -> None:
    """The call says how many are invited, and after an adjournment the next call anew; inviting nobody is refused."""
    rules = 'deliberation: {quorum: ">= 1/2 of due", approval: ">= 1/1 of present"}'
    here = Hall(procedure(rules)).open()
    nobody = here.call(3, invited=0)
    here.call(3, invited=20)
    short = here.record(due=20, present=9)
    here.call(3, invited=12)
    agreed = here.record(due=12, present=6, in_favour=6)

    assert unmet(nobody) == ["meeting.invited"]
    assert outcome(short) == "adjourned"
    assert outcome(agreed) == "passed"


def test_consensus_is_everybody_present() -> None:
    """Where a county asks for consensus, one of six against is enough to fail."""
    here = Hall(procedure('deliberation: {quorum: ">= 1/2 of due", approval: ">= 1/1 of present"}')).open()
    here.call(3, invited=12)

    assert outcome(here.record(due=12, present=6, in_favour=5, against=1)) == "rejected"
