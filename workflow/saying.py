"""Words for the tokens, numbers and conditions of a procedure text, as its pages and drawings say them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pydantic import BaseModel

from workflow.core import kinds
from workflow.core.catalogue import TIERS, Catalogue
from workflow.core.conditions import Condition
from workflow.core.stage import PHASES
from workflow.core.words import yuan

LEVELS: Final[Mapping[str, str]] = {
    "national": "国家文本", "province": "省级文本", "county": "县级文本", "village": "村级文本",
}  # fmt: skip
DECIDES: Final[Mapping[str, str]] = {
    "villagers": "村民会议或村民代表会议", "collective": "村集体经济组织成员", "group": "村民小组会议",
    "party": "村党组织", "none": "不须会议决定",
}  # fmt: skip
TOKENS: Final[Mapping[str, Mapping[str, str]]] = {
    "layer": LEVELS,
    "phase": PHASES,
    "kind": kinds.KINDS,
    "decides": DECIDES,
    "day_count": {
        "civil_code": "当天不算，最后一天逢休息日顺延（民法典）",
        "inclusive": "当天算，最后一天逢休息日顺延",
    },
    "tier": TIERS,
    **kinds.TOKENS,
}


# A procedure may speak of a kind that only another county's list has.
NOT_LISTED: Final = "本地清单里没有的事项"


def catalogue_words(catalogue: Catalogue) -> Mapping[str, str]:
    """Return the titles of a catalogue's kinds by id, of their questions by `?id`, of the answers by `?id=answer`."""
    found = {kind.id: kind.title for kind in catalogue.kinds}
    for question in (each for kind in catalogue.kinds for each in kind.asks):
        found.setdefault(f"?{question.id}", question.title)
        for answer in question.answers:
            found.setdefault(f"?{question.id}={answer.id}", answer.title)
    return found


def _answered(question: str, answers: Sequence[str], kinds: Mapping[str, str]) -> str:
    said = "或".join(kinds.get(f"?{question}={each}", each) for each in answers)
    return f"“{kinds.get(f'?{question}', question)}”答的是“{said}”"


def number_words(title: str, value: int) -> str:
    """Put a number into its field's title: 提前几天通知 and 5 make 提前 5 天通知; money is given in fen."""
    if "多少钱" in title:
        return title.replace("多少钱", f" {yuan(value)} 元").replace("（分）", "").strip()
    if "几" in title:
        return title.replace("几", f" {value} ").strip()
    return f"{title}：{value} 天" if title.endswith("天数") else f"{title}：{value}"


def condition_words(condition: Condition, kinds: Mapping[str, str]) -> str:
    """Say when a stage is needed: 事项层级是重大事项，并且金额不少于 5000 元. `kinds` are `catalogue_words`."""
    titles = {**TOKENS, "kind": kinds}
    said = []
    for name, about in type(condition).model_fields.items():
        value: Any = getattr(condition, name)
        if value is None:
            continue
        title = (about.title or name).replace("（分）", "")
        if isinstance(value, BaseModel):
            bounds = ((each.title, getattr(value, bound)) for bound, each in type(value).model_fields.items())
            said += [f"{title}{words} {yuan(number)} 元" for words, number in bounds if number is not None]
        elif name == "answers":
            said += [
                _answered(asked, (each,) if isinstance(each, str) else each, kinds)
                for asked, each in value.items()
            ]
        elif name == "any_of":
            said.append("或者".join(condition_words(each, kinds) for each in value))
        else:
            tokens = (value,) if isinstance(value, str) else value
            words = [
                titles.get(name, {}).get(each, NOT_LISTED if name == "kind" and kinds else each)
                for each in tokens
            ]
            said.append(f"{title}是" + "或".join(dict.fromkeys(words)))
    return "，并且".join(said)
