"""A procedure compiled: one shared `transitions` machine that answers which moves are open and where each leads.

No model is ever bound, no callback and no condition is used, and no text from YAML reaches the library but ids
(decision 0003): the reasons come from our own requirements.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from transitions import Machine

from workflow.core.facts import FactValue
from workflow.core.matter import ENDS, stage_of
from workflow.core.procedure import Procedure
from workflow.core.stage import CONFIRMING, STAYS, UNCONFIRMED, Action
from workflow.core.standing import STANDING

OPENING = "opening"
CORRECTABLE = ("archived", "rejected")


@dataclass(slots=True)
class _Holder:
    """A throw-away model: events are fired on it, never on a matter."""

    state: str


@dataclass(frozen=True)
class Compiled:
    """A procedure with its digest, its actions and its machine; shared by all matters that run under it."""

    procedure: Procedure
    digest: str

    @cached_property
    def actions(self) -> Mapping[str, Mapping[str, Action]]:
        """The actions of each stage, by stage id and action id."""
        stages = self.procedure.by_id
        return {
            stage.id: {each.id: each for each in stage.actions(stages)} for stage in self.procedure.stages
        }

    @cached_property
    def machine(self) -> Machine:
        """The machine; built on first use."""
        moves = list(dict.fromkeys(self._moves()))
        states = list(dict.fromkeys([OPENING, *ENDS, *(state for move in moves for state in move[1:])]))
        machine = Machine(
            model=None, states=states, initial=OPENING, auto_transitions=False, send_event=False
        )
        for trigger, source, target in moves:
            machine.add_transition(trigger, source, target)
        return machine

    def _moves(self) -> Iterator[tuple[str, str, str]]:
        for stage in self.procedure.stages:
            states = {stage.id}
            for action in self.actions[stage.id].values():
                source = OPENING if action.type == "opened" else place_in(stage.id, action.at)
                if source != OPENING:
                    states.add(source)
                    yield from self._confirmed_moves(stage.id, source, action)
                for outcome, target in action.leads.items():
                    for end in self.ends_of(stage.id, target):
                        yield move(action.id, outcome, end), source, end
                        if stage_of(end) == stage.id:
                            states.add(end)
            if stage.id != self.procedure.stages[0].id:
                for state in sorted(states):
                    yield from self._standing_moves(stage.id, state)
                yield from self._unmoved(f"{stage.id}.{CONFIRMING}")
        for end in CORRECTABLE:
            yield from _correction_moves(end, end)

    def _confirmed_moves(self, stage: str, source: str, action: Action) -> Iterator[tuple[str, str, str]]:
        waiting = f"{stage}.{CONFIRMING}"
        yield move(action.id, UNCONFIRMED, waiting), source, waiting
        yield move("decline", action.id, source), waiting, source
        for outcome, target in action.leads.items():
            for end in self.ends_of(stage, target):
                yield move("confirm", f"{action.id}.{outcome}", end), waiting, end

    def _standing_moves(self, stage: str, state: str) -> Iterator[tuple[str, str, str]]:
        yield from self._unmoved(state)
        yield move("withdraw", "withdrawn", "withdrawn"), state, "withdrawn"
        yield from _correction_moves(stage, state)

    def _unmoved(self, state: str) -> Iterator[tuple[str, str, str]]:
        for action in STANDING.values():
            for outcome, target in action.leads.items():
                if target == STAYS:
                    yield move(action.id, outcome, state), state, state

    def ends_of(self, stage: str, target: str) -> tuple[str, ...]:
        """Return the states a target may come to: itself, and what follows where a stage may be skipped (`when:`)."""
        if target.startswith("."):
            return (place_in(stage, target),)
        found = [target]
        while (here := self.procedure.by_id.get(found[-1])) is not None and here.when is not None:
            found.append(here.then)
        return tuple(found)

    def route(self, stage: str, target: str, opening: Mapping[str, FactValue]) -> str:
        """Return the state a target comes to for a matter with these opening facts."""
        for end in self.ends_of(stage, target):
            here = self.procedure.by_id.get(end)
            if here is None or here.when is None or here.when.holds(opening):
                return end
        raise LookupError(f"{target} leads nowhere")

    @cached_property
    def moves(self) -> Mapping[str, frozenset[str]]:
        """The moves the machine has open in each state."""
        return {state: frozenset(self.machine.get_triggers(state)) for state in self.machine.states}

    @cached_property
    def _open(self) -> Mapping[str, frozenset[str]]:
        return {
            state: frozenset(trigger.partition(":")[0] for trigger in triggers)
            for state, triggers in self.moves.items()
        }

    def open(self, state: str) -> frozenset[str]:
        """Return the ids of the actions that are open in a state."""
        return self._open.get(state, frozenset())

    @cached_property
    def _led(self) -> dict[tuple[str, str], str]:
        return {}

    def fire(self, state: str, trigger: str) -> str | None:
        """Return where a move leads from a state, or None where it is not open there; the machine is asked once."""
        if trigger not in self.moves.get(state, ()):
            return None
        led = self._led.get((state, trigger))
        if led is None:
            holder = _Holder(state)
            self.machine.events[trigger].trigger(holder)
            led = self._led[state, trigger] = holder.state
        return led

    def action(self, stage: str, action: str) -> Action | None:
        """Return a stage's own action or a standing one."""
        return self.actions.get(stage, {}).get(action) or STANDING.get(action)


def _correction_moves(stage: str, state: str) -> Iterator[tuple[str, str, str]]:
    waiting = f"{stage}.{CONFIRMING}"
    yield move("correct", UNCONFIRMED, waiting), state, waiting
    yield move("decline", "correct", state), waiting, state
    yield move("confirm", "correct.unchanged", state), waiting, state


def place_in(stage: str, at: str) -> str:
    """Return the state of a place within a stage; "." is its start."""
    return stage if at == "." else stage + at


def move(action: str, outcome: str, target: str) -> str:
    """Return the machine's name of a move."""
    return f"{action}:{outcome}>{target}"
