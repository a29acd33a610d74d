"""From the location in a pydantic error to the place in the text, and to what the model has there.

A location holds more than keys and indexes: the tag of a discriminated union and the label of a plain union's
branch stand in it too, and may be spelled like a key. The model's JSON schema tells them apart.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, PydanticUserError

from workflow.core.nodes import Node, Step

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where an error belongs.

    `path` leads through the text, its last step perhaps missing there. `union` is the path of the outermost
    plain union on the way, `branch` the label of its branch. `names` are the keys the model has beside the
    last step, `title` is what the model calls the value.
    """

    path: tuple[Step, ...]
    at_key: bool = False
    union: tuple[Step, ...] | None = None
    branch: str = ""
    names: tuple[str, ...] = ()
    title: str = ""


class Places:
    """The places of one model."""

    def __init__(self, model: type[BaseModel]) -> None:
        try:
            self._root: Schema = model.model_json_schema()
        except PydanticUserError:
            self._root = {}

    def find(self, location: Iterable[Step], node: Node) -> Place:
        """Return the place of an error's location in a text whose root is `node`."""
        path: tuple[Step, ...] = ()
        options = self._options([self._root])
        at_key, union, branch, names, title = False, None, "", (), ""
        for step in location:
            if step == "[key]":
                at_key = True
                continue
            tagged = [schema for schema in options if "discriminator" in schema]
            if tagged:
                mapping = tagged[0]["discriminator"].get("mapping", {})
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
            names = tuple(name for schema in options for name in schema.get("properties", {}))
            title = str(next((schema["title"] for schema in below if "title" in schema), ""))
            path = (*path, step)
            options = self._options(below)
        return Place(path, at_key, union, branch, names, title)

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
    return found
