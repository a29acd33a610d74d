"""`cunyi verify`: the whole register, checked; every inconsistency one line."""

from pathlib import Path
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl, opened
from workflow.verify import BadHeld, Report
from workflow.verify import verify as checked

NOT_COVERED = 3


def verify(
    data: Data = None,
    database: DatabaseUrl = None,
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", metavar="FILE", help="外面保存的见证副本，可以写多次。"),
    ] = None,
    json: Json = False,
) -> int:
    """Check the register: 0 it holds, 1 it does not, 3 it holds but not all could be covered."""
    held = [_read(path) for path in checkpoint or ()]
    here = opened(data, database)
    try:
        report = checked(here, held)
    except BadHeld as error:
        raise WrongCall(str(error)) from None
    finally:
        here.database.close()
    if json:
        print_json(report.as_data())
    else:
        _say(report)
    if not report.holds:
        return 1
    return 0 if report.covered else NOT_COVERED


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise WrongCall(f"{path} 不是见证副本") from None


def _say(report: Report) -> None:
    for each in (*report.findings, *report.uncovered):
        typer.echo(each.line())
    typer.echo(f"登记册 {report.origin}：{report.size} 条，总账 {report.root}，签名到 {report.signed} 条")
    if report.held:
        typer.echo(f"与外面保存的副本相符，到 {max(report.held)} 条")
    if not report.holds:
        typer.echo(f"有 {len(report.findings)} 处不符")
    elif report.covered:
        typer.echo(f"全部相符；{report.decided} 条决定逐条重算，结果一致")
    else:
        typer.echo(f"没有不符，但有 {len(report.uncovered)} 处没有核对到")
