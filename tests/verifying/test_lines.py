"""What the checker says of a register that is right, and of its lines one by one."""

from pathlib import Path

import pytest

from tests.attacks import Attacker, Copy, codes, first, matter_of, only
from tests.builders import COUNTY
from workflow.core.canonical import canonical
from workflow.installation import create
from workflow.verify import verify


def test_an_untouched_register_holds(copy: Copy) -> None:
    """Nothing is found, nothing is left out, every entry was decided again, and the held copy agrees."""
    report = copy.verified(copy.held)

    assert report.findings == report.uncovered == ()
    assert report.holds
    assert report.covered
    assert report.size == report.decided == report.signed > 100
    assert report.held == (int(copy.held.split("\n")[1]),)


def test_an_empty_register_holds(tmp_path: Path) -> None:
    """A register just begun has nothing to check."""
    made = create(tmp_path / "data", COUNTY, "临沭县")
    report = verify(made)
    made.close()

    assert (report.size, report.findings, report.uncovered) == (0, (), ())


def test_ten_scattered_edits_are_ten_findings(attacker: Attacker) -> None:
    """Each edited entry is named once by its bytes, with its number, its place and its matter."""
    lines = attacker.read()
    edited = lines[45::9][:10]
    with attacker.database() as run:
        for line in edited:
            line.fields["facts"]["edited"] = 1
            run("UPDATE entry SET leaf = ? WHERE seq = ?", canonical(line.fields), line.before)

    report = attacker.copy.verified()

    found = [each for each in report.findings if each.code == "V102"]
    assert len(found) == 10
    assert [(each.seq, each.place, each.matter, each.mseq) for each in found] == [
        (line.before, *(line.fields[name] for name in ("place", "matter", "mseq"))) for line in edited
    ]


@pytest.mark.parametrize(
    "column, value",
    [
        ("place", "371329105209"),
        ("pseq", 999),
        ("matter", "another"),
        ("mseq", 999),
        ("type", "notice"),
        ("action", "another"),
        ("recorded_at", "2020-01-01T00:00:00.000000Z"),
        ("key", "another"),
    ],
)
def test_each_index_column_is_held_against_the_bytes(attacker: Attacker, column: str, value: object) -> None:
    """A changed column alone is found, named, and taken for what it is: an index."""
    line = first(attacker.read(), "call")
    with attacker.database() as run:
        run(f"UPDATE entry SET {column} = ? WHERE seq = ?", value, line.before)  # noqa: S608 - a word of this file

    report = attacker.copy.verified()

    assert codes(report) == {"V103"}
    assert only(report, "V103").seq == line.before
    assert column in only(report, "V103").message


def test_an_unreadable_entry_is_named_and_the_rest_checked(attacker: Attacker) -> None:
    """Bytes that are no entry stop their own matter only."""
    line = first(attacker.read(), "call")
    with attacker.database() as run:
        run("UPDATE entry SET leaf = ? WHERE seq = ?", b"{}", line.before)

    report = attacker.copy.verified()

    assert only(report, "V101").seq == only(report, "V102").seq == line.before
    assert only(report, "V503").matter == line.fields["matter"]
    assert report.decided == report.size - 1 - (len(matter_of(attacker, line)) - line.fields["mseq"])


def test_bytes_that_are_not_canonical_are_found(attacker: Attacker) -> None:
    """The same content in other bytes is another entry."""
    line = first(attacker.read(), "call")
    with attacker.database() as run:
        run("UPDATE entry SET leaf = ? WHERE seq = ?", canonical(line.fields) + b"\n", line.before)

    assert {"V101", "V102"} <= codes(attacker.copy.verified())


def test_findings_come_in_the_order_of_the_log(attacker: Attacker) -> None:
    """What concerns no single entry comes last."""
    lines = attacker.read()
    with attacker.database() as run:
        for line in (lines[90], lines[50]):
            run("UPDATE entry SET hash = ? WHERE seq = ?", b"x" * 32, line.before)
        run("DELETE FROM checkpoint WHERE size < 50")
        run("UPDATE head SET size = 1")

    report = attacker.copy.verified()

    assert [each.seq for each in report.findings] == [50, 90, None]
    assert report.findings[0].line().startswith("V102 登记内容与存下的摘要不符｜总第 50 条，")
