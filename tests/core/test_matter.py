"""A matter is what its entries amount to; a place is what its own entries amount to."""

import datetime
from dataclasses import replace

import pytest

from tests.builders import VILLAGE, Clock, People, advance_ok, document, life, village
from workflow.core.matter import Matter, replay, step
from workflow.core.place import replay_place
from workflow.installation import Installation, create
from workflow.store import register

REP = "resolve"


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """One installation with a village; each test opens its own matter."""
    return create(tmp_path_factory.mktemp("data") / "d", "371329000000", "临沭县", clock=Clock())


@pytest.fixture(scope="module")
def people(here: Installation) -> People:
    """The village's people."""
    return village(here)


def matter_of(here: Installation, id_: str) -> Matter:
    """The matter as its entries amount to."""
    with here.database.reading() as conn:
        found = replay(register.of_matter(conn, VILLAGE, id_))
    assert found is not None
    return found


def test_replay_is_the_fold_of_the_entries_and_nothing_else(here: Installation, people: People) -> None:
    """Folding one entry more is the same as folding all from the start; none is no matter."""
    whole = matter_of(here, life(here, people, until="posted"))
    first, rest = whole.entries[:1], whole.entries[1:]
    grown = replay(first)
    assert grown is not None
    for entry in rest:
        grown = step(grown, entry)

    assert grown == whole
    assert replay([]) is None


def test_a_decisive_act_counts_from_its_confirmation(here: Installation, people: People) -> None:
    """Until the second office confirms, the count is pending and stands for nothing."""
    id_ = life(here, people, until="party_met")
    waiting = matter_of(here, id_)
    advance_ok(here, VILLAGE, id_, "confirm", people.vsc_chair, {})
    done = matter_of(here, id_)

    assert waiting.pending is not None
    assert waiting.last("deliberate", "record") is None
    assert (done.pending, done.at) == (None, "resolve")
    assert done.last("deliberate", "record").confirmed_by == "vsc_chair"  # type: ignore[union-attr]


def test_a_declined_act_stands_for_nothing(here: Installation, people: People) -> None:
    """What the second office declines stays in the record, and the stage is where it was."""
    id_ = life(here, people, until="party_met")
    advance_ok(here, VILLAGE, id_, "decline", people.vsc_chair, {"reason": "票数与记录不符"})
    matter = matter_of(here, id_)

    assert matter.at == "deliberate.called"
    assert matter.last("deliberate", "record") is None
    assert [act.declined for act in matter.acts if (act.stage, act.action) == ("deliberate", "record")] == [
        True
    ]


def test_an_act_recorded_late_counts_from_the_day_it_was_recorded(here: Installation, people: People) -> None:
    """The record's day rules, unless the supervisory committee confirms the day people say (two clocks)."""
    id_ = life(here, people, until="opened")
    here.clock.forward(days=2)  # type: ignore[attr-defined]
    today = here.clock().date()
    facts = {
        "due": 5, "present": 5, "in_favour": 5, "against": 0, "abstain": 0, "place": "村部", "chair": "王", "recorder": "李",
        "summary": "同意", "minutes": [document(here)], "late_reason": "停电",
    }  # fmt: skip
    yesterday = today - datetime.timedelta(days=1)
    advance_ok(here, VILLAGE, id_, "record", people.secretary, facts, acted_on=yesterday)
    act = matter_of(here, id_).last("propose", "record")

    assert act is not None
    assert (act.acted_on, act.counts_from, act.late_days) == (yesterday, today, 1)


def test_a_correction_keeps_the_old_facts_and_marks_what_lost_its_basis(
    here: Installation, people: People
) -> None:
    """A vote that turns out to have failed sends the matter back; later acts stay, marked."""
    id_ = life(here, people, until="posting_confirmed")
    voted = matter_of(here, id_).last(REP, "record")
    assert voted is not None
    wrong = {"corrects": voted.mseq, "in_favour": 15, "against": 16, "reason": "唱票时记反了"}
    advance_ok(here, VILLAGE, id_, "correct", people.secretary, wrong)
    advance_ok(here, VILLAGE, id_, "confirm", people.vsc_chair, {})
    matter = matter_of(here, id_)
    act = next(act for act in matter.acts if act.mseq == voted.mseq)

    assert matter.at == "rejected"
    assert (act.outcome, act.facts["in_favour"], act.corrected_by) == ("rejected", 15, voted.mseq + 4)
    assert matter.entries[voted.mseq - 1].facts["in_favour"] == 28
    assert [each.action for each in matter.acts if each.without_basis] == ["post"]


def test_a_correction_that_changes_no_outcome_moves_nothing(here: Installation, people: People) -> None:
    """One vote more or less, still passed: the matter stays where it is."""
    id_ = life(here, people, until="posting_confirmed")
    voted = matter_of(here, id_).last(REP, "record")
    assert voted is not None
    advance_ok(
        here, VILLAGE, id_, "correct", people.secretary,
        {"corrects": voted.mseq, "in_favour": 27, "against": 4, "reason": "漏计一票"},
    )  # fmt: skip
    advance_ok(here, VILLAGE, id_, "confirm", people.vsc_chair, {})
    matter = matter_of(here, id_)

    assert matter.at == "post_resolution.posted"
    assert matter.last(REP, "record").facts["in_favour"] == 27  # type: ignore[union-attr]
    assert not [act for act in matter.acts if act.without_basis]


def test_a_place_is_what_was_in_force_on_the_day(here: Installation, people: People) -> None:
    """Counts, offices and delegations are asked as of a day; what waits for confirmation binds nothing."""
    advance_ok(
        here, VILLAGE, None, "set_body", people.clerk,
        {"body": "vsc", "from": "2026-06-01", "body_all": 5},
    )  # fmt: skip
    with here.database.reading() as conn:
        entries = register.of_place_itself(conn, VILLAGE)
    place = replay_place(VILLAGE, entries)
    june = datetime.date(2026, 6, 1)

    assert place.counts("vsc", june) == {"body_all": 3}
    assert list(place.pending) == [place.pseq]
    assert place.offices(people.clerk, june) == {"clerk"}
    assert place.offices(people.clerk, datetime.date(2025, 12, 31)) == frozenset()
    assert place.delegated("public_works", june)
    assert not place.delegated("public_works", datetime.date(2030, 1, 1))
    assert not place.delegated("village_plan", june)
    assert not place.one_shoulder(june)
    assert replace(
        place, terms=(*place.terms, replace(place.terms[0], office="committee_director"))
    ).one_shoulder(june)
