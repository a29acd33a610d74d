"""Every decision made again: the attempt as its leaf tells it, on the state of that moment, by the texts it names."""

import datetime
from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import Connection

from workflow.core import RULES
from workflow.core.attempt import Attempt, Decision, Refusal, Requirement
from workflow.core.days import civil_day
from workflow.core.decide import decide
from workflow.core.entry import Entry
from workflow.core.facts import Facts
from workflow.core.machine import Compiled
from workflow.core.matter import ENDS, Matter, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.place import OFFICES, Place
from workflow.core.place_acts import PlaceAction, decide_place, place_actions
from workflow.core.words import CHECKS, in_words
from workflow.installation import Installation
from workflow.verifying.course import FAULTS
from workflow.verifying.report import Finding, Found

UNKNOWN: Final = "（不明）"


def attempt_of(entry: Entry) -> Attempt:
    """The attempt an entry was: of its private texts only that they were given, which is all a decision asks."""
    documents: dict[str, tuple[str, ...]] = {}
    for each in entry.documents:
        kind = str(each["kind"])
        documents[kind] = (*documents.get(kind, ()), str(each.get("digest", "")))
    return Attempt(
        action=str(entry.action),
        actor=str(entry.actor),
        acted_on=datetime.date.fromisoformat(str(entry.acted_on)),
        recorded_on=civil_day(datetime.datetime.fromisoformat(entry.recorded_at)),
        facts=Facts(entry.facts, dict.fromkeys(entry.private, ""), documents),
        auth=entry.auth or "",
        deputy_for=entry.deputy_for,
    )


class Decisions:
    """Asks `decide` again for entry after entry and says where the answer differs from what is recorded."""

    def __init__(self, here: Installation, conn: Connection, found: Found) -> None:
        self._here: Final = here
        self._conn: Final = conn
        self._found: Final = found
        # Judges and offices of acts on a place's record are the same in every catalogue; only the forms differ.
        catalogue = here.library.catalogue(datetime.date.max)
        self._place_actions: Final[Mapping[str, PlaceAction]] = place_actions(catalogue)
        self.made = 0

    def again(self, entry: Entry, place: Place, matter: Matter | None) -> None:
        """Decide the entry again on `place` and `matter` as they stood before it."""
        try:
            compiled = self._here.compiled(self._conn, matter.procedure) if matter is not None else None
            decided = self._decided(entry, place, matter, compiled)
        except FAULTS as error:
            self._found.at("V503", f"登记的内容不全或不是表上的内容（{type(error).__name__}）", entry)
            return
        self.made += 1
        if matter is not None and entry.procedure != matter.procedure:
            self._found.at(
                "V501", f"依据的程序是 {entry.procedure}，这件事开始时是 {matter.procedure}", entry
            )
        if isinstance(decided, Refusal):
            self._refused(entry, matter, decided)
            return
        wrong = _differences(entry, decided, compiled)
        if wrong:
            code = "V504" if [*wrong] == ["entries"] else "V501"
            self._report(code, "；".join(wrong.values()), entry)

    def _decided(
        self, entry: Entry, place: Place, matter: Matter | None, compiled: Compiled | None
    ) -> Decision | Refusal:
        law = self._here.law_of(self._conn, entry)
        attempt = attempt_of(entry)
        if matter is None or compiled is None:
            return decide_place(self._place_actions, law, place, attempt)
        return decide(compiled, law, matter, place, attempt)

    def _refused(self, entry: Entry, matter: Matter | None, refusal: Refusal) -> None:
        if matter is not None and matter.closed and entry.action != "correct":
            self._report("V505", f"这件事{ENDS[matter.at]}，这一条却不是更正", entry)
            return
        self._report("V502", "；".join(map(_said, refusal.unmet)), entry)

    def _report(self, code: str, message: str, entry: Entry) -> None:
        if entry.rules == RULES:
            self._found.at(code, message, entry)
        else:
            words = f"登记时的规则是 {entry.rules}，本程序是 {RULES}：{message}"
            self._found.uncovered.append(Finding.at("V904", words, entry))


def _differences(entry: Entry, decided: Decision, compiled: Compiled | None) -> dict[str, str]:
    """What the entry records otherwise than was decided now, in words by field; empty if nothing."""
    wrong: dict[str, str] = {}
    again: Mapping[str, str | None] = {
        "type": decided.type, "from": decided.from_, "to": decided.to or None, "office": decided.office,
    }  # fmt: skip
    recorded = {"type": entry.type, "from": entry.from_, "to": entry.to, "office": entry.office}
    for name, value in again.items():
        if recorded[name] != value:
            was, is_ = _value(name, recorded[name], compiled), _value(name, value, compiled)
            wrong[name] = f"{_NAMES[name]}：登记为{was}，重算为{is_}"
    computed = decided.computed_data()
    if not (_plainly_same(entry.computed, computed) or _same(entry.computed, computed)):
        wrong |= _computed(entry.computed, computed, decided.requirements)
    return wrong


_NAMES: Final = {"type": "类别", "from": "从哪一步", "to": "到哪一步", "office": "职务"}


def _value(name: str, value: str | None, compiled: Compiled | None) -> str:
    if value is None:
        return "空"
    if name == "office":
        return OFFICES.get(value, value)
    if name in ("from", "to"):
        stage = compiled.procedure.by_id.get(stage_of(value)) if compiled else None
        title = stage.title if stage else ENDS.get(value)
        return f"“{title}”（{value}）" if title else value
    return value


def _computed(
    recorded: Mapping[str, Any], again: Mapping[str, Any], requirements: tuple[Requirement, ...]
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for name in [*again, *(each for each in recorded if each not in again)]:
        was, is_ = recorded.get(name), again.get(name)
        if name == "requirements" or (name in recorded and _same(was, is_)):
            continue
        if name == "outcome":
            wrong[name] = f"结果：登记为“{outcome_words(str(was))}”，重算为“{outcome_words(str(is_))}”"
        elif name == "entries":
            wrong[name] = f"办结时的条数：登记为 {was}，重算为 {is_}"
        else:
            wrong[name] = f"{name}：登记为 {was}，重算为 {is_}"
    listed = recorded.get("requirements")
    listed = listed if isinstance(listed, list) else []
    for index, each in enumerate(requirements):
        was = listed[index] if index < len(listed) else None
        if not _same(was, each.as_data()):
            wrong[f"requirement {index}"] = (
                f"{_said(each)}（{_verdict(met=each.met)}）；登记的是 {_told(was)}"
            )
    if len(listed) > len(requirements):
        wrong["more"] = f"多登记了 {len(listed) - len(requirements)} 项要求"
    return wrong or {"computed": "重算的内容写法不同"}


def _same(recorded: object, again: object) -> bool:
    """Whether two values have the same canonical bytes; Python would take true for 1."""
    if isinstance(recorded, dict) and isinstance(again, dict):
        return recorded.keys() == again.keys() and all(_same(recorded[name], again[name]) for name in again)
    if isinstance(recorded, list) and isinstance(again, list | tuple):
        return len(recorded) == len(again) and all(map(_same, recorded, again))
    return type(recorded) is type(again) and recorded == again


def _plainly_same(recorded: Mapping[str, Any], again: Mapping[str, Any]) -> bool:
    """`_same` for what is nearly always so and asked of every entry: equal, and true where true is expected."""
    if recorded != again:
        return False
    listed = zip(recorded["requirements"], again["requirements"], strict=True)
    return (
        list(map(type, recorded.values())) == [type(again[name]) for name in recorded]
        and all(
            was["met"] is is_["met"]
            and list(map(type, was["numbers"].values())) == [type(is_["numbers"][name]) for name in was["numbers"]]
            for was, is_ in listed
        )
    )  # fmt: skip


def _said(requirement: Requirement) -> str:
    if requirement.check not in CHECKS:
        return requirement.check
    words = in_words(requirement)
    return f"{words.found}，{words.required}"


def _verdict(*, met: object) -> str:
    return "满足" if met is True else "不满足"


def _told(recorded: object) -> str:
    if not isinstance(recorded, dict):
        return UNKNOWN
    numbers = recorded.get("numbers")
    told = (
        "，".join(f"{name} {value}" for name, value in numbers.items())
        if isinstance(numbers, dict)
        else UNKNOWN
    )
    return f"{told or recorded.get('check')}（{_verdict(met=recorded.get('met'))}）"
