"""`cunyi case`: runs readable cases and names the first difference of each that does not come out as it says."""

from pathlib import Path
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.drafting import With, files_in, texts_with
from workflow.cases.coverage import Seen, as_data, in_text
from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases, case_files
from workflow.cases.skeleton import skeleton
from workflow.core.findings import Unreadable
from workflow.library import Library, NotInForce


def case(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="文件或文件夹；不填就跑自带的例子。")
    ] = None,
    json: Json = False,
    coverage: Annotated[
        bool, typer.Option("--coverage", help="再列出程序里哪些步骤、结果、条件没有例子看到。")
    ] = False,
    new: Annotated[
        str | None, typer.Option("--new", metavar="PROCEDURE", help="印出这个程序的一份新例子，照着改。")
    ] = None,
    drafts: With = None,
) -> int:
    """Print the first difference of each case that has one; 1 if there is one. Of the coverage, 1 if there is a gap."""
    with texts_with(drafts) as library:
        if new is not None:
            return _new(library, new)
        return _tried(library, paths, json=json, coverage=coverage)


def _tried(library: Library, paths: list[Path] | None, *, json: bool, coverage: bool) -> int:
    seen = Seen()
    try:
        cases = Cases(library, watch=seen.watch if coverage else None)
        files = files_in(paths or [EXAMPLES], case_files, "例子")
        results = [result for each in files for result in cases.run_file(each)]
        every = () if paths or not coverage else cases.library.procedures()
        covered = seen.covered(cases.library, cases.titles, every)
    except Unreadable as error:
        more = len(error.findings) - 1
        rest = f"（还有 {more} 处，运行 cunyi check 看全部）" if more else ""
        raise WrongCall(f"例子写得不对，没有跑：{error.findings[0].line()}{rest}") from None
    different = [each for each in results if each.difference is not None]
    if json:
        said = {
            "files": len(files),
            "cases": len(results),
            "differences": [each.as_data() for each in different],
        }
        print_json({**said, "coverage": as_data(covered)} if coverage else said)
    else:
        for each in different:
            typer.echo(each.line())
        words = f"{len(different)} 个和所说的不一样" if different else "都和所说的一样"
        typer.echo(f"跑了 {len(files)} 个文件、{len(results)} 个例子，{words}")
        for line in in_text(covered) if coverage else ():
            typer.echo(line)
    gaps = coverage and any(each.gaps for each in covered)
    return 1 if different or gaps else 0


def _new(library: Library, procedure: str) -> int:
    """Print a new file of cases for a procedure."""
    try:
        typer.echo(skeleton(Cases(library), procedure), nl=False)
    except (NotInForce, Unreadable) as error:
        raise WrongCall(str(error)) from None
    return 0
