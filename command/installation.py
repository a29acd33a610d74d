"""What the commands on an installation share: where its data is, opening it, and what may fail outside."""

import sqlite3
from pathlib import Path
from typing import Annotated

import psycopg
import typer
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from command.answers import WrongCall
from workflow.core.checkpoint import BadNote
from workflow.installation import Installation, NotHere, open_at
from workflow.published import lay_out
from workflow.store.database import ReadOnly

OUTSIDE = (OSError, SQLAlchemyError, sqlite3.Error, psycopg.Error, ReadOnly)
"""What the world outside may do to any command: files, disks, servers that do not answer."""

Data = Annotated[Path | None, typer.Option("--data", envvar="CUNYI_DATA", metavar="DIR", help="数据文件夹。")]
DatabaseUrl = Annotated[
    str | None,
    typer.Option(
        "--database",
        envvar="CUNYI_DATABASE",
        metavar="URL",
        help="数据库地址（postgresql://… 或 sqlite:////…）。不填就用数据文件夹里的 SQLite。",
    ),
]


def located(data: Path | None, database: str | None) -> tuple[Path, str | None]:
    """Return the data folder and the database's address; a SQLite file brings its own folder.

    Raises `WrongCall` where neither was said, or a server's address comes without the folder of key and documents.
    """
    if database is not None:
        try:
            url = make_url(database)
        except ArgumentError:
            raise WrongCall("--database 要写成 postgresql://… 或 sqlite:////…") from None
        if url.get_backend_name() not in {"sqlite", "postgresql"} or not url.database:
            raise WrongCall("--database 要写成 postgresql://…/库名 或 sqlite:////路径")
        if data is None and url.get_backend_name() == "sqlite":
            return Path(url.database).parent, database
    if data is None:
        raise WrongCall("没有说数据在哪里：请写 --data 文件夹，或设环境变量 CUNYI_DATA")
    return data, database


def opened(data: Path | None, database: str | None) -> Installation:
    """Open the installation the options name; `WrongCall` where there is none or its key cannot be read."""
    folder, url = located(data, database)
    try:
        here = open_at(folder, url=url)
        lay_out(here)
        return here
    except NotHere as error:
        raise WrongCall(str(error)) from None
    except (BadNote, UnicodeDecodeError):
        raise WrongCall(f"{folder / 'key'} 不是签名钥匙") from None
