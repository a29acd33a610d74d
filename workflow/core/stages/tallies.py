"""What ballots and scores share: exact marks, bands with their consequence, shares asked, corrections that overturn."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Annotated, Any, TypeVar

from pydantic import Field as YamlField
from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, StringConstraints
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from workflow.core.attempt import Numbers, Requirement, Weight
from workflow.core.facts import FactValue
from workflow.core.matter import VOID, Act, Matter, replay
from workflow.core.shares import ShareRule
from workflow.core.stage import CONFIRMING, UNCONFIRMED, Ask, Fault, Id, Stage, Title, Yaml
from workflow.core.statutes import StatuteValue

T = TypeVar("T")
REOPENED = "reopened"
# Outcomes the engine itself gives; a band of that name would be taken for one of them.
_RESERVED = frozenset(
    {UNCONFIRMED, CONFIRMING, VOID, REOPENED, "confirmed", "declined", "changed", "unchanged"}
)
_SPELLED = re.compile(r"(0|[1-9][0-9]{0,5})(?:/([1-9][0-9]{0,3}))?")
_HOW = "请写整数（60）或分数（121/2）"
# The usual names of bands, said alike wherever an outcome is said.
USUAL_BANDS: Mapping[str, str] = {
    "excellent": "优秀",
    "good": "良好",
    "competent": "称职",
    "basically_competent": "基本称职",
    "incompetent": "不称职",
    "qualified": "合格",
    "basically_qualified": "基本合格",
    "unqualified": "不合格",
    "satisfied": "满意",
    "basically_satisfied": "基本满意",
    "dissatisfied": "不满意",
    "five_star": "五星",
    "four_star": "四星",
    "three_star": "三星",
    "no_star": "未评星",
    "trusted": "守信",
    "distrusted": "失信",
    "approved": "多数赞成",
    "not_approved": "赞成的不够",
}


class _Mark:
    """A number of points in YAML: a whole number or a fraction spelled `121/2`; never a float."""

    @classmethod
    def parse(cls, value: object) -> Fraction:
        """Read the spelling; anything else raises `ValueError` with a Chinese sentence."""
        if isinstance(value, Fraction):
            return value
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        found = _SPELLED.fullmatch(value) if isinstance(value, str) else None
        if found is None:
            raise ValueError(f"{value!r} 不是分数线；{_HOW}，不能用小数和百分数")
        return Fraction(int(found[1]), int(found[2] or 1))

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(cls.parse)

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        whole = {"type": "integer", "minimum": 0, "maximum": 999_999}
        return {"anyOf": [whole, {"type": "string", "pattern": f"^{_SPELLED.pattern}$"}], "title": "分数"}


Mark = Annotated[Fraction, _Mark, PlainSerializer(str)]
Target = Annotated[str, StringConstraints(pattern=r"^(\.|[a-z][a-z0-9_]{0,39})$")]


class Band(Yaml):
    """One result a count or a total may come to: its name, where it leads, and what follows for whom, in words."""

    id: Id = YamlField(title="档次代号")
    title: Title = YamlField(title="档次名称")
    leads: Target | None = YamlField(default=None, title="这一档到（不写就是“通过后到”）")
    consequence: Annotated[str, StringConstraints(max_length=200)] = YamlField(default="", title="结果怎么用")

    def computed(self) -> Numbers:
        """Return what the record says of the band."""
        used: Numbers = {"consequence": self.consequence} if self.consequence else {}
        return {"band": self.id, "band_title": self.title, **used}


def band_leads(bands: Iterable[Band], then: str) -> Mapping[str, str]:
    """Return where each band leads."""
    return {band.id: band.leads or then for band in bands}


def band_faults(bands: Sequence[Band], taken: Iterable[str]) -> Iterator[Fault]:
    """Yield what the bands' names may not be: used twice, an outcome of the stage itself, a usual name misused."""
    seen: set[str] = set()
    reserved = _RESERVED | set(taken)
    for index, band in enumerate(bands):
        usual = USUAL_BANDS.get(band.id, band.title)
        if band.id in seen:
            yield Fault(("bands", index, "id"), f"档次代号“{band.id}”用了两次")
        elif band.id in reserved:
            yield Fault(("bands", index, "id"), f"“{band.id}”是软件自己用的，不能作档次代号", "换一个代号")
        elif band.title != usual:
            yield Fault(
                ("bands", index, "title"), f"代号“{band.id}”的档次叫“{usual}”，这里写的是“{band.title}”",
                "改名称，或换一个代号",
            )  # fmt: skip
        seen.add(band.id)


def twice(ids: Iterable[str], field: str, words: str) -> Iterator[Fault]:
    """Yield a fault for each id of a list that was used before."""
    seen: set[str] = set()
    for index, each in enumerate(ids):
        if each in seen:
            yield Fault((field, index, "id"), f"{words}“{each}”用了两次", "每一项的代号各不相同")
        seen.add(each)


def ask_share(
    check: str,
    rule: ShareRule | None,
    law: tuple[StatuteValue, ...],
    count: int,
    bases: Mapping[str, int],
    stage: Stage,
    *,
    weight: Weight = "decides",
    more: Mapping[str, FactValue] | None = None,
) -> list[Requirement]:
    """Ask the stage's own rule and every statute's of one count; alternatives without a base are left aside.

    The same rule is asked once, with its articles. A statute of which no base was counted asks nothing.
    """
    rules: dict[ShareRule, tuple[str, ...]] = {rule: stage.basis} if rule is not None else {}
    for value in law:
        if isinstance(value.value, ShareRule):
            own = rules.get(value.value, ())
            rules[value.value] = (*(own if own is not stage.basis else ()), value.words())
    asked = []
    for each, basis in rules.items():
        shares = [share for share in each.shares if share.base in bases]
        if not shares:
            continue
        met = [share for share in shares if share.met(count, bases[share.base])]
        shown = (met or shares)[0]
        total = bases[shown.base]
        numbers: Numbers = {
            **(more or {}), "count": count, "total": total, "base": shown.base, "rule": str(each),
            "least": shown.least(total) or 0,
        }  # fmt: skip
        asked.append(Requirement(check, bool(met), numbers, basis, weight))
    return asked


def whole_number(facts: Mapping[str, FactValue], name: str) -> int:
    """Return a counted fact, 0 where the form left it out."""
    value = facts.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0


def _ahead(ask: Ask) -> Matter | None:
    """Return the matter as it stands today where the act asked about is an earlier one, being corrected."""
    newest = ask.matter.entries[-1].mseq if ask.matter.entries else None
    return None if newest in (None, ask.matter.mseq) else replay(ask.matter.entries)


def others(ask: Ask) -> tuple[Act, ...]:
    """Return every standing act of the matter but the one asked about, those after it too when it is corrected."""
    whole = _ahead(ask)
    if whole is None:
        return ask.matter.standing()
    return tuple(act for act in whole.standing() if act.mseq != ask.matter.mseq + 1)


def revised(ask: Ask, outcome: str, concluded: Callable[[Matter], T]) -> str:
    """Return the act's outcome, or another where correcting it changes what later acts of the stage concluded from it.

    A score or a count has the same outcome whatever its number, so that its own outcome cannot tell. Where it does
    change a conclusion its outcome becomes `reopened` (and back, the next time): the matter returns to the stage and
    the later acts lose their basis (design §4). Both outcomes must lead to the same state.
    """
    whole = _ahead(ask)
    corrected = next((act for act in whole.acts if act.mseq == ask.matter.mseq + 1), None) if whole else None
    if whole is None or corrected is None or corrected.outcome not in (outcome, REOPENED):
        return outcome
    fixed = replace(corrected, facts=ask.facts.open)
    acts = tuple(fixed if act is corrected else act for act in whole.acts if act is not whole.pending)
    if concluded(whole) == concluded(replace(whole, acts=acts, pending=None)):
        return corrected.outcome
    return outcome if corrected.outcome == REOPENED else REOPENED
