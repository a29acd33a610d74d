"""Twenty ways to change a register behind its back, each on both databases, and what the checker says of them."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests import postgresql
from tests.attacks import VILLAGE, Attacker, Copy, begun, copied, overturned, vote
from workflow.core.canonical import canonical


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def original(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Copy]:
    """A register of two villages and four archived matters, made through `advance`, every entry signed."""
    folder = tmp_path_factory.mktemp("register") / "data"
    if request.param == "sqlite":
        yield begun(folder, f"sqlite:///{folder / 'cunyi.db'}")
        return
    with postgresql.database(request.getfixturevalue("postgresql_url"), "tampering") as url:
        yield begun(folder, url)


@pytest.fixture
def attacker(original: Copy, tmp_path: Path) -> Iterator[Attacker]:
    """Somebody with every right on a copy of the register."""
    with copied(original, tmp_path / "copy") as copy:
        yield Attacker(copy)


def edit(attacker: Attacker) -> int:
    """Change a vote in the bytes of one entry, nothing else; returns its number."""
    line = vote(attacker.read())
    overturned(line)
    with attacker.database() as run:
        run("UPDATE entry SET leaf = ? WHERE seq = ?", canonical(line.fields), line.before)
    return line.before


def edit_hashed(attacker: Attacker) -> int:
    """Change a vote, with the hashes and the head."""
    line = vote(attacker.read())
    overturned(line)
    attacker.write(attacker.lines)
    return line.before


def edit_whole(attacker: Attacker) -> int:
    """Raise the amount a matter was opened with, and wherever it was computed with, in all bytes and tables."""
    lines = attacker.read()
    opening = [each for each in lines if each.fields["type"] == "opened"][1]
    _changed(attacker, {"4800000": "4900000"}, opening.fields["matter"])
    return opening.before


def _changed(attacker: Attacker, numbers: dict[str, str], matter: str = "") -> None:
    for line in attacker.lines:
        if matter in {"", line.fields["matter"]}:
            text = json.dumps(line.fields)
            for old, new in numbers.items():
                text = text.replace(old, new)
            line.fields = json.loads(text)
    attacker.write(attacker.lines)
    attacker.rebuild()


def delete(attacker: Attacker) -> int:
    """Delete one row."""
    line = vote(attacker.read())
    with attacker.database() as run:
        run("DELETE FROM private_text WHERE seq = ?", line.before)
        run("DELETE FROM entry WHERE seq = ?", line.before)
    return line.before


def delete_renumbered(attacker: Attacker) -> int:
    """Delete one entry, with all that follows renumbered and hashed anew."""
    line = vote(attacker.read())
    attacker.write([each for each in attacker.lines if each is not line])
    return line.before


def reorder(attacker: Attacker) -> int:
    """Exchange the places of two rows."""
    line = vote(attacker.read())
    with attacker.database() as run:
        aside = 10**9
        for old, new in ((line.before, aside), (line.before + 1, line.before), (aside, line.before + 1)):
            run("UPDATE entry SET seq = ? WHERE seq = ?", new, old)
    return line.before


def reorder_renumbered(attacker: Attacker) -> int:
    """Exchange two entries of different matters, numbered and hashed anew."""
    line = vote(attacker.read())
    lines = list(attacker.lines)
    at = line.before
    lines[at], lines[at + 1] = lines[at + 1], lines[at]
    attacker.write(lines)
    return at


def truncate(attacker: Attacker) -> int:
    """Cut the last entries off, with the head."""
    lines = attacker.read()
    attacker.write(lines[:-5])
    attacker.rebuild()
    return len(lines) - 5


def truncate_unsigned(attacker: Attacker) -> int:
    """Cut the last entries off, and the checkpoints that knew them."""
    size = truncate(attacker)
    with attacker.database() as run:
        run("DELETE FROM checkpoint WHERE size > ?", size)
    return size


def delete_matter(attacker: Attacker) -> int:
    """Delete a whole matter, with all the rest renumbered, and its row."""
    lines = attacker.read()
    matter = vote(lines).fields["matter"]
    attacker.write([each for each in lines if each.fields["matter"] != matter])
    attacker.rebuild()
    return next(each.before for each in lines if each.fields["matter"] == matter)


def insert(attacker: Attacker) -> int:
    """Put a further objection among old entries, dated back, all hashed anew."""
    lines = attacker.read()
    after = vote(lines)
    made = json.loads(json.dumps(after.fields))
    made |= {"action": "object", "type": "objection", "key": "backdated", "private": {}, "documents": []}
    lines.insert(after.before, type(after)(made, -1))
    attacker.write(lines)
    return after.before


def swap_file(attacker: Attacker) -> int:
    """Put another picture in place of an attached one."""
    lines = attacker.read()
    line = next(each for each in lines if each.fields["documents"])
    name = line.fields["documents"][0]["digest"].removeprefix("sha256:")
    (attacker.copy.folder / "documents" / name[:2] / name).write_bytes(b"another")
    return line.before


def edit_text(attacker: Attacker) -> int:
    """Loosen the procedure after the fact."""
    line = next(each for each in attacker.read() if each.fields["procedure"])
    with attacker.database() as run:
        ((body,),) = run("SELECT body FROM text WHERE digest = ?", line.fields["procedure"])
        looser = bytes(body).replace(b">= 2/3 of body_all", b">= 1/2 of body_all")
        assert looser != body
        run("UPDATE text SET body = ? WHERE digest = ?", looser, line.fields["procedure"])
    return line.before


def edit_table(attacker: Attacker) -> int:
    """Change where a matter stands in the table of matters only."""
    lines = attacker.read()
    line = [each for each in lines if each.fields["place"] == VILLAGE and each.fields["type"] == "closed"][-1]
    with attacker.database() as run:
        run("UPDATE matter SET at = 'rejected' WHERE id = ?", line.fields["matter"])
    return line.before


def rewrite(attacker: Attacker) -> int:
    """Write the whole log anew: every amount halved, everything recomputed."""
    attacker.read()
    _changed(attacker, {"4800000": "2400000", "4600000": "2300000"})
    return 0


def rewrite_unsigned(attacker: Attacker) -> int:
    """Write the whole log anew and drop every checkpoint."""
    rewrite(attacker)
    with attacker.database() as run:
        run("DELETE FROM checkpoint")
    return 0


def signed(attack: Callable[[Attacker], int]) -> Callable[[Attacker], int]:
    """The same attack by somebody who holds the signing key and the guard file."""

    def attack_and_sign(attacker: Attacker) -> int:
        place = attack(attacker)
        attacker.sign()
        return place

    return attack_and_sign


@dataclass(frozen=True)
class Case:
    """One attack: which codes say so by themselves, which with a copy held outside; empty where nothing can."""

    name: str
    attack: Callable[[Attacker], int]
    alone: frozenset[str]
    held: frozenset[str]
    names_entry: bool = True
    names_matter: bool = True


def case(name: str, attack: Callable[[Attacker], int], alone: str, held: str = "", **more: bool) -> Case:
    """A case; what is found alone is found with a copy too."""
    found = frozenset(alone.split())
    return Case(name, attack, found, found | frozenset(held.split()), **more)


CASES = (
    case("edit a vote", edit, "V102 V301 V303 V305 V501", "V312"),
    case("edit, hashes recomputed", edit_hashed, "V303 V305 V501", "V312"),
    case("edit, hashes, decision and tables recomputed", edit_whole, "V303 V305", "V312"),
    case("delete a row", delete, "V201 V202 V203 V301 V303 V304 V305 V503", "V312"),
    case("delete, renumbered", delete_renumbered, "V303 V304 V305 V502 V601", "V312"),
    case("reorder two rows", reorder, "V103 V301 V303 V305 V421", "V312"),
    case("reorder, renumbered", reorder_renumbered, "V303 V305", "V312"),
    case("truncate the tail", truncate, "V304 V305", names_entry=False),
    case("truncate the tail with its checkpoints", truncate_unsigned, "V305", names_entry=False),
    case("delete a whole matter", delete_matter, "V303 V304 V305", "V312", names_matter=False),
    case("insert a backdated row", insert, "V303 V305", "V312"),
    case("swap an attached file", swap_file, "V412"),
    case("edit the procedure text", edit_text, "V401"),
    case("edit the table of matters", edit_table, "V601"),
    case("rewrite the whole log", rewrite, "V303 V305", "V312", names_entry=False),
    case("rewrite and drop all checkpoints", rewrite_unsigned, "V305", "V312", names_entry=False),
    case("rewrite, with the key", signed(rewrite), "", "V312", names_entry=False),
    case("edit, with the key", signed(edit_whole), "", "V312", names_entry=False),
    case("delete a matter, with the key", signed(delete_matter), "", "V312", names_entry=False),
    case("truncate above the held copy, with the key", signed(truncate), "", names_entry=False),
)


@pytest.mark.parametrize("attack", CASES, ids=lambda each: each.name)
def test_every_attack_is_found_and_named(attacker: Attacker, attack: Case) -> None:
    """What is found alone and with a held copy; each that changes one entry is named by its number and its matter."""
    place = attack.attack(attacker)
    report = attacker.copy.verified(attacker.copy.held)
    alone = attacker.copy.verified()

    assert attack.alone <= {each.code for each in alone.findings}
    assert attack.held <= {each.code for each in report.findings}
    assert alone.holds == (not attack.alone)
    assert report.holds == (not attack.held)
    if attack.names_entry:
        named = [each for each in alone.findings if each.seq in {place, place + 1} and each.place]
        assert named
        assert any(each.matter for each in named) == attack.names_matter
