"""What must we do: from words like 村里要修路 to the kinds of matter, and from a kind to its meetings in order.

哪些事要开会 (the catalogue), 开什么会 (the procedure), 怎么开会 (each stage: who calls, notice, quorum, papers, days).
"""

import dataclasses
import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from workflow.core.catalogue import TIERS, Catalogue, Kind
from workflow.core.facts import FactValue
from workflow.core.place import BODIES, OFFICES, Place
from workflow.core.stage import PHASES, Stage
from workflow.core.stages.bodies import WAYS
from workflow.core.stages.meeting import Meeting
from workflow.library import Library

_FOUND_AT_MOST: Final = 8


@dataclass(frozen=True, slots=True)
class Gathering:
    """One body that meets at a step, in words: notice, ways, quorum, approval; empty where nothing is asked."""

    body: str
    notice: str
    ways: str
    quorum: str
    approval: str
    when: str
    basis: str


@dataclass(frozen=True, slots=True)
class Advised:
    """One step ahead: its number, what it is, who does it, which body may meet, which papers, how many days."""

    number: int
    title: str
    phase: str
    who: str
    does: tuple[str, ...]
    gatherings: tuple[Gathering, ...]
    papers: tuple[str, ...]
    days: str
    basis: tuple[str, ...]
    by_default: bool


@dataclass(frozen=True, slots=True)
class Advice:
    """What a matter of a kind needs here: its tier, its procedure and its steps in order."""

    kind: Kind
    tier: str
    procedure: str
    title: str
    summary: str
    steps: tuple[Advised, ...]


def found(catalogue: Catalogue, words: str) -> list[Kind]:
    """Return the kinds that words may mean, the likeliest first; all of them for no words at all."""
    said = "".join(words.split())
    if not said:
        return list(catalogue.kinds)
    scored = [(_score(kind, said), -index, kind) for index, kind in enumerate(catalogue.kinds)]
    likely = sorted((each for each in scored if each[0] > 0), key=lambda each: each[:2], reverse=True)
    return [kind for _, _, kind in likely[:_FOUND_AT_MOST]]


def _score(kind: Kind, said: str) -> int:
    """Whole phrases weigh most, then the pairs of characters the words share with a title or an example."""
    pairs = {said[index : index + 2] for index in range(len(said) - 1)} or {said}
    best = 0
    for phrase in (kind.title, *kind.examples):
        whole = 20 * len(phrase) if phrase in said else 20 * len(said) if said in phrase else 0
        shared = sum(pair in phrase for pair in pairs)
        best = max(best, whole + shared)
    return best


def advise(
    library: Library, catalogue: Catalogue, kind: Kind, facts: Mapping[str, FactValue], where: Place | str,
    day: datetime.date,
) -> Advice | None:  # fmt: skip
    """Return what a matter with these opening facts needs in a place on a day; None while its amount must be said.

    `where` is a place as the register knows it (its delegations choose the resolving body), or only its code.
    Raises what `Library.effective` raises.
    """
    routed = catalogue.route(kind, facts)
    if routed is None:
        return None
    code = where.code if isinstance(where, Place) else where
    effective = library.effective(routed.procedure, code, day)
    procedure = effective.compiled.procedure
    opening = {**facts, "kind": kind.id, "tier": routed.tier, **kind.always_opens()}
    place = where if isinstance(where, Place) else None
    needed = [each for each in procedure.stages if each.when is None or each.when.holds(opening)]
    return Advice(
        kind=kind,
        tier=TIERS[routed.tier],
        procedure=routed.procedure,
        title=procedure.title,
        summary=procedure.summary,
        steps=tuple(
            _advised(number, stage, procedure.by_id, kind, place, day)
            for number, stage in enumerate(needed, 1)
        ),
    )


def _advised(
    number: int,
    stage: Stage,
    stages: Mapping[str, Stage],
    kind: Kind,
    place: Place | None,
    day: datetime.date,
) -> Advised:
    actions = stage.actions(stages)
    offices = {office for action in actions for office in action.offices}
    documents = [
        each.title
        for action in actions
        for each in action.fields
        if each.type == "documents" and each.required
    ]
    days = getattr(stage, "days", None)
    return Advised(
        number=number,
        title=stage.title,
        phase=PHASES[stage.phase],
        who="、".join(words for office, words in OFFICES.items() if office in offices),
        does=tuple(action.title for action in actions),
        gatherings=tuple(_gatherings(stage, kind, place, day)) if isinstance(stage, Meeting) else (),
        papers=tuple(dict.fromkeys(documents)),
        days=f"{days} {'个工作日' if getattr(stage, 'working_days', False) else '天'}"
        if isinstance(days, int)
        else "",
        basis=stage.basis,
        by_default=stage.default,
    )


def _gatherings(stage: Meeting, kind: Kind, place: Place | None, day: datetime.date) -> Iterator[Gathering]:
    """Yield the bodies that may meet; where the register shows the delegation, only those that may decide."""
    for body, rules in stage.rules.items():
        delegated = place.delegated(kind.id, day) if place and rules.delegation else None
        if delegated is False:
            continue
        yield Gathering(
            body=BODIES[body],
            notice=f"提前 {rules.notice_days} 天通知" if rules.notice_days else "",
            ways="、".join(WAYS[way] for way in rules.notice_ways),
            quorum="，并且".join(each.words() for each in (rules.quorum, rules.women_quorum) if each),
            approval=rules.approval.words() if rules.approval else "",
            when="须有村民会议的授权" if rules.delegation and delegated is None else "",
            basis="；".join(rules.basis),
        )


def as_data(advice: Advice) -> dict[str, object]:
    """Return the advice as plain data, for one JSON document."""
    return {
        "kind": advice.kind.id, "title": advice.kind.title, "tier": advice.tier, "procedure": advice.procedure,
        "procedure_title": advice.title, "basis": advice.kind.basis, "forbids": advice.kind.forbids,
        "disclosure": advice.kind.disclosure, "supervision": advice.kind.supervision, "township": advice.kind.township,
        "steps": [dataclasses.asdict(step) for step in advice.steps],
    }  # fmt: skip


def in_text(advice: Advice) -> str:
    """Return the advice as lines of text."""
    kind = advice.kind
    lines = [f"{kind.title}：{advice.tier}，走“{advice.title}”", advice.summary, f"依据：{kind.basis}"]
    said = (("由谁决定", kind.decided_by), ("公开", kind.disclosure), ("监督", kind.supervision))
    lines += [
        f"{title}：{words}"
        for title, words in (*said, ("镇街、县里", kind.township), ("不得", kind.forbids))
        if words
    ]
    for step in advice.steps:
        lines.append(f"{step.number}. {step.title}（{step.phase}；{step.who}）")
        lines += [f"   {'，'.join(filter(None, (each.body, *_said(each))))}" for each in step.gatherings]
        lines += [f"   期限：{step.days}"] if step.days else []
        lines += [f"   材料：{'、'.join(step.papers)}"] if step.papers else []
    return "".join(f"{line}\n" for line in lines if line)


def _said(each: Gathering) -> tuple[str, ...]:
    return (
        each.when, each.notice, each.ways, f"到会须{each.quorum}", f"通过须{each.approval}" if each.approval else "不表决",
    )  # fmt: skip
