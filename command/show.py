"""`cunyi show`: the procedure that binds a place on a day, in words, with the layer of every value; or as a diagram."""

import datetime
import re
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.drafting import With, texts_with
from workflow.core.days import SHANGHAI
from workflow.core.findings import Unreadable
from workflow.diagram import mermaid, svg
from workflow.library import NotInForce
from workflow.printing import as_data, in_text
from workflow.show import show as shown

PLACE = re.compile(r"[0-9]{2}|[0-9]{6}|[0-9]{9}|[0-9]{12}", re.ASCII)


def show(
    procedure: Annotated[str, typer.Argument(metavar="PROCEDURE", help="程序代号，例如 siyi_lianggongkai。")],
    place: Annotated[
        str, typer.Option(metavar="CODE", help="哪个地方（2、6、9 或 12 位代码）；不填是全国通用文本。")
    ] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="哪一天，例如 2026-03-01；不填是今天。")] = "",
    *,
    diagram: Annotated[bool, typer.Option("--diagram", help="画成图（SVG）。")] = False,
    as_mermaid: Annotated[bool, typer.Option("--mermaid", help="写成 Mermaid 图的文字。")] = False,
    drafts: With = None,
    json: Json = False,
) -> int:
    """Print the effective procedure; 1 where its text is broken, with every finding."""
    if place and not PLACE.fullmatch(place):
        raise WrongCall(f"--place 要填 2、6、9 或 12 位区划代码，写的是 {place}")
    if diagram + as_mermaid + json > 1:
        raise WrongCall("--diagram、--mermaid、--json 只能写一个")
    day = day_of(on)
    try:
        with texts_with(drafts) as library:
            if diagram or as_mermaid:
                text = library.effective(procedure, place, day).compiled.procedure
                typer.echo(svg(text) if diagram else mermaid(text))
                return 0
            found = shown(library, procedure, place, day)
    except NotInForce as error:
        raise WrongCall(str(error)) from None
    except Unreadable as error:
        for each in error.findings:
            typer.echo(each.line())
        return 1
    if json:
        print_json(as_data(found))
    else:
        typer.echo(in_text(found), nl=False)
    return 0


def day_of(text: str) -> datetime.date:
    """Return the day a word of the command line says, today for none; a wrong one is a wrong call."""
    if not text:
        return datetime.datetime.now(SHANGHAI).date()
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise WrongCall(f"--on 要填真实的日期，例如 2026-03-01，写的是 {text}") from None
