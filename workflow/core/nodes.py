"""A parsed text as an immutable tree in which every value knows where it was written."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from types import MappingProxyType
from typing import Any, Literal

Scalar = str | int | bool | None
Step = str | int
Kind = Literal["map", "list", "scalar"]


@dataclass(frozen=True, slots=True, order=True)
class Mark:
    """A position in a file, counted in characters from 1; `layer` is the title of the layer that wrote it."""

    file: str
    line: int
    column: int
    layer: str = ""

    def __str__(self) -> str:
        """Return `file:line:column`."""
        return f"{self.file}:{self.line}:{self.column}"


@dataclass(frozen=True, slots=True)
class Node:
    """One map, list or scalar. Build it with `Node.of_map`, `Node.of_list` or `Node.of_scalar`."""

    kind: Kind
    value: Mapping[str, Node] | tuple[Node, ...] | Scalar
    mark: Mark
    key_marks: Mapping[str, Mark] = field(default_factory=lambda: MappingProxyType({}))

    @classmethod
    def of_map(cls, fields: Mapping[str, Node], mark: Mark, key_marks: Mapping[str, Mark]) -> Node:
        """Return a map; `key_marks` says where each key stands."""
        return cls("map", MappingProxyType(dict(fields)), mark, MappingProxyType(dict(key_marks)))

    @classmethod
    def of_list(cls, items: tuple[Node, ...], mark: Mark) -> Node:
        """Return a list."""
        return cls("list", items, mark)

    @classmethod
    def of_scalar(cls, value: Scalar, mark: Mark) -> Node:
        """Return a single value."""
        return cls("scalar", value, mark)

    @property
    def fields(self) -> Mapping[str, Node]:
        """The children of a map; empty for any other kind."""
        return self.value if isinstance(self.value, Mapping) else MappingProxyType({})

    @property
    def items(self) -> tuple[Node, ...]:
        """The children of a list; empty for any other kind."""
        return self.value if isinstance(self.value, tuple) else ()

    @property
    def scalar(self) -> Scalar:
        """The value of a scalar; None for a map or a list."""
        return self.value if isinstance(self.value, str | int) else None

    def __getitem__(self, step: Step) -> Node:
        """Return the child under a key or at an index; raises KeyError or IndexError when there is none."""
        return self.items[step] if isinstance(step, int) else self.fields[step]

    def child(self, step: Step) -> Node | None:
        """Return the child under a key or at an index (not counted from the end), or None."""
        if isinstance(step, int):
            return self.items[step] if 0 <= step < len(self.items) else None
        return self.fields.get(step)

    def at(self, path: tuple[Step, ...]) -> Node:
        """Return the node at a path, or the last one on the way to it that exists."""
        node = self
        for step in path:
            child = node.child(step)
            if child is None:
                break
            node = child
        return node

    def mark_of_key(self, key: str) -> Mark:
        """Return where a key of this map stands, or the map's own mark when it has no such key."""
        return self.key_marks.get(key, self.mark)

    def walk(self) -> Iterator[tuple[tuple[Step, ...], Node]]:
        """Yield this node and all below it with their paths, in the order of the text."""
        stack: list[tuple[tuple[Step, ...], Node]] = [((), self)]
        while stack:
            path, node = stack.pop()
            yield path, node
            children: list[tuple[Step, Node]] = [*node.fields.items(), *enumerate(node.items)]
            stack.extend(((*path, step), child) for step, child in reversed(children))

    def plain(self) -> Any:
        """Return the same data as new dicts, lists and scalars."""
        top: list[Any] = []
        stack: list[tuple[Node, Callable[[Any], object]]] = [(self, top.append)]
        while stack:
            node, put = stack.pop()
            if node.kind == "map":
                fields: dict[str, Any] = {}
                put(fields)
                children = reversed(list(node.fields.items()))
                stack.extend((child, partial(fields.__setitem__, key)) for key, child in children)
            elif node.kind == "list":
                items: list[Any] = []
                put(items)
                stack.extend((child, items.append) for child in reversed(node.items))
            else:
                put(node.value)
        return top[0]
