"""Bodies that several rooms of the API send or get. Days are ISO texts, instants UTC texts, money is in fen."""

import re
from datetime import date
from typing import Annotated, Any, Final

from fastapi import Header, Path
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, WithJsonSchema

from web.errors import Fault
from web.guard.text import LARGEST

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_FACT: Final = {
    "anyOf": [
        {"type": "integer"},
        {"type": "string"},
        {"type": "boolean"},
        {"type": "array", "items": {"type": "string"}},
        {"type": "null"},
    ]
}


def _as_day(value: object) -> object:
    if not isinstance(value, str) or not _DAY.fullmatch(value):
        raise ValueError("要填真实的日期，例如 2026-03-01")
    return value


PlaceCode = Annotated[str, Path(pattern="^[0-9]{12}$", description="12 位区划代码")]
MatterId = Annotated[str, Path(pattern="^[0-9]{12}-[0-9]{4}-[0-9]{4,8}$", description="事项编号")]
ActionId = Annotated[str, Path(pattern="^[a-z][a-z_]{0,39}$", description="办理的代号，见事项的 actions")]
Key = Annotated[
    str,
    Header(
        alias="Idempotency-Key",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,127}$",
        description="每件事一个，重发时不变；同一个再来，只回同一张回执",
    ),
]
Day = Annotated[date, BeforeValidator(_as_day), WithJsonSchema({"type": "string", "format": "date"})]
JsonSchema = Annotated[dict[str, Any], WithJsonSchema({"type": "object"})]
Facts = Annotated[dict[str, Any], WithJsonSchema({"type": "object", "additionalProperties": _FACT})]
Place = Annotated[str, Field(examples=["371329105201"])]


class Body(BaseModel):
    """What may be sent: nothing unknown."""

    model_config = ConfigDict(extra="forbid")


class PlaceAct(Body):
    """An act that opens a matter, or one on a place's own record."""

    facts: Facts = Field(description="这张表的各项，键名见 actions[].facts 或 kinds[].facts")
    acted_on: Day = Field(description="办理的日期")


class MatterAct(PlaceAct):
    """An act on a matter. `mseq` is the number of entries the caller has seen."""

    mseq: StrictInt = Field(ge=1, le=LARGEST, description="看到的最后一条记录的序号")


class Asked(BaseModel):
    """One requirement of a decision; an unmet one of weight `refuses` would have refused the act."""

    check: str
    met: bool
    weight: str
    found: str
    required: str
    basis: str
    numbers: JsonSchema


class Decided(BaseModel):
    """What followed from the facts."""

    type: str
    action: str
    from_: str | None = Field(serialization_alias="from")
    to: str | None
    outcome: str
    outcome_words: str
    office: str | None
    waits_for_confirmation: bool
    requirements: list[Asked]


class Receipt(BaseModel):
    """Which line of the register the act is, and the hash of that line."""

    seq: int
    place: str
    pseq: int
    matter: str | None
    mseq: int | None
    leaf_hash: str
    recorded_at: str


class Recorded(BaseModel):
    """The act is on the record."""

    decision: Decided
    receipt: Receipt


class Unmet(BaseModel):
    """One requirement that refuses the act: what was found, what is required, by which article, what to do next."""

    check: str
    found: str
    required: str
    basis: str
    hint: str


class Meanwhile(BaseModel):
    """Something another person did that the caller had not seen."""

    mseq: int
    action: str
    title: str
    actor: str
    actor_name: str
    office: str | None
    acted_on: str | None
    recorded_at: str


class Since(BaseModel):
    """What happened meanwhile; `mseq` is the number to send once it has been looked at."""

    mseq: int
    entries: list[Meanwhile]


class Refused(Fault):
    """409: the act is not recorded, for these reasons, all of them."""

    refused: list[Unmet]


class Outdated(Fault):
    """409: others acted meanwhile; nothing is recorded."""

    stale: Since


class ListedMatter(BaseModel):
    """One matter in a list. `first_day` and `last_day` bound the next act, where the law or the procedure does."""

    id: str
    place: str
    title: str
    kind: str
    tier: str
    procedure: str
    at: str
    stage_title: str
    phase: str
    ended: bool
    waits_for: str
    mseq: int
    opened_on: str
    last_acted_on: str
    first_day: str | None
    last_day: str | None
    open_objections: int
    late_acts: int
    corrections: int
    without_basis: int


class MatterList(BaseModel):
    """Matters of a place and below it by number; `next` goes into `after` for the following ones."""

    place: str
    place_name: str
    matters: list[ListedMatter]
    next: str | None


class OpenAction(BaseModel):
    """What may be done now, by which offices, from and until which day, and the schema of its facts."""

    action: str
    title: str
    offices: list[str]
    offices_title: str
    yours: bool = Field(description="您现在的职务能不能办")
    standing: bool = Field(description="不属于这一步，随时可以办的")
    first_day: str | None
    last_day: str | None
    provisional: bool = Field(description="来年放假安排未公布，日期是暂按的")
    facts: JsonSchema


class Correctable(BaseModel):
    """An entry that `correct` may name, and the schema of that correction's facts."""

    corrects: int
    title: str
    facts: JsonSchema


class Waiting(BaseModel):
    """The act that takes effect only when another office confirms it."""

    mseq: int
    action: str
    actor: str
    confirmed_by: list[str]


class Matter(BaseModel):
    """One matter: where it stands, what may be done next, by when."""

    id: str
    place: str
    place_name: str
    title: str | None = Field(description="已依法删除的为 null")
    kind: str
    tier: str
    procedure: str
    procedure_title: str
    procedure_digest: str
    at: str
    stage: str
    stage_title: str
    phase: str | None
    ended: bool
    mseq: int
    first_day: str | None
    last_day: str | None
    open_objections: list[int]
    pending: Waiting | None
    actions: list[OpenAction]
    corrections: list[Correctable]


class ShownEntry(BaseModel):
    """One line of the register: `entry` is its leaf as it was hashed; `texts` opens what is kept apart from it."""

    seq: int
    mseq: int
    title: str
    actor_name: str
    leaf_hash: str
    entry: JsonSchema
    texts: dict[str, str]


class EntryList(BaseModel):
    """Entries of a matter by `mseq`; `next` goes into `after` for the following ones."""

    matter: str
    entries: list[ShownEntry]
    next: int | None
