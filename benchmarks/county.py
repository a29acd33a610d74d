"""The ground all lines stand on: an installation, a village with its people, and whole lives of matters."""

import datetime
import secrets
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.pairs import Sample
from tests.builders import COUNTY, VILLAGE, Clock, People, advance_ok, document, village
from tests.lives import LIFE, OPENING
from workflow.advance import advance
from workflow.core.days import civil_day
from workflow.installation import Installation, create
from workflow.library import Library
from workflow.request import Answer, Receipt, Request

ACTS_OF_A_LIFE = 1 + len(LIFE)
DELEGATED_UNTIL = datetime.date(2029, 12, 31)
LONGEST_LIFE = datetime.timedelta(days=120)


class Failed(RuntimeError):
    """An act that should stand did not: what would be timed is not what was meant."""


@dataclass
class County:
    """An installation on a clock that stands still between the steps of a life."""

    here: Installation
    clock: Clock
    people: People
    paper: list[str]
    delegated_until: datetime.date = field(default=DELEGATED_UNTIL)

    @property
    def today(self) -> datetime.date:
        """The day on the clock."""
        return civil_day(self.clock())

    def request(
        self, matter: str | None, action: str, actor: str, facts: Mapping[str, object], seen: int
    ) -> Request:
        """What the web would ask for: a random key, and the number of entries the form knew."""
        key = secrets.token_hex(16)
        return Request(VILLAGE, matter, action, actor, self.today, facts, key, seen if matter else None)

    def lives(self, matters: int) -> Generator[Request, Answer, list[str]]:
        """Every act of so many matters from the opening to the archive, all at the same step on the same day."""
        self._renew_delegation()
        ids = []
        for _ in range(matters):
            answer = yield self.request(None, "open", self.people.secretary, OPENING, 0)
            ids.append(str(_receipt(answer).entry.matter))
        for number, step in enumerate(LIFE, 1):
            self.clock.forward(days=step.days)
            facts = step.facts(self.today, self.paper)
            for each in ids:
                yield self.request(each, step.action, getattr(self.people, step.who), facts, number)
        return ids

    def live(self, matters: int) -> Sample:
        """Let so many matters live, and time each `advance`, nothing else."""
        seconds = []
        acts = self.lives(matters)
        request = next(acts)
        while True:
            start = time.perf_counter()
            answer = advance(self.here, request)
            seconds.append(time.perf_counter() - start)
            _receipt(answer)
            try:
                request = acts.send(answer)
            except StopIteration:
                return Sample.in_a_row(seconds)

    def _renew_delegation(self) -> None:
        if self.today + LONGEST_LIFE < self.delegated_until:
            return
        first = self.today
        self.delegated_until = first.replace(year=first.year + 4)
        facts = {
            "mode": "households", "due": 300, "present": 210, "in_favour": 180, "against": 20, "abstain": 10,
            "kinds": ["public_works"], "from": first.isoformat(), "to": self.delegated_until.isoformat(),
            "posted_on": first.isoformat(), "filed_on": first.isoformat(),
        }  # fmt: skip
        clerk, chair = self.people.clerk, self.people.vsc_chair
        entry = advance_ok(self.here, VILLAGE, None, "record_delegation", clerk, facts).entry
        advance_ok(self.here, VILLAGE, None, "confirm", chair, {"confirms": entry.pseq})


def _receipt(answer: Answer) -> Receipt:
    if not isinstance(answer, Receipt):
        raise Failed(f"not recorded: {answer}")
    return answer


def county(folder: Path, library: Library, url: str | None = None) -> County:
    """A new installation in a folder, in its own SQLite file unless another database is named."""
    clock = Clock()
    here = create(folder, COUNTY, "临沭县", url=url, library=library, clock=clock)
    return County(here, clock, village(here), [document(here)])
