"""Texts that are not in force: what each is, and a library that reads them as if they were, to try them out."""

import datetime
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from workflow.core.catalogue import Catalogue
from workflow.core.findings import Finding, Unreadable
from workflow.core.layer_file import LayerFile
from workflow.core.nodes import Node
from workflow.core.procedure import Procedure
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.shelves import MATTER_LIST


@dataclass(frozen=True, slots=True)
class Head:
    """What a text is: its place on the shelf, its first day, the division it binds, its title."""

    shelf: str
    first_day: datetime.date
    division: str
    title: str
    base: bool


def is_text(node: Node) -> bool:
    """Whether this is meant to be a procedure, a layer or a catalogue: what can be put in force."""
    return any(node.child(each) is not None for each in ("procedure", "extends", "catalogue"))


def head_of(node: Node) -> Head:
    """Return what a text is; `Unreadable` for one that is no procedure, layer or catalogue."""
    if node.child("procedure") is not None:
        text = validate(Procedure, node)
        shelf, base = f"{text.procedure}/{text.from_}.yaml", True
        return Head(shelf, text.from_, text.division, text.title, base)
    if node.child("extends") is not None:
        layer = validate(LayerFile, node)
        shelf = f"layers/{layer.division}/{layer.extends}/{layer.from_}.yaml"
        return Head(shelf, layer.from_, layer.division, layer.title, base=False)
    if node.child("catalogue") is not None:
        catalogue = validate(Catalogue, node)
        shelf = f"catalogues/{MATTER_LIST}/{catalogue.from_}.yaml"
        return Head(shelf, catalogue.from_, "", catalogue.title, base=True)
    raise Unreadable([Finding("P214", "只能施行程序、事项清单，或者改它们的文本", node.mark)])


@contextmanager
def trying(library: Library, drafts: Iterable[Node]) -> Iterator[Library]:
    """Give a library that also reads these texts, each where its head says it belongs; nothing stays of it.

    Raises `Unreadable` for what is no such text, and for one that stands where another stands already: a text in force
    is never changed, so the draft would never be read.
    """
    with tempfile.TemporaryDirectory() as folder:
        beside = library.beside(Path(folder))
        for node in drafts:
            head = head_of(node)
            places = [root / head.shelf for root in beside.shelves.folders]
            if any(each.exists() for each in places):
                words = f"已有自 {head.first_day} 起的这份文本，草稿不会起作用"
                hint = "施行以后不能改；另写一份，日期（from）往后"
                raise Unreadable([Finding("P208", words, node["from"].mark, hint=hint)])
            places[-1].parent.mkdir(parents=True, exist_ok=True)
            places[-1].touch()
            beside.know(places[-1], node)
        yield beside
