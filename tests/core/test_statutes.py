"""Statutory values are found by day and place, cite their article, and are what the texts of the law say."""

import datetime
import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from workflow.core.statutes import StatuteFile, Statutes
from workflow.reading.explain import validate
from workflow.reading.yaml_text import read_yaml

FOLDER = Path(__file__).parents[2] / "procedures" / "statutes"
LINSHU = "371329001001"
CHONGQING, HANGZHOU, BEIJING = "500101001001", "330102001001", "110105001001"
BEFORE, SINCE = datetime.date(2025, 12, 31), datetime.date(2026, 1, 1)


@pytest.fixture(scope="module")
def statutes():
    """The statute files we ship, read as the library reads them."""
    files = sorted(FOLDER.glob("*.yaml"))
    return Statutes.of(
        (validate(StatuteFile, read_yaml(path.read_bytes(), path.name)), path.name) for path in files
    )


def file(values, jurisdiction="national", law="某法"):
    """A statute file with the given values."""
    data = {"law": law, "short": law, "jurisdiction": jurisdiction, "source": "试验", "values": values}
    return StatuteFile.model_validate_json(json.dumps(data))


def days(*dated, kind="days_min"):
    """A number with its periods."""
    return {"title": "期限", "kind": kind, "dated": list(dated)}


@pytest.mark.parametrize(
    "key, day, words, basis",
    [
        ("disclosure.posting_days_min", SINCE, "不少于15日", "组织法（2025年修正）第三十五条"),
        ("villagers_assembly.notice_days_min", BEFORE, "不少于10日", "组织法（2018年修正）第二十一条"),
        ("villagers_assembly.notice_days_min", SINCE, "不少于10日", "组织法（2025年修正）第二十五条"),
        ("villagers_assembly.notice_waiver", BEFORE, "不允许", "组织法（2018年修正）第二十一条"),
        ("villagers_assembly.notice_waiver", SINCE, "允许", "组织法（2025年修正）第二十五条"),
        ("villagers_assembly.approval", SINCE, "到会人员的过半数", "组织法（2025年修正）第二十六条"),
        ("rep_assembly.quorum", BEFORE, "组成人员的三分之二以上", "组织法（2018年修正）第二十六条"),
        ("rep_assembly.quorum", SINCE, "组成人员的三分之二以上", "组织法（2025年修正）第三十条"),
        ("rep_assembly.cadence_max", SINCE, "每季度至少一次", "组织法（2025年修正）第三十条"),
        ("rep_assembly.requires_delegation", SINCE, "必须", "组织法（2025年修正）第二十九条"),
        ("important_matter.party_first", SINCE, "必须", "组织法（2025年修正）第二十八条"),
        ("terms.years", SINCE, "5年", "组织法（2025年修正）第十四条、第二十九条、第三十二条、第三十七条"),
        (
            "member_assembly.approval",
            SINCE,
            "具有完全民事行为能力的全体成员的三分之二以上",
            "农村集体经济组织法第二十七条",
        ),
        ("council.approval", SINCE, "全体理事的过半数", "农村集体经济组织法第三十一条"),
        ("party_meeting.quorum", SINCE, "有表决权的党员的半数以上", "支部工作条例第十一条"),
        ("party_meeting.approval", SINCE, "应到会人员的过半数", "支部工作条例第十一条"),
        (
            "rep_assembly.composition",
            SINCE,
            "村民代表占组成人员的五分之四以上；妇女村民代表占组成人员的三分之一以上",
            "组织法（2025年修正）第二十九条",
        ),
    ],
)
def test_national_values_with_their_articles(statutes, key, day, words, basis):
    """The nation's values of the day are cited by the numbering of the version in force."""
    (value,) = statutes.in_force(key, day)
    assert (value.value_words(), value.words()) == (words, basis)


@pytest.mark.parametrize(
    "key, words, basis",
    [
        ("rep_assembly.notice_days_min", "不少于5日", "山东省实施办法（2012年修订）第二十四条"),
        (
            "rep_assembly.notice_ways",
            "书面通知到村民代表；张榜公布",
            "山东省实施办法（2012年修订）第二十四条",
        ),
        ("rep_assembly.women_quorum", "妇女代表的三分之二以上", "山东省实施办法（2012年修订）第二十四条"),
        ("rep_assembly.delegation_filed_with", "乡镇人民政府", "山东省实施办法（2012年修订）第二十三条"),
        ("disclosure.reply_days_max", "不超过5日", "山东省村务公开条例（2018年修正）第十六条"),
        ("disclosure.plan_objection_days_min", "不少于5日", "山东省村务公开条例（2018年修正）第十六条"),
        ("vsc.size", "3或者5", "山东省村务公开条例（2018年修正）第十四条"),
        ("vsc.vacancy_days_max", "不超过60日", "山东省实施办法（2012年修订）第四十三条"),
        ("appraisal.min_interval_months", "不少于6个月", "山东省实施办法（2012年修订）第二十九条"),
        ("committee_meeting.cadence_max", "每月至少一次", "山东省实施办法（2012年修订）第十二条"),
    ],
)
def test_shandong_values_bind_shandong_only(statutes, key, words, basis):
    """What Shandong adds holds in Linshu, and nowhere outside the province."""
    (value,) = statutes.in_force(key, SINCE, LINSHU)
    assert (value.value_words(), value.words()) == (words, basis)
    assert statutes.in_force(key, SINCE, BEIJING) == ()
    assert statutes.in_force(key, SINCE) == ()


ZHEJIANG_LAW, CHONGQING_LAW = "浙江省实施办法（2020年修正）", "重庆市实施办法（2013年修订）"


@pytest.mark.parametrize(
    "place, key, words, basis",
    [
        (HANGZHOU, "rep_assembly.notice_days_min", "不少于3日", ZHEJIANG_LAW + "第二十三条"),
        (HANGZHOU, "rep_assembly.delegation_states", "授权事项；授权期限", ZHEJIANG_LAW + "第十六条"),
        (HANGZHOU, "rep_assembly.on_divided", "村民会议", ZHEJIANG_LAW + "第十七条"),
        (HANGZHOU, "rep_assembly.reps_min_from_1000", "不少于50人", ZHEJIANG_LAW + "第十八条"),
        (HANGZHOU, "inquiry.reply_days_max", "不超过15日", ZHEJIANG_LAW + "第三十六条"),
        (HANGZHOU, "government.reply_days_max", "不超过20日", ZHEJIANG_LAW + "第四十三条"),
        (CHONGQING, "rep_assembly.notice_days_min", "不少于3日", CHONGQING_LAW + "第十二条"),
        (CHONGQING, "rep_assembly.convene_days_max", "不超过15日", CHONGQING_LAW + "第十二条"),
        (CHONGQING, "rep_assembly.delegation_states", "授权事项；授权期限", CHONGQING_LAW + "第十条"),
        (CHONGQING, "rep_assembly.on_divided", "村民会议", CHONGQING_LAW + "第十一条"),
        (CHONGQING, "disclosure.reply_days_max", "不超过3日", CHONGQING_LAW + "第三十一条"),
        (CHONGQING, "vsc.report_cadence_max", "每半年至少一次", CHONGQING_LAW + "第三十三条"),
        (CHONGQING, "appraisal.plan_days_min", "不少于10日", CHONGQING_LAW + "第三十六条"),
        (CHONGQING, "audit.leaving_days_max", "不超过30日", CHONGQING_LAW + "第三十七条"),
    ],
)
def test_other_provinces_have_their_own(statutes, place, key, words, basis):
    """Zhejiang and Chongqing add what their measures say, each only at home."""
    (value,) = statutes.in_force(key, SINCE, place)
    assert (value.value_words(), value.words()) == (words, basis)
    assert statutes.in_force(key, SINCE, BEIJING) == ()


def test_a_value_yields_to_the_provinces_own(statutes):
    """Nobody is left out of the base of a villagers' assembly, but where the province has a rule of its own."""
    key = "villagers_assembly.excluded_from_base"
    nation, chongqing = (statutes.in_force(key, SINCE, place) for place in (BEIJING, CHONGQING))
    assert [value.value for value in nation] == [()]
    assert [value.short for value in chongqing] == ["重庆市实施办法"]
    assert nation[0].value_words() == "一个也没有"


def test_both_levels_bind_where_both_speak(statutes):
    """Finance is published quarterly by national and monthly by provincial law; the nation's comes first."""
    found = statutes.in_force("disclosure.finance_cadence_max", SINCE, LINSHU)
    assert [value.plain() for value in found] == ["quarterly", "monthly"]


def test_posting_days_over_time(statutes):
    """Five days in Shandong, ten in Chongqing, none elsewhere until 2025; fifteen everywhere, and only that, since."""
    key = "disclosure.posting_days_min"
    assert [value.value for value in statutes.in_force(key, datetime.date(2006, 5, 31), LINSHU)] == []
    assert [value.value for value in statutes.in_force(key, datetime.date(2006, 6, 1), LINSHU)] == [5]
    assert [value.value for value in statutes.in_force(key, BEFORE, LINSHU)] == [5]
    assert [value.value for value in statutes.in_force(key, BEFORE, CHONGQING)] == [10]
    assert [value.value for value in statutes.in_force(key, BEFORE, BEIJING)] == []
    assert [value.value for value in statutes.in_force(key, SINCE, LINSHU)] == [15]
    assert [value.value for value in statutes.in_force(key, SINCE, CHONGQING)] == [15]


@pytest.mark.parametrize(
    "key, last_without, first_with",
    [
        ("important_matter.party_first", BEFORE, SINCE),
        ("villagers_assembly.cadence_max", BEFORE, SINCE),
        ("committee.guarantees_forbidden", BEFORE, SINCE),
        ("member_assembly.quorum", datetime.date(2025, 4, 30), datetime.date(2025, 5, 1)),
        ("party_meeting.quorum", datetime.date(2018, 10, 27), datetime.date(2018, 10, 28)),
    ],
)
def test_what_a_law_brought_begins_with_it(statutes, key, last_without, first_with):
    """No value is read back to before the text that first says it."""
    assert statutes.in_force(key, last_without) == ()
    assert len(statutes.in_force(key, first_with)) == 1


def test_the_shipped_keys_are_those_of_the_floors(statutes):
    """Every floor a county is held to has a statute, by the name the stages claim it under."""
    expected = """
        villagers_assembly: notice_days_min notice_waiver notice_also_posted quorum approval petition
        villagers_assembly: cadence_max
        rep_assembly: quorum approval petition cadence_max requires_delegation composition notice_days_min
        rep_assembly: notice_ways women_quorum delegation_filed_with non_delegable
        group_meeting: quorum approval
        important_matter: party_first
        party_meeting: quorum approval
        disclosure: posting_days_min general_cadence_max finance_cadence_max plan_objection_days_min
        disclosure: reply_days_max plan_flow
        committee: guarantees_forbidden
        terms: years
        appraisal: cadence_max min_interval_months
        vsc: excluded size vacancy_days_max
        member_assembly: notice_days_min quorum approval
        member_reps: approval non_delegable term_years size_min
        election: turnout elected run_off secret on_spot more_candidates proxies_max voter_list_days_min
        recall: petition turnout approval
        appraisal: presided_by ends_after resignation
        outsider_benefit: approval
        council: quorum approval
        committee_meeting: cadence_max
    """
    lines = [line.strip().split(": ") for line in expected.strip().splitlines()]
    keys = {f"{body}.{name}" for body, names in lines for name in names.split()}
    assert keys <= statutes.keys


def test_the_articles_stand_in_the_right_version(statutes):
    """Values of 2018 cite the 2018 numbering and end where those of 2025 begin."""
    for key in statutes.keys:
        for value in statutes.in_force(key, BEFORE):
            assert value.version != "2025年修正", key
        for value in statutes.in_force(key, SINCE):
            assert value.version != "2018年修正" or value.jurisdiction != "national", key


def test_values_carry_the_digest_of_their_file(statutes):
    """An entry can name the exact text a value came from."""
    (value,) = statutes.in_force("council.quorum", SINCE)
    assert value.digest == "collective-organization-law.yaml"
    assert value.law == "中华人民共和国农村集体经济组织法"


def test_until_is_the_last_day():
    """A value holds on its last day and not on the next; between two periods none holds."""
    first = {"from": "2020-01-01", "until": "2020-06-30", "value": 3, "article": "第一条"}
    second = {"from": "2021-01-01", "value": 7, "article": "第二条", "version": "修正"}
    statutes = Statutes.of([(file({"a.b": days(first, second)}), "sha256:0")])
    asked = ["2019-12-31", "2020-01-01", "2020-06-30", "2020-07-01", "2020-12-31", "2021-01-01", "2999-01-01"]
    found = [statutes.in_force("a.b", datetime.date.fromisoformat(day)) for day in asked]
    assert [[value.value for value in values] for values in found] == [[], [3], [3], [], [], [7], [7]]
    assert [value.words() for values in found for value in values][:1] == ["某法第一条"]
    assert statutes.in_force("no.such_key", SINCE) == ()


A_VALUE = {"from": "2020-01-01", "value": 3, "article": "第一条"}


@pytest.mark.parametrize(
    "values, found",
    [
        ({"a.b": days({**A_VALUE, "until": "2019-12-31"})}, "早于起始日"),
        ({"a.b": days(A_VALUE, A_VALUE)}, "互不重叠"),
        ({"a.b": days({**A_VALUE, "until": "2021-01-01"}, {**A_VALUE, "from": "2021-01-01"})}, "互不重叠"),
        ({"a.b": days()}, "at least 1"),
        ({"a.b": days({**A_VALUE, "value": "3"})}, "valid integer"),
        ({"a.b": days({**A_VALUE, "value": True})}, "valid integer"),
        ({"a.b": days({**A_VALUE, "value": -1})}, "greater than or equal"),
        ({"a.b": days({**A_VALUE, "article": ""})}, "at least 1"),
        ({"a.b": days({**A_VALUE, "articles": "第一条"})}, "not permitted"),
        ({"a.b": days({**A_VALUE, "value": False}, kind="flag")}, "Input should be True"),
        ({"a.b": days(A_VALUE, kind="days")}, "does not match any of the expected tags"),
        ({"a.b": {**days({**A_VALUE, "value": "2/3"}, kind="share"), "subject": "quorum"}}, "看不懂"),
        ({"a.b": days({**A_VALUE, "value": "> 1/2 of due"}, kind="share")}, "required"),
        ({"a.b": {**days({**A_VALUE, "value": ["x"]}, kind="set_includes"), "names": {}}}, "写全"),
        ({"a.b": days({**A_VALUE, "value": ["x"]}, kind="set_within")}, "还没有：x"),
        ({"quorum": days(A_VALUE)}, "should match pattern"),
        ({}, "at least 1"),
    ],
)
def test_broken_statute_files_are_refused(values, found):
    """Overlapping periods, retyped values, nameless tokens and unknown kinds do not pass."""
    with pytest.raises(ValidationError, match=found):
        file(values)


def test_a_key_means_one_thing():
    """Two files that take a key for different kinds are refused together."""
    one = file({"a.b": days(A_VALUE)})
    other = file({"a.b": days(A_VALUE, kind="days_max")}, "37", "某省条例")
    with pytest.raises(ValueError, match=r"a\.b 在《某法》里是 days_min，在《某省条例》里是 days_max"):
        Statutes.of([(one, ""), (other, "")])
