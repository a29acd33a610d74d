"""The outline of a standard life: what matter goes through a procedure, act by act to its end, and who does each act."""

import datetime
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise, product

from workflow.cases.lives import Usual
from workflow.cases.placeholders import AMOUNT, Asked, filled, samples
from workflow.cases.texts import Lives, Village
from workflow.cases.words import bare, token
from workflow.core.catalogue import Catalogue, Kind, Routed
from workflow.core.conditions import Comparison, Condition
from workflow.core.facts import FactValue, Field
from workflow.core.machine import Compiled, place_in
from workflow.core.matter import ENDS, stage_of
from workflow.core.place import BODIES, BODY_COUNTS, OFFICES
from workflow.core.stage import STAYS, Action, Stage
from workflow.core.stages.bodies import MODES_OF
from workflow.core.stages.joint import Joint
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.motion import Motion
from workflow.forms import opening_form
from workflow.library import Library, NotInForce
from workflow.shelves import MATTER_LIST, VILLAGE, first_day

Said = dict[str, object]


@dataclass(frozen=True)
class Act:
    """One act of the way: what is done at which stage, and what comes of it when all goes well."""

    stage: Stage
    action: Action
    outcome: str


@dataclass(frozen=True)
class Opening:
    """A matter that goes through the procedure: what it is, where, when, and what its opening must say for that."""

    catalogue: Catalogue
    kind: Kind
    place: str
    day: datetime.date
    compiled: Compiled
    facts: Mapping[str, FactValue]
    tier: str


def opening_of(library: Library, procedure: str, village: Village, day: datetime.date) -> Opening:
    """Return the first matter of a catalogue that goes through the procedure, if need be where only a county has it.

    Raises `NotInForce` where no catalogue has one.
    """
    newest = library.shelves.newest(procedure, datetime.date.max)
    if newest is None:
        library.effective(procedure, "", day)
    elif library.shelves.newest(procedure, day) is None:
        day = first_day(newest)
    layers = (
        each.name for root in library.shelves.folders for each in sorted((root / "layers").glob("*"))
        if (each / MATTER_LIST).is_dir()
    )  # fmt: skip
    for place in (village.code, *(each.ljust(VILLAGE, "0") for each in layers)):
        catalogue = library.catalogue(day, place)
        for kind in catalogue.kinds:
            for routed in catalogue.leads_to(kind):
                for facts in _openings(kind, routed) if routed.procedure == procedure else ():
                    found = catalogue.route(kind, facts)
                    if found is not None and found.procedure == procedure:
                        compiled = library.effective(procedure, place, day).compiled
                        return Opening(catalogue, kind, place, day, compiled, facts, found.tier)
    raise NotInForce(f"事项清单里没有哪一种事走“{procedure}”，请先写进清单")


def _openings(kind: Kind, routed: Routed) -> Iterator[dict[str, FactValue]]:
    """Yield what an opening may say: what the route asks for, with every answer to the kind's questions."""
    asked = dict(_meeting(routed.because))
    for said in product(*(each.answers for each in kind.asks)):
        yield {**{each.id: one.id for each, one in zip(kind.asks, said, strict=True)}, **asked}


def _meeting(because: Condition | Comparison | None) -> Iterator[tuple[str, FactValue]]:
    """Yield facts that meet a condition or lie within bounds."""
    if isinstance(because, Comparison):
        least, most = because.at_least or 0, because.at_most
        least = max(least, because.more_than + 1 if because.more_than is not None else 0)
        most = because.less_than - 1 if most is None and because.less_than is not None else most
        yield "amount_fen", least if most is None else most
    elif because is not None:
        if because.any_of:
            yield from _meeting(because.any_of[0])
        if because.amount_fen is not None:
            yield from _meeting(because.amount_fen)
        for name, asked in {"source": because.source, **(because.answers or {})}.items():
            if asked is not None:
                yield name, asked if isinstance(asked, str) else asked[0]


def way(opening: Opening) -> list[Act]:
    """Return the acts from the opening to the end, each stage on the shortest way to what follows it."""
    compiled, found = opening.compiled, list[Act]()
    facts = {"kind": opening.kind.id, "tier": opening.tier, **opening.kind.always_opens(), **opening.facts}
    stage: Stage = compiled.procedure.stages[0]
    passed: set[str] = set()
    while stage.id not in passed:
        passed.add(stage.id)
        found += _through(compiled, stage)
        following = compiled.route(stage.id, found[-1].action.leads[found[-1].outcome], facts)
        if stage_of(following) in ENDS:
            break
        stage = compiled.procedure.by_id[stage_of(following)]
    return found


def _through(compiled: Compiled, stage: Stage) -> list[Act]:
    """Return the shortest way through a stage to what follows it; of a joint stage, one act a track."""
    actions = list(compiled.actions[stage.id].values())
    if isinstance(stage, Joint):
        first = {part.track.id: part.id for part in reversed(stage.parts)}
        named = [compiled.actions[stage.id][first[track.id]] for track in stage.tracks]
        ending = [[each for each, to in action.leads.items() if to == stage.then] for action in named]
        return [
            Act(stage, action, (ended or list(action.leads))[0])
            for action, ended in zip(named, ending, strict=True)
        ]
    ways: list[list[Act]] = [[]]
    known = {stage.id}
    while ways:
        done = ways.pop(0)
        here = _after(stage, done)
        for action in actions:
            if action.type != "opened" and place_in(stage.id, action.at) != here:
                continue
            for outcome, target in action.leads.items():
                act = [*done, Act(stage, action, outcome)]
                if target == stage.then:
                    return act
                state = place_in(stage.id, target)
                if target.startswith(".") and state not in known:
                    known.add(state)
                    ways.append(act)
    return [Act(stage, actions[0], next(iter(actions[0].leads)))]


def _after(stage: Stage, done: list[Act]) -> str:
    if not done:
        return stage.id
    target = done[-1].action.leads[done[-1].outcome]
    return stage.id if target == STAYS else place_in(stage.id, target)


@dataclass
class Scene:
    """Who does what in the village of the cases; offices and bodies it lacks are added to what the file says of it."""

    opening: Opening
    lives: Lives
    village: Village
    people: dict[str, list[str]] = field(default_factory=dict)
    acted: dict[str, str] = field(default_factory=dict)

    @cached_property
    def usual(self) -> Usual:
        """The words for the procedure's stages and actions."""
        return Usual(self.lives, self.opening.compiled)

    @cached_property
    def _holders(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for label, terms in self.village.people.items():
            for term in terms:
                said = term if isinstance(term, str) else term.office
                found.setdefault(token(said, OFFICES.items(), "一职务"), []).append(label)
        return found

    def person(self, offices: frozenset[str], *but: str) -> str:
        """Return who acts in one of these offices, of those not named in `but`; added to the village if nobody can."""
        for office in OFFICES:
            if office in offices:
                for label in self._holders.get(office, ()):
                    if label not in but:
                        return label
        office = next((each for each in OFFICES if each in offices), "clerk")
        label = OFFICES[office] + ("甲" if OFFICES[office] in (*but, *self.village.people) else "")
        self.people[label] = [OFFICES[office]]
        self._holders.setdefault(office, []).append(label)
        return label

    def acts(self, act: Act) -> str:
        """Return who does an act, kept apart from whoever acted where the stage says so."""
        apart = [self.acted[each] for each in act.stage.apart_from if each in self.acted]
        who = self.person(act.action.offices, *apart)
        self.acted[act.stage.id] = who
        return who

    def counts(self, body: str) -> dict[str, int]:
        """Return how many belong to a body of the village, by count."""
        said = {**self.village.bodies, **self.bodies()}
        for word, counts in said.items():
            if token(word, BODIES.items(), "一会议或组织") == body:
                named = BODY_COUNTS[body].items()
                return {token(each, named, "一人数"): number for each, number in counts.items()}
        return {}

    def bodies(self) -> dict[str, dict[str, int]]:
        """Return counts for the bodies that meet and are not in the standard village."""
        known = {token(word, BODIES.items(), "一会议或组织") for word in self.village.bodies}
        stages = self.opening.compiled.procedure.stages
        meet = [body for stage in stages if isinstance(stage, Meeting) for body in stage.bodies]
        return {
            BODIES[body]: dict.fromkeys(map(bare, BODY_COUNTS[body].values()), 20)
            for body in meet if body not in known and BODY_COUNTS[body]
        }  # fmt: skip

    def body(self, stage: Stage) -> str:
        """Return which body meets: the first that needs no delegation for this kind, or has it; empty for no meeting."""
        if not isinstance(stage, Meeting):
            return ""
        kind = self.opening.kind
        delegated = {kind.id, kind.title} & {word for each in self.village.delegations for word in each.kinds}
        free = (body for body, rules in stage.rules.items() if delegated or not rules.delegation)
        return next(free, next(iter(stage.rules)))

    def given(self, act: Act) -> Mapping[str, FactValue]:
        """Return the facts an act must say: what the matter is, or which body meets and how it is counted."""
        if act.action.type == "opened":
            joint = isinstance(act.stage, Motion) and set(act.stage.movers) <= {"villagers", "reps"}
            all_ = self.counts("villagers_assembly").get("villagers_18plus", 0)
            return {**self.opening.facts, **({"supporters": all_} if joint else {})}
        amount = self.opening.facts.get(AMOUNT)
        money = [each.name for each in act.action.fields if each.type == "money" and amount is not None]
        found: dict[str, FactValue] = dict.fromkeys(money, amount or 0)
        if isinstance(act.stage, Meeting):
            body = self.body(act.stage)
            asked = {each.name: each for each in act.action.fields}
            found |= {"body": body} if "body" in asked else {}
            if body in MODES_OF and "mode" in asked:
                found["mode"] = asked["mode"].choices[0].token
            group = self.counts(body).get("group")
            found |= {"group": group} if group and "group" in asked else {}
        return found

    def form(self, act: Act) -> tuple[Field, ...]:
        """Return the questions of an act."""
        if act.action.type == "opened":
            return opening_form(self.opening.catalogue, self.opening.kind, self.opening.compiled)[1:]
        return act.action.fields


def steps(scene: Scene, acts: list[Act]) -> list[Said]:
    """Return the steps of the standard life, what the second office confirms among them."""
    found: list[Said] = []
    second = frozenset(scene.opening.compiled.procedure.settings.second_office)
    several = {act.stage.id for act, other in pairwise(acts) if act.stage is other.stage}
    known = samples(scene.lives.lives)
    for act in acts:
        title, word = act.stage.title, _word(scene, act.action)
        name = f"{title}：{word}" if act.stage.id in several else title
        if any(each["名"] == name for each in found):
            name = f"{name}（{act.stage.id}）"
        who = scene.acts(act)
        said: Said = {"名": name, "步骤": act.stage.id, "办": word, "谁": who}
        if act.action.type != "opened":
            said["哪天"] = "最早" if act.action.window else "当天"
        body, given = scene.body(act.stage), scene.given(act)
        answers = filled(scene.form(act), Asked(act.stage, act.outcome, body, given, known))
        found.append({**said, "填": answers} if answers else said)
        if act.action.decisive:
            confirms = scene.person(second, who)
            found.append({"名": f"复核{name}", "步骤": act.stage.id, "办": "复核确认", "谁": confirms})
    return found


def _word(scene: Scene, action: Action) -> str:
    return bare(action.title) if scene.usual.action(bare(action.title)) == action.id else action.id
