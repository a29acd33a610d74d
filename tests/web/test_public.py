"""Notice boards, notices, objections and checking, by people who never log in."""

import re
from dataclasses import dataclass

import pytest
from starlette.testclient import TestClient

from tests.builders import TOWNSHIP, VILLAGE, People, advance_ok, life, village
from web.routes.public import qr_code
from workflow import notices, objections
from workflow.core.masking import personal_numbers
from workflow.core.tree import leaf_hash
from workflow.notices import public_text, short_code
from workflow.store import register
from workflow.store.database import run

TEXT, TITLE = "经村民代表会议决议，修建村东排水沟", "修建村东排水沟"
POSTED = 11


@dataclass
class Board:
    """A village with one posting that waits for its end, and a browser in front of it."""

    house: object
    people: People
    matter: str
    client: TestClient

    @property
    def here(self):
        """The installation."""
        return self.house.here

    @property
    def notice(self) -> str:
        """The address of the posting."""
        return f"/n/{self.matter}/{POSTED}"

    def object(self, client: TestClient | None = None, **typed: str):
        """Hand in an objection; left out, it is anonymous and says that it is too dear."""
        data = {"key": "a" * 20, "content": "价格偏高", "named": "no"} | typed
        return (client or self.client).post(f"{self.notice}/object", data=data)

    def found(self, mseq: int = POSTED) -> notices.Notice | None:
        """The notice as the door gives it."""
        with self.here.database.reading() as conn:
            return notices.find(self.here, conn, self.matter, mseq)

    def entries(self) -> list:
        """The entries of the matter."""
        with self.here.database.reading() as conn:
            return register.of_matter(conn, VILLAGE, self.matter)


@pytest.fixture
def posted(install) -> Board:
    """A resolution on the board since today, confirmed by the supervisory committee."""
    house = install()
    people = village(house.here)
    return Board(house, people, life(house.here, people, "posting_confirmed"), house.client())


def numbered(page: str) -> tuple[str, str]:
    """The number and the code that a lodged objection shows."""
    number = re.search(r"异议编号：<strong>(\d+)<", page)
    code = re.search(r"查询码：<strong class=\"code\">([A-Z2-7-]{9})<", page)
    assert number, page
    assert code, page
    return number[1], code[1]


def test_nobody_finds_a_village_from_the_first_page(posted):
    """From `/` over the township to the board, without login."""
    assert f'href="/v/{VILLAGE}"' in posted.client.get("/").text
    assert f'href="/v/{VILLAGE}"' in posted.client.get(f"/v/{TOWNSHIP}").text
    page = posted.client.get(f"/v/{VILLAGE}").text
    assert "张庄村公示栏" in page
    assert f'href="{posted.notice}">{TITLE}</a>' in page
    assert "还剩 25 天" in page
    assert posted.client.get("/v/371329105299").status_code == 404


def test_many_villages_are_reached_over_their_township(posted, monkeypatch):
    """A county's first page names townships, so that it stays small."""
    monkeypatch.setattr("web.routes.public.SPREAD", 0)
    page = posted.client.get("/").text
    assert f'href="/v/{TOWNSHIP}"' in page
    assert f'href="/v/{VILLAGE}"' not in page


def test_a_notice_shows_what_was_posted_and_nothing_else_of_the_matter(posted):
    """Its text, places, days and contact; no name, no summary, no reason of any other act."""
    page = posted.client.get(posted.notice).text
    for words in (
        TEXT,
        "东头、西头公开栏",
        "村务监督委员会，村委会办公室",
        "自2026年3月10日至4月4日，共26日",
    ):
        assert words in page
    with posted.here.database.reading() as conn:
        seqs = [each.seq for each in posted.entries()]
        private = register.private_of(conn, seqs)
    texts = {one.value for fields in private.values() for one in fields.values() if len(one.value) > 1}
    shown = {TITLE, TEXT, "东头、西头公开栏", "村务监督委员会，村委会办公室"}
    assert [each for each in texts - shown if each in page] == []


def test_only_a_posting_in_effect_is_public(install):
    """Before the second office has confirmed, after it declined, and for any other act, there is no notice."""
    house = install()
    people = village(house.here)
    board = Board(house, people, life(house.here, people, "posted"), house.client())
    assert board.client.get(board.notice).status_code == 404
    assert TITLE not in board.client.get(f"/v/{VILLAGE}").text
    advance_ok(house.here, VILLAGE, board.matter, "decline", people.vsc_chair, {"reason": "日期不对"})
    assert board.client.get(board.notice).status_code == 404
    for mseq in (0, 1, POSTED + 1, 99):
        assert board.client.get(f"/n/{board.matter}/{mseq}").status_code == 404
    assert board.client.get("/n/371329105201-2026-0099/1").status_code == 404


def test_days_left_run_out_and_the_text_goes_thirty_days_later(posted):
    """The line stays for good, the text for thirty days after its last day."""
    ends = posted.found().last
    for days, words in ((24, "还剩 1 天"), (1, "今天是最后一天"), (1, "公示期满")):
        posted.house.watch.forward(days=days)
        assert words in posted.client.get(f"/v/{VILLAGE}").text
    posted.house.watch.forward(days=29)
    assert TEXT in posted.client.get(posted.notice).text
    posted.house.watch.forward(days=1)
    page = posted.client.get(posted.notice).text
    assert TEXT not in page
    assert "正文不再公开" in page
    assert TEXT not in posted.client.get(f"{posted.notice}/print").text
    assert TEXT not in posted.client.get(f"/check?code={posted.found().short_code}").text
    assert TITLE in posted.client.get(f"/v/{VILLAGE}").text
    assert ends.isoformat() == "2026-04-04"


def test_a_notice_posted_again_leads_to_the_new_one(posted):
    """The earlier paper says that it was replaced, and no longer counts as running."""
    facts = {
        "reason": "被雨淋掉", "text": TEXT, "boards": 2, "places": "东头、西头", "media": ["board", "online"],
        "last_on": "2026-04-30", "contact": "村委会",
        "photo": posted.entries()[POSTED - 1].documents[0]["digest"].split(),
    }  # fmt: skip
    posted.house.watch.forward(days=2)
    entry = advance_ok(
        posted.here, VILLAGE, posted.matter, "post_again", posted.people.secretary, facts
    ).entry
    advance_ok(posted.here, VILLAGE, posted.matter, "confirm", posted.people.vsc_chair, {})
    page = posted.client.get(posted.notice).text
    assert f'href="/n/{posted.matter}/{entry.mseq}">重新张贴' in page
    assert posted.found().replaced_by == entry.mseq
    assert posted.found(entry.mseq).replaced_by is None


def test_older_notices_are_on_further_pages(posted, monkeypatch):
    """A board of many years is read from its newest notice back, page by page, each notice once."""
    for title in ("路", "桥", "井"):
        life(posted.here, posted.people, "posting_confirmed", title=title)
    monkeypatch.setattr(notices, "AT_ONCE", 2)
    seen, address = [], f"/v/{VILLAGE}"
    while address:
        page = posted.client.get(address).text
        seen += re.findall(r'<h3><a href="/n/[^"]+">([^<]+)</a>', page)
        more = re.search(r'href="([^"]+before=\d+)"', page)
        address = more[1] if more else ""
    assert seen == ["井", "桥", "路", TITLE]


def test_numbers_of_people_are_starred_once_more(posted):
    """Behind the gate at the posting stands a second line: what it let through is starred on the page."""
    number = "13800001234"
    assert public_text(f"电话 {number}。") == "电话 ＊＊＊＊＊＊＊＊＊＊＊。"
    assert personal_numbers(public_text("身份证 37132919800101001X 手机 １３８-0000-1234")) == ()
    with posted.here.database.writing() as conn:
        run(conn, "UPDATE private_text SET value = ? WHERE field = 'contact'", (f"找王某 {number}",))
    page = posted.client.get(posted.notice).text
    assert number not in page
    assert "找王某 ＊" in page


def test_a_text_changed_behind_the_register_is_called_out(posted):
    """The kept text must open the entry's commitment; one that does not is shown with a warning everywhere."""
    assert not posted.found().altered
    with posted.here.database.writing() as conn:
        run(conn, "UPDATE private_text SET value = '改过的正文' WHERE field = 'text'")
    for address in (posted.notice, f"/check?code={posted.found().short_code}"):
        page = posted.client.get(address).text
        assert "有人在登记簿外改过" in page
        assert "登记的内容没有变" not in page


def test_an_erased_text_leaves_the_notice(posted):
    """A redaction takes the words, not the fact that there was a notice."""
    with posted.here.database.writing() as conn:
        run(conn, "DELETE FROM private_text WHERE field IN ('text', 'contact', 'title')")
    page = posted.client.get(posted.notice)
    assert page.status_code == 200
    assert "正文已依法删去" in page.text
    assert not posted.found().altered


# --- paper and checking


def test_the_paper_carries_all_that_checking_needs(posted):
    """QR, short code, index, signed head in eight groups, room for two seals; before a signature it says so."""
    assert "还在等签名" in posted.client.get(f"{posted.notice}/print").text
    posted.here.signer.sign_pending()
    page = posted.client.get(f"{posted.notice}/print").text
    found = posted.found()
    entry = posted.entries()[POSTED - 1]
    with posted.here.database.reading() as conn:
        head = register.head(conn)
    address = f"http://127.0.0.1:8000/e/{entry.seq}/{leaf_hash(entry.leaf())[:16].hex()}"
    assert str(qr_code(address)) in page
    assert len(address) <= 100
    assert found.short_code in page
    assert f"登记序号 {entry.seq}" in page
    assert f"共 {head.size} 条" in page
    groups = re.findall("[0-9a-f]{8}", head.root.hex())
    assert "".join(f"<span>{each}</span>" for each in groups) in page
    assert "村民委员会（章）" in page
    assert "村务监督委员会（章）" in page
    assert "style=" not in page


def test_the_qr_code_leads_to_the_entry_and_a_false_paper_to_a_warning(posted):
    """The address on the paper holds the hash of what was registered; with any other hash nothing is found."""
    found = posted.found()
    page = posted.client.get(f"/e/{found.seq}/{found.leaf_prefix}").text
    assert "登记的内容没有变" in page
    assert TEXT in page
    for address in (
        f"/e/{found.seq}/{'0' * 32}",
        f"/e/{found.seq - 1}/{found.leaf_prefix}",
        "/e/99999/" + "a" * 32,
    ):
        assert "没有对得上的公示" in posted.client.get(address).text
    assert posted.client.get(f"/e/{found.seq}/{'0' * 31}").status_code == 404


def test_a_register_that_left_its_signed_history_is_called_out(posted):
    """When the stored head is no longer the signed one, the page says that no check counts."""
    posted.here.signer.sign_pending()
    assert "签过名的总指纹对不上" not in posted.client.get("/check").text
    with posted.here.database.writing() as conn:
        run(conn, "UPDATE head SET size = size - 1")
    page = posted.client.get("/check").text
    with posted.here.database.writing() as conn:  # so that the installation can be closed
        run(conn, "UPDATE head SET size = size + 1")
    assert "登记簿和签过名的总指纹对不上" in page


def test_a_short_code_is_found_however_it_is_typed(posted):
    """Small letters, full-width ones, spaces and the digits that look like letters all do."""
    code = posted.found().short_code
    typed = code.lower().replace("-", " ").translate(str.maketrans("oib", "018"))
    for each in (code, typed, "".join(chr(ord(sign) + 0xFEE0) for sign in code.replace("-", ""))):
        assert "登记的内容没有变" in posted.client.get("/check", params={"code": each}).text
    wrong = ("B" if code[0] != "B" else "C") + code[1:]
    for each in (wrong, "AAAA-AAAA", "短", "'; DROP TABLE entry --", "7777-7777"):
        assert "没有对得上的公示" in posted.client.get("/check", params={"code": each}).text


def test_a_short_code_of_another_entry_opens_nothing(posted):
    """Only notices are public: the code of a vote's entry, well-formed as it is, finds nothing."""
    entry = next(each for each in posted.entries() if each.action == "record")
    code = short_code(entry.seq, leaf_hash(entry.leaf()))
    assert "没有对得上的公示" in posted.client.get("/check", params={"code": code}).text


def test_short_codes_have_room_and_end(posted):
    """Index and check share forty bits; beyond them there is no code rather than a wrong one."""
    assert short_code(2**26 - 1, b"\xff\xff") == "7777-7777"
    with pytest.raises(ValueError, match="beyond"):
        short_code(2**26, b"\0\0")


def test_the_signed_head_is_served_as_the_note(posted):
    """Before the first signature there is none; then it is the very note that the signer stored."""
    assert posted.client.get("/checkpoint").status_code == 404
    checkpoint = posted.here.signer.sign_pending()
    answer = posted.client.get("/checkpoint")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text.startswith(checkpoint.text())
    assert "— cunyi.371329 " in answer.text


# --- objections


def test_an_objection_is_on_record_at_once_and_can_be_followed(posted):
    """It gets the next number; with its code its writer sees how it stands, and none of what it says."""
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
    assert "三家报价" not in page
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
    house = install()
    people = village(house.here)
    board = Board(house, people, life(house.here, people), house.client())
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
        page.get_by_role("button", name="提交异议").click()
        number, code = numbered(page.content())
        page.screenshot(path=tmp_path / "objected.png", full_page=True)
        assert page.locator("html").bounding_box()["width"] == 360
        page.get_by_role("link", name="查办理情况").click()
        page.get_by_label("异议编号").fill(number)
        page.get_by_label("查询码").fill(code)
        page.get_by_role("button", name="查", exact=True).click()
        assert page.get_by_text("等村务监督委员会受理").is_visible()
        page.goto(f"{address}{posted.notice}/print")
        page.emulate_media(media="print")
        drawn = page.locator(".qr").bounding_box()["width"]
        modules = int(page.locator(".qr").get_attribute("viewBox").split()[2])
        assert drawn * (modules - 8) / modules >= 25 / 25.4 * 96  # four quiet modules on each side
        assert len(re.findall(rb"/Type\s*/Page\b", page.pdf(prefer_css_page_size=True))) == 1
        assert not page.get_by_role("link", name="回到公示").is_visible()
        context.close()
    assert faults == []
