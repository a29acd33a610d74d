"""Checks a text against a model and says every fault in Chinese, with its place and the likely fix."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from workflow.core.findings import MOST_FINDINGS, Finding, Unreadable
from workflow.core.nodes import Node
from workflow.reading.places import Place, Places
from workflow.reading.wording import TYPE_CODES, Fault, put_in_words

__all__ = ["Unreadable", "validate"]

Model = TypeVar("Model", bound=BaseModel)


def validate(model: type[Model], node: Node) -> Model:
    """Return the model read from a text; raises Unreadable with all faults.

    The data goes through pydantic's JSON reader, so a strict model takes lists for tuples and sets, and ISO
    text for days. (A `mode="before"` validator on a strict model turns that off below itself: pydantic then
    sees Python data.)
    """
    try:
        return model.model_validate_json(json.dumps(node.plain()))
    except ValidationError as error:
        details = error.errors(include_url=False, include_input=False)
    raise Unreadable(_explain(model, node, details[: MOST_FINDINGS + 1]))


def _explain(model: type[BaseModel], node: Node, details: list[ErrorDetails]) -> list[Finding]:
    places = Places(model)
    faults = []
    for detail in details:
        place = places.find(detail["loc"], node)
        if not _is_echo(detail, node.at(place.path)):
            faults.append(put_in_words(detail, place, node))
    faults = [fault for group in _by_union(faults) for fault in _likeliest(group, node)]
    meant = {fault.meant for fault in faults if fault.meant}
    # A misspelled key is also a missing one; saying the first is enough.
    return [fault.finding for fault in faults if not (fault.is_missing and fault.place.path in meant)]


def _is_echo(detail: ErrorDetails, node: Node) -> bool:
    """Whether a list is called too short only because its items were refused."""
    if detail["type"] != "too_short":
        return False
    return max(len(node.items), len(node.fields)) >= int(detail["ctx"]["min_length"])


def _by_union(faults: list[Fault]) -> Iterable[list[Fault]]:
    groups: dict[object, list[Fault]] = {}
    for number, fault in enumerate(faults):
        groups.setdefault(number if fault.place.union is None else fault.place.union, []).append(fault)
    return groups.values()


def _likeliest(group: list[Fault], node: Node) -> list[Fault]:
    """Return the faults of the branch that was probably meant; when none fits, one fault naming them all."""
    union = group[0].place.union
    if union is None:
        return group
    branches: dict[str, list[Fault]] = {}
    for fault in group:
        branches.setdefault(fault.place.branch, []).append(fault)
    fitting = [faults for faults in branches.values() if all(fault.place.path != union for fault in faults)]
    if not fitting:
        fitting = [
            faults
            for faults in branches.values()
            if all(fault.finding.code not in TYPE_CODES for fault in faults)
        ]
    if fitting:
        return min(fitting, key=len)
    expected = list(dict.fromkeys(fault.finding.expected for fault in group if fault.place.path == union))
    first = next(fault for fault in group if fault.place.path == union)
    if len(expected) == 1:
        return [first]
    hint = next((fault.finding.hint for fault in group if fault.finding.hint), "")
    finding = Finding(
        "Y117",
        first.finding.message,
        node.at(union).mark,
        found=first.finding.found,
        expected=" 或 ".join(expected),
        hint=hint,
    )
    return [Fault(finding, Place(union))]
