"""Nothing lost, nothing twice: people who act at the same moment, in one server process and in several."""

import itertools
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from threading import Barrier

import pytest

from tests.builders import COUNTY, VILLAGE, Clock, village
from tests.writer import DAY, FORKS, LIBRARY, opening, reopened, write_some
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.installation import Installation, create
from workflow.request import Answer, KeyReused, Receipt, Request, Stale
from workflow.store import register
from workflow.verify import verify

RACES = 100


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """An installation with one village, on each kind of database."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, library=LIBRARY, clock=Clock())
    village(made)
    yield made
    made.close()


@pytest.fixture(params=["one process", "two processes"])
def desks(
    request: pytest.FixtureRequest, here: Installation, database_url: str, tmp_path: Path
) -> Iterator[tuple[Installation, Installation]]:
    """Where two people sit: at one server process, or at two that share nothing but the database."""
    if request.param == "one process":
        yield here, here
        return
    other = reopened(tmp_path / "home", database_url)
    yield here, other
    other.database.close()


@pytest.fixture
def at_once() -> Iterator[Callable[..., list[Answer]]]:
    """Sends one request from each desk at the same moment and returns both answers."""
    barrier = Barrier(2)

    def sent(here: Installation, request: Request) -> Answer:
        barrier.wait()
        return advance(here, request)

    with ThreadPoolExecutor(2) as people:
        yield lambda desks, requests: list(people.map(sent, desks, requests))


def size(here: Installation) -> int:
    """How many entries there are; that they count from 0 without a gap is looked at as well."""
    with here.database.reading() as conn:
        seqs = [seq for seq, _, _ in register.leaves(conn)]
        assert register.head(conn).size == len(seqs)
    assert seqs == list(range(len(seqs)))
    return len(seqs)


def opened(here: Installation, key: str) -> str:
    """A matter just opened."""
    answer = advance(here, opening(key))
    assert isinstance(answer, Receipt), answer
    return str(answer.entry.matter)


def rivals(matter: str, number: int) -> list[Request]:
    """Two people with one matter before them: both withdraw it, or one opines instead, or neither says what they saw."""
    reason = {"reason": "立项有误"}
    seen = None if number % 3 == 2 else 1
    clerk = Request(VILLAGE, matter, "withdraw", "p_clerk", DAY, reason, f"clerk-{number}", seen)
    if number % 3 == 1:
        opinion = {"opinion": "agree", "text": "同意"}
        return [clerk, Request(VILLAGE, matter, "opine", "p_vsc_chair", DAY, opinion, f"vsc-{number}", seen)]
    return [clerk, replace(clerk, actor="p_secretary", key=f"secretary-{number}")]


def test_a_race_has_one_winner_and_one_clear_answer(
    desks: tuple[Installation, ...], at_once: Callable[..., list[Answer]]
):
    """Of two people who act on one matter at once, exactly one does, a hundred times over.

    The other is shown what the winner did if the form said what it had seen, and otherwise that the step is over.
    """
    before = size(desks[0])
    for number in range(RACES):
        matter = opened(desks[0], f"open-{number}")
        requests = rivals(matter, number)
        answers = at_once(desks, requests)

        (won,) = [each for each in answers if isinstance(each, Receipt)]
        (lost,) = [each for each in answers if not isinstance(each, Receipt)]
        assert (won.entry.key, won.entry.matter, won.entry.mseq, won.repeated) == (
            requests[answers.index(won)].key, matter, 2, False,
        )  # fmt: skip
        if requests[0].seen is None:
            assert isinstance(lost, Refusal)
            assert [each.check for each in lost.unmet] == ["move.open"]
        else:
            assert lost == Stale((won.entry,))

    assert size(desks[0]) == before + 2 * RACES
    assert verify(desks[0]).findings == ()


def test_a_double_submit_is_one_entry(desks: tuple[Installation, ...], at_once: Callable[..., list[Answer]]):
    """The same form sent twice at once is one entry, and both answers name it; one says it is a repetition."""
    before = size(desks[0])
    for number in range(RACES):
        first, second = at_once(desks, [opening(f"twice-{number}")] * 2)

        assert isinstance(first, Receipt)
        assert isinstance(second, Receipt)
        assert (first.entry, first.leaf_hash) == (second.entry, second.leaf_hash)
        assert {first.repeated, second.repeated} == {False, True}

    assert size(desks[0]) == before + RACES
    assert verify(desks[0]).findings == ()


def test_one_key_for_two_bodies_is_one_entry_and_a_refusal(
    here: Installation, at_once: Callable[..., list[Answer]]
):
    """The same key with another body is refused, at once or later, whoever comes first; nothing else is written."""
    before = size(here)
    for number in range(20):
        bodies = [opening(f"key-{number}", title) for title in ("修建村东排水沟", "修建村西排水沟")]
        answers = at_once((here, here), bodies)

        assert sorted(type(each).__name__ for each in answers) == ["KeyReused", "Receipt"]
        lost = answers.index(KeyReused())
        assert advance(here, bodies[lost]) == KeyReused()
        again = advance(here, replace(bodies[1 - lost], seen=7))
        assert isinstance(again, Receipt)
        assert again.repeated

    assert size(here) == before + 20


def test_processes_take_turns(here: Installation, database_url: str, tmp_path: Path):
    """Four processes that append at once leave one contiguous log; none is ever told that it is locked."""
    processes, acts = 4, 25
    before = size(here)
    start = FORKS.Barrier(processes)
    ours, theirs = FORKS.Pipe(duplex=False)
    writers = [
        FORKS.Process(
            target=write_some, args=(tmp_path / "home", database_url, f"process-{each}", start, theirs, acts)
        )
        for each in range(processes)
    ]
    for writer in writers:
        writer.start()
    theirs.close()
    told = [ours.recv() for _ in range(processes * acts)]
    for writer in writers:
        writer.join()

    assert [writer.exitcode for writer in writers] == [0] * processes
    assert sorted(seq for _, seq in told) == list(range(before, before + processes * acts))
    keys = {f"process-{each}-{number}" for each, number in itertools.product(range(processes), range(acts))}
    assert {key for key, _ in told} == keys
    assert size(here) == before + processes * acts
    assert verify(here).findings == ()
