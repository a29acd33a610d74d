"""The pages that explain the codes: one for each, and what they call wrong is wrong, what they call right is right."""

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from workflow.check import check_paths, page_of, texts_in
from workflow.core.findings import TITLES

ROOT = Path(__file__).resolve().parents[1]
PAGES = ROOT / "docs" / "checks"
# The only code that no file of ours can bring about.
WITHOUT_EXAMPLE = {"Y199"}
# Said of a file in which two hundred other things are wrong.
WITH_OTHERS = {"Y099": {"Y102", "Y099"}}
SECTIONS = ("错的写法", "对的写法")
FENCE = re.compile(r"```yaml ?([^\n]*)\n(.*?)```", re.DOTALL)


def examples(code: str, section: str) -> list[tuple[dict[str, str], str]]:
    """The YAML of one section of a page, each with what its fence says of it."""
    text = (PAGES / f"{code}.md").read_text(encoding="utf-8")
    body = text.split(f"## {section}\n")[1].split("\n## ")[0]
    return [(dict(each.split("=") for each in said.split()), yaml) for said, yaml in FENCE.findall(body)]


def write(folder: Path, said: dict[str, str], yaml: str) -> None:
    """Make the file of an example: under its name, in its encoding, with its last line so many times."""
    yaml = re.sub(r"⟨U\+([0-9A-F]+)⟩", lambda found: chr(int(found[1], 16)), yaml)
    if "重复" in said:
        *first, last = yaml.splitlines(keepends=True)
        yaml = "".join(first) + "".join(last.replace("⟨n⟩", str(n)) for n in range(int(said["重复"])))
    path = folder / said.get("文件", "2030.yaml")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(yaml.encode(said.get("编码", "utf-8")))


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Mapping[tuple[str, str], set[str]]:
    """The codes found in the examples of each section of each page, all checked at once."""
    root = tmp_path_factory.mktemp("pages")
    codes: dict[tuple[str, str], set[str]] = {}
    for code in sorted(set(TITLES) - WITHOUT_EXAMPLE):
        for section in SECTIONS:
            codes[code, section] = set()
            for said, yaml in examples(code, section):
                write(root / code / section, said, yaml)
    for each in check_paths(texts_in(root)):
        path = Path(each.mark.file)
        if path.is_relative_to(root):
            code, section = path.relative_to(root).parts[:2]
            codes[code, section].add(each.code)
    return codes


def test_every_code_has_its_page_and_every_page_its_code() -> None:
    """A code without a page, a page without a code, a page with another title: none."""
    titles = {
        path.stem: path.read_text(encoding="utf-8").splitlines()[0]
        for path in PAGES.glob("*.md")
        if path.name != "README.md"
    }

    assert titles == {code: f"# {code} {title}" for code, title in TITLES.items()}
    assert {page_of(code) for code in TITLES} == {f"docs/checks/{code}.md" for code in TITLES}


@pytest.mark.parametrize("code", sorted(set(TITLES) - WITHOUT_EXAMPLE))
def test_the_wrong_example_is_wrong_in_just_this(
    found: Mapping[tuple[str, str], set[str]], code: str
) -> None:
    """What a page shows as wrong is answered with the page's own code and no other; what it shows as right, with none."""
    wrong, right = SECTIONS

    assert examples(code, wrong)
    assert examples(code, right)
    assert found[code, wrong] == WITH_OTHERS.get(code, {code})
    assert found[code, right] == set()


def test_the_links_between_the_pages_hold() -> None:
    """Every page a page names is there."""
    for path in PAGES.glob("*.md"):
        for target in re.findall(r"\]\(([^)#]+)\)", path.read_text(encoding="utf-8")):
            assert (path.parent / target).exists(), f"{path.name}: {target}"


def test_every_letter_of_the_codes_is_in_the_table() -> None:
    """The overview says what each family of codes is about."""
    overview = (PAGES / "README.md").read_text(encoding="utf-8")

    assert {code[:2] for code in TITLES} == set(re.findall(r"^\| ([A-Z]\d) \|", overview, re.MULTILINE))
