import datetime
import re
from collections.abc import Mapping
from typing import Annotated, Literal

import hypothesis
import pytest
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from pydantic_core import PydanticCustomError

from workflow.core.findings import MOST_FINDINGS, TITLES, Unreadable
from workflow.core.nodes import Mark, Node
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

CHINESE = re.compile(r"[\u4e00-\u9fff]")


class Strict(BaseModel):
    """As the models of our files are."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Reply(Strict):
    """A stage whose kind is also the name of another's field."""

    kind: Literal["reply"]
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
    days: int = Field(ge=1, lt=100, title="天数")


class Posting(Strict):
    """A stage with a field named like a kind, and one whose name Python reserves."""

    kind: Literal["posting"]
    id: str
    posting: Reply | None = None
    since: datetime.date | None = Field(default=None, alias="from")
    public: bool = True


class AnyOf(Strict):
    """Several."""

    any_of: tuple[str, ...] = Field(min_length=1)


class Procedure(Strict):
    """Something of everything."""

    title: str = Field(title="名称", min_length=2, max_length=8)
    place: str = Field(default="371329104205", pattern=r"^[0-9]{12}$")
    stages: tuple[Annotated[Reply | Posting, Field(discriminator="kind")], ...] = Field(min_length=1)
    share: int | str | AnyOf | None = None
    limits: dict[str, int] = {}
    roles: dict[Literal["clerk", "accountant"], int] = {}
    offices: frozenset[Literal["secretary", "clerk"]] = frozenset()
    quorum: AnyOf | None = None

    @field_validator("title")
    @classmethod
    def _no_shouting(cls, title: str) -> str:
        if title.endswith("！"):
            raise ValueError("名称不能以感叹号结尾")
        if title == "custom":
            raise PydanticCustomError("taken", "名称已有人用")
        if title == "english":
            raise ValueError("not allowed")
        return title

    @model_validator(mode="after")
    def _agrees(self) -> "Procedure":
        if "甲" in self.limits:
            raise ValueError("甲与乙不合")
        return self


GOOD = "title: 议事\nstages:\n  - {kind: reply, id: a, days: 5}\n"


def check(text):
    """Check a text against the procedure."""
    return validate(Procedure, read_yaml(text.encode(), "f.yaml"))


def faults(text):
    """Return the findings for a text."""
    with pytest.raises(Unreadable) as caught:
        check(text)
    assert all(CHINESE.search(found.message) and found.code in TITLES for found in caught.value.findings)
    return caught.value.findings


def test_a_good_text_becomes_the_model():
    """Lists become tuples and sets, ISO days become dates, aliases hold, though the model is strict."""
    read = check(
        "title: 议事\nstages:\n  - {kind: posting, id: p, from: 2026-01-01, public: false}\n"
        "share: {any_of: [甲]}\nlimits: {a: 1}\noffices: [clerk]\n"
    )

    assert read.stages[0].since == datetime.date(2026, 1, 1)
    assert (False, AnyOf(any_of=("甲",))) == (read.stages[0].public, read.share)
    assert frozenset({"clerk"}) == read.offices


CASES = [
    ("missing", "title: 议事\n", [("Y101", 1, 1, '缺少 "stages"')]),
    ("missing in an item", GOOD + "  - {kind: reply, id: b}\n", [("Y101", 4, 5, '缺少 "days"（天数）')]),
    ("unknown key", GOOD + "quorom: {any_of: [a]}\n", [("Y102", 4, 1, '是否指 "quorum"？')]),
    ("unknown key far from all", GOOD + "zzz: 1\n", [("Y102", 4, 1, "title、place、stages")]),
    ("misspelled required key", GOOD.replace("days", "dayz"), [("Y102", 3, 26, '是否指 "days"？')]),
    (
        "unknown key of the tagged kind",
        GOOD + "  - {kind: posting, id: b, dais: 1}\n",
        [("Y102", 4, 28, "public")],
    ),
    ("unknown tag", GOOD.replace("reply", "replies"), [("Y116", 3, 12, '是否指 "reply"？')]),
    ("no tag", GOOD.replace("kind: reply, ", ""), [("Y101", 3, 5, '缺少 "kind"')]),
    (
        "word not on the list",
        GOOD + "offices: [clerk, secretry]\n",
        [("Y103", 4, 18, '是否指 "secretary"？')],
    ),
    ("key not on the list", GOOD + "roles: {clark: 1}\n", [("Y103", 4, 9, '是否指 "clerk"？')]),
    ("text for a number", GOOD.replace("5", "五"), [("Y104", 3, 32, "整数")]),
    ("quoted number", GOOD.replace("5", "'05'"), [("Y104", 3, 32, "去掉引号")]),
    ("bool for a number", GOOD.replace("5", "true"), [("Y104", 3, 32, "写的是 true")]),
    ("fraction for a number", GOOD.replace("5", "1.5"), [("Y104", 3, 32, "整数")]),
    ("number for text", GOOD.replace("id: a", "id: 12"), [("Y105", 3, 23, '请加英文双引号："12"')]),
    ("nothing for text", GOOD.replace("议事", ""), [("Y105", 1, 7, "冒号后面没有内容")]),
    ("yes for a bool", GOOD + "  - {kind: posting, id: b, public: yes}\n", [("Y106", 4, 36, "请写 true")]),
    ("no for a bool", GOOD + "  - {kind: posting, id: b, public: no}\n", [("Y106", 4, 36, "请写 false")]),
    ("text for a map", GOOD + "limits: x\n", [("Y107", 4, 9, "一段")]),
    ("item that is no map", GOOD + "  - x\n", [("Y107", 4, 5, '"stages" 第 2 项')]),
    ("text for a list", GOOD + "offices: clerk\n", [("Y108", 4, 10, "列表")]),
    ("map for a list", "title: 议事\nstages: {a: b}\n", [("Y108", 2, 9, "列表")]),
    ("too small", GOOD.replace("5", "0"), [("Y109", 3, 32, "不小于 1")]),
    ("too large", GOOD.replace("5", "100"), [("Y110", 3, 32, "小于 100")]),
    ("too few items", "title: 议事\nstages: []\n", [("Y111", 2, 9, "至少 1 项")]),
    ("too short", GOOD.replace("议事", "议"), [("Y111", 1, 8, "至少 2 个字")]),
    ("too long", GOOD.replace("议事", "议" * 9), [("Y112", 1, 8, "至多 8 个字")]),
    ("bad id", GOOD.replace("id: a", "id: 议事"), [("Y113", 3, 23, "小写英文字母开头")]),
    ("bad code", GOOD + "place: '37'\n", [("Y113", 4, 8, "12 位数字")]),
    (
        "bad day",
        GOOD + "  - {kind: posting, id: b, from: 2026-02-30}\n",
        [("Y114", 4, 34, "没有 2026-02-30 这一天")],
    ),
    ("own sentence", GOOD.replace("议事", "议事！"), [("Y115", 1, 8, "名称不能以感叹号结尾")]),
    ("own error kind", GOOD.replace("议事", "custom"), [("Y115", 1, 8, "名称已有人用")]),
    ("sentence of the whole", GOOD + "limits: {甲: 1}\n", [("Y115", 1, 1, "甲与乙不合")]),
    ("foreign sentence", GOOD.replace("议事", "english"), [("Y199", 1, 8, "不符合要求")]),
    ("no branch fits", GOOD + "share: true\n", [("Y117", 4, 8, "整数 或 文字 或 一段（若干项）")]),
    ("the branch meant", GOOD + "share: {any_off: [a]}\n", [("Y102", 4, 9, '是否指 "any_of"？')]),
    ("deep in a branch", GOOD + "share: {any_of: [a, 1]}\n", [("Y105", 4, 21, '"any_of" 第 2 项')]),
    (
        "a field named like the tag before it",
        GOOD + "  - kind: posting\n    id: b\n    posting:\n      kind: reply\n      id: c\n      days: x\n",
        [("Y104", 9, 13, "整数")],
    ),
    (
        "a tag is not taken for the field of its name",
        GOOD + "  - kind: posting\n    posting: {kind: reply, id: c, days: 1, more: 1}\n",
        [("Y101", 4, 5, '缺少 "id"'), ("Y102", 5, 44, '"more"')],
    ),
    ("the root is no map", "- a\n", [("Y107", 1, 1, "文件")]),
]


@pytest.mark.parametrize("text,expected", [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_each_fault_has_its_code_place_and_words(text, expected):
    """Each kind of fault is said with its own code, at its place, with the words that lead to the fix."""
    found = faults(text)

    assert [case[:3] for case in expected] == [(one.code, one.mark.line, one.mark.column) for one in found]
    for one, (*_, words) in zip(found, expected, strict=True):
        assert words in one.line()


def test_all_faults_at_once_in_the_order_of_the_text():
    """All faults come sorted by line; a list is not called short because its items were refused."""
    found = faults(
        "tilte: 议事\nstages:\n  - kind: rply\n  - {kind: reply, id: 1, days: x}\nlimits: {a: x}\nmore: 1\n"
    )

    assert [
        ("Y102", 1),
        ("Y116", 3),
        ("Y105", 4),
        ("Y104", 4),
        ("Y104", 5),
        ("Y102", 6),
    ] == [(one.code, one.mark.line) for one in found]


def test_a_finding_points_into_the_layer_that_set_the_value():
    """A value brought by a layer is faulted in the layer's file."""
    node = read_yaml(GOOD.encode(), "f.yaml")
    fields = {**node.fields, "share": Node.of_scalar(True, Mark("county.yaml", 9, 2, "某县"))}

    with pytest.raises(Unreadable) as caught:
        validate(Procedure, Node.of_map(fields, node.mark, node.key_marks))

    assert Mark("county.yaml", 9, 2, "某县") == caught.value.findings[0].mark


def test_thousands_of_faults_are_cut_short():
    """A text with thousands of unknown keys is answered with the most that a person would read."""
    found = faults(GOOD + "".join(f"stagez{number}: 1\n" for number in range(9_000)))

    assert (MOST_FINDINGS + 1, "Y099") == (len(found), found[-1].code)


def test_of_several_maps_the_one_meant_is_explained():
    """Where one of several maps may stand, the faults and the names are those of the one nearest to the text."""

    class Between(Strict):
        least: int
        most: int

    class Holder(Strict):
        share: AnyOf | Between

    expected = {"{any_off: [a]}": "any_of", "{leest: 1, most: 2}": "least、most"}
    for text, names in expected.items():
        with pytest.raises(Unreadable) as caught:
            validate(Holder, read_yaml(f"share: {text}".encode(), "f.yaml"))
        assert [("Y102", names)] == [(one.code, one.expected) for one in caught.value.findings]


def test_recursive_models_and_models_without_schema():
    """Places are found in a model that holds itself, and in one whose schema cannot be written."""

    class Tree(Strict):
        name: str
        below: tuple["Tree", ...] = ()

    class Opaque(Strict):
        name: str
        kind: type | None = None
        below: tuple[Tree, ...] = ()

    text = read_yaml(b"name: a\nbelow:\n  - name: b\n    below: [{name: 1}]\n", "f.yaml")
    for model in (Tree, Opaque):
        with pytest.raises(Unreadable) as caught:
            validate(model, text)
        assert [("Y105", 4, 20)] == [
            (one.code, one.mark.line, one.mark.column) for one in caught.value.findings
        ]


VALUES = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 10**12),
        st.sampled_from(["a", "reply", "2026-01-01", "议事"]),
    ),
    lambda below: st.one_of(
        st.lists(below, max_size=3),
        st.dictionaries(
            st.sampled_from(
                [*Procedure.model_fields, "kind", "id", "days", "posting", "from", "any_of", "int", "str"]
            ),
            below,
            max_size=5,
        ),
    ),
    max_leaves=20,
)


def node_of(value, number=1):
    """Return a tree for data, with some mark everywhere."""
    mark = Mark("f.yaml", number, 1)
    if isinstance(value, Mapping):
        fields = {key: node_of(below, number + 1) for key, below in value.items()}
        return Node.of_map(fields, mark, dict.fromkeys(fields, mark))
    if isinstance(value, list):
        return Node.of_list(tuple(node_of(below, number + 1) for below in value), mark)
    return Node.of_scalar(value, mark)


@hypothesis.given(VALUES)
@hypothesis.settings(max_examples=200)
def test_any_data_is_the_model_or_explained_in_chinese(value):
    """Whatever data a text holds becomes the model, or findings in Chinese under known codes."""
    findings = ()
    try:
        read = validate(Procedure, node_of(value))
    except Unreadable as refused:
        read, findings = None, refused.findings

    assert isinstance(read, Procedure) != bool(findings)
    assert all(CHINESE.search(one.message) and one.code in TITLES for one in findings)
