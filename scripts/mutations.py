"""The smallest steps from every number of a text: by one, by a share's strictness or one of its parts, from yes to no."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workflow.core.nodes import Mark, Node, Scalar, Step
from workflow.core.shares import Share
from workflow.shelves import read_file

# What only says where a stage comes from changes nothing that can be seen.
SAYS_ONLY = ("default",)
_PART = re.compile(r"(\d{1,4})/(\d{1,4})", re.ASCII)


@dataclass(frozen=True)
class Mutant:
    """One value of one text, otherwise by the smallest step."""

    file: Path
    path: tuple[Step, ...]
    stage: str
    mark: Mark
    old: Scalar
    new: Scalar


def steps(value: Scalar) -> Iterator[Scalar]:
    """Yield a value's nearest neighbours: a number by one, a share by its strictness or one of its parts, a yes as no."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield from (value - 1, value + 1)
    elif isinstance(value, str) and _PART.fullmatch(value):
        above, below = map(int, value.split("/"))
        yield from (f"{one}/{other}" for one, other in _parts(above, below))
    elif isinstance(value, str) and value.startswith(">"):
        share = Share.parse(value)
        other = ">" if share.op == ">=" else ">="
        yield f"{other} {share.numerator}/{share.denominator} of {share.base}"
        for one, below in _parts(share.numerator, share.denominator):
            yield f"{share.op} {one}/{below} of {share.base}"


def _parts(above: int, below: int) -> tuple[tuple[int, int], ...]:
    return (above - 1, below), (above + 1, below), (above, below - 1), (above, below + 1)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a procedure's or layer's text."""
    text = read_file(path)
    for at, node in text.walk():
        names = [part for step in at for part in (step.split(".") if isinstance(step, str) else [step])]
        if node.kind != "scalar" or names[-1:] == ["division"] or (names and names[-1] in SAYS_ONLY):
            continue
        for new in steps(node.scalar):
            yield Mutant(path, at, _stage(text, at), node.mark, node.scalar, new)


def _stage(text: Node, path: tuple[Step, ...]) -> str:
    """Return the id of the stage a path lies in, in a procedure or a layer; empty if it lies in none."""
    if path[0] == "stages":
        return str(text.at(path[:2])["id"].scalar)
    if path[0] == "insert_after":
        found = text.at(path[:3]).child("id")
        return str(found.scalar) if found else ""
    names = str(path[1]).split(".") if path[0] == "set" else [""]
    return names[1] if names[0] == "stages" else ""


def with_value(node: Node, path: tuple[Step, ...], new: Scalar) -> Node:
    """Return the text with another value at a path."""
    if not path:
        return Node.of_scalar(new, node.mark)
    first, rest = path[0], path[1:]
    child = with_value(node[first], rest, new)
    if isinstance(first, int):
        return Node.of_list((*node.items[:first], child, *node.items[first + 1 :]), node.mark)
    return Node.of_map({**node.fields, first: child}, node.mark, node.key_marks)
