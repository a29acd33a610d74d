"""What a file may not say of a scoring: each wrong combination is told when it is read."""

import pytest

from tests.core.stages.papers import faults
from tests.core.stages.test_scoring import CONTEST, INDICATORS
from workflow.core.findings import Unreadable


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("pass_mark: 60", "pass_mark: 101", "pass_mark 及格线 101 分，可是满分只有 100 分"),
        ("pass_mark: 60", "pass_mark: 201/2", "pass_mark 及格线 201/2 分"),
        ("shortlist: 2", "shortlist: 5", "shortlist 入围 5 个，可是参评对象最多 4 个"),
        ("applicants_min: 2", "applicants_min: 5", "applicants_min 参评对象至少 5 个，最多却是 4 个"),
        ("of due", "of present", "panel_share 评委到场按应到评委算"),
        ("panel_min: 3", "panel_min: 2\ntrim: true", "trim 去掉最高最低至少要 3 名评委"),
        ("id: plan", "id: need", "criteria.1.id 项目代号“need”用了两次"),
        ("pass_mark: 60\nshortlist: 2\n", "", "没有写怎么出结果"),
    ],
)
def test_parameters_of_a_contest_that_cannot_stand_together_are_told(old: str, new: str, said: str) -> None:
    """Each wrong combination is reported when the file is read, at its place."""
    found = faults(CONTEST.replace(old, new, 1))

    assert any(said in each for each in found), found


@pytest.mark.parametrize(
    "old, new, said",
    [
        ("applicants_max: 1\n", "", "bands 分档只用于评一个对象"),
        ("at_least: 121/2", "at_least: 90", "bands.1.at_least “称职”的分数不低于上一档，永远轮不到"),
        ("at_least: 90", "at_least: 101", "bands.0.at_least “优秀”要 101 分，可是满分只有 100 分"),
        ("at_least: 0", "at_least: 1", "bands.2.at_least 不到 1 分的没有一档可归"),
        ("panel_min: 1", "panel_min: 1\npass_mark: 60", "pass_mark 分了档就不写 pass_mark"),
        ("id: incompetent", "id: competent", "bands.2.id 档次代号“competent”用了两次"),
    ],
)
def test_bands_of_a_total_that_cannot_stand_together_are_told(old: str, new: str, said: str) -> None:
    """Gaps, overlaps and bands nobody reaches are reported when the file is read."""
    found = faults(INDICATORS.replace(old, new, 1))

    assert any(said in each for each in found), found


@pytest.mark.parametrize("mark", ["60.5", "'60%'", "'1/0'", "true"])
def test_a_mark_is_a_whole_number_or_a_fraction(mark: str) -> None:
    """A decimal, a percentage, a division by nothing and a yes are no marks."""
    with pytest.raises(Unreadable, match="请写整数（60）或分数（121/2）"):
        faults(CONTEST.replace("pass_mark: 60", f"pass_mark: {mark}"))


@pytest.mark.parametrize("old, new", [("weight: 4", "weight: 0"), ("shortlist: 2", "shortlist: 0")])
def test_nothing_weighs_nothing(old: str, new: str) -> None:
    """A weight and a shortlist are at least one."""
    with pytest.raises(Unreadable, match="不小于 1"):
        faults(CONTEST.replace(old, new))
