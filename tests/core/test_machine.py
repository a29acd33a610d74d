"""A compiled procedure: one shared machine that only answers, and the graph it stands on."""

import datetime
from concurrent.futures import ThreadPoolExecutor

import pytest

from workflow.core.machine import OPENING, Compiled, move
from workflow.core.matter import ENDS
from workflow.core.procedure import problems
from workflow.core.standing import STANDING
from workflow.library import Library
from workflow.shelves import SHIPPED

DAY = datetime.date(2026, 3, 1)
LINSHU = "371329105201"


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped texts."""
    return Library(SHIPPED)


@pytest.fixture(scope="module")
def compiled(library: Library) -> Compiled:
    """四议两公开 as it binds in Linshu."""
    return library.effective("siyi_lianggongkai", LINSHU, DAY).compiled


def test_the_machine_keeps_no_model_and_no_callback(compiled: Compiled) -> None:
    """Nothing is ever bound to the shared machine, and no transition has a condition or a callback."""
    compiled.fire("propose", move("record", "passed", "consult"))
    transitions = [
        each
        for event in compiled.machine.events.values()
        for many in event.transitions.values()
        for each in many
    ]

    assert compiled.machine.models == []
    assert transitions
    assert not any(each.conditions or each.before or each.after or each.prepare for each in transitions)


def test_there_is_no_jump_to_a_stage(compiled: Compiled) -> None:
    """The library's automatic `to_<state>` moves do not exist."""
    assert not [name for name in compiled.machine.events if name.startswith("to_")]
    assert compiled.fire("propose", "to_archived") is None


def test_only_the_opening_opens(compiled: Compiled) -> None:
    """Before the first entry nothing but opening is open; afterwards opening never is."""
    assert compiled.open(OPENING) == {"open"}
    assert not [
        state for state in compiled.machine.states if state != OPENING and "open" in compiled.open(state)
    ]


def test_every_state_leads_to_an_end(compiled: Compiled) -> None:
    """From each state of the machine some moves lead to an end, so that no matter is stuck for ever."""
    leads = {
        state: {compiled.fire(state, trigger) for trigger in triggers}
        for state, triggers in compiled.moves.items()
    }
    ending = set(ENDS)
    while more := {state for state, ends in leads.items() if ends & ending} - ending:
        ending |= more

    assert set(compiled.machine.states) - ending == set()


def test_ended_matters_take_only_corrections(compiled: Compiled) -> None:
    """At an end nothing is open but a correction; a withdrawn matter takes none."""
    assert compiled.open("archived") == {"correct"}
    assert compiled.open("rejected") == {"correct"}
    assert compiled.open("withdrawn") == frozenset()


def test_objections_are_open_from_the_first_stage_to_the_last(compiled: Compiled) -> None:
    """At every state of every stage but the opening, whoever may object can."""
    states = [
        state for state in compiled.machine.states if state != OPENING and state.partition(".")[0] not in ENDS
    ]

    assert states
    assert all(set(STANDING) - {"withdraw"} <= compiled.open(state) for state in states)


def test_a_skipped_stage_is_an_edge_of_its_own(compiled: Compiled) -> None:
    """The township's opinion is asked for major matters only; both ways stand in the graph."""
    assert compiled.route("consult", "township_opinion", {"tier": "major"}) == "township_opinion"
    assert compiled.route("consult", "township_opinion", {"tier": "general"}) == "deliberate"
    assert compiled.fire("consult", move("record", "passed", "deliberate")) == "deliberate"


def test_threads_share_the_machine(compiled: Compiled) -> None:
    """Moves fired from many threads at once lead where one alone leads."""
    trigger = move("record", "passed", "consult")
    with ThreadPoolExecutor(8) as pool:
        led = set(pool.map(lambda _: compiled.fire("propose", trigger), range(400)))

    assert led == {"consult"}


def test_the_shipped_procedures_have_no_problem(library: Library) -> None:
    """Every shipped procedure stands, nationally and in Linshu, with nine named steps in six phases for 四议两公开."""
    for name in library.procedures():
        for place in ("", LINSHU):
            assert problems(library.effective(name, place, DAY).compiled.procedure) == []
    stages = library.effective("siyi_lianggongkai", "", DAY).compiled.procedure.stages

    assert (len(stages), len({stage.phase for stage in stages})) == (9, 6)
