"""`cunyi check`: every fault by its place and its words, hostile texts within their limits, words of cases unrun."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases
from workflow.check import KINDS, check_paths, texts_in
from workflow.check_cases import CaseWords
from workflow.core.findings import TITLES, Finding, Unreadable
from workflow.library import Library
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

ROOT = Path(__file__).resolve().parents[1]
BROKEN = Path(__file__).parent / "broken"
FILES = sorted(path for path in BROKEN.iterdir() if path.is_dir() or path.suffix == ".yaml")
# A model of ours answers everything pydantic may say in its own words; Y199 is for one that does not.
UNREACHED = {"Y199"}
Row = tuple[str, str, str, str]


def rows() -> dict[str, list[Row]]:
    """What answers.md expects of each broken file: place, code, words, and the way out."""
    found: dict[str, list[Row]] = {}
    for line in (BROKEN / "answers.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip().replace("\\|", "|") for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if len(cells) == 5 and re.match(r"[A-Z]\d{3}-", cells[0]):
            file, place, code, words, hint = cells
            found.setdefault(file.partition("/")[0], []).append((f"{file}:{place}", code, words, hint))
    return found


ANSWERS = rows()


@pytest.fixture(scope="module")
def told() -> dict[str, list[Finding]]:
    """Everything found in the broken files, all checked at once, by file or folder."""
    found: dict[str, list[Finding]] = {path.name: [] for path in FILES}
    for each in check_paths(texts_in(BROKEN)):
        if "tests/broken/" in each.mark.file:
            found[below(each).partition("/")[0]].append(each)
    return found


def below(finding: Finding) -> str:
    """The file of a finding, from the folder of broken files on."""
    return finding.mark.file.rpartition("tests/broken/")[2]


def place(finding: Finding) -> str:
    """Where a finding stands, as answers.md writes it."""
    return f"{below(finding)}:{finding.mark.line}:{finding.mark.column}"


@pytest.mark.parametrize("path", FILES, ids=[path.stem for path in FILES])
def test_each_broken_file_is_answered_in_its_place_and_words(
    told: dict[str, list[Finding]], path: Path
) -> None:
    """All that is wrong and nothing else: file, line, column, code, what was found, and the way out."""
    found = told[path.name]
    assert path.name[:4] in {each.code for each in found}
    expected = ANSWERS[path.name]
    counted = re.search(r"共 (\d+) 处", expected[-1][0])
    if counted:
        assert len(found) == int(counted[1])
        found, expected = found[: len(expected) - 1], expected[:-1]

    assert [(place(each), each.code) for each in found] == [row[:2] for row in expected]
    for each, (_, _, words, hint) in zip(found, expected, strict=True):
        assert words in each.line()
        assert hint in each.line()


def test_every_code_has_a_broken_file_and_every_file_its_answer() -> None:
    """At least eighty-five files; every code a check can report is reported by one that is named after it."""
    assert set(ANSWERS) == {path.name for path in FILES}
    assert len(FILES) >= 85
    assert {path.name[:4] for path in FILES} | UNREACHED | {"Y002", "Y006"} == set(TITLES)


HOSTILE = {
    "three hundred kilobytes": ("Y002", b"a: 1\n" * 60_000),
    "a hundred megabytes": ("Y002", b"a: " + b"9" * 100_000_000),
    "twenty thousand items": ("Y006", b"- 1\n" * 20_001),
    "the lists that crash libyaml's loader": ("Y005", b"- " * 30_000),
    "open brackets": ("Y005", b"[" * 200_000),
    "open maps": ("Y005", b"{a: " * 60_000),
    "a key of a key": ("Y013", b"? " * 60_000),
    "billion laughs": ("Y007", (BROKEN / "Y007-billion-laughs.yaml").read_bytes()),
    "two hundred thousand digits": (
        "Y104",
        b"year: " + b"9" * 200_000 + b"\nstatus: published\nsource: x\nrest: []\n",
    ),
    "one long line": ("P214", b"a: " + b"x" * 250_000),
    "thousands of tags": ("Y008", b"- !!python/name:os.system x\n" * 5_000),
    "thousands of merges": ("Y011", b"- {<<: {a: 1}}\n" * 4_000),
    "thousands of equal keys": ("Y012", b"a: 1\n" * 9_000),
    "thousands of unknown keys": ("Y102", b"law: x\n" + b"".join(b"k%d: 1\n" % n for n in range(9_000))),
    "thousands of quotes": ("Y004", b'"' * 200_001),
    "control characters": ("Y003", b"a: \x07\n" * 40_000),
    "UTF-16": ("Y001", ("a: 1\n" * 20_000).encode("utf-16")),
    "UTF-32": ("Y003", ("a: 1\n" * 10_000).encode("utf-32-le")),
    "a path of many steps": (
        "Y202",
        (BROKEN / "F301-posting-too-short.yaml").read_bytes() + b"  " + b"a." * 400 + b"a: 1\n",
    ),
    "a share of long numbers": (
        "Y115",
        (BROKEN / "Y115-share-in-percent.yaml").read_bytes().replace(b"50%", b"9" * 100_000 + b"%"),
    ),
    "a name like a pattern's nightmare": (
        "Y113",
        (BROKEN / "Y113-id-with-dash.yaml").read_bytes().replace(b"Lu-Deng", b"a" * 100_000 + b"!"),
    ),
}
# Forked from one process that has imported everything: what is measured is the refusal, not the start of Python.
CHILD = """
import json, os, resource, sys
from pathlib import Path
from workflow.check import check_paths
for name in sys.argv[1:]:
    pid = os.fork()
    if pid:
        _, status = os.waitpid(pid, 0)
        if status:
            print(json.dumps([name, status]), flush=True)
        continue
    resource.setrlimit(resource.RLIMIT_AS, (300 << 20, 300 << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
    found = check_paths([Path(name)])
    print(json.dumps([name, sorted({each.code for each in found}), max(map(len, (each.line() for each in found)))]))
    sys.stdout.flush()
    os._exit(0)
"""


def test_hostile_texts_are_refused_within_two_seconds_and_300_mb(tmp_path: Path) -> None:
    """The kernel holds the process to two seconds of work and 300 MB; each text is refused by its own code, briefly."""
    files = {}
    for number, (name, (_, data)) in enumerate(HOSTILE.items()):
        files[str(tmp_path / f"{number}.yaml")] = name
        (tmp_path / f"{number}.yaml").write_bytes(data)
    done = subprocess.run(
        [sys.executable, "-c", CHILD, *files], cwd=ROOT, capture_output=True, text=True, check=False
    )
    told = {files[line[0]]: line[1:] for line in map(json.loads, done.stdout.splitlines())}

    assert done.stderr == ""
    assert {name: code in told[name][0] for name, (code, _) in HOSTILE.items()} == dict.fromkeys(
        HOSTILE, True
    )
    assert max(longest for _, longest in told.values()) < 2_000


@pytest.mark.parametrize(
    "line",
    [
        "办: 登记会议结束", "谁: 书计", "填: {到会人数: 3}", "填: {表决方式: 举收}", "不填: [表决方法]",
        "先办到: 党员大会议", "接着: [{办: 登计动议}]", "接着: [{办: 登记动议, 填: {动议事油: 别的}}]",
        "村里: {任职: {书记: [村书记]}}", "事项: 修飞机场",
    ],
)  # fmt: skip
def test_words_of_cases_are_told_as_the_engine_tells_them(line: str) -> None:
    """Looked up without running, a word nobody knows is found in the place and words in which the run finds it."""
    usual = {"办": "登记会议结果", "谁": "书记"}
    rest = "".join(f"    {key}: {word}\n" for key, word in usual.items() if not line.startswith(key))
    node = read_yaml(f"说明: 试\n情形:\n  - 例: 一\n    {line}\n{rest}    结果: 通过\n".encode(), "f.yaml")
    library = Library(SHIPPED)

    with pytest.raises(Unreadable) as looked_up:
        CaseWords(library).check(node)
    with pytest.raises(Unreadable) as run:
        Cases(library).run_node(node)

    assert str(run.value) in str(looked_up.value)


def test_every_word_of_a_case_is_told_at_once() -> None:
    """The run stops at the first word nobody knows; the check tells all of them, what is expected among them."""
    text = (
        "说明: 试\n每例都:\n  填: {愿意留性名: 否}\n情形:\n  - 例: 一\n    先办到: 复核决议张帖\n    办: 提出异议\n"
        "    谁: 村名\n    结果: 已收到\n    下一步: 归挡\n    差在: [meeting.quorom]\n"
    )
    with pytest.raises(Unreadable) as told:
        CaseWords(Library(SHIPPED)).check(read_yaml(text.encode(), "f.yaml"))

    assert [(each.mark.line, each.code) for each in told.value.findings] == [
        (3, "C301"), (6, "C301"), (8, "C301"), (9, "C301"), (10, "C301"), (11, "C301"),
    ]  # fmt: skip


def test_no_case_is_run_by_the_check(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checking the shipped cases decides nothing: the engine is not asked once."""
    monkeypatch.setattr(Cases, "run", lambda *_: pytest.fail("a case was run"))
    assert check_paths([path for path in texts_in(EXAMPLES) if path.parent == EXAMPLES]) == []


def test_a_layer_is_judged_with_every_text_above_it_that_comes_later(tmp_path: Path) -> None:
    """A county's number that a later national text makes too low is told now, for the day on which it will be."""
    low = "layer: county\ndivision: '330102'\ntitle: 某县\nextends: siyi_lianggongkai\nfrom: {}\nset:\n  {}: 10\n"
    key = "stages.post_resolution.days"
    (tmp_path / "late.yaml").write_text(low.format("2026-01-01", key))

    assert [each.code for each in check_paths(texts_in(tmp_path))] == ["F301"]


def test_every_kind_of_file_is_told_by_one_item() -> None:
    """The items by which files are told apart stand in one kind of file each; cases may bring a life of their own."""
    keys = set(KINDS)
    for path in texts_in(SHIPPED) + texts_in(EXAMPLES):
        own = keys & set(read_yaml(path.read_bytes(), path.name).fields)
        assert len(own) <= 1 or own == {"情形", "走法"}, path


# What a server opens from its start to the first procedure asked for, in a process of its own: an audit hook hears all.
STARTING = """
import datetime, json, sys
from pathlib import Path
from command.init import init
from command.serve import settings_of
from web.app import create_app
from workflow.installation import open_at
folder = Path(sys.argv[1])
init("371329000000", "临沭县", data=folder)
opened = []
sys.addaudithook(lambda event, given: opened.append(str(given[0])) if event == "open" else None)
here = open_at(folder)
create_app(settings_of(data=folder), here)
start = [each for each in opened if each.endswith((".yaml", ".json"))]
opened.clear()
here.library.effective("siyi_lianggongkai", "371329105201", datetime.date(2026, 3, 1))
asked = sorted({"/".join(Path(each).parts[-3:-1]) for each in opened if each.endswith(".yaml")})
print(json.dumps([start, asked]))
"""


def test_a_server_reads_no_text_before_it_is_asked_for(tmp_path: Path) -> None:
    """A start opens no procedure, statute, calendar or schema; one procedure opens its own texts and the statutes alone."""
    done = subprocess.run(
        [sys.executable, "-c", STARTING, str(tmp_path / "new")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    start, asked = json.loads(done.stdout.splitlines()[-1])

    assert start == []
    assert {"procedures/siyi_lianggongkai", "procedures/statutes"} <= set(asked)
    assert all(
        "siyi_lianggongkai" in each or "every_procedure" in each or "statutes" in each for each in asked
    )
