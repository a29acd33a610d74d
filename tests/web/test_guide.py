"""What must we do: the page finds the kind from words and shows its meetings in order; the matter is opened from there."""

import pytest

from tests.builders import VILLAGE, People, village
from tests.web.sitting import Sitting


@pytest.fixture
def sitting(install):
    """张庄村 with its people on record, its secretary with an account."""
    house = install()
    secretary = house.person("文书小李")
    return Sitting(house, village(house.here, People(secretary=secretary))).log_in()


def test_a_sentence_leads_to_the_meetings(sitting):
    """村里要修路 finds the kind; its page has the meetings in order with notice and quorum, and the button that opens it."""
    found = sitting.browser.get("/secretary/guide?q=村里要修路").text
    assert "/secretary/guide/public_works" in found
    seen = sitting.see("/secretary/guide/public_works")
    assert seen.index("商议") < seen.index("党员大会审议") < seen.index("决议公开")
    assert "提前 5 天通知（书面通知到人、张榜公布）" in seen
    assert "提出这件事" in seen


def test_words_nobody_listed_are_said_to_be_unknown(sitting):
    """Nobody is led into a procedure by chance; the whole list is one link away."""
    seen = sitting.see("/secretary/guide?q=𠀀𠀁")
    assert "没有找到" in seen
    assert "全部事项" in seen


@pytest.mark.parametrize(
    "address, status",
    [("/secretary/guide/nothing", 404), ("/secretary/guide?place=110101001001", 404), ("/secretary/guide/public_works?amount_fen=x", 200)],
)  # fmt: skip
def test_wrong_addresses_get_the_fitting_answer(sitting, address, status):
    """No such kind, another county's village: not there; an amount that is none is said on the form."""
    answer = sitting.browser.get(address)
    assert answer.status_code == status
    assert status == 404 or "请填金额" in answer.text


def test_the_opening_page_offers_the_question(sitting):
    """Who does not know the kind can say it in words first."""
    assert "要办的事" in sitting.see(f"/secretary/matters/new?place={VILLAGE}")


def test_what_was_answered_here_is_filled_in_there(sitting):
    """The amount told to the guide stands on the form that opens the matter."""
    page = sitting.browser.get("/secretary/guide/public_works?amount_fen=48000").text
    address = "/secretary/matters/new/public_works?place=371329105201&amp;amount_fen=48000"
    assert address in page
    assert 'value="48000"' in sitting.browser.get(address.replace("&amp;", "&")).text
