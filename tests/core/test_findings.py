import random

from workflow.core.findings import MOST_FINDINGS, TITLES, Finding, Unreadable, did_you_mean, quoted, shown
from workflow.core.nodes import Mark, Node


def finding(line, column=1, code="Y101", file="f.yaml"):
    """Return a finding at a place."""
    return Finding(code, "缺少", Mark(file, line, column))


def test_findings_sort_by_place_then_code():
    """Findings come in the order of file, line, column and code."""
    ordered = [
        finding(1, file="a.yaml"),
        finding(2),
        finding(2, code="Y102"),
        finding(2, 5),
        finding(10),
    ]
    shuffled = ordered[:]
    random.Random(1).shuffle(shuffled)

    assert ordered != shuffled
    assert tuple(ordered) == Unreadable(shuffled).findings


def test_line_says_everything_on_one_line():
    """A finding's line has the place, the code, the message, the found, the expected and the hint."""
    full = Finding("Y104", '"days" 类型不对', Mark("a.yaml", 3, 7), '"十天"', "整数", "例如 15")

    assert full.line() == 'a.yaml:3:7 Y104 "days" 类型不对，写的是 "十天"，应为 整数。例如 15'
    assert finding(3).line() == "f.yaml:3:1 Y101 缺少"


def test_the_message_of_a_refusal_is_its_lines():
    """The text of Unreadable is one line a finding."""
    assert str(Unreadable([finding(2), finding(1)])) == "f.yaml:1:1 Y101 缺少\nf.yaml:2:1 Y101 缺少"


def test_too_many_findings_say_so():
    """Past the most findings one more says that not all are listed, and none is dropped below that."""
    many = Unreadable(finding(line) for line in range(1, MOST_FINDINGS + 2)).findings
    exact = Unreadable(finding(line) for line in range(1, MOST_FINDINGS + 1)).findings

    assert (MOST_FINDINGS + 1, "Y099") == (len(many), many[-1].code)
    assert (MOST_FINDINGS, "Y101") == (len(exact), exact[-1].code)


def test_did_you_mean():
    """The nearest word is proposed; nothing is proposed for a far or a huge one."""
    assert did_you_mean("quorom", ["title", "quorum"]) == '是否指 "quorum"？'
    assert did_you_mean("zzz", ["title", "quorum"]) == ""
    assert did_you_mean("quorum" * 100, ["quorum" * 100 + "x"]) == ""


def test_quoted_is_short_printable_and_on_one_line():
    """Whatever a file holds, its quotation in a message is short and holds no control characters."""
    assert quoted("甲\n乙\x1b[31m\u2028丙\ud800") == '"甲 乙 [31m 丙 "'
    assert len(quoted("长" * 10_000)) < 100


def test_shown_names_the_kind_of_what_is_there():
    """A value is shown as a person would write it."""
    mark = Mark("f.yaml", 1, 1)

    assert [shown(Node.of_scalar(value, mark)) for value in ("x", 5, True, None)] == [
        '"x"',
        "5",
        "true",
        "空",
    ]
    assert shown(Node.of_map({}, mark, {})) == "一段（若干项）"
    assert shown(Node.of_list((), mark)) == "列表（0 项）"


def test_titles_are_short_chinese_sentences():
    """Every code is a letter and three digits with a short Chinese title."""
    assert all(len(code) == 4 and code[0] in "YPFSC" and code[1:].isdigit() for code in TITLES)
    assert all(any("\u4e00" <= letter <= "\u9fff" for letter in title) for title in TITLES.values())
