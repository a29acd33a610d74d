"""Safety properties: what must have happened before what, on every path of a procedure, with the offending path."""

import datetime

import pytest

from workflow.core.findings import Unreadable
from workflow.library import Library
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

TEXT = (SHIPPED / "siyi_lianggongkai/2026-01-01.yaml").read_text(encoding="utf-8")
DAY = datetime.date(2026, 1, 1)


def findings(*edits: tuple[str, str]) -> list[tuple[str, str]]:
    """The findings of the shipped text with pieces of it replaced: code and message."""
    text = TEXT
    for old, new in edits:
        assert old in text, old
        text = text.replace(old, new, 1)
    try:
        Library(SHIPPED).judged(read_yaml(text.encode(), "edited.yaml"), DAY, "")
    except Unreadable as refused:
        return [(each.code, each.message) for each in refused.findings]
    return []


def test_the_shipped_procedure_breaks_none() -> None:
    """四议两公开 as shipped goes through every property."""
    assert findings() == []


def test_a_rejected_matter_may_not_be_carried_out() -> None:
    """A vote that failed leads on: execution without a decision, and the path says how."""
    found = findings(("    otherwise: rejected\n    then: post_resolution", "    otherwise: post_resolution\n    then: post_resolution"))  # fmt: skip

    assert [code for code, _ in found] == ["S401"]
    assert "村民（代表）会议决议（登记会议结果：未通过） → 决议公开" in found[0][1]
    assert found[0][1].endswith("组织实施")


def test_the_party_discusses_first() -> None:
    """Where every party step may be skipped, the assembly decides alone: art. 28(3) is named with the way there."""
    edits = (
        ("    kind: meeting\n    bodies:\n      branch_committee:", "    kind: meeting\n    when: {amount_fen: {at_least: 100}}\n    bodies:\n      branch_committee:"),
        ("    merge:\n      stage: consult\n", ""),
        ("    kind: meeting\n    bodies:\n      party_meeting:", "    kind: meeting\n    when: {amount_fen: {at_least: 200}}\n    bodies:\n      party_meeting:"),
    )  # fmt: skip
    found = findings(*edits)

    assert [code for code, _ in found] == ["S402"]
    assert "第二十八条" in found[0][1]
    assert found[0][1].endswith("（没有填金额）")


def test_an_amount_nobody_told_is_a_way_around() -> None:
    """Two party steps, one from an amount on and one below it: a matter opened without an amount meets neither."""
    edits = (
        ("    kind: meeting\n    bodies:\n      branch_committee:", "    kind: meeting\n    when: {amount_fen: {at_least: 100}}\n    bodies:\n      branch_committee:"),
        ("    merge:\n      stage: consult\n", ""),
        ("    kind: meeting\n    bodies:\n      party_meeting:", "    kind: meeting\n    when: {amount_fen: {less_than: 100}}\n    bodies:\n      party_meeting:"),
    )  # fmt: skip

    (found,) = findings(*edits)
    assert found[0] == "S402"
    assert found[1].endswith("（没有填金额）")


def test_what_was_posted_too_early_does_not_count() -> None:
    """A decision posted before the vote is none."""
    found = findings(
        ("    then: implement\n", "    then: resolve\n"),
        (
            "    otherwise: rejected\n    then: post_resolution",
            "    otherwise: rejected\n    then: implement",
        ),
        ("    then: resolve\n", "    then: post_resolution\n"),
    )
    assert "S403" in [code for code, _ in found]


def test_the_decision_is_posted_before_it_is_carried_out() -> None:
    """A posting that small matters may skip lets them be carried out unposted."""
    found = findings(("    kind: posting\n    what: resolution", "    kind: posting\n    when: {tier: major}\n    what: resolution"))  # fmt: skip

    assert ["S403"] == [code for code, _ in found]


def test_the_result_is_posted_before_the_archive() -> None:
    """A result posting that small matters may skip lets them be archived unposted."""
    found = findings(("    kind: posting\n    what: result", "    kind: posting\n    when: {tier: major}\n    what: result"))  # fmt: skip

    assert ["S404"] == [code for code, _ in found]


@pytest.mark.parametrize(
    "always, code",
    [
        ("{title: 实施前须两委商议过, before: implement, needs: consult}", []),
        ("{title: 党员大会审议在先, before: resolve, needs: deliberate}", []),
        ("{title: 实施前先归档, before: implement, needs: archive}", ["S406"]),
        ("{title: 大额须党员大会, before: resolve, needs: archive, when: {amount_fen: {at_least: 5}}}", ["S406"]),
        ("{title: 归档前须公示结果, before: archived, needs: post_result, given: implement}", []),
        ("{title: 打错了字, before: implemant, needs: consult}", ["P201"]),
    ],
)  # fmt: skip
def test_a_county_adds_its_own(always: str, code: list[str]) -> None:
    """`always:` is proved like the law's own, with its condition, and a name nobody knows is a finding."""
    merged_away = ("    merge:\n      stage: consult\n", "")
    found = findings(merged_away, ("settings:\n", f"always:\n  - {always}\nsettings:\n"))

    assert [each for each, _ in found] == code
