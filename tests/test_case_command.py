"""`cunyi case`: its answers and its exit status."""

import json
from pathlib import Path

import pytest

from command.case import case
from command.installation import WrongCall
from workflow.cases.lives import EXAMPLES

WRONG = """\
说明: 试
情形:
  - 例: 到会30人，15人同意
    先办到: 通知决议会议
    办: 登记会议结果
    填: {实到人数: 30, 其中妇女代表实到: 10, 同意: 15}
    结果: 通过
"""


def test_the_command_says_that_all_is_as_said(capsys: pytest.CaptureFixture[str]) -> None:
    """`cunyi case` on a file whose cases come out as they say answers 0."""
    assert case([EXAMPLES / "motion.yaml"]) == 0
    assert "都和所说的一样" in capsys.readouterr().out


def test_the_command_names_the_first_difference(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A case that does not come out as it says is 1, with file, line, column, sentence and difference."""
    path = tmp_path / "wrong.yaml"
    path.write_text(WRONG, encoding="utf-8")

    assert case([path]) == 1
    assert f"{path}:3:5 例“到会30人，15人同意”：说的是结果“通过”" in capsys.readouterr().out
    assert case([path], json=True) == 1
    said = json.loads(capsys.readouterr().out)
    assert (said["files"], said["cases"], said["differences"][0]["line"]) == (1, 1, 3)


@pytest.mark.parametrize("text", [None, "说明: 没有情形\n", "情形: [\n", "a: b\n"])
def test_the_command_refuses_what_is_no_file_of_cases(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A missing or broken file is a wrong call: status 2, nothing on stdout."""
    path = tmp_path / "none.yaml"
    if text is not None:
        path.write_text(text, encoding="utf-8")

    with pytest.raises(WrongCall) as refused:
        case([path])

    assert refused.value.exit_code == 2
    assert str(path) in str(refused.value)
    assert capsys.readouterr().out == ""
