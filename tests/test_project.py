"""Facts about the tree itself."""

import ast
import itertools
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST = 320
CODE = {".py", ".html", ".css", ".js"}
# Spelled with a class of one letter, so that this file does not hold what it looks for.
HOSTS = re.compile(r"pyp[i]\.org|pythonh[o]sted|npmj[s]|deb\.d[e]bian")
MACHINE_PATHS = re.compile(r"(?<![\w./:<}*-])/(?:w[o]rk|r[o]ot|f[a]rm|t[m]p)/")
PINNED = re.compile(r"^([a-z0-9][a-z0-9.-]*(?:\[[a-z,]+\])?)==(\S+)", re.MULTILINE)


@pytest.fixture(scope="module")
def tracked() -> dict[str, str]:
    """Every text file that git knows here, by its path."""
    if not (ROOT / ".git").exists():
        pytest.skip("no git checkout, so nobody can say which files belong to the project")
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        check=True,
        text=True,
    )
    found = {}
    for name in filter(None, listed.stdout.split("\0")):
        try:
            found[name] = (ROOT / name).read_text(encoding="utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue  # a picture, or a file deleted but not yet committed
    return found


def pins(lock: str) -> dict[str, str]:
    """The package versions of a lock file."""
    return dict(PINNED.findall((ROOT / lock).read_text(encoding="utf-8")))


def test_no_file_of_code_is_long(tracked: dict[str, str]) -> None:
    """A file above 320 lines wants to be two."""
    long = {name: text.count("\n") for name, text in tracked.items() if Path(name).suffix in CODE}

    assert {name: lines for name, lines in long.items() if lines > LONGEST} == {}


@pytest.mark.parametrize("pattern", [HOSTS, MACHINE_PATHS], ids=["registry hosts", "machine paths"])
def test_no_file_names_a_place_of_ours(tracked: dict[str, str], pattern: re.Pattern[str]) -> None:
    """The project builds anywhere: no registry host and no path of one machine stands in it."""
    found = [
        f"{name}:{number}: {line.strip()[:120]}"
        for name, text in tracked.items()
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]

    assert found == []


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_a_hash(lock: str) -> None:
    """Each locked package is held by hashes, and the file names no index."""
    text = (ROOT / lock).read_text(encoding="utf-8")
    packages = [block for block in re.split(r"\n(?=\S)", text) if not block.startswith("#")]

    assert packages
    assert [block for block in packages if not PINNED.match(block) or "--hash=sha256:" not in block] == []
    assert re.findall(r"://|--\S*index\S*|--find-links", text) == []


def test_both_locks_agree() -> None:
    """What is tested is what runs: the tools' lock holds every package of the other, in the same version."""
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


def test_every_declared_dependency_is_locked() -> None:
    """`make lock` has been run since a dependency was added."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    declared = itertools.chain(project["project"]["dependencies"], *project["dependency-groups"].values())
    names = {re.split(r"[\[<>=!~; ]", name)[0].lower().replace("_", "-") for name in declared}
    locked = {name.partition("[")[0] for name in pins("requirements-dev.lock")}

    assert names - locked == set()


def test_every_test_states_its_fact(tracked: dict[str, str]) -> None:
    """Every test has a docstring: the fact that it holds."""
    silent = [
        f"{name}:{node.lineno}: {node.name}"
        for name, text in tracked.items()
        if name.startswith("tests/") and Path(name).name.startswith("test_") and name.endswith(".py")
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_")
        if not ast.get_docstring(node)
    ]

    assert silent == []


def test_imports_go_downwards() -> None:
    """The import contracts of pyproject.toml hold."""
    # In a process of its own: the linter configures logging, and silences the loggers other tests listen to.
    linter = "from importlinter.cli import lint_imports_command as run; run()"

    done = subprocess.run(
        [sys.executable, "-c", linter, "--no-cache", "--no-logo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0, done.stdout + done.stderr
