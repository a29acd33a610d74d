"""What every command shares: how a wrong call and a result are said."""

import json
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="只印一份 JSON。")]


class WrongCall(typer.TyperException):
    """The call itself was wrong: one line on stderr, nothing on stdout, exit status 2."""

    exit_code = 2


def print_json(value: Any) -> None:
    """Print one JSON document."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2))
