"""What a person probably meant who wrote a number, a day, a share or a name as people write it, not as a file wants it."""

import datetime
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

from workflow.core.shares import BASES, Share

_DIGITS: Final = {each: number for number, each in enumerate("零一二三四五六七八九")} | {"两": 2, "〇": 0}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000, "万": 10_000}
_NUMBER = re.compile(r"约?([0-9]+(?:,[0-9]{3})*|[零〇一二两三四五六七八九十百千万]+)(?:\.0+)?\s*(.{0,4})")
_UNIT = re.compile(r"个?(?:自然日|天|日|人|户|家|名|次|处|月|个月|年|小时|步)?(?:以上|以内|内|前)?")
_YUAN = re.compile(r"(万?)元(?:以上|以下)?")
_DAY = re.compile(r"([0-9]{4})[年/.\-]([0-9]{1,2})[月/.\-]([0-9]{1,2})日?")
_PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?%|百分之([零一二三四五六七八九十百]+)")
_FRACTION = re.compile(
    r"([0-9]{1,4})/([0-9]{1,4})|([零一二三四五六七八九十百]+)分之([零一二三四五六七八九十百]+)"
)
# What people make of two thirds and of one.
_THIRDS: Final[Mapping[tuple[int | None, str], int]] = {
    (66, ""): 2, (67, ""): 2, (66, "6"): 2, (66, "7"): 2, (66, "66"): 2, (66, "67"): 2, (33, ""): 1, (33, "3"): 1,
    (33, "33"): 1,
}  # fmt: skip
_MOST_LETTERS = 80
_USUAL_BASES: Final = {
    "quorum": "body_all", "approval": "present", "women_quorum": "women_reps",
    "villagers_share": "villagers_18plus", "reps_share": "reps_all",
}  # fmt: skip
_CALLED: Final = {
    "到会": "present", "出席": "present", "参会": "present", "应到": "due", "组成人员": "body_all",
    "妇女代表": "women_reps", "代表": "reps_all", "十八周岁": "villagers_18plus", "18周岁": "villagers_18plus",
    "户": "households", "党员": "voting_members", "参加投票": "ballots_cast", "全体成员": "members_capable",
    "理事": "directors_all", "村民": "villagers_18plus",
}  # fmt: skip


def whole_number(text: str, key: str = "") -> int | None:
    """Return the number of 15天, 十五日, １５, 3 人; under a key in fen also of 5000元 and 5万元. None otherwise."""
    found = _NUMBER.fullmatch(_plain(text))
    if found is None:
        return None
    number, unit = _integer(found[1]), found[2]
    yuan = _YUAN.fullmatch(unit)
    if number is None or (yuan is None and not _UNIT.fullmatch(unit)):
        return None
    if yuan is None:
        return None if key.endswith("_fen") and not found[1].isascii() else number
    return number * (10_000 if yuan[1] else 1) * 100 if key.endswith("_fen") else None


def day(text: str) -> str | None:
    """Return the ISO day of 2026年1月1日, 2026/1/1 or 2026.1.1; None for anything else."""
    found = _DAY.fullmatch(_plain(text))
    try:
        return datetime.date(*(int(each) for each in found.groups())).isoformat() if found else None
    except ValueError:
        return None


def share(text: str, key: str = "") -> str | None:
    """Return the one spelling of 三分之二以上, 过半数, 50%以上, 2/3 or `>=2/3 of body_all`; None where none is near.

    The base is the one the text names, or else the one usual under the key.
    """
    plain = _plain(text)
    part = _part(plain)
    if part is None or len(text) > _MOST_LETTERS:
        return None
    base = next((each for each in sorted(BASES, key=len, reverse=True) if each in plain), None)
    base = base or next((token for words, token in _CALLED.items() if words in plain), None)
    base = base or _USUAL_BASES.get(key, "body_all")
    more = "过半" in plain or "超过" in plain or "大于" in plain or (">" in plain and ">=" not in plain)
    try:
        return str(Share(">" if more and "≥" not in plain else ">=", *part, base))
    except ValueError:
        return None


def name(text: str) -> str | None:
    """Return an id made of what was written: Road-Works becomes road_works; None where nothing is left of it."""
    made = re.sub(r"[^a-z0-9]+", "_", _plain(text).lower()).strip("_")
    return made if re.fullmatch(r"[a-z][a-z0-9_]{0,39}", made) and made != text else None


def _plain(text: str) -> str:
    """Return the text with full-width letters and digits made plain, without blanks at its ends."""
    return unicodedata.normalize("NFKC", text[:_MOST_LETTERS]).strip()


def _part(plain: str) -> tuple[int, int] | None:
    percent, fraction = _PERCENT.search(plain), _FRACTION.search(plain)
    if percent is not None:
        whole = _integer(percent[1] or percent[3])
        rest = percent[2] or ""
        if (whole, rest) in _THIRDS:
            return _THIRDS[whole, rest], 3
        return _reduced(int(f"{whole}{rest}"), 100 * 10 ** len(rest)) if whole else None
    if fraction is not None:
        above, below = (fraction[1], fraction[2]) if fraction[1] else (fraction[4], fraction[3])
        parts = _integer(above), _integer(below)
        return (parts[0], parts[1]) if parts[0] and parts[1] else None
    if "半" in plain:
        return (1, 2)
    return (1, 1) if plain.startswith(("全体", "全部")) else None


def _reduced(above: int, below: int) -> tuple[int, int]:
    for divisor in (100, 50, 25, 20, 10, 5, 4, 2):
        if above % divisor == 0 and below % divisor == 0:
            return above // divisor, below // divisor
    return above, below


def _integer(word: str) -> int | None:
    """Return the number of digits or of Chinese numerals up to the ten thousands."""
    if word[:1].isdigit():
        return int(word.replace(",", ""))
    total = part = digit = 0
    for each in word:
        if each in _DIGITS:
            digit = _DIGITS[each]
        elif each == "万":
            total, part, digit = (total + part + digit) * _UNITS[each], 0, 0
        else:
            part, digit = part + (digit or 1) * _UNITS[each], 0
    return total + part + digit or None
