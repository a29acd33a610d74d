"""The acts of one matter from the opening to the archive, as data: who does what, how many days later, with which facts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True)
class Step:
    """One act of a life: `days` go by before it; `facts` are made of the day of the act and a picture's digest."""

    name: str
    days: int
    who: str
    action: str
    facts: Callable[[date, list[str]], Mapping[str, object]] = lambda _day, _paper: {}


def _meeting(due: int, present: int, for_: int, **more: object) -> Callable[..., Mapping[str, object]]:
    return lambda _day, paper: {
        "due": due, "present": present, "in_favour": for_, "against": present - for_, "abstain": 0,
        "method": "show_of_hands", "place": "村委会会议室", "chair": "王书记", "recorder": "李文书",
        "summary": "讨论后表决", "minutes": paper, "sign_in": paper, **more,
    }  # fmt: skip


def _call(days: int, *ways: str, **more: str) -> Callable[..., Mapping[str, object]]:
    return lambda day, _paper: {
        "meeting_on": _iso(day, days), "meeting_time": "上午9点", "meeting_place": "村委会会议室",
        "ways": list(ways), "topic": "修建村东排水沟", **more,
    }  # fmt: skip


def _post(text: str) -> Callable[..., Mapping[str, object]]:
    return lambda day, paper: {
        "text": text, "boards": 2, "places": "东头、西头公开栏", "media": ["board", "online"],
        "last_on": _iso(day, 25), "contact": "村务监督委员会，村委会办公室", "photo": paper,
    }  # fmt: skip


def _iso(day: date, later: int) -> str:
    return (day + timedelta(days=later)).isoformat()


OPENING: Mapping[str, object] = {
    "kind": "public_works", "title": "修建村东排水沟", "source": "villagers_suggest", "mover": "party_branch",
    "reason": "村东一下雨就积水，打算修排水沟三百米", "amount_fen": 4_800_000,
}  # fmt: skip
ATTENDED = {"township_attendee": "刘某，副镇长"}
LIFE: tuple[Step, ...] = (
    Step("proposed", 0, "secretary", "record", _meeting(5, 4, 4)),
    Step("consulted", 1, "secretary", "record", _meeting(8, 7, 6)),
    Step("opinion", 0, "township_officer", "sign", lambda _d, _p: {"opinion": "agree", "reason": "无"}),
    Step("party_called", 0, "secretary", "call", _call(3, "delivered")),
    Step("party_met", 3, "secretary", "record", _meeting(40, 30, 25, **ATTENDED)),
    Step("party_confirmed", 0, "vsc_chair", "confirm"),
    Step("called", 0, "secretary", "call", _call(5, "written", "posted", body="rep_assembly")),
    Step("resolved", 5, "secretary", "record", _meeting(45, 31, 28, women_present=10, **ATTENDED)),
    Step("resolution_confirmed", 0, "vsc_chair", "confirm"),
    Step("posted", 0, "secretary", "post", _post("经村民代表会议决议，修建村东排水沟")),
    Step("posting_confirmed", 0, "vsc_chair", "confirm"),
    Step("posting_closed", 26, "secretary", "close", lambda _d, _p: {"taken_down": True}),
    Step("filed", 0, "township_officer", "sign", lambda _d, _p: {"opinion": "filed", "receipt": "青备〔2026〕3号"}),
    Step("assigned", 0, "secretary", "assign", lambda day, _p: {
        "responsible": "王某", "finish_by": _iso(day, 40), "way": "quotes"}),
    Step("awarded", 0, "secretary", "award", lambda _d, paper: {
        "amount_fen": 4_600_000, "quotes": 3, "contractor": "某建筑公司", "paper": paper}),
    Step("contracted", 0, "secretary", "contract", lambda _d, paper: {"amount_fen": 4_600_000, "paper": paper}),
    Step("accepted", 20, "secretary", "accept", lambda _d, paper: {
        "people": 5, "committee": 2, "supervisors": 1, "amount_fen": 4_600_000, "conclusion": "pass",
        "note": "全长三百米，排水通畅", "paper": paper}),
    Step("result_posted", 1, "secretary", "post", _post("排水沟已完工，实际花费46000元")),
    Step("result_confirmed", 0, "vsc_chair", "confirm"),
    Step("result_closed", 26, "secretary", "close", lambda _d, _p: {"taken_down": True}),
    Step("inspected", 1, "vsc_chair", "inspect", lambda _d, _p: {"result": "sound", "findings": 0, "opinion": "属实"}),
    Step("archived", 0, "secretary", "archive", lambda _d, _p: {
        "pages": 46, "volume": "2026-7-1", "location": "村档案柜", "keeper": "李文书"}),
)  # fmt: skip
