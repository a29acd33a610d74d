"""What the web keeps of its own: accounts, sessions, one-time codes, API tokens, drafts, failed logins.

Nothing here is evidence: the register never depends on it. Instants are UTC texts with microseconds.
"""

from typing import Any, ClassVar, Final

from sqlalchemy import CheckConstraint, Index, Text
from sqlmodel import Field, SQLModel

from workflow.store.tables import WholeNumber, one_of, table

GROUPS: Final = ("secretary", "committee", "township", "county", "auditor", "administrator")
TOKEN_SCOPES: Final = ("read", "act", "witness")
PURPOSES: Final = ("setup", "reset")


class Account(SQLModel, table=True):
    """A person's way in: one person, one account, one group of pages, one place and what lies below it.

    `scope` is the beginning of the division codes seen: 12 digits a village, 9 a township, 6 a county.
    """

    __tablename__: ClassVar[str] = "account"
    __table_args__: ClassVar[Any] = table(
        CheckConstraint("length(scope) IN (6, 9, 12)", name="scope_is_a_place"),
        CheckConstraint("name <> '' AND display <> ''", name="names_not_empty"),
        one_of("group_name", GROUPS),
    )
    person: str = Field(primary_key=True, sa_type=Text)
    name: str = Field(unique=True, sa_type=Text)
    display: str = Field(sa_type=Text)
    group_name: str = Field(sa_type=Text)
    scope: str = Field(sa_type=Text)
    place_name: str = Field(sa_type=Text)
    password: str | None = Field(default=None, sa_type=Text)
    created_at: str = Field(sa_type=Text)
    closed_at: str | None = Field(default=None, sa_type=Text)


class SessionRow(SQLModel, table=True):
    """A login that is still open, by the SHA-256 of the cookie's value."""

    __tablename__: ClassVar[str] = "session"
    __table_args__: ClassVar[Any] = table(Index("session_person", "person"))
    digest: str = Field(primary_key=True, sa_type=Text)
    person: str = Field(foreign_key="account.person", sa_type=Text)
    created_at: str = Field(sa_type=Text)
    seen_at: str = Field(sa_type=Text)


class OneTimeCode(SQLModel, table=True):
    """A code that opens the first set-up, or a new password for one person; deleted when used."""

    __tablename__: ClassVar[str] = "one_time_code"
    __table_args__: ClassVar[Any] = table(
        one_of("purpose", PURPOSES),
        CheckConstraint("(purpose = 'setup') = (person IS NULL)", name="reset_has_a_person"),
    )
    digest: str = Field(primary_key=True, sa_type=Text)
    purpose: str = Field(sa_type=Text)
    person: str | None = Field(default=None, foreign_key="account.person", sa_type=Text)
    expires_at: str = Field(sa_type=Text)


class TokenRow(SQLModel, table=True):
    """An API token of a person: `kid` is public, the secret is kept as its SHA-256."""

    __tablename__: ClassVar[str] = "api_token"
    __table_args__: ClassVar[Any] = table(one_of("scope", TOKEN_SCOPES), Index("api_token_person", "person"))
    kid: str = Field(primary_key=True, sa_type=Text)
    digest: str = Field(sa_type=Text)
    person: str = Field(foreign_key="account.person", sa_type=Text)
    scope: str = Field(sa_type=Text)
    label: str = Field(sa_type=Text)
    created_at: str = Field(sa_type=Text)
    expires_at: str = Field(sa_type=Text)
    revoked_at: str | None = Field(default=None, sa_type=Text)


class Draft(SQLModel, table=True):
    """What a person has typed for one action of one matter and not yet handed in; JSON text."""

    __tablename__: ClassVar[str] = "draft"
    __table_args__: ClassVar[Any] = table()
    person: str = Field(primary_key=True, foreign_key="account.person", sa_type=Text)
    matter: str = Field(primary_key=True, sa_type=Text)
    action: str = Field(primary_key=True, sa_type=Text)
    body: str = Field(sa_type=Text)
    saved_at: str = Field(sa_type=Text)


class LoginFailures(SQLModel, table=True):
    """Failed attempts of one subject (the digest of a login name or of an address) since `first_at`."""

    __tablename__: ClassVar[str] = "login_failures"
    __table_args__: ClassVar[Any] = table(CheckConstraint("failures > 0", name="failures_positive"))
    subject: str = Field(primary_key=True, sa_type=Text)
    failures: int = Field(sa_type=WholeNumber)
    first_at: str = Field(sa_type=Text)
    last_at: str = Field(sa_type=Text)
