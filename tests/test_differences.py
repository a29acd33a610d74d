"""What differs between two procedures, in words an official reads."""

import datetime

from workflow.differences import differences
from workflow.library import Library
from workflow.shelves import SHIPPED
from workflow.show import Shown, show

DAY = datetime.date(2026, 3, 2)


def shown(place: str) -> Shown:
    """四议两公开 as it binds a place."""
    return show(Library(SHIPPED), "siyi_lianggongkai", place, DAY)


def test_a_procedure_does_not_differ_from_itself() -> None:
    """No difference is invented."""
    assert differences(shown("371329"), shown("371329")) == []


def test_a_county_differs_by_its_steps_and_numbers() -> None:
    """Linshu adds the township's two steps after named ones, and Shandong lengthens the notice, each with its text."""
    lines = [each.line() for each in differences(shown(""), shown("371329"))]

    assert "镇街出具意见：多了：这一步（审议，审核备案），在“村“两委”商议”之后（临沭县）" in lines
    assert any("村民代表会议：提前 3 天通知 → 村民代表会议：提前 5 天通知（山东省" in each for each in lines)


def test_the_other_way_round_what_came_goes() -> None:
    """From the county to the nation the added steps are missing."""
    lines = [each.line() for each in differences(shown("371329"), shown(""))]

    assert "报镇街备案：少了：这一步（公开，审核备案）" in lines
