import re

import pytest

from tests.builders import VILLAGE, People, advance_ok, document, png, village
from tests.web.sitting import COUNT, FILES, Sitting, at_the_vote, hidden, words


@pytest.fixture
def sitting(install):
    """张庄村 with its people on record, its secretary with an account."""
    house = install()
    secretary = house.person("文书小李")
    return Sitting(house, village(house.here, People(secretary=secretary)))


def test_a_passing_count_is_checked_with_its_sums_and_then_recorded(sitting):
    """The check shows answers, sums with articles and the outcome and writes nothing; the register follows it."""
    page = at_the_vote(sitting)
    assert "登记会议结果" in sitting.see(page)
    check = sitting.post(f"{page}/record", {**sitting.form(f"{page}/record"), **COUNT}, files=FILES)
    seen = words(check)
    assert "实到 31，组成人员 45 。须达到组成人员的三分之二以上，至少 30（31×3=93 ≥ 45×2=90）" in seen
    assert "依据：组织法（2025年修正）第三十条" in seen
    assert "结果是： 通过" in seen
    assert "要等村务监督委员会复核确认，才生效" in seen
    assert "签到表.png" in seen
    assert "确认并登记会议结果" in seen
    assert f'href="{page}/record#f-present"' in check.text
    assert "第 9 条" not in sitting.see(page)
    answer = sitting.post(f"{page}/record", hidden(check), "record")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{page}/done/9")
    done = sitting.see(f"{page}/done/9")
    assert "第 9 条" in done
    assert re.search(r"回执码 ( [0-9a-f]{4}){4}|回执码 [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4} [0-9a-f]{4}", done)
    assert "谁来办 村务监督委员会" in done
    assert "等村务监督委员会复核确认后生效" in sitting.see(page)


def test_a_double_submit_shows_the_same_receipt(sitting):
    """The second press of the button answers the first one's confirmation page, files and all; one entry stands."""
    page = at_the_vote(sitting)
    check = sitting.post(f"{page}/record", {**sitting.form(f"{page}/record"), **COUNT}, files=FILES)
    first = sitting.post(f"{page}/record", hidden(check), "record")
    second = sitting.post(f"{page}/record", hidden(check), "record")
    assert first.headers["location"] == second.headers["location"] == f"{page}/done/9"
    third = sitting.post(f"{page}/record", {**hidden(check), "in_favour": "27", "abstain": "1"}, "record")
    assert third.status_code == 422
    assert "已经用来登记过别的内容" in words(third)


def test_a_refused_count_says_why_and_keeps_what_was_typed(sitting):
    """A sum that does not add up is a 409 with every reason; the form below still holds the typing and the files."""
    page = at_the_vote(sitting)
    typed = {**sitting.form(f"{page}/record"), **COUNT, "in_favour": "30", "due": "40"}
    answer = sitting.post(f"{page}/record", typed, files=FILES)
    assert answer.status_code == 409
    seen = words(answer)
    assert "现在还不能登记" in seen
    assert "同意、反对、弃权合计 33 。 应等于实到 31 减回避 0，即 31" in seen.replace("。应", "。 应")
    assert "应到填了 40" in seen
    assert 'name="in_favour" value="30"' in answer.text
    assert "会议记录（照片或扫描件）：已经上传的" in seen
    kept = re.findall(
        r'name="(minutes_kept\[\]|sign_in_kept\[\])" value="(sha256:[0-9a-f]{64})" checked', answer.text
    )
    assert len(kept) == 2
    again = {
        **typed,
        **hidden(answer),
        "in_favour": "28",
        "due": "45",
        **{name: [value] for name, value in kept},
    }
    assert "结果是： 通过" in words(sitting.post(f"{page}/record", again))
    assert "还没有登记" in sitting.see(f"{page}/record")


def test_too_few_people_is_foreseen_as_a_meeting_that_was_not_held(sitting):
    """Without quorum the check says so before anything is recorded, with the share that was missed."""
    page = at_the_vote(sitting)
    few = {**COUNT, "present": "29", "in_favour": "", "against": "", "abstain": ""}
    seen = words(sitting.post(f"{page}/record", {**sitting.form(f"{page}/record"), **few}, files=FILES))
    assert "结果是： 到会不足，会议未开成" in seen
    assert "29×3=87 < 45×2=90" in seen


def test_somebody_acted_meanwhile(sitting):
    """A form that is behind is answered by who did what since, and what was typed stays."""
    page = at_the_vote(sitting)
    typed = {**sitting.form(f"{page}/record"), **COUNT, "summary": "我打了很多字"}
    facts = {"meeting_on": "2026-03-20", "meeting_time": "9点", "meeting_place": "学校", "topic": "x",
             "ways": ["written", "posted"], "body": "rep_assembly"}  # fmt: skip
    advance_ok(
        sitting.house.here, VILLAGE, page.rpartition("/")[2], "call_again", sitting.people.clerk, facts
    )
    answer = sitting.post(f"{page}/record", typed, files=FILES)
    assert answer.status_code == 409
    seen = words(answer)
    assert "改期重新通知" in seen
    assert "村文书" in seen
    assert "我打了很多字" in seen
    assert "我打了很多字" in sitting.see(f"{page}/record")


def test_what_cannot_be_read_is_asked_again(sitting):
    """A 422 names each field in words, links to it, and gives back what was typed."""
    page = at_the_vote(sitting)
    answer = sitting.post(f"{page}/record", {**COUNT, "present": "三十一", "key": "0" * 32, "seen": "8"})
    assert answer.status_code == 422
    assert "<title>错误：登记会议结果" in answer.text
    seen = words(answer)
    for fault in ("哪一天开的会没有填", "实到人数：请填 0 或以上的整数", "签到表（照片或扫描件）没有填"):
        assert fault in seen
    assert 'href="#f-present"' in answer.text
    assert 'name="present" value="三十一"' in answer.text
    harmful = [("minutes[]", ("网页.html", b"<script>", "text/html"))]
    assert "不能上传" in words(sitting.post(f"{page}/record", sitting.form(f"{page}/record"), files=harmful))


def test_the_womens_count_may_not_be_left_out(sitting):
    """At the representatives' meeting the women who came are counted; a blank is not taken for none."""
    page = at_the_vote(sitting)
    typed = {**sitting.form(f"{page}/record"), **COUNT, "women_present": ""}
    answer = sitting.post(f"{page}/record", typed, files=FILES)
    assert answer.status_code == 422
    assert "其中妇女代表实到没有填" in words(answer)


def test_an_act_of_another_day_asks_for_its_reason(sitting):
    """Only when the day is not today does the form ask why it comes late; the entry is marked as late."""
    page = at_the_vote(sitting)
    sitting.house.watch.forward(days=1)
    sitting.log_in()
    assert "为什么晚了" not in sitting.see(f"{page}/record")
    typed = {**sitting.form(f"{page}/record"), **COUNT, "day_of_act_near": "2026-03-10"}
    late = sitting.post(f"{page}/record", typed, files=FILES)
    assert late.status_code == 422
    assert "不是当天登记，为什么晚了" in words(late)
    answer = sitting.record(f"{page}/record", {**typed, "late_reason": "停电"}, FILES)
    assert answer.status_code == 303
    assert "补录，晚 1 天" in sitting.see(page)


def test_a_draft_waits_on_any_computer_with_its_files(sitting):
    """Typed half, put aside: another session of the same person goes on from there; nothing is on the record."""
    page = at_the_vote(sitting)
    typed = {**sitting.form(f"{page}/record"), "chair": "王书记", "present": "31"}
    assert "已存好，还没有登记" in words(sitting.post(f"{page}/record", typed, "save", FILES))
    sitting.log_in()
    back = sitting.browser.get(f"{page}/record")
    assert 'name="chair" value="王书记"' in back.text
    assert "签到表.png" in words(back)
    assert "第 9 条" not in sitting.see(page)


def test_only_own_files_can_be_attached(sitting):
    """The digest of a file somebody else uploaded is not taken for one of mine."""
    page = at_the_vote(sitting)
    foreign = document(sitting.house.here, png(9, 9))
    typed = {
        **sitting.form(f"{page}/record"),
        **COUNT,
        "minutes_kept[]": [foreign],
        "sign_in_kept[]": [foreign],
    }
    answer = sitting.post(f"{page}/record", typed)
    assert answer.status_code == 422
    assert "会议记录（照片或扫描件）没有填" in words(answer)
    claimed = sitting.post(f"{page}/record", {**typed, "uploaded[]": [foreign]})
    assert claimed.status_code == 422
