"""Several tracks in any order, closed when all are done: a ballot beside a survey, principles signed one by one (S-04, S-15)."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, partial
from typing import Annotated, Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Requirement
from workflow.core.floors import FloorClaim
from workflow.core.matter import Act, Matter, stage_of
from workflow.core.stage import STAYS, Action, Ask, Fault, Judgement, Stage, Vocabulary, Window
from workflow.core.stages import tracks
from workflow.core.stages.tracks import OF_THE_JOINT, AnyTrack

Result = Literal["open", "passed", "failed"]
_LONGEST_ID = 40
# What an act of a track comes to while others are waited for, and when the joint stage ends with it. Each says how the
# track ended, so that a correction which changes that changes the outcome, and what followed loses its basis.
_WAITING: Mapping[Result, str] = {"open": "noted", "passed": "track_passed", "failed": "track_failed"}
_ENDING: Mapping[Result, str] = {"passed": "joint_done", "failed": "joint_failed"}
_RESULTS: Mapping[str, Result] = {
    "track_passed": "passed", "joint_done": "passed", "track_failed": "failed", "joint_failed": "failed",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Part:
    """One action of one track. `own` is the track as a stage of its own, under an id that no stage can bear."""

    index: int
    track: Stage
    own: Stage
    action: Action

    @property
    def id(self) -> str:
        return f"{self.track.id}_{self.action.id}"

    def result(self, outcome: str) -> Result:
        """Return what an outcome of the track's own judge means for the track."""
        target = self.action.leads[outcome]
        if target == self.track.then:
            return "passed"
        return "open" if target in (".", STAYS) else "failed"


class Joint(Stage):
    """Tracks in any order. All must pass, or `needed` of them; where that can no longer be, the stage has failed."""

    kind: Literal["joint"]
    tracks: Annotated[tuple[AnyTrack, ...], YamlField(min_length=2, max_length=12)] = YamlField(title="分项")
    needed: int | None = YamlField(default=None, ge=1, le=12, title="几项通过就算通过（不写是全部）")

    @property
    def enough(self) -> int:
        """How many tracks must pass."""
        return self.needed or len(self.tracks)

    @cached_property
    def parts(self) -> tuple[_Part, ...]:
        """Every action of every track."""
        return tuple(
            _Part(index, track, own, action)
            for index, track in enumerate(self.tracks)
            for own in (track.model_copy(update={"id": f"{self.id}-{track.id}"}),)
            for action in own.actions({})
        )

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Offer the tracks' own actions, each under its track's name; the matter stays until the tracks are done."""
        return tuple(
            replace(
                part.action, id=part.id, title=f"{part.track.title}：{part.action.title}", leads=self._leads(part),
                judge=self._judge(part), window=self._window(part), spent=partial(self._spent, part.track.id),
            )
            for part in self.parts
        )  # fmt: skip

    def faults(self) -> tuple[Fault, ...]:
        """Return what the tracks may not be: named twice, led elsewhere, or with acts beyond the first place."""
        found = (
            [] if self.enough <= len(self.tracks) else [Fault(("needed",), f"只有 {len(self.tracks)} 个分项")]
        )
        names: dict[str, int] = {}
        for index, track in enumerate(self.tracks):
            at = ("tracks", index)
            found += [Fault((*at, *each.path), each.message, each.hint) for each in track.faults()]
            if track.id in names:
                found.append(Fault((*at, "id"), f"分项代号“{track.id}”写了两次"))
            names[track.id] = index
            found += [
                Fault((*at, name), "分项不写这一项", "走到哪里由整个步骤的 then 和 otherwise 定")
                for name in OF_THE_JOINT
                if name in track.model_fields_set
            ]
        return (*found, *self._misfits())

    def _misfits(self) -> Iterator[Fault]:
        known: set[str] = set()
        for part in self.parts:
            at = ("tracks", part.index)
            moves = (part.action.at, *part.action.leads.values())
            if any(move.startswith(".") and move != "." for move in moves):
                yield Fault(at, f"“{part.track.title}”要分几步办，不能作分项", "另写一步")
            if len(part.id) > _LONGEST_ID or part.id in known:
                yield Fault((*at, "id"), f"分项代号“{part.track.id}”太长或与别的混淆", "换一个短的代号")
            known.add(part.id)

    def floors(self) -> tuple[FloorClaim, ...]:
        """Return the tracks' own claims."""
        return tuple(
            FloorClaim(("tracks", track.id, *claim.path), claim.key, claim.value, claim.context)
            for track in self.tracks
            for claim in track.floors()
        )

    def _spent(self, track: str, matter: Matter) -> bool:
        return track in self.standing(matter)

    def standing(self, matter: Matter) -> Mapping[str, Result]:
        """Return how the tracks that are finished ended, by id, since the matter came here."""
        owners = {part.id: part.track.id for part in self.parts}
        begun = next((act.mseq for act in reversed(matter.acts) if self._begins(act)), 0)
        return {
            owners[act.action]: _RESULTS[act.outcome]
            for act in matter.standing(self.id)
            if act.mseq > begun and act.action in owners and act.outcome in _RESULTS
        }

    def _begins(self, act: Act) -> bool:
        """Whether the act brought the matter here; a correction that brings it back ends nothing begun here before."""
        arrived = stage_of(act.to) == self.id and stage_of(act.from_ or "") != self.id
        return arrived and act.outcome != "changed"

    def _leads(self, part: _Part) -> Mapping[str, str]:
        found: dict[str, str] = {}
        for result in map(part.result, part.action.leads):
            if result != "failed" or self.enough < len(self.tracks):
                found[_WAITING[result]] = "."
            if result != "open":
                end = self.then if result == "passed" else self.otherwise or "rejected"
                found[_ENDING[result]] = end
        return found

    def _judge(self, part: _Part) -> Callable[[Ask], Judgement]:
        def judge(ask: Ask) -> Judgement:
            before = self.standing(ask.matter)
            done = Requirement("joint.track_done", part.track.id not in before, {"track": part.track.title})
            judged = part.action.judge(self._within(part, ask))
            result = part.result(judged.outcome)
            results = [*before.values(), result]
            passed, failed = results.count("passed"), results.count("failed")
            ended = passed >= self.enough or failed > len(self.tracks) - self.enough
            outcome = _ENDING[result] if ended and result != "open" else _WAITING[result]
            computed = {**judged.computed, "track": part.track.id, "track_outcome": judged.outcome}
            return Judgement(outcome, (done, *judged.requirements), computed)

        return judge

    def _window(self, part: _Part) -> Callable[[Ask], Window] | None:
        own = part.action.window
        if own is None:
            return None
        return lambda ask: (
            Window() if part.track.id in self.standing(ask.matter) else own(self._within(part, ask))
        )

    def _within(self, part: _Part, ask: Ask) -> Ask:
        """Return the ask as the track sees it, as if it were a stage of its own."""
        inner = part.own.id
        return replace(ask, matter=self._seen_from(part, ask.matter), stages={**ask.stages, inner: part.own})

    def _seen_from(self, part: _Part, matter: Matter) -> Matter:
        inner = part.own.id
        own = {each.id: each.action.id for each in self.parts if each.index == part.index}

        def state(name: str | None) -> str | None:
            return (
                inner + name.removeprefix(self.id) if name is not None and stage_of(name) == self.id else name
            )

        def seen(act: Act) -> Act:
            mine = act.stage == self.id and act.action in own
            return replace(
                act, from_=state(act.from_), to=state(act.to) or "",
                stage=inner if mine else act.stage, action=own[act.action] if mine else act.action,
            )  # fmt: skip

        acts = tuple(map(seen, matter.acts))
        pending = next(
            (new for new, old in zip(acts, matter.acts, strict=True) if old is matter.pending), None
        )
        return replace(matter, at=state(matter.at) or "", acts=acts, pending=pending)


VOCABULARY = Vocabulary(
    title="几项并行",
    outcomes={
        "noted": "已登记",
        "track_passed": "这一项已办好，等其余各项",
        "track_failed": "这一项没有通过，等其余各项",
        "joint_done": "各项已办好",
        "joint_failed": "各项没有都通过",
    },
    checks={
        "joint.track_done": ("“{track}”已经登记", "每一项只登记一次", "接着办其余各项；记错了的请更正"),
        **tracks.CHECKS,
    },
    tokens=tracks.TOKENS,
)  # fmt: skip
