import dataclasses

import pytest

from workflow.core.nodes import Mark, Node

HERE = Mark("f.yaml", 1, 1)


def scalar(value, line=1):
    """Return a scalar on a line."""
    return Node.of_scalar(value, Mark("f.yaml", line, 1))


def tree():
    """Return {"b": [1, {"c": None}], "a": "x"} with b on line 2 and a on line 5."""
    inner = Node.of_map({"c": scalar(None, 4)}, Mark("f.yaml", 4, 3), {"c": Mark("f.yaml", 4, 3)})
    items = Node.of_list((scalar(1, 3), inner), Mark("f.yaml", 3, 1))
    marks = {"b": Mark("f.yaml", 2, 1), "a": Mark("f.yaml", 5, 1)}
    return Node.of_map({"b": items, "a": scalar("x", 5)}, HERE, marks)


def test_plain_keeps_values_and_order():
    """The plain data of a tree has its values, in the order in which they were written."""
    plain = tree().plain()

    assert {"b": [1, {"c": None}], "a": "x"} == plain
    assert ["b", "a"] == list(plain)


def test_plain_of_a_very_deep_tree():
    """A tree far deeper than Python's stack becomes plain data: nothing recurses."""
    node = scalar("bottom")
    for _ in range(5_000):
        node = Node.of_list((node,), HERE)

    value, depth = node.plain(), 0
    while isinstance(value, list):
        value, depth = value[0], depth + 1

    assert (5_000, "bottom") == (depth, value)


def test_plain_data_is_the_callers_own():
    """Changing the plain data does not change the tree."""
    node = tree()

    node.plain()["b"].append(2)

    assert [1, {"c": None}] == node.plain()["b"]


@pytest.mark.parametrize(
    "path,line",
    [((), 1), (("b", 1, "c"), 4), (("b", 0, "no", "more"), 3), (("b", 9), 3), (("none",), 1), (("b", -1), 3)],
)
def test_at_is_the_nearest_node(path, line):
    """`at` returns the node at a path, or the last on the way that exists; no index counts back."""
    assert line == tree().at(path).mark.line


def test_children_by_key_and_index():
    """A child is reached by its key or index, and asking for one that is not there raises."""
    node = tree()

    assert node["b"][0].scalar == 1
    with pytest.raises(KeyError):
        node["none"]
    with pytest.raises(IndexError):
        node["b"][2]


def test_walk_goes_in_the_order_of_the_text():
    """`walk` yields every node once, with its path, as they stand in the text."""
    assert [(), ("b",), ("b", 0), ("b", 1), ("b", 1, "c"), ("a",)] == [path for path, _ in tree().walk()]


def test_key_marks():
    """A map says where each key stands, and where itself stands for a key it lacks."""
    assert tree().mark_of_key("a") == Mark("f.yaml", 5, 1)
    assert tree().mark_of_key("none") == HERE


def test_nodes_do_not_change():
    """Neither a node nor the children of a map can be replaced."""
    node = tree()

    with pytest.raises(dataclasses.FrozenInstanceError):
        node.mark = Mark("g.yaml", 1, 1)
    with pytest.raises(TypeError):
        node.fields["a"] = scalar("y")


def test_a_map_is_cut_off_from_the_dict_it_was_made_of():
    """Changing the dict a map was made of does not change the map."""
    fields = {"a": scalar(1)}
    node = Node.of_map(fields, HERE, {})

    fields["a"] = scalar(2)

    assert {"a": 1} == node.plain()
