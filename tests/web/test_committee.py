import io

import pytest

from tests.builders import VILLAGE, advance_ok, life
from tests.web.sitting import OBJECTION, hand_in, hidden, supervised, words
from web import readings
from workflow.advance import advance
from workflow.core.days import civil_day
from workflow.request import Receipt, Request
from workflow.store.database import run

NEXT_VILLAGE = "371329105202"


@pytest.fixture
def house(install):
    """张庄村 under supervision."""
    return supervised(install)


def matter_of(house, matter):
    """The matter as the register has it."""
    with house.database.reading() as conn:
        return house.here.matter(conn, VILLAGE, matter)


def objected(house):
    """The drainage matter while its decision hangs on the board, with one named objection."""
    matter = life(house.here, house.people, "posting_confirmed")
    advance_ok(house.here, VILLAGE, matter, "object", "public", OBJECTION)
    return matter


def test_a_count_is_confirmed_after_its_sums_were_seen(house):
    """What the village entered stands with the arithmetic and the article; the press makes it count."""
    matter = life(house.here, house.people, "resolved")
    client = house.logged_in("孙监督")
    assert f"/committee/matters/{matter}/confirm" in client.get("/committee").text
    page = words(client.get(f"/committee/matters/{matter}/confirm"))
    assert "实到人数 31" in page
    assert "（31×3=93 ≥ 45×2=90）" in page
    assert "依据：组织法（2025年修正）第三十条" in page
    done = hand_in(client, f"/committee/matters/{matter}/confirm", note="看过签到表")
    assert done.status_code == 303
    assert matter_of(house, matter).at == "post_resolution"
    assert f"{matter} 第 10 条" in words(client.get(done.headers["location"]))
    shown = words(client.get(f"/committee/matters/{matter}"))
    assert "看过签到表" in shown
    # The confirmation came to the same; it does not say all sums twice.
    assert "各项结论和第 9 条一样" in shown
    again = client.get(f"/committee/matters/{matter}/confirm")
    assert again.status_code == 409
    assert "现在轮不到这一步" in words(again)


def test_declining_needs_a_reason_and_sends_the_count_back(house):
    """Without words nothing is recorded; with them the count never took effect and the page says so."""
    matter = life(house.here, house.people, "resolved")
    client = house.logged_in("孙监督")
    decline = f"/committee/matters/{matter}/decline"
    empty = hand_in(client, decline)
    assert empty.status_code == 422
    assert "为什么不予确认没有填" in empty.text
    assert hand_in(client, decline, reason="与计票单不符").status_code == 303
    assert matter_of(house, matter).at == "resolve.called"
    shown = words(client.get(f"/committee/matters/{matter}"))
    assert "不予确认：没有生效" in shown
    assert "与计票单不符" in shown


def test_nobody_confirms_what_they_entered_themselves(house):
    """A person with both offices sees why beforehand, and a press all the same is refused with the reason."""
    matter = life(house.here, house.people, "called")
    house.watch.forward(days=5)
    # A clerk's post came to the committee's member, against the law: the act's own check still stands.
    day = civil_day(house.here.clock())
    facts = {"person": house.people.vsc_member, "office": "secretary", "from": day.isoformat()}
    advance_ok(house.here, VILLAGE, None, "grant_office", house.people.township_officer, facts)
    count = _count(house)
    answer = advance(
        house.here, Request(VILLAGE, matter, "record", house.people.vsc_member, day, count, "own-count")
    )
    assert isinstance(answer, Receipt), answer
    client = house.logged_in("周委员")
    page = f"/committee/matters/{matter}/confirm"
    seen = client.get(page)
    assert "登记人和复核人是同一人" in words(seen)
    assert "确认属实" not in seen.text.partition("您的复核")[2]
    typed = {"key": "a" * 32, "seen": str(matter_of(house, matter).mseq)}
    refused = client.post(page, data=typed)
    assert refused.status_code == 409
    assert "登记人和复核人是同一人" in words(refused)
    assert matter_of(house, matter).pending is not None


def _count(house):
    stored = house.here.documents.put(io.BytesIO(b"minutes"), 100)
    with house.database.writing() as conn:
        run(conn, "INSERT INTO document (digest, size, kind) VALUES (?, ?, 'image/png')", tuple(stored))
    return {
        "due": 45, "present": 31, "women_present": 10, "in_favour": 28, "against": 3, "abstain": 0,
        "method": "show_of_hands", "place": "村委会", "chair": "王", "recorder": "李", "summary": "表决",
        "township_attendee": "刘某", "minutes": [stored.digest], "sign_in": [stored.digest],
    }  # fmt: skip


def test_who_holds_no_office_in_the_committee_is_refused_with_the_reason(house):
    """An account of the committee's group opens the page; without the office on record nothing is confirmed."""
    house.person("新委员", "committee")
    matter = life(house.here, house.people, "resolved")
    client = house.logged_in("新委员")
    assert "没有您的监委会职务" in client.get("/committee").text
    page = f"/committee/matters/{matter}/confirm"
    assert "须由这些职务办理：村务监督委员会主任、村务监督委员会成员" in words(client.get(page))
    refused = client.post(page, data={"key": "b" * 32, "seen": str(matter_of(house, matter).mseq)})
    assert refused.status_code == 409
    assert matter_of(house, matter).pending is not None


def test_what_somebody_did_meanwhile_is_shown_before_a_second_press(house):
    """Of two members with the same page open, the second press records nothing and shows the newest state."""
    matter = life(house.here, house.people, "resolved")
    page = f"/committee/matters/{matter}/confirm"
    first, second = house.logged_in("孙监督"), house.logged_in("周委员")
    late = hidden(second.post(page, data=hidden(second.get(page))))
    assert hand_in(first, page).status_code == 303
    answer = second.post(page, data={**late, "step": "record"})
    assert answer.status_code == 409
    assert "这件事有了新的记录" in words(answer)
    assert "第 10 条" in words(answer)


def test_the_same_press_twice_is_one_entry(house):
    """A form sent again after a weak signal answers as the first time."""
    matter = life(house.here, house.people, "resolved")
    client = house.logged_in("孙监督")
    page = f"/committee/matters/{matter}/confirm"
    typed = {**hidden(client.post(page, data=hidden(client.get(page)))), "step": "record"}
    where = {client.post(page, data=typed).headers["location"] for _ in "ab"}
    assert len(where) == 1
    assert matter_of(house, matter).mseq == 10


def test_counts_of_a_body_wait_on_the_committees_page(house):
    """A new count of representatives binds nothing until it is confirmed here, or is sent back with a reason."""
    here, people = house.here, house.people
    counts = {"body": "rep_assembly", "from": "2026-03-01", "body_all": 44, "reps_all": 39, "women_reps": 15}
    entry = advance_ok(here, VILLAGE, None, "set_body", people.clerk, counts).entry
    client = house.logged_in("孙监督")
    query = f"place={VILLAGE}&confirms={entry.pseq}"
    address = f"/committee/place/confirm?{query}"
    assert address.replace("&", "&amp;") in client.get("/committee").text
    assert "组成人员 44" in words(client.get(address))
    assert hand_in(client, f"/committee/place/decline?{query}").status_code == 422
    done = hand_in(client, address)
    assert done.status_code == 303
    assert "已确认，从现在起算数" in words(client.get(done.headers["location"]))
    with house.database.reading() as conn:
        assert here.place(conn, VILLAGE).counts("rep_assembly", civil_day(here.clock()))["body_all"] == 44
    assert client.get(address).status_code == 404
    assert "没有等着复核的" in client.get("/committee/place").text


def test_an_objection_is_received_by_its_last_day_and_dismissed_only_with_grounds(house):
    """The page says the last day; receiving starts the answer's time; grounds are needed to dismiss."""
    matter = objected(house)
    client = house.logged_in("孙监督")
    home = f"/committee/matters/{matter}"
    address = f"{home}/objections/1"
    page = words(client.get(address))
    assert "报价比邻村高" in page
    # Lodged on 10 March; three days, as the procedure has it.
    assert "最晚2026年3月13日（星期五）" in page
    assert hand_in(client, f"{home}/dismiss_objection?number=1").status_code == 422
    assert hand_in(client, f"{home}/receive_objection?number=1").status_code == 303
    received = words(client.get(f"{address}?done=receive"))
    assert "已受理，等村里答复" in received
    assert "依据：山东省村务公开条例" in received
    assert hand_in(client, f"{home}/dismiss_objection?number=1", grounds="与本事项无关").status_code == 303
    assert matter_of(house, matter).objections[1].status == "dismissed"
    assert "与本事项无关" in words(client.get(address))


def test_the_objectors_name_is_shown_on_request_only_and_the_showing_is_kept(house):
    """It stands in no history and no print; who looked, and when, is on the page afterwards."""
    matter = objected(house)
    client = house.logged_in("孙监督")
    address = f"/committee/matters/{matter}/objections/1"
    for page in (address, f"/committee/matters/{matter}", f"/committee/matters/{matter}/print"):
        assert "张三" not in client.get(page).text
        assert "村东第三家" not in client.get(page).text
    shown = words(client.post(f"{address}/name"))
    assert "张三" in shown
    assert "村东第三家" in shown
    after = words(client.get(address))
    assert "谁查看过（1 次）" in after
    assert "张三" not in after
    seq = matter_of(house, matter).entries[-1].seq
    with house.database.reading() as conn:
        (reading,) = readings.of_entry(conn, seq)
    assert (reading.person, reading.fields) == (house.people.vsc_chair, ("contact", "name"))


def test_opinion_and_inspection_are_given_on_their_forms(house):
    """An opinion at any step; the inspection at its step, where the number of findings must agree with the result."""
    matter = life(house.here, house.people, "result_closed")
    client = house.logged_in("周委员")
    home = f"/committee/matters/{matter}"
    assert hand_in(client, f"{home}/opine", opinion="differ", text="请补验收照片").status_code == 303
    assert "请补验收照片" in words(client.get(home))
    typed = {
        "day_of_act_near": civil_day(house.here.clock()).isoformat(),
        "result": "sound",
        "opinion": "属实",
    }
    unequal = hand_in(client, f"{home}/inspect", findings="2", **typed)
    assert unequal.status_code == 409
    assert "没有问题填 0" in words(unequal)
    assert hand_in(client, f"{home}/inspect", findings="0", **typed).status_code == 303
    assert matter_of(house, matter).at == "archive.inspected"
    assert client.get(f"{home}/inspect").status_code == 409


def test_the_history_shows_late_corrected_and_baseless_acts(house):
    """Every act with what was recorded, old and new numbers of a correction, and what lost its basis."""
    here, people = house.here, house.people
    matter = life(here, people, "posting_confirmed")
    correction = {"corrects": 9, "reason": "看反了", "in_favour": 3, "against": 28}
    advance_ok(here, VILLAGE, matter, "correct", people.secretary, correction)
    client = house.logged_in("孙监督")
    confirm = words(client.get(f"/committee/matters/{matter}/confirm"))
    assert "28 → 3" in confirm
    assert "更正后结果变了" in confirm
    assert hand_in(client, f"/committee/matters/{matter}/confirm").status_code == 303
    page = words(client.get(f"/committee/matters/{matter}"))
    assert "已更正：见第 13 条" in page
    assert "失去依据" in page
    assert "第 14 条更正以后结果变了" in page
    rows = words(client.get("/committee/matters?mark=corrected"))
    assert "共 1 件" in rows
    assert "共 0 件" in words(client.get("/committee/matters?mark=late"))


def test_the_list_is_narrowed_by_step_and_mark(house):
    """Filters add up; a word nobody knows finds nothing rather than everything."""
    life(house.here, house.people, "opened", title="修桥")
    objected(house)
    client = house.logged_in("孙监督")

    def found(query):
        return words(client.get(f"/committee/matters?{query}"))

    assert "共 2 件" in found("")
    assert "修桥" in found("at=proposal")
    assert "修桥" not in found("at=disclosure&mark=objections")
    assert "共 0 件" in found("at=nowhere")
    house.watch.forward(days=30)
    client = house.logged_in("孙监督")
    assert "共 1 件" in found("mark=overdue")
    assert client.get("/committee/matters?page=0").status_code == 422


def test_the_neighbours_committee_finds_nothing_here(house):
    """Another village's matter, objection and print do not exist (404); the secretary's group may only print (403)."""
    matter = objected(house)
    house.person("外村监督", "committee", NEXT_VILLAGE)
    stranger, secretary = house.logged_in("外村监督"), house.logged_in("王书记")
    for page in ("", "/confirm", "/opine", "/objections/1", "/print", "/form"):
        assert stranger.get(f"/committee/matters/{matter}{page}").status_code == 404, page
    assert stranger.post(f"/committee/matters/{matter}/confirm", data={"key": "c" * 32}).status_code == 404
    assert stranger.post(f"/committee/matters/{matter}/objections/1/name").status_code == 404
    for page in ("", f"/matters/{matter}", f"/matters/{matter}/confirm", f"/matters/{matter}/objections/1"):
        assert secretary.get(f"/committee{page}").status_code == 403, page
    assert secretary.post(f"/committee/matters/{matter}/objections/1/name").status_code == 403
    assert secretary.get(f"/committee/matters/{matter}/form").status_code == 200
    assert house.client().get("/committee").status_code == 303
