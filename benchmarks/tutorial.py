"""The same form taken in the way the tutorials of FastAPI and SQLModel show: a `def` endpoint, a session per request.

It checks types, writes one row and sends the browser on. There is no login, no procedure and no register.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form
from fastapi.responses import RedirectResponse
from sqlalchemy import event
from sqlmodel import Field, Session, SQLModel, create_engine

PRAGMAS = ("journal_mode=WAL", "synchronous=FULL")


class Meeting(SQLModel):
    """What is asked."""

    due: int
    present: int
    in_favour: int
    against: int
    abstain: int
    method: str
    place: str
    chair: str
    recorder: str
    summary: str
    key: str
    seen: int


class MeetingRow(Meeting, table=True):
    """What is kept."""

    id: int | None = Field(default=None, primary_key=True)


def create_app(folder: Path) -> FastAPI:
    """The application over a new database; WAL and FULL are the product's pragmas, the tutorial sets none."""
    engine = create_engine(f"sqlite:///{folder / 'tutorial.db'}", connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def _set(connection: Any, _record: object) -> None:
        for pragma in PRAGMAS:
            connection.execute(f"PRAGMA {pragma}").close()

    SQLModel.metadata.create_all(engine, tables=[SQLModel.metadata.tables["meetingrow"]])

    def get_session() -> Iterator[Session]:
        with Session(engine) as session:
            yield session

    app = FastAPI()

    @app.post("/meetings")
    def create_meeting(
        meeting: Annotated[Meeting, Form()], session: Annotated[Session, Depends(get_session)]
    ) -> RedirectResponse:
        row = MeetingRow.model_validate(meeting)
        session.add(row)
        session.commit()
        session.refresh(row)
        return RedirectResponse(f"/meetings/{row.id}", status_code=303)

    return app
