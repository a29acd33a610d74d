"""Notice boards, notices, papers and checking, by people who never log in."""

import re

import pytest

from tests.boards import POSTED, TEXT, TITLE, Board, posted_at
from tests.builders import TOWNSHIP, VILLAGE, advance_ok, life
from web.routes.public import qr_code
from workflow import notices
from workflow.core.masking import personal_numbers
from workflow.core.tree import leaf_hash
from workflow.notices import public_text, short_code
from workflow.store import register
from workflow.store.database import run


@pytest.fixture
def posted(install) -> Board:
    """A resolution on the board since today, confirmed by the supervisory committee."""
    return posted_at(install())


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
    board = posted_at(install(), "posted")
    assert board.client.get(board.notice).status_code == 404
    assert TITLE not in board.client.get(f"/v/{VILLAGE}").text
    advance_ok(board.here, VILLAGE, board.matter, "decline", board.people.vsc_chair, {"reason": "日期不对"})
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
