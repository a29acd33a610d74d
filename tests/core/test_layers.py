import itertools

import pytest

from workflow.core.findings import Unreadable
from workflow.core.layers import LONGEST_PATH, apply_layer
from workflow.reading.yaml_text import read_yaml

BASE = """\
title: 四议两公开
stages:
  - id: motion
    days: 3
  - id: review
    quorum: ">= 2/3 of body_all"
    days: 5
    notes: [甲, 乙]
  - id: work
    tracks:
      - id: accounts
        days: 10
      - id: repairs
"""
NATIONAL = read_yaml(BASE.encode(), "national.yaml")


def layer(text, title="某县"):
    """Return a layer with a title on its first line."""
    return read_yaml(f"title: {title}\n{text}".encode(), "county.yaml")


def changed(text, base=NATIONAL, **options):
    """Return the base's data as changed by a layer."""
    return apply_layer(base, layer(text), **options).plain()


def refusals(text, **options):
    """Return (code, line, column, hint) of everything refused in a layer."""
    with pytest.raises(Unreadable) as caught:
        changed(text, **options)
    return [(found.code, found.mark.line, found.mark.column, found.hint) for found in caught.value.findings]


def ids(plain):
    """Return the ids of the stages."""
    return [stage["id"] for stage in plain["stages"]]


def test_set_replaces_values_by_id():
    """A value is reached through the ids of the list items on the way, inside tracks too."""
    plain = changed(
        "set:\n  stages.review.days: 7\n  stages.work.tracks.accounts.days: 12\n  title: 某县办法\n"
    )

    assert (7, 12, "某县办法") == (
        plain["stages"][1]["days"],
        plain["stages"][2]["tracks"][0]["days"],
        plain["title"],
    )


def test_the_base_stays_as_it_is():
    """Applying a layer changes nothing in the base."""
    changed("set: {stages.review.days: 7}\nremove: [stages.motion]\n")

    assert read_yaml(BASE.encode(), "national.yaml").plain() == NATIONAL.plain()


def test_set_adds_a_missing_key_to_a_map_that_is_there():
    """An optional parameter that the base leaves out can be set."""
    assert changed("set: {stages.motion.second_office: [vsc_chair]}")["stages"][0] == {
        "id": "motion",
        "days": 3,
        "second_office": ["vsc_chair"],
    }


def test_set_replaces_a_whole_stage_and_a_whole_list():
    """A stage, and a list whose items have no id, are replaced as a whole."""
    plain = changed("set:\n  stages.motion: {id: motion, days: 9}\n  stages.review.notes: [丙]\n")

    assert ({"id": "motion", "days": 9}, ["丙"]) == (plain["stages"][0], plain["stages"][1]["notes"])


def test_remove_takes_out_keys_and_stages():
    """A key of a map and an item of a list can be removed."""
    plain = changed("remove: [stages.motion, stages.review.days, stages.work.tracks.repairs]\n")

    assert ["review", "work"] == ids(plain)
    assert "days" not in plain["stages"][0]
    assert [{"id": "accounts", "days": 10}] == plain["stages"][1]["tracks"]


def test_insert_after_puts_stages_in_order():
    """New stages come after the named one, in the order written; a dotted path names an item elsewhere."""
    plain = changed(
        "insert_after:\n"
        "  motion: [{id: pre_notice}, {id: talk}]\n"
        "  work: [{id: archive}]\n"
        "  stages.work.tracks.accounts: [{id: audit}]\n"
    )

    assert ["motion", "pre_notice", "talk", "review", "work", "archive"] == ids(plain)
    assert ["accounts", "audit", "repairs"] == [track["id"] for track in plain["stages"][3 + 1]["tracks"]]


def test_remove_and_insert_at_the_same_place():
    """Paths are those of the base, so a stage can be removed and others put where it stood."""
    assert ["motion", "hearing", "work"] == ids(
        changed("insert_after:\n  review: [{id: hearing}]\nremove: [stages.review]\n")
    )


def test_every_value_knows_its_layer_and_its_file():
    """What a layer sets or inserts has the layer's title and place in its marks; the rest keeps its own."""
    county = apply_layer(
        NATIONAL, layer("set: {stages.review.days: 7}\ninsert_after:\n  work:\n    - id: archive\n")
    )
    village = apply_layer(county, layer("set: {stages.motion.days: 4}", title="某村"))
    days = [village["stages"][index]["days"].mark for index in (0, 1)]

    assert [("某村", 2), ("某县", 2)] == [(mark.layer, mark.line) for mark in days]
    assert village["stages"][1].mark_of_key("days").layer == "某县"
    assert {"某县"} == {node.mark.layer for _, node in village["stages"][3].walk()}
    assert ("", "national.yaml") == (village["title"].mark.layer, village["title"].mark.file)


def test_a_layer_without_title_is_named_after_its_file():
    """A value's layer is never empty once a layer set it."""
    node = apply_layer(NATIONAL, read_yaml(b"set: {title: x}", "county.yaml"))

    assert node["title"].mark.layer == "county.yaml"


def test_paths_that_lead_nowhere_are_refused_with_the_likely_one():
    """Every unknown path is named with its line and the path probably meant, all at once."""
    assert refusals(
        "set:\n"
        "  stages.reveiw.days: 7\n"
        "  stages.work.trakcs.accounts.days: 1\n"
        "  stages.work.tracks.account.days: 1\n"
        "  review.days: 1\n"
        "  zzz.days: 1\n"
        "  stages.motion.days.more: 1\n"
        "  stages.review.notes.first: 1\n"
        "remove:\n"
        "  - stages.review.dayz\n"
        "insert_after:\n"
        "  moton: [{id: x}]\n"
    ) == [
        ("Y201", 3, 3, '是否指 "stages.review.days"？'),
        ("Y201", 4, 3, '是否指 "stages.work.tracks.accounts.days"？'),
        ("Y201", 5, 3, '是否指 "stages.work.tracks.accounts.days"？'),
        ("Y201", 6, 3, '是否指 "stages.review.days"？'),
        ("Y201", 7, 3, ""),
        ("Y201", 8, 3, ""),
        ("Y201", 9, 3, ""),
        ("Y201", 11, 5, '是否指 "stages.review.days"？'),
        ("Y201", 13, 3, '是否指 "stages.motion"？'),
    ]


def test_two_changes_to_one_place_are_refused():
    """A path may not lie at or below another that is set or removed, whichever section says it."""
    found = refusals(
        "set:\n"
        "  stages.motion: {id: motion}\n"
        "  stages.motion.days: 1\n"
        "  stages.review.days: 2\n"
        "  stages.review.quorum: x\n"
        "remove:\n"
        "  - stages.review.days\n"
        "  - stages.work\n"
        "insert_after:\n"
        "  stages.work.tracks.repairs: [{id: new}]\n"
    )

    assert [("Y205", 4), ("Y205", 8), ("Y205", 11)] == [(code, line) for code, line, *_ in found]


def test_inserting_beside_a_changed_stage_is_no_conflict():
    """A stage that others are put after may itself be changed."""
    plain = changed("set: {stages.review.days: 9}\ninsert_after: {review: [{id: hearing}]}\n")

    assert ["motion", "review", "hearing", "work"] == ids(plain)
    assert plain["stages"][1]["days"] == 9


@pytest.mark.parametrize("new", ["[{id: motion}]", "[{id: new}, {id: new}]"])
def test_inserted_ids_must_be_new(new):
    """An inserted id may be neither in the list already nor inserted twice."""
    assert [("Y204", 3)] == [(code, line) for code, line, *_ in refusals(f"insert_after:\n  review: {new}\n")]


MALFORMED = [
    ("set: [a]", 2, 6),
    ("set:", 2, 5),
    ("remove: stages.motion", 2, 9),
    ("remove: [1]", 2, 10),
    ("remove: [{a: b}]", 2, 10),
    ("insert_after: [a]", 2, 15),
    ("insert_after: {motion: x}", 2, 24),
    ("insert_after: {motion: []}", 2, 24),
    ("insert_after: {motion: [x]}", 2, 25),
    ("insert_after: {motion: [{title: x}]}", 2, 25),
    ("insert_after: {motion: [{id: 5}]}", 2, 25),
    ("insert_after: {stages.motion.days: [{id: x}]}", 2, 16),
    ("set: {stages..days: 1}", 2, 7),
    ("set: {'': 1}", 2, 7),
    ("set: {" + "a." * LONGEST_PATH + "b: 1}", 2, 7),
    ("set: {stages.motion: {id: other}}", 2, 22),
    ("set: {stages.motion: 5}", 2, 22),
]


@pytest.mark.parametrize("text,line,column", MALFORMED, ids=[text[:40] for text, *_ in MALFORMED])
def test_malformed_layers_are_refused_with_their_place(text, line, column):
    """Every section of a layer has one form; another is refused where it stands."""
    assert [("Y202", line, column)] == [found[:3] for found in refusals(text)]


def test_a_layer_that_is_no_map_is_refused():
    """A layer file is a map."""
    with pytest.raises(Unreadable) as caught:
        apply_layer(NATIONAL, read_yaml(b"- set\n", "county.yaml"))

    assert ["Y202"] == [found.code for found in caught.value.findings]


def test_a_village_sets_numbers():
    """With numbers_only a number may be changed, or set where the base has none."""
    plain = changed("set: {stages.review.days: 7, stages.motion.late_days: 2}", numbers_only=True)

    assert (7, 2) == (plain["stages"][1]["days"], plain["stages"][0]["late_days"])


VILLAGE = [
    ("set: {stages.review.days: 七}", 2, 27),
    ("set: {stages.review.days: true}", 2, 27),
    ("set: {stages.review.days: '7'}", 2, 27),
    ("set: {stages.review.days: [7]}", 2, 27),
    ("set: {stages.review.days: }", 2, 27),
    ("set: {stages.review.quorum: 1}", 2, 29),
    ('set: {stages.review.quorum: "> 1/2 of present"}', 2, 29),
    ("set: {stages.review.notes: 1}", 2, 28),
    ("set: {title: 某村}", 2, 14),
    ("set: {stages.motion: {id: motion}}", 2, 22),
    ("remove: [stages.review.days]", 2, 10),
    ("remove: [stages.review]", 2, 10),
    ("insert_after: {review: [{id: hearing}]}", 2, 16),
]


@pytest.mark.parametrize("text,line,column", VILLAGE, ids=[text for text, *_ in VILLAGE])
def test_a_village_sets_nothing_but_numbers(text, line, column):
    """With numbers_only everything but an integer in an integer's place is refused where it stands."""
    assert [("Y203", line, column)] == [found[:3] for found in refusals(text, numbers_only=True)]


def test_layers_compose_like_their_sum():
    """Changes to different places come to the same whichever layer makes them first."""
    texts = [
        "set: {stages.review.days: 7}",
        "remove: [stages.motion]",
        "insert_after: {work: [{id: end}]}",
        "set: {title: x}",
    ]
    results = []
    for order in itertools.permutations(texts):
        node = NATIONAL
        for text in order:
            node = apply_layer(node, layer(text))
        results.append(node.plain())

    assert all(result == results[0] for result in results)
    assert ["review", "work", "end"] == ids(results[0])


def test_a_large_hostile_layer_is_answered():
    """Thousands of paths into nowhere are refused in the ordinary way, cut short for the reader."""
    paths = "".join(f"  stages.motion.x{number}.y: 1\n" for number in range(5_000))

    found = refusals("set:\n" + paths)

    assert ("Y201", 3, 3) == found[0][:3]
    assert found[-1][0] == "Y099"
