"""Fifty matters of a list, bare: the rows from sqlite3, one Jinja2 template, nothing around them."""

import sqlite3
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import HTMLResponse
from jinja2 import Environment

ROWS = 50
TEMPLATE = """<!doctype html><title>事项</title><ul>{% for id, title, stage, opened_on in rows %}
<li><a href="/secretary/matters/{{ id }}">{{ title }}</a> {{ stage }} {{ opened_on }}</li>{% endfor %}</ul>"""
_QUERY = f"SELECT id, title, stage, opened_on FROM matter ORDER BY opened_on DESC, id DESC LIMIT {ROWS}"  # noqa: S608 - a constant


def create_app(folder: Path) -> FastAPI:
    """The application over the database of an installation."""
    template = Environment(autoescape=True).from_string(TEMPLATE)
    connection = sqlite3.connect(folder / "cunyi.db", check_same_thread=False)
    app = FastAPI()

    @app.get("/")
    def listed() -> HTMLResponse:
        return HTMLResponse(template.render(rows=connection.execute(_QUERY).fetchall()))

    return app
