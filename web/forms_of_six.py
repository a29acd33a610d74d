"""The six-part 登记表 of 四议两公开 from a matter's record (domain.md §26.2): what stands fills it, the rest stays blank."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from web.acting.said import Asked
from web.sights import Sight
from workflow.core.facts import FactValue
from workflow.core.matter import Act
from workflow.core.outcomes import outcome_words
from workflow.core.place import BODIES
from workflow.core.stage import Stage
from workflow.core.stages.counting import METHODS
from workflow.core.stages.meeting import MERGED, Meeting
from workflow.core.stages.posting import MEDIA, Posting

NUMERALS: Final = "一二三四五六七八九"
RECORDED: Final = ("record", "record_merged")
POSTED: Final = ("post", "post_again")


@dataclass(frozen=True, slots=True)
class MeetingPart:
    """One meeting. Counts are None while it has not been held; `sums` are the checks of presence and of approval."""

    numeral: str
    title: str
    body: str
    township_signs: bool
    day: date | None = None
    place: str = ""
    chair: str = ""
    recorder: str = ""
    due: int | None = None
    present: int | None = None
    in_favour: int | None = None
    against: int | None = None
    abstain: int | None = None
    method: str = ""
    content: str = ""
    outcome: str = ""
    attendee: str = ""
    sums: tuple[Asked, ...] = ()
    kind: str = "meeting"


@dataclass(frozen=True, slots=True)
class PostingPart:
    """One posting, with what the supervisory committee said of it; `last` is the day on the paper."""

    numeral: str
    title: str
    first: date | None = None
    last: date | None = None
    boards: int | None = None
    places: str = ""
    media: str = ""
    text: str = ""
    opinions: tuple[str, ...] = ()
    kind: str = "posting"


def six_parts(sight: Sight) -> list[MeetingPart | PostingPart]:
    """Return the parts in the procedure's order: its meetings and its postings, six in 四议两公开."""
    stages = [each for each in sight.view.compiled.procedure.stages if isinstance(each, Meeting | Posting)]
    return [
        _meeting(sight, stage, numeral) if isinstance(stage, Meeting) else _posting(sight, stage, numeral)
        for numeral, stage in zip(NUMERALS, stages, strict=False)
    ]


def _newest(sight: Sight, stage: Stage, actions: tuple[str, ...]) -> Act | None:
    found = [act for act in sight.view.matter.standing(stage.id) if act.action in actions]
    return found[-1] if found else None


def _merged(sight: Sight, stage: Meeting) -> Act | None:
    """The meeting held together with this one, where two were held as one."""
    found = [
        act
        for act in sight.view.matter.standing()
        if act.action == "record_merged" and sight.line(act.mseq).entry.computed.get("merged") == stage.id
    ]
    return found[-1] if found else None


def _meeting(sight: Sight, stage: Meeting, numeral: str) -> MeetingPart:
    own, prefix = _newest(sight, stage, RECORDED), ""
    bodies = "或".join(BODIES[body] for body in stage.bodies)
    if own is None and (own := _merged(sight, stage)) is not None:
        prefix = MERGED
    if own is None:
        return MeetingPart(numeral, stage.title, bodies, stage.township_signs)
    line = sight.line(own.mseq)
    body = str(line.entry.computed.get("body", ""))
    method = str(own.facts.get(prefix + "method"))
    return MeetingPart(
        numeral,
        stage.title,
        BODIES.get(body, bodies) if not prefix else bodies,
        stage.township_signs,
        day=own.acted_on,
        place=sight.text(own, "place"),
        chair=sight.text(own, "chair"),
        recorder=sight.text(own, "recorder"),
        due=_whole(own.facts.get(prefix + "due")),
        present=_whole(own.facts.get(prefix + "present")),
        in_favour=_whole(own.facts.get(prefix + "in_favour")),
        against=_whole(own.facts.get(prefix + "against")),
        abstain=_whole(own.facts.get(prefix + "abstain")),
        method=next((each.title for each in METHODS if each.token == method), ""),
        content=sight.text(own, "summary"),
        outcome=outcome_words(own.outcome),
        attendee=sight.text(own, "township_attendee"),
        sums=tuple(_sums(sight, own)) if not prefix else (),
    )


def _sums(sight: Sight, act: Act) -> Iterator[Asked]:
    """The checks of presence and approval; of a corrected act, as they were asked again."""
    line = sight.line(act.corrected_by or act.mseq)
    wanted = ("meeting.quorum", "meeting.women_quorum", "meeting.approval")
    yield from (each for each in line.checks if each.words.check in wanted)


def _posting(sight: Sight, stage: Posting, numeral: str) -> PostingPart:
    own = _newest(sight, stage, POSTED)
    if own is None:
        return PostingPart(numeral, stage.title)
    media = own.facts.get("media")
    return PostingPart(
        numeral,
        stage.title,
        first=own.acted_on,
        last=date.fromisoformat(str(own.facts["last_on"])),
        boards=_whole(own.facts.get("boards")),
        places=sight.text(own, "places"),
        media="、".join(MEDIA.get(each, each) for each in media) if isinstance(media, list) else "",
        text=sight.text(own, "text"),
        opinions=tuple(_opinions(sight, stage, own)),
    )


def _opinions(sight: Sight, stage: Posting, posted: Act) -> Iterator[str]:
    for act in sight.view.matter.standing(stage.id):
        if act.action == "opine":
            yield f"{outcome_words(act.outcome).removeprefix('监督意见：')}。{sight.text(act, 'text')}"
    reviewed = next(
        (line for line in sight.lines if line.entry.computed.get("confirms") == posted.mseq), None
    )
    if reviewed is not None and reviewed.act.action == "confirm":
        yield f"张贴情况已复核，属实（{reviewed.office}{reviewed.person}）。"
    if stage.what == "result":
        for act in sight.view.matter.standing(action="inspect"):
            yield f"{outcome_words(act.outcome)}。{sight.text(act, 'opinion')}"


def _whole(value: FactValue | None) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None
