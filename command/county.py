"""The demo county as written in examples/demo/: places, people, counts, and what became of some twenty matters."""

import datetime
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from workflow.reading.explain import validate
from workflow.shelves import read_file

FOLDER = Path(__file__).resolve().parent.parent / "examples" / "demo"
Typed = int | bool | str | list[str]


class _Yaml(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Named(_Yaml):
    """A place by its 12-digit code."""

    code: str = Field(pattern=r"^[0-9]{12}$")
    name: str


class Township(Named):
    """A township with its one reviewing officer."""

    officer: str


class Village(Named):
    """A village: who holds which office, how many belong to which body, which kinds are delegated."""

    people: dict[Literal["secretary", "committee_director", "clerk", "vsc_chair", "vsc_member"], str]
    bodies: dict[str, dict[str, int]]
    delegated: tuple[str, ...]


class County(_Yaml):
    """The demo county and the span of days its story runs."""

    county: Named
    from_: datetime.date = Field(alias="from")
    to: datetime.date
    townships: tuple[Township, ...]
    villages: tuple[Village, ...]


class Event(_Yaml):
    """Something that happens beside the usual course, once the matter stands at `at`."""

    at: str
    after_days: int = Field(ge=0)
    by: str
    action: str
    facts: dict[str, Typed]


class Story(_Yaml):
    """One matter: the usual course until it stands at `until`, with what was different."""

    village: str
    title: str
    kind: str
    amount_fen: int = 0
    opened: datetime.date
    until: str
    merged: bool = False
    assembly: bool = False
    answers: dict[str, tuple[dict[str, Typed], ...]] = {}
    late: dict[str, int] = {}
    events: tuple[Event, ...] = ()


class Stories(_Yaml):
    """The matters of the demo."""

    stories: tuple[Story, ...]


class Answers(_Yaml):
    """How each form is usually filled in, by action."""

    answers: dict[str, dict[str, Typed]]


def read_county(folder: Path = FOLDER) -> County:
    """Read the county; `Unreadable` names what is wrong with the file."""
    return validate(County, read_file(folder / "county.yaml"))


def read_stories(folder: Path = FOLDER) -> tuple[Story, ...]:
    """Read the matters' stories."""
    return validate(Stories, read_file(folder / "matters.yaml")).stories


def read_answers(folder: Path = FOLDER) -> Mapping[str, Mapping[str, Typed]]:
    """Read how each form is usually filled in."""
    return validate(Answers, read_file(folder / "answers.yaml")).answers
