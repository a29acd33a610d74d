"""Entries whose bytes, tree and signatures are right, but which do not follow from those before and the law."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.attacks import Attacker, Copy, Line, codes, first, forge, only
from tests.builders import VILLAGE, People, advance_ok, life
from workflow.core import RULES
from workflow.installation import Installation, open_at
from workflow.library import Library
from workflow.shelves import SHIPPED
from workflow.verify import verify
from workflow.verifying import course


def _outcome(lines: list[Line]) -> Line:
    line = [each for each in lines if each.fields["computed"].get("outcome") == "passed"][1]
    line.fields["computed"]["outcome"] = "rejected"
    return line


def _numbers(lines: list[Line]) -> Line:
    line = first(lines, "record")
    line.fields["computed"]["requirements"][-1]["numbers"]["count"] += 1
    return line


def _truth(lines: list[Line]) -> Line:
    line = first(lines, "record")
    line.fields["computed"]["requirements"][0]["met"] = 1
    return line


def _office(lines: list[Line]) -> Line:
    line = first(lines, "record")
    line.fields["office"] = "clerk"
    return line


def _actor(lines: list[Line]) -> Line:
    line = first(lines, "record")
    line.fields["actor"] = "p_nobody"
    return line


def _day(lines: list[Line]) -> Line:
    line = first(lines, "call")
    line.fields["facts"]["meeting_on"] = line.fields["acted_on"]
    return line


def _count(lines: list[Line]) -> Line:
    line = first(lines, "archive")
    line.fields["computed"]["entries"] += 1
    return line


def _facts(lines: list[Line]) -> Line:
    line = first(lines, "sign")
    del line.fields["facts"]["opinion"]
    return line


def _after_the_end(lines: list[Line]) -> Line:
    end, objection = first(lines, "archive"), first(lines, "call")
    fields = {**objection.fields, "matter": end.fields["matter"], "place": end.fields["place"]}
    fields |= {"recorded_at": lines[-1].fields["recorded_at"], "key": "late", "private": {}, "documents": []}
    lines.append(Line(fields, -1))
    return lines[-1]


def _backdated(lines: list[Line]) -> Line:
    line = first(lines, "archive")
    line.fields["recorded_at"] = lines[0].fields["recorded_at"]
    return line


def _place_count(lines: list[Line]) -> Line:
    line = next(each for each in lines if each.fields["action"] == "set_body")
    line.fields["actor"] = "p_nobody"
    return line


def _log(lines: list[Line]) -> Line:
    line = first(lines, "call")
    line.fields["log"] = "cunyi.another"
    return line


def _procedure(lines: list[Line]) -> Line:
    line = first(lines, "call")
    line.fields["procedure"] = line.fields["statutes"][0]
    return line


@pytest.mark.parametrize(
    "change, code",
    [
        (_outcome, "V501"),
        (_numbers, "V501"),
        (_truth, "V501"),
        (_office, "V501"),
        (_procedure, "V501"),
        (_actor, "V502"),
        (_day, "V502"),
        (_place_count, "V502"),
        (_facts, "V503"),
        (_count, "V504"),
        (_after_the_end, "V505"),
        (_backdated, "V204"),
        (_log, "V104"),
    ],
    ids=lambda each: getattr(each, "__name__", each),
)
def test_a_signed_lie_is_found_by_deciding_again(
    attacker: Attacker, change: Callable[[list[Line]], Line], code: str
) -> None:
    """Bytes, tree and signature are right, but the entry does not follow from those before it and the law."""
    line = forge(attacker, change)

    report = attacker.copy.verified()

    found = [each for each in report.findings if each.code == code]
    seq = line.fields["seq"]
    assert [each.seq for each in found][:1] == [seq]
    assert found[0].matter == line.fields["matter"]
    assert not codes(report) & {"V101", "V102", "V103", "V301", "V302", "V303", "V304", "V305"}


def test_a_decision_is_told_in_words(attacker: Attacker) -> None:
    """A finding says what stands there and what comes out."""
    forge(attacker, _outcome)

    assert "登记为“未通过”，重算为“通过”" in only(attacker.copy.verified(), "V501").message


def test_another_version_of_the_rules_is_not_called_a_lie(attacker: Attacker) -> None:
    """What older rules decided otherwise cannot be decided again here, and is said to be uncovered."""

    def older(lines: list[Line]) -> Line:
        line = _outcome(lines)
        line.fields["rules"] = f"before {RULES}"
        return line

    line = forge(attacker, older)
    report = attacker.copy.verified()

    assert report.holds
    assert only(report, "V904").seq == line.fields["seq"]


def test_a_correction_of_an_archived_matter_is_in_order(here: Installation) -> None:
    """After the end a correction and its confirmation may follow, and the matter may go on from there."""
    people = People()
    matter = life(here, people)
    with here.database.reading() as conn:
        acts = here.matter(conn, VILLAGE, matter).acts  # type: ignore[union-attr]
    number = next(act.mseq for act in acts if "women_present" in act.facts)
    facts = {"corrects": number, "reason": "数错了", "in_favour": 12, "against": 19}
    advance_ok(here, VILLAGE, matter, "correct", people.secretary, facts)
    advance_ok(here, VILLAGE, matter, "confirm", people.vsc_chair, {})
    here.signer.sign_pending()

    report = verify(here)

    assert (report.findings, report.uncovered) == ((), ())


def test_states_put_aside_are_read_again(copy: Copy, monkeypatch: pytest.MonkeyPatch) -> None:
    """With room for one matter only, the result is the same."""
    monkeypatch.setattr(course, "REMEMBERED", 1)

    report = copy.verified()

    assert (report.holds, report.decided) == (True, report.size)


def moved(folder: Path) -> Library:
    """A library that went on: the same rules under new titles, the bodies of the vote in the other order."""
    shutil.copytree(SHIPPED, folder)
    for path in (*folder.glob("statutes/*.yaml"), *folder.glob("*/2026-01-01.yaml")):
        path.write_text(path.read_text(encoding="utf-8").replace("title: ", "title: 新", 1), encoding="utf-8")
    path = folder / "siyi_lianggongkai" / "2026-01-01.yaml"
    text = path.read_text(encoding="utf-8")
    first_, second = text.index("      rep_assembly:\n"), text.index("      villagers_assembly:\n")
    end = text.index("    on_divided:")
    path.write_text(text[:first_] + text[second:end] + text[first_:second] + text[end:], encoding="utf-8")
    return Library(folder)


def test_old_entries_are_decided_by_the_texts_they_name(copy: Copy, tmp_path: Path) -> None:
    """Whatever the folder says today, the register keeps what it decided by."""
    today = open_at(copy.folder, library=moved(tmp_path / "procedures"))
    report = verify(today)
    today.database.close()

    assert (report.findings, report.uncovered, report.decided) == ((), (), report.size)


def test_a_kept_text_keeps_the_order_it_was_written_in(tmp_path: Path) -> None:
    """Which body is named first has a meaning, so a text read back from the register has it too."""
    library = moved(tmp_path / "procedures")
    effective = library.effective("siyi_lianggongkai", VILLAGE, date(2026, 3, 1))
    kept = Library(SHIPPED).compiled(effective.text.digest, lambda _: effective.text.body)

    assert kept.procedure.model_dump_json() == effective.compiled.procedure.model_dump_json()
    assert (
        effective.text.digest
        != Library(SHIPPED).effective("siyi_lianggongkai", VILLAGE, date(2026, 3, 1)).text.digest
    )
