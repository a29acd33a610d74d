"""Statements over the web's own tables. Every function takes the caller's connection and, if needed, instant.

Secrets are long random values, so a plain SHA-256 keeps them; only passwords need argon2.
"""

import base64
import hashlib
import hmac
import re
import secrets
import unicodedata
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlmodel import SQLModel

from web.tables import GROUPS, TOKEN_SCOPES, Account, TokenRow
from workflow.store.database import run

ACCOUNT, SESSION = SQLModel.metadata.tables["account"], SQLModel.metadata.tables["session"]
CODE, TOKEN = SQLModel.metadata.tables["one_time_code"], SQLModel.metadata.tables["api_token"]
DRAFT = SQLModel.metadata.tables["draft"]

IDLE: Final = timedelta(minutes=30)
LONGEST: Final = timedelta(hours=12)
TOUCH: Final = timedelta(minutes=1)
LIFETIME: Final = {"setup": timedelta(minutes=30), "reset": timedelta(hours=24)}
TOKEN_LONGEST: Final = timedelta(days=365)
_SCOPE = re.compile(r"[0-9]{6}(?:[0-9]{3}(?:[0-9]{3})?)?")
_LOOKALIKES = str.maketrans("018", "OIB")  # base32 has none of the three digits
# Every request asks these: built once or written out, a statement costs a fraction.
_OF_SESSION = (
    "SELECT a.person, a.display, a.group_name, a.scope, a.place_name, s.seen_at"
    " FROM session s JOIN account a ON a.person = s.person"
    " WHERE s.digest = ? AND a.closed_at IS NULL AND s.created_at > ? AND s.seen_at > ?"
)
_BY_KID = (
    "SELECT a.person, a.display, a.group_name, a.scope, a.place_name, t.digest, t.scope"
    " FROM api_token t JOIN account a ON a.person = t.person"
    " WHERE t.kid = ? AND t.revoked_at IS NULL AND t.expires_at > ? AND a.closed_at IS NULL"
)
_OF_PERSON = select(ACCOUNT).where(ACCOUNT.c.person == bindparam("person"))
SCOPE_OF: Final = {"secretary": 12, "committee": 12, "township": 9, "county": 6}
"""How many digits the place of a group has; auditors and administrators may be of any."""
_LIMITS = {"name": 40, "display": 40, "place_name": 80}


def stamp(now: datetime) -> str:
    """An aware instant as the tables keep it: `2026-03-01T02:03:04.000005Z`."""
    return now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def login_name(typed: str) -> str:
    """A login name as it is compared: case and full-width forms do not matter."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def digest(secret: str) -> str:
    """SHA-256 of a random secret, in hexadecimal."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


# --- accounts


def create_account(
    conn: Connection,
    *,
    name: str,
    display: str,
    group: str,
    scope: str,
    place_name: str,
    now: datetime,
    person: str | None = None,
) -> str:
    """Add an account without a password and return its person id; ValueError (Chinese) when it cannot be."""
    name, display, place_name = login_name(name), display.strip(), place_name.strip()
    for field, text in (("name", name), ("display", display), ("place_name", place_name)):
        if not 1 <= len(text) <= _LIMITS[field] or any(unicodedata.category(sign)[0] == "C" for sign in text):
            raise ValueError("登录名、姓名、地方名都要填，不要太长，也不要带特殊符号")
    if group not in GROUPS or not _SCOPE.fullmatch(scope):
        raise ValueError("地方代码要填 6 位（县）、9 位（乡镇）或 12 位（村）数字")
    if len(scope) != SCOPE_OF.get(group, len(scope)):
        raise ValueError(f"这个岗位的地方代码要填 {SCOPE_OF[group]} 位数字")
    if account_by_name(conn, name) is not None:
        raise ValueError(f"登录名“{name}”已经有人用了")
    person = person or f"p_{secrets.token_hex(8)}"
    conn.execute(
        insert(ACCOUNT).values(
            person=person,
            name=name,
            display=display,
            group_name=group,
            scope=scope,
            place_name=place_name,
            created_at=stamp(now),
        )
    )
    return person


def account_by_name(conn: Connection, name: str) -> Account | None:
    """The account of a login name as typed, closed ones too."""
    row = conn.execute(select(ACCOUNT).where(ACCOUNT.c.name == login_name(name))).mappings().first()
    return Account(**row) if row else None


def account_of(conn: Connection, person: str) -> Account | None:
    """The account of a person id, closed ones too."""
    row = conn.execute(_OF_PERSON, {"person": person}).mappings().first()
    return Account(**row) if row else None


def accounts(conn: Connection, scope: str = "") -> list[Account]:
    """The accounts of a place and below it, by place and name."""
    under = ACCOUNT.c.scope.startswith(scope, autoescape=True)
    rows = conn.execute(select(ACCOUNT).where(under).order_by(ACCOUNT.c.scope, ACCOUNT.c.name)).mappings()
    return [Account(**row) for row in rows]


def has_account(conn: Connection) -> bool:
    """Whether anybody can use this installation yet; the first set-up exists only until then."""
    return bool(conn.execute(select(func.count()).select_from(ACCOUNT)).scalar_one())


def set_password(conn: Connection, person: str, stored: str) -> None:
    """Store a hashed password; ends the person's sessions and unused codes."""
    conn.execute(update(ACCOUNT).where(ACCOUNT.c.person == person).values(password=stored))
    conn.execute(delete(CODE).where(CODE.c.person == person))
    close_sessions(conn, person)


def close_account(conn: Connection, person: str, now: datetime) -> None:
    """End an account, its sessions, codes and tokens; its row stays, as the register names the person."""
    conn.execute(
        update(ACCOUNT).where(ACCOUNT.c.person == person).values(closed_at=stamp(now), password=None)
    )
    conn.execute(delete(CODE).where(CODE.c.person == person))
    conn.execute(update(TOKEN).where(TOKEN.c.person == person).values(revoked_at=stamp(now)))
    close_sessions(conn, person)


# --- sessions


def open_session(conn: Connection, person: str, now: datetime) -> str:
    """Begin a session and return the cookie's value (256 random bits); ended ones are swept out."""
    conn.execute(
        delete(SESSION).where(
            (SESSION.c.created_at < stamp(now - LONGEST)) | (SESSION.c.seen_at < stamp(now - IDLE))
        )
    )
    sid = secrets.token_urlsafe(32)
    row = {"digest": digest(sid), "person": person, "created_at": stamp(now), "seen_at": stamp(now)}
    conn.execute(insert(SESSION).values(row))
    return sid


class Holder(NamedTuple):
    """Who holds a session or a token, as far as a page asks."""

    person: str
    display: str
    group_name: str
    scope: str
    place_name: str


def session_holder(conn: Connection, sid: str, now: datetime) -> tuple[Holder, bool] | None:
    """Whose open session this is, and whether to `touch` it. None: no session, ended, or account closed."""
    row = run(conn, _OF_SESSION, (digest(sid), stamp(now - LONGEST), stamp(now - IDLE))).fetchone()
    if row is None:
        return None
    *who, seen_at = row
    return Holder(*who), seen_at < stamp(now - TOUCH)


def touch(conn: Connection, sid: str, now: datetime) -> None:
    """Note that a session is in use; done once a minute, not at each request."""
    conn.execute(update(SESSION).where(SESSION.c.digest == digest(sid)).values(seen_at=stamp(now)))


def close_session(conn: Connection, sid: str) -> None:
    """End one session."""
    conn.execute(delete(SESSION).where(SESSION.c.digest == digest(sid)))


def close_sessions(conn: Connection, person: str, *, but: str = "") -> None:
    """End a person's sessions everywhere, except the one whose cookie value is `but`."""
    conn.execute(delete(SESSION).where(SESSION.c.person == person, SESSION.c.digest != digest(but)))


# --- one-time codes


def issue_code(conn: Connection, purpose: str, now: datetime, person: str | None = None) -> str:
    """A new code (140 bits, seven groups of four) that replaces older ones of the same purpose and person."""
    same = CODE.c.person.is_(None) if person is None else CODE.c.person == person
    conn.execute(delete(CODE).where(CODE.c.purpose == purpose, same))
    letters = base64.b32encode(secrets.token_bytes(18)).decode()[:28]
    conn.execute(
        insert(CODE).values(
            digest=digest(letters), purpose=purpose, person=person, expires_at=stamp(now + LIFETIME[purpose])
        )
    )
    return "-".join(re.findall("....", letters))


def redeem_code(conn: Connection, purpose: str, code: str, now: datetime, person: str | None = None) -> bool:
    """Use up a code; False when it is unknown, another person's, too old or already used."""
    letters = "".join(sign for sign in unicodedata.normalize("NFKC", code).upper() if sign.isalnum())
    letters = letters.translate(_LOOKALIKES)
    same = CODE.c.person.is_(None) if person is None else CODE.c.person == person
    used = delete(CODE).where(CODE.c.digest == digest(letters), CODE.c.purpose == purpose, same)
    return conn.execute(used.where(CODE.c.expires_at > stamp(now))).rowcount == 1


# --- tokens of the API


def issue_token(
    conn: Connection, person: str, scope: str, label: str, now: datetime, lifetime: timedelta
) -> str:
    """A new token `cy_<kid>_<secret>`, shown this once; ValueError beyond a year or for an unknown scope."""
    if scope not in TOKEN_SCOPES or not timedelta(0) < lifetime <= TOKEN_LONGEST:
        raise ValueError("令牌的权限只能是 read、act、witness，最长一年")
    kid, secret = secrets.token_hex(6), secrets.token_hex(32)
    conn.execute(
        insert(TOKEN).values(
            kid=kid,
            digest=digest(secret),
            person=person,
            scope=scope,
            label=label,
            created_at=stamp(now),
            expires_at=stamp(now + lifetime),
        )
    )
    return f"cy_{kid}_{secret}"


def token_holder(conn: Connection, token: str, now: datetime) -> tuple[Holder, str] | None:
    """Whose token this is and its scope. None: unknown, ended, revoked, or account closed."""
    mark, kid, secret = [*token.split("_", 2), "", ""][:3]
    row = run(conn, _BY_KID, (kid, stamp(now))).fetchone()
    if mark != "cy" or row is None:
        return None
    *who, kept, allows = row
    return (Holder(*who), allows) if hmac.compare_digest(kept, digest(secret)) else None


def tokens_of(conn: Connection, person: str) -> list[TokenRow]:
    """A person's tokens, newest first, without their secrets."""
    rows = conn.execute(
        select(TOKEN).where(TOKEN.c.person == person).order_by(TOKEN.c.created_at.desc())
    ).mappings()
    return [TokenRow(**row) for row in rows]


def revoke_token(conn: Connection, person: str, kid: str, now: datetime) -> bool:
    """End a person's token; False when there is no such token still in use."""
    mine = update(TOKEN).where(TOKEN.c.kid == kid, TOKEN.c.person == person, TOKEN.c.revoked_at.is_(None))
    return conn.execute(mine.values(revoked_at=stamp(now))).rowcount == 1


# --- drafts


def save_draft(conn: Connection, person: str, matter: str, action: str, body: str, now: datetime) -> None:
    """Keep what was typed (JSON text), in place of what was kept before."""
    drop_draft(conn, person, matter, action)
    conn.execute(
        insert(DRAFT).values(person=person, matter=matter, action=action, body=body, saved_at=stamp(now))
    )


class Kept(NamedTuple):
    """What was typed (JSON text), and when."""

    body: str
    saved_at: str


def read_draft(conn: Connection, person: str, matter: str, action: str) -> Kept | None:
    """What this person had typed for this action, if anything."""
    sql = "SELECT body, saved_at FROM draft WHERE person = ? AND matter = ? AND action = ?"
    row = run(conn, sql, (person, matter, action)).fetchone()
    return Kept(*row) if row else None


def drop_draft(conn: Connection, person: str, matter: str, action: str) -> None:
    """Forget a draft; call it in the transaction that hands the form in."""
    run(conn, "DELETE FROM draft WHERE person = ? AND matter = ? AND action = ?", (person, matter, action))
