"""`cunyi verify` and `cunyi rebuild`: what they print, and the exit status each result has."""

import json
from pathlib import Path

import pytest

from command.answers import WrongCall
from command.rebuild import rebuild
from command.verify import verify
from tests.attacks import Attacker, Copy, first
from workflow.installation import Installation


def test_a_register_that_holds_is_0(copy: Copy, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The last line says that all agrees; a copy held outside is named with its size."""
    held = tmp_path / "held"
    held.write_text(copy.held, encoding="utf-8")

    assert verify(data=copy.folder, checkpoint=[held]) == 0

    said = capsys.readouterr()
    assert "全部相符；141 条决定逐条重算，结果一致" in said.out
    assert "与外面保存的副本相符，到 94 条" in said.out
    assert said.err == ""


def test_a_register_that_does_not_hold_is_1(attacker: Attacker, capsys: pytest.CaptureFixture[str]) -> None:
    """Every finding is one line on stdout."""
    line = first(attacker.read(), "call")
    with attacker.database() as run:
        run("UPDATE entry SET hash = ? WHERE seq = ?", b"x" * 32, line.before)

    assert verify(data=attacker.copy.folder) == 1

    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith(f"V102 登记内容与存下的摘要不符｜总第 {line.before} 条，")
    assert lines[-1] == "有 1 处不符"


def test_a_register_not_signed_to_its_end_is_3(
    here: Installation, capsys: pytest.CaptureFixture[str]
) -> None:
    """It holds, but not everything could be covered."""
    assert verify(data=here.documents.folder.parent) == 3
    assert "没有不符，但有 1 处没有核对到" in capsys.readouterr().out


def test_json_is_one_document(attacker: Attacker, capsys: pytest.CaptureFixture[str]) -> None:
    """With every finding by code, entry, place and matter."""
    with attacker.database() as run:
        run("DELETE FROM matter")

    assert verify(data=attacker.copy.folder, json=True) == 1

    told = json.loads(capsys.readouterr().out)
    assert (told["holds"], told["covered"], told["size"]) == (False, True, 141)
    assert {each["code"] for each in told["findings"]} == {"V602"}
    assert all(each["matter"] for each in told["findings"])


@pytest.mark.parametrize("what", ["no folder", "no data", "no note", "picture", "no key"])
def test_a_wrong_call_prints_nothing_on_stdout(
    copy: Copy, tmp_path: Path, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What is no installation, or no held copy, is the caller's mistake and no word about the register."""
    note = tmp_path / "note"
    note.write_bytes(b"\xff\xfe" if what == "picture" else "别的\n".encode())
    if what == "no key":
        (copy.folder / "key").write_text("nothing", encoding="utf-8")
    data = {"no folder": tmp_path / "nothing", "no data": None}.get(what, copy.folder)

    with pytest.raises(WrongCall) as wrong:
        verify(data=data, checkpoint=[note] if what in {"no note", "picture"} else None)

    assert wrong.value.exit_code == 2
    assert capsys.readouterr().out == ""


def test_rebuild_says_what_it_corrected(attacker: Attacker, capsys: pytest.CaptureFixture[str]) -> None:
    """One line for each row that was wrong, then the sum; a second call corrects nothing."""
    line = first(attacker.read(), "archive")
    with attacker.database() as run:
        run("UPDATE matter SET at = 'rejected' WHERE id = ?", line.fields["matter"])

    assert rebuild(data=attacker.copy.folder) == 0
    assert capsys.readouterr().out == f"已改正：{line.fields['matter']}\n共 4 件事，改正 1 行\n"
    assert rebuild(data=attacker.copy.folder, json=True) == 0
    assert json.loads(capsys.readouterr().out) == {"rebuilt": True, "matters": 4, "changed": []}


@pytest.mark.parametrize("as_json", [False, True])
def test_rebuild_of_a_damaged_register_is_1(
    attacker: Attacker, capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    """It names the entry and sends to verify; nothing is rebuilt."""
    line = first(attacker.read(), "call")
    with attacker.database() as run:
        run("UPDATE entry SET leaf = ? WHERE seq = ?", b"{}", line.before)

    assert rebuild(data=attacker.copy.folder, json=as_json) == 1
    assert f"总第 {line.before} 条读不出来" in capsys.readouterr().out
