"""Finds identity, phone and bank numbers in a text before it is public (trust.md §3.6; 个人信息保护法 arts. 10, 25, 28)."""

import re
import unicodedata
from dataclasses import dataclass

_GAP = "[\\s\u00b7\u2010-\u2015\u200b-\u200f\u2060\ufeff_.\uff0e-]*"
_RUN = re.compile(f"(?:[0-9]{_GAP}){{10,24}}[0-9Xx]")
_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CARD_LENGTHS = range(16, 20)
_CARD_BEGINNINGS = ("62", "60", "4", "5", "9558")
_ID_CHECKS = "10X98765432"
_MOBILE = re.compile(r"(?:86)?1[3-9][0-9]{9}")
_DAY = re.compile(r"(?:19|20)?[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])")


@dataclass(frozen=True, slots=True)
class Personal:
    """One number that may not be public: what it is and where it stands (character positions)."""

    what: str
    start: int
    end: int


def _is_identity(digits: str) -> bool:
    if len(digits) == 15:  # noqa: PLR2004 (the number of the cards issued before 1999)
        return digits.isdigit() and _DAY.fullmatch(digits[6:12]) is not None
    if len(digits) != 18 or not digits[:17].isdigit():  # noqa: PLR2004 (GB 11643: 17 digits and a check character)
        return False
    total = sum(int(digit) * weight for digit, weight in zip(digits[:17], _ID_WEIGHTS, strict=True))
    return _DAY.fullmatch(digits[6:14]) is not None and _ID_CHECKS[total % 11] == digits[17].upper()


def _is_card(digits: str) -> bool:
    if not digits.isdigit() or len(digits) not in _CARD_LENGTHS or not digits.startswith(_CARD_BEGINNINGS):
        return False
    total = 0
    for index, digit in enumerate(reversed(digits)):
        doubled = int(digit) * (2 if index % 2 else 1)
        total += sum(divmod(doubled, 10))
    return total % 10 == 0


def _kind(digits: str) -> str | None:
    if _is_identity(digits):
        return "身份证号"
    if _MOBILE.fullmatch(digits):
        return "手机号"
    if _is_card(digits):
        return "银行卡号"
    return None


def _chunks(folded: str, start: int, end: int) -> list[list[int]]:
    """Return the positions of the characters of each unbroken chunk of digits in a run."""
    chunks: list[list[int]] = []
    for index in range(start, end):
        if not folded[index].isdigit() and folded[index] not in "Xx":
            continue
        if chunks and chunks[-1][-1] == index - 1:
            chunks[-1].append(index)
        else:
            chunks.append([index])
    return chunks


def personal_numbers(text: str) -> tuple[Personal, ...]:
    """Return every identity, phone or bank number in a text, full-width, spaced and hyphenated ones included.

    A number is one chunk of digits or several neighbouring chunks; never a piece cut out of a longer chunk, such
    as a matter's number.
    """
    folded = "".join(unicodedata.normalize("NFKC", char)[:1] or " " for char in text)
    found: list[Personal] = []
    for run in _RUN.finditer(folded):
        chunks = _chunks(folded, run.start(), run.end())
        first = 0
        while first < len(chunks):
            for last in range(len(chunks), first, -1):
                places = [index for chunk in chunks[first:last] for index in chunk]
                what = _kind("".join(folded[index] for index in places))
                if what is not None:
                    found.append(Personal(what, places[0], places[-1] + 1))
                    first = last - 1
                    break
            first += 1
    return tuple(found)
