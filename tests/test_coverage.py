"""What cases have seen of a procedure: its steps, outcomes, thresholds and conditions, and what no case has."""

import json
from pathlib import Path

import pytest

from command.case import case
from workflow.cases.coverage import Seen, in_text
from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases
from workflow.library import Library
from workflow.shelves import SHIPPED

HEAD = """\
说明: 一般事项
每例都: {事项: environment_upkeep}
情形:
  - {例: 两委商议通过, 先办到: 提出, 办: 登记会议结果, 结果: 通过}
"""
REJECTED = """\
  - {例: 没有过半数, 先办到: 提出, 办: 登记会议结果, 填: {实到人数: 6, 同意: 4}, 结果: 未通过}
"""


def lines(tmp_path: Path, text: str) -> list[str]:
    """Return what a file of cases leaves uncovered, line by line."""
    path = tmp_path / "cases.yaml"
    path.write_text(text, encoding="utf-8")
    seen = Seen()
    cases = Cases(Library(SHIPPED), watch=seen.watch)
    assert [each.difference for each in cases.run_file(path) if each.difference] == []
    return in_text(seen.covered(cases.library, cases.titles))


def test_an_outcome_no_case_sees_is_a_gap_until_one_does(tmp_path: Path) -> None:
    """Of the meeting's outcomes the one that no case brings about is listed; with a case for it, it is not."""
    gap = "  村“两委”商议：“登记会议结果”没有得出“未通过”的例子"
    short = "  村“两委”商议：没有达不到“须达到组成人员的过半数，至少 5"

    before, after = lines(tmp_path, HEAD), lines(tmp_path, HEAD + REJECTED)

    assert gap in before
    assert gap not in after
    assert any(each.startswith(short) for each in before)
    assert not any(each.startswith(short) for each in after)


def test_what_the_standard_life_does_is_seen_and_a_step_never_reached_is_one_gap(tmp_path: Path) -> None:
    """The opening that leads to a case counts; a step that no case reaches is one line, its outcomes need none."""
    found = lines(tmp_path, HEAD)

    assert not [each for each in found if each.startswith("  动议：没有例子办到")]
    assert [each for each in found if each.startswith("  办理")] == ["  办理：没有例子办到这一步"]


@pytest.mark.parametrize(
    "code, gaps",
    [("371329105201", ["没有不属于“事项层级是重大事项”的例子"]), ("410122103201", [])],
)
def test_both_sides_of_a_condition_count_where_the_cases_live(
    tmp_path: Path, code: str, gaps: list[str]
) -> None:
    """A county's step with a condition is listed for cases in that county, and is no matter of cases elsewhere."""
    text = f"""\
说明: 县里加的一步
每例都: {{村里: {{代码: "{code}"}}}}
情形:
  - {{例: 审议通过, 先办到: 通知党员大会, 办: 登记会议结果, 哪天: 最早, 结果: 通过}}
"""

    assert [each.partition("：")[2] for each in lines(tmp_path, text) if "属于" in each] == gaps


def test_the_command_tells_how_much_is_covered(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`cunyi case --coverage` answers 1 where something is unseen, and its last line sums up; as JSON as well."""
    path = EXAMPLES / "general_matter.yaml"

    assert case([path]) == 0
    assert "1 个程序" not in capsys.readouterr().out
    assert case([path], coverage=True) == 1
    last = capsys.readouterr().out.splitlines()[-1]
    assert case([path], json=True, coverage=True) == 1
    said = json.loads(capsys.readouterr().out)["coverage"]
    assert last == (
        f"1 个程序，{said['things']} 项，例子看到了 {said['seen']} 项，"
        f"还有 {said['things'] - said['seen']} 项没有例子看到"
    )
    assert {"stage", "title", "words"} == set(said["procedures"][0]["unseen"][0])


def test_a_procedure_without_cases_is_a_gap_as_a_whole() -> None:
    """Of the procedures asked for besides, one that no case runs is told in one line, with all it has unseen."""
    library = Library(SHIPPED)

    found = Seen().covered(library, {}, ["yiban_shixiang"])

    assert (found[0].seen, [each.what for each in found[0].gaps]) == (0, ["没有例子"])
    assert found[0].things > 20
    assert in_text([]) == ["0 个程序，0 项，例子看到了 0 项，没有缺的"]
