import re

import pytest

from tests.builders import VILLAGE, People, advance_ok, life, village
from tests.web.test_browser import _fits

SCOPE = "371329105"


@pytest.fixture
def house(install):
    """张庄村 with its people on record; a supervisor and the township's officer have accounts."""
    place = install()
    place.people = village(
        place.here,
        People(
            vsc_chair=place.person("孙监督", "committee"),
            township_officer=place.person("刘镇长", "township", SCOPE),
        ),
    )
    return place


def log_in(page, address, name, password):
    """Through the login page to the first page of the person's own."""
    page.goto(f"{address}/login")
    page.get_by_label("登录名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(lambda url: "/login" not in url)


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_pages_of_supervisors_and_township_fit_window_and_thumb(house, serve, browser, tmp_path, width):
    """On phone and desk, with scripts off: nothing wider than the window, every target 44 px, and a count is confirmed."""
    here, people = house.here, house.people
    board = life(here, people, "posting_confirmed")
    objection = {"channel": "web", "named": True, "name": "张三", "contact": "村东", "content": "报价高"}
    advance_ok(here, VILLAGE, board, "object", "public", objection)
    waiting = life(here, people, "resolved", title="安装路灯")
    opinion = life(here, people, "consulted", title="修桥")
    here.signer.sign_pending()
    own, town = f"/committee/matters/{board}", f"/township/matters/{opinion}"
    rooms = {
        "孙监督": [
            "/committee", "/committee/matters", own, f"{own}/objections/1", f"{own}/opine",
            f"{own}/dismiss_objection?number=1", f"/committee/matters/{waiting}/confirm", "/committee/register",
        ],
        "刘镇长": [
            "/township", town, f"{town}/sign", "/township/places", f"/township/places/{VILLAGE}/offices",
            f"/township/place/grant_office?place={VILLAGE}",
        ],
    }  # fmt: skip
    with serve(house.app) as address:
        for name, pages in rooms.items():
            context = browser.new_context(viewport={"width": width, "height": 740}, java_script_enabled=False)
            seen = browser.new_context(viewport={"width": width, "height": 740})
            plain, page = context.new_page(), seen.new_page()
            log_in(page, address, name, house.password)
            for number, path in enumerate(pages):
                page.goto(address + path)
                page.screenshot(path=tmp_path / f"{name}-{number}-{width}.png", full_page=True)
                _fits(page, 44)
            if name == "孙监督":
                log_in(plain, address, name, house.password)
                plain.goto(f"{address}/committee/matters/{waiting}/confirm")
                plain.get_by_role("button", name="核对").click()
                plain.screenshot(path=tmp_path / f"check-{width}.png", full_page=True)
                _fits(plain, 44)
                plain.get_by_role("button", name="确认属实").click()
                plain.get_by_text("第 10 条").first.wait_for()
            context.close()
            seen.close()


@pytest.mark.browser
def test_the_filled_sheet_is_one_page_of_a4(house, serve, browser):
    """The whole life of a matter fits the sheet counties know; the history takes its pages, each A4."""
    matter = life(house.here, house.people, "archived")
    with serve(house.app) as address:
        context = browser.new_context()
        page = context.new_page()
        log_in(page, address, "孙监督", house.password)
        page.goto(f"{address}/committee/matters/{matter}/form")
        sheet = page.pdf(prefer_css_page_size=True)
        page.goto(f"{address}/committee/matters/{matter}/print")
        history = page.pdf(prefer_css_page_size=True)
        context.close()
    assert pages(sheet) == [(595, 842)]
    assert set(pages(history)) == {(595, 842)}
    assert 4 <= len(pages(history)) <= 15


def pages(pdf):
    """The sizes of a PDF's pages in points."""
    found = re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    return [(round(float(width)), round(float(height))) for width, height in found]
