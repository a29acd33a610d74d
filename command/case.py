"""`cunyi case`: runs readable cases and names the first difference of each that does not come out as it says."""

from pathlib import Path
from typing import Annotated

import typer

from command.installation import Json, WrongCall, print_json
from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases, Result, case_files
from workflow.core.findings import Unreadable
from workflow.library import Library
from workflow.shelves import SHIPPED


def case(
    paths: Annotated[
        list[Path] | None, typer.Argument(metavar="PATH...", help="文件或文件夹；不填就跑自带的例子。")
    ] = None,
    json: Json = False,
) -> int:
    """Print the first difference of each case that has one; 1 if there is one."""
    results: list[Result] = []
    files = 0
    try:
        cases = Cases(Library(SHIPPED))
        for path in paths or [EXAMPLES]:
            found = case_files(path)
            if not found:
                raise WrongCall(f"{path} 里没有例子" if path.is_dir() else f"没有 {path} 这个文件")
            files += len(found)
            results += [result for each in found for result in cases.run_file(each)]
    except Unreadable as error:
        more = len(error.findings) - 1
        rest = f"（还有 {more} 处，运行 cunyi check 看全部）" if more else ""
        raise WrongCall(f"例子写得不对，没有跑：{error.findings[0].line()}{rest}") from None
    different = [each for each in results if each.difference is not None]
    if json:
        print_json(
            {"files": files, "cases": len(results), "differences": [each.as_data() for each in different]}
        )
    else:
        for each in different:
            typer.echo(each.line())
        said = f"{len(different)} 个和所说的不一样" if different else "都和所说的一样"
        typer.echo(f"跑了 {files} 个文件、{len(results)} 个例子，{said}")
    return 1 if different else 0
