"""The register's tables, and what every other table of the installation shares.

Further modules declare their own SQLModel tables the same way; `Database.create` makes whatever is imported.
SQLite tables are STRICT, which allows only INTEGER, TEXT, BLOB and REAL: use WholeNumber, Text, LargeBinary.
SQLModel does not validate table rows, so every bound is a CHECK.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import BigInteger, CheckConstraint, Index, Integer, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from workflow.core.entry import ENTRY_TYPES

NOT_AN_ACT: Final = "type <> 'act'"
"""Spelled the same in a query, it lets the query use the index of the entries other than acts."""

WholeNumber: Final = BigInteger().with_variant(Integer(), "sqlite")
"""Column type for counts and positions: 64 bits on both engines."""


def table(*constraints: Any, append_only: bool = False, **options: Any) -> tuple[Any, ...]:
    """`__table_args__` of one table: STRICT on SQLite; `append_only` adds triggers against UPDATE and DELETE.

    Rows of an append-only table cannot be added with ON CONFLICT or OR IGNORE on SQLite: a trigger refuses a
    second row with the same key before the conflict clause is asked.
    """
    return (*constraints, {"sqlite_strict": True, "info": {"append_only": append_only}, **options})


def one_of(column: str, words: tuple[str, ...]) -> CheckConstraint:
    """A CHECK that `column` is one of a closed list of words (plain identifiers)."""
    return CheckConstraint(
        f"{column} IN ({', '.join(repr(word) for word in words)})", name=f"{column}_is_known"
    )


class EntryRow(SQLModel, table=True):
    """An index over the leaves; `leaf` holds the exact bytes, `hash` their leaf hash, the rest copies."""

    __tablename__: ClassVar[str] = "entry"
    __table_args__: ClassVar[Any] = table(
        UniqueConstraint("place", "pseq"),
        UniqueConstraint("matter", "mseq"),
        UniqueConstraint("key"),
        # Acts are most of all entries; leaving them out spares every act a page in its commit.
        Index(
            "entry_other_than_act",
            "place",
            "type",
            "pseq",
            sqlite_where=text(NOT_AN_ACT),
            postgresql_where=text(NOT_AN_ACT),
        ),
        Index(
            "entry_of_place_itself",
            "place",
            "pseq",
            sqlite_where=text("matter IS NULL"),
            postgresql_where=text("matter IS NULL"),
        ),
        CheckConstraint("seq >= 0 AND pseq >= 1 AND (mseq IS NULL OR mseq >= 1)", name="positions"),
        CheckConstraint("(matter IS NULL) = (mseq IS NULL)", name="matter_with_mseq"),
        CheckConstraint("length(hash) = 32", name="hash_length"),
        CheckConstraint("length(leaf) > 0", name="leaf_not_empty"),
        one_of("type", ENTRY_TYPES),
        append_only=True,
    )
    seq: int = Field(primary_key=True, sa_type=WholeNumber, sa_column_kwargs={"autoincrement": False})
    place: str = Field(sa_type=Text)
    pseq: int = Field(sa_type=WholeNumber)
    matter: str | None = Field(sa_type=Text)
    mseq: int | None = Field(sa_type=WholeNumber)
    type: str = Field(sa_type=Text)
    action: str | None = Field(sa_type=Text)
    recorded_at: str = Field(sa_type=Text)
    key: str = Field(sa_type=Text)
    body_digest: str | None = Field(sa_type=Text)
    leaf: bytes = Field(sa_type=LargeBinary)
    hash: bytes = Field(sa_type=LargeBinary)


class HeadRow(SQLModel, table=True):
    """The one row every writer takes first: the origin now in force, the tree's size and its right edge."""

    __tablename__: ClassVar[str] = "head"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("id = 1", name="only_one"),
        CheckConstraint("size >= 0 AND epoch >= 1", name="head_bounds"),
        CheckConstraint("origin <> ''", name="origin_not_empty"),
    )
    id: int = Field(primary_key=True, sa_type=WholeNumber, sa_column_kwargs={"autoincrement": False})
    origin: str = Field(sa_type=Text)
    size: int = Field(sa_type=WholeNumber)
    frontier: bytes = Field(sa_type=LargeBinary)
    last_recorded_at: str | None = Field(sa_type=Text)
    epoch: int = Field(sa_type=WholeNumber)


class PrivateText(SQLModel, table=True):
    """The erasable half of an entry: salt and value behind each commitment."""

    __tablename__: ClassVar[str] = "private_text"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("length(salt) = 32", name="salt_length"), sqlite_with_rowid=False
    )
    seq: int = Field(
        primary_key=True,
        foreign_key="entry.seq",
        sa_type=WholeNumber,
        sa_column_kwargs={"autoincrement": False},
    )
    field: str = Field(primary_key=True, sa_type=Text)
    salt: bytes = Field(sa_type=LargeBinary)
    value: str = Field(sa_type=Text)


class TextRow(SQLModel, table=True):
    """Exact bytes of the texts entries name by digest: procedures, layers, statutes, calendars, notices."""

    __tablename__: ClassVar[str] = "text"
    __table_args__: ClassVar[Any] = table(CheckConstraint("digest <> '' AND kind <> ''"), append_only=True)
    digest: str = Field(primary_key=True, sa_type=Text)
    kind: str = Field(sa_type=Text)
    body: bytes = Field(sa_type=LargeBinary)


class DocumentRow(SQLModel, table=True):
    """An attached file by the SHA-256 of its bytes; its name may be personal, so it can be erased here."""

    __tablename__: ClassVar[str] = "document"
    __table_args__: ClassVar[Any] = table(CheckConstraint("size >= 0", name="size_from_zero"))
    digest: str = Field(primary_key=True, sa_type=Text)
    size: int = Field(sa_type=WholeNumber)
    kind: str = Field(sa_type=Text)
    name_private: str | None = Field(default=None, sa_type=Text)


class CheckpointRow(SQLModel, table=True):
    """A signed note for one size of one origin."""

    __tablename__: ClassVar[str] = "checkpoint"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("size >= 0", name="size_from_zero"), append_only=True
    )
    origin: str = Field(primary_key=True, sa_type=Text)
    size: int = Field(primary_key=True, sa_type=WholeNumber, sa_column_kwargs={"autoincrement": False})
    note: str = Field(sa_type=Text)


class LeaseRow(SQLModel, table=True):
    """Which process does a task that only one may do; `until` is milliseconds since 1970, UTC."""

    __tablename__: ClassVar[str] = "lease"
    __table_args__: ClassVar[Any] = table()
    name: str = Field(primary_key=True, sa_type=Text)
    holder: str = Field(sa_type=Text)
    until: int = Field(sa_type=WholeNumber)
