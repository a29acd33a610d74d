"""What entries name by digest or commitment: words, files, texts."""

from tests.attacks import Attacker, Copy, codes, last_seq, only
from tests.builders import COUNTY, People, life
from workflow.core import RULES
from workflow.core.entry import Entry, Sealed
from workflow.installation import Installation
from workflow.store import register
from workflow.verify import verify


def test_private_words_open_their_commitments(attacker: Attacker) -> None:
    """Changed, removed and added words are each found at their entry."""
    opened = [line for line in attacker.read() if line.fields["type"] == "opened"]
    with attacker.database() as run:
        run("UPDATE private_text SET value = '别的' WHERE seq = ? AND field = 'reason'", opened[0].before)
        run("DELETE FROM private_text WHERE seq = ? AND field = 'reason'", opened[1].before)
        run("INSERT INTO private_text VALUES (?, 'more', ?, '多')", opened[2].before, b"s" * 32)

    report = attacker.copy.verified()

    assert codes(report) == {"V421", "V422", "V423"}
    assert [only(report, code).seq for code in ("V421", "V422", "V423")] == [
        line.before for line in opened[:3]
    ]


def _redact(here: Installation, seq: int, name: str, *, erase: bool) -> None:
    with here.database.writing() as conn:
        at = register.position(conn, COUNTY, None)
        basis = Sealed.of("basis", b"s" * 32, "本人要求")
        entry = Entry(
            log=at.log, seq=at.seq, place=COUNTY, pseq=at.pseq, type="redaction", action="redact", rules=RULES,
            recorded_at=at.last_recorded_at or "", key="redaction", facts={"seq": seq, "fields": [name]},
            private={"basis": basis.commitment},
        )  # fmt: skip
        register.append(conn, at, entry, private={"basis": basis}, body_digest=None)
    here.signer.sign_pending()
    if erase:
        attacker = Attacker(Copy(here.documents.folder.parent, f"sqlite:///{here.database.path}"))
        with attacker.database() as run:
            run("DELETE FROM private_text WHERE seq = ? AND field = ?", seq, name)


def test_words_erased_on_record_are_uncovered_not_wrong(here: Installation) -> None:
    """A redaction entry answers for what is gone; the register holds, and what could not be opened is named."""
    life(here, People(), "opened")
    seq = last_seq(here)
    _redact(here, seq, "reason", erase=True)

    report = verify(here)

    assert report.findings == ()
    assert [(each.code, each.seq) for each in report.uncovered] == [("V902", seq)]
    assert "reason" in report.uncovered[0].message


def test_words_said_to_be_erased_must_be_gone(here: Installation) -> None:
    """A redaction entry whose words are still kept is found."""
    life(here, People(), "opened")
    _redact(here, last_seq(here), "reason", erase=False)

    assert codes(verify(here)) == {"V424"}


def test_a_missing_file_is_found_at_every_entry_that_names_it(attacker: Attacker) -> None:
    """The file is looked for once, the entries are all named."""
    naming = [line for line in attacker.read() for each in line.fields["documents"]]
    name = naming[0].fields["documents"][0]["digest"].removeprefix("sha256:")
    (attacker.copy.folder / "documents" / name[:2] / name).unlink()

    report = attacker.copy.verified()

    assert codes(report) == {"V411"}
    assert [each.seq for each in report.findings] == [line.before for line in naming]


def test_a_missing_text_is_named_once_with_what_rests_on_it(attacker: Attacker) -> None:
    """Without its statutes no entry can be decided again, which is said once."""
    line = attacker.read()[0]
    with attacker.database() as run:
        run("DELETE FROM text WHERE digest = ?", line.fields["statutes"][0])

    report = attacker.copy.verified()

    assert codes(report) == {"V402"}
    assert f"有 {len(attacker.lines)} 条以它为依据" in only(report, "V402").message
    assert report.decided == 0
