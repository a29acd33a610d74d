from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.exc import DBAPIError

from web import attempts, store
from workflow.store.database import Database

NOW = datetime(2026, 3, 1, 2, 0, tzinfo=UTC)


@pytest.fixture
def db(database_url):
    """The web's tables, once on SQLite and once on PostgreSQL."""
    database = Database.open(database_url)
    database.create()
    yield database
    database.close()


def add(conn, name: str = "a", **given: str) -> str:
    """An account of a village."""
    known = {"display": "甲", "group": "secretary", "scope": "371329105201", "place_name": "张庄"}
    return store.create_account(conn, name=name, now=NOW, **{**known, **given})


def test_sessions_codes_tokens_and_drafts_live_and_end_alike_on_both_databases(db):
    """What is opened is found, what is ended or used is not found again."""
    with db.writing() as conn:
        person = add(conn)
        sid = store.open_session(conn, person, NOW)
        code = store.issue_code(conn, "reset", NOW, person)
        token = store.issue_token(conn, person, "act", "县平台", NOW, timedelta(days=1))
        store.save_draft(conn, person, "m_1", "count", "{}", NOW)
    with db.writing() as conn:
        account, stale = store.session_holder(conn, sid, NOW + timedelta(seconds=61))
        assert (account.person, account.display, stale) == (person, "甲", True)
        assert store.token_holder(conn, token, NOW)[1] == "act"
        assert [each.label for each in store.tokens_of(conn, person)] == ["县平台"]
        assert store.read_draft(conn, person, "m_1", "count").body == "{}"
        assert store.redeem_code(conn, "reset", code, NOW, person)
        assert not store.redeem_code(conn, "reset", code, NOW, person)
        store.close_account(conn, person, NOW)
        assert store.session_holder(conn, sid, NOW) is None
        assert store.token_holder(conn, token, NOW) is None


def test_failures_are_counted_alike_on_both_databases(db):
    """Five are free, the sixth waits, a success forgets."""
    with db.writing() as conn:
        for _ in range(5):
            assert attempts.wait(conn, "a", "10.0.0.1", NOW) == 0
            attempts.failed(conn, "a", "10.0.0.1", NOW)
        assert attempts.wait(conn, "Ａ", "10.0.0.2", NOW) == 2
        attempts.succeeded(conn, "a")
        assert attempts.wait(conn, "a", "10.0.0.2", NOW) == 0


def test_a_place_sees_the_accounts_below_it_in_order(db):
    """A prefix of digits is a place; what lies elsewhere is not in the list."""
    with db.writing() as conn:
        for name, scope in (
            ("c", "371329105202"),
            ("b", "371329105201"),
            ("x", "371330105201"),
            ("t", "371329105"),
        ):
            add(conn, name, scope=scope, group="secretary" if len(scope) == 12 else "township")
        assert [each.name for each in store.accounts(conn, "371329105")] == ["t", "b", "c"]


@pytest.mark.parametrize(
    "wrong",
    [{"scope": "37132910"}, {"scope": "37132910520a"}, {"group": "king"}, {"name": " "}, {"display": "a\nb"}],
)
def test_accounts_that_make_no_sense_are_refused(db, wrong):
    """A place has 6, 9 or 12 digits, a group is one of six, names are visible; nothing is written."""
    with db.writing() as conn, pytest.raises(ValueError, match=r"[\u4e00-\u9fff]"):
        add(conn, **wrong)
    with db.reading() as conn:
        assert not store.has_account(conn)


def test_the_database_itself_refuses_an_unknown_group(db):
    """A mistake in our own code cannot write what no reader understands."""
    with db.writing() as conn:
        add(conn)
    king = store.ACCOUNT.update().values(group_name="king")
    with pytest.raises(DBAPIError), db.writing() as conn:
        conn.execute(king)


@pytest.mark.parametrize(
    "group, scope",
    [("secretary", "371329"), ("committee", "371329105"), ("township", "371329"), ("county", "371329105")],
)
def test_a_group_has_places_of_its_own_size(db, group, scope):
    """A village's secretary with a county's code would see every village of it."""
    with pytest.raises(ValueError, match="位数字"), db.writing() as conn:
        add(conn, "李四", group=group, scope=scope)
