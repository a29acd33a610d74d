"""Safety properties of a procedure, proved on its whole graph: what must have happened before what (design.md §3).

Every path is walked for every combination of opening facts its conditions tell apart; nothing is sampled. A property
that fails is answered with the shortest offending path. Going back to an earlier stage undoes what was reached there
and after it: a decision that was returned decides no longer.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product

from workflow.core.conditions import Comparison, Condition
from workflow.core.facts import FactValue
from workflow.core.machine import OPENING, Compiled, place_in
from workflow.core.matter import ENDS, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.procedure import Always, Problem
from workflow.core.stage import STAYS, Stage
from workflow.core.stages.work import Work
from workflow.core.statutes import StatuteValue

# Which bodies are competent where a procedure says who decides (组织法 arts. 26-32; 集体经济组织法 arts. 26-28).
COMPETENT: Mapping[str, frozenset[str]] = {
    "villagers": frozenset({"villagers_assembly", "rep_assembly", "levy_reps"}),
    "collective": frozenset({"member_assembly", "member_reps"}),
    "group": frozenset({"group_meeting"}),
}
PARTY = frozenset({"party_meeting", "party_reps", "branch_committee"})
_PASSED = "passed:"
_OTHER = "其他"
_POSTED_SINCE: Mapping[str, str] = {"decided": "posted:resolution", "executed": "posted:result"}

_UNTOLD = ""
"""An amount is a question that may stay open."""

Marks = frozenset[tuple[int, str]]
Cell = Mapping[str, FactValue]


@dataclass(frozen=True, slots=True)
class _Step:
    """One move of a path: the stage it left, what was done there, what came of it, where it led."""

    stage: str
    action: str
    outcome: str
    to: str


@dataclass(frozen=True, slots=True)
class _Rule:
    """At `watched` steps `holds` must be true of what was reached before; else `code` with `words`."""

    code: str
    words: str
    watched: Callable[["_Graph", _Step], bool]
    holds: Callable[[frozenset[str]], bool]
    when: Condition | None = None
    path: tuple[str | int, ...] = ()


def unsafe(compiled: Compiled, party_first: tuple[StatuteValue, ...]) -> Iterator[Problem]:
    """Yield every property the procedure breaks, each once, with its shortest offending path in words.

    `party_first` are the statutes by which the party organisation discusses important matters first; none, no rule.
    """
    rules = [
        *_fixed(compiled.procedure.decides, party_first),
        *map(_own, enumerate(compiled.procedure.always)),
    ]
    broken: dict[tuple[str, tuple[str | int, ...]], tuple[int, Problem]] = {}
    for cell in cells(compiled):
        graph = _Graph(compiled, cell)
        asked = [rule for rule in rules if rule.when is None or rule.when.holds(cell)]
        for rule, steps in graph.offences(asked):
            key = rule.code, rule.path
            path = rule.path or (
                "stages",
                stage_of(steps[-1].to) if steps[-1].to not in ENDS else steps[-1].stage,
            )
            problem = Problem(path, rule.code, f"{rule.words}。走得通的一条路：{graph.words(steps)}")
            if key not in broken or len(steps) < broken[key][0]:
                broken[key] = len(steps), problem
    yield from (problem for _, problem in broken.values())


def _fixed(decides: str, party_first: tuple[StatuteValue, ...]) -> Iterator[_Rule]:
    """The properties design.md §3 fixes for what a procedure decides."""
    competent = COMPETENT.get(decides)
    if competent is None:
        return

    def decided(reached: frozenset[str]) -> bool:
        return "decided" in reached

    yield _Rule("S401", "还没有有权的会议通过，就能开始实施", _Graph.executes, decided)
    yield _Rule(
        "S403",
        "决议还没有公示期满，就能开始实施",
        _Graph.executes,
        lambda reached: "posted:resolution" in reached,
    )
    if decides != "group" and any(value.value is True for value in party_first):
        articles = "；".join(value.words() for value in party_first)
        yield _Rule(
            "S402", f"村党组织还没有研究讨论，会议就能作出决定（{articles}）", _Graph.decides,
            lambda reached: "party" in reached,
        )  # fmt: skip
    yield _Rule(
        "S404", "实施过的事没有公示结果（没有实施的，没有公示决议），就能归档", _Graph.archives,
        lambda reached: "posted:result" in reached if "executed" in reached else _posted(reached),
    )  # fmt: skip
    yield _Rule("S405", "监督机构没有核验，就能归档", _Graph.archives, lambda reached: "inspected" in reached)


def _posted(reached: frozenset[str]) -> bool:
    return "posted:resolution" in reached or "posted:result" in reached or "rejected" in reached


def _own(numbered: tuple[int, Always]) -> _Rule:
    index, always = numbered
    needs = (always.needs,) if isinstance(always.needs, str) else always.needs

    def watched(graph: "_Graph", step: _Step) -> bool:
        return graph.enters(step, always.before)

    def holds(reached: frozenset[str]) -> bool:
        given = always.given is None or f"done:{always.given}" in reached
        return not given or any(f"done:{each}" in reached for each in needs)

    return _Rule("S406", f"“{always.title}”没有做到", watched, holds, always.when, ("always", index))


@dataclass(frozen=True)
class _Graph:
    """A procedure as a matter with these opening facts can walk it."""

    compiled: Compiled
    cell: Cell

    def offences(self, rules: Sequence[_Rule]) -> Iterator[tuple[_Rule, tuple[_Step, ...]]]:
        """Yield each rule that fails with the shortest path on which it does; breadth first over states and what was reached."""
        begin: tuple[str, Marks] = (OPENING, frozenset())
        unbroken = list(rules)
        seen = {begin}
        queue: deque[tuple[str, Marks, tuple[_Step, ...]]] = deque([(*begin, ())])
        while queue and unbroken:
            state, marks, steps = queue.popleft()
            for step in self._moves_of(state):
                walked = (*steps, step)
                reached = frozenset(token for _, token in self.kept(marks, step))
                for rule in tuple(unbroken):
                    if rule.watched(self, step) and not rule.holds(reached | self.own_tokens(step, rule)):
                        unbroken.remove(rule)
                        yield rule, walked
                after = self.after(marks, step)
                if (step.to, after) not in seen:
                    seen.add((step.to, after))
                    queue.append((step.to, after, walked))

    def _moves_of(self, state: str) -> tuple[_Step, ...]:
        if state not in self._moves:
            self._moves[state] = tuple(self.moves(state))
        return self._moves[state]

    @cached_property
    def _moves(self) -> dict[str, tuple[_Step, ...]]:
        return {}

    @cached_property
    def _tokens(self) -> dict[_Step, frozenset[str]]:
        return {}

    def own_tokens(self, step: _Step, rule: _Rule) -> frozenset[str]:
        """What the step itself brings counts towards what comes after it, as an archive after its own inspection."""
        return frozenset() if rule.code == "S402" else self.tokens(step)

    def moves(self, state: str) -> Iterator[_Step]:
        """Yield every move of the procedure's own actions from a state; standing acts and corrections lead nowhere new."""
        stages = self.compiled.procedure.stages
        here = stages[0].id if state == OPENING else stage_of(state)
        for action in self.compiled.actions.get(here, {}).values():
            at = OPENING if action.type == "opened" else place_in(here, action.at)
            if at != state:
                continue
            for outcome, target in action.leads.items():
                if target != STAYS:
                    yield _Step(here, action.id, outcome, self.compiled.route(here, target, self.cell))

    def tokens(self, step: _Step) -> frozenset[str]:
        """What a step brings: decided, party, posted:…, inspected, executed, rejected, done:<stage>."""
        if step not in self._tokens:
            self._tokens[step] = self._brings(step)
        return self._tokens[step]

    def _brings(self, step: _Step) -> frozenset[str]:
        stage = self._stages[step.stage]
        found = set()
        achieved = stage.achieves(step.action, step.outcome)
        passed = {each.removeprefix(_PASSED) for each in achieved if each.startswith(_PASSED)}
        if passed and passed <= COMPETENT.get(self.compiled.procedure.decides, frozenset()):
            found.add("decided")
        if passed and passed <= PARTY:
            found.add("party")
        if _carries_out(stage):
            found.add("executed")
        if step.to == "rejected":
            found.add("rejected")
        found |= {each for each in achieved if not each.startswith(_PASSED)}
        if (
            self._leaves(step)
            and self.compiled.actions[step.stage][step.action].leads[step.outcome] == stage.then
        ):
            found.add(f"done:{step.stage}")
        return frozenset(found)

    def after(self, marks: Marks, step: _Step) -> Marks:
        """Return what stands reached after a step; going back undoes what was reached from there on."""
        here, there = self._order[step.stage], self._order.get(stage_of(step.to), len(self._order))
        if there < here:
            return frozenset(each for each in marks if each[0] < there)
        return self.kept(marks, step) | {(here, token) for token in self.tokens(step)}

    def kept(self, marks: Marks, step: _Step) -> Marks:
        """Return what still counts at a step: not what was posted before there was anything to post."""
        early = {posted for since, posted in _POSTED_SINCE.items() if since in self.tokens(step)}
        return frozenset(each for each in marks if each[1] not in early) if early else marks

    def _leaves(self, step: _Step) -> bool:
        return stage_of(step.to) != step.stage

    @property
    def _stages(self) -> Mapping[str, Stage]:
        return self.compiled.procedure.by_id

    @cached_property
    def _order(self) -> Mapping[str, int]:
        return {stage.id: index for index, stage in enumerate(self.compiled.procedure.stages)}

    def executes(self, step: _Step) -> bool:
        """Whether the step enters the execution."""
        to = self._stages.get(stage_of(step.to))
        return to is not None and _carries_out(to) and self._leaves(step)

    def decides(self, step: _Step) -> bool:
        """Whether the step is the decision of the competent body."""
        return "decided" in self.tokens(step)

    def archives(self, step: _Step) -> bool:
        """Whether the step ends in the archive."""
        return step.to == "archived"

    def enters(self, step: _Step, target: str) -> bool:
        """Whether the step enters a stage or comes to an end of that name."""
        return stage_of(step.to) == target and self._leaves(step)

    def _outcome(self, step: _Step) -> str:
        return self._stages[step.stage].outcome_titles().get(step.outcome) or outcome_words(step.outcome)

    def words(self, steps: tuple[_Step, ...]) -> str:
        """Say a path as people walk it: 动议 → 村党组织提议（通过）→ 组织实施."""
        said = [
            f"{self._stages[step.stage].title}（{self.compiled.actions[step.stage][step.action].title}：{self._outcome(step)}）"
            for step in steps
        ]
        last = steps[-1].to
        end = ENDS.get(last) or self._stages[stage_of(last)].title
        facts = "、".join(
            "没有填金额" if value == _UNTOLD else f"{name}={value}"
            for name, value in self.cell.items()
            if value != _OTHER
        )
        return " → ".join([*said, end]) + (f"（{facts}）" if facts else "")


def _carries_out(stage: Stage) -> bool:
    return stage.phase == "execution" or isinstance(stage, Work)


def cells(compiled: Compiled) -> Iterator[Cell]:
    """Yield opening facts for every combination of truths that the procedure's conditions can have."""
    procedure = compiled.procedure
    conditions = [each.when for each in (*procedure.stages, *procedure.always) if each.when is not None]
    values: dict[str, list[FactValue]] = {}
    for condition in conditions:
        _collect(condition, values)
    seen = set()
    for combination in product(*values.values()):
        cell = dict(zip(values, combination, strict=True))
        truths = tuple(each.holds(cell) for each in conditions)
        if truths not in seen:
            seen.add(truths)
            yield cell


def _collect(condition: Condition, values: dict[str, list[FactValue]]) -> None:
    asked: dict[str, str | tuple[str, ...] | None] = {
        "kind": condition.kind, "tier": condition.tier, "source": condition.source, **(condition.answers or {}),
    }  # fmt: skip
    for name, wanted in asked.items():
        for each in () if wanted is None else (wanted,) if isinstance(wanted, str) else wanted:
            found = values.setdefault(name, [_OTHER])
            if each not in found:
                found.append(each)
    if condition.amount_fen is not None:
        found = values.setdefault("amount_fen", [_UNTOLD, 0])
        found += [each for each in _around(condition.amount_fen) if each not in found]
    for alternative in condition.any_of or ():
        _collect(alternative, values)


def _around(bounds: Comparison) -> Iterator[int]:
    for bound in (bounds.at_least, bounds.more_than, bounds.at_most, bounds.less_than):
        if bound is not None:
            yield from (each for each in (bound - 1, bound, bound + 1) if each >= 0)
