"""A procedure as written: its stages in the order of life. `problems` says what may not stand, with the path to it."""

import datetime
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.conditions import Condition
from workflow.core.findings import did_you_mean
from workflow.core.floors import FloorClaim
from workflow.core.kinds import AnyStage
from workflow.core.matter import ENDS
from workflow.core.stage import STAYS, Id, Settings, Stage, Texts, Title, Yaml
from workflow.core.stages.inspection import Inspection
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.motion import Motion
from workflow.core.stages.posting import Posting
from workflow.core.stages.signoff import Signoff
from workflow.core.stages.work import Work

Decides = Literal["villagers", "collective", "group", "party", "none"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that may not stand in a procedure: where (a path), which rule (a finding code), and in words."""

    path: tuple[str | int, ...]
    code: str
    message: str
    hint: str = ""


class Always(Yaml):
    """A county's own safety property: nothing comes `before` unless one of `needs` was done, if `given` was."""

    title: Title = YamlField(title="要做到什么")
    before: Id = YamlField(title="到哪一步（或结束）之前")
    needs: Id | tuple[Id, ...] = YamlField(title="须先办完哪一步（几步写一步即可）")
    given: Id | None = YamlField(default=None, title="只有办过哪一步才须如此")
    when: Condition | None = YamlField(default=None, title="什么情况须如此")


class Procedure(Yaml):
    """One procedure as it stands from its first day in force; never edited once used."""

    procedure: Id = YamlField(title="程序代号")
    title: Title = YamlField(title="程序名称")
    from_: datetime.date = YamlField(alias="from", title="自哪一天起施行")
    layer: Literal["national", "province", "county", "village"] = YamlField(
        default="national", title="哪一级制定"
    )
    division: str = YamlField(
        default="", pattern=r"^([0-9]{2}|[0-9]{6}|[0-9]{9}|[0-9]{12})?$", title="适用地区代码"
    )
    decides: Decides = YamlField(title="由谁决定")
    basis: Texts = YamlField(default=(), title="依据")
    summary: str = YamlField(default="", title="一句话说明")
    always: tuple[Always, ...] = YamlField(default=(), title="任何走法都须做到")
    settings: Settings = YamlField(default=Settings(), title="参数")
    stages: Annotated[tuple[AnyStage, ...], YamlField(min_length=2, title="步骤")]

    @cached_property
    def by_id(self) -> Mapping[str, Stage]:
        """The stages by id."""
        return {stage.id: stage for stage in self.stages}

    def floor_claims(self) -> Iterator[FloorClaim]:
        """Yield every value the law sets a floor under, with its path from the top of the file."""
        yield FloorClaim(
            ("settings", "objection_reply_days"),
            "disclosure.reply_days_max",
            self.settings.objection_reply_days,
            {},
        )
        convene = "convene_within_days_after_petition"
        for body in sorted(
            {body for stage in self.stages if isinstance(stage, Meeting) for body in stage.bodies}
        ):
            key, days = f"{body}.convene_days_max", self.settings.convene_within_days_after_petition
            yield FloorClaim(("settings", convene), key, days, {})
        for stage in self.stages:
            for claim in stage.floors():
                yield FloorClaim(("stages", stage.id, *claim.path), claim.key, claim.value, claim.context)


def targets(stage: Stage, stages: Mapping[str, Stage]) -> Iterator[tuple[str, str, str]]:
    """Yield (action, outcome, target) of every move that leaves the stage."""
    for action in stage.actions(stages):
        for outcome, target in action.leads.items():
            if not target.startswith(".") and target != STAYS:
                yield action.id, outcome, target


def _unknown(stage: Stage, known: Iterable[str]) -> Iterator[Problem]:
    names = set(known)
    for field in ("then", "otherwise", "veto"):
        target = getattr(stage, field, None)
        if target is not None and target not in names:
            hint = did_you_mean(target, names) or "可以写：" + "、".join(sorted(names))
            yield Problem(("stages", stage.id, field), "P201", f"没有“{target}”这一步", hint)
    for index, other in enumerate(stage.apart_from):
        if other not in names or other in ENDS or other == stage.id:
            path = ("stages", stage.id, "apart_from", index)
            yield Problem(path, "P201", f"没有“{other}”这一步可以分开", did_you_mean(other, names))


def _always(procedure: Procedure) -> Iterator[Problem]:
    for index, each in enumerate(procedure.always):
        needs = (each.needs,) if isinstance(each.needs, str) else each.needs
        named = [("before", each.before, (*procedure.by_id, *ENDS))]
        named += [("needs", need, tuple(procedure.by_id)) for need in needs]
        named += [("given", each.given, tuple(procedure.by_id))] if each.given else []
        for field, name, known in named:
            if name not in known:
                hint = did_you_mean(name, known)
                yield Problem(("always", index, field), "P201", f"没有“{name}”这一步", hint)


def _references(procedure: Procedure) -> Iterator[Problem]:
    kinds: dict[tuple[str, str], tuple[type[Stage], str]] = {
        ("posting", "after"): (Work, "有验收的“work”步骤"),
        ("work", "after_posting"): (Posting, "公示步骤"),
        ("contract", "after_posting"): (Posting, "公示步骤"),
        ("contract", "after_filing"): (Signoff, "审核备案步骤"),
        ("contract", "resolution"): (Meeting, "作决定的会议"),
    }
    for stage in procedure.stages:
        for (kind, field), (wanted, words) in kinds.items():
            target = getattr(stage, field, None) if stage.kind == kind else None
            if target is not None and not isinstance(procedure.by_id.get(target), wanted):
                fitting = [
                    each.id for each in procedure.stages if isinstance(each, wanted) and each is not stage
                ]
                hint = did_you_mean(target, fitting) or "可以写：" + "、".join(fitting) if fitting else ""
                yield Problem(("stages", stage.id, field), "P202", f"“{target}”不是{words}", hint)
        if isinstance(stage, Meeting):
            yield from _meeting(procedure, stage)
        if isinstance(stage, Inspection):
            yield from _papers(procedure, stage)


def _meeting(procedure: Procedure, stage: Meeting) -> Iterator[Problem]:
    if stage.on_divided is not None and stage.on_divided not in stage.bodies:
        yield Problem(
            ("stages", stage.id, "on_divided"), "P202", f"这一步没有写“{stage.on_divided}”怎么开会",
            "在 bodies 里写上它的到会和通过要求",
        )  # fmt: skip
    if stage.merge is not None:
        other = procedure.by_id.get(stage.merge.stage)
        if not isinstance(other, Meeting) or stage.then != other.id:
            yield Problem(("stages", stage.id, "merge", "stage"), "P202", "只能与紧接着的会议合并")
        elif stage.called or other.called or len(stage.bodies) > 1 or len(other.bodies) > 1:
            yield Problem(("stages", stage.id, "merge"), "P202", "须提前通知的、可选会议的步骤不能合并")


def _papers(procedure: Procedure, stage: Inspection) -> Iterator[Problem]:
    for index, paper in enumerate(stage.papers):
        path = ("stages", stage.id, "papers", index)
        source = procedure.by_id.get(paper.stage)
        actions = {action.id: action for action in source.actions(procedure.by_id)} if source else {}
        if paper.action not in actions:
            field, wrong, known = (
                ("action", paper.action, actions) if source else ("stage", paper.stage, procedure.by_id)
            )
            hint = did_you_mean(wrong, known) or "可以写：" + "、".join(sorted(known))
            words = f"“{paper.stage}”没有“{paper.action}”这一登记" if source else f"没有“{paper.stage}”这一步"
            yield Problem((*path, field), "P203", words, hint)
            continue
        kept = [each.name for each in actions[paper.action].fields if each.type == "documents"]
        if paper.document is not None and paper.document not in kept:
            hint = did_you_mean(paper.document, kept) or "可以写：" + ("、".join(kept) or "这一登记没有附件")
            words = f"“{paper.action}”没有“{paper.document}”这种附件"
            yield Problem((*path, "document"), "P203", words, hint)


def _graph(procedure: Procedure) -> Iterator[Problem]:
    edges = {
        stage.id: {target for _, _, target in targets(stage, procedure.by_id)}
        | ({stage.then} if stage.when else set())
        for stage in procedure.stages
    }
    reached, queue = set(), [procedure.stages[0].id]
    while queue:
        here = queue.pop()
        if here not in reached:
            reached.add(here)
            queue += [target for target in edges.get(here, ()) if target in procedure.by_id]
    ending = set(ENDS)
    for _ in procedure.stages:
        ending |= {stage for stage, leads in edges.items() if leads & ending}
    for stage in procedure.stages:
        if stage.id not in reached:
            yield Problem(
                ("stages", stage.id),
                "P204",
                f"没有哪一步会走到“{stage.title}”",
                f"在前面某一步的 then 或 otherwise 里写上 {stage.id}",
            )
        elif stage.id not in ending:
            yield Problem(
                ("stages", stage.id),
                "P205",
                f"从“{stage.title}”走不到结束",
                "后面要有一步的 then 写 archived（归档）或 rejected（不通过）",
            )


def problems(procedure: Procedure) -> list[Problem]:
    """Return everything that may not stand in the procedure's shape: targets, references, graph, ids."""
    found: list[Problem] = []
    seen: set[str] = set()
    for index, stage in enumerate(procedure.stages):
        if stage.id in seen or stage.id in ENDS:
            found.append(Problem(("stages", index), "P206", f"步骤代号“{stage.id}”重复或与结束同名"))
        seen.add(stage.id)
        if (index == 0) != isinstance(stage, Motion):
            found.append(Problem(("stages", stage.id), "P207", "第一步须是 motion（动议），别的步骤不能是"))
        found += _unknown(stage, {*procedure.by_id, *ENDS})
        found += [
            Problem(("stages", stage.id, *each.path), "P215", each.message, each.hint)
            for each in stage.faults()
        ]
    found += _always(procedure)
    if found:
        return found
    return [*_references(procedure), *_graph(procedure)]
