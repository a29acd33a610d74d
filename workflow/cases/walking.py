"""Leads one village and one matter through the pure core: facts from words, `decide`, the entry, the fold. No database."""

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from workflow.cases.lives import Moment, Usual, settled
from workflow.cases.texts import EARLIEST, How, Life, Lives, Step
from workflow.cases.villages import LOG, Settled
from workflow.cases.words import (
    Misworded,
    Surroundings,
    Unknown,
    answers,
    bare,
    day_of,
    field_named,
    paper_digest,
    person,
    token,
)
from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision, Refusal
from workflow.core.catalogue import Catalogue, Kind, Routed
from workflow.core.correction import CORRECTS
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON, ask_of, decide
from workflow.core.entry import Entry
from workflow.core.facts import Facts, FactValue, Field, FieldError, read_facts
from workflow.core.findings import did_you_mean
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of, step
from workflow.core.place import Place, step_place
from workflow.core.place_acts import PlaceAction, decide_place, place_actions
from workflow.forms import AMOUNT, AMOUNT_NEEDED, CONFIRMS, NOT_CORRECTABLE, form_of, opening_form
from workflow.library import Library

Answer = Decision | Refusal | tuple[FieldError, ...]
NOTHING_SPECIAL = How.model_validate({})
Watch = Callable[[Compiled, Matter, Attempt, Decision | Refusal], None]
"""Told of every act that is tried on a matter: its procedure, the matter before it, the act, and the answer."""


@dataclass
class Walk:
    """A village and at most one matter on their way, day by day."""

    library: Library
    lives: Lives
    catalogue: Catalogue
    village: Settled
    kind: Kind
    today: datetime.date
    begun: bool = False
    matter: Matter | None = None
    waiting: bool = False
    unknown: Unknown = "refuse"
    watch: Watch | None = None

    def __post_init__(self) -> None:
        self._folded = Place(self.village.code)

    @cached_property
    def compiled(self) -> Compiled:
        """The procedure in force on the day the walk begins; a matter keeps it."""
        return self._under(
            self.catalogue.route(self.kind, self._asked) or self.catalogue.leads_to(self.kind)[0]
        )

    @cached_property
    def _asked(self) -> Mapping[str, FactValue]:
        """What the opening of the standard life says, as far as a route may ask for it."""
        opening = self.lives.lives[0].steps[0].facts
        around = Surroundings(self.today, self.library.law.calendar, self.village.people, paper_digest)
        fields = (AMOUNT, *self.kind.fields())
        return read_facts(fields, answers(opening, fields, around, "drop"))[0].open

    def _under(self, routed: Routed) -> Compiled:
        return self.library.effective(routed.procedure, self.village.code, self.today).compiled

    @property
    def place(self) -> Place:
        """The village as its entries amount to; only those that came since it was last asked for are folded."""
        for entry in self.village.entries[self._folded.pseq :]:
            self._folded = step_place(self._folded, entry)
        return self._folded

    @cached_property
    def _place_acts(self) -> Mapping[str, PlaceAction]:
        return place_actions(self.catalogue)

    @cached_property
    def _usual(self) -> Usual:
        return Usual(self.lives, self.compiled)

    def follow(self, life: Life, until: str, changes: Mapping[str, How]) -> tuple[str, Answer] | None:
        """Walk the standard life to the step of that name; return what went wrong, if anything did."""
        names = [(each.name, each.name) for each in life.steps]
        token(until, names, "一步", ("先办到",))
        for name in changes:
            token(name, names, "一步", ("其中", name), at_key=True)
        for each in life.steps:
            if self.skips(each.stage):
                continue
            try:
                answer = self.take(each, changes.get(each.name, NOTHING_SPECIAL), confirms=False)
            except Misworded as error:
                raise error.under("其中", each.name) from None
            if not isinstance(answer, Decision):
                return each.name, answer
            if each.name == until:
                break
        return None

    def skips(self, stage: str) -> bool:
        """Whether the procedure has no such stage here, or the matter does not need it."""
        found = self.compiled.procedure.by_id.get(self._usual.stage(stage) or "")
        if found is None:
            return True
        opening = self.matter.opening if self.matter else {"kind": self.kind.id, "tier": self.kind.tier}
        return found.when is not None and not found.when.holds(opening)

    def take(self, act: Step, otherwise: How = NOTHING_SPECIAL, *, confirms: bool = True) -> Answer:
        """Try one act and fold it if it stands; one that then waits is confirmed the same day unless told not to."""
        action = self._action(act.action)
        of_place = action in self._place_acts
        if action in ("confirm", "decline") and (self.matter is None or self.matter.pending is None):
            of_place = bool(self.place.pending)
        standard = None if of_place else self._usual.step(self._stage, action)
        day = self._day(otherwise.day or act.day or (standard.day if standard else None) or "当天", action)
        who = otherwise.by or act.by or (standard.by if standard else None)
        if who is None:
            raise Misworded((), f"“{act.action}”没有写谁来办", "加一项 谁: 书记")
        actor = person(who, self.village.people, ("谁",))
        recorded_word = otherwise.recorded or act.recorded
        recorded = (
            day_of(recorded_word, day) if recorded_word else max(day, self.today if self.begun else day)
        )
        given = self._given(action, act, otherwise, standard, day, of_place=of_place)
        if isinstance(given, tuple):
            return given
        attempt = Attempt(action, actor, day, recorded, given)
        answer = self._place_act(attempt) if of_place else self._matter_act(attempt)
        if isinstance(answer, Decision):
            self.today, self.begun = recorded, True
            self.waiting = answer.confirming
            if answer.confirming and confirms and not act.waits:
                return self._confirm(answer)
        return answer

    def _confirm(self, first: Decision) -> Answer:
        answer = self.take(
            Step.model_validate({"办": "confirm", "谁": self.lives.second_office, "哪天": "当天"})
        )
        return first if isinstance(answer, Decision) else answer

    @property
    def _stage(self) -> str:
        return stage_of(self.matter.at) if self.matter else self.compiled.procedure.stages[0].id

    def _action(self, word: str) -> str:
        acts = self._place_acts
        own = next((name for name, each in acts.items() if word in (name, each.title)), None)
        if own is not None:
            return own
        found = self._usual.action(word)
        if found is None:
            titles = [
                *(bare(title) for _, title in self._usual.titles),
                *(each.title for each in acts.values()),
            ]
            raise Misworded(("办",), f"没有“{word}”这件可办的事", did_you_mean(word, titles))
        return found

    def _day(self, word: str, action: str) -> datetime.date:
        if word != EARLIEST:
            return day_of(word, self.today)
        found = self.compiled.action(self._stage, action)
        if found is None or found.window is None or self.matter is None:
            return self.today
        ask = ask_of(
            self.compiled, self.library.law, self.matter, self.place,
            Attempt("", "", self.today, self.today),
        )  # fmt: skip
        return max(found.window(ask).earliest or self.today, self.today)

    def _form(self, action: str, given: Mapping[str, object], *, of_place: bool) -> tuple[Field, ...]:
        if of_place:
            known = self._place_acts.get(action)
            if known is not None:
                return (*known.fields, LATE_REASON)
            return (CONFIRMS, *(DECLINE_FIELDS if action == "decline" else CONFIRM_FIELDS))
        if action == "open":
            return opening_form(self.catalogue, self.kind, self.compiled)
        matter = self.matter or Matter("", self.village.code, self.compiled.digest)
        return form_of(self.compiled, matter, action, given) or ()

    def _given(
        self, action: str, act: Step, otherwise: How, standard: Step | None, day: datetime.date, *, of_place: bool
    ) -> Facts | tuple[FieldError, ...]:  # fmt: skip
        around = Surroundings(day, self.library.law.calendar, self.village.people, paper_digest)
        numbers = {**act.facts, **otherwise.facts}
        which = answers(numbers, (CORRECTS,), around, "drop")
        form = self._form(action, which, of_place=of_place)
        if form == (CORRECTS,):
            return (NOT_CORRECTABLE,)
        raw = answers(standard.facts if standard else {}, form, around, "drop")
        for how in (act, otherwise):
            try:
                raw |= answers(how.facts, form, around, unknown="drop" if how is standard else self.unknown)
            except Misworded as error:
                raise error.under("填") from None
        for index, word in enumerate((*act.leave_out, *otherwise.leave_out)):
            left = field_named(word, form)
            if left is None:
                titles = [bare(each.title) for each in form]
                raise Misworded(("不填", index), f"这张表没有“{word}”这一项", did_you_mean(word, titles))
            raw.pop(left.name, None)
        if action == "open":
            raw.setdefault("kind", self.kind.id)
        if of_place and action in ("confirm", "decline"):
            raw.setdefault("confirms", max(self.place.pending, default=0))
        if self.matter is not None and not of_place and action != "correct":
            moment = Moment(self.compiled, self.library.law, self.matter, self.place, self._stage, day)
            raw = settled(raw, moment)
        facts, errors = read_facts(form, raw)
        if errors:
            return tuple(errors)
        return self._opened(facts) if action == "open" else facts

    def _opened(self, facts: Facts) -> Facts | tuple[FieldError, ...]:
        routed = self.catalogue.route(self.kind, facts.open)
        if routed is None:
            return (AMOUNT_NEEDED,)
        self.__dict__["compiled"] = self._under(routed)
        more = {"tier": routed.tier, **self.kind.always_opens()}
        return Facts({**facts.open, **more}, facts.private, facts.documents)

    def _matter_act(self, attempt: Attempt) -> Decision | Refusal:
        matter = self.matter or Matter("", self.village.code, self.compiled.digest)
        answer = decide(self.compiled, self.library.law, matter, self.place, attempt)
        if self.watch is not None:
            self.watch(self.compiled, matter, attempt, answer)
        if isinstance(answer, Decision):
            self.matter = step(
                matter if self.matter else Matter("case", self.village.code, self.compiled.digest),
                self._entry(attempt, answer, "case", matter.mseq + 1),
            )
        return answer

    def _place_act(self, attempt: Attempt) -> Decision | Refusal:
        answer = decide_place(self._place_acts, self.library.law, self.place, attempt)
        if isinstance(answer, Decision):
            self.village.entries.append(self._entry(attempt, answer, None, None))
        return answer

    def _entry(self, attempt: Attempt, decision: Decision, matter: str | None, mseq: int | None) -> Entry:
        number = len(self.village.entries) + 1
        return Entry(
            log=LOG, seq=number, place=self.village.code, pseq=number, matter=matter, mseq=mseq,
            type=decision.type, action=decision.action, from_=decision.from_, to=decision.to or None,
            actor=attempt.actor, office=decision.office, acted_on=attempt.acted_on.isoformat(),
            recorded_at=f"{attempt.recorded_on.isoformat()}T01:00:00.000000Z", facts=dict(attempt.facts.open),
            computed=decision.computed_data(), rules=RULES, private=dict.fromkeys(attempt.facts.private, ""),
            documents=[{"digest": one, "size": 1, "kind": kind} for kind, many in attempt.facts.documents.items() for one in many],
            key=f"case-{number}",
        )  # fmt: skip
