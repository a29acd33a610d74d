"""Runs commands each in a process of its own, forked from one that has already imported them."""

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from command.main import application, main

ROOT = Path(__file__).parent.parent
_LONGEST = 60
application()  # imports every command, once for all forks


class Done(NamedTuple):
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str


def environment(more: Mapping[str, str]) -> dict[str, str]:
    """The environment of the tests without settings of Cunyi, and with these."""
    return {**{name: value for name, value in os.environ.items() if not name.startswith("CUNYI_")}, **more}


def call(arguments: Sequence[str], more: Mapping[str, str]) -> Done:
    """Run `cunyi` with these arguments from the project's folder."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload([__name__])
    with tempfile.TemporaryDirectory() as folder:
        out, err = Path(folder, "out"), Path(folder, "err")
        process = context.Process(target=_in_child, args=(list(arguments), environment(more), out, err))
        process.start()
        process.join(_LONGEST)
        if process.exitcode is None:
            process.kill()
            raise TimeoutError(f"{arguments} ran for more than {_LONGEST} seconds")
        return Done(process.exitcode, out.read_text(encoding="utf-8"), err.read_text(encoding="utf-8"))


def _in_child(arguments: list[str], variables: dict[str, str], out: Path, err: Path) -> None:
    for stream, path in ((sys.stdout, out), (sys.stderr, err)):
        with path.open("wb") as file:
            os.dup2(file.fileno(), stream.fileno())
    os.chdir(ROOT)
    os.environ.clear()
    os.environ.update(variables)
    sys.argv[1:] = arguments
    main()
