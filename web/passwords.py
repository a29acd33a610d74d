"""Passwords: argon2id, two at a time, so that a crowd at the login takes neither memory nor pages."""

import asyncio
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

Outcome = TypeVar("Outcome")

LEAST, MOST = 8, 128
_COMMON = frozenset(
    """
    password passw0rd 12345678 123456789 1234567890 87654321 qwertyui qwertyuiop 1qaz2wsx 1q2w3e4r
    q1w2e3r4 abcd1234 a1234567 a12345678 aa123456 aaa12345 woaini1314 5201314520 admin123 admin888
    administrator iloveyou 11223344 88888888 66666666 password1 password123 zxcvbnm1 asdfghjk 147258369
    123123123 cunyi123 cunyi2026
    """.split()  # noqa: SIM905 - forty words read better so
)
_DISTINCT, _NAMED = 4, 3


def weakness(password: str, name: str) -> str:
    """What is wrong with a new password, as a sentence for its owner; empty when nothing is."""
    plain = _normal(password)
    if len(plain) < LEAST:
        return f"密码至少要 {LEAST} 位"
    if len(plain) > MOST:
        return f"密码最多 {MOST} 位"
    folded = plain.casefold()
    if (
        folded in _COMMON
        or len(set(folded)) < _DISTINCT
        or folded in "01234567890123456789"
        or folded in "98765432109876543210"
    ):
        return "这个密码太容易猜到，请换一个"
    if len(name) >= _NAMED and name.casefold() in folded:
        return "密码里不要带登录名"
    return ""


class Passwords:
    """Hashes and checks: argon2id with 19 MiB, two passes, one lane; about 25 a second on two cores."""

    def __init__(self) -> None:
        self._hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
        self._pool = ThreadPoolExecutor(max_workers=2, thread_name_prefix="password")
        self._nobody = self._hasher.hash("nobody has this password")

    def hash_now(self, password: str) -> str:
        """The stored form, computed in the caller's thread (command line, demo)."""
        return self._hasher.hash(_normal(password))

    def check_now(self, stored: str | None, password: str) -> bool:
        """Whether the password is the one stored. Nobody's (None) takes as long and is always wrong."""
        try:
            self._hasher.verify(stored or self._nobody, _normal(password))
        except (VerificationError, InvalidHashError):
            return False
        return stored is not None

    async def run(self, work: Callable[..., Outcome], *given: object) -> Outcome:
        """Do something that hashes or checks, in one of the two threads kept for it."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)


def _normal(password: str) -> str:
    # An input method may be left in full-width mode; what looks the same to a person must be the same.
    return unicodedata.normalize("NFKC", password)
