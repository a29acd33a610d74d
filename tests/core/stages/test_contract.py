"""A contract: within what was decided, after its posting, read by whom it must, signed by both, kept or broken."""

from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults, stuck
from workflow.core.attempt import Refusal
from workflow.core.words import in_words

SIMPLE = """\
  - {id: sign, title: 签合同, phase: execution, kind: contract, then: archived}
"""
FULL = """\
  - id: decide
    title: 村委会决定
    phase: vote
    kind: meeting
    bodies: {committee: {quorum: "> 1/2 of body_all", approval: "> 1/2 of present"}}
    then: post
  - {id: post, title: 公示, phase: disclosure, kind: posting, what: resolution, days: 15, photo: false, then: sign}
  - id: sign
    title: 签合同
    phase: execution
    kind: contract
    resolution: decide
    after_posting: post
    reviews:
      - {id: members, title: 党员意见, by: [secretary]}
      - {id: villagers, title: 村民意见, by: [clerk]}
      - {id: township, title: 镇街审核, by: [township_officer], mode: approve, from_fen: 500000}
    signed_by: [committee_director]
    co_signed_by: [secretary]
    filed_by: [township_officer]
    file_from_fen: 500000
    then: archived
    otherwise: rejected
"""


def day(later: int) -> date:
    """A day counted from the Monday the matter was opened."""
    return MONDAY + timedelta(days=later)


def draft(trial: Trial, **facts: object) -> object:
    """Propose a text for three years, unless told otherwise."""
    return trial.attempt("draft", "secretary", MONDAY, **terms(**facts))


def terms(**facts: object) -> dict[str, object]:
    """The terms of a contract, ordinary unless told otherwise."""
    usual = {
        "first_on": date(2026, 4, 1),
        "last_on": date(2029, 3, 31),
        "type": "lease",
        "amount_fen": 1_000_000,
        "copies": 2,
    }
    return {**usual, **facts}  # fmt: skip


def posted() -> Trial:
    """The full procedure with its decision posted and the posting closed on day 16."""
    trial = Trial(FULL, "decide")
    count = {"due": 5, "present": 5, "in_favour": 5, "against": 0, "abstain": 0}
    trial.ok("record", "secretary", MONDAY, **count, minutes=["sha256:" + "0" * 64])
    trial.ok("post", "secretary", MONDAY, boards=1, media=["board"], last_on=day(15))
    trial.ok("close", "secretary", day(16), taken_down=True)
    return trial


def read_by_all(trial: Trial, on: date) -> None:
    """Record the three readings, in their order."""
    trial.ok("review_members", "secretary", on, opinion="advise")
    trial.ok("review_villagers", "clerk", on, opinion="agree")
    trial.ok("review_township", "township_officer", on, opinion="agree")


@pytest.mark.parametrize(
    "rule, amount, refused",
    [
        ("at_most", 1_000_000, set()),
        ("at_most", 1_000_001, {"contract.at_most"}),
        ("at_least", 1_000_000, set()),
        ("at_least", 999_999, {"contract.at_least"}),
        ("any", 0, set()),
    ],
)
def test_a_contract_is_held_against_what_was_decided(rule: str, amount: int, refused: set[str]) -> None:
    """Not for more, or, where the village is paid, not for less; the decided amount itself is lawful."""
    answer = draft(Trial(SIMPLE.replace("then:", f"amount_rule: {rule}, then:"), "sign"), amount_fen=amount)

    assert ({each.check for each in answer.unmet} if isinstance(answer, Refusal) else set()) == refused


@pytest.mark.parametrize(
    "last, refused",
    [
        (date(2029, 3, 31), set()),
        (date(2029, 4, 1), {"contract.years"}),
        (date(2026, 4, 1), set()),
        (date(2026, 3, 31), {"contract.days"}),
    ],
)
def test_the_term_has_a_longest_length(last: date, refused: set[str]) -> None:
    """Three years from 1 April end with 31 March; a term of one day is the shortest."""
    answer = draft(Trial(SIMPLE.replace("then:", "max_years: 3, then:"), "sign"), last_on=last)

    assert ({each.check for each in answer.unmet} if isinstance(answer, Refusal) else set()) == refused


def test_each_party_has_its_copy() -> None:
    """One copy for two parties is refused."""
    assert Trial(SIMPLE, "sign").refused("draft", "secretary", MONDAY, **terms(copies=1)) == {
        "contract.copies"
    }


def test_a_guarantee_is_refused_with_the_article() -> None:
    """The committee may not give guarantees, and the refusal says which article."""
    answer = draft(Trial(SIMPLE, "sign"), type="guarantee")

    assert isinstance(answer, Refusal)
    assert [(each.check, in_words(each).basis) for each in answer.unmet] == [
        ("contract.guarantee", "组织法（2025年修正）第十三条")
    ]


def test_a_guarantee_drafted_before_the_law_cannot_be_signed_under_it() -> None:
    """The statute of the day of each act is asked: the draft stood in 2025, the signature of 2026 does not."""
    trial = Trial(SIMPLE, "sign", day=date(2025, 12, 30))
    trial.ok("draft", "secretary", date(2025, 12, 31), **terms(type="guarantee"))

    assert trial.refused("sign", "committee_director", date(2026, 1, 1)) == {"contract.guarantee"}


def test_the_texts_and_the_papers_are_required() -> None:
    """The draft, the signed contract and the names are asked for; a county may ask for the other's licence too."""
    asked = {each.name for each in Trial(SIMPLE, "sign").ahead(MONDAY)["draft"].fields if each.required}
    more = Trial(SIMPLE.replace("then:", "licence: true, then:"), "sign").ahead(MONDAY)["draft"].fields

    assert {"party", "terms", "draft", "copies"} <= asked
    assert "licence" not in asked
    assert "licence" in {each.name for each in more if each.required}


def test_both_sign_and_the_contract_runs() -> None:
    """One side alone is not a contract; the other's day is recorded and leads to the performance."""
    trial = Trial(SIMPLE, "sign")
    trial.ok("draft", "secretary", MONDAY, **terms())
    trial.ok("sign", "committee_director", day(2))

    assert trial.at == "sign.signing"
    assert trial.refused("countersign", "secretary", day(3), signed_on=day(4)) == {"contract.other_day"}
    done = trial.ok("countersign", "secretary", day(3), signed_on=day(1))
    assert (done.outcome, trial.at, done.computed["concluded_on"]) == (
        "concluded",
        "sign.performing",
        "2026-03-04",
    )


def test_the_other_side_signs_the_final_text() -> None:
    """A signature from before the text was drafted is refused."""
    trial = Trial(SIMPLE, "sign")
    trial.ok("draft", "secretary", day(1), **terms())
    trial.ok("sign", "committee_director", day(1))

    assert trial.refused("countersign", "secretary", day(1), signed_on=MONDAY) == {"contract.other_day"}
    assert trial.ok("countersign", "secretary", day(1), signed_on=day(1)).outcome == "concluded"


def test_a_contract_the_other_side_does_not_sign_goes_back() -> None:
    """The text is changed and signed again, or the matter ends as not passed."""
    trial = Trial(SIMPLE, "sign")
    trial.ok("draft", "secretary", MONDAY, **terms())
    trial.ok("sign", "committee_director", MONDAY)
    trial.ok("not_signed", "secretary", day(1))

    assert trial.at == "sign"
    assert trial.ok("drop", "secretary", day(1)).to == "rejected"


def test_nobody_signs_before_the_posting_has_ended() -> None:
    """The other party's day is held against the posting as ours is: day 15 is refused, day 16 stands."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms())
    read_by_all(trial, day(16))
    trial.ok("sign", "committee_director", day(16))
    trial.ok("co_sign", "secretary", day(16))
    early = trial.refused("countersign", "secretary", day(16), signed_on=day(15))

    assert early == {"contract.other_day", "contract.after_posting"}
    assert trial.ok("countersign", "secretary", day(16), signed_on=day(16)).outcome == "to_file"


def test_a_contract_rests_on_a_resolution_that_passed() -> None:
    """A step that did not pass, or did not happen, carries no contract."""
    trial = Trial(FULL.replace("then: post\n", "then: sign\n    otherwise: sign\n").replace("after_posting: post", "")
                  .replace("then: archived\n", "then: post\n").replace("false, then: sign", "false, then: archived"), "decide")  # fmt: skip
    count = {"due": 5, "present": 5, "in_favour": 1, "against": 4, "abstain": 0}
    trial.ok("record", "secretary", MONDAY, **count, minutes=["sha256:" + "0" * 64])
    trial.ok("draft", "secretary", MONDAY, **terms())
    read_by_all(trial, MONDAY)

    assert trial.refused("sign", "committee_director", MONDAY) == {"contract.resolved"}


def test_the_readings_are_in_order_and_all_there() -> None:
    """Members, then villagers, then the township where the amount asks for it."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms())

    assert trial.refused("review_villagers", "clerk", day(16), opinion="agree") == {"move.open"}
    trial.ok("review_members", "secretary", day(16), opinion="advise")
    trial.ok("review_villagers", "clerk", day(16), opinion="agree")
    assert (trial.at, trial.refused("sign", "committee_director", day(16))) == (
        "sign.reading_3",
        {"move.open"},
    )
    trial.ok("review_township", "township_officer", day(16), opinion="agree")
    assert trial.ok("sign", "committee_director", day(16)).to == "sign.co_signing"


@pytest.mark.parametrize("amount, at", [(499_999, "sign.drafted"), (500_000, "sign.reading_3")])
def test_a_reading_is_asked_from_its_amount_on(amount: int, at: str) -> None:
    """One fen below the amount the township is not asked."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms(amount_fen=amount))
    trial.ok("review_members", "secretary", day(16), opinion="agree")
    trial.ok("review_villagers", "clerk", day(16), opinion="agree")

    assert trial.at == at


def test_an_approval_is_of_the_text_as_it_stands() -> None:
    """What the township sent back is drafted again and approved again; opinions heard once were heard."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms())
    trial.ok("review_members", "secretary", day(16), opinion="agree")
    trial.ok("review_villagers", "clerk", day(16), opinion="agree")
    assert trial.ok("review_township", "township_officer", day(16), opinion="disagree").to == "sign"
    trial.ok("draft", "secretary", day(17), **terms())
    trial.ok("review_township", "township_officer", day(17), opinion="agree")
    again = trial.ok("redraft", "secretary", day(18), **terms(amount_fen=900_000))

    assert (again.outcome, again.to) == ("awaits_3", "sign.reading_3")
    trial.ok("review_township", "township_officer", day(18), opinion="agree")
    assert trial.ok("sign", "committee_director", day(18)).outcome == "signed_here"


def test_both_of_the_village_sign_where_two_must() -> None:
    """四议三提两签: committee and party organisation sign, then the other side counts."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms())
    read_by_all(trial, day(16))
    trial.ok("sign", "committee_director", day(16))

    assert trial.refused("countersign", "secretary", day(16), signed_on=day(16)) == {"move.open"}
    assert trial.ok("co_sign", "secretary", day(16)).to == "sign.signing"


def test_a_draft_corrected_upwards_is_read_by_those_its_amount_asks_for() -> None:
    """A signature on a text whose true amount asks for another reading leads nowhere but back to the text."""
    trial = posted()
    trial.ok("draft", "secretary", day(16), **terms(amount_fen=499_999))
    trial.ok("review_members", "secretary", day(16), opinion="agree")
    trial.ok("review_villagers", "clerk", day(16), opinion="agree")
    trial.ok("sign", "committee_director", day(16))
    trial.ok("co_sign", "secretary", day(16))
    trial.corrected("draft", "secretary", day(16), amount_fen=500_000, reason="少写了")

    assert trial.refused("countersign", "secretary", day(16), signed_on=day(16)) == {"contract.reviewed"}
    trial.ok("not_signed", "secretary", day(16))
    assert trial.ok("draft", "secretary", day(16), **terms(amount_fen=500_000)).to == "sign.reading_3"


@pytest.mark.parametrize(
    "stage, path",
    [
        ("file_from_fen: 5", ("file_from_fen",)),
        ("co_signed_by: [clerk]", ("co_signed_by",)),
        ("after_filing: motion", ("after_filing_working_days",)),
        ("after_filing_working_days: 10", ("after_filing_working_days",)),
        ("reviews: [{id: a, title: 甲, by: [clerk]}, {id: a, title: 乙, by: [clerk]}]", ("reviews", 1, "id")),
    ],
)
def test_parameters_that_cannot_stand_together_are_faults(stage: str, path: tuple[str | int, ...]) -> None:
    """Each is reported at its own place when the file is read."""
    found = faults(SIMPLE.replace("then:", f"{stage}, then:"), "sign")

    assert [(each.code, each.path) for each in found] == [("P215", ("stages", "sign", *path))]


def test_a_contract_refers_to_a_posting_and_to_a_meeting() -> None:
    """Another kind of step in their place is a fault."""
    found = faults(SIMPLE.replace("then:", "after_posting: motion, resolution: motion, then:"), "sign")

    assert [(each.code, each.path[-1]) for each in found] == [
        ("P202", "after_posting"),
        ("P202", "resolution"),
    ]


@pytest.mark.parametrize("text, first", [(SIMPLE, "sign"), (FULL, "decide")])
def test_no_state_of_a_contract_is_a_dead_end(text: str, first: str) -> None:
    """From each state some acts lead to an end."""
    assert stuck(Trial(text, first)) == set()
