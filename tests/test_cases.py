"""The folder examples/ is how the law behaves: every case comes out as it says, and a wrong one is told in words."""

import re
import shutil
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from workflow.cases import running
from workflow.cases.lives import EXAMPLES, Usual, read_lives
from workflow.cases.running import Cases, Result, case_files
from workflow.cases.telling import difference
from workflow.cases.texts import Case
from workflow.cases.walking import Answer, Walk
from workflow.cases.words import field_named
from workflow.core.findings import Unreadable
from workflow.core.matter import Matter
from workflow.core.words import CHECKS
from workflow.forms import form_of
from workflow.library import Library
from workflow.shelves import SHIPPED

FILES = case_files(EXAMPLES)
ONE = """\
说明: 试
情形:
  - 例: 到会30人，16人同意
    先办到: 通知决议会议
    办: 登记会议结果
    填: {{实到人数: {present}, 其中妇女代表实到: 10, 同意: {in_favour}}}
    {expected}
"""
FIRST = date(2026, 3, 2)
# Asked only in a correction, or where a stage has several bodies to choose from.
FOR_SOME = {
    ("更正", "为什么更正、错在哪里"), ("改期重新通知", "由谁开会"),
    # What the catalogue asks of some kinds.
    ("登记动议", "会议已经决议过这笔钱吗"), ("登记动议", "这笔钱怎么花"), ("登记动议", "大家意见一致吗"),
}  # fmt: skip
UNREACHED = {
    "correct.act", "inspection.found", "place.delegable", "place.pending", "posting.posted",  # refused before: by form or machine
    "inspection.papers", "meeting.interval",  # a county's text only
    "ballot.returned",  # tests/core/stages/test_ballot.py, by its outcome
    "posting.personal_data",  # asked where texts are written, not by the core
}  # fmt: skip
OWN_TESTS = Path(__file__).parent
PLACES = ["371329105201", "371302105201", "410122103201"]


@pytest.fixture(scope="module")
def cases() -> Cases:
    """Cases on the texts that come with the software."""
    return Cases(Library(SHIPPED))


@pytest.fixture
def told(cases: Cases, tmp_path: Path):
    """Run a text of one case and return its first difference."""

    def run(text: str, on: Cases = cases) -> str | None:
        path = tmp_path / "case.yaml"
        path.write_text(text, encoding="utf-8")
        return on.run_file(path)[0].difference

    return run


@dataclass
class Ran:
    """How every case of the folder came out, and the checks that some case has seen unmet."""

    results: dict[Path, list[Result]]
    unmet: set[str]


@pytest.fixture(scope="module")
def ran(cases: Cases) -> Ran:
    """All cases of the folder, run once."""
    unmet = set()

    def seen(one: Case, walk: Walk, answer: Answer) -> str | None:
        if not isinstance(answer, tuple):
            unmet.update(each.check for each in answer.requirements if not each.met)
        return difference(one, walk, answer)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "difference", seen)
        return Ran({path: cases.run_file(path) for path in FILES}, unmet)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_case_comes_out_as_it_says(ran: Ran, path: Path) -> None:
    """What an official reads in examples/ is what the engine decides."""
    assert [result.line() for result in ran.results[path] if result.difference] == []


def test_every_check_stands_in_the_way_of_some_case(ran: Ran) -> None:
    """Each check the message table has words for is unmet in a case, or named in the tests of its kind of stage."""
    own = "".join(
        path.read_text(encoding="utf-8") for path in sorted((OWN_TESTS / "core").rglob("test_*.py"))
    )
    own += (OWN_TESTS / "test_publish.py").read_text(encoding="utf-8")
    named = {check for check in CHECKS if f'"{check}"' in own}
    assert set(CHECKS) - ran.unmet - named - UNREACHED == set()


def test_there_are_cases_for_every_rule() -> None:
    """The folder holds the cases, and the village and the standard life beside them are not taken for cases."""
    assert len(FILES) >= 16
    assert not {"village", "standard_life"} & {path.stem for path in FILES}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("kind", ["public_works", "environment_upkeep"])
def test_the_standard_life_is_lawful_everywhere(told, kind: str, place: str) -> None:
    """In the county, elsewhere in the province and elsewhere in the country the standard life ends in the archive."""
    text = f"""\
说明: 走完
情形:
  - {{例: 走完, 事项: {kind}, 村里: {{代码: "{place}"}}, 先办到: 监督核验, 办: archive, 结果: 已归档, 下一步: 已归档}}
"""
    assert told(text) is None


@pytest.mark.parametrize("number", [0, 1])
def test_every_word_of_the_standard_life_is_on_a_form(number: int) -> None:
    """A word of the standard life that no form has would silently fill in nothing."""
    lives = read_lives()
    life = lives.lives[number]
    library = Library(SHIPPED)
    compiled = library.effective(life.procedure, PLACES[0], FIRST).compiled
    usual = Usual(lives, compiled)
    lost = []
    for step in (*life.steps, *(lives.any_time if number == 0 else ())):
        stage, action = usual.stage(getattr(step, "stage", "")), usual.action(step.action)
        assert action is not None, step.action
        fields = compiled.actions.get(stage or "", {}).get(action)
        form = fields.fields if fields else form_of(compiled, Matter("", "", ""), action, {}) or ()
        lost += [(step.action, word) for word in step.facts if field_named(word, form) is None]

    assert [each for each in lost if each not in FOR_SOME] == []


@pytest.mark.parametrize(
    "present, in_favour, expected, difference",
    [
        (30, 15, "结果: 通过", "说的是结果“通过”，实际“分歧较大，须由村民会议决定”：同意 15"),
        (30, 16, "结果: 未通过", "说的是结果“未通过”，实际“通过”"),
        (30, 16, "不行因为: [meeting.notice]", "说的是不行，因为“meeting.notice”，实际办成了：通过"),
        (30, 16, "填得不对: [同意]", "说的是填得不对：“同意”，实际办成了：通过"),
        (46, 16, "结果: 通过", "说的是结果是“通过”，实际不行：实到 46，应到 45"),
        (46, 16, "不行因为: [登记在册 45]", "说的是不行因为“登记在册 45”，实际是：实到 46，应到 45"),
        (30, 16, "结果: 通过\n    下一步: 组织实施", "说的下一步是“组织实施”，实际到了“决议公开”"),
        (30, 15, "结果: 分歧较大\n    差在: [至少 17]", "说的是差在“至少 17”，实际是：同意 15"),
        (30, 16, "结果: 通过\n    提醒: [抓紧]", "说的是提醒“抓紧”，实际提醒：没有"),
        (30, 16, "结果: 通过\n    依据: [第九十九条]", "说的依据是“第九十九条”，实际是“"),
        (30, 16, "结果: 通过\n    下一步最早: 2026-03-20", "实际下一步最早是没有限制"),
    ],
)
def test_the_first_difference_is_said_in_words(told, present, in_favour, expected, difference) -> None:
    """A case that says something else than what comes out is told what came out, with the arithmetic."""
    assert difference in (told(ONE.format(present=present, in_favour=in_favour, expected=expected)) or "")


def test_an_unsaid_reason_is_a_difference(told) -> None:
    """A refusal must be told whole: a reason the case leaves out is named."""
    text = """\
说明: 试
情形:
  - 例: 通知晚了，方式也不全，只说了一条
    先办到: 复核党员大会
    办: 发出会议通知
    填: {开会日期: 4天后, 怎么通知的: [电话通知]}
    不行因为: [至少提前 5 天]
"""
    assert (told(text) or "").startswith("还有一条没有说：还缺：张榜公布、书面通知到人")


def test_a_life_that_stops_on_the_way_is_told(told) -> None:
    """Where the standard life itself is refused, the step and the reason are named."""
    text = """\
说明: 试
情形:
  - {例: 没有授权, 村里: {授权: []}, 先办到: 复核决议, 办: 登记张贴公示, 结果: 已张贴}
"""
    assert (told(text) or "").startswith("照标准走法办到“通知决议会议”就没有办成。不行：没有找到")


@pytest.mark.parametrize(
    "line, finding",
    [
        ("办: 登记会议结束", ':5:8 C301 没有“登记会议结束”这件可办的事。是否指 "登记会议结果"？'),
        ("谁: 书计", ":5:8 C301 村里没有“书计”。村里有：书记、主任"),
        ("填: {到会人数: 3}", ":5:9 C301 这张表没有“到会人数”这一项。是否指“"),
        ("填: {表决方式: 举收}", ":5:15 C301 没有“举收”这一答案。可以写：举手、无记名投票、口头"),
        ("先办到: 党员大会议", ':5:10 C301 没有“党员大会议”这一步。是否指 "党员大会"？'),
        ("接着: [{办: 登计动议}]", ":5:14 C301 没有“登计动议”这件可办的事"),
        ("村里: {任职: {书记: [村书记]}}", ":5:20 C301 没有“村书记”这一职务"),
        ("下一部: 公开", ':5:5 Y102 不认识的项，写的是 "下一部"'),
        ("哪天: 2026-02-30", ":5:9 Y115 没有 2026-02-30 这一天"),
        ("不行因为: [meeting.notise]", ":4:5 Y115 “结果”“不行因为”“填得不对”三项写一项"),
    ],
)
def test_a_word_nobody_knows_is_found_in_its_place(told, line: str, finding: str) -> None:
    """A misspelled word is a finding with line and column, and with the word that was probably meant."""
    base = {"办": "登记会议结果", "谁": "书记"}
    key = line.partition(":")[0]
    rest = "".join(f"    {name}: {value}\n" for name, value in base.items() if name != key)
    text = f"说明: 试\n情形:\n  # 一\n  - 例: 一\n    {line}\n{rest}    结果: 通过\n"

    with pytest.raises(Unreadable) as refused:
        told(text)

    assert finding in str(refused.value)


def test_the_readme_shows_cases_that_run(told, cases: Cases, tmp_path: Path) -> None:
    """The example in the README is one: it runs, and comes out as it says."""
    text = re.findall(r"```yaml\n(.*?)```", (EXAMPLES / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (tmp_path / "readme.yaml").write_text(text[0], encoding="utf-8")

    assert [each.difference for each in cases.run_file(tmp_path / "readme.yaml")] == [None, None, None]


def changed(folder: Path, changes: dict[str, dict[str, str]]) -> Cases:
    """Cases on a copy of the procedures in which words of some files are replaced."""
    shutil.copytree(SHIPPED, folder / "procedures")
    for name, words in changes.items():
        path = folder / "procedures" / name
        text = path.read_text(encoding="utf-8")
        for old, new in words.items():
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
    return Cases(Library(folder / "procedures"))


def test_a_file_that_lacks_a_paper_is_not_archived(told, tmp_path: Path) -> None:
    """Where a county does not make an upload compulsory but lists the paper, the archive waits for it (art. 39)."""
    optional = {
        "    documents: [minutes, sign_in]\n    decisive: true\n    otherwise: propose": "    documents: [minutes]\n    decisive: true\n    otherwise: propose"
    }
    on = changed(tmp_path, {"siyi_lianggongkai/2026-01-01.yaml": optional})
    text = """\
说明: 归档
情形:
  - 例: 缺签到表
    其中: {党员大会: {不填: [签到表]}}
    先办到: 监督核验
    办: 清点材料并归档
    不行因为: ["缺：党员大会签到表"]
    依据: [组织法（2025年修正）第三十九条]
"""
    assert told(text, on) is None


@pytest.mark.parametrize(
    "day, until, expected",
    [
        ("2025-12-26", "2025-12-31", "结果: 已张贴\n    下一步最早: 2026-01-01"),
        (
            "2025-12-26",
            "2025-12-30",
            "不行因为: [公示不少于 5 天]\n    依据: [山东省村务公开条例（2018年修正）第十三条]",
        ),
        (
            "2025-12-27",
            "2026-01-04",
            "不行因为: [公示不少于 15 天]\n    依据: [组织法（2025年修正）第三十五条]",
        ),
        ("2025-12-27", "2026-01-12", "结果: 已张贴\n    下一步最早: 2026-01-13"),
    ],
)
def test_a_matter_opened_under_the_old_law_meets_the_new_one(
    told, tmp_path: Path, day: str, until: str, expected: str
) -> None:
    """Five days were enough while they end in 2025; a posting whose last day falls in 2026 hangs fifteen (art. 35)."""
    earlier = {"from: 2026-01-01": "from: 2025-01-01"}
    first = "siyi_lianggongkai/2026-01-01.yaml"
    names = [first, f"layers/37/{first}", f"layers/371329/{first}"]
    on = changed(tmp_path, {**dict.fromkeys(names, earlier), first: {**earlier, "days: 15": "days: 5"}})
    for name in names:
        path = on.library.folder / name
        path.rename(path.with_name("2025-01-01.yaml"))
    text = f"""\
说明: 跨年
情形:
  - 例: 跨年公示
    从哪天: 2025-12-01
    先办到: 复核决议
    办: 登记张贴公示
    哪天: {day}
    填: {{公示到哪一天: {until}}}
    {expected}
"""
    assert told(text, on) is None
