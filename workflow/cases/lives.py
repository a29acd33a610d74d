"""The standard lawful life of a matter, as data: who does what on which day with which facts, when nothing is special."""

import datetime
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from workflow.cases.texts import Life, LifeStep, Lives, Step
from workflow.cases.words import Surroundings, answers, bare, paper_digest
from workflow.core.attempt import Attempt
from workflow.core.decide import Law, ask_of
from workflow.core.facts import Field
from workflow.core.machine import Compiled
from workflow.core.matter import Matter
from workflow.core.place import Place
from workflow.core.shares import Share
from workflow.core.stages.counting import BASE_OF_BODY
from workflow.core.stages.meeting import MERGED, Meeting
from workflow.core.standing import STANDING
from workflow.library import read_file
from workflow.reading.explain import validate

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


def usual(lives: Lives, compiled: Compiled, stage: str, action: str) -> LifeStep | Step | None:
    """Return how an act is usually done: at that stage, at another one, or at any time."""
    life = life_of(lives, compiled.procedure.procedure)
    steps = [each for each in life.steps if action_named(compiled, each.action) == action] if life else []
    here = [each for each in steps if stage_named(compiled, each.stage) == stage]
    any_time = [each for each in lives.any_time if action_named(compiled, each.action) == action]
    return next(iter([*here, *any_time, *steps]), None)


def stage_named(compiled: Compiled, word: str) -> str:
    """Return the id of a stage by its id or title; the word itself where the procedure has no such stage."""
    return next(
        (each.id for each in compiled.procedure.stages if word in (each.id, each.title, bare(each.title))),
        word,
    )


def action_titles(compiled: Compiled) -> list[tuple[str, str]]:
    """Return every action of a procedure with its title, the second office's and the correction among them."""
    own = [(each.id, each.title) for stage in compiled.actions.values() for each in stage.values()]
    second = [("confirm", "复核确认"), ("decline", "不予确认，退回重新登记"), ("correct", "更正")]
    return [*own, *((each.id, each.title) for each in STANDING.values()), *second]


def action_named(compiled: Compiled, word: str) -> str:
    """Return the id of an action by its id or title; the word itself where there is none."""
    return next((name for name, title in action_titles(compiled) if word in (name, title, bare(title))), word)


@dataclass(frozen=True, slots=True)
class Moment:
    """Where and when an act is about to be done: a matter at a stage (its id), in a place, on a day."""

    compiled: Compiled
    law: Law
    matter: Matter
    place: Place
    stage: str
    day: datetime.date


def standard_facts(
    lives: Lives,
    moment: Moment,
    action: str,
    form: tuple[Field, ...],
    people: Mapping[str, str] | None = None,
    paper: Callable[[str], str] = paper_digest,
) -> dict[str, object]:
    """Return what is usually filled in for an act (its id), as `advance` takes facts; empty for one no life describes.

    `form` is `form_of` that act; `paper` makes a document's digest of its name; `people` are ids by what lives call them.
    """
    step = usual(lives, moment.compiled, moment.stage, action)
    if step is None:
        return {}
    around = Surroundings(moment.day, moment.law.calendar, people or {}, paper)
    return settled(answers(step.facts, form, around, "drop"), moment)


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
