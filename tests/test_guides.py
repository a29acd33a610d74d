"""The guides: what they print is what the commands print, what they name exists, what they quote stands on the pages."""

import datetime
import json
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import typer

from command import main
from tests.builders import Clock, grant
from tests.calling import environment
from web import store
from workflow.core.duties import spans
from workflow.drafts import trying
from workflow.installation import Installation, create, open_at
from workflow.library import Library
from workflow.published import lay_out
from workflow.shelves import read_file

ROOT = Path(__file__).resolve().parents[1]
GUIDES = ROOT / "docs" / "guides"
COUNTY_GUIDE = GUIDES / "county.md"
COUNTY = "379901000000"
SHOWING_COMMANDS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "procedures" / "README.md",
    ROOT / "examples" / "README.md",
    ROOT / "docs" / "checks" / "README.md",
    *sorted(GUIDES.glob("*.md")),
]
FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NAMED_FILE = re.compile(r"# 文件：(\S+)\n")
IN_CODE = re.compile(r"^```[a-z]*\n(?P<block>.*?)^```$|`(?P<span>[^`\n]+)`", re.DOTALL | re.MULTILINE)
SHOWN_COMMAND = re.compile(r"(?:^|[\s/\\])cunyi (?P<rest>[a-z][^\n]*)", re.MULTILINE)
OF_AN_INSTALLATION = ("token", "publish")
# Runs commands one after another in the folder it stands in, so that they read the texts there and no others.
RUNNER = """
import contextlib, io, json, pathlib, sys
from command.main import run
answers = []
for sort, name, body in json.load(sys.stdin):
    if sort == "file":
        path = pathlib.Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(body, encoding="utf-8")
        continue
    said = io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
        run(name)
    answers.append(said.getvalue())
print(json.dumps(answers))
"""


@dataclass(frozen=True)
class Shown:
    """A file a guide has its reader write, or a command with what it is said to print."""

    arguments: tuple[str, ...]
    said: str
    file: str = ""

    @property
    def of_an_installation(self) -> bool:
        """Whether the command acts on a register, not on texts alone."""
        return bool(self.arguments) and self.arguments[0] in OF_AN_INSTALLATION


def shown(guide: Path) -> Iterator[Shown]:
    """Everything a guide has its reader do, in order."""
    for sort, body in FENCE.findall(guide.read_text(encoding="utf-8")):
        if sort == "yaml":
            named = NAMED_FILE.match(body)
            assert named, f"a file without its name: {body[:60]}"
            yield Shown((), body, named[1])
        elif sort == "console":
            for each in body.split("$ cunyi ")[1:]:
                line, said = each.split("\n", 1)
                yield Shown(tuple(shlex.split(line)), said)


def same(said: str, printed: str) -> bool:
    """Whether a command printed what the guide shows; …… stands for anything, on a line of its own for any lines."""
    pattern = re.escape(said).replace("……\\\n", "(?s:.*)").replace("……", ".*")
    return re.fullmatch(pattern, printed) is not None


@pytest.fixture(scope="module")
def tried(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[tuple[Shown, str]]]:
    """A copy of the house in which the county's guide was followed word for word, and what each command printed."""
    folder = tmp_path_factory.mktemp("guide")
    for name in ("workflow", "command", "web", "procedures", "examples"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    steps = [each for each in shown(COUNTY_GUIDE) if not each.of_an_installation]
    asked = [("file", each.file, each.said) if each.file else ("run", each.arguments, "") for each in steps]
    done = subprocess.run(
        [sys.executable, "-c", RUNNER],
        cwd=folder,
        env=environment({}),
        input=json.dumps(asked),
        capture_output=True,
        text=True,
        check=True,
    )
    commands = [each for each in steps if not each.file]
    return folder, list(zip(commands, json.loads(done.stdout), strict=True))


def test_the_county_guide_prints_what_the_commands_print(tried: tuple[Path, list[tuple[Shown, str]]]) -> None:
    """Whoever copies the guide's files and commands sees exactly the answers the guide shows."""
    _, answers = tried
    assert {each.arguments[0] for each, _ in answers} == {"show", "check", "route", "case", "diff"}
    assert [(each.arguments, printed) for each, printed in answers if not same(each.said, printed)] == []


def test_the_county_guide_names_the_days_its_duties_fall_on(
    tried: tuple[Path, list[tuple[Shown, str]]],
) -> None:
    """The table of a year's due days, solar and lunar, is what the texts of the guide come to."""
    library = Library(tried[0] / "procedures")
    first, last = datetime.date(2027, 1, 1), datetime.date(2027, 12, 31)
    with trying(library, [read_file(tried[0] / "本县" / "事项清单.yaml")]) as drafted:
        catalogue = drafted.catalogue(first, COUNTY[:6])
    table = re.findall(
        r"^\| (\S+) \| (\S+) \| (\d{4}-\d{2}-\d{2}) \|$",
        COUNTY_GUIDE.read_text(encoding="utf-8"),
        re.MULTILINE,
    )
    due = [
        (kind.title, each.label, each.last_day.isoformat())
        for kind in catalogue.kinds
        if kind.every is not None and kind.basis == "某县村级事项清单"
        for each in spans(kind.every, library.calendar[0], first, last)
    ]
    assert due
    assert table == due


@pytest.fixture
def county(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Installation, dict[str, str]]]:
    """The guide's county in March 2026, and what its readers put for the words of the guide that stand for theirs."""
    clock, folder = Clock(), tmp_path / "home"
    made = create(folder, COUNTY, "某县", clock=clock)
    made.database.create()
    grant(made, COUNTY, "installation", "p_administrator", "administrator")
    with made.database.writing() as conn:
        people = [
            store.create_account(
                conn,
                name=name,
                display=name,
                group="county",
                scope=COUNTY[:6],
                place_name="某县",
                now=clock(),
            )
            for name in ("王芳", "赵强")
        ]
    for person in people:
        grant(made, COUNTY, "p_administrator", person, "county_civil_affairs")

    def opened(*_: object) -> Installation:
        here = open_at(folder, clock=clock)
        lay_out(here)
        return here

    for name in ("command.publish.opened", "command.user.opened"):
        monkeypatch.setattr(name, opened)
    path = tmp_path / "四议两公开.yaml"
    for each in shown(COUNTY_GUIDE):
        if each.file.endswith(f"/{path.name}"):
            path.write_text(each.said, encoding="utf-8")
    yield made, {"数据文件夹": str(folder), path.name: str(path)}
    made.close()


def test_the_county_guide_puts_a_text_in_force_by_two_people(
    county: tuple[Installation, dict[str, str]], capsys: pytest.CaptureFixture[str]
) -> None:
    """Token, proposal, the proposer's refused approval, the other's approval and the list are as the guide prints them."""
    here, words = county
    steps = [each for each in shown(COUNTY_GUIDE) if each.of_an_installation]
    different = []
    for each in steps:
        main.run([words.get(word, word) for word in each.arguments])
        told = capsys.readouterr()
        if each.arguments[:2] == ("token", "new"):
            words[f"{each.arguments[2]}的令牌"] = told.out.strip()
        if not same(each.said, told.out + told.err):
            different.append((each.arguments, told.out + told.err))
    assert different == []
    lay_out(here)
    notices = [
        here.library.effective("siyi_lianggongkai", COUNTY[:6], datetime.date.fromisoformat(day))
        .compiled.procedure.by_id["resolve"]
        .bodies["rep_assembly"]  # type: ignore[attr-defined]
        .notice_days
        for day in ("2026-12-31", "2027-01-01")
    ]
    assert notices == [5, 7]


def commands_in(page: Path) -> list[tuple[str, ...]]:
    """Every `cunyi` command in the code of a page, in words."""
    return [
        tuple(shlex.split(each["rest"], comments=True))
        for code in IN_CODE.finditer(page.read_text(encoding="utf-8"))
        for each in SHOWN_COMMAND.finditer(code["block"] or code["span"])
    ]


def unknown(words: tuple[str, ...]) -> list[str]:
    """What of a command does not exist: the command itself, or options."""
    command = typer.main.get_command(main.application())
    rest = list(words)
    while rest and hasattr(command, "commands"):
        name = rest.pop(0)
        if name not in command.commands:
            return [name]
        command = command.commands[name]
    options = {option for each in command.params for option in each.opts}
    return [word for word in rest if word.startswith("-") and word.partition("=")[0] not in options]


@pytest.mark.parametrize("page", SHOWING_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_command_shown_exists_with_its_options(page: Path) -> None:
    """No page shows a command, a subcommand or an option that the program does not have."""
    assert {words: missing for words in commands_in(page) if (missing := unknown(words))} == {}


def test_commands_are_found_and_a_wrong_one_would_be() -> None:
    """The pages do show commands; a command, a subcommand and an option that are not there are noticed."""
    assert ("check",) in commands_in(ROOT / "README.md")
    assert len(commands_in(COUNTY_GUIDE)) > len(list(shown(COUNTY_GUIDE))) / 2
    assert [unknown(tuple(words.split())) for words in ("vrify", "token make", "check --fast", "check --json")] == [
        ["vrify"], ["make"], ["--fast"], [],
    ]  # fmt: skip


@pytest.mark.parametrize("page", SHOWING_COMMANDS, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_make_target_and_link_shown_exists(page: Path) -> None:
    """`make …` names a target of the Makefile, and each relative link leads to a file."""
    text = page.read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    code = "\n".join(each["block"] or each["span"] for each in IN_CODE.finditer(text))
    assert set(re.findall(r"^make ([a-z]+)", code, re.MULTILINE)) - targets == set()
    links = [each.partition("#")[0] for each in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in each]
    assert [each for each in links if each and not (page.parent / each).exists()] == []


@pytest.fixture(scope="module")
def on_pages() -> str:
    """All words of the pages and of the engine that the pages show."""
    sources = [
        *(ROOT / "web").rglob("*.html"),
        *(ROOT / "web").rglob("*.py"),
        *(ROOT / "workflow").rglob("*.py"),
    ]
    return "\n".join(path.read_text(encoding="utf-8") for path in sources)


@pytest.mark.parametrize("name", ["secretary", "committee", "township", "villager", "county"])
def test_what_a_guide_quotes_stands_on_the_pages(name: str, on_pages: str) -> None:
    """Every 【button or heading】 of a guide is worded as the pages word it; the four that lead through pages quote some."""
    quoted = re.findall(r"【([^】]+)】", (GUIDES / f"{name}.md").read_text(encoding="utf-8"))
    assert quoted
    assert [words for words in quoted if words not in on_pages] == []
