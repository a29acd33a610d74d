"""The JSON Schema (draft 2020-12) of every kind of file, made from the models, in Chinese, for editors to use.

A line `# yaml-language-server: $schema=…` at the top of a file names the schema by its path; procedures/README.md says
how. What a schema cannot say (the stages, the law, the days) is for `cunyi check`.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from pydantic import TypeAdapter

from workflow.check import KINDS
from workflow.core.shares import BASES, ShareRule
from workflow.reading.tokens import titles_of, with_titles

Schema = dict[str, Any]
DRAFT: Final = "https://json-schema.org/draft/2020-12/schema"
_CHINESE = re.compile(r"[\u4e00-\u9fff]")
_REFERENCE = "#/$defs/"
_ID = "[a-z][a-z0-9_]{0,39}"
# What the models leave without a title of its own, by key.
_TITLES: Final[Mapping[str, str]] = {
    "kind": "种类", "any_of": "达到一项即可", "year": "哪一年", "status": "已公布还是暂定", "source": "出处",
    "lunar_months": "农历各月", "first": "初一是哪天", "month": "几月", "leap": "是闰月", "rest": "放假的日子", "work": "调休上班的周六、周日", "day": "日期", "name": "名称",
}  # fmt: skip
_INNER: Final = frozenset({"items", "additionalProperties", "propertyNames", "anyOf", "oneOf"})
_DEEPEST: Final = 6
_SHARE_WORDS = (
    "份额，写成 “>= 2/3 of body_all”（三分之二以上，含本数）或 “> 1/2 of present”（过半数），要加英文双引号；"
    "any_of 后面列几项，达到一项即可。of 后面可以写："
)


def schemas() -> dict[str, str]:
    """Return the text of every schema by its file name."""
    made = {each.schema: _of(each.model.model_json_schema(), each.words) for each in KINDS.values()}
    _open_up(made["layer"], made["procedure"], _apart(made["catalogue"], "list"))
    return {
        f"{name}.json": json.dumps(each, ensure_ascii=False, indent=1) + "\n" for name, each in made.items()
    }


def _of(schema: Schema, words: str) -> Schema:
    share = TypeAdapter(ShareRule).json_schema()
    named = {
        old: f"{old.partition('_')[0]}_{number}" for number, old in enumerate(schema.get("$defs", {}), 1)
    }
    named = {old: new if len(old) > len(new) and "__" in old else old for old, new in named.items()}
    body = _chinese(schema, "", share, named)
    defined = body.pop("$defs", {})
    if any(each == {"$ref": f"{_REFERENCE}Share"} for each in _each(body | {"$defs": defined}, bare=True)):
        defined["Share"] = _chinese({**share, "description": _SHARE_WORDS + _listed(BASES)}, "", {}, {})
    return {"$schema": DRAFT, **body, "title": words, **({"$defs": defined} if defined else {})}


def _chinese(schema: Any, key: str, share: Schema, named: Mapping[str, str]) -> Any:
    """Return the schema with Chinese titles only; `key` is the property it is of."""
    if isinstance(schema, list):
        return [_chinese(each, key, share, named) for each in schema]
    if not isinstance(schema, dict):
        return schema
    if "anyOf" in share and schema.get("anyOf") == share["anyOf"]:
        return _titled({"$ref": f"{_REFERENCE}Share"}, schema, key)
    made: Schema = {}
    for name, value in schema.items():
        if name in ("properties", "patternProperties", "$defs"):
            made[name] = {
                named.get(each, each) if name == "$defs" else each: _chinese(child, each, share, named)
                for each, child in value.items()
            }
        elif name == "$ref":
            old = value.removeprefix(_REFERENCE)
            made[name] = _REFERENCE + named.get(old, old)
        elif name in _INNER:
            made[name] = _chinese(value, key, share, named)
        elif name not in ("title", "description", "discriminator") and (name, value) != ("default", None):
            made[name] = value
    return _titled(made, schema, key)


def _titled(made: Schema, schema: Schema, key: str) -> Schema:
    """Return the schema with its title, if that is Chinese or the key has one, and with the words of its tokens."""
    said = {
        name: schema[name] for name in ("title", "description") if _CHINESE.search(str(schema.get(name, "")))
    }
    if "title" not in said and key in _TITLES:
        said["title"] = _TITLES[key]
    tokens = [str(each) for each in schema.get("enum", [schema["const"]] if "const" in schema else [])]
    titles = titles_of(tokens, key)
    if titles:
        said["description"] = _listed(titles) if len(tokens) > 1 else titles[tokens[0]]
        if len(tokens) > 1:
            made["enumDescriptions"] = [titles.get(each, each) for each in tokens]
    return {**said, **made}


def _listed(tokens: Mapping[str, str]) -> str:
    return "、".join(with_titles(tokens))


def _each(schema: Any, *, bare: bool = False) -> Iterator[Schema]:
    """Yield the schema and every one in it; with `bare` only what it says of values, without titles."""
    if isinstance(schema, dict):
        said = {
            name: value for name, value in schema.items() if name not in ("title", "description", "default")
        }
        yield said if bare else schema
    for child in schema.values() if isinstance(schema, dict) else schema if isinstance(schema, list) else ():
        yield from _each(child, bare=bare)


def _apart(schema: Schema, prefix: str) -> Schema:
    """Return the schema with the names of its definitions made its own, so that another's can stand beside them."""
    text = json.dumps(schema, ensure_ascii=False)
    for name in schema["$defs"]:
        text = text.replace(f'"{_REFERENCE}{name}"', f'"{_REFERENCE}{prefix}_{name}"')
    found: Schema = json.loads(text)
    found["$defs"] = {f"{prefix}_{name}": each for name, each in found["$defs"].items()}
    return found


def _open_up(layer: Schema, procedure: Schema, catalogue: Schema) -> None:
    """Say of a layer what may stand at each path it sets, and that what it inserts into a procedure are stages."""
    layer["$defs"] = {**layer.get("$defs", {}), **procedure["$defs"], **catalogue["$defs"]}
    stages = procedure["properties"]["stages"]["items"]
    below: dict[str, list[Schema]] = {}
    for name, child in procedure["properties"].items():
        _paths(re.escape(name), child, procedure["$defs"], below)
    for name, child in catalogue["properties"].items():
        if name not in procedure["properties"]:
            _paths(re.escape(name), child, catalogue["$defs"], below)
    found = {f"^{path}$": _one_of(schemas) for path, schemas in below.items()}
    literal = {key: value for key, value in found.items() if re.fullmatch(r"\^(?:\w|\\\.)+\$", key)}
    layer["properties"]["set"] |= {
        "properties": {key[1:-1].replace("\\.", "."): value for key, value in literal.items()},
        "patternProperties": {key: value for key, value in found.items() if key not in literal},
        "additionalProperties": False,
    }
    layer["properties"]["insert_after"] |= {
        "patternProperties": {f"^{_ID}$": {"type": "array", "minItems": 1, "items": stages}},
        "additionalProperties": {"type": "array", "minItems": 1, "items": {"type": "object"}},
    }


def _one_of(found: list[Schema]) -> Schema:
    different = [each for number, each in enumerate(found) if each not in found[:number]]
    return different[0] if len(different) == 1 else {"anyOf": different}


def _paths(
    path: str, schema: Schema, defined: Schema, below: dict[str, list[Schema]], depth: int = 0
) -> None:
    """Put what may stand at a path, and at each path below it, into `below`; paths are patterns."""
    below.setdefault(path, []).append(schema)
    if depth > _DEEPEST or schema.get("$ref") == f"{_REFERENCE}Share":
        return
    for here in _resolved(schema, defined):
        for name, child in here.get("properties", {}).items():
            _paths(rf"{path}\.{re.escape(name)}", child, defined, below, depth + 1)
        more = here.get("additionalProperties")
        if isinstance(more, dict):
            names = here.get("propertyNames", {}).get("enum")
            step = f"({'|'.join(names)})" if names else _ID
            _paths(rf"{path}\.{step}", more, defined, below, depth + 1)
        for child in here.get("patternProperties", {}).values():
            _paths(rf"{path}\.{_ID}", child, defined, below, depth + 1)
        items = here.get("items")
        if isinstance(items, dict) and any(
            "id" in each.get("properties", {}) for each in _resolved(items, defined)
        ):
            _paths(rf"{path}\.{_ID}", items, defined, below, depth + 1)


def _resolved(schema: Schema, defined: Schema) -> Iterator[Schema]:
    """Yield the schemas that a value may be of: references followed, alternatives one by one."""
    if "$ref" in schema:
        yield from _resolved(defined.get(schema["$ref"].removeprefix(_REFERENCE), {}), defined)
        return
    branches = schema.get("anyOf", schema.get("oneOf"))
    if branches is None:
        yield schema
    for each in branches or ():
        if each.get("$ref") != f"{_REFERENCE}Share":
            yield from _resolved(each, defined)
