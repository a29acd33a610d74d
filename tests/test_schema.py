"""The JSON Schemas that editors use while typing are those of the models, in Chinese, and true."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from workflow.check import KINDS
from workflow.reading.yaml_text import read_yaml
from workflow.schema import DRAFT, schemas

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / "procedures" / "schema"
CHINESE = re.compile(r"[\u4e00-\u9fff]")
SHIPPED = sorted(path for folder in ("procedures", "examples") for path in (ROOT / folder).rglob("*.yaml"))


@pytest.fixture(scope="module")
def made() -> dict[str, Any]:
    """Every schema, by the name of its kind."""
    return {name.removesuffix(".json"): json.loads(text) for name, text in schemas().items()}


def faults(schema: Any, text: str) -> list[str]:
    """What a schema finds wrong with a text, as an editor would underline it."""
    validator = jsonschema_rs.Draft202012Validator(schema, validate_formats=True)
    return [
        "/".join(str(step) for step in error.instance_path)
        for error in validator.iter_errors(read_yaml(text.encode(), "f.yaml").plain())
    ]


def every(schema: Any) -> Iterator[tuple[str, Any]]:
    """Every property of a schema, with its name."""
    if isinstance(schema, dict):
        named = schema.get("properties", {})
        if all(isinstance(child, dict) for child in named.values()):
            yield from named.items()
    for child in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from every(child)


def test_the_shipped_schemas_are_those_of_the_models() -> None:
    """A model was changed and `make schema` was not run: this says so."""
    shipped = {path.name: path.read_text(encoding="utf-8") for path in FOLDER.iterdir()}

    assert shipped == schemas()


def test_every_kind_of_file_has_a_schema_of_the_draft(made: dict[str, Any]) -> None:
    """All kinds `cunyi check` knows; each schema is itself valid under the draft it names."""
    assert set(made) == {kind.schema for kind in KINDS.values()}
    for schema in made.values():
        assert schema["$schema"] == DRAFT
        jsonschema_rs.meta.validate(schema)


@pytest.mark.parametrize("path", SHIPPED, ids=[str(path.relative_to(ROOT)) for path in SHIPPED])
def test_every_shipped_file_is_valid(made: dict[str, Any], path: Path) -> None:
    """No editor underlines anything in what we ship."""
    text = path.read_text(encoding="utf-8")
    node = read_yaml(text.encode(), path.name)
    kind = next((kind for key, kind in KINDS.items() if node.child(key) is not None), None)
    if kind is None:
        assert path.parent.name == "demo"
        return

    assert faults(made[kind.schema], text) == []


def test_every_property_and_every_token_has_chinese_words(made: dict[str, Any]) -> None:
    """What an editor shows beside a key or a choice is Chinese, wherever it stands."""
    silent = [
        f"{name}: {key}"
        for name, schema in made.items()
        for key, child in every(schema)
        if not CHINESE.search(str(child.get("title", "")))
    ]
    wordless = {
        f"{name}: {key}: {token}"
        for name, schema in made.items()
        for key, child in every(schema)
        for part in (child, child.get("items", {}), child.get("propertyNames", {}))
        if isinstance(part, dict) and "enum" in part
        for token, words in zip(part["enum"], part.get("enumDescriptions", part["enum"]), strict=True)
        if not CHINESE.search(str(words)) and not str(token).isdecimal()
    }
    english = [
        f"{name}: {each}"
        for name, schema in made.items()
        for each in re.findall(
            r'"(?:title|description)": "([^"\u4e00-\u9fff]+)"', json.dumps(schema, ensure_ascii=False)
        )
    ]

    assert (silent, sorted(wordless), english) == ([], [], [])


LAYER = """layer: county
division: "371329"
title: 临沭县
extends: siyi_lianggongkai
from: 2026-01-01
set:
  {}
"""


@pytest.mark.parametrize(
    "line",
    [
        "stages.post_resolution.dais: 20",
        "stage.post_resolution.days: 20",
        "stages.post_resolution.days: 20天",
        "stages.post_resolution.days: 0",
        "stages.resolve.bodies.rep_assembley.notice_days: 5",
        "stages.resolve.bodies.rep_assembly.quorum: 三分之二以上",
        'stages.resolve.bodies.rep_assembly.quorum: ">=2/3 of body_all"',
        "settings.objection_reply_day: 5",
        "settings.day_count: workdays",
    ],
)
def test_a_slip_in_a_layer_is_underlined_while_it_is_typed(made: dict[str, Any], line: str) -> None:
    """A path that leads nowhere and a value that may not stand there are wrong for an editor already."""
    good = LAYER.format("stages.post_resolution.days: 20")

    assert faults(made["layer"], good) == []
    assert faults(made["layer"], LAYER.format(line)) != []


def test_a_slip_in_a_procedure_is_underlined_while_it_is_typed(made: dict[str, Any]) -> None:
    """Unknown keys, unknown kinds, texts for numbers and missing keys, each at its place."""
    text = (ROOT / "procedures/siyi_lianggongkai/2026-01-01.yaml").read_text(encoding="utf-8")
    slips = {
        ("decides: villagers", "decides: 村民"): "decides",
        ("late_days: 3", "late_day: 3"): "settings",
        ("from: 2026-01-01", "from: 2026-13-01"): "from",
        ("    kind: motion", "    kind: 动议"): "stages/0",
        ("    days: 15\n", "    days: 十五\n"): "stages/5",
        ("    what: result\n", ""): "stages/7",
    }
    for (old, new), place in slips.items():
        assert old in text
        assert any(each.startswith(place) for each in faults(made["procedure"], text.replace(old, new, 1))), (
            new
        )


def test_the_line_for_the_editor_leads_to_the_schema() -> None:
    """Each line the guide shows, put into the file it names, leads to a schema of that file's kind."""
    guide = (ROOT / "docs" / "checks" / "README.md").read_text(encoding="utf-8")
    rows = re.findall(r"\| `(procedures/\S+)` \| `# yaml-language-server: \$schema=(\S+)` \|", guide)

    assert len(rows) == 5
    for file, schema in rows:
        target = ((ROOT / file).parent / schema).resolve()
        node = read_yaml((ROOT / file).read_bytes(), file)
        kind = next(kind for key, kind in KINDS.items() if node.child(key) is not None)
        assert target == FOLDER / f"{kind.schema}.json"
