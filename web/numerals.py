"""Numbers as people say them (一万二千) and as cheques spell them (壹万贰仟元整)."""

from collections.abc import Callable
from typing import Final

_SPOKEN: Final = ("零一二三四五六七八九", "十百千")
_CAPITAL: Final = ("零壹贰叁肆伍陆柒捌玖", "拾佰仟")
_GROUPS: Final = ("", "万", "亿", "万亿")
_FULL: Final = 1000
LARGEST: Final = 10**16 - 1


def spoken(number: int) -> str:
    """A whole number in Chinese words, as spoken: 12 is 十二, 12000 is 一万二千."""
    words = _words(number, *_SPOKEN)
    return words[1:] if words.startswith("一十") else words


def spoken_money(fen: int) -> str:
    """An amount in fen as spoken: 1200050 is 一万二千元五角, 5 is 五分."""
    return _money(fen, spoken, _SPOKEN[0], "元", "")


def capital_money(fen: int) -> str:
    """An amount in fen as cheques spell it (正确填写票据和结算凭证的基本规定): 1200000 is 壹万贰仟元整."""
    return _money(fen, lambda yuan: _words(yuan, *_CAPITAL), _CAPITAL[0], "元", "整")


def _money(fen: int, whole: Callable[[int], str], digits: str, unit: str, even: str) -> str:
    yuan, rest = divmod(fen, 100)
    jiao, cent = divmod(rest, 10)
    if not rest:
        return f"{whole(yuan)}{unit}{even}"
    text = f"{whole(yuan)}{unit}" if yuan else ""
    if jiao:
        text += f"{digits[jiao]}角"
    elif yuan:
        text += digits[0]
    return text + (f"{digits[cent]}分" if cent else even)


def _words(number: int, digits: str, units: str) -> str:
    if not 0 <= number <= LARGEST:
        raise ValueError("only numbers from 0 to 10^16 have words here")
    if number == 0:
        return digits[0]
    text, gap = "", False
    for place in range(3, -1, -1):
        group = number // 10 ** (4 * place) % 10_000
        if group == 0:
            gap = bool(text)
            continue
        if text and (gap or group < _FULL):
            text += digits[0]
        # 10^12 is 一万亿: the word 亿 follows once, after the lower of the two groups that carry it.
        name = "万" if place == len(_GROUPS) - 1 and number // 10**8 % 10_000 else _GROUPS[place]
        text += _group(group, digits, units) + name
        gap = False
    return text


def _group(number: int, digits: str, units: str) -> str:
    text, gap = "", False
    for place in range(3, -1, -1):
        digit = number // 10**place % 10
        if digit == 0:
            gap = bool(text)
            continue
        text += (digits[0] if gap else "") + digits[digit] + (units[place - 1] if place else "")
        gap = False
    return text
