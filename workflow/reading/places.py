"""From the location in a pydantic error to the place in the text, and to what the model has there.

A location holds more than keys and indexes: the tag of a discriminated union and the label of a plain union's
branch stand in it too, and may be spelled like a key. The model's JSON schema tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from pydantic import BaseModel, PydanticUserError

from workflow.core.nodes import Node, Step

Schema = Mapping[str, Any]
_DEEPEST = 3


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error belongs.

    `path` leads through the text, its last step perhaps missing there. `union` is the path of the outermost
    plain union on the way, `branch` the label of its branch. `names` are the keys the model has beside the
    last step with what the model calls each; `title` is what it calls the value, `allowed` the words it may be.
    `tag` is the kind of the thing the last step stands in, `elsewhere` says of an unknown key where it belongs.
    """

    path: tuple[Step, ...]
    at_key: bool = False
    union: tuple[Step, ...] | None = None
    branch: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    allowed: tuple[str, ...] = ()
    tag: str = ""
    elsewhere: tuple[str, ...] = ()


class Places:
    """The places of one model."""

    def __init__(self, model: type[BaseModel]) -> None:
        self._root = _schema(model)

    def find(self, location: Iterable[Step], node: Node) -> Place:
        """Return the place of an error's location in a text whose root is `node`."""
        path: tuple[Step, ...] = ()
        options = self._options([self._root])
        at_key, union, branch, tag, title = False, None, "", "", ""
        names: dict[str, str] = {}
        kinds: Mapping[str, str] = {}
        elsewhere: tuple[str, ...] = ()
        for step in location:
            if step == "[key]":
                at_key = True
                continue
            tagged = [schema for schema in options if "discriminator" in schema]
            if tagged:
                mapping = kinds = tagged[0]["discriminator"].get("mapping", {})
                tag = str(step)
                options = self._options([{"$ref": mapping[step]}] if step in mapping else tagged[0]["oneOf"])
                continue
            plain = [schema for schema in options if "anyOf" in schema]
            if plain:
                if union is None:
                    union, branch = path, str(step)
                options = self._options(self._branches(plain[0], str(step)))
                continue
            below = _below(options, step)
            if not below and node.at(path).child(step) is None:
                continue
            names = {
                name: str(child.get("title", ""))
                for schema in options
                for name, child in schema.get("properties", {}).items()
            }
            elsewhere = () if below else self._elsewhere(str(step), options, kinds)
            title = str(next((schema["title"] for schema in below if "title" in schema), ""))
            tag, kinds = (tag, {}) if kinds else ("", {})
            path = (*path, step)
            options = self._options(below)
        allowed = tuple(dict.fromkeys(str(word) for schema in options for word in _words(schema)))
        return Place(path, at_key, union, branch, names, title, allowed, tag, elsewhere)

    def _elsewhere(self, key: str, options: list[Schema], kinds: Mapping[str, str]) -> tuple[str, ...]:
        """Return where an unknown key belongs: below one of its neighbours (a dotted path), or in these kinds."""
        deeper = [
            (name, child, 1) for schema in options for name, child in schema.get("properties", {}).items()
        ]
        while deeper:
            path, schema, depth = deeper.pop(0)
            for option in self._options([schema]):
                if key in option.get("properties", {}):
                    return (f"{path}.{key}",)
                inside = [(f"{path}.{name}", child) for name, child in option.get("properties", {}).items()]
                more = option.get("additionalProperties")
                inside += [(f"{path}.…", more)] if isinstance(more, Mapping) else []
                inside += [(f"{path}.…", each) for each in option.get("patternProperties", {}).values()]
                deeper += [(*each, depth + 1) for each in inside if depth < _DEEPEST]
        return tuple(
            kind
            for kind, reference in kinds.items()
            if any(key in each.get("properties", {}) for each in self._options([{"$ref": reference}]))
        )

    def _options(self, schemas: Iterable[Schema]) -> list[Schema]:
        """Return the schemas themselves: references followed, `… | None` reduced to its other half."""
        options = []
        for given in schemas:
            schema = given
            while True:
                if "$ref" in schema:
                    schema = self._root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
                    continue
                halves = [half for half in schema.get("anyOf", ()) if half.get("type") != "null"]
                if len(halves) != 1:
                    break
                schema = halves[0]
            options.append(schema)
        return options

    def _branches(self, schema: Schema, label: str) -> list[Schema]:
        halves = [half for half in schema["anyOf"] if half.get("type") != "null"]
        named = [half for half in halves if half.get("$ref", "").removeprefix("#/$defs/") == label]
        return named or halves


def _below(options: list[Schema], step: Step) -> list[Schema]:
    """Return the schemas of a child; none when the model has no such child."""
    found: list[Schema] = []
    for schema in options:
        if isinstance(step, int):
            items = schema.get("items", schema.get("prefixItems"))
            if isinstance(items, Mapping):
                found.append(items)
            elif isinstance(items, list):
                found.extend(items[step : step + 1])
        elif step in schema.get("properties", {}):
            found.append(schema["properties"][step])
        elif isinstance(schema.get("additionalProperties"), Mapping):
            found.append(schema["additionalProperties"])
        else:
            found.extend(schema.get("patternProperties", {}).values())
    return found


def _words(schema: Schema) -> Iterable[object]:
    """Return the words a value, or each item of a list, may be."""
    if "discriminator" in schema:
        kinds: Mapping[str, str] = schema["discriminator"].get("mapping", {})
        return kinds
    items = schema.get("items")
    inner: Schema = items if isinstance(items, Mapping) and "enum" in items else schema
    found: Iterable[object] = inner.get("enum", [inner["const"]] if "const" in inner else [])
    return found


@lru_cache
def _schema(model: type[BaseModel]) -> Schema:
    """Return the model's JSON schema, made once; an empty one for a model that has none."""
    try:
        return model.model_json_schema()
    except PydanticUserError:
        return {}
