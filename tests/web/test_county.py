"""The county's pages: numbers, lists page after page, procedures in words, places and offices."""

import re
import shutil
from datetime import date

import pytest

from tests.builders import COUNTY, TOWNSHIP, VILLAGE, People, advance_ok, life, village
from tests.web.sitting import hand_in, words
from workflow.library import Library
from workflow.shelves import SHIPPED
from workflow.store import overview, places
from workflow.store.database import run

OTHER_VILLAGE, OTHER_TOWNSHIP = "371329106201", "371329106000"


@pytest.fixture
def county(install):
    """Two villages in two townships; one matter is on the board with an objection nobody received in time."""
    house = install()
    chief = house.person("县民政", "county", "371329")
    people = village(house.here, People(administrator=chief))
    village(house.here, People(administrator=chief), OTHER_VILLAGE)
    house.matter = life(house.here, people, "posting_confirmed")
    life(house.here, people, "proposed", place=OTHER_VILLAGE, title="另一村的事")
    objection = {"channel": "web", "named": False, "content": "太贵"}
    advance_ok(house.here, VILLAGE, house.matter, "object", "public", objection)
    house.watch.forward(days=6)
    house.people = people
    house.browser = house.logged_in("县民政")
    return house


def cells(page: str, name: str) -> list[str]:
    """The numbers in the line of that name."""
    line = re.search(rf">{name}</a></th>(.*?)</tr>", page, re.DOTALL)
    return re.findall(r'<td class="number">(?:<a[^>]*>)?([\d,]+)', line[1])


def test_the_first_page_is_the_villages_in_numbers(county):
    """A line each: open, overdue, objections, late, corrected, and their sums."""
    assert county.browser.get("/").headers["location"] == "/county"
    page = county.browser.get("/county").text
    lines = re.findall(r'scope="row">(?:<a[^>]*>)?([^<]+)', page)
    assert lines == ["张庄村", "张庄村", "合计"]
    assert cells(page, "张庄村") == ["1", "1", "1", "0", "0"]
    assert f'href="/county/matters?place={VILLAGE}&amp;mark=overdue">1</a>' in page


def test_villages_are_narrowed_to_a_township(county):
    """One township shows its own villages alone; another county's township does not exist."""
    page = county.browser.get(f"/county?town={OTHER_TOWNSHIP}").text
    assert f'href="/v/{OTHER_VILLAGE}"' in page
    assert f'href="/v/{VILLAGE}"' not in page
    assert county.browser.get("/county?town=371330105000").status_code == 404


def test_a_large_county_shows_townships_first(county, monkeypatch):
    """With more villages than a page should hold, a line is a township with the sums of its villages."""
    monkeypatch.setattr("web.routes.county.SPREAD", 1)
    page = county.browser.get("/county").text
    assert f'href="/county?town={TOWNSHIP}"' in page
    assert cells(page, "青山镇") == ["1", "1", "1", "0", "0"]
    assert f'href="/v/{VILLAGE}"' not in page


def test_overdue_matters_come_first_and_say_how_long(county):
    """The list opens with what is past its legal last day; the filters lead to the others."""
    page = county.browser.get("/county/matters").text
    assert "修建村东排水沟" in page
    assert "超过 3 天" in page
    assert "异议 1 件没办完" in page
    assert "另一村的事" not in page
    every = county.browser.get("/county/matters?mark=").text
    assert "另一村的事" in every
    assert "没有更正的事项" in county.browser.get("/county/matters?mark=corrected").text
    assert "另一村的事" not in county.browser.get(f"/county/matters?mark=&place={VILLAGE}").text
    for wrong in ("mark=nothing", "mark=&after=x", "mark=&place=3713"):
        assert county.browser.get(f"/county/matters?{wrong}").status_code in (404, 422)
    assert county.browser.get("/county/matters?place=371330").status_code == 404


def test_a_long_list_goes_on_from_the_last_row_seen(county, monkeypatch):
    """The way to the next page and back to the first keeps what was asked for."""
    monkeypatch.setattr(overview, "PAGE", 1)
    first = county.browser.get("/county/matters?mark=open").text
    assert "修建村东排水沟" in first
    following = re.search(r'href="([^"]*after=[^"]+)">下一页', first)[1].replace("&amp;", "&")
    second = county.browser.get(following).text
    assert "另一村的事" in second
    assert "修建村东排水沟" not in second
    assert "下一页" not in second
    assert 'href="/county/matters?mark=open&amp;place=">回到第一页' in second


def test_a_procedure_is_drawn_and_said_with_its_sources(county):
    """Every written value of the engine's own words is on the page, its layer beside it and the floor below."""
    listed = county.browser.get("/county/procedures").text
    assert 'href="/county/procedures/siyi_lianggongkai">四议两公开</a>' in listed
    page = county.browser.get(f"/county/procedures/siyi_lianggongkai?place={VILLAGE}&on=2026-03-01").text
    assert '提前 5 天通知 <span class="badge badge-own">山东省</span>' in page
    assert "法律规定：村民代表会议提前通知：不少于5日（山东省实施办法（2012年修订）第二十四条）" in page
    assert '<span class="badge badge-default">软件默认</span>' in page
    assert '<svg xmlns="http://www.w3.org/2000/svg" class="diagram"' in page
    assert "style=" not in page


def test_procedures_are_grouped_and_found_by_words(county):
    """By who decides, each once; a word of a step, a kind or an example narrows the list, several words all count."""
    page = county.browser.get("/county/procedures").text
    shown = re.findall(r'href="/county/procedures/([a-z0-9_]+)"', page)
    assert sorted(shown) == sorted(county.here.library.procedures())
    assert "由谁决定：村民会议或村民代表会议" in page
    assert "用于" in page
    found = county.browser.get("/county/procedures?q=修路").text
    assert "siyi_lianggongkai" in found
    assert "yinzhang_shiyong" not in found
    assert "找到 0 个" in county.browser.get("/county/procedures?q=修路 没有这回事").text
    assert len(page.encode()) < 100_000


def test_what_a_layer_changes_in_the_national_text_is_said(county):
    """Each difference with the layer that makes it; a text without layers has no such part."""
    page = words(county.browser.get(f"/county/procedures/siyi_lianggongkai?place={VILLAGE}&on=2026-03-01"))
    assert "和国家文本不同的地方" in page
    assert "提前 3 天通知 → " in page or "提前 5 天通知" in page
    assert page.index("国家文本") < page.index("山东省")
    for procedure in county.here.library.procedures():
        assert county.browser.get(f"/county/procedures/{procedure}").status_code == 200, procedure


def test_the_county_acts_in_its_own_room(county):
    """The list leads to a matter's page with its drawing; the county opens its own matters, and what is others' it cannot."""
    matter = f"/county/matters/{county.matter}"
    assert f'href="{matter}"' in county.browser.get("/county/matters").text
    seen = words(county.browser.get(matter))
    assert "现在在这一步" in seen
    assert county.browser.get(f"{matter}/close").status_code == 409
    opening = words(county.browser.get(f"/county/matters/new/public_works?place={COUNTY}"))
    assert "登记动议" in opening
    assert county.browser.get("/county/matters/new/public_works?place=371330000000").status_code == 404


def test_a_procedure_is_asked_for_a_place_and_a_day(county):
    """Before its first day it says so; a place of another county, an unknown one and a day of no calendar are faults."""
    address = "/county/procedures/siyi_lianggongkai"
    assert "没有施行的程序" in county.browser.get(f"{address}?on=2018-12-31").text
    for asked, said in (
        ("place=371330000000", "以 371329 开头"),
        ("place=371329199001", "还没有登记"),
        ("on=2026-02-30", "日期写成 2026-03-01 这样"),
    ):
        answer = county.browser.get(f"{address}?{asked}")
        assert answer.status_code == 422
        assert said in answer.text
    assert county.browser.get("/county/procedures/nothing").status_code == 404


def test_a_broken_text_shows_its_faults_and_not_an_error_page(install, tmp_path):
    """A layer below the law's floor is named with file, line and article; the other procedures stand."""
    folder = tmp_path / "procedures"
    shutil.copytree(SHIPPED, folder)
    layer = folder / "layers" / "371329" / "siyi_lianggongkai" / "2026-01-01.yaml"
    layer.write_text(
        layer.read_text(encoding="utf-8").replace("set:\n", "set:\n  stages.post_resolution.days: 7\n")
    )
    house = install()
    house.here.library = Library(folder)
    house.person("县民政", "county", "371329")
    with house.database.writing() as conn:
        places.add(conn, VILLAGE, "张庄村")
    client = house.logged_in("县民政")
    for address in ("/county/procedures", "/county/procedures/siyi_lianggongkai"):
        page = client.get(address)
        assert page.status_code == 200
        assert "2026-01-01.yaml" in page.text
        assert "要求“不少于15日”" in page.text
    assert "一般事项" in client.get("/county/procedures").text


def test_places_are_added_from_the_township_down(county):
    """A village needs its township first; a code is used once, lies in the county, and is twelve digits."""
    for code, said in (
        ("371329107201", "先加这个村的乡镇 371329107000"),
        (VILLAGE, "已经登记为“张庄村”"),
        (COUNTY, "只加乡镇和村"),
        ("371330107000", "以 371329 开头"),
        ("3713291070", "12 位数字"),
    ):
        answer = county.browser.post("/county/places", data={"name": "新地方", "code": code})
        assert answer.status_code == 422
        assert said in answer.text
    for code, name in (("371329107000", "白云镇"), ("371329107201", "李庄村")):
        answer = county.browser.post("/county/places", data={"name": name, "code": code})
        assert answer.headers["location"] == f"/county/places?done={code}"
        assert f"已加上：{name}" in county.browser.get(answer.headers["location"]).text
    assert county.browser.get("/v/371329107201").status_code == 200


def test_the_county_grants_and_ends_offices_of_townships(county):
    """An entry on the township's own record, by the person who is logged in; what the village's township grants is not here."""
    officer = county.person("镇小王", "township", TOWNSHIP[:9])
    grant = f"/county/place/grant_office?place={TOWNSHIP}"
    form = {"person": officer, "office": "liaison", "from_y": "2026", "from_m": "3", "from_d": "1"}
    wrong = hand_in(county.browser, grant, **form | {"office": "secretary"})
    assert wrong.status_code == 422
    assert "由镇街登记" in wrong.text
    assert hand_in(county.browser, grant, **form).status_code == 303
    today = date(2026, 3, 16)
    with county.database.reading() as conn:
        assert "liaison" in county.here.place(conn, TOWNSHIP).offices(officer, today)
    page = f"/county/places/{TOWNSHIP}/offices"
    assert "包村干部</strong>：镇小王" in county.browser.get(page).text
    end = f"/county/place/end_office?place={TOWNSHIP}&person={officer}&office=liaison"
    assert hand_in(county.browser, end, to_y="2026", to_m="3", to_d="10").status_code == 303
    with county.database.reading() as conn:
        assert "liaison" not in county.here.place(conn, TOWNSHIP).offices(officer, today)
    for code in (VILLAGE, "371330105000", "371329199000"):
        assert county.browser.get(f"/county/places/{code}/offices").status_code == 404


def test_without_the_office_the_register_refuses(county):
    """A county account alone grants nothing: the register asks for the office, and the page says which."""
    county.person("另一人", "county", "371329")
    officer = county.person("镇小王", "township", TOWNSHIP[:9])
    form = {"person": officer, "office": "liaison", "from_y": "2026", "from_m": "3", "from_d": "1"}
    grant = f"/county/place/grant_office?place={TOWNSHIP}"
    answer = hand_in(county.logged_in("另一人"), grant, **form)
    assert answer.status_code == 409
    assert "须由这些职务办理" in answer.text


@pytest.mark.parametrize("group", ["secretary", "committee", "township", "auditor", "administrator"])
def test_the_pages_are_the_county_s_alone(county, group):
    """Every other group is refused, and nobody is led to the login."""
    scope = {"secretary": VILLAGE, "committee": VILLAGE, "township": "371329105"}.get(group, "371329")
    county.person(group, group, scope)
    client = county.logged_in(group)
    addresses = (
        "/county",
        "/county/matters",
        "/county/procedures",
        "/county/places",
        f"/county/places/{TOWNSHIP}/offices",
        f"/county/place/grant_office?place={TOWNSHIP}",
    )
    # An administrator grants the county's first offices, and nothing else is theirs.
    closed = addresses[:4] if group == "administrator" else addresses
    assert {client.get(each).status_code for each in closed} == {403}
    assert {county.client().get(each).status_code for each in addresses} == {303}


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_the_county_s_pages_fit_and_break_no_policy(county, serve, browser, tmp_path, width):
    """The table, the list and the drawing, on phone and desk: nothing sideways, and no complaint of the browser."""
    faults: list[str] = []
    with serve(county.app) as address:
        context = browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN")
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/login")
        page.get_by_label("登录名").fill("县民政")
        page.get_by_label("密码").fill(county.password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{address}/county")
        for path in (
            "",
            "/matters",
            "/procedures",
            "/procedures?q=修路",
            "/procedures/siyi_lianggongkai",
            f"/matters/{county.matter}",
            "/matters/new",
            "/places",
            f"/places/{TOWNSHIP}/offices",
            f"/place/grant_office?place={TOWNSHIP}",
        ):
            page.goto(f"{address}/county{path}")
            page.screenshot(
                path=tmp_path / f"county{path.replace('/', '-').replace('?', '-')}-{width}.png",
                full_page=True,
            )
            room = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            assert page.evaluate(room) == 0, path
        page.goto(f"{address}/county")
        lefts = [
            page.locator(f"table.numbers tr:nth-child(1) > :nth-child({column})").evaluate_all(
                "cells => cells.map(each => Math.round(each.getBoundingClientRect().left))"
            )
            for column in range(1, 7)
        ]
        assert all(len(set(each)) == 1 for each in lefts), (
            lefts
        )  # head, lines and sums stand in the same columns
        page.goto(f"{address}/county/procedures/siyi_lianggongkai")
        box = page.locator("svg.diagram rect").first.bounding_box()
        assert box["width"] >= 250  # drawn in full size, to be scrolled rather than shrunk
        context.close()
    assert faults == []


def test_what_waits_for_a_county_office_stands_first(county):
    """The matter whose next step is the county's is on its first page, with the way to it; the village is not told it waits there."""
    assert "等县里办理" not in words(county.browser.get("/county"))
    with county.database.writing() as conn:
        run(conn, "UPDATE matter SET waits_for = 'county' WHERE id = ?", (county.matter,))
    page = county.browser.get("/county")
    assert "等县里办理的（1 件）" in words(page)
    assert f'href="/county/matters/{county.matter}"' in page.text
    assert county.browser.get(f"/county/matters/{county.matter}").status_code == 200
    assert "等县里办" in words(county.browser.get("/county/matters?mark=open"))
