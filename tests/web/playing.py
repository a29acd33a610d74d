"""A life from examples/ played through the pages: what the case does on the pure core, people type into the forms."""

import re
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time
from pathlib import Path

from tests.builders import png
from tests.web.sitting import hidden, words
from workflow.cases.running import Cases, joined
from workflow.cases.texts import Case, CaseFile, Life
from workflow.cases.words import Misworded
from workflow.core.attempt import Attempt, Decision
from workflow.core.catalogue import Catalogue
from workflow.core.entry import Entry
from workflow.core.machine import Compiled
from workflow.core.matter import Matter
from workflow.core.place import OFFICES, TOWNSHIP, VSC
from workflow.forms import form_of, opening_form
from workflow.library import Library
from workflow.reading.explain import validate
from workflow.shelves import read_file
from workflow.store import places, register

COUNTY = frozenset({"county_civil_affairs", "county_agri", "county_org", "discipline"})
# What a villager may read in Latin letters: file types and the web.
LATIN = re.compile(
    r"(?<![A-Za-z0-9:@/.-])[A-Za-z]+_[A-Za-z_]+|\bNone\b|\bnull\b|\bTrue\b|\bFalse\b|\{[a-z_]*\}"
)


@dataclass(frozen=True)
class Act:
    """One act of a life as the core took it."""

    compiled: Compiled
    matter: Matter
    attempt: Attempt
    decision: Decision


@dataclass
class Played:
    """A life with the village it is lived in; `acts` in the order they were done."""

    catalogue: Catalogue
    kind: str
    village: list[Entry]
    people: dict[str, str]
    code: str
    end: str
    acts: list[Act] = field(default_factory=list)


def lived(library: Library, path: Path) -> Played:
    """The longest way a file's own life or one of its cases takes on the pure core, as the core took it."""
    text = validate(CaseFile, read_file(path))
    life = text.life
    assert isinstance(life, Life)
    whole = {
        "kind": life.kind,
        "first_day": life.first_day,
        "until": life.steps[-1].name,
        "changes": {},
        "more": (),
    }
    cases = [joined(text.common, each) for each in text.cases]
    ways = [_way(library, life, cases[0].model_copy(update=whole))]
    # Some lives tell of what goes wrong too: only a case that makes it go wrong gets past that.
    if ways[0].end != "archived":
        ways += [_way(library, life, each) for each in cases if not each.malformed]
    return max(ways, key=lambda each: (each.end == "archived", len(each.acts)))


def _way(library: Library, life: Life, case: Case) -> Played:
    seen: list[Act] = []

    def watch(compiled, matter, attempt, answer):
        if isinstance(answer, Decision):
            seen.append(Act(compiled, matter, attempt, answer))

    cases = Cases(library, watch=watch)
    try:
        walk, _ = cases.answer(case, life)
    except Misworded:
        return Played(cases.catalogue(date.fromisoformat(life.first_day), ""), "", [], {}, "", "")
    end = walk.matter.at if walk.matter else ""
    village = walk.village
    return Played(
        walk.catalogue, walk.kind.id, list(village.entries), dict(village.people), village.code, end, seen
    )


class Stage:
    """An installation with the village of a life and an account for each of its people."""

    def __init__(self, house, played: Played):
        self.house, self.played = house, played
        self.ids: dict[str, str] = {}
        self.names: dict[str, tuple[str, str]] = {}
        self.browsers: dict[str, object] = {}
        self.odd: list[tuple[str, list[str]]] = []
        held: dict[str, set[str]] = {}
        for entry in played.village:
            if entry.action == "grant_office":
                held.setdefault(str(entry.facts["person"]), set()).add(str(entry.facts["office"]))
        code = played.code
        with house.database.writing() as conn:
            for each, name in ((code[:9] + "000", "青山镇"), (code, "张庄村")):
                if places.name_of(conn, each) is None:
                    places.add(conn, each, name)
        for label, person in played.people.items():
            group, scope = room_of(held.get(person, set())), code
            scope = {"township": code[:9], "county": code[:6]}.get(group, code)
            self.ids[person] = house.person(label, group, scope)
            self.names[person] = (label, group)
        for entry in played.village:
            self._append(entry)

    def _append(self, entry: Entry):
        with self.house.database.writing() as conn:
            at = register.position(
                conn, entry.place, None, key=entry.key, themselves=places.of_rule(entry.place)
            )
            facts = {
                name: self.ids.get(str(value), value) if name == "person" else value
                for name, value in entry.facts.items()
            }
            on = self.played.acts[0].attempt.recorded_on
            made = replace(
                entry, log=at.log, seq=at.seq, pseq=at.pseq, facts=facts, recorded_at=f"{on}T00:30:00.000000Z"
            )  # fmt: skip
            register.append(conn, at, made, private={}, body_digest=None)

    def play(self) -> Matter:
        """Do every act through the pages; the matter as it stands then."""
        matter = ""
        for act in self.played.acts:
            matter = self._do(act, matter)
        with self.house.database.reading() as conn:
            return self.house.here.matter(conn, self.played.code, matter)

    def read(self, answer, status=200) -> str:
        """The words of a page, looked through for words of the engine."""
        seen = words(answer)
        assert answer.status_code == status, seen
        if found := LATIN.findall(seen):
            self.odd.append((str(answer.url), found))
        return seen

    def _do(self, act: Act, matter: str) -> str:
        attempt = act.attempt
        self.house.watch.now = datetime.combine(attempt.recorded_on, time(3), UTC)
        name, room = self.names[attempt.actor]
        browser = self.house.logged_in(name)
        address, form = self._address(act, matter, room)
        page = browser.get(address)
        self.read(page)
        typed, files = self._typed(form, attempt)
        day = attempt.acted_on
        typed |= {"day_of_act_y": str(day.year), "day_of_act_m": str(day.month), "day_of_act_d": str(day.day)}
        check = browser.post(address, data={**hidden(page), **typed, "step": "check"}, files=files or None)
        seen = self.read(check)
        assert "照您填的算，结果是" in seen
        assert ("复核确认，才生效" in seen) is act.decision.confirming, seen
        done = browser.post(address, data={**hidden(check), "step": "record"})
        assert done.status_code == 303, words(done)
        receipt = self.read(browser.get(done.headers["location"]))
        assert "回执码" in receipt
        home = done.headers["location"].partition("/done/")[0]
        shown = self.read(browser.get(home))
        if act.decision.confirming:
            assert "等" in shown
            assert "复核确认后生效" in shown, shown
        return home.rpartition("/")[2]

    def _address(self, act: Act, matter: str, room: str):
        if act.attempt.action == "open":
            form = opening_form(
                self.played.catalogue, self.played.catalogue.by_id[self.played.kind], act.compiled
            )
            return f"/{room}/matters/new/{self.played.kind}?place={self.played.code}", form
        form = form_of(act.compiled, act.matter, act.attempt.action, act.attempt.facts.open)
        return f"/{room}/matters/{matter}/{act.attempt.action}", form

    def _typed(self, form, attempt):
        typed, files = {}, []
        facts = {**attempt.facts.open, **attempt.facts.private}
        for each in form:
            value = facts.get(each.name)
            if each.name == "kind":
                continue
            if each.type == "documents" and each.name in attempt.facts.documents:
                files.append((f"{each.name}[]", ("附件.png", png(), "image/png")))
            elif value is None:
                continue
            elif each.type == "day":
                typed |= {
                    f"{each.name}_{part}": box for part, box in zip("ymd", str(value).split("-"), strict=True)
                }
            elif each.type == "money":
                typed[each.name] = f"{value // 100}.{value % 100:02d}"
            elif each.type == "flag":
                typed[each.name] = "yes" if value else "no"
            elif isinstance(value, list):
                typed[f"{each.name}[]"] = value
            else:
                typed[each.name] = self.ids.get(value, value) if each.type == "person" else str(value)
        return typed, files


def room_of(offices: set[str]) -> str:
    """The account group of somebody who holds these offices."""
    assert offices <= set(OFFICES)
    if offices and offices <= VSC:
        return "committee"
    if offices and offices <= TOWNSHIP:
        return "township"
    return "county" if offices and offices <= COUNTY else "secretary"
