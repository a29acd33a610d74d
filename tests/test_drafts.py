"""Drafts are tried out with every command as if they were in force, and leave nothing behind."""

import datetime
from pathlib import Path

import pytest

from tests import calling
from workflow.core.findings import Unreadable
from workflow.drafts import trying
from workflow.library import Library
from workflow.reading.yaml_text import read_yaml
from workflow.shelves import SHIPPED

DAY = datetime.date(2027, 3, 1)
PLACE = "379901"
LAYER = """\
layer: county
division: "379901"
title: 某县
extends: siyi_lianggongkai
from: 2027-01-01
set:
  stages.resolve.bodies.rep_assembly.notice_days: {days}
"""
CASES = """\
说明: 某县：村民代表会议要提前七天通知。
每例都:
  村里: {代码: "379901105201"}
  从哪天: 2027-03-01
  先办到: 复核党员大会
  办: 发出会议通知
情形:
  - 例: 提前6天通知，差一天，不行
    填: {开会日期: 6天后}
    不行因为: [至少提前 7 天]
"""


def notice_days(library: Library) -> int:
    """How many days before the representatives meet they are told, in the county."""
    text = library.effective("siyi_lianggongkai", PLACE, DAY).compiled.procedure
    return int(text.by_id["resolve"].rules["rep_assembly"].notice_days)


def test_a_draft_binds_while_it_is_tried_and_nowhere_else():
    """The county's seven days stand beside the province's five, and are gone afterwards."""
    library = Library(SHIPPED)
    with trying(library, [read_yaml(LAYER.format(days=7).encode(), "草稿")]) as drafted:
        assert (notice_days(drafted), notice_days(library)) == (7, 5)
        (folder,) = drafted.more
        assert folder.is_dir()
    assert not folder.exists()
    assert notice_days(library) == 5


@pytest.mark.parametrize(
    "draft, code, words",
    [
        (LAYER.format(days=7).replace("379901", "371329").replace("2027-01-01", "2026-01-01"), "P208", "已有自 2026-01-01 起的这份文本"),
        (CASES, "P214", "只能施行程序、事项清单"),
    ],
)  # fmt: skip
def test_a_draft_that_would_not_be_read_is_refused(draft, code, words):
    """One that stands where a text in force stands would be passed over in silence; cases are no text."""
    with pytest.raises(Unreadable) as error, trying(Library(SHIPPED), [read_yaml(draft.encode(), "草稿")]):
        pass
    (finding,) = error.value.findings
    assert finding.code == code
    assert finding.message.startswith(words)


def test_two_drafts_of_the_same_day_are_refused():
    """Which of the two would bind is not for the order on the command line to say."""
    twice = [read_yaml(LAYER.format(days=days).encode(), f"草稿{days}") for days in (7, 8)]
    with pytest.raises(Unreadable, match="草稿8"), trying(Library(SHIPPED), twice):
        pass


@pytest.fixture
def folder(tmp_path) -> Path:
    """A county's folder: its layer, and a case of it."""
    (tmp_path / "四议两公开.yaml").write_text(LAYER.format(days=7), encoding="utf-8")
    (tmp_path / "例子.yaml").write_text(CASES, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    "arguments, words",
    [
        (("check", "{folder}"), "查了 2 个文件，没有发现问题"),
        (("case", "{folder}"), "跑了 1 个文件、1 个例子，都和所说的一样"),
        (("show", "siyi_lianggongkai", "--place", PLACE, "--on", "2027-03-01"), "提前 7 天通知（某县；"),
        (("diff", "siyi_lianggongkai@37:2027-03-01", f"siyi_lianggongkai@{PLACE}:2027-03-01"), "提前 5 天通知 → 村民代表会议：提前 7 天通知（某县"),
        (("route", "修路", "--place", PLACE, "--on", "2027-03-01", "--amount", "48000"), "提前 7 天通知"),
    ],
)  # fmt: skip
def test_every_command_on_texts_takes_drafts(folder, arguments, words):
    """`--with` a folder reads its texts and leaves its cases to those who run them."""
    said = calling.call([each.format(folder=folder) for each in (*arguments, "--with", "{folder}")], {})
    assert words in said.stdout, said


@pytest.mark.parametrize("command", [("show", "siyi_lianggongkai"), ("case",), ("route", "修路"), ("check",)])
@pytest.mark.parametrize(
    "text, status, words",
    [("layer: county\nextends: [", 1, "草稿.yaml:2:11 Y004"), (None, 2, "草稿.yaml 这个文件")],
)
def test_a_draft_that_cannot_be_read_ends_the_command(tmp_path, command, text, status, words):
    """A broken one is told with line and column and status 1, a missing one is a wrong call."""
    draft = tmp_path / "草稿.yaml"
    if text is not None:
        draft.write_text(text, encoding="utf-8")
    said = calling.call([*command, "--with", str(draft)], {})
    assert said.returncode == status
    assert words in said.stdout + said.stderr


def test_what_a_draft_breaks_is_told_by_show(tmp_path):
    """Two days' notice is below the province's five: the article, and the nearest lawful number."""
    draft = tmp_path / "草稿.yaml"
    draft.write_text(LAYER.format(days=2), encoding="utf-8")
    said = calling.call(
        ["show", "siyi_lianggongkai", "--place", PLACE, "--on", "2027-03-01", "--with", str(draft)], {}
    )
    assert said.returncode == 1
    assert "F301" in said.stdout
    assert "最接近的合法写法：5" in said.stdout


LIST = """\
layer: {layer}
division: "{division}"
title: 草稿
extends: matter_list
from: 2027-01-01
set:
  kinds.{kind}.title: {kind}改了名字
"""


def test_a_list_is_checked_on_top_of_the_drafts_above_it(tmp_path):
    """The township's list changes what the county's draft makes, not what is in force."""
    county, town = tmp_path / "县.yaml", tmp_path / "镇.yaml"
    county.write_text(LIST.format(layer="county", division=PLACE, kind="public_works"), encoding="utf-8")
    town.write_text(LIST.format(layer="county", division=f"{PLACE}105", kind="levy"), encoding="utf-8")
    said = calling.call(["check", str(town), "--with", str(county)], {})
    assert (said.returncode, said.stdout.strip()) == (0, "查了 2 个文件，没有发现问题")
