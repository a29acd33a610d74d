"""What cases have seen of the procedures they run: steps, outcomes, both sides of each requirement and each `when:`."""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from workflow.cases.words import bare
from workflow.core import kinds
from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.words import in_words
from workflow.library import Library
from workflow.saying import condition_words
from workflow.shelves import first_day

# That counts add up is asked of every count alike; it is no threshold of the procedure's.
_SUMS = "count."
# Where one of these numbers is nothing, the requirement asks for nothing here (no notice, no second body).
_ASKED = ("needed", "days", "forced")
NEVER_REACHED = "没有例子办到这一步"
_OF_OTHER_ACTS = ("correct", "decline")


def _is_threshold(asked: Requirement) -> bool:
    """Whether a requirement is one that the kinds of stages bring and the act may fail."""
    if asked.check not in kinds.CHECKS or asked.check.startswith(_SUMS):
        return False
    return all(asked.numbers[name] for name in _ASKED if name in asked.numbers)


@dataclass(frozen=True, slots=True)
class Gap:
    """Something of a procedure that no case has seen: at which stage (id and title), and in words what."""

    procedure: str
    stage: str
    title: str
    what: str


@dataclass(frozen=True, slots=True)
class Covered:
    """One procedure: how many things there are to see, how many were seen, and the others."""

    procedure: str
    title: str
    things: int
    seen: int
    gaps: tuple[Gap, ...]


@dataclass
class _Sides:
    """A requirement as it was asked at a stage: how it was last asked, and which of its sides came up."""

    asked: Requirement
    met: set[bool] = field(default_factory=set)


@dataclass
class _Shown:
    """What was seen of one procedure, in whichever places."""

    texts: dict[str, Compiled] = field(default_factory=dict)
    outcomes: set[tuple[str, str, str]] = field(default_factory=set)
    sides: dict[tuple[str, str], _Sides] = field(default_factory=dict)
    ways: set[tuple[str, bool]] = field(default_factory=set)

    @property
    def stages(self) -> frozenset[str]:
        """The stages at which some act was done."""
        return frozenset(stage for stage, _, _ in self.outcomes)


@dataclass
class Seen:
    """What all acts of the cases showed, the standard lives' among them; give `watch` to the cases."""

    procedures: dict[str, _Shown] = field(default_factory=dict)

    def watch(self, compiled: Compiled, matter: Matter, attempt: Attempt, answer: Decision | Refusal) -> None:
        """Note what one act showed."""
        shown = self.procedures.setdefault(compiled.procedure.procedure, _Shown())
        shown.texts.setdefault(compiled.digest, compiled)
        if attempt.action in _OF_OTHER_ACTS or (matter.pending and matter.pending.action == "correct"):
            return
        stage = stage_of(matter.at) if matter.at else compiled.procedure.stages[0].id
        for each in answer.requirements:
            if _is_threshold(each):
                sides = shown.sides.setdefault((stage, each.check), _Sides(each))
                sides.met.add(each.met)
        if isinstance(answer, Decision):
            self._decided(shown, compiled, matter, attempt, answer)

    def _decided(
        self, shown: _Shown, compiled: Compiled, matter: Matter, attempt: Attempt, answer: Decision
    ) -> None:
        name = str(answer.computed.get("confirmed_action", answer.action))
        outcome = str(answer.computed.get("would_be", answer.outcome))
        action = compiled.actions[answer.stage].get(name)
        if action is None or outcome not in action.leads:
            return
        shown.outcomes.add((answer.stage, name, outcome))
        opening = matter.opening or attempt.facts.open
        for end in compiled.ends_of(answer.stage, action.leads[outcome]):
            here = compiled.procedure.by_id.get(end)
            if here is None or here.when is None:
                break
            holds = here.when.holds(opening)
            shown.ways.add((here.id, holds))
            if holds:
                break

    def covered(self, library: Library, titles: Mapping[str, str], more: Iterable[str] = ()) -> list[Covered]:
        """Return every procedure seen, as it binds where the cases are, and of `more` those that no case runs.

        `titles` are those of the catalogue's kinds, by id.
        """
        found = [_covered(name, shown, titles) for name, shown in self.procedures.items()]
        found += [_unseen(library, name, titles) for name in more if name not in self.procedures]
        return sorted(found, key=lambda each: each.procedure)


def _covered(name: str, shown: _Shown, titles: Mapping[str, str]) -> Covered:
    things: dict[Gap, bool] = {}
    for text in shown.texts.values():
        things |= _things(name, text, shown, titles)
    things |= _thresholds(name, shown)
    never = {each.stage for each, seen in things.items() if not seen and each.what == NEVER_REACHED}
    order = list(dict.fromkeys(stage for text in shown.texts.values() for stage in text.procedure.by_id))
    gaps = sorted(
        (each for each, seen in things.items() if not seen), key=lambda each: order.index(each.stage)
    )
    title = next(iter(shown.texts.values())).procedure.title
    # Of a step that no case reaches, its outcomes need no line each.
    told = tuple(each for each in gaps if each.stage not in never or each.what == NEVER_REACHED)
    return Covered(name, title, len(things), sum(things.values()), told)


def _unseen(library: Library, name: str, titles: Mapping[str, str]) -> Covered:
    """Count a procedure without cases as the nation has it."""
    newest = library.shelves.newest(name, datetime.date.max)
    if newest is None:
        return Covered(name, name, 0, 0, ())
    text = library.effective(name, "", first_day(newest)).compiled
    things = _things(name, text, _Shown(), titles)
    return Covered(name, text.procedure.title, len(things), 0, (Gap(name, "", "整个程序", "没有例子"),))


def _things(name: str, text: Compiled, shown: _Shown, titles: Mapping[str, str]) -> dict[Gap, bool]:
    """Return what there is to see of a text (steps, outcomes, conditions) and whether it was seen.

    `titles` are those of the catalogue's kinds.
    """
    found: dict[Gap, bool] = {}
    for stage in text.procedure.stages:
        found[Gap(name, stage.id, stage.title, NEVER_REACHED)] = stage.id in shown.stages
        for action in text.actions[stage.id].values():
            for outcome in action.leads:
                words = f"“{bare(action.title)}”没有得出“{outcome_words(outcome)}”的例子"
                found[Gap(name, stage.id, stage.title, words)] = (
                    stage.id, action.id, outcome,
                ) in shown.outcomes  # fmt: skip
        if stage.when is not None:
            said = condition_words(stage.when, titles)
            for holds, words in ((True, "属于"), (False, "不属于")):
                gap = Gap(name, stage.id, stage.title, f"没有{words}“{said}”的例子")
                found[gap] = (stage.id, holds) in shown.ways
    return found


def _thresholds(name: str, shown: _Shown) -> dict[Gap, bool]:
    """Return both sides of every requirement that was asked, and whether each came up."""
    titles = {each.id: each.title for text in shown.texts.values() for each in text.procedure.stages}
    found = {}
    for (stage, check), sides in shown.sides.items():
        required = in_words(sides.asked).required
        for met, words in ((True, "做到"), (False, "达不到")):
            gap = Gap(name, stage, titles[stage], f"没有{words}“{required}”的例子（{check}）")
            found[gap] = met in sides.met
    return found


def in_text(covered: Sequence[Covered]) -> list[str]:
    """Return the gaps as lines of text, procedure by procedure and step by step, the sum in the last line."""
    lines = []
    for each in covered:
        if not each.gaps:
            continue
        lines.append(f"{each.title}（{each.procedure}）：{each.things} 项，看到 {each.seen} 项")
        lines += [f"  {gap.title}：{gap.what}" for gap in each.gaps]
    things, seen = sum(each.things for each in covered), sum(each.seen for each in covered)
    rest = f"还有 {things - seen} 项没有例子看到" if seen < things else "没有缺的"
    lines.append(f"{len(covered)} 个程序，{things} 项，例子看到了 {seen} 项，{rest}")
    return lines


def as_data(covered: Sequence[Covered]) -> dict[str, object]:
    """Return the whole for a program."""
    return {
        "procedures": [
            {
                "procedure": each.procedure, "title": each.title, "things": each.things, "seen": each.seen,
                "unseen": [
                    {"stage": gap.stage, "title": gap.title, "words": gap.what} for gap in each.gaps
                ],
            }
            for each in covered
        ],
        "things": sum(each.things for each in covered),
        "seen": sum(each.seen for each in covered),
    }  # fmt: skip
