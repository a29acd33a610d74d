"""The catalogue: where a matter goes by kind, amount and answers, and what may not stand in one."""

import pytest

from workflow.core.catalogue import Catalogue, Kind
from workflow.core.catalogue_faults import faults, moved
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

HEAD = "catalogue: matter_list\ntitle: 清单\nfrom: 2026-01-01\n"
TIERS = """\
money:
  spending:
    - {amount_fen: {at_most: 100000}, tier: daily, procedure: small}
    - {amount_fen: {more_than: 100000, at_most: 1000000}, tier: general, procedure: middle}
    - {amount_fen: {more_than: 1000000}, tier: major, procedure: large}
"""
KINDS = """\
kinds:
  - {id: spend, number: 1, title: 花钱, tier: major, procedure: large, money: spending, basis: 县规定}
  - id: works
    number: 2
    title: 修路
    tier: major
    procedure: large
    statutory: true
    delegable: true
    basis: 组织法第二十八条
    asks:
      - {id: owner, title: 谁的路, answers: [{id: village, title: 全村的}, {id: group, title: 一个小组的}]}
    routes:
      - {when: {answers: {owner: group}}, procedure: middle}
"""
PROCEDURES = ("small", "middle", "large")
DECIDES = {"small": "none", "middle": "group", "large": "villagers"}


def catalogue(text: str = HEAD + TIERS + KINDS) -> Catalogue:
    """Read a catalogue."""
    return validate(Catalogue, read_yaml(text.encode(), "list.yaml"))


def kind(of: Catalogue, name: str) -> Kind:
    """One kind of it."""
    return of.by_id[name]


@pytest.mark.parametrize(
    "fen, procedure",
    [(0, "small"), (100_000, "small"), (100_001, "middle"), (1_000_000, "middle"), (1_000_001, "large")],
)
def test_the_amount_says_the_procedure(fen: int, procedure: str) -> None:
    """Both sides of each line of a money table, to the fen."""
    here = catalogue()
    routed = here.route(kind(here, "spend"), {"amount_fen": fen})

    assert routed is not None
    assert routed.procedure == procedure


def test_without_its_amount_a_matter_of_a_money_table_goes_nowhere() -> None:
    """The amount is asked for, not guessed."""
    here = catalogue()

    assert here.route(kind(here, "spend"), {}) is None


@pytest.mark.parametrize("answer, procedure", [("village", "large"), ("group", "middle")])
def test_an_answer_says_the_procedure(answer: str, procedure: str) -> None:
    """A road of one group goes to the group's meeting, a road of the village to the village's."""
    here = catalogue()
    routed = here.route(kind(here, "works"), {"owner": answer})

    assert routed is not None
    assert routed.procedure == procedure


@pytest.mark.parametrize(
    "old, new, code, words",
    [
        ("more_than: 100000, at_most", "more_than: 100001, at_most", "P218", "1000.01 元没有规定"),
        ("more_than: 100000, at_most", "at_least: 100000, at_most", "P219", "1000 元有两条规定"),
        ("{more_than: 1000000}", "{more_than: 1000000, at_most: 2000000}", "P218", "20000.01 元以上没有规定"),
        ("{at_most: 100000}", "{more_than: 100, at_most: 100000}", "P218", "0 元到 1 元没有规定"),
        ("{at_most: 100000}", "{more_than: 5, at_most: 3}", "P218", "没有哪个金额合这一行"),
        ("money: spending", "money: spendin", "P216", "没有“spendin”这张金额表"),
        ("procedure: small}", "procedure: smal}", "P210", "没有“smal”这个程序"),
        ("answers: {owner: group}", "answers: {owner: grup}", "P217", "没有“grup”这个答案"),
        ("answers: {owner: group}", "answers: {ower: group}", "P217", "没有问“ower”"),
        ("{id: owner, title", "{id: title, title", "P217", "“title”已经有别的意思"),
        ("id: works", "id: spend", "P211", "“spend”写了两次"),
        ("number: 2", "number: 1", "P211", "“1”写了两次"),
        ("delegable: true", "delegable: true\n    non_delegable_as: charter", "P215", "不得授权"),
        ("delegable: true", "delegable: true\n    cadence: villagers_assembly.cadence_max", "P215", "多久办一次"),
    ],
)  # fmt: skip
def test_what_may_not_stand(old: str, new: str, code: str, words: str) -> None:
    """Gaps, overlaps, names nobody knows: each fault alone, in words."""
    text = HEAD + TIERS + KINDS
    assert old in text
    found = [each for each in faults(catalogue(text.replace(old, new, 1)), PROCEDURES) if each.code == code]

    assert [words in each.message for each in found][:1] == [True]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("tier: major\n    procedure: large", "tier: general\n    procedure: large", "不能降为一般事项"),
        ("tier: major\n    procedure: large", "tier: major\n    procedure: small", "由谁决定是法律规定的"),
        ("procedure: middle}\n", "procedure: middle, tier: daily}\n", "不能降为日常事项"),
        ("statutory: true", "statutory: false", "不能改写 statutory"),
        ("id: works", "id: roads", "不能从清单里删去"),
    ],
)
def test_a_statutory_kind_stays_where_the_law_put_it(old: str, new: str, words: str) -> None:
    """No layer removes it, lowers it or sends it to another decider."""
    here = (HEAD + TIERS + KINDS).replace(old, new) if "middle}" not in old else (HEAD + TIERS + KINDS)
    if "middle}" in old:
        head, _, tail = here.rpartition(old)
        here = head + new + tail
    found = list(moved(catalogue(), catalogue(here), DECIDES.__getitem__))

    assert [each.code for each in found][:1] == ["F302"]
    assert words in found[0].message


def test_a_county_may_ask_more_of_a_statutory_kind() -> None:
    """Another route to the same deciders and another title are the county's to choose."""
    here = (HEAD + TIERS + KINDS).replace("title: 修路", "title: 修路架桥")

    assert list(moved(catalogue(), catalogue(here), DECIDES.__getitem__)) == []
