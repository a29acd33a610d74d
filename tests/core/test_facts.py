"""Reading a form: typed values in, facts or every fault out."""

import pytest

from workflow.core.facts import Choice, Field, fields_schema, read_facts

FORM = (
    Field("present", "实到", "count"),
    Field("amount_fen", "金额", "money", required=False),
    Field("held_on", "日期", "day", required=False),
    Field(
        "way",
        "怎么办",
        "choice",
        required=False,
        choices=(Choice("quotes", "比价"), Choice("tender", "招标")),
    ),
    Field(
        "media",
        "方式",
        "choices",
        required=False,
        choices=(Choice("board", "公开栏"), Choice("online", "网上")),
    ),
    Field("stood", "完整", "flag", required=False),
    Field("chair", "主持人", "line", required=False),
    Field("summary", "情况", "text", required=False),
    Field("person", "谁", "person", required=False),
    Field("minutes", "记录", "documents", required=False),
)
DIGEST = "sha256:" + "ab" * 32


def test_values_go_where_they_belong() -> None:
    """Numbers, days and choices are open; texts are private; documents are kept by kind."""
    facts, errors = read_facts(
        FORM,
        {
            "present": 31, "amount_fen": 4800000, "held_on": "2026-03-11", "way": "quotes", "media": ["board"],
            "stood": True, "chair": " 王书记 ", "summary": "一\r\n二", "person": "p_1", "minutes": [DIGEST],
        },
    )  # fmt: skip

    assert errors == []
    assert facts.open == {
        "present": 31, "amount_fen": 4800000, "held_on": "2026-03-11", "way": "quotes", "media": ["board"],
        "stood": True, "person": "p_1",
    }  # fmt: skip
    assert facts.private == {"chair": "王书记", "summary": "一\n二"}
    assert facts.documents == {"minutes": (DIGEST,)}


@pytest.mark.parametrize(
    "name, value",
    [
        ("present", -1), ("present", True), ("present", 1.0), ("present", "31"), ("present", 10**13),
        ("amount_fen", -5), ("held_on", "2026-02-30"), ("held_on", "2026-3-1"), ("held_on", 20260301),
        ("way", "gift"), ("way", ["quotes"]), ("media", "board"), ("media", ["board", "board"]), ("media", ["radio"]),
        ("stood", "yes"), ("stood", 1), ("chair", "王\x00"), ("chair", "两\n行"), ("chair", "长" * 201), ("chair", 7),
        ("summary", "\ud800"), ("summary", "长" * 5001), ("person", "王"), ("minutes", ["sha256:ab"]),
        ("minutes", [DIGEST] * 21), ("minutes", DIGEST), ("unknown", 1),
    ],
)  # fmt: skip
def test_what_is_malformed_is_named(name: str, value: object) -> None:
    """Each fault is told at its field, and nothing of it is read."""
    facts, errors = read_facts(FORM, {"present": 31, name: value})

    assert [error.field for error in errors] == [name]
    assert name not in {**facts.open, **facts.private, **facts.documents}


def test_all_faults_are_told_at_once() -> None:
    """A form with three faults has three answers, unknown fields first."""
    _, errors = read_facts(FORM, {"summry": "x", "held_on": "later"})

    assert [error.field for error in errors] == ["summry", "present", "held_on"]
    assert errors[1].message == "实到没有填"


@pytest.mark.parametrize("empty", [None, "", []])
def test_an_optional_question_may_stay_open(empty: object) -> None:
    """Nothing typed is no fact, not a zero and not an empty text."""
    facts, errors = read_facts(FORM, {"present": 0, "chair": empty, "minutes": empty})

    assert (facts.open, facts.private, facts.documents, errors) == ({"present": 0}, {}, {}, [])


def test_a_required_text_may_not_be_blank() -> None:
    """Spaces are no answer to a required question."""
    _, errors = read_facts((Field("reason", "理由", "text"),), {"reason": "  \n "})

    assert [error.field for error in errors] == ["reason"]


def test_the_schema_says_what_the_form_takes() -> None:
    """The API's schema names every field, its type in JSON, and refuses others."""
    schema = fields_schema(FORM)

    assert schema["required"] == ["present"]
    assert schema["additionalProperties"] is False
    assert schema["properties"]["way"] == {"title": "怎么办", "type": "string", "enum": ["quotes", "tender"]}  # type: ignore[index]
