"""The secretary's form, everything on, against the tutorial's insert of the same form."""

import itertools
import json
import secrets
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from benchmarks import load
from benchmarks.county import County, Failed, county
from benchmarks.machine import on_core, pragmas
from benchmarks.pairs import Aim, Line, Pair, Sample, in_turns
from benchmarks.scale import Scale
from benchmarks.serving import CLIENT_CORE, SERVER_CORE, served
from benchmarks.tutorial import PRAGMAS
from tests.builders import VILLAGE
from tests.lives import LIFE, OPENING
from web import store
from workflow.advance import advance
from workflow.library import Library
from workflow.request import Receipt

CLIENTS = (8, 32)
AIM, AIM_P99 = Aim(least=1.0), Aim(most=0.2)
SUBJECT = "POST of a meeting's record: session, same origin, form, draft, advance, a page to go on to"
REFERENCE = f"the tutorial's POST of the same form: def, Session, add, commit, refresh ({', '.join(PRAGMAS)})"
_FORM = LIFE[0]
DRAFT = "record:propose"
"""How the form's draft is named: the act and the stage."""


def lines(folder: Path, library: Library, scale: Scale) -> Iterator[Line]:
    """Closed loop at 8 and at 32 clients, then an open loop at half the tutorial's rate."""
    made = county(folder / "product", library)
    (folder / "tutorial").mkdir()
    notes = (
        f"one uvicorn worker each, on core {SERVER_CORE}; load generator: asyncio, one process, on core {CLIENT_CORE}",
        pragmas(made.here.database),
    )
    few, many = (clients * scale.requests for clients in CLIENTS)
    rounds = ((few, scale.pairs), (many, max(1, scale.pairs // 2)), (few, max(1, scale.pairs // 4)))
    sessions = itertools.cycle(open_sessions(made, max(CLIENTS)))
    forms = _forms(made, sum(count * (pairs + 1) for count, pairs in rounds))
    made.here.close()
    now = made.clock()
    with (
        served("product", folder / "product", now, "/login") as ours,
        served("tutorial", folder / "tutorial", now, "/") as theirs,
        on_core(CLIENT_CORE),
    ):

        def product(count: int, clients: int, rate: float | None = None) -> Sample:
            asked = itertools.islice(forms, count)
            requests = [load.post(ours, path, form, next(sessions)) for path, form in asked]
            return load.drive(ours, requests, clients, 303, rate)

        def plain(count: int, clients: int, rate: float | None = None) -> Sample:
            form = [*_typed(made), ("key", secrets.token_hex(16)), ("seen", "1")]
            return load.drive(theirs, [load.post(theirs, "/meetings", form)] * count, clients, 303, rate)

        slowest = float("inf")
        for clients, (count, rounds_of) in zip(CLIENTS, rounds, strict=False):
            pairs = _pairs(partial(product, count, clients), partial(plain, count, clients), rounds_of)
            name = f"form POST, {clients} clients"
            yield Line(name, SUBJECT, REFERENCE, "rate", pairs, AIM, notes)
            aim = AIM_P99 if clients == max(CLIENTS) else None
            yield Line(f"{name}, latency", "the same", "the same", "p99", pairs, aim)
            slowest = min(slowest, *(sample.rate for pair in pairs for sample in pair))
        rate, most = slowest / 2, max(CLIENTS)
        count, rounds_of = rounds[-1]
        pairs = _pairs(partial(product, count, most, rate), partial(plain, count, most, rate), rounds_of)
        name = f"form POST, open loop, {rate:.0f}/s over {most} connections, latency"
        told = ("latency counts from when a request was due; the rate is half of the slowest slice above",)
        yield Line(name, "the same", "the same", "p99", pairs, notes=told)


def _pairs(subject: Callable[[], Sample], reference: Callable[[], Sample], pairs: int) -> list[Pair]:
    found = in_turns(subject, reference, pairs)
    if any(not side.seconds for pair in found for side in pair):
        raise Failed(f"nothing came through: {[side.errors for pair in found for side in pair]}")
    return found


def _typed(made: County) -> list[tuple[str, str]]:
    """The answers of the form as the check page sends them again."""
    found = [("day_of_act_near", made.today.isoformat())]
    for name, value in _FORM.facts(made.today, made.paper).items():
        if isinstance(value, list):
            found += [(f"{name}_kept[]", each) for each in value]
        else:
            found.append((name, str(value)))
    return found


def open_matters(made: County, count: int) -> list[str]:
    """Open so many matters today; their ids."""
    ids = []
    for _ in range(count):
        answer = advance(made.here, made.request(None, "open", made.people.secretary, OPENING, 0))
        if not isinstance(answer, Receipt):
            raise Failed(f"not opened: {answer}")
        ids.append(str(answer.entry.matter))
    return ids


def _forms(made: County, count: int) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """So many matters opened and drafts kept, as the check before the record leaves them; their addresses and forms."""
    ids = open_matters(made, count)
    typed = _typed(made)
    draft = json.dumps({"uploaded[]": made.paper})
    with made.here.database.writing() as conn:
        for each in ids:
            store.save_draft(conn, made.people.secretary, each, DRAFT, draft, datetime.now(UTC))
    return (
        (
            f"/secretary/matters/{each}/{_FORM.action}",
            [*typed, ("key", secrets.token_hex(16)), ("seen", "1"), ("step", "record")],
        )
        for each in ids
    )


def open_sessions(made: County, count: int) -> list[str]:
    """Give the village's secretary an account, and open so many sessions."""
    now = datetime.now(UTC)
    with made.here.database.writing() as conn:
        store.create_account(
            conn, name="shuji", display="王书记", group="secretary", scope=VILLAGE, place_name="张庄村", now=now,
            person=made.people.secretary,
        )  # fmt: skip
        return [store.open_session(conn, made.people.secretary, now) for _ in range(count)]
