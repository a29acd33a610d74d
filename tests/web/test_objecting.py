"""Objections by anybody: on record at once, numbered, followed by a code, five an hour."""

import re

import pytest

from tests.boards import TITLE, Board, numbered, posted_at
from tests.builders import VILLAGE, advance_ok, png
from workflow import objections
from workflow.store.database import run


@pytest.fixture
def posted(install) -> Board:
    """A resolution on the board since today, confirmed by the supervisory committee."""
    return posted_at(install())


def test_an_objection_is_on_record_at_once_and_can_be_followed(posted):
    """It gets the next number; with its code its writer sees how it stands and what was answered, never what was written."""
    answer = posted.object(content="价格偏高，请公开报价")
    assert answer.status_code == 200
    number, code = numbered(answer.text)
    entry = posted.entries()[-1]
    assert (entry.type, entry.actor, entry.auth, entry.facts["channel"]) == (
        "objection",
        "public",
        None,
        "web",
    )
    assert "content" in entry.private
    ask = {"number": number, "code": code.lower()}
    assert "等村务监督委员会受理" in posted.client.post(f"{posted.notice}/follow", data=ask).text
    advance_ok(
        posted.here, VILLAGE, posted.matter, "receive_objection", posted.people.vsc_chair, {"number": 1}
    )
    page = posted.client.post(f"{posted.notice}/follow", data=ask).text
    assert "已经受理" in page
    assert "2026年3月16日（星期一）" in page
    assert "请公开报价" not in page
    advance_ok(
        posted.here, VILLAGE, posted.matter, "answer_objection", posted.people.secretary,
        {"number": 1, "answer": "已贴出三家报价"},
    )  # fmt: skip
    page = posted.client.post(f"{posted.notice}/follow", data=ask).text
    assert "已经答复" in page
    assert "答复：</strong>已贴出三家报价" in page
    assert "请公开报价" not in page
    assert "1 件，已办 1 件" in posted.client.get(posted.notice).text


def test_a_wrong_code_and_a_wrong_number_look_the_same(posted):
    """Nobody learns from the answer which of the two was right."""
    number, code = numbered(posted.object().text)
    pages = [
        posted.client.post(f"{posted.notice}/follow", data={"number": n, "code": c})
        for n, c in ((number, "AAAA-AAAA"), ("7", code), ("7", "AAAA-AAAA"))
    ]
    assert {each.status_code for each in pages} == {422}
    assert all("编号或查询码不对" in each.text for each in pages)


def test_the_code_is_not_in_the_register(posted):
    """Whoever holds the whole register still cannot follow an objection: the code comes from the erasable salt."""
    _, code = numbered(posted.object().text)
    entry = posted.entries()[-1]
    assert code not in entry.leaf().decode()
    with posted.here.database.writing() as conn:
        assert objections.code_of(conn, entry.seq) == code
        run(conn, "DELETE FROM private_text WHERE seq = ?", (entry.seq,))
        assert objections.code_of(conn, entry.seq) is None


def test_a_name_is_kept_only_where_it_was_offered(posted):
    """Anonymous means that neither name nor contact reaches the register, even if they were typed."""
    posted.object(name="张三", contact="13800001234")
    assert set(posted.entries()[-1].private) == {"content"}
    posted.object(key="b" * 20, named="yes", name="张三", contact="村东头")
    assert set(posted.entries()[-1].private) == {"content", "name", "contact"}
    assert "张三" not in posted.client.get(posted.notice).text


@pytest.mark.parametrize(
    "typed, status, words",
    [
        ({"content": " "}, 422, "“对什么有异议、理由是什么”没有填"),
        ({"named": ""}, 422, "愿意留姓名"),
        ({"named": "yes"}, 409, "留姓名就要填姓名"),
        ({"content": "长" * 5001}, 422, "不超过 5000 字"),
    ],
)
def test_what_is_missing_is_said_at_the_field(posted, typed, status, words):
    """Nothing is recorded, what was typed stays, and the title of the page begins with 错误."""
    before = len(posted.entries())
    answer = posted.object(**typed)
    assert answer.status_code == status
    assert words in answer.text
    assert "<title>错误：" in answer.text
    assert len(posted.entries()) == before


def test_the_same_form_sent_twice_is_one_objection(posted):
    """A double click gives the same number and code, and does not use up the hour."""
    first = numbered(posted.object().text)
    assert numbered(posted.object().text) == first
    assert len([each for each in posted.entries() if each.type == "objection"]) == 1
    changed = posted.object(content="另一件事")
    assert changed.status_code == 422
    assert "已经交过一次" in changed.text


def test_five_an_hour_from_one_address(posted):
    """The sixth is asked to wait, in words and in Retry-After; another address and the next hour are free."""
    for number in range(5):
        assert posted.object(key=f"{number}" * 20).status_code == 200
    refused = posted.object(key="z" * 20)
    assert refused.status_code == 429
    assert refused.headers["retry-after"] == "3600"
    assert "请过 60 分钟再提" in refused.text
    assert "价格偏高" in refused.text
    assert posted.object(posted.house.client(client=("192.0.2.7", 5000)), key="y" * 20).status_code == 200
    posted.house.watch.forward(hours=1)
    assert posted.object(key="x" * 20).status_code == 200


def test_guessing_codes_is_slowed(posted):
    """Thirty tries an hour, then 429."""
    tries = [
        posted.client.post(f"{posted.notice}/follow", data={"number": "1", "code": "AAAA-AAAA"}).status_code
        for _ in range(31)
    ]
    assert tries == [422] * 30 + [429]


def test_a_matter_that_has_ended_takes_no_objection(install):
    """The page says whom to ask instead of showing a form; a form sent all the same is refused."""
    board = posted_at(install(), "archived")
    page = board.client.get(f"{board.notice}/object")
    assert page.status_code == 409
    assert "镇街" in page.text
    assert "<textarea" not in page.text
    assert board.object().status_code == 409
    assert "我要提异议" not in board.client.get(board.notice).text


@pytest.mark.browser
def test_a_villager_objects_on_a_phone_without_scripts(posted, serve, browser, tmp_path):
    """Board, notice, objection, code, following, paper: at 360 px with scripts off, and no complaint of the browser."""
    faults: list[str] = []
    with serve(posted.house.app) as address:
        context = browser.new_context(
            viewport={"width": 360, "height": 740}, locale="zh-CN", java_script_enabled=False
        )
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.goto(address)
        page.get_by_role("link", name="张庄村").click()
        page.get_by_role("link", name=TITLE).click()
        page.get_by_role("link", name="我要提异议").click()
        page.get_by_label("对什么有异议").fill("价格偏高")
        page.get_by_label("不留姓名", exact=False).first.check()
        photo = {"name": "通道.png", "mimeType": "image/png", "buffer": png(6, 4)}
        page.get_by_label("照片、材料").set_input_files(photo)
        page.screenshot(path=tmp_path / "object.png", full_page=True)
        page.get_by_role("button", name="提交异议").click()
        number, code = numbered(page.content())
        page.screenshot(path=tmp_path / "objected.png", full_page=True)
        assert page.locator("html").bounding_box()["width"] == 360
        page.get_by_role("link", name="查办理情况").click()
        page.get_by_label("异议编号").fill(number)
        page.get_by_label("查询码").fill(code)
        page.get_by_role("button", name="查", exact=True).click()
        page.get_by_text("等村务监督委员会受理").wait_for()
        page.goto(f"{address}{posted.notice}/print")
        page.emulate_media(media="print")
        drawn = page.locator(".qr").bounding_box()["width"]
        modules = int(page.locator(".qr").get_attribute("viewBox").split()[2])
        assert drawn * (modules - 8) / modules >= 25 / 25.4 * 96  # four quiet modules on each side
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
        assert not page.get_by_role("link", name="回到公示").is_visible()
        context.close()
    assert faults == []
    assert [one["kind"] for one in posted.entries()[-1].documents] == ["paper"]


def test_who_is_turned_away_is_told_why(posted):
    """An objection that is not taken up shows its grounds to whoever has the code, and what may be done."""
    number, code = numbered(posted.object(content="不喜欢路灯").text)
    grounds = {"number": 1, "grounds": "路灯已经会议决定，没有说哪里不对"}
    advance_ok(posted.here, VILLAGE, posted.matter, "dismiss_objection", posted.people.vsc_chair, grounds)
    page = posted.client.post(f"{posted.notice}/follow", data={"number": number, "code": code}).text
    assert "没有受理" in page
    assert "路灯已经会议决定" in page
    assert "也可以向镇街反映" in page
    wrong = posted.client.post(f"{posted.notice}/follow", data={"number": number, "code": "AAAA-AAAA"}).text
    assert "路灯已经会议决定" not in wrong
