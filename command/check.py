"""`cunyi check`: every fault of procedures, layers, catalogues, statutes, calendars and cases, all at once."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from command.answers import Json, WrongCall, print_json
from command.county import Answers, County, Stories
from workflow.check import check_paths, page_of, texts_in
from workflow.shelves import SHIPPED

DEMO: Mapping[str, type[BaseModel]] = {"county": County, "stories": Stories, "answers": Answers}
"""The files of the demo, by an item that only they have."""


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="文件或文件夹；不填就查自带的程序。")
    ] = None,
    json: Json = False,
) -> int:
    """Print every finding; 1 if there is one."""
    asked = paths or [SHIPPED]
    files: list[Path] = []
    for path in asked:
        found = texts_in(path)
        if not found:
            raise WrongCall(f"{path} 里没有 .yaml 文件" if path.is_dir() else f"没有 {path} 这个文件")
        files += found
    # What is read stays until the end: to look for garbage among it takes a quarter of the time.
    gc.disable()
    try:
        findings = check_paths(files, DEMO)
    finally:
        gc.enable()
    if json:
        print_json(
            {
                "files": len(files),
                "findings": [{**each.as_data(), "page": page_of(each.code)} for each in findings],
            }
        )
    else:
        for each in findings:
            typer.echo(each.line())
        if not findings:
            typer.echo(f"查了 {len(files)} 个文件，没有发现问题")
    return 1 if findings else 0
