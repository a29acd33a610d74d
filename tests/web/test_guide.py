"""What must we do: the page finds the kind from words and shows its meetings in order; the matter is opened from there."""

import re

import pytest

from tests.builders import VILLAGE, People, village
from tests.web.sitting import Sitting, words
from tests.web.test_supervision_browser import log_in
from workflow.core.days import civil_day


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


def test_the_amount_told_leads_to_the_steps_of_its_own_procedure(sitting):
    """Under the line of the money table the form shows the short way, above it the long one; without it, neither."""
    address = "/secretary/matters/new/contracts"
    blank = sitting.see(address)
    assert "填上金额才知道走哪几步" in blank
    assert "预计金额（可以不填）" not in blank
    small = sitting.see(f"{address}?amount_fen=9000&term=short")
    assert "一般事项，走“一般事项商议”" in small or "一般事项，走" in small
    assert "党员大会审议" not in small
    large = sitting.see(f"{address}?amount_fen=10001&term=short")
    assert "重大事项，走“四议两公开”" in large
    assert "党员大会审议" in large


def test_a_kind_by_amount_is_refused_without_one_and_its_question_is_recorded(sitting):
    """The amount's field is named; answered, the kind's own question stands on the check page and in the record."""
    address = f"/secretary/matters/new/contracts?place={VILLAGE}"
    typed = {
        "title": "村南鱼塘合同", "source": "villagers_suggest", "mover": "committee", "reason": "到期续签", "term": "short",
    }  # fmt: skip
    refused = sitting.post(address, {**sitting.form(address), **typed})
    assert refused.status_code == 422
    assert '<a href="#f-amount_fen">预计金额没有填</a>' in refused.text
    answer = sitting.record(address, {**typed, "amount_fen": "9000"})
    assert answer.status_code == 303, words(answer)
    matter = answer.headers["location"].partition("/done/")[0]
    seen = sitting.see(matter)
    assert "合同几年 三年以内（含三年）" in seen
    assert "走到哪一步了" in seen


def test_the_whole_catalogue_stays_in_order(sitting):
    """Every kind once, under its tier, by number; a line of links leads to the tiers."""
    here = sitting.house.here
    catalogue = here.library.catalogue(civil_day(here.clock()), VILLAGE)
    page = sitting.browser.get(f"/secretary/matters/new?place={VILLAGE}").text
    shown = re.findall(r'href="/secretary/matters/new/([a-z0-9_]+)\?', page)
    assert sorted(shown) == sorted(catalogue.by_id)
    for tier in {kind.tier for kind in catalogue.kinds}:
        assert f'href="#tier-{tier}"' in page
        section = page.partition(f'id="tier-{tier}"')[2].partition("</section>")[0]
        numbers = [int(each) for each in re.findall(r'kind-number">(\d+)', section)]
        assert numbers == sorted(kind.number for kind in catalogue.kinds if kind.tier == tier)
    assert len(page.encode()) < 100_000


TARGETS = """() => [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden]), main summary')]
    .filter(each => each.getClientRects().length)
    .map(each => (each.matches('[type=radio], [type=checkbox]') ? each.closest('.pick') : each).getBoundingClientRect())
    .filter(box => Math.min(box.width, box.height) < 43.5).length"""


@pytest.mark.browser
@pytest.mark.parametrize("scripts", [True, False])
def test_from_a_sentence_to_the_record_on_a_phone(sitting, serve, browser, tmp_path, scripts):
    """360 px: a sentence, the kind, its question and amount, the meetings in order, the form prefilled, the check, the record."""
    with serve(sitting.house.app) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, java_script_enabled=scripts, locale="zh-CN"
        )
        page = context.new_page()

        def fits(name):
            page.screenshot(path=tmp_path / f"{name}.png", full_page=True)
            room = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(room) == 0, name
            assert page.evaluate(TARGETS) == 0, name
            assert page.locator(".button-main").count() <= 1, name

        def press(what):
            with page.expect_navigation():
                what.click()

        log_in(page, address, "文书小李", sitting.house.password)
        page.goto(f"{address}/secretary/matters/new")
        fits("catalogue")
        page.locator("#f-q").fill("续签合同")
        press(page.get_by_role("button", name="看看怎么办"))
        fits("found")
        press(page.get_by_role("link", name="经济合同签订、续签、变更"))
        fits("asked")
        page.get_by_text("填上预计多少钱").wait_for()
        page.get_by_label("三年以内（含三年）").check()
        page.get_by_label("预计多少钱").fill("20000")
        press(page.get_by_role("button", name="按这个情况看"))
        fits("meetings")
        seen = page.locator("main").inner_text()
        assert seen.index("党员大会审议") < seen.index("决议公开")
        press(page.get_by_role("link", name="提出这件事"))
        fits("form")
        assert page.get_by_label("预计金额").input_value() == "20000"
        assert page.get_by_label("三年以内（含三年）").is_checked()
        page.get_by_label("今天").check()
        page.get_by_label("事项名称").fill("续签村南鱼塘合同")
        page.get_by_label("村干部提议").check()
        page.get_by_label("村民委员会", exact=True).check()
        page.get_by_label("为什么要办").fill("合同到期")
        press(page.get_by_role("button", name="核对"))
        fits("check")
        page.get_by_text("重大事项，走“四议两公开”").wait_for()
        press(page.locator(".button-main"))
        assert "/done/1" in page.url, page.locator("main").inner_text()
        fits("done")
        press(page.get_by_role("link", name="回到这件事"))
        page.locator("summary", has_text="流程图").click()
        fits("matter")
        assert page.locator(".drawn").evaluate("each => each.scrollWidth > each.clientWidth")
        assert page.locator("svg.diagram").get_by_text("现在在这一步").count() == 1
        context.close()
