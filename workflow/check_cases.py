"""The words of cases, checked without running them: each is looked up where the engine would take it.

A word of a form is known if some form of that act has it, in whichever step the act may be done; what came of a case
is for `cunyi case` to say.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from workflow.cases.lives import Usual, life_of, read_lives
from workflow.cases.running import CASES, COMMON
from workflow.cases.texts import (
    EARLIEST,
    Answers,
    Case,
    CaseFile,
    How,
    Life,
    Lives,
    Situation,
    Step,
    Village,
    VillageChange,
)
from workflow.cases.villages import Settled, read_village, settle
from workflow.cases.walking import Walk
from workflow.cases.words import (
    Misworded,
    Surroundings,
    answers,
    bare,
    day_of,
    field_named,
    paper_digest,
    person,
    token,
)
from workflow.core.catalogue import Catalogue, Kind
from workflow.core.correction import correction_fields
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON
from workflow.core.facts import Field
from workflow.core.findings import Finding, Unreadable, did_you_mean
from workflow.core.matter import ENDS
from workflow.core.nodes import Node
from workflow.core.outcomes import OUTCOMES
from workflow.core.place_acts import PlaceAction, place_actions
from workflow.core.words import CHECKS
from workflow.forms import CONFIRMS, opening_form
from workflow.library import Library, NotInForce
from workflow.reading.explain import validate

Form = tuple[Field, ...]


@dataclass(frozen=True)
class _Scene:
    """Where a case plays: the kind of matter, and every procedure that may be taken, the likeliest first."""

    usuals: tuple[Usual, ...]
    catalogue: Catalogue
    kind: Kind
    village: Settled
    around: Surroundings
    life: Life | None
    acts: Mapping[str, PlaceAction]
    forms: dict[str, list[Form]] = field(default_factory=dict)

    def among(self, village: Settled) -> "_Scene":
        """Return the same with the people of another village."""
        return replace(self, village=village, around=replace(self.around, people=village.people))


@dataclass
class CaseWords:
    """What the words of cases are looked up in: the texts of procedures, the standard lives and village."""

    library: Library
    lives: Lives = field(default_factory=read_lives)
    village: Village = field(default_factory=read_village)
    _scenes: dict[tuple[str, datetime.date, str, str], _Scene] = field(default_factory=dict)

    def check(self, node: Node) -> None:
        """Raise `Unreadable` with every word of a file of cases that nobody knows, and every fault of its shape."""
        text = validate(CaseFile, node)
        findings: set[Finding] = set()
        for index, case in enumerate(text.cases):
            where, common = node.at((CASES, index)), node.at((COMMON,))
            try:
                scene = self._scene(case, text.common, text.life)
                said = [(where, each) for each in self._words(scene, case, text.common)]
                said += [(common, each) for each in self._situation(scene, text.common, case, text.common)]
            except Misworded as error:
                inherited = error.path and where.child(error.path[0]) is None
                said = [(common if inherited else where, error)]
            except NotInForce as error:
                said = [(where, Misworded((), str(error)))]
            findings |= {_finding(here, each) for here, each in said}
        if findings:
            raise Unreadable(findings)

    def _scene(self, case: Case, common: Situation, own: Life | None) -> _Scene:
        lives = self.lives
        if own is not None:
            lives = lives.model_copy(update={"lives": (own, *lives.lives)})
        usual = lives.lives[0]
        day = datetime.date.fromisoformat(case.first_day or common.first_day or usual.first_day)
        led = case.first_day or common.first_day or case.until or common.until or case.more or common.more
        said = case.day or common.day
        if said not in (None, EARLIEST) and not led:
            day = day_of(str(said), day)
        change = case.village if "village" in case.model_fields_set else common.village
        word, code = case.kind or common.kind or usual.kind, change.code or self.village.code
        key = (word, day, code, usual.procedure)
        if key not in self._scenes:
            self._scenes[key] = self._set(word, day, code, lives)
        scene = self._scenes[key]
        same = change.model_fields_set <= {"code"}
        return scene if same else scene.among(settle(self.village, change, scene.catalogue))

    def _set(self, word: str, day: datetime.date, code: str, lives: Lives) -> _Scene:
        catalogue = self.library.catalogue(day, code)
        kinds = [(each.id, each.title) for each in catalogue.kinds]
        kind = catalogue.by_id[token(word, kinds, "一种事", ("事项",))]
        village = settle(self.village, VillageChange.model_validate({"代码": code}), catalogue)
        first = Walk(self.library, lives, catalogue, village, kind, day).compiled
        others = (
            self.library.effective(each.procedure, code, day).compiled for each in catalogue.leads_to(kind)
        )
        return _Scene(
            tuple(Usual(lives, each) for each in {one.digest: one for one in (first, *others)}.values()),
            catalogue, kind, village,
            Surroundings(day, self.library.law.calendar, village.people, paper_digest),
            life_of(lives, first.procedure.procedure), place_actions(catalogue),
        )  # fmt: skip

    def _words(self, scene: _Scene, case: Case, common: Situation) -> Iterator[Misworded]:
        yield from self._situation(scene, case, case, common)
        if case.action is None and common.action is None:
            yield Misworded((), "没有写办什么", "加一项 办: 登记会议结果")
        outcomes = [
            *OUTCOMES.items(),
            *((name, words.partition("，")[0]) for name, words in OUTCOMES.items()),
        ]
        if case.outcome is not None:
            yield from _unknown(case.outcome, outcomes, "一结果", ("结果",))
        if case.then is not None:
            stages = [(each.id, each.title) for one in scene.usuals for each in one.compiled.procedure.stages]
            yield from _unknown(case.then, [*stages, *ENDS.items()], "一步", ("下一步",))
        for key, said in (("不行因为", case.refused), ("差在", case.short_of), ("提醒", case.warned)):
            for index, each in enumerate(said):
                if "." in each and each.isascii():
                    yield from _unknown(each, [(check, check) for check in CHECKS], "一条要求", (key, index))

    def _situation(
        self, scene: _Scene, said: Situation, case: Case, common: Situation
    ) -> Iterator[Misworded]:
        """Yield the unknown words of what comes before a case's act and of the act, as written in `said`."""
        names = [(each.name, each.name) for each in scene.life.steps] if scene.life else []
        if said.until is not None and scene.life is None:
            procedure = scene.usuals[0].compiled.procedure.procedure
            yield Misworded(("先办到",), f"“{procedure}”没有写标准走法")
        elif said.until is not None:
            yield from _unknown(said.until, names, "一步", ("先办到",))
        for name, how in said.changes.items():
            unknown = list(_unknown(name, names, "一步", ("其中", name), at_key=True)) if names else []
            yield from unknown
            step = (
                next((each for each in scene.life.steps if each.name == name), None) if scene.life else None
            )
            if step is not None:
                yield from (each.under("其中", name) for each in self._how(scene, how, step.action, step.by))
        for index, more in enumerate(said.more):
            yield from (each.under("接着", index) for each in self._step(scene, more))
        word = case.action or common.action
        if word is not None:
            if word == said.action:
                yield from self._action(scene, word)
            by = case.by or common.by
            yield from self._how(scene, said, word, by, reads=not case.malformed)

    def _step(self, scene: _Scene, step: Step) -> Iterator[Misworded]:
        yield from self._action(scene, step.action)
        yield from self._how(scene, step, step.action, step.by)

    def _action(self, scene: _Scene, word: str) -> Iterator[Misworded]:
        if _action_of(scene, word) is None:
            titles = [
                *(bare(title) for usual in scene.usuals for _, title in usual.titles),
                *(each.title for each in scene.acts.values()),
            ]
            yield Misworded(("办",), f"没有“{word}”这件可办的事", did_you_mean(word, titles))

    def _how(
        self, scene: _Scene, how: How, word: str, by: str | None, *, reads: bool = True
    ) -> Iterator[Misworded]:
        """Yield what is unknown of how an act is done; `reads` is false where the form is meant not to read."""
        people = scene.village.people
        if how.by is not None:
            try:
                person(how.by, people, ("谁",))
            except Misworded as error:
                yield error
        action = _action_of(scene, word)
        if action is None:
            return
        if by is None and not _usual_by(scene, action):
            yield Misworded((), f"“{word}”没有写谁来办", "加一项 谁: 书记")
        forms = _forms(scene, action)
        if reads:
            yield from _unread(how.facts, forms, scene.around)
        for index, left in enumerate(how.leave_out):
            if not any(field_named(left, form) for form in forms):
                titles = [bare(each.title) for form in forms for each in form]
                yield Misworded(("不填", index), f"这张表没有“{left}”这一项", did_you_mean(left, titles))


def _usual_by(scene: _Scene, action: str) -> bool:
    """Whether somebody usually does the act, so that a case need not say who."""
    found = (
        usual.step(stage, action) for usual in scene.usuals for stage in ("", *usual.compiled.procedure.by_id)
    )
    return action in ("confirm", "decline") or any(each is not None and each.by for each in found)


def _action_of(scene: _Scene, word: str) -> str | None:
    own = next((name for name, each in scene.acts.items() if word in (name, each.title)), None)
    return own or next((found for each in scene.usuals if (found := each.action(word))), None)


def _forms(scene: _Scene, action: str) -> list[Form]:
    """Return every form the act may have, in whichever step it is done."""
    if action in scene.forms:
        return scene.forms[action]
    compiled = [usual.compiled for usual in scene.usuals]
    stages = [stage for each in compiled for stage in each.actions.values()]
    if action in scene.acts:
        found: list[Form] = [(*scene.acts[action].fields, LATE_REASON)]
    elif action == "confirm":
        found = [(CONFIRMS, *CONFIRM_FIELDS)]
    elif action == "decline":
        found = [(CONFIRMS, *DECLINE_FIELDS)]
    elif action == "correct":
        found = [(*correction_fields(each), LATE_REASON) for stage in stages for each in stage.values()]
    elif action == "open":
        found = [opening_form(scene.catalogue, scene.kind, each) for each in compiled]
    else:
        own = [stage[action] for stage in stages if action in stage]
        standing = compiled[0].action("", action)
        found = [(*each.fields, LATE_REASON) for each in own or ([standing] if standing else [])]
    scene.forms[action] = found
    return found


def _unread(given: Answers, forms: list[Form], around: Surroundings) -> Iterator[Misworded]:
    for word, value in given.items():
        wrong: list[Misworded] = []
        for form in forms:
            try:
                answers({word: value}, form, around)
                break
            except Misworded as error:
                wrong.append(error)
        else:
            # A form that has the question knows better what may be answered than one that has not.
            yield from (each.under("填") for each in sorted(wrong, key=lambda each: each.at_key)[:1])


def _unknown(
    word: str,
    named: Iterable[tuple[str, str]],
    what: str,
    path: tuple[str | int, ...],
    *,
    at_key: bool = False,
) -> Iterator[Misworded]:
    try:
        token(word, named, what, path, at_key=at_key)
    except Misworded as error:
        yield error


def _finding(here: Node, error: Misworded) -> Finding:
    mark = here.at(error.path).mark
    if error.at_key:
        mark = here.at(error.path[:-1]).mark_of_key(str(error.path[-1]))
    return Finding("C301", error.message, mark, hint=error.hint)
