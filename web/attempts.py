"""Failed logins slow down the next one, of the account and of the address; nobody is locked out for good."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import Connection, delete, insert, select, update
from sqlmodel import SQLModel

from web.store import digest, login_name, stamp
from web.tables import LoginFailures

FAILURES = SQLModel.metadata.tables[LoginFailures.__tablename__]

FREE: Final = 5
LONGEST_WAIT: Final = timedelta(minutes=15)
ADDRESS_FREE: Final = 50
ADDRESS_WINDOW: Final = timedelta(minutes=15)
FORGOTTEN: Final = timedelta(days=1)


def by_name(name: str) -> str:
    """The subject of attempts on one login name, existing or not."""
    return digest(f"name:{login_name(name)}")


def by_address(address: str) -> str:
    """The subject of attempts from one network address; a village shares one."""
    return digest(f"address:{address}")


def wait(conn: Connection, name: str, address: str, now: datetime) -> int:
    """How many seconds the next attempt has to wait; 0 when it may be looked at."""
    longest = max(_account_wait(conn, by_name(name), now), _address_wait(conn, by_address(address), now))
    return int(longest.total_seconds()) + 1 if longest > timedelta(0) else 0


def failed(conn: Connection, name: str, address: str, now: datetime) -> None:
    """Count a wrong attempt against the name, existing or not, and the address."""
    old = (FAILURES.c.subject == by_address(address)) & (FAILURES.c.first_at < stamp(now - ADDRESS_WINDOW))
    conn.execute(delete(FAILURES).where(old | (FAILURES.c.last_at < stamp(now - FORGOTTEN))))
    for subject in (by_name(name), by_address(address)):
        _count(conn, subject, now)


def succeeded(conn: Connection, name: str) -> None:
    """Forget the failures of a name whose owner has shown who they are; those of the address stay."""
    conn.execute(delete(FAILURES).where(FAILURES.c.subject == by_name(name)))


def _count(conn: Connection, subject: str, now: datetime) -> None:
    same = FAILURES.c.subject == subject
    again = update(FAILURES).where(same).values(failures=FAILURES.c.failures + 1, last_at=stamp(now))
    if conn.execute(again).rowcount == 0:
        conn.execute(
            insert(FAILURES).values(subject=subject, failures=1, first_at=stamp(now), last_at=stamp(now))
        )


def _account_wait(conn: Connection, subject: str, now: datetime) -> timedelta:
    row = conn.execute(select(FAILURES).where(FAILURES.c.subject == subject)).mappings().first()
    if row is None or row["failures"] < FREE:
        return timedelta(0)
    doubled = timedelta(seconds=2 ** min(row["failures"] - FREE, 20))
    return datetime.fromisoformat(row["last_at"]) + min(doubled, LONGEST_WAIT) - now


def _address_wait(conn: Connection, subject: str, now: datetime) -> timedelta:
    row = conn.execute(select(FAILURES).where(FAILURES.c.subject == subject)).mappings().first()
    if row is None or row["failures"] < ADDRESS_FREE:
        return timedelta(0)
    return datetime.fromisoformat(row["first_at"]) + ADDRESS_WINDOW - now
