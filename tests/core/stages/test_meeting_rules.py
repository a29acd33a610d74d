"""What a county may set for who comes to a meeting: from afar, left out of the base, petitioned for, asked before, sitting in."""

import datetime

import pytest

from tests.core.stages.halls import (
    CHONGQING,
    COMMITTEE,
    ELSEWHERE,
    LINSHU,
    LISTENING,
    OPENED,
    PAPER,
    REP_COUNTS,
    REPS,
    VILLAGE,
    VILLAGERS,
    Hall,
    breaches,
    committee,
    faults,
    outcome,
    procedure,
    said,
    unmet,
)
from workflow.core.attempt import Decision
from workflow.core.stage import Window

MEMBERS = 'quorum: ">= 2/3 of members_capable", approval: ">= 2/3 of members_capable", notice_days: 10'
AFAR = f"member_assembly: {{{MEMBERS}, online: true, proxy: true}}"
EXCLUDING = f"villagers_assembly: {{{VILLAGERS}, exclude_from_base: [unreachable, cannot_return, mentally_ill, cannot_express]}}"


def members(count: int = 300) -> Hall:
    """A members' assembly that may be attended from afar, on its day."""
    here = Hall(procedure(AFAR), {"member_assembly": {"members_capable": count}}).open()
    assert isinstance(here.call(10), Decision)
    return here


def villagers(code: str) -> Hall:
    """A villagers' assembly whose base may leave people out, on its day."""
    here = Hall(procedure(EXCLUDING), VILLAGE, code).open()
    assert isinstance(here.call(10, "posted"), Decision)
    return here


def test_members_online_and_by_proxy_are_present() -> None:
    """Of 200 present, 150 on their telephones and 50 by written proxies of their household: a quorum (art. 27, LEC-05)."""
    answer = members().record(
        due=300, present=200, online=150, proxies=50, proxy_papers=[PAPER], in_favour=200
    )

    assert outcome(answer) == "passed"
    assert unmet(answer) == []


def test_more_from_afar_than_present_cannot_be() -> None:
    """Who is online or represented is part of those present; one more than all of them is refused."""
    answer = members().record(
        due=300, present=200, online=151, proxies=50, proxy_papers=[PAPER], in_favour=200
    )

    assert unmet(answer) == ["count.afar"]
    assert "合计不能多于实到" in said(answer, "count.afar")


def test_a_proxy_without_its_paper_is_told() -> None:
    """A proxy must be written: recorded without the paper it is warned of."""
    answer = members().record(due=300, present=200, proxies=1, in_favour=200)

    assert (outcome(answer), unmet(answer)) == ("passed", ["meeting.proxy_papers"])


def test_a_correction_of_the_count_is_judged_again() -> None:
    """The 200 present were 199: the members' assembly never met, and the matter returns."""
    here = members()
    here.record(due=300, present=200, in_favour=200)
    assert here.matter is not None
    given = {"corrects": here.matter.mseq, "reason": "多数了一人", "present": 199, "in_favour": 0}
    answer = here.act("correct", **given)

    assert isinstance(answer, Decision)
    assert answer.computed["new_outcome"] == "adjourned"


@pytest.mark.parametrize(
    "body", ["villagers_assembly", "rep_assembly", "member_reps", "council", "party_meeting"]
)
@pytest.mark.parametrize("way", ["online", "proxy"])
def test_only_the_members_assembly_is_attended_from_afar(body: str, way: str) -> None:
    """No other body may be attended online or by proxy: the file is refused where it says so, with the article."""
    found = faults(f'{body}: {{quorum: ">= 2/3 of due", approval: "> 1/2 of due", {way}: true}}')

    assert [(each.path[-2:], each.code) for each in found] == [((body, way), "P215")]
    assert "农村集体经济组织法第二十七条" in found[0].hint


def test_villagers_who_cannot_come_are_left_out_where_the_province_says_so() -> None:
    """In Chongqing 100 of 800 are not counted, so 351 of 700 are a majority; 350 are not (重庆办法 art. 7)."""
    left_out = {
        "excluded_unreachable": 60,
        "excluded_cannot_return": 30,
        "excluded_mentally_ill": 4,
        "excluded_cannot_express": 6,
    }
    facts = {"mode": "villagers_18plus", "due": 700, "exclusions_reported": True, **left_out}
    met = villagers(CHONGQING).record(**facts, present=351, in_favour=176, against=175)
    missed = villagers(CHONGQING).record(**facts, present=350)

    assert (outcome(met), unmet(met)) == ("passed", [])
    assert (outcome(missed), unmet(missed)) == ("adjourned", ["meeting.quorum"])
    assert "至少 351" in said(missed, "meeting.quorum")


@pytest.mark.parametrize("place", [LINSHU, ELSEWHERE])
def test_nobody_is_left_out_where_no_law_says_so(place: str) -> None:
    """Outside Chongqing the same count is refused, and so is the text for that place."""
    facts = {"mode": "villagers_18plus", "due": 799, "exclusions_reported": True, "excluded_unreachable": 1}
    answer = villagers(place).record(**facts, present=500, in_favour=500)

    assert unmet(answer) == ["meeting.exclusions"]
    assert "外出、无法取得联系的村民" in said(answer, "meeting.exclusions")
    assert [each.basis for each in breaches(EXCLUDING, place) if each.key.endswith("excluded_from_base")] == [
        "组织法（2025年修正）第二十六条"
    ]
    assert not [each for each in breaches(EXCLUDING, CHONGQING) if each.key.endswith("excluded_from_base")]


def test_who_is_left_out_is_reported_to_the_meeting() -> None:
    """The committee reports the numbers to the meeting; without that the count is refused."""
    facts = {
        "mode": "villagers_18plus",
        "due": 799,
        "excluded_unreachable": 1,
        "present": 500,
        "in_favour": 500,
    }
    answer = villagers(CHONGQING).record(**facts)

    assert unmet(answer) == ["meeting.exclusions_reported"]


def test_households_are_not_left_out() -> None:
    """Where households are counted, villagers who are away change nothing."""
    facts = {"mode": "households", "due": 300, "excluded_unreachable": 1, "exclusions_reported": True}
    answer = villagers(CHONGQING).record(**facts, present=200, in_favour=200)

    assert "count.excluded" in unmet(answer)


@pytest.mark.parametrize("days, late", [(15, False), (16, True)])
def test_a_petition_is_called_within_its_days(days: int, late: bool) -> None:
    """Villagers' joint motion of 2 March: the assembly is called by the 17th; on the 18th it still is, with a warning."""
    here = Hall(
        procedure(f"villagers_assembly: {{{VILLAGERS}}}"), VILLAGE, ELSEWHERE, opening={"mover": "villagers"}
    )
    window = here.open().window("call")
    here.day = OPENED + datetime.timedelta(days=days)
    answer = here.call(10)

    assert window == Window(None, datetime.date(2026, 3, 17), "meeting.petition")
    assert isinstance(answer, Decision)
    assert unmet(answer) == (["meeting.petition"] if late else [])


def test_the_province_may_leave_fewer_days_than_the_county() -> None:
    """A county that gives itself 20 days has 15 in Chongqing, and what the committee moves is no petition."""
    rules, counts = procedure(REPS, settings="convene_within_days_after_petition: 20"), REP_COUNTS
    chongqing = Hall(rules, counts, CHONGQING, opening={"mover": "reps"}).open()
    elsewhere = Hall(rules, counts, ELSEWHERE, opening={"mover": "reps"}).open()
    own = Hall(rules, counts, CHONGQING).open()

    assert chongqing.window("call").latest == datetime.date(2026, 3, 17)
    assert elsewhere.window("call").latest == datetime.date(2026, 3, 23)  # the 22nd is a Sunday
    assert own.window("call").latest is None
    late = breaches(REPS, CHONGQING, settings="convene_within_days_after_petition: 16")
    assert [each.basis for each in late if each.key == "rep_assembly.convene_days_max"] == [
        "重庆市实施办法（2013年修订）第十二条"
    ]
    assert "rep_assembly.convene_days_max" not in [each.key for each in breaches(REPS, CHONGQING)]


@pytest.mark.parametrize("signed, refused", [(200, False), (199, True)])
def test_households_are_asked_before_their_representatives_vote(signed: int, refused: bool) -> None:
    """Every household represented at the meeting has been asked and has signed (YSYY-03)."""
    rules = 'levy_reps: {quorum: ">= 2/3 of households", approval: "> 1/2 of households_represented", canvassed: true}'
    here = Hall(procedure(rules), {"levy_reps": {"households": 300}}).open()
    answer = here.record(due=300, present=200, in_favour=200, households_signed=signed)

    assert unmet(answer) == (["meeting.canvassed"] if refused else [])


def test_supervisors_who_sit_in_are_recorded_and_make_no_quorum() -> None:
    """Three supervisors may sit in; they are asked for where the stage says so, four cannot be, two members make no meeting."""
    here = committee("vsc_presence: required")
    few = here.record(due=5, present=2, vsc_present=3)
    many = here.record(due=5, present=5, in_favour=5, vsc_present=4)

    assert here.errors("record", due=5, present=5)[-1] == "minutes"
    assert "vsc_present" in here.errors("record", due=5, present=5)
    assert "vsc_present" not in committee("votes: true").errors("record", due=5, present=5)
    assert outcome(few) == "adjourned"
    assert unmet(many) == ["count.vsc_present"]


def test_who_attends_and_signs_is_asked_where_the_county_says_so() -> None:
    """The commissioner is named, and nobody signs for another (SY-18)."""
    here = committee("commissioner_attends: true\n    signature_in_person: true")
    count = {"due": 5, "present": 5, "in_favour": 5, "commissioner_attendee": "孙某"}
    refused = here.record(**count, signed_in_person=False)

    assert {"commissioner_attendee", "signed_in_person"} <= set(here.errors("record"))
    assert unmet(refused) == ["meeting.signed_in_person"]
    assert outcome(here.record(**count, signed_in_person=True)) == "passed"


@pytest.mark.parametrize(
    "bodies, stage, path, words",
    [
        ('committee: {quorum: "> 1/2 of body_all"}', "votes: true", ("committee",), "没有写通过要求"),
        (COMMITTEE, "votes: false", ("committee", "approval"), "不用写通过要求"),
        ('committee: {quorum: "> 1/2 of households", approval: "> 1/2 of present"}', "votes: true", ("committee", "quorum"), "不按“本村总户数”统计"),
        ('council: {quorum: ">= 2/3 of body_all", approval: "> 1/2 of directors_all"}', "votes: true", ("council", "quorum"), "不按“组成人员”统计"),
        ('deliberation: {quorum: ">= 1/2 of body_all", approval: "> 1/2 of present"}', "votes: true", ("deliberation", "quorum"), "不按“组成人员”统计"),
        ('committee: {quorum: "> 1/2 of due", approval: "> 1/2 of due", exclude_from_base: [unreachable]}', "votes: true", ("committee", "exclude_from_base"), "没有不计入总数的人"),
        ('committee: {quorum: "> 1/2 of due", approval: "> 1/2 of due", canvassed: true}', "votes: true", ("committee", "canvassed"), "不代表各户"),
        ('committee: {quorum: "> 1/2 of due", approval: "> 1/2 of due", women_quorum: "> 1/2 of women_reps"}', "votes: true", ("committee", "women_quorum"), "不按“妇女代表”统计"),
        (COMMITTEE, 'divided_unless: "> 1/2 of body_all"', ("divided_unless",), "只能按到会人员"),
        (LISTENING, "votes: false\n    on_divided: committee", ("on_divided",), "没有分歧较大"),
        (COMMITTEE, "ballot_methods: [oral]\n    secret_when: {tier: major}", ("secret_when",), "表决方式里却没有它"),
    ],
)  # fmt: skip
def test_rules_that_cannot_stand_together_are_told_when_read(
    bodies: str, stage: str, path: tuple[str, ...], words: str
) -> None:
    """A wrong combination is reported with its place in the file, not when a village meets."""
    found = faults(bodies, stage)

    assert [(each.path[-len(path) :], each.code) for each in found] == [(path, "P215")]
    assert words in found[0].message
