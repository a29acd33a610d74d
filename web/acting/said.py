"""What was recorded, as rows of words: each fact under the title of its question, each requirement with its sums."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from web.numerals import spoken_money
from web.pages import money, weekday
from workflow.core.attempt import Requirement
from workflow.core.correction import correction_fields
from workflow.core.decide import CONFIRM_FIELDS, DECLINE_FIELDS, LATE_REASON
from workflow.core.entry import Entry
from workflow.core.facts import Field
from workflow.core.machine import Compiled
from workflow.core.matter import Matter, stage_of
from workflow.core.standing import STANDING
from workflow.core.words import CHECKS, Words, in_words
from workflow.forms import CONFIRMS

Names = Callable[[str], str]
ERASED = "（已依法删除）"
OWN_TITLES: Mapping[str, str] = {
    "confirm": "复核确认",
    "decline": "不予确认，退回重新登记",
    "correct": "更正",
}


# The words of the other checks say what is wrong; once met they would read as a reproach.
PLAIN_WHEN_MET = frozenset({
    "count.due", "count.votes", "meeting.quorum", "meeting.women_quorum", "meeting.approval", "meeting.notice",
    "meeting.day_as_called", "meeting.total_days", "motion.support", "posting.last_day", "posting.boards", "posting.run",
    "posting.after_acceptance", "objection.reply_in_time", "work.quotes", "work.amount", "work.contract_amount",
    "work.acceptance_people", "work.acceptance_committee", "work.acceptance_supervisors",
})  # fmt: skip


class Row(NamedTuple):
    """One answer under its question."""

    title: str
    value: str


class Paper(NamedTuple):
    """One attached file: the question it answered, its digest, the name it was uploaded under, its size in bytes."""

    title: str
    digest: str
    name: str
    size: int


class Asked(NamedTuple):
    """One requirement in words; `weight` says what an unmet one does: refuses, decides, or warns."""

    words: Words
    weight: str


def asked(requirements: Iterable[Requirement]) -> list[Asked]:
    """The requirements in words, in the order asked: every unmet one, and the met ones whose words show a sum."""
    return [
        Asked(in_words(replace(each, basis=tuple(dict.fromkeys(each.basis)))), each.weight)
        for each in requirements
        if not each.met or each.check in PLAIN_WHEN_MET
    ]


def asked_of(entry: Entry) -> list[Asked]:
    """The requirements an entry was decided by; checks of a newer version, which have no words here, are left out."""
    found = entry.computed.get("requirements")
    kept = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    return asked(
        Requirement(each["check"], each["met"], each["numbers"], tuple(each["basis"]), each["weight"])
        for each in kept
        if each["check"] in CHECKS
    )


def in_words_of(each: Field, value: object, names: Names = str) -> str:
    """One value as people say it."""
    titles = {choice.token: choice.title for choice in each.choices}
    if each.type == "money" and isinstance(value, int):
        return f"{money(value)}（{spoken_money(value)}）"
    if each.type == "flag":
        return "是" if value is True else "否"
    if each.type == "day":
        return weekday(str(value))
    if isinstance(value, list):
        return "、".join(titles.get(str(one), str(one)) for one in value)
    if each.type == "person":
        return names(str(value))
    return titles.get(str(value), str(value))


def fields_of(
    compiled: Compiled, matter: Matter, entry: Entry, asked_first: tuple[Field, ...] = ()
) -> tuple[Field, ...]:
    """The questions an entry of this matter answers; `asked_first` are those its kind asks when it is opened."""
    action = str(entry.action)
    if action == "confirm":
        return CONFIRM_FIELDS
    if action == "decline":
        return DECLINE_FIELDS
    if action == "correct":
        act = next((act for act in matter.acts if act.mseq == entry.facts.get("corrects")), None)
        known = compiled.actions.get(act.stage, {}).get(act.action) if act else None
        return (*correction_fields(known), LATE_REASON) if known else ()
    stage = str(entry.computed.get("stage") or stage_of(str(entry.from_ or entry.to)))
    found = compiled.action(stage, action)
    first = asked_first if entry.type == "opened" else ()
    return (*first, *found.fields, LATE_REASON) if found else ()


def title_of(compiled: Compiled, entry: Entry) -> str:
    """What an entry's act is called."""
    action = str(entry.action)
    stage = str(entry.computed.get("stage") or stage_of(str(entry.from_ or entry.to)))
    found = compiled.action(stage, action) or STANDING.get(action)
    return found.title if found else OWN_TITLES.get(action, action)


def rows(
    fields: Sequence[Field],
    entry: Entry,
    texts: Mapping[str, str],
    names: Names,
    hidden: frozenset[str] = frozenset(),
) -> list[Row]:
    """An entry's answers in the order of its form; texts that were erased say so, `hidden` ones are left out."""
    found = []
    for each in fields:
        if each.name in hidden or each.name == CONFIRMS.name:
            continue
        if each.private and each.name in entry.private:
            found.append(Row(_short(each.title), texts.get(each.name, ERASED)))
        elif each.name in entry.facts:
            found.append(Row(_short(each.title), in_words_of(each, entry.facts[each.name], names)))
    return found


def papers(fields: Sequence[Field], entry: Entry, names: Mapping[str, str]) -> list[Paper]:
    """An entry's files under the questions they answered; `names` are those kept, by digest."""
    titles = {each.name: each.title for each in fields}
    return [
        Paper(
            titles.get(str(one["kind"]), ""), str(one["digest"]), names.get(str(one["digest"]), ""), int(str(one["size"]))
        )
        for one in entry.documents
        if "digest" in one
    ]  # fmt: skip


def _short(title: str) -> str:
    return title.partition("（")[0]
