"""`cunyi case`: its answers and its exit status."""

import json
from pathlib import Path

import pytest

from command.answers import WrongCall
from command.case import case
from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases, joined
from workflow.cases.skeleton import skeleton
from workflow.cases.texts import Case, CaseFile
from workflow.check_cases import CaseWords
from workflow.core.attempt import Decision, Refusal
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

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


@pytest.fixture(scope="module")
def shipped() -> CaseWords:
    """The words of cases, on the texts that come with the software."""
    return CaseWords(Library(SHIPPED))


@pytest.mark.parametrize("procedure", Library(SHIPPED).procedures())
def test_a_new_file_of_cases_is_right_at_once_and_begins_to_run(shipped: CaseWords, procedure: str) -> None:
    """`--new` prints cases that pass the check as they are, four at least; their first step is done, the second reads."""
    cases = Cases(shipped.library)

    node = read_yaml(skeleton(cases, procedure).encode(), procedure)

    shipped.check(node)
    text = validate(CaseFile, node)
    assert len(text.cases) >= 4
    assert text.life is not None
    first, second = [each for each in text.life.steps if each.action != "复核确认"][:2]
    tried = {"例": "第二步", "先办到": first.name, "办": second.action, "结果": "已登记"}
    _, answer = cases.answer(joined(text.common, Case.model_validate(tried)), text.life)
    assert isinstance(answer, Decision | Refusal), answer


def test_what_the_new_cases_say_is_what_comes_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Where the way can be gone, the new file holds as it is: one vote short fails, just enough passes."""
    assert case(new="siyi_lianggongkai") == 0
    printed = capsys.readouterr().out
    path = tmp_path / "new.yaml"
    path.write_text(printed, encoding="utf-8")

    assert case([path]) == 0
    assert "19人同意，正好够" in printed
    assert "18人同意，差一人" in printed


def test_a_new_file_for_a_procedure_nobody_knows_is_a_wrong_call(capsys: pytest.CaptureFixture[str]) -> None:
    """An unknown procedure is status 2 with the one probably meant, and nothing on stdout."""
    with pytest.raises(WrongCall) as refused:
        case(new="siyi_liangongkai")

    assert "siyi_lianggongkai" in str(refused.value)
    assert capsys.readouterr().out == ""
