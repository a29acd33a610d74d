"""Where in a text what a model says of it stands: steps are named by their ids there, and numbered in the text."""

from workflow.core.findings import Finding
from workflow.core.nodes import Node
from workflow.core.procedure import Problem


def indices(node: Node, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return the path with stage ids replaced by their indices in the list."""
    found: list[str | int] = []
    for step in path:
        here = node.at(tuple(found))
        if here.kind == "list" and isinstance(step, str):
            ids = [item["id"].scalar if item.child("id") else None for item in here.items]
            found.append(ids.index(step) if step in ids else 0)
        else:
            found.append(step)
    return tuple(found)


def pointed(node: Node, problem: Problem) -> Finding:
    """Return a problem as a finding, at the place in the text that it means, or the nearest one on the way to it."""
    where = node.at(indices(node, problem.path))
    return Finding(problem.code, problem.message, where.mark, hint=problem.hint)
