"""Every number of a shipped procedure matters: otherwise by the smallest step, a floor refuses it or a case fails."""

import re
from pathlib import Path

import pytest

from scripts.mutants import Bench, main
from scripts.mutations import Mutant, mutants_of, steps, with_value
from workflow.cases.lives import EXAMPLES
from workflow.shelves import SHIPPED, read_file

SYLGK = SHIPPED / "siyi_lianggongkai" / "2026-01-01.yaml"
GENERAL = SHIPPED / "yiban_shixiang" / "2026-01-01.yaml"
IN_LINSHU = SHIPPED / "layers" / "371329" / "siyi_lianggongkai" / "2026-01-01.yaml"
FILES = ("rep_assembly", "posting", "procedures/siyi_lianggongkai", "procedures/yiban_shixiang")


@pytest.fixture(scope="module")
def bench() -> Bench:
    """A bench with a few files of cases."""
    return Bench([EXAMPLES / f"{name}.yaml" for name in FILES])


@pytest.mark.parametrize(
    "value, neighbours",
    [
        (15, [14, 16]),
        (True, [False]),
        ("2/3", ["1/3", "3/3", "2/2", "2/4"]),
        (
            "> 1/2 of present",
            [
                ">= 1/2 of present",
                "> 0/2 of present",
                "> 2/2 of present",
                "> 1/1 of present",
                "> 1/3 of present",
            ],
        ),
        ("minutes", []),
        (None, []),
    ],
)
def test_the_smallest_steps_of_a_value(value, neighbours: list[object]) -> None:
    """A number moves by one, a share in its strictness and in either part, a yes to no; words are left alone."""
    assert list(steps(value)) == neighbours


def test_a_mutant_differs_in_one_value_and_knows_its_stage() -> None:
    """Of a text with a mutant's value in it every other value is as it was, in a procedure and in a layer."""
    for path, stage in ((SYLGK, "post_result"), (IN_LINSHU, "township_filing")):
        mutant = [each for each in mutants_of(path) if each.stage == stage][-1]
        text = read_file(path)

        made = with_value(text, mutant.path, mutant.new)

        changed = [
            at
            for (at, old), (_, new) in zip(text.walk(), made.walk(), strict=True)
            if old.scalar != new.scalar
        ]
        assert changed == [mutant.path]


@pytest.mark.parametrize(
    "file, stage, old, new, how",
    [
        (SYLGK, "post_resolution", 15, 14, "F301"),
        (SYLGK, "resolve", ">= 2/3 of body_all", ">= 1/3 of body_all", "F301"),
        (SYLGK, "resolve", "> 1/2 of present", ">= 1/2 of present", "F301"),
        (SYLGK, "resolve", "> 1/2 of present", "> 2/2 of present", "Y115"),
        (SYLGK, "implement", 0, 1, "验收的人里没有村委会成员"),
        (GENERAL, "consult", ">= 2/3 of body_all", "> 2/3 of body_all", "正好三分之二"),
        (GENERAL, "consult", ">= 2/3 of body_all", ">= 1/3 of body_all", "不够三分之二"),
        (GENERAL, "supervise", 5, 6, "第五天"),
        (GENERAL, "post_decision", 15, 16, "25日还在公示"),
        (IN_LINSHU, "township_filing", 5, 4, "镇街第五天"),
    ],
)
def test_a_mutant_is_refused_or_fails_a_case(
    bench: Bench, file: Path, stage: str, old, new, how: str
) -> None:
    """Below a floor or out of bounds the text is refused; a lawful change is told by the case that lies on that line."""

    def chosen(mutant: Mutant) -> bool:
        return (mutant.stage, mutant.old, mutant.new) == (stage, old, new)

    found = bench.run(file, chosen)

    assert found
    assert all(how in f"{each.refused}{each.case}" for each in found), found


def test_the_bench_says_which_cases_do_not_hold(tmp_path: Path) -> None:
    """A case that fails on the texts as they are is of no use against mutants, and is told instead."""
    path = tmp_path / "cases.yaml"
    path.write_text(
        "说明: 试\n情形:\n  - {例: 说反了, 先办到: 提议, 办: 登记会议结果, 结果: 未通过}\n", encoding="utf-8"
    )

    bench = Bench([path])

    assert bench.examples == []
    assert "说反了" in bench.broken[0]


@pytest.mark.prove
@pytest.mark.parametrize(
    "path", [SYLGK, GENERAL, IN_LINSHU], ids=lambda path: path.parent.parent.name + path.parent.name
)
def test_no_number_of_the_procedures_most_used_goes_unnoticed(path: Path) -> None:
    """Every mutant of 四议两公开, of its sample county's layer and of the general matter is refused or fails a case."""
    bench = Bench(sorted(EXAMPLES.rglob("*.yaml")))

    survivors = {each.mutant.path for each in bench.run(path) if each.survived}

    assert survivors == set()


def test_the_command_prints_sums_and_survivors(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """`python -m scripts.mutants` prints a table; without cases most mutants survive, each with file and line: 1."""
    monkeypatch.setattr("scripts.mutants.EXAMPLES", Path("nowhere"))

    assert main(["yiban_shixiang"]) == 1

    printed = capsys.readouterr().out
    assert re.search(
        r"^\| procedures/yiban_shixiang/2026-01-01.yaml \| \d+ \| \d+ \| 0 \| \d+ \|$", printed, re.MULTILINE
    )
    assert "| stages.supervise.days | 5 -> 6 |" in printed
