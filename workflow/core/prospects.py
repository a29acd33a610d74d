"""What may be done next on a matter, by whom and from which day: read by the pages, the API and the projection."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from workflow.core.attempt import Attempt
from workflow.core.decide import CONFIRM_FIELDS, CONFIRMS, DECLINE_FIELDS, Law, ask_of
from workflow.core.facts import Field
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.place import OFFICES, Place
from workflow.core.stage import Action, Ask, Window
from workflow.core.standing import STANDING


@dataclass(frozen=True, slots=True)
class Prospect:
    """One open action: its words, who may do it, its form, and its legal first and last day."""

    action: str
    title: str
    offices: frozenset[str]
    fields: tuple[Field, ...]
    window: Window
    standing: bool

    def offices_words(self) -> str:
        """Name the offices in Chinese."""
        return "、".join(words for token, words in OFFICES.items() if token in self.offices)


def prospects(
    compiled: Compiled, law: Law, matter: Matter, place: Place, today: datetime.date
) -> tuple[Prospect, ...]:
    """Return every action open now; the stage's own come first, in their order, corrections excepted."""
    ask = ask_of(compiled, law, matter, place, Attempt("", "", today, today))
    found = [
        Prospect(each.id, each.title, each.offices, each.fields, window_of(each, ask), standing=False)
        for each in of_stage(compiled, matter)
    ]
    if matter.pending is not None:
        offices = frozenset(compiled.procedure.settings.second_office)
        forms = zip(
            CONFIRMS, ("复核确认", "不予确认，退回重新登记"), (CONFIRM_FIELDS, DECLINE_FIELDS), strict=True
        )
        found += [Prospect(id_, title, offices, form, Window(), standing=False) for id_, title, form in forms]
    found += [
        Prospect(each.id, each.title, each.offices, each.fields, window_of(each, ask), standing=True)
        for each in at_any_time(compiled, matter)
    ]
    return tuple(found)


def of_stage(compiled: Compiled, matter: Matter) -> Iterator[Action]:
    """The open actions of the stage a matter is at, in their order; not those that are done while others are waited for."""
    open_ = compiled.open(matter.at)
    return (
        each
        for each in compiled.actions.get(stage_of(matter.at), {}).values()
        if each.id in open_ and not (each.spent and each.spent(matter))
    )


def at_any_time(compiled: Compiled, matter: Matter) -> Iterator[Action]:
    """The open actions that belong to no stage: objections, opinions, withdrawal."""
    open_ = compiled.open(matter.at)
    return (each for each in STANDING.values() if each.id in open_)


def window_of(action: Action, ask: Ask) -> Window:
    """The legal first and last day of an action."""
    return action.window(ask) if action.window else Window()
