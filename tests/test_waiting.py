"""Whose list a matter stands in: that of those who may do its next act, in village, committee, township or county."""

import datetime

import pytest

from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases
from workflow.core.attempt import Decision
from workflow.core.place import Place
from workflow.core.summary import summarise
from workflow.library import Library
from workflow.shelves import SHIPPED

DAY = datetime.date(2026, 3, 2)


def lists(name: str) -> set[tuple[str, str]]:
    """Each office that did a matter's next act in the cases of a file, with the list the matter stood in before."""
    found = set()

    def watch(compiled, matter, attempt, answer):
        if not isinstance(answer, Decision) or not matter.at or answer.to == matter.at:
            return
        waits = summarise(compiled, cases.library.law, matter, Place(matter.place), DAY).waits_for
        found.add((answer.office, waits))

    cases = Cases(Library(SHIPPED), watch=watch)
    cases.run_file(EXAMPLES / name)
    return found


@pytest.mark.parametrize(
    "name, found",
    [
        (
            "township.yaml",
            {
                ("secretary", "secretary"), ("clerk", "secretary"), ("vsc_chair", "committee"),
                ("township_officer", "township"), ("liaison", "township"),
            },
        ),
        ("procedures/tepin_zuzhiyuan.yaml", {("township_officer", "township"), ("county_org", "county")}),
        ("procedures/dingqi_yuetan.yaml", {("discipline", "county"), ("county_org", "county")}),
    ],
)  # fmt: skip
def test_a_matter_waits_in_the_list_of_those_who_go_on(name, found):
    """A county office's turn is not put down to the village, nor the township's or the committee's."""
    assert lists(name) == found
