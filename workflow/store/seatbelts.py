"""Triggers that refuse to change append-only tables: against accidents only, never evidence."""

from collections.abc import Iterator

from sqlalchemy import MetaData, Table, UniqueConstraint

_POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION cunyi_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$
"""


def trigger_statements(dialect: str, metadata: MetaData) -> Iterator[str]:
    """The statements that (again) put the triggers on every table whose info says `append_only`."""
    guarded = [table for table in metadata.sorted_tables if table.info.get("append_only")]
    if dialect == "postgresql":
        yield _POSTGRESQL_FUNCTION
    for table in guarded:
        yield from _postgresql(table) if dialect == "postgresql" else _sqlite(table)


def _postgresql(table: Table) -> Iterator[str]:
    for name, events in (("row", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
        each = "ROW" if name == "row" else "STATEMENT"
        yield (
            f"CREATE OR REPLACE TRIGGER {table.name}_append_only_{name} BEFORE {events} ON {table.name} "
            f"FOR EACH {each} EXECUTE FUNCTION cunyi_append_only()"
        )


def _sqlite(table: Table) -> Iterator[str]:
    refuse = f"BEGIN SELECT RAISE(ABORT, '{table.name} is append-only'); END"
    for verb in ("UPDATE", "DELETE"):
        name = f"{table.name}_no_{verb.lower()}"
        yield f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE {verb} ON {table.name} {refuse}"
    # INSERT OR REPLACE deletes without asking the DELETE trigger where recursive_triggers is off.
    keys = [list(table.primary_key.columns)]
    keys += [list(each.columns) for each in table.constraints if isinstance(each, UniqueConstraint)]
    for number, columns in enumerate(keys):
        same = " AND ".join(f"{column.name} = NEW.{column.name}" for column in columns)
        exists = f"EXISTS (SELECT 1 FROM {table.name} WHERE {same})"  # noqa: S608 - names from our own metadata
        name = f"{table.name}_no_replace_{number}"
        yield f"CREATE TRIGGER IF NOT EXISTS {name} BEFORE INSERT ON {table.name} WHEN {exists} {refuse}"
