import pytest

from tests.builders import OPENING, VILLAGE, People, advance_ok, appoint, life, village
from tests.web.sitting import Sitting, at_the_vote, words


@pytest.fixture
def sitting(install):
    """张庄村 with its people on record, its secretary with an account."""
    house = install()
    secretary = house.person("文书小李")
    return Sitting(house, village(house.here, People(secretary=secretary)))


def test_another_village_does_not_exist(sitting):
    """Every page and act of a matter is a 404 to the secretary next door, and so is the place's record."""
    page = at_the_vote(sitting)
    sitting.house.person("外村文书", scope="371329105202")
    sitting.log_in("外村文书")
    for address in (
        page,
        f"{page}/record",
        f"{page}/done/1",
        f"{page}/correct",
        f"/secretary/place?place={VILLAGE}",
    ):
        sitting.see(address, 404)
    assert sitting.post(f"{page}/record", {"key": "0" * 32}).status_code == 404
    sitting.see(f"/secretary/matters/new/public_works?place={VILLAGE}", 404)
    assert "修建村东排水沟" not in sitting.see("/secretary/search?q=排水沟")
    sitting.house.person("监委老王", "committee")
    sitting.log_in("监委老王")
    assert sitting.browser.get("/secretary").status_code == 403


def test_a_matter_is_opened_from_the_catalogue_with_its_steps_shown(sitting):
    """Kinds stand under their tier with examples; the form says the steps; the title may hold no telephone number."""
    sitting.log_in()
    kinds = sitting.see("/secretary/matters/new")
    assert "重大事项" in kinds
    assert "修排水沟" in kinds
    address = f"/secretary/matters/new/public_works?place={VILLAGE}"
    page = sitting.see(address)
    assert "这件事要走 11 步" in page
    assert "镇街出具意见" in page
    typed = {"title": "修路 13800001234", "source": "villagers_suggest", "mover": "committee", "reason": "积水",
             "amount_fen": "48000"}  # fmt: skip
    refused = sitting.post(address, {**sitting.form(address), **typed})
    assert refused.status_code == 409
    assert "“事项名称”里有" in words(refused)
    answer = sitting.record(address, {**typed, "title": "修村东路"})
    assert answer.headers["location"].endswith("/done/1")
    done = sitting.see(answer.headers["location"])
    assert "已立项" in done
    assert "村党组织提议" in done
    assert "修村东路" in sitting.see("/secretary")
    sitting.see("/secretary/matters/new/no_such_kind", 404)


def test_today_puts_what_is_due_first_and_marks_what_is_late(sitting):
    """Own work, objections, what is not due yet, and what waits for others stand apart."""
    here, watch = sitting.house.here, sitting.house.watch
    own = life(here, sitting.people, "opened", title="建文化广场")
    life(here, sitting.people, "consulted", title="装路灯")
    posted = life(here, sitting.people, "posting_confirmed", title="打机井")
    advance_ok(
        here, VILLAGE, posted, "object", "public", {"channel": "web", "named": False, "content": "太贵"}
    )
    advance_ok(here, VILLAGE, posted, "receive_objection", sitting.people.vsc_chair, {"number": 1})
    sitting.log_in()
    page = sitting.see("/secretary")
    due, later = page.index("建文化广场"), page.rindex("打机井")
    assert due < page.index("1 件异议没有办完") < page.index("还没到日子的") < later < page.index("等镇街")
    assert "已超过" in page[page.index("等镇街") :]
    watch.forward(days=10)
    sitting.log_in()
    assert "已超过期限：“答复异议”最晚" in sitting.see(f"/secretary/matters/{posted}")
    assert "建文化广场" in sitting.see(f"/secretary/search?q={own[-9:]}")
    assert "打机井" in sitting.see("/secretary/search?q=打井")
    assert "没有找到“水库”" in sitting.see("/secretary/search?q=水库")


def test_an_objection_is_answered_by_its_number(sitting):
    """The answer picks from the objections that wait; who objected stands nowhere; then the matter may go on."""
    here = sitting.house.here
    matter = life(here, sitting.people, "posting_confirmed")
    page = f"/secretary/matters/{matter}"
    facts = {"channel": "web", "named": True, "name": "赵六", "content": "太贵", "contact": "村东第三家"}
    advance_ok(here, VILLAGE, matter, "object", "public", facts)
    advance_ok(here, VILLAGE, matter, "receive_objection", sitting.people.vsc_chair, {"number": 1})
    sitting.log_in()
    seen = sitting.see(page)
    assert "太贵" in seen
    assert "赵六" not in seen
    assert "第三家" not in seen
    assert "第 1 号异议还没有办完" in seen
    assert "第 1 号（" in sitting.see(f"{page}/answer_objection")
    answer = sitting.record(f"{page}/answer_objection", {"number": "1", "answer": "三家比价，已选最低"})
    assert answer.status_code == 303
    assert "还没有办完" not in sitting.see(page)
    assert "/answer_objection" not in sitting.browser.get(page).text


def test_a_correction_names_the_record_and_shows_what_stood_there(sitting):
    """First which record, then its facts with the old values beside; it waits for the second office."""
    here = sitting.house.here
    matter = life(here, sitting.people, "consulted")
    sitting.log_in()
    page = f"/secretary/matters/{matter}/correct"
    assert "第 2 条 村党组织提议：登记会议结果" in sitting.see(page)
    address = f"{page}?corrects=2"
    assert "原来填的：4" in sitting.see(address)
    same = sitting.post(address, {**sitting.form(address), "reason": "看错了"})
    assert same.status_code == 409
    assert "填的内容和原来一样" in words(same)
    answer = sitting.record(address, {"reason": "数错了", "in_favour": "3", "against": "1"})
    assert answer.status_code == 303
    assert "更正" in sitting.see(answer.headers["location"])
    assert "正在等复核确认" in sitting.see(page)
    sitting.see(f"{page}?corrects=99", 404)


def test_an_act_whose_turn_it_is_not_says_so(sitting):
    """Other offices' acts and later steps have no form: a page says whose turn it is; unknown ones are 404."""
    here = sitting.house.here
    matter = life(here, sitting.people, "consulted")
    sitting.log_in()
    page = f"/secretary/matters/{matter}"
    assert "要由镇街来办" in sitting.see(f"{page}/sign", 409)
    assert "现在轮不到这一步" in sitting.see(f"{page}/post", 409)
    sitting.see(f"{page}/no_such_act", 404)
    sitting.see("/secretary/matters/371329105201-2026-0099", 404)
    early = life(here, sitting.people, "called")
    sitting.log_in()
    seen = sitting.see(f"/secretary/matters/{early}")
    assert "登记会议结果 ：还不能办。要等到2026年3月" in seen


def test_somebody_without_an_office_on_record_is_told(install):
    """An account alone gives no office: today's page says so, and an act is refused with the reason."""
    house = install()
    village(house.here, People())
    house.person("文书小李")
    sitting = Sitting(house, People()).log_in()
    assert "登记册里还没有您的职务" in sitting.see("/secretary")
    address = f"/secretary/matters/new/public_works?place={VILLAGE}"
    typed = {"title": OPENING["title"], "source": "villagers_suggest", "mover": "committee", "reason": "积水"}
    answer = sitting.post(address, {**sitting.form(address), **typed})
    assert answer.status_code == 409
    assert "须由这些职务办理" in words(answer)


def test_the_places_record_is_kept_and_waits_for_the_committee(sitting):
    """New counts of a body show as waiting, with the old ones still in force until they are confirmed."""
    sitting.log_in()
    seen = sitting.see("/secretary/place")
    assert "组成人员（在任） 45" in seen
    assert "村党组织书记： 文书小李" in seen
    address = f"/secretary/place/set_body?place={VILLAGE}&body=party_meeting"
    typed = {"from_y": "2026", "from_m": "3", "from_d": "1"}
    blank = sitting.post(address, {**sitting.form(address), **typed})
    assert blank.status_code == 422
    assert "有表决权的党员没有填" in words(blank)
    answer = sitting.record(address, {**typed, "voting_members": "41"})
    assert answer.status_code == 303
    assert "确认以后才按新的算" in sitting.see(answer.headers["location"])
    seen = sitting.see("/secretary/place")
    assert "等监委会确认（1 条）" in seen
    assert "有表决权的党员 40" in seen
    sitting.see(f"/secretary/place/set_body?place={VILLAGE}&body=no_such", 404)
    sitting.see("/secretary/place/grant_office", 404)
    delegation = f"/secretary/place/record_delegation?place={VILLAGE}"
    assert "授权村民代表会议决定哪些事项" in sitting.see(delegation)


def test_what_lacks_is_said_before_a_form_is_filled(install):
    """Where no counts of a body are on record the matter's page says so and leads to the form."""
    house = install()
    people = appoint(house.here, People(secretary=house.person("文书小李")))
    matter = advance_ok(house.here, VILLAGE, None, "open", people.secretary, OPENING).entry.matter
    sitting = Sitting(house, people).log_in()
    assert "开村党组织委员会 ：还不能办。 还没有登记组成人数" in sitting.see(
        f"/secretary/matters/{matter}"
    ).replace("。还", "。 还")
