"""Who is elected: candidates numbered from the acts, counted round by round, ties and vacancies said plainly.

Nothing is kept between acts: the contest is followed from the standing acts each time, corrections included.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import FactValue
from workflow.core.matter import Act
from workflow.core.stage import Ask
from workflow.core.stages.ballot_text import BallotText
from workflow.core.stages.sheets import weighed
from workflow.core.stages.tallies import ask_share, whole_number


@dataclass(frozen=True, slots=True)
class Result:
    """What a round came to: all those elected so far, who goes to the run-off, and who is tied at the last seat."""

    outcome: str
    elected: tuple[int, ...]
    run_off: tuple[int, ...]
    tied: tuple[int, ...]
    requirements: tuple[Requirement, ...]

    @property
    def concluded(self) -> tuple[object, ...]:
        """What later acts rest on."""
        return (self.outcome, self.elected, self.run_off)


@dataclass(frozen=True, slots=True)
class Contest:
    """The contest as of the last act: `listed` are this round's candidates, `votes` what has been counted for them."""

    entered: int = 0
    standing: tuple[int, ...] = ()
    listed: tuple[int, ...] = ()
    round: int = 1
    sheet: Mapping[str, FactValue] | None = None
    votes: Mapping[int, Mapping[str, int]] | None = None
    elected: tuple[int, ...] = ()
    concluded: tuple[object, ...] = ()

    def count_of(self, number: int) -> Mapping[str, int] | None:
        """Return the votes of a candidate by prefix, None while not counted."""
        return (self.votes or {}).get(number)

    @property
    def uncounted(self) -> tuple[int, ...]:
        """The candidates of this round whose votes are not on record yet."""
        return tuple(number for number in self.listed if self.count_of(number) is None)


def follow(stage: BallotText, ask: Ask, acts: Iterable[Act]) -> Contest:
    """Return the contest that the stage's standing acts amount to."""
    contest = Contest()
    for act in acts:
        if act.stage == stage.id:
            contest = _step(stage, ask, contest, act)
    return contest


def _step(stage: BallotText, ask: Ask, contest: Contest, act: Act) -> Contest:
    if act.action == "nominate":
        number = contest.entered + 1
        return replace(contest, entered=number, standing=(*contest.standing, number))
    if act.action == "strike":
        struck = whole_number(act.facts, "candidate")
        return replace(contest, standing=tuple(each for each in contest.standing if each != struck))
    if act.action == "settle":
        settled = (*contest.concluded, contest.standing)
        return replace(contest, listed=contest.standing, concluded=settled)
    if act.action == "collect" and act.outcome in ("collected", "reopened"):
        return replace(contest, sheet=act.facts, votes={})
    if act.action == "count":
        votes = {side.prefix: side.number(act.facts, "votes") for side in stage.sides}
        counted = {**(contest.votes or {}), whole_number(act.facts, "candidate"): votes}
        return replace(contest, votes=counted)
    if act.action != "declare" or contest.uncounted:
        return contest
    result = result_of(stage, ask, contest)
    return replace(
        contest, listed=result.run_off, round=contest.round + 1, sheet=None, votes=None,
        elected=result.elected, concluded=(*contest.concluded, result.concluded),
    )  # fmt: skip


def result_of(stage: BallotText, ask: Ask, contest: Contest) -> Result:
    """Return what a fully counted round came to.

    Enough votes and a seat: elected, the most votes first. Equal votes across the last seat elect none of the equals;
    they go to the run-off. Seats left for want of votes: the unelected with the most votes go there, one more than
    the seats where more candidates than seats are asked (组织法 2025 art. 18).
    """
    seats = stage.seats or 0
    left = seats - len(contest.elected)
    later = contest.round > 1 and stage.run_off_share is not None
    rule, key = (stage.run_off_share, "run_off") if later else (stage.elected, "elected")
    law = ask.law(f"election.{key}") if stage.purpose == "election" else ()
    sheet = contest.sheet or {}
    due = {} if stage.unit == "groups" else {side.base: side.number(sheet, "due") for side in stage.sides}
    votes: dict[int, int] = {}
    asked: list[Requirement] = []
    enough: set[int] = set()
    for number in contest.listed:
        count, cast = weighed(stage.sides, stage.weigh, sheet, contest.count_of(number) or {})
        found = ask_share(
            "ballot.elected",
            rule,
            law,
            count,
            {"ballots_cast": cast, **due},
            stage,
            more={"candidate": number, "counted_in": stage.counted_in},
        )
        votes[number] = count
        asked += found
        enough |= {number} if count and all(each.met for each in found) else set()
    order = sorted(contest.listed, key=lambda number: (-votes[number], number))
    ranked = [number for number in order if number in enough]
    tied = _tied(ranked, votes, left)
    won = tuple(number for number in ranked[:left] if number not in tied)
    elected = (*contest.elected, *won)
    vacant = seats - len(elected)
    beaten = [each for each in order if each not in won]
    run_off = tied or _next(beaten, votes, vacant + stage.more_candidates)
    again = stage.run_off is not None and (stage.run_off != "." or contest.round < stage.rounds)
    if not vacant or not again:
        run_off = ()
    if tied:
        equal: Numbers = {"candidates": [str(each) for each in tied], "left": vacant}
        asked.append(Requirement("ballot.tie", met=False, numbers=equal, weight="decides"))
    if vacant:
        open_: Numbers = {"elected": len(elected), "seats": seats, "vacant": vacant}
        asked.append(Requirement("ballot.seats", met=False, numbers=open_, weight="decides"))
    enough_elected = len(elected) >= (stage.seats_min or seats)
    outcome = "run_off" if run_off else "elected" if enough_elected else "not_elected"
    return Result(outcome, elected, run_off, tied, tuple(asked))


def _tied(ranked: list[int], votes: Mapping[int, int], left: int) -> tuple[int, ...]:
    """Return those with equal votes across the last seat."""
    if len(ranked) <= left or votes[ranked[left - 1]] != votes[ranked[left]]:
        return ()
    return tuple(sorted(number for number in ranked if votes[number] == votes[ranked[left]]))


def _next(order: list[int], votes: Mapping[int, int], wanted: int) -> tuple[int, ...]:
    """Return the first `wanted`, and whoever has as many votes as the last of them."""
    if len(order) <= wanted:
        return tuple(sorted(order))
    return tuple(sorted(number for number in order if votes[number] >= votes[order[wanted - 1]]))
