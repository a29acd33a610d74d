"""The secretary's list of fifty matters, as people get it, against the same fifty rows bare."""

from pathlib import Path

from benchmarks import load
from benchmarks.bare import ROWS
from benchmarks.county import Failed, county
from benchmarks.machine import on_core
from benchmarks.pairs import Line, in_turns
from benchmarks.posting import open_matters, open_sessions
from benchmarks.scale import Scale
from benchmarks.serving import CLIENT_CORE, SERVER_CORE, served
from workflow.library import Library

CLIENTS = 8
PATH = "/secretary/search?q="


def line(folder: Path, library: Library, scale: Scale) -> Line:
    """GETs at eight clients; both pages are looked at once to hold fifty rows."""
    made = county(folder, library)
    open_matters(made, ROWS + 10)
    session = open_sessions(made, 1)[0]
    made.here.close()
    with (
        served("product", folder, made.clock(), "/login") as ours,
        served("bare", folder, made.clock(), "/") as bare,
        on_core(CLIENT_CORE),
    ):
        page, plain = load.get(ours, PATH, session), load.get(bare, "/")
        for port, request in ((ours, page), (bare, plain)):
            rows = load.ask(port, request).body.count(b'href="/secretary/matters/3')
            if rows != ROWS:
                raise Failed(f"{rows} rows on a page that should have {ROWS}")
        pairs = in_turns(
            lambda: load.drive(ours, [page] * (CLIENTS * scale.requests), CLIENTS, 200),
            lambda: load.drive(bare, [plain] * (CLIENTS * scale.requests), CLIENTS, 200),
            scale.pairs,
        )
    return Line(
        f"page of {ROWS} rows, {CLIENTS} clients",
        "the secretary's list: session, scope, frame, every mark",
        "the same rows from sqlite3 through one Jinja2 template",
        "rate",
        pairs,
        notes=(f"servers on core {SERVER_CORE}, load generator on core {CLIENT_CORE}",),
    )
