"""Duties that come back, on the first pages of those who must do them and of those who watch."""

import pytest

from tests.builders import VILLAGE, People, village
from tests.web.sitting import words


@pytest.fixture
def house(install):
    """张庄村 at the end of May: nobody has put any duty of the year into the archive."""
    place = install()
    people = People(
        secretary=place.person("书记"),
        vsc_chair=place.person("监委会主任", "committee"),
        township_officer=place.person("镇街审核员", "township", VILLAGE[:9]),
    )
    village(place.here, people)
    place.watch.forward(days=85)
    return place


def test_secretary_committee_and_township_see_the_same_misses(house):
    """The village sees every duty with the turns missed, the committee the same, the township its late villages."""
    seen = {
        name: words(house.logged_in(name).get(address))
        for name, address in (
            ("书记", "/secretary"),
            ("监委会主任", "/committee"),
            ("镇街审核员", "/township"),
        )
    }
    assert "定期要办的" in seen["书记"]
    assert "2026年第一季度" in seen["书记"]
    assert "次没有办" in seen["监委会主任"]
    own, watched = (
        seen[name].partition("定期要办的（")[2].partition(" 件")[0] for name in ("书记", "监委会主任")
    )
    assert own == watched != ""
    assert "村里过了日子没办的（1 个村）" in seen["镇街审核员"]
    assert "张庄村：" in seen["镇街审核员"]
    assert (
        f"/secretary/matters/new/disclosure_general?place={VILLAGE}"
        in house.logged_in("书记").get("/secretary").text
    )
    assert "/secretary/matters/new" not in house.logged_in("监委会主任").get("/committee").text
