"""Appending to the register and reading it back, on both engines."""

import dataclasses
import multiprocessing
from typing import Any

import pymerkle
import pytest
from sqlalchemy.exc import DBAPIError

from tests.store.making import NEIGHBOUR, ORIGIN, PLACE, SALT, append, fill, next_entry, put
from workflow.core.entry import Entry, Sealed, commitment, digest
from workflow.core.tree import leaf_hash, root
from workflow.store import register
from workflow.store.database import Database, run


def test_positions_in_log_place_and_matter(db: Database):
    """Each entry has the next number of the log, from 0, and of its place and its matter, from 1."""
    with db.writing() as conn:
        places = [(PLACE, "m1"), (PLACE, None), (NEIGHBOUR, "m2"), (PLACE, "m1"), (NEIGHBOUR, "m2")]
        made = [append(conn, place, matter) for place, matter in places]
    assert [entry.seq for entry in made] == [0, 1, 2, 3, 4]
    assert [entry.pseq for entry in made] == [1, 2, 1, 3, 2]
    assert [entry.mseq for entry in made] == [1, None, 1, 2, 2]
    with db.writing() as conn:
        assert register.position(conn, PLACE, "m1")[:4] == (ORIGIN, 5, 4, 3)
        assert register.position(conn, "371329100203", "m9")[:4] == (ORIGIN, 5, 1, 1)


def test_head_is_the_root_over_the_stored_bytes(db: Database):
    """The head's root is the one an independent tree gives over the stored leaves."""
    tree = pymerkle.InmemoryTree(algorithm="sha256")
    fill(db, 37)
    with db.reading() as conn:
        for _, leaf, hash_ in register.leaves(conn):
            tree.append_entry(leaf)
            assert hash_ == leaf_hash(leaf)
        assert register.head(conn)[:3] == (ORIGIN, 37, tree.get_root())


def test_what_is_appended_comes_back(db: Database):
    """An entry comes back as it was by key, by matter and by place, and its leaf is its exact bytes."""
    with db.writing() as conn:
        entry = append(conn, title="修路", facts={"yes": 3}, action="vote")
        other = append(conn, NEIGHBOUR, "m2", type="opened")
    with db.reading() as conn:
        assert register.by_key(conn, entry.key) == (entry, None)
        assert register.by_key(conn, "no such key") is None
        assert register.of_matter(conn, PLACE, "m1") == [entry]
        assert register.of_matter(conn, NEIGHBOUR, "m1") == []
        assert register.of_place(conn, NEIGHBOUR) == [other]
        assert next(register.leaves(conn))[1] == entry.leaf()
        assert Entry.from_leaf(next(register.leaves(conn))[1]) == entry
        assert register.private_of(conn, [0, 1]) == {0: {"title": (SALT, "修路")}}


def test_the_body_digest_is_kept_beside_the_entry(db: Database):
    """The digest of the request's body comes back with the key, for the answer to a retry."""
    with db.writing() as conn:
        entry = next_entry(conn)
        at = register.position(conn, PLACE, "m1")
        register.append(conn, at, entry, private={}, body_digest=digest(b"body"))
    with db.reading() as conn:
        assert register.by_key(conn, entry.key) == (entry, digest(b"body"))


def test_entries_of_some_types(db: Database):
    """A place's entries are found by type, acts and others alike, in order."""
    with db.writing() as conn:
        for type_ in ("act", "office", "roll", "act"):
            append(conn, type=type_)
    with db.reading() as conn:

        def found(types: tuple[str, ...] | None) -> list[int]:
            return [entry.seq for entry in register.of_place(conn, PLACE, types)]

        assert found(None) == [0, 1, 2, 3]
        assert found(("act",)) == [0, 3]
        assert found(("office", "roll")) == [1, 2]
        assert found(("act", "roll")) == [0, 2, 3]
        assert found(()) == []


def test_the_places_own_record(db: Database):
    """The entries without a matter are the place's own record, which has a last one of its own."""
    with db.writing() as conn:
        assert register.last_of_places_themselves(conn, [PLACE]) == {PLACE: 0}
        for matter in (None, "m1", None, "m1"):
            append(conn, matter=matter, type="office")
        append(conn, NEIGHBOUR, None, type="office")
    with db.reading() as conn:
        assert [entry.seq for entry in register.of_place_itself(conn, PLACE)] == [0, 2]
        places = [NEIGHBOUR, PLACE, "371329100000"]
        lasts = {NEIGHBOUR: 1, PLACE: 3, "371329100000": 0}
        assert register.last_of_places_themselves(conn, places) == lasts
    with db.writing() as conn:
        assert register.position(conn, PLACE, None, themselves=places).itself == lasts


def test_entries_other_than_acts_come_from_their_index(sqlite: Database):
    """Looking for the offices of a place does not read its acts."""
    with sqlite.reading() as conn:
        plan = run(
            conn,
            "EXPLAIN QUERY PLAN SELECT leaf FROM entry "
            "WHERE place = ? AND type IN (?) AND type <> 'act' ORDER BY pseq",
            (PLACE, "office"),
        ).fetchone()
        assert "entry_other_than_act" in plan[3]


def test_an_entry_that_is_not_next_is_refused(db: Database):
    """A gap, a number used before, another log or an earlier time is refused, and nothing is written."""
    fill(db, 1)
    for changes in (
        {"seq": 0},
        {"seq": 2},
        {"pseq": 1},
        {"pseq": 3},
        {"mseq": 1},
        {"mseq": 3},
        {"log": "cunyi.example/other"},
        {"recorded_at": "2025-12-31T00:00:00.000000Z"},
    ):
        with db.writing() as conn:
            entry = dataclasses.replace(next_entry(conn), **changes)
            with pytest.raises(register.OutOfPlace):
                put(conn, entry)
    with db.reading() as conn:
        assert register.head(conn).size == 1


def test_a_position_serves_once(db: Database):
    """A position asked for before another entry was appended, or before one was undone, is not the next."""
    fill(db, 1)
    with db.writing() as conn:
        before, entry = register.position(conn, PLACE, None), next_entry(conn, matter=None)
        append(conn, NEIGHBOUR, "m2")
    with pytest.raises(Exception, match=r"head_bounds"), db.writing() as conn:
        register.append(conn, before, entry, private={}, body_digest=None)
    with db.writing() as conn:
        savepoint = conn.begin_nested()
        append(conn)
        beyond, entry = register.position(conn, PLACE, None), next_entry(conn, matter=None)
        savepoint.rollback()
        savepoint = conn.begin_nested()
        with pytest.raises(Exception, match="head_bounds"):
            register.append(conn, beyond, entry, private={}, body_digest=None)
        savepoint.rollback()
    with db.reading() as conn:
        assert register.head(conn).size == 2


def test_a_position_knows_the_key(db: Database):
    """With the position comes the entry that an idempotency key already made."""
    fill(db, 2)
    with db.writing() as conn:
        assert register.position(conn, PLACE, None, key="key-1").answered == 1
        assert register.position(conn, PLACE, None, key="key-2").answered is None


def test_private_values_must_open_their_commitments(db: Database):
    """A private value that is missing, other, under another salt or not committed to is refused."""
    with db.writing() as conn:
        entry = next_entry(conn, private={"title": commitment("title", SALT, "修路")})
        for private in (
            {},
            {"title": Sealed.of("title", SALT, "修桥")},
            {"title": Sealed.of("title", b"t" * 32, "修路")},
            {"title": Sealed.of("title", SALT, "修路"), "name": Sealed.of("name", SALT, "张三")},
        ):
            with pytest.raises(ValueError, match="commitments"):
                put(conn, entry, private)


def test_the_same_key_twice_is_refused(db: Database):
    """The database itself refuses a second entry with one idempotency key."""
    fill(db, 1)
    with pytest.raises(Exception, match=r"append-only|duplicate key"), db.writing() as conn:
        append(conn, key="key-0")
    with db.reading() as conn:
        assert register.head(conn).size == 1


def test_a_faulty_entry_leaves_nothing(db: Database):
    """An entry whose fields do not fit is refused before anything is written."""
    with db.writing() as conn:
        with pytest.raises(ValueError, match="clock"):
            append(conn, clock="fine")
        append(conn)
    with db.reading() as conn:
        assert register.head(conn).size == 1


def test_a_register_begins_once(db: Database):
    """The origin is given once; a second beginning is refused."""
    with pytest.raises(register.NotBegun), db.writing() as conn:
        register.begin(conn, "cunyi.example/other")


def test_nothing_without_a_beginning(database_url: str):
    """Before the register has begun there is neither a head nor a next position."""
    database = Database.open(database_url)
    database.create()
    with pytest.raises(register.NotBegun), database.writing() as conn:
        register.position(conn, PLACE, None)
    with pytest.raises(register.NotBegun), database.reading() as conn:
        register.head(conn)
    database.close()


def test_leaves_of_a_range(db: Database):
    """A range of leaves is what slicing all of them would give."""
    fill(db, 9)
    with db.reading() as conn:
        for start, end in ((0, None), (0, 0), (0, 5), (3, 8), (8, None), (9, 20), (5, 3)):
            assert [seq for seq, _, _ in register.leaves(conn, start, end)] == list(range(9))[start:end]


def test_leaves_are_read_in_parts(sqlite: Database, monkeypatch: pytest.MonkeyPatch):
    """Streaming in small parts loses and repeats nothing, and the same holds for private fields."""
    monkeypatch.setattr(register, "_READ_AT_ONCE", 4)
    with sqlite.writing() as conn:
        for _ in range(11):
            append(conn, title="修路")
    with sqlite.reading() as conn:
        assert [seq for seq, _, _ in register.leaves(conn)] == list(range(11))
        assert [seq for seq, _, _ in register.leaves(conn, 1, 8)] == list(range(1, 8))
        assert list(register.private_of(conn, range(11))) == list(range(11))


def test_texts_are_kept_once_by_digest(db: Database):
    """The same bytes are one row; unknown digests have no text."""
    with db.writing() as conn:
        first = register.put_text(conn, "procedure", "标题: 四议两公开\n".encode())
        assert register.put_text(conn, "procedure", "标题: 四议两公开\n".encode()) == first
    with db.reading() as conn:
        assert register.text(conn, first) == "标题: 四议两公开\n".encode()
        assert register.text(conn, digest(b"other")) is None


def test_many_entries_in_one_transaction_with_one_undone(db: Database):
    """Several appends share a commit; one undone at its savepoint leaves no gap (room for group commit)."""
    with db.writing() as conn:
        append(conn)
        savepoint = conn.begin_nested()
        append(conn)
        savepoint.rollback()
        append(conn, NEIGHBOUR, "m2")
    with db.reading() as conn:
        stored = list(register.leaves(conn))
        assert [seq for seq, _, _ in stored] == [0, 1]
        assert register.head(conn).root == root(hash_ for _, _, hash_ in stored)


def append_apart(url: str, count: int, failures: Any) -> None:
    """What each of two processes does: append `count` entries, one transaction each."""
    database = Database.open(url)
    try:
        for _ in range(count):
            with database.writing() as conn:
                append(conn, matter=None)
    except DBAPIError as error:
        failures.put(str(error))
    database.close()


def test_two_processes_share_one_log(db: Database, database_url: str):
    """Two processes appending at once: no error, no fork, contiguous numbers, the root over all of them."""
    context = multiprocessing.get_context("spawn")
    failures = context.Queue()
    workers = [context.Process(target=append_apart, args=(database_url, 50, failures)) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert [worker.exitcode for worker in workers] == [0, 0]
    assert failures.empty()
    with db.reading() as conn:
        stored = list(register.leaves(conn))
        assert [seq for seq, _, _ in stored] == list(range(100))
        assert [Entry.from_leaf(leaf).pseq for _, leaf, _ in stored] == list(range(1, 101))
        assert register.head(conn).root == root(hash_ for _, _, hash_ in stored)
