"""Procedures drawn: every way is there once, the drawing is well-formed, and what stands in it stays inside."""

import re
from datetime import date
from itertools import pairwise
from xml.etree import ElementTree

import pytest

from workflow.core.machine import Compiled
from workflow.core.matter import ENDS
from workflow.core.procedure import Procedure, targets
from workflow.diagram import HERE, edges, mermaid, svg
from workflow.library import Library
from workflow.shelves import SHIPPED

LINSHU, BEIJING, DAY = "371329105201", "110101001001", date(2026, 3, 1)
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def siyi() -> Procedure:
    """四议两公开 with the layers of Shandong and of the county."""
    return Library(SHIPPED).effective("siyi_lianggongkai", LINSHU, DAY).compiled.procedure


@pytest.fixture(
    scope="module",
    params=[(name, place) for name in Library(SHIPPED).procedures() for place in (LINSHU, BEIJING)],
)
def procedure(request) -> Procedure:
    """Every shipped procedure, with and without a county's layer."""
    return Library(SHIPPED).effective(*request.param, DAY).compiled.procedure


def parsed(drawing: str) -> ElementTree.Element:
    """The drawing as a tree."""
    return ElementTree.fromstring(drawing)  # noqa: S314 - our own text


def renamed(procedure: Procedure, **titles: str) -> Procedure:
    """The procedure with other titles of stages."""
    stages = [
        stage.model_copy(update={"title": titles[stage.id]}) if stage.id in titles else stage
        for stage in procedure.stages
    ]
    return procedure.model_copy(update={"stages": tuple(stages)})


def test_every_move_of_the_machine_is_drawn(procedure):
    """The drawing shows just the ways that the compiled machine has between stages, no more and no fewer."""
    compiled = Compiled(procedure, "")
    moves = {
        (stage.id, end)
        for stage in procedure.stages
        for _, _, target in targets(stage, procedure.by_id)
        for end in compiled.ends_of(stage.id, target)
    }
    assert {(each.source, each.target) for each in edges(procedure)} == moves


def test_every_way_has_chinese_words(procedure):
    """An outcome that leads on has a word; a new kind's outcomes are refused here until they have one."""
    words = [word for each in edges(procedure) for word in each.words.split("、")]
    assert [word for word in words if not word or any("a" <= sign <= "z" for sign in word)] == []


def test_the_way_around_a_stage_that_is_not_needed_is_dashed(siyi):
    """A stage with `when` is passed by; all others are not."""
    skipping = [(each.source, each.target) for each in edges(siyi) if each.skips]
    assert skipping == [("propose", "deliberate"), ("consult", "deliberate")]
    assert svg(siyi).count("stroke-dasharray") == len(skipping) + 1


def test_the_svg_is_well_formed_and_carries_no_style(procedure):
    """A page whose policy forbids inline styles and scripts may hold it as it is."""
    tree = parsed(svg(procedure))
    names = {name for part in tree.iter() for name in part.attrib}
    assert tree.tag == f"{SVG}svg"
    assert {part.tag.removeprefix(SVG) for part in tree.iter()} == {
        "svg",
        "defs",
        "marker",
        "path",
        "rect",
        "text",
    }
    assert not any(name == "style" or name.startswith("on") for name in names)


def test_nothing_stands_outside_the_drawing(procedure):
    """Every box and line lies within the view; no two boxes of the column touch."""
    tree = parsed(svg(procedure))
    _, _, width, height = map(int, tree.attrib["viewBox"].split())
    boxes = [
        {name: int(box.attrib[name]) for name in ("x", "y", "width", "height")}
        for box in tree.iter(f"{SVG}rect")
    ]
    assert all(
        0 < box["x"] and box["x"] + box["width"] < width and box["y"] + box["height"] < height
        for box in boxes
    )
    column = [box for box in boxes if box["width"] == max(each["width"] for each in boxes)]
    for upper, lower in pairwise(column):
        assert upper["y"] + upper["height"] < lower["y"]
    for path in tree.iter(f"{SVG}path"):
        for x in re.findall(r"[MHL](-?\d+)", path.attrib["d"]):
            assert 0 <= int(x) <= width


def test_ways_that_run_side_by_side_have_lanes_of_their_own(siyi):
    """The ways back to the proposal, and those past the township's opinion, run in different lanes."""
    tree = parsed(svg(siyi))
    back = [
        path.attrib["d"]
        for path in tree.iter(f"{SVG}path")
        if re.fullmatch(r"M\d+ \d+H\d+V\d+H\d+", path.attrib["d"])
    ]
    lanes = [re.findall(r"H(\d+)V", each)[0] for each in back]
    assert len(lanes) >= 5
    assert len(set(lanes)) == len(lanes)


def test_the_stage_a_matter_is_at_is_marked_in_words(siyi):
    """Not by colour alone; a place within the stage and the waiting for the second office count as the stage."""
    assert HERE not in svg(siyi)
    for state in ("resolve", "resolve.called", "resolve.confirming"):
        assert svg(siyi, state).count(HERE) == 1
        assert "  class s_resolve here\n" in mermaid(siyi, state)
    assert "  class e_archived here\n" in mermaid(siyi, "archived")
    assert "class" not in mermaid(siyi, "nowhere")


def test_titles_are_text_whatever_they_hold(siyi):
    """A title with marks of XML or Mermaid is shown as written and opens nothing."""
    odd = renamed(siyi, motion='<b>&"动议"</b>', propose='x"] --> y; `z`#')
    texts = ["".join(part.itertext()) for part in parsed(svg(odd)).iter(f"{SVG}text")]
    assert '1. <b>&"动议"</b>' in texts
    assert '  s_motion["1. #60;b#62;#38;#34;动议#34;#60;/b#62;<br>' in mermaid(odd)
    assert '  s_propose["2. x#34;] --#62; y#59; #96;z#96;#35;<br>' in mermaid(odd)


def test_long_titles_are_wrapped(siyi):
    """The longest title allowed takes more lines, and the box grows with it."""
    long = svg(renamed(siyi, motion="村" * 60))
    lines = [part.text for part in parsed(long).iter(f"{SVG}text") if set(part.text) <= set("1. 村")]
    assert "".join(lines) == "1. " + "村" * 60
    assert max(map(len, lines)) <= 14


def test_mermaid_ids_are_ascii_and_labels_quoted(procedure):
    """Mermaid refuses Chinese ids in class statements; every id is ASCII, everything Chinese stands in quotes."""
    for line in mermaid(procedure, procedure.stages[1].id).splitlines():
        bare = re.sub(r'"[^"]*"', "", line)
        assert bare.isascii(), line
    ends = {each.target for each in edges(procedure)} & set(ENDS)
    assert {end for end in ENDS if f"  e_{end}([" in mermaid(procedure)} == ends
