"""Something for every question of a form, of its type: as the standard lives answer it, or the plainest that can be."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from workflow.cases.texts import Life, Value
from workflow.cases.words import bare, field_named
from workflow.core.facts import FactValue, Field
from workflow.core.stage import Stage
from workflow.core.stages.calling import INVITING
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting
from workflow.core.words import yuan

TO_FILL = "请填写"
# How a meeting is usually counted, by field.
_COUNTED: Mapping[str, Value] = {
    "due": "在册", "present": "4/5", "women_present": "4/5", "in_favour": "9/10", "against": "其余", "abstain": 0,
    "method": "举手",
}  # fmt: skip
_PLAIN: Mapping[str, Value] = {"count": 5, "money": "10元", "flag": "是", "line": TO_FILL, "text": TO_FILL}
# Words of a question to which the plainest answer is none, or no.
_NONE = ("意见", "采纳", "异议", "无效", "没有", "不")
_INVITED = 20
AMOUNT = "amount_fen"


def samples(lives: Iterable[Life]) -> dict[str, Value]:
    """Return how each question is answered where the standard lives first answer it, by its title."""
    found: dict[str, Value] = {}
    for life in lives:
        for step in life.steps:
            for title, value in step.facts.items():
                found.setdefault(title, value)
    return found


@dataclass(frozen=True)
class Asked:
    """What a form is asked in: at which stage, what is meant to come of it, which body meets, what is known already.

    `given` are facts the answers must be; `known` is what `samples` found.
    """

    stage: Stage
    outcome: str
    body: str
    given: Mapping[str, FactValue]
    known: Mapping[str, Value]


def filled(form: tuple[Field, ...], asked: Asked) -> dict[str, Value]:
    """Return an answer for each question that must be answered, and for those of a vote; by title."""
    found: dict[str, Value] = {}
    for field in form:
        counted = isinstance(asked.stage, Meeting) and field.name.removeprefix("next_") in _COUNTED
        if field.required or counted or field.name in (*asked.given, AMOUNT):
            found[_called(field, form)] = _answer(field, asked)
    return found


def _called(field: Field, form: tuple[Field, ...]) -> str:
    """Return the shortest title by which the form knows the question."""
    names = (bare(field.title), field.title, field.name)
    return next(each for each in names if field_named(each, form) is field)


def _answer(field: Field, asked: Asked) -> Value:
    if field.name in asked.given:
        return _said(field, asked.given[field.name])
    if isinstance(asked.stage, Meeting):
        met = _met(field, asked.stage, asked.body)
        if met is not None:
            return met
    if isinstance(asked.stage, Posting) and field.name == "last_on":
        return f"满{asked.stage.days}天"
    sample = asked.known.get(bare(field.title))
    if field.choices:
        titles = {each.token: bare(each.title) for each in field.choices}
        if field.type == "choices":
            return tuple(titles.values())
        own = titles.get(asked.outcome)
        return own or (str(sample) if sample in titles.values() else next(iter(titles.values())))
    if field.type == "documents":
        return bare(field.title)
    if field.type == "person":
        return "书记"
    fits = {
        "count": isinstance(sample, int) or sample == "在册", "day": isinstance(sample, str),
        "flag": sample in ("是", "否"),
    }  # fmt: skip
    return sample if sample is not None and fits.get(field.type) else _plain(field)


def _met(field: Field, stage: Meeting, body: str) -> Value | None:
    """Answer what is asked of a meeting and its call; None for any other question."""
    if field.name == "meeting_on":
        return f"{max(stage.rules[body].notice_days, 1)}天后"
    if body == INVITING and field.name in ("invited", "due"):
        return _INVITED
    return _COUNTED.get(field.name.removeprefix("next_"))


def _plain(field: Field) -> Value:
    if field.type == "day":
        later = any(word in field.title for word in ("止", "到"))
        return "364天后" if later else "当天" if "起" in field.title else "10天后"
    if field.type == "count" and any(word in field.title for word in _NONE):
        return 0
    if field.type == "flag" and field.title.startswith(("有", "与")):
        return "否"
    return _PLAIN[field.type]


def _said(field: Field, value: FactValue) -> Value:
    if field.type == "money" and isinstance(value, int):
        return f"{yuan(value)}元"
    if field.type == "count" and isinstance(value, int):
        return value
    titles = {each.token: bare(each.title) for each in field.choices}
    return titles.get(str(value), str(value))
