"""Shares of a body, exact and spelled one way: `>= 2/3 of body_all`, `> 1/2 of present`.

以上 includes the number, 过半数 and 超过 do not (民法典 art. 1259, CNT-01): `>=` and `>`.
Integers only, never a float.
"""

import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Self

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

Op = Literal[">=", ">"]

BASES: dict[str, str] = {
    "present": "到会人员",
    "due": "应到会人员",
    "body_all": "组成人员",
    "women_reps": "妇女代表",
    "reps_all": "全体代表",
    "villagers_18plus": "本村十八周岁以上村民",
    "households": "本村总户数",
    "group_18plus": "本组十八周岁以上村民",
    "group_households": "本组总户数",
    "households_represented": "到会代表所代表户数",
    "voting_members": "有表决权的党员",
    "members_capable": "具有完全民事行为能力的全体成员",
    "directors_all": "全体理事",
    "registered_voters": "登记参加选举的村民",
    "ballots_cast": "参加投票的村民",
}

_SPELLED = re.compile(r"(>=|>) ([1-9][0-9]{0,3})/([1-9][0-9]{0,3}) of ([a-z0-9_]+)")
_PATTERN = r"^(>=|>) [1-9][0-9]{0,3}/[1-9][0-9]{0,3} of (" + "|".join(BASES) + r")$"
_MOST = 9999
_MOST_ALTERNATIVES = 4
_DIGITS = "零一二三四五六七八九"
_HOW = "请写成 >= 2/3 of body_all（三分之二以上）或 > 1/2 of present（过半数）"


def _chinese(number: int) -> str:
    """Spell 1 to 9999 as the statutes do: 15 is 十五, 110 is 一百一十."""
    words = ""
    gap = False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if digit:
            words += ("零" if gap and words else "") + _DIGITS[digit] + name
        gap = not digit
    return words.removeprefix("一") if 10 <= number < 20 else words  # noqa: PLR2004 (十五, not 一十五)


@dataclass(frozen=True, slots=True)
class Share:
    """One fraction of one base. `ValueError` (Chinese) where it could never, or would always, be met."""

    op: Op
    numerator: int
    denominator: int
    base: str

    def __post_init__(self) -> None:
        if self.op not in (">=", ">"):
            raise ValueError(f"比较符号只能是 >= 或 >，不能是 {self.op}")
        if self.base not in BASES:
            near = difflib.get_close_matches(self.base, BASES, n=1)
            guess = f"，是否指 {near[0]}？" if near else "；可用：" + "、".join(BASES)
            raise ValueError(f"没有 {self.base} 这个计算基数{guess}")
        if not 1 <= self.numerator <= self.denominator <= _MOST:
            raise ValueError(f"{self.numerator}/{self.denominator} 应大于零、不大于一，各不超过四位数")
        if self.op == ">" and self.numerator == self.denominator:
            raise ValueError(f"{self} 永远达不到，要求全部同意请写 >= 1/1 of {self.base}")

    def __str__(self) -> str:
        return f"{self.op} {self.numerator}/{self.denominator} of {self.base}"

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read the one spelling; anything else raises `ValueError` with a Chinese sentence."""
        found = _SPELLED.fullmatch(text)
        if found is None:
            if "%" in text or re.search(r"[0-9]\.[0-9]", text):
                raise ValueError(f"{text!r} 不能用百分数或小数，小数会四舍五入；{_HOW}")
            raise ValueError(f"{text!r} 看不懂；{_HOW}")
        op, numerator, denominator, base = found.groups()
        return cls(">=" if op == ">=" else ">", int(numerator), int(denominator), base)

    def met(self, count: int, total: int) -> bool:
        """Whether `count` out of `total` people (or households) meets it. An empty base is never met."""
        left, right = count * self.denominator, total * self.numerator
        return total > 0 and (left >= right if self.op == ">=" else left > right)

    def least(self, total: int) -> int | None:
        """Return the least count that meets it, None where `total` is 0."""
        if total <= 0:
            return None
        if self.op == ">=":
            return -(-total * self.numerator // self.denominator)
        return total * self.numerator // self.denominator + 1

    def arithmetic(self, count: int, total: int) -> str:
        """Show the comparison as it can be done by hand: `31×3=93 ≥ 45×2=90`, `15×2=30 ≤ 30`."""
        left, right = count * self.denominator, total * self.numerator
        sign = ("<≥"[left >= right]) if self.op == ">=" else ("≤>"[left > right])
        return f"{_product(count, self.denominator)} {sign} {_product(total, self.numerator)}"

    def words(self) -> str:
        """Say it as the statutes do: 组成人员的三分之二以上, 到会人员的过半数."""
        term = BASES[self.base]
        if self.numerator == self.denominator:
            return f"{term}的全部"
        if self.numerator * 2 == self.denominator:
            return f"{term}的半数以上" if self.op == ">=" else f"{term}的过半数"
        parts = _chinese(self.denominator)
        if self.denominator in (100, 1000):
            parts = parts.removeprefix("一")
        fraction = f"{parts}分之{_chinese(self.numerator)}"
        return f"{term}的{fraction}以上" if self.op == ">=" else f"超过{term}的{fraction}"


def _product(number: int, factor: int) -> str:
    return f"{number}×{factor}={number * factor}" if factor != 1 else str(number)


@dataclass(frozen=True, slots=True)
class ShareRule:
    """One share, or `any_of` several: met when one of them is. A field type of pydantic models."""

    shares: tuple[Share, ...]

    def __post_init__(self) -> None:
        if not self.shares:
            raise ValueError(f"any_of 至少要写一项；{_HOW}")
        if len(self.shares) > _MOST_ALTERNATIVES:
            raise ValueError(f"any_of 最多写{_chinese(_MOST_ALTERNATIVES)}项")
        if len(set(self.shares)) < len(self.shares):
            raise ValueError("any_of 里有重复的份额")

    @classmethod
    def parse(cls, value: object) -> Self:
        """Read a spelled share, `{"any_of": [...]}` or a rule itself; `ValueError` (Chinese) otherwise."""
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls((Share.parse(value),))
        if isinstance(value, Mapping) and set(value) == {"any_of"}:
            each = value["any_of"]
            if isinstance(each, list | tuple) and all(isinstance(item, str) for item in each):
                return cls(tuple(Share.parse(item) for item in each))
        raise ValueError(f"{value!r} 看不懂；{_HOW}，或 any_of 后面列出几项，达到一项即可")

    def __str__(self) -> str:
        return " / ".join(str(share) for share in self.shares)

    def plain(self) -> str | dict[str, list[str]]:
        """Return it as YAML and JSON spell it."""
        if len(self.shares) == 1:
            return str(self.shares[0])
        return {"any_of": [str(share) for share in self.shares]}

    @property
    def bases(self) -> frozenset[str]:
        """The bases its shares name."""
        return frozenset(share.base for share in self.shares)

    def _given(self, bases: Mapping[str, int]) -> tuple[tuple[Share, int], ...]:
        """Pair each share with its total; `KeyError` where none of the rule's bases is given."""
        given = tuple((share, bases[share.base]) for share in self.shares if share.base in bases)
        if not given:
            raise KeyError(f"none of {sorted(self.bases)} among {sorted(bases)}")
        return given

    def met(self, count: int, bases: Mapping[str, int]) -> bool:
        """Whether `count` meets one of the shares.

        Of `any_of`, only shares whose base is given are asked: who counts villagers gives no households, so
        that seven villagers are never taken for seven households.
        """
        return any(share.met(count, total) for share, total in self._given(bases))

    def least(self, bases: Mapping[str, int]) -> int | None:
        """Return the least count that meets it, None where every base given is empty."""
        counts = [share.least(total) for share, total in self._given(bases)]
        return min((count for count in counts if count is not None), default=None)

    def words(self) -> str:
        """Say it in Chinese; alternatives are joined by 或者."""
        return "，或者".join(share.words() for share in self.shares)

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            cls.parse,
            serialization=core_schema.plain_serializer_function_ser_schema(lambda rule: rule.plain()),
        )

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        share = {
            "type": "string",
            "pattern": _PATTERN,
            "examples": [">= 2/3 of body_all", "> 1/2 of present"],
        }
        several = {
            "type": "object",
            "properties": {
                "any_of": {
                    "type": "array",
                    "items": share,
                    "minItems": 1,
                    "maxItems": _MOST_ALTERNATIVES,
                    "uniqueItems": True,
                }
            },
            "required": ["any_of"],
            "additionalProperties": False,
        }
        return {"anyOf": [share, several], "title": "份额"}
