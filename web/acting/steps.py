"""The named steps of a procedure in their phases, and how far a matter has come along them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from workflow.core.conditions import Condition
from workflow.core.facts import FactValue
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.prospects import Prospect
from workflow.core.stage import PHASES, Stage

Standing = Literal["done", "now", "ahead", "maybe", "skipped", "dropped"]


@dataclass(frozen=True, slots=True)
class Step:
    """One named step: how it stands, the day it was done, and for the current one its legal first and last day."""

    number: int
    title: str
    standing: Standing
    day: date | None = None
    first: date | None = None
    last: date | None = None
    provisional: bool = False
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Phase:
    """Steps that follow each other in one phase; a phase may come twice (公开 before and after 实施)."""

    title: str
    now: bool
    steps: list[Step]


def phases(compiled: Compiled, matter: Matter | None, ahead: tuple[Prospect, ...] = ()) -> list[Phase]:
    """The steps in order, neighbours of one phase together; without a matter all of them lie ahead."""
    found: list[tuple[str, list[Step]]] = []
    for number, stage in enumerate(compiled.procedure.stages, 1):
        step = _step(compiled, matter, ahead, stage, number)
        if not found or found[-1][0] != stage.phase:
            found.append((stage.phase, []))
        found[-1][1].append(step)
    return [
        Phase(PHASES[phase], any(step.standing == "now" for step in steps), steps) for phase, steps in found
    ]


def foreseen(compiled: Compiled, opening: Mapping[str, FactValue]) -> list[Phase]:
    """The steps a matter will take that opens with these facts; what a fact not told yet decides may come."""
    found = phases(compiled, None)
    stages = compiled.procedure.stages
    for phase in found:
        phase.steps[:] = [
            replace(step, standing=_ahead(stages[step.number - 1].when, opening)) for step in phase.steps
        ]
    return found


def _ahead(when: Condition | None, opening: Mapping[str, FactValue]) -> Standing:
    if when is None or when.holds(opening):
        return "ahead"
    return "skipped" if _asks(when) <= opening.keys() else "maybe"


def _asks(when: Condition) -> set[str]:
    """The facts a condition looks at."""
    own = {name for name in ("kind", "tier", "source", "amount_fen") if getattr(when, name) is not None}
    return own.union(when.answers or (), *(_asks(each) for each in when.any_of or ()))


def _step(
    compiled: Compiled, matter: Matter | None, ahead: tuple[Prospect, ...], stage: Stage, number: int
) -> Step:
    if matter is None:
        return Step(number, stage.title, "ahead", basis=stage.basis)
    acts = matter.standing(stage.id)
    day = acts[-1].acted_on if acts else None
    how = _standing(compiled, matter, stage, number)
    if how != "now":
        return Step(number, stage.title, how, day=day if how == "done" else None, basis=stage.basis)
    windows = [each.window for each in ahead if not each.standing]
    firsts = [each.earliest for each in windows if each.earliest]
    lasts = [each.latest for each in windows if each.latest]
    return Step(
        number, stage.title, how, first=max(firsts, default=None), last=min(lasts, default=None),
        provisional=any(each.provisional for each in windows), basis=stage.basis,
    )  # fmt: skip


def _standing(compiled: Compiled, matter: Matter, stage: Stage, number: int) -> Standing:
    needed = stage.when is None or stage.when.holds(matter.opening)
    if matter.closed:
        if matter.standing(stage.id):
            return "done"
        return "skipped" if matter.at == "archived" or not needed else "dropped"
    order = [each.id for each in compiled.procedure.stages]
    current = order.index(stage_of(matter.at)) + 1
    if number == current:
        return "now"
    if not needed:
        return "skipped"
    return "done" if number < current else "ahead"
