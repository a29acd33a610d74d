"""The texts a command reads: those that come with the software, and drafts to be tried out with them."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Annotated

import typer

from command.answers import WrongCall
from workflow.check import texts_in
from workflow.core.findings import Unreadable
from workflow.core.nodes import Node
from workflow.drafts import is_text, trying
from workflow.library import Library
from workflow.shelves import SHIPPED, read_file

With = Annotated[
    list[Path] | None,
    typer.Option(
        "--with",
        metavar="PATH",
        help="连这份草稿（或文件夹里的草稿）一起读，像已经施行一样；可以写几次。",
    ),
]


def files_in(
    paths: list[Path], find: Callable[[Path], list[Path]] = texts_in, what: str = " .yaml 文件"
) -> list[Path]:
    """Return the files that `find` finds under some paths, each once; `WrongCall` for a path without any."""
    files: list[Path] = []
    for path in paths:
        found = find(path)
        if not found:
            raise WrongCall(f"{path} 里没有{what}" if path.is_dir() else f"没有 {path} 这个文件")
        files += found
    return list(dict.fromkeys(files))


@contextmanager
def texts_with(drafts: list[Path] | None) -> Iterator[Library]:
    """Give the software's texts and the drafts; a draft that cannot be read is told in full, and ends the command with 1."""
    with ExitStack() as kept:
        try:
            library = kept.enter_context(trying(Library(SHIPPED), _nodes(drafts or [])))
        except Unreadable as error:
            for each in error.findings:
                typer.echo(each.line())
            raise typer.Exit(1) from None
        yield library


def _nodes(drafts: list[Path]) -> Iterator[Node]:
    """Read every draft; what else lies in a folder, like the cases that try them, is left aside."""
    for path in drafts:
        for file in files_in([path]):
            node = read_file(file)
            if is_text(node) or not path.is_dir():
                yield node
