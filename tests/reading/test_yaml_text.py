import re

import hypothesis
import pytest
import yaml
from hypothesis import strategies as st

from tests.conftest import PROVE_ROUNDS
from workflow.core.findings import MOST_FINDINGS, TITLES, Unreadable
from workflow.core.nodes import Mark
from workflow.reading.yaml_text import MOST_BYTES, MOST_DEPTH, MOST_EVENTS, read_yaml

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def read(text):
    """Read a text, or bytes."""
    return read_yaml(text if isinstance(text, bytes) else text.encode(), "f.yaml")


def refusals(text):
    """Return (code, line, column) of everything refused, after checking that it is said in Chinese."""
    with pytest.raises(Unreadable) as caught:
        read(text)
    assert all(CHINESE.search(found.message) and found.code in TITLES for found in caught.value.findings)
    return [(found.code, found.mark.line, found.mark.column) for found in caught.value.findings]


SCALARS = [
    ("no", "no"),
    ("yes", "yes"),
    ("on", "on"),
    ("True", "True"),
    ("true", True),
    ("false", False),
    ("null", None),
    ("~", None),
    ("", None),
    ("Null", "Null"),
    ("0", 0),
    ("-5", -5),
    ("15", 15),
    ("+5", "+5"),
    ("0411722", "0411722"),
    ("371329104205", 371329104205),
    ("999999999999999", 999999999999999),
    ("1000000000000000", "1000000000000000"),
    ("9" * 5000, "9" * 5000),
    ("\u0661\u0662", "\u0661\u0662"),
    ("1:30", "1:30"),
    ("2026-01-01", "2026-01-01"),
    ("2026-13-45", "2026-13-45"),
    ("1_000", "1_000"),
    ("1.5", "1.5"),
    ("1e3", "1e3"),
    (".inf", ".inf"),
    ("0x10", "0x10"),
    ("0o17", "0o17"),
    ("2/3", "2/3"),
    ('"true"', "true"),
    ("'15'", "15"),
    ('""', ""),
    ("'~'", "~"),
    ('">= 2/3 of body_all"', ">= 2/3 of body_all"),
    ("|\n  15\n", "15\n"),
]


@pytest.mark.parametrize("written,value", SCALARS, ids=[written[:20] for written, _ in SCALARS])
def test_nothing_is_retyped(written, value):
    """Only true, false, null, ~, nothing and plain short integers are anything but text."""
    found = read(f"a: {written}")["a"].scalar

    assert (type(value), value) == (type(found), found)


def test_every_value_and_key_knows_its_place():
    """Lines and columns count characters from 1, Chinese ones as one each, whatever the line ends."""
    for end in ("\n", "\r\n", "\r"):
        node = read(end.join(["# 注", "标题: 甲", "各步:", "  - 名称: 议事", "    天数: 5"]))

        assert node["标题"].mark == Mark("f.yaml", 2, 5)
        assert node.key_marks["各步"] == Mark("f.yaml", 3, 1)
        assert node["各步"][0].key_marks["天数"] == Mark("f.yaml", 5, 5)
        assert node["各步"][0]["天数"].mark == Mark("f.yaml", 5, 9)


def test_flow_style_and_document_markers_are_allowed():
    """One document may be written in flow style and between --- and the final three dots."""
    assert {"a": [1, {"b": "c"}], "d": {}} == read("---\n{a: [1, {b: c}], d: {}}\n...\n").plain()


def test_a_byte_order_mark_is_no_character():
    """A file saved by an old Windows editor is read, and its columns are not shifted."""
    node = read(b"\xef\xbb\xbfa: 1\n")

    assert node.key_marks["a"] == Mark("f.yaml", 1, 1)


REFUSED = [
    ("nested lists of the file that crashed libyaml's loader", "- " * 30_000, [("Y005", 1, 41)]),
    ("nested brackets", "[" * 60_000, [("Y005", 1, 21)]),
    ("nested maps", "{a: " * 20_000, [("Y005", 1, 81)]),
    (
        "alias bomb",
        "a: &a [x, x]\nb: &b [*a, *a]\n",
        [("Y007", 1, 4), ("Y007", 2, 4), ("Y007", 2, 8), ("Y007", 2, 12)],
    ),
    ("alias as key", "*a : 1\n*b : 2\n", [("Y007", 1, 1), ("Y007", 2, 1)]),
    ("anchored key", "&a b: c\n", [("Y007", 1, 1)]),
    ("half an anchor", "a: &&& 1\n", [("Y007", 1, 5)]),
    ("python object", "a: 1\nb: !!python/object/apply:os.system [ls]\n", [("Y008", 2, 4)]),
    ("local tag", "a: !x 1\n", [("Y008", 1, 4)]),
    ("lone exclamation mark", "a: ! 1\n", [("Y008", 1, 4)]),
    ("tag with a surrogate", "a: !<%ED%A0%80> x\n", [("Y008", 1, 2)]),
    ("tag with bad escapes", "a: !%ff x\n", [("Y008", 1, 5)]),
    ("two documents", "a: 1\n---\nb: 2\n", [("Y009", 2, 1)]),
    ("version directive", "%YAML 1.1\n---\na: 1\n", [("Y010", 1, 1)]),
    ("unknown version", "%YAML 9.9\n---\na: 1\n", [("Y010", 1, 1)]),
    ("tag directive", "%TAG ! tag:x,2000:\n---\na: 1\n", [("Y010", 1, 1)]),
    ("unknown directive", "%FOO x\n---\na: 1\n", [("Y010", 1, 5)]),
    ("merge key", "a: 1\n<<: {b: 2}\n", [("Y011", 2, 1)]),
    ("duplicate key", "a: 1\nb:\n  c: 1\n  c: 2\na: 3\n", [("Y012", 4, 3), ("Y012", 5, 1)]),
    ("duplicate key spelled otherwise", "a: 1\n'a': 2\n", [("Y012", 2, 1)]),
    ("number as key", "1: x\n", [("Y013", 1, 1)]),
    ("bool as key", "a:\n  true: x\n", [("Y013", 2, 3)]),
    ("nothing as key", "a: 1\n?\n: x\n", [("Y013", 2, 2)]),
    ("list as key", "? [a]\n: b\n", [("Y013", 1, 3)]),
    ("map as key", "{{a: b}: c}\n", [("Y013", 1, 2)]),
    ("empty", "", [("Y014", 1, 1)]),
    ("comments only", "# 只有说明\n", [("Y014", 1, 1)]),
    ("null", "~\n", [("Y014", 1, 1)]),
    ("NUL", "a: 1\nb: x\x00y\n", [("Y003", 2, 5)]),
    ("NUL by escape", 'a: 1\nb: "x\\0y"\n', [("Y003", 2, 4)]),
    ("text turned around", "a: \u202eyx\nb: \u2066z\n", [("Y003", 1, 4), ("Y003", 2, 4)]),
    ("text turned around by escape", 'a: "\\u202e"\n', [("Y003", 1, 4)]),
    ("zero-width space in a key", "ti\u200btle: x\n", [("Y003", 1, 3)]),
    ("line separator", "a: x\u2028b: y\n", [("Y003", 1, 5)]),
    ("byte order mark inside", "a: x\n\ufeffb: y\n", [("Y003", 2, 1)]),
    ("surrogate by escape", 'a: "\\ud800"\n', [("Y004", 1, 7)]),
    ("surrogate in bytes", b"a: 1\nb\xed\xa0\x80: x\n", [("Y001", 2, 2)]),
    ("bad UTF-8", b"a: 1\n\xe6\x9d\x91b: \xff\n", [("Y001", 2, 5)]),
    ("GBK", "a: 1\n标题: 甲\n".encode("gbk"), [("Y001", 2, 1)]),
    ("UTF-16", "a: 1\n".encode("utf-16"), [("Y001", 1, 1)]),
    ("tab as indentation", "a:\n\tb: 1\n", [("Y004", 2, 1)]),
    ("tab after indentation", "a:\n  b: 1\n\tc: 2\n", [("Y004", 3, 1)]),
    ("colon in text", "a: 1\nb: 二: 三\n", [("Y004", 2, 5)]),
    ("no colon", "a: 1\nb\nc: 2\n", [("Y004", 2, 1)]),
    ("Chinese colon", "a: 1\n乙：2\n", [("Y004", 2, 1)]),
    ("bad indentation", "a:\n  - x\n y: 2\n", [("Y004", 3, 2)]),
    ("open quote", "a: 1\nb: 'x\nc: 2\n", [("Y004", 2, 4)]),
    ("open bracket", "a: [1, 2\nb: 3\n", [("Y004", 2, 2)]),
    ("open bracket to the end", "a: 1\nb: [c,\n\n\n", [("Y004", 2, 6)]),
    ("reserved sign", "a: 1\nb: @x\n", [("Y004", 2, 4)]),
    ("unknown escape", 'a: "C:\\q"\n', [("Y004", 1, 7)]),
    ("after the end", "a: 1\n... x\n", [("Y004", 2, 5)]),
]


@pytest.mark.parametrize("text,expected", [case[1:] for case in REFUSED], ids=[case[0] for case in REFUSED])
def test_refused_with_place(text, expected):
    """What is outside the allowed part of YAML is refused with code, line and column, all of it at once."""
    assert expected == refusals(text)


def test_the_fix_is_named():
    """The commonest slips of the hand are named together with their fix."""
    slips = {
        "a:\n\tb: 1\n": "Tab",
        "a: 1\n乙：2\n": "英文冒号",
        "a: 1\na: 2\n": "第 1 行",
        "2026: 1\n": "引号",
        "标题: 甲".encode("gbk"): "另存为 UTF-8",
    }
    for text, words in slips.items():
        with pytest.raises(Unreadable) as caught:
            read(text)
        assert words in caught.value.findings[0].line()


def test_limits_are_exact():
    """The largest size, depth and count are read, the next are refused with their place."""
    row = "a: 1\n"
    padding = "#" * (MOST_BYTES - len(row))
    assert read(row + padding).plain() == {"a": 1}
    assert refusals(row + padding + "#") == [("Y002", 2, len(padding) + 1)]

    assert read("[" * MOST_DEPTH + "]" * MOST_DEPTH).kind == "list"
    assert refusals("[" * (MOST_DEPTH + 1)) == [("Y005", 1, MOST_DEPTH + 1)]

    # Besides the items: start and end of stream, document and list, six events.
    most_items = MOST_EVENTS - 6
    assert len(read("- 1\n" * most_items).items) == most_items
    assert refusals("- 1\n" * (MOST_EVENTS + 1)) == [("Y006", MOST_EVENTS - 2, 3)]


def test_a_file_of_300_kb_is_refused_unparsed():
    """A large file is refused for its size with the line where it went over."""
    assert refusals("a: 1\n" * 60_000) == [("Y002", MOST_BYTES // 5 + 1, MOST_BYTES % 5 + 1)]


@pytest.mark.parametrize("row", ["- *a\n", "- !x 1\n", "- &a 1\n", '- "\\0"\n', "- \u202e\n"])
def test_thousands_of_faults_are_cut_short(row):
    """A file full of faults answers with the most that a person would read, and says that there are more."""
    found = refusals(row * 5_000)

    assert (MOST_FINDINGS + 1, "Y099") == (len(found), found[-1][0])


def only_unreadable(data):
    """Read bytes: a node, or Unreadable with places inside the file; anything else is a failure."""
    node, findings = None, ()
    try:
        node = read_yaml(data, "f.yaml")
    except Unreadable as refused:
        findings = refused.findings

    assert (node is None) == bool(findings)
    lines = data.count(b"\n") + data.count(b"\r") + 1
    for found in findings:
        assert CHINESE.search(found.message)
        assert 1 <= found.mark.line <= lines
        assert found.mark.column >= 1
        assert "\n" not in found.line()
    for path, below in node.walk() if node else ():
        assert len(path) <= MOST_DEPTH
        assert below is node.at(path)
        assert 1 <= below.mark.line <= lines


SEEDS = [text if isinstance(text, bytes) else text.encode() for _, text, _ in REFUSED if len(text) < 100]
SEEDS += [
    "标题: 甲\n各步:\n  - id: a\n    天数: 5\n    法: [1, {b: 'c'}]\n".encode(),
    b'a: "\\u4e00"\nb: |\n  x\n',
]
SPLICES = b"&*!%<>-?:{}[],#|\"'\\@`~\t\n\r \x00\xef\xbb\xbf\xe2\x80\xa8\xff"


@st.composite
def mutated_yaml(draw):
    """A known text with bytes cut out, doubled and put in, perhaps joined with another."""
    data = draw(st.sampled_from(SEEDS))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 12)))
        middle = draw(
            st.one_of(
                st.just(b""),
                st.just(data[start:end] * 2),
                st.lists(st.sampled_from(SPLICES), max_size=6).map(bytes),
                st.sampled_from(SEEDS),
            )
        )
        data = data[:start] + middle + data[end:]
    return data


@hypothesis.given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(data):
    """Random bytes never raise anything but Unreadable."""
    only_unreadable(data)


@hypothesis.given(mutated_yaml())
def test_any_damaged_yaml_is_read_or_refused(data):
    """Damaged YAML never raises anything but Unreadable."""
    only_unreadable(data)


@pytest.mark.prove
@hypothesis.settings(max_examples=PROVE_ROUNDS * 5, derandomize=False)
@hypothesis.given(
    st.one_of(
        st.binary(max_size=3000),
        st.text(max_size=1000).map(lambda t: t.encode("utf-8", "replace")),
        mutated_yaml(),
    )
)
def test_long_search_for_bytes_that_crash_the_reader(data):
    """A long search finds no bytes that raise anything but Unreadable."""
    only_unreadable(data)


PLAIN = st.recursive(
    st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-(10**15) + 1, 10**15 - 1),
        st.text("村议 a:#-'\"01~", max_size=8),
    ),
    lambda children: st.one_of(
        st.lists(children, max_size=4),
        st.dictionaries(st.text("村议ab:- ", min_size=1, max_size=5), children, max_size=4),
    ),
    max_leaves=15,
)


@hypothesis.given(PLAIN.filter(lambda value: value is not None))
def test_what_a_writer_writes_is_read_back(value):
    """Data written by PyYAML's own writer, texts in quotes, is read back the same."""
    written = yaml.dump(value, allow_unicode=True, default_style=None, Dumper=Quoting)

    assert value == read(written).plain()


class Quoting(yaml.SafeDumper):
    """Writes every text in double quotes and never an alias, as our files must."""

    def ignore_aliases(self, data):  # noqa: D102
        return True


Quoting.add_representer(
    str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"')
)
