"""Leads the demo's matters along their usual course, always through `advance`: it looks what is open and fills the form."""

import datetime
import io
import struct
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from command.county import Event, Story, Typed, Village
from workflow.advance import advance
from workflow.core.days import civil_day, period
from workflow.core.facts import Field
from workflow.core.matter import Matter, stage_of
from workflow.core.place import PUBLIC
from workflow.core.prospects import Prospect, prospects
from workflow.core.stage import Stage
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting
from workflow.installation import Installation
from workflow.request import Receipt, Request
from workflow.store import register
from workflow.store.places import above

NOT_USUAL = frozenset({"call_again", "post_again", "progress", "decline", "record_merged"})
ATTENDEE = "镇街包村干部"
LATE = "当天停电，第二天以后补登。"


class StoryBroken(RuntimeError):
    """A story asks for something the procedure refuses; says which matter, which act, and the answer."""


def picture(shade: int) -> bytes:
    """Return a small real PNG, so that attachments can be opened."""
    width, height = 240, 160
    rows = zlib.compress(
        b"".join(
            b"\0" + bytes((shade + x // 4 + y // 3) % 200 + 40 for x in range(width)) for y in range(height)
        )
    )
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", rows), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        for kind, data in parts
    )


@dataclass
class World:
    """Where the stories are told: the installation, the people's ids, the usual answers, the papers to attach."""

    here: Installation
    villages: Mapping[str, Village]
    people: Mapping[tuple[str, str], str]
    answers: Mapping[str, Mapping[str, Typed]]
    papers: dict[str, str] = field(default_factory=dict)
    acts: int = 0

    def today(self) -> datetime.date:
        """Return the training day."""
        return civil_day(self.here.clock())

    def paper(self, kind: str) -> str:
        """Return the digest of a kept picture of that kind."""
        if kind not in self.papers:
            content = picture(sum(kind.encode()))
            stored = self.here.documents.put(io.BytesIO(content), len(content))
            with self.here.database.writing() as conn:
                register.put_document(conn, stored.digest, stored.size, "image/png", f"{kind}.png")
            self.papers[kind] = stored.digest
        return self.papers[kind]

    def act(
        self, place: str, matter: str | None, action: str, actor: str, facts: Mapping[str, object],
        on: datetime.date | None = None,
    ) -> Receipt:  # fmt: skip
        """Record an act; `StoryBroken` when anything but a receipt comes back."""
        self.acts += 1
        request = Request(place, matter, action, actor, on or self.today(), facts, f"demo-{self.acts:05d}")
        answer = advance(self.here, request)
        if not isinstance(answer, Receipt):
            raise StoryBroken(f"{matter or place} {action}: {answer}")
        return answer

    def who(self, place: str, offices: frozenset[str]) -> str:
        """Return the person who usually acts where one of these offices is asked for."""
        for office in ("secretary", "vsc_chair", "clerk", "committee_director", "township_officer"):
            for code in (place, *reversed(above(place))):
                if office in offices and (code, office) in self.people:
                    return self.people[code, office]
        raise StoryBroken(f"{place}: nobody holds one of {sorted(offices)}")


@dataclass
class Teller:
    """Tells one story; each `yield` names the day the next thing happens."""

    world: World
    story: Story
    used: dict[str, int] = field(default_factory=dict)
    matter_id: str = ""

    def tell(self) -> Iterator[datetime.date]:
        """Open the matter and lead it to where the story ends."""
        story, world = self.story, self.world
        yield story.opened
        opening: dict[str, object] = {**world.answers["open"], "kind": story.kind, "title": story.title}
        if story.amount_fen:
            opening |= {"amount_fen": story.amount_fen, "plan": [world.paper("plan")]}
        else:
            opening.pop("funds")
        kind = world.here.library.catalogue(story.opened, story.village).by_id[story.kind]
        opening |= {each.id: world.answers["asks"][each.id] for each in kind.asks}
        receipt = world.act(story.village, None, "open", self._person("secretary"), opening)
        self.matter_id = receipt.entry.matter or ""
        events = list(story.events)
        while True:
            matter, ahead = self._look()
            if events and events[0].at == matter.at:
                event = events.pop(0)
                yield world.today() + datetime.timedelta(days=event.after_days)
                self._happen(event, self._look()[0])
            elif matter.at == story.until or matter.closed:
                return
            else:
                yield from self._go_on(matter, ahead)

    def _look(self) -> tuple[Matter, tuple[Prospect, ...]]:
        here, story = self.world.here, self.story
        with here.database.reading() as conn:
            matter = here.matter(conn, story.village, self.matter_id)
            place = here.place(conn, story.village)
            if matter is None:
                raise StoryBroken(f"{self.matter_id} is gone")
            compiled = here.compiled(conn, matter.procedure)
        return matter, prospects(compiled, here.library.law, matter, place, self.world.today())

    def _person(self, office: str) -> str:
        return PUBLIC if office == "public" else self.world.people[self.story.village, office]

    def _happen(self, event: Event, matter: Matter) -> None:
        facts: dict[str, object] = dict(event.facts)
        if "corrects" in facts:
            stage, _, action = str(facts["corrects"]).partition(".")
            facts["corrects"] = matter.standing(stage, action)[-1].mseq
        self.world.act(self.story.village, self.matter_id, event.action, self._person(event.by), facts)

    def _go_on(self, matter: Matter, ahead: tuple[Prospect, ...]) -> Iterator[datetime.date]:
        story, world = self.story, self.world
        usual = [each for each in ahead if not each.standing and each.action not in NOT_USUAL]
        merged = [each for each in ahead if story.merged and each.action == "record_merged"]
        prospect = (merged or usual)[0]
        name = f"{stage_of(matter.at)}.{prospect.action}"
        gap = 0 if prospect.action in ("confirm", "call", "close") else 1
        day = max(world.today() + datetime.timedelta(days=gap), prospect.window.earliest or story.opened)
        late = story.late.get(name, 0)
        yield day + datetime.timedelta(days=late)
        facts = self._fill(prospect, stage_of(matter.at), name, day)
        if late:
            facts["late_reason"] = LATE
        actor = world.who(story.village, prospect.offices)
        world.act(story.village, self.matter_id, prospect.action, actor, facts, day)

    def _fill(self, prospect: Prospect, stage: str, name: str, day: datetime.date) -> dict[str, object]:
        usual = self.world.answers.get(prospect.action.removesuffix("_merged"), {})
        told = self.story.answers.get(name, ())
        turn = self.used.get(name, 0)
        self.used[name] = turn + 1
        special = told[turn] if turn < len(told) else {}
        counts = self._counts(stage, prospect, merged=prospect.action == "record_merged")
        facts: dict[str, object] = {}
        for each in prospect.fields:
            value: object = special.get(each.name, counts.get(each.name, usual.get(each.name)))
            if value is None:
                value = self._make_up(each, stage, day)
            if value is not None:
                facts[each.name] = value
        return facts

    def _make_up(self, each: Field, stage: str, day: datetime.date) -> object:
        """Answer what depends on the matter, the village or the day; None leaves an optional question open."""
        found, story = self._stage(stage), self.story
        if each.type == "documents":
            return [self.world.paper(each.name)] if each.required else None
        if each.type == "day":
            return self._day(each.name, found, day) if each.required else None
        known: dict[str, object] = {
            "boards": self.world.villages[story.village].bodies["boards"]["places"],
            "amount_fen": story.amount_fen * 96 // 100 if each.required else None,
            "body": self._body(found) if isinstance(found, Meeting) else None,
            "ways": ["written", "posted", "delivered"],
            "topic": f"讨论决定：{story.title}",
            "text": f"“{story.title}”现予公示。",
            "chair": "村党组织书记",
        }
        if each.name in known or not each.required:
            return known.get(each.name)
        return each.choices[0].token if each.type == "choice" else ATTENDEE

    def _day(self, name: str, stage: Stage, day: datetime.date) -> str:
        if name == "last_on" and isinstance(stage, Posting):
            return period(day, stage.days, self.world.here.library.law.calendar).last.isoformat()
        days = 45
        if name == "meeting_on" and isinstance(stage, Meeting):
            days = stage.rules[self._body(stage)].notice_days + 1
        return (day + datetime.timedelta(days=days)).isoformat()

    def _body(self, stage: Meeting) -> str:
        if len(stage.bodies) == 1:
            return next(iter(stage.bodies))
        return "villagers_assembly" if self.story.assembly else "rep_assembly"

    def _stage(self, stage: str) -> Stage:
        with self.world.here.database.reading() as conn:
            matter = self.world.here.matter(conn, self.story.village, self.matter_id)
            procedure = self.world.here.compiled(conn, matter.procedure if matter else "").procedure
        return procedure.by_id[stage]

    def _counts(self, stage: str, prospect: Prospect, *, merged: bool) -> dict[str, Typed]:
        found = self._stage(stage)
        if not isinstance(found, Meeting) or not prospect.action.startswith("record"):
            return {}
        counts = self._count(self._body(found))
        if merged and found.merge is not None:
            other = self._stage(found.merge.stage)
            if isinstance(other, Meeting):
                counts |= {
                    f"next_{name}": value for name, value in self._count(next(iter(other.bodies))).items()
                }
        return counts

    def _count(self, body: str) -> dict[str, Typed]:
        """A usual turnout: nine in ten are there, a few are against, fewer abstain."""
        numbers = self.world.villages[self.story.village].bodies[body]
        assembly = body == "villagers_assembly"
        due = numbers["households" if assembly else BASE_OF_BODY[body]]
        present = -(-due * 9 // 10)
        against, abstain = present // 12, present // 20
        counts: dict[str, Typed] = {
            "due": due, "present": present, "in_favour": present - against - abstain, "against": against,
            "abstain": abstain, "recused": 0,
        }  # fmt: skip
        if assembly:
            counts["mode"] = "households"
        if body == "rep_assembly":
            counts["women_present"] = -(-numbers["women_reps"] * 8 // 10)
        return counts
