"""The floors under the procedures we ship: lawful in every province, and not one step lower in any of them."""

import datetime
import shutil
from pathlib import Path

import pytest

from tests.floors import BEIJING, CHONGQING, HANGZHOU, LINSHU, STATUTES, exact, steps
from workflow.cases.running import Cases
from workflow.core.findings import Unreadable
from workflow.core.floors import FloorClaim, check_floors
from workflow.library import Library
from workflow.shelves import SHIPPED

DAY = datetime.date(2026, 6, 30)
PLACES = (BEIJING, LINSHU, HANGZHOU, CHONGQING)
PROCEDURES = Library(SHIPPED).procedures()
COUNTY = Path(__file__).parents[1] / "examples" / "floors" / "stricter_county.yaml"


@pytest.fixture(scope="module")
def libraries() -> dict[str, Library]:
    """One library for each province, so that none answers from what another has read."""
    return {place: Library(SHIPPED) for place in PLACES}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("procedure", PROCEDURES)
def test_each_procedure_is_lawful_in_each_province(
    libraries: dict[str, Library], procedure: str, place: str
) -> None:
    """Where a province asks more than the nation, its layer says so; a village there is not refused the text."""
    try:
        effective = libraries[place].effective(procedure, place, DAY)
    except Unreadable as refused:
        pytest.fail(f"layers/{place[:2]}/{procedure} lacks:\n{refused}")
    assert effective.compiled.procedure.procedure == procedure


@pytest.mark.parametrize("procedure", PROCEDURES)
def test_no_claimed_value_may_go_a_step_below_its_floor(
    libraries: dict[str, Library], procedure: str
) -> None:
    """Each value a procedure claims is refused one smallest step below the law, in the meeting it stands in."""
    text = libraries[LINSHU].effective(procedure, LINSHU, DAY).compiled.procedure
    for claim in text.floor_claims():
        for statute in STATUTES.in_force(claim.key, DAY, LINSHU)[-1:]:
            value = exact(claim.key, DAY, LINSHU)
            for step in steps(statute, value):
                below = FloorClaim(claim.path, claim.key, step, claim.context)
                assert check_floors([below], STATUTES, DAY, LINSHU), (claim, step)
            at = FloorClaim(claim.path, claim.key, value, claim.context)
            assert check_floors([at], STATUTES, DAY, LINSHU) == []


MEETING = """\
说明: 县里到会五分之四、组成人员三分之二同意，比法律严
每例都:
  村里: {{代码: "119999105201"}}
  先办到: 通知决议会议
  办: 登记会议结果
情形:
  - 例: {present}人到会，{in_favour}人同意
    填: {{实到人数: {present}, 同意: {in_favour}}}
    {unvoted}
    结果: {outcome}
    {short}
"""


@pytest.mark.parametrize(
    "present, in_favour, outcome, short",
    [
        (36, 30, "通过", ""),
        (36, 29, "未通过", "差在: [至少 30]"),
        (45, 30, "通过", ""),
        (35, 30, "到会不足", "差在: [至少 36]"),
    ],
)
def test_a_county_stricter_on_another_base_counts_by_its_own_rule(
    tmp_path: Path, present: int, in_favour: int, outcome: str, short: str
) -> None:
    """Of 45: 36 must come and 30 agree, though the law would do with 30 and 16; the layer is accepted as it stands."""
    shutil.copytree(SHIPPED, tmp_path / "procedures")
    folder = tmp_path / "procedures" / "layers" / "119999" / "siyi_lianggongkai"
    folder.mkdir(parents=True)
    shutil.copy(COUNTY, folder / "2026-01-01.yaml")
    case = tmp_path / "case.yaml"
    unvoted = "不填: [同意, 反对, 弃权]" if outcome == "到会不足" else ""
    text = MEETING.format(present=present, in_favour=in_favour, outcome=outcome, short=short, unvoted=unvoted)
    if unvoted:
        text = text.replace(f", 同意: {in_favour}", "")
    case.write_text(text, encoding="utf-8")

    (result,) = Cases(Library(tmp_path / "procedures")).run_file(case)

    assert result.difference is None
