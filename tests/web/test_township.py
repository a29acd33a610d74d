import pytest

from tests.builders import TOWNSHIP, VILLAGE, People, advance_ok, life, png, village
from tests.web.sitting import hand_in, words
from workflow.core.days import civil_day

SCOPE = "371329105"
GRANT = f"/township/place/grant_office?place={VILLAGE}"


@pytest.fixture
def house(install):
    """张庄村 with its people on record; its township's officer, its secretary and a committee member log in."""
    place = install()
    place.people = village(
        place.here,
        People(
            secretary=place.person("王书记"),
            vsc_member=place.person("周委员", "committee"),
            township_officer=place.person("刘镇长", "township", SCOPE),
        ),
    )
    return place


def today(house):
    """The day on the installation's clock."""
    return civil_day(house.here.clock())


def matter_of(house, matter):
    """The matter as the register has it."""
    with house.database.reading() as conn:
        return house.here.matter(conn, VILLAGE, matter)


def boxes(name, day):
    """The three number boxes of a day."""
    return {f"{name}_y": str(day.year), f"{name}_m": str(day.month), f"{name}_d": str(day.day)}


def test_an_opinion_waits_is_given_with_its_paper_and_stays_in_the_history(house):
    """The matter is on the first page with its last day; a reason is asked for; the file is kept with the entry."""
    matter = life(house.here, house.people, "consulted")
    client = house.logged_in("刘镇长")
    home = words(client.get("/township"))
    assert "等镇街办理（1 件）" in home
    assert "张庄村 · 镇街出具意见" in home
    page = f"/township/matters/{matter}/sign"
    day = {"day_of_act_near": today(house).isoformat()}
    empty = hand_in(client, page, **day)
    assert empty.status_code == 422
    assert "意见和理由没有填" in empty.text
    paper = [("paper[]", ("意见.png", png(), "image/png"))]
    done = hand_in(client, page, files=paper, opinion="advise", reason="注意汛期施工安全", **day)
    assert done.status_code == 303
    assert matter_of(house, matter).at == "deliberate"
    assert done.headers["location"].startswith(f"/township/matters/{matter}/done/")
    shown = words(client.get(f"/township/matters/{matter}"))
    assert "注意汛期施工安全" in shown
    assert "意见.png" in shown
    assert "等镇街办理（0 件）" in words(client.get("/township"))
    late = client.get(page)
    assert late.status_code == 409
    assert "现在轮不到这一步" in late.text


def test_a_filing_gives_a_receipt_and_an_incomplete_one_comes_back(house):
    """Filing asks for the receipt's number; papers found lacking keep the matter waiting for the same office."""
    matter = life(house.here, house.people, "posting_closed")
    client = house.logged_in("刘镇长")
    page = f"/township/matters/{matter}/sign"
    day = {"day_of_act_near": today(house).isoformat()}
    assert hand_in(client, page, opinion="filed", **day).status_code == 422
    assert (
        hand_in(
            client, page, opinion="incomplete", receipt="青备〔2026〕3号", reason="缺签到表", **day
        ).status_code
        == 303
    )
    assert matter_of(house, matter).at == "township_filing"
    assert hand_in(client, page, opinion="filed", receipt="青备〔2026〕3号", **day).status_code == 303
    assert matter_of(house, matter).at == "implement"


def test_an_opinion_of_yesterday_needs_a_word_on_why_it_is_late(house):
    """What is recorded later is marked 补录 with its reason, here as everywhere."""
    matter = life(house.here, house.people, "consulted")
    yesterday = today(house)
    house.watch.forward(days=1)
    client = house.logged_in("刘镇长")
    page = f"/township/matters/{matter}/sign"
    typed = {"day_of_act_near": yesterday.isoformat(), "opinion": "agree", "reason": "无"}
    asked = hand_in(client, page, **typed)
    assert asked.status_code == 422
    assert "请写清楚为什么晚了" in asked.text
    assert hand_in(client, page, late_reason="昨天停电", **typed).status_code == 303
    shown = words(client.get(f"/township/matters/{matter}"))
    assert "补录：晚 1 天登记" in shown
    assert "昨天停电" in shown


def test_who_holds_no_office_in_the_township_is_refused(house):
    """An account opens the pages; what it signs without an office on record is refused with the offices that may."""
    house.person("新干部", "township", SCOPE)
    matter = life(house.here, house.people, "consulted")
    client = house.logged_in("新干部")
    assert "没有您的镇街职务" in client.get("/township").text
    typed = {"day_of_act_near": today(house).isoformat(), "opinion": "agree", "reason": "无"}
    page = f"/township/matters/{matter}/sign"
    assert "要由镇街来办" in words(client.get(page))
    seen = str(matter_of(house, matter).mseq)
    refused = client.post(page, data={**typed, "key": "a" * 32, "seen": seen})
    assert refused.status_code == 409
    assert "须由这些职务办理：包村干部、镇街审核员" in words(refused)
    assert matter_of(house, matter).at == "township_opinion"


def test_a_correction_that_changed_an_outcome_and_an_objection_passed_on_are_told(house):
    """Both are on the first page; the objection is read without the objector's name."""
    here, people = house.here, house.people
    matter = life(here, people, "posting_confirmed")
    objection = {
        "channel": "web", "named": True, "name": "张三", "contact": "村东", "content": "占了通道",
    }  # fmt: skip
    advance_ok(here, VILLAGE, matter, "object", "public", objection)
    facts = {"number": 1, "grounds": "涉及镇里的规划"}
    advance_ok(here, VILLAGE, matter, "escalate_objection", people.vsc_chair, facts)
    client = house.logged_in("刘镇长")
    home = words(client.get("/township"))
    assert "转到镇街、等镇街答复的异议（1 件）" in home
    assert "更正以后结果变了的（0 件）" in home
    page = client.get(f"/township/matters/{matter}/objections/1")
    assert "占了通道" in page.text
    assert "涉及镇里的规划" in page.text
    assert "张三" not in page.text
    assert client.get(f"/township/matters/{matter}/objections/2").status_code == 404
    correction = {"corrects": 9, "reason": "看反了", "in_favour": 3, "against": 28}
    advance_ok(here, VILLAGE, matter, "correct", people.secretary, correction)
    advance_ok(here, VILLAGE, matter, "confirm", people.vsc_chair, {})
    assert "更正以后结果变了的（1 件） 修建村东排水沟" in words(client.get("/township"))
    assert "张三" not in client.get(f"/township/matters/{matter}").text


def test_what_is_late_in_the_villages_is_listed(house):
    """An objection nobody received in time; the matter stands under the village's late ones."""
    matter = life(house.here, house.people, "posting_confirmed")
    objection = {"channel": "web", "named": False, "content": "太贵"}
    advance_ok(house.here, VILLAGE, matter, "object", "public", objection)
    house.watch.forward(days=9)
    client = house.logged_in("刘镇长")
    home = words(client.get("/township"))
    assert "超过期限的（1 件）" in home
    assert "已超过 6 天" in home
    assert "共 1 件" in words(client.get(f"/township/matters?mark=overdue&place={VILLAGE}"))


def test_another_township_finds_nothing_and_other_groups_stay_out(house):
    """404 beyond the township's prefix; 403 for the village's own people."""
    matter = life(house.here, house.people, "consulted")
    house.person("邻镇", "township", "371329106")
    stranger, secretary = house.logged_in("邻镇"), house.logged_in("王书记")
    for page in (f"matters/{matter}", f"matters/{matter}/sign", f"places/{VILLAGE}/offices"):
        assert stranger.get(f"/township/{page}").status_code == 404, page
        assert secretary.get(f"/township/{page}").status_code == 403, page
    assert stranger.post(f"/township/matters/{matter}/sign", data={"key": "a" * 32}).status_code == 404
    assert "等镇街办理（0 件）" in words(stranger.get("/township"))
    assert secretary.get("/township").status_code == 403
    assert house.logged_in("刘镇长").get(f"/committee/matters/{matter}").status_code == 403


def test_offices_are_granted_and_ended_on_record(house):
    """A new clerk from a day on; the old one to a day; both stand on the page with their days."""
    new = house.person("钱文书")
    client = house.logged_in("刘镇长")
    assert "张庄村" in words(client.get("/township/places"))
    page = f"/township/places/{VILLAGE}/offices"
    end = f"/township/place/end_office?place={VILLAGE}&person={house.people.clerk}&office=clerk"
    assert end.replace("&", "&amp;") in client.get(page).text
    assert "张庄村 · 村文书" in words(client.get(end))
    ended = hand_in(client, end, **boxes("to", today(house)))
    assert "已经生效" in words(client.get(ended.headers["location"]))
    granted = hand_in(client, GRANT, person=new, office="clerk", **boxes("from", today(house)))
    assert granted.status_code == 303
    with house.database.reading() as conn:
        place = house.here.place(conn, VILLAGE)
    assert place.offices(new, today(house)) == {"clerk"}
    shown = words(client.get(page))
    assert "钱文书 2026年3月1日起" in shown.replace("： ", " ").replace("：", " ")
    house.watch.forward(days=1)
    assert "（已离任）" in words(house.logged_in("刘镇长").get(page))


def test_a_supervisor_cannot_become_the_clerk_and_the_refusal_names_the_law(house):
    """组织法 art. 37 and the province's regulation keep the two apart; the form keeps what was chosen."""
    client = house.logged_in("刘镇长")
    refused = hand_in(
        client, GRANT, person=house.people.vsc_member, office="clerk", **boxes("from", today(house))
    )
    assert refused.status_code == 409
    said = words(refused)
    assert "同一人还担任：村文书" in said
    assert "依据：" in said
    assert "第三十七条" in said or "第十四条" in said
    assert f'value="{house.people.vsc_member}" checked' in refused.text
    missing = hand_in(client, GRANT, office="clerk")
    assert missing.status_code == 422
    assert "从哪一天起没有填" in missing.text


def test_nobody_grants_an_office_without_being_the_officer_of_the_place(house):
    """A township account without the office on record is refused; a village that is not there is a 404."""
    house.person("新干部", "township", SCOPE)
    client = house.logged_in("新干部")
    typed = {"person": house.people.vsc_member, "office": "branch_member", **boxes("from", today(house))}
    refused = hand_in(client, GRANT, **typed)
    assert refused.status_code == 409
    assert "须由这些职务办理" in words(refused)
    assert client.get("/township/places/371329105999/offices").status_code == 404
    assert client.get(f"/township/places/{TOWNSHIP}/offices").status_code == 200


def test_near_relatives_are_put_on_record_and_bar_an_office(house):
    """The township says who is whose near relative; from then on the office the law bars is refused with its article."""
    brother = house.person("周哥哥")
    client = house.logged_in("刘镇长")
    offices = f"/township/places/{VILLAGE}/offices"
    assert "没有登记过近亲属关系" in words(client.get(offices))
    page = f"/township/place/record_relative?place={VILLAGE}"
    two = {
        "person": house.people.vsc_member,
        "relative": brother,
        "related": "yes",
        **boxes("from", today(house)),
    }
    same = hand_in(client, page, **{**two, "relative": house.people.vsc_member})
    assert same.status_code == 409
    assert "须是两个人" in same.text
    assert hand_in(client, page, **{**two, "relative": "p_nobody"}).status_code == 422
    assert hand_in(client, page, **two).status_code == 303
    assert "周哥哥" in words(client.get(offices)).partition("近亲属")[2]
    grant = {"person": brother, "office": "committee_member", **boxes("from", today(house))}
    assert hand_in(client, GRANT, **grant).status_code == 303
    refused = hand_in(client, GRANT, **{**grant, "person": house.people.vsc_member, "office": "vsc_chair"})
    assert refused.status_code == 409
    assert "村委会成员的近亲属不得担任监委会成员" in refused.text
    assert "第三十七条" in refused.text
    assert hand_in(client, page, **{**two, "related": "no"}).status_code == 303
    assert "没有登记过近亲属关系" in words(client.get(offices))
