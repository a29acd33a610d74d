"""The standard lawful life of a matter, as data: who does what on which day with which facts, when nothing is special."""

import datetime
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from workflow.cases.texts import Life, Lives, Step
from workflow.cases.words import bare
from workflow.core.attempt import Attempt
from workflow.core.decide import Law, ask_of
from workflow.core.machine import Compiled
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.core.shares import Share
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.meeting import MERGED, Meeting
from workflow.core.standing import STANDING
from workflow.reading.explain import validate
from workflow.shelves import read_file

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
ALL, REST = "在册", "其余"
_SHARE = re.compile(r"\d{1,4}/\d{1,4}", re.ASCII)
# What share words are shares of: of which count, by field.
_PARTS: Mapping[str, str] = {"present": "due", "in_favour": "present", "against": "present"}


@lru_cache
def read_lives(path: Path = EXAMPLES / "standard_life.yaml") -> Lives:
    """Return the standard lives; `Unreadable` with every fault."""
    return validate(Lives, read_file(path))


def life_of(lives: Lives, procedure: str) -> Life | None:
    """Return the life under a procedure, if one is written."""
    return next((each for each in lives.lives if each.procedure == procedure), None)


SECOND_OFFICE = (("confirm", "复核确认"), ("decline", "不予确认，退回重新登记"), ("correct", "更正"))


@dataclass(frozen=True)
class Usual:
    """The words for the stages and actions of one procedure, and how each act is usually done."""

    lives: Lives
    compiled: Compiled

    @cached_property
    def titles(self) -> list[tuple[str, str]]:
        """Every action with its title, the second office's and the correction among them."""
        own = [(each.id, each.title) for stage in self.compiled.actions.values() for each in stage.values()]
        return [*own, *((each.id, each.title) for each in STANDING.values()), *SECOND_OFFICE]

    @cached_property
    def _actions(self) -> Mapping[str, str]:
        return {word: name for name, title in reversed(self.titles) for word in (bare(title), title, name)}

    @cached_property
    def _stages(self) -> Mapping[str, str]:
        stages = self.compiled.procedure.stages
        return {word: each.id for each in stages for word in (bare(each.title), each.title, each.id)}

    def action(self, word: str) -> str | None:
        """Return the id of an action by its id or title."""
        return self._actions.get(word)

    def stage(self, word: str) -> str | None:
        """Return the id of a stage by its id or title; None where the procedure has no such stage."""
        return self._stages.get(word)

    @cached_property
    def _steps(self) -> Mapping[tuple[str | None, str | None], Step]:
        life = life_of(self.lives, self.compiled.procedure.procedure)
        found: dict[tuple[str | None, str | None], Step] = {}
        for each in life.steps if life else ():
            found.setdefault((self.stage(each.stage), self.action(each.action)), each)
        for any_time in self.lives.any_time:
            found.setdefault((None, self.action(any_time.action)), any_time)
        for (_, action), step in list(found.items()):
            found.setdefault((None, action), step)
        return found

    def step(self, stage: str, action: str) -> Step | None:
        """Return how an act is usually done: at that stage, at any time, or at another stage."""
        return self._steps.get((stage, action)) or self._steps.get((None, action))


@dataclass(frozen=True, slots=True)
class Moment:
    """Where and when an act is about to be done: a matter at a stage (its id), in a place, on a day."""

    compiled: Compiled
    law: Law
    matter: Matter
    place: Place
    stage: str
    day: datetime.date


def settled(facts: Mapping[str, object], moment: Moment) -> dict[str, object]:
    """Return the facts with 在册 (as many as are on record), 4/5 (a share, rounded up) and 其余 counted out."""
    found, place, day = dict(facts), moment.place, moment.day
    if found.get("boards") == ALL:
        found["boards"] = place.counts("boards", day).get("places", 1)
    here = moment.compiled.procedure.by_id.get(moment.stage)
    if not isinstance(here, Meeting):
        return found
    ask = ask_of(moment.compiled, moment.law, moment.matter, place, Attempt("", "", day, day))
    bodies = {"": here.body(ask)}
    other = moment.compiled.procedure.by_id.get(here.merge.stage) if here.merge else None
    if isinstance(other, Meeting):
        bodies[MERGED] = next(iter(other.bodies))
    for prefix, body in bodies.items():
        _count_out(found, prefix, body, place.counts(body, day))
    return found


def _count_out(found: dict[str, object], prefix: str, body: str, counts: Mapping[str, int]) -> None:
    base = str(found.get(prefix + "mode") or BASE_OF_BODY.get(body, "villagers_18plus"))
    if found.get(prefix + "due") == ALL:
        found[prefix + "due"] = counts.get(base, 0)
    women = found.get(prefix + "women_present")
    if isinstance(women, str):
        found[prefix + "women_present"] = _part(women, counts.get("women_reps", 0))
    if "women_reps" not in counts:
        found.pop(prefix + "women_present", None)
    for name, whole in _PARTS.items():
        given, total = found.get(prefix + name), found.get(prefix + whole)
        if isinstance(given, str) and given != REST and isinstance(total, int):
            found[prefix + name] = _part(given, total)
    names = ("in_favour", "against", "abstain", "recused")
    said = [value for name in names if isinstance(value := found.get(prefix + name), int)]
    present = found.get(prefix + "present")
    for name in names:
        if found.get(prefix + name) == REST and isinstance(present, int):
            found[prefix + name] = max(0, present - sum(said))


def _part(word: str, total: int) -> int | str:
    return Share.parse(f">= {word} of present").least(total) or 0 if _SHARE.fullmatch(word) else word
