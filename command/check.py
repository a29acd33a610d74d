"""`cunyi check`: every fault of procedures, layers, catalogues, statutes, calendars and cases, all at once."""

import gc
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from pydantic import BaseModel

from command.answers import Json, print_json
from command.county import Answers, County, Stories
from command.drafting import With, files_in, texts_with
from workflow.check import check_paths, page_of
from workflow.shelves import SHIPPED

DEMO: Mapping[str, type[BaseModel]] = {"county": County, "stories": Stories, "answers": Answers}
"""The files of the demo, by an item that only they have."""


def check(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="文件或文件夹；不填就查自带的程序。")
    ] = None,
    drafts: With = None,
    json: Json = False,
) -> int:
    """Print every finding; 1 if there is one."""
    files = files_in([*(paths or ([] if drafts else [SHIPPED])), *(drafts or [])])
    # What is read stays until the end: to look for garbage among it takes a quarter of the time.
    gc.disable()
    try:
        with texts_with(drafts) as library:
            findings = check_paths(files, DEMO, library if drafts else None)
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
