"""How often one network address may do one thing; the counts are in the database, so every process sees them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil
from typing import Any, ClassVar, Final

from sqlalchemy import CheckConstraint, Connection, Index, Text, delete
from sqlmodel import Field, SQLModel

from web.store import digest, stamp
from workflow.store.database import run
from workflow.store.tables import WholeNumber, table


class RateRow(SQLModel, table=True):
    """What one address has done of one kind until `ends_at`; the address is kept as a digest, and no longer."""

    __tablename__: ClassVar[str] = "rate"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("done > 0", name="done_positive"), Index("rate_ends", "ends_at")
    )
    subject: str = Field(primary_key=True, sa_type=Text)
    done: int = Field(sa_type=WholeNumber)
    ends_at: str = Field(sa_type=Text)


RATE: Final = SQLModel.metadata.tables[RateRow.__tablename__]
# One statement, so that two processes at the same moment count two.
_COUNT: Final = (
    "INSERT INTO rate (subject, done, ends_at) VALUES (?, 1, ?) "
    "ON CONFLICT (subject) DO UPDATE SET done = rate.done + 1 RETURNING done, ends_at"
)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most `most` times in a `window` that begins with the first."""

    name: str
    most: int
    window: timedelta


OBJECTIONS: Final = Rate("objection", 5, timedelta(hours=1))
FOLLOWING: Final = Rate("following", 30, timedelta(hours=1))
PROOFS: Final = Rate("proof", 60, timedelta(hours=1))


def take(conn: Connection, rate: Rate, address: str, now: datetime) -> int:
    """Count one more; returns 0, or the seconds to wait when it is one too many.

    Takes a writing connection. Windows that have ended are swept out.
    """
    conn.execute(delete(RATE).where(RATE.c.ends_at <= stamp(now)))
    subject, ends_at = digest(f"{rate.name}:{address}"), stamp(now + rate.window)
    done, ends_at = run(conn, _COUNT, (subject, ends_at)).fetchone()
    return 0 if done <= rate.most else ceil((datetime.fromisoformat(ends_at) - now).total_seconds())


def wait_words(seconds: int) -> str:
    """Say how long to wait: 40 秒, 12 分钟."""
    return f"{seconds} 秒" if seconds < 120 else f"{-(-seconds // 60)} 分钟"  # noqa: PLR2004 - two minutes
