"""Full-gate `advance` against the raw commit of one row in the same database, one writer."""

import os
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path

import psycopg

from benchmarks.county import ACTS_OF_A_LIFE, County, county
from benchmarks.machine import pragmas, tables_of
from benchmarks.pairs import Aim, Line, Sample, in_turns
from benchmarks.postgresql import durable_server
from benchmarks.scale import Scale
from tests.postgresql import database as new_database
from workflow.library import Library
from workflow.store.database import COMMITS_PER_CHECKPOINT, driver, run

AIM = Aim(least=0.30)
_ONE_ROW = "INSERT INTO raw_row (body) VALUES (?)"


def leaf_bytes(place: County) -> int:
    """The mean length of a leaf: as many bytes as the raw row gets."""
    with place.here.database.reading() as conn:
        return int(run(conn, "SELECT avg(length(leaf)) FROM entry").fetchone()[0])


def on_sqlite(folder: Path, library: Library, scale: Scale) -> Line:
    """Both on one connection of one file, with the same pragmas and the same checkpoints."""
    place = county(folder, library)
    database = place.here.database
    with database.writing() as conn:
        connection: sqlite3.Connection = driver(conn)
        tables_of(connection)
    place.live(1)
    body = os.urandom(leaf_bytes(place))
    commits = 0

    def commit() -> None:
        nonlocal commits
        connection.execute("BEGIN IMMEDIATE")
        connection.execute(_ONE_ROW, (body,))
        connection.execute("COMMIT")
        commits += 1
        if commits % COMMITS_PER_CHECKPOINT == 0:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").close()

    line = _line("advance on SQLite", place, commit, scale, body)
    place.here.close()
    return line


def on_postgresql(folder: Path, library: Library, scale: Scale) -> Line:
    """Both on one server that syncs, over a socket of this machine; the raw row on a connection of its own."""
    with durable_server() as server, new_database(server, "cunyi_bench") as url:
        place = county(folder, library, url)
        place.live(1)
        body = os.urandom(leaf_bytes(place))
        with psycopg.connect(url, autocommit=True) as connection:
            tables_of(connection)
            insert = _ONE_ROW.replace("?", "%s")
            line = _line(
                "advance on PostgreSQL", place, lambda: connection.execute(insert, (body,)), scale, body
            )
        place.here.close()
    return line


def _line(name: str, place: County, commit: Callable[[], object], scale: Scale, body: bytes) -> Line:
    pairs = in_turns(lambda: place.live(scale.matters), lambda: _for(scale.seconds, commit), scale.pairs)
    return Line(
        name,
        f"advance, whole lives of {scale.matters} matters, {ACTS_OF_A_LIFE} acts each",
        f"one row of {len(body)} bytes, BEGIN INSERT COMMIT, for {scale.seconds} s",
        "rate",
        pairs,
        AIM,
        (pragmas(place.here.database),),
    )


def _for(seconds: float, commit: Callable[[], object]) -> Sample:
    """Commit again and again for so long."""
    taken: list[float] = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        commit()
        taken.append(time.perf_counter() - start)
    return Sample.in_a_row(taken)
