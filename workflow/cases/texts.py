"""The shapes of the texts in examples/: a village, the standard lawful life, and files of cases. Keys are Chinese."""

import datetime
import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

_ISO = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_RELATIVE = re.compile(r"当天|[1-9]\d{0,3}天[前后]", re.ASCII)
EARLIEST = "最早"


def _iso_day(text: str) -> str:
    if not _ISO.fullmatch(text):
        raise ValueError("日期要写成 2026-03-02 这样")
    try:
        datetime.date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"没有 {text} 这一天") from None
    return text


def _day_word(text: str) -> str:
    return text if _RELATIVE.fullmatch(text) else _iso_day(text)


def _day_of_act(text: str) -> str:
    return text if text == EARLIEST else _day_word(text)


Day = Annotated[str, AfterValidator(_iso_day)]
DayWord = Annotated[str, AfterValidator(_day_word)]
DayOfAct = Annotated[str, AfterValidator(_day_of_act)]
Words = Annotated[str, StringConstraints(min_length=1, max_length=300)]
Value = int | str | bool | tuple[str, ...]
Answers = dict[str, Value]


class Text(BaseModel):
    """A mapping of a text: nothing unknown, nothing retyped, never changed after reading."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class How(Text):
    """How one act is done: by whom, on which day, recorded when, and what is filled in other than the standard."""

    by: Words | None = Field(default=None, alias="谁", title="谁来办")
    day: DayOfAct | None = Field(default=None, alias="哪天", title="哪天办的")
    recorded: DayWord | None = Field(default=None, alias="登记日", title="哪天登记的；不写就是当天")
    facts: Answers = Field(default_factory=dict, alias="填", title="表上填什么")
    leave_out: tuple[Words, ...] = Field(default=(), alias="不填", title="表上哪些不填")


class Step(How):
    """One act by its name on the page; one that waits for the second office is confirmed the same day unless it `waits`."""

    action: Words = Field(alias="办", title="办什么")
    waits: bool = Field(default=False, alias="等复核", title="停在等复核")


class LifeStep(Step):
    """One act of the standard life, with the stage it belongs to and the name by which cases reach it."""

    name: Words = Field(alias="名", title="这一步的叫法")
    stage: Words = Field(alias="步骤", title="程序里的哪一步")


class Life(Text):
    """The standard lawful life of one matter under one procedure, act by act."""

    procedure: Words = Field(alias="程序", title="程序代号")
    kind: Words = Field(alias="事项", title="清单里的哪一种事")
    first_day: Day = Field(alias="从哪天", title="哪天动议")
    steps: Annotated[tuple[LifeStep, ...], Field(min_length=1)] = Field(alias="各步", title="各步")


class Lives(Text):
    """The standard lives, and what is usually filled in where an act may come at any time."""

    about: Words = Field(alias="说明", title="说明")
    second_office: Words = Field(alias="复核人", title="谁来复核")
    lives: Annotated[tuple[Life, ...], Field(min_length=1)] = Field(alias="走法", title="走法")
    any_time: tuple[Step, ...] = Field(default=(), alias="随时", title="随时可办的事")


class Term(Text):
    """One office of a person with its own first and last day."""

    office: Words = Field(alias="职务", title="职务")
    first_day: Day | None = Field(default=None, alias="起", title="起")
    last_day: Day | None = Field(default=None, alias="止", title="止（含当天）")


class Delegated(Text):
    """Kinds of matter the villagers' assembly has delegated, from and to a day."""

    kinds: Annotated[tuple[Words, ...], Field(min_length=1)] = Field(alias="事项", title="授权了哪些事项")
    first_day: Day = Field(alias="起", title="起")
    last_day: Day = Field(alias="止", title="止（含当天）")


class VillageChange(Text):
    """What is otherwise in the village of a case than in the standard village; people and bodies one by one."""

    code: str | None = Field(default=None, alias="代码", pattern="^[0-9]{12}$", title="区划代码")
    people: dict[str, tuple[str | Term, ...]] = Field(
        default_factory=dict, alias="任职", title="谁任什么职务"
    )
    bodies: dict[str, dict[str, int]] = Field(default_factory=dict, alias="组成", title="各会议的组成人数")
    delegations: tuple[Delegated, ...] | None = Field(default=None, alias="授权", title="村民会议的授权")


class Village(Text):
    """A village: its code, who holds which office, how many belong to each body, what was delegated."""

    about: Words = Field(alias="说明", title="说明")
    code: str = Field(alias="代码", pattern="^[0-9]{12}$", title="区划代码")
    first_day: Day = Field(alias="起", title="任职和人数从哪天起")
    people: dict[str, tuple[str | Term, ...]] = Field(alias="任职", title="谁任什么职务")
    bodies: dict[str, dict[str, int]] = Field(alias="组成", title="各会议的组成人数")
    delegations: tuple[Delegated, ...] = Field(default=(), alias="授权", title="村民会议的授权")


class Situation(How):
    """What comes before a case's act; a file may say it once for all its cases (`每例都`)."""

    kind: Words | None = Field(default=None, alias="事项", title="哪一种事")
    first_day: Day | None = Field(default=None, alias="从哪天", title="哪天动议")
    village: VillageChange = Field(default_factory=VillageChange, alias="村里", title="村里有什么不同")
    until: Words | None = Field(default=None, alias="先办到", title="先照标准走法办到哪一步")
    changes: dict[str, How] = Field(default_factory=dict, alias="其中", title="标准走法里哪一步有不同")
    more: tuple[Step, ...] = Field(default=(), alias="接着", title="接着又办了什么")
    action: Words | None = Field(default=None, alias="办", title="办什么")
    waits: bool = Field(default=False, alias="等复核", title="停在等复核")


class Case(Situation):
    """One case: a sentence, what was done, what is tried, and what must come of it."""

    case: Words = Field(alias="例", title="一句话")
    outcome: Words | None = Field(default=None, alias="结果", title="结果")
    then: Words | None = Field(default=None, alias="下一步", title="办完到哪一步")
    short_of: tuple[Words, ...] = Field(default=(), alias="差在", title="没有达到什么")
    warned: tuple[Words, ...] = Field(default=(), alias="提醒", title="提醒什么")
    refused: tuple[Words, ...] = Field(default=(), alias="不行因为", title="因为什么不行")
    malformed: tuple[Words, ...] = Field(default=(), alias="填得不对", title="哪里填得不对")
    basis: tuple[Words, ...] = Field(default=(), alias="依据", title="依据")
    earliest: DayWord | None = Field(default=None, alias="下一步最早", title="下一步最早哪天能办")
    latest: DayWord | None = Field(default=None, alias="最迟", title="最迟哪天要办")
    provisional: bool | None = Field(default=None, alias="暂按", title="日子是不是暂按")
    without_basis: tuple[Words, ...] | None = Field(default=None, alias="失去依据", title="哪些登记失去依据")

    @model_validator(mode="after")
    def _expects_one_thing(self) -> "Case":
        expected = [bool(self.outcome), bool(self.refused), bool(self.malformed)]
        if sum(expected) != 1:
            raise ValueError("“结果”“不行因为”“填得不对”三项写一项，也只写一项")
        if not self.outcome and (self.then or self.short_of or self.warned or self.earliest or self.latest):
            raise ValueError("没有办成的例，不写“下一步”“差在”“提醒”和日子")
        return self


class CaseFile(Text):
    """A file of cases about one rule; one about a procedure of its own brings its standard life."""

    about: Words = Field(alias="说明", title="说明")
    life: Life | None = Field(default=None, alias="走法", title="这些例子的标准走法")
    common: Situation = Field(default_factory=Situation, alias="每例都", title="每个例子都一样的")
    cases: Annotated[tuple[Case, ...], Field(min_length=1)] = Field(alias="情形", title="情形")
