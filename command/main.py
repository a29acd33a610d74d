"""`cunyi`: one file a command. Exit status 0 it holds, 1 it does not, 2 the call was wrong (3: see `verify`)."""

import sqlite3
import sys
from collections.abc import Callable, Mapping, Sequence

import psycopg
import typer
from sqlalchemy.exc import SQLAlchemyError

from command.backup import backup
from command.case import case
from command.check import check
from command.demo import demo
from command.diff import diff
from command.init import init
from command.publish import publish
from command.rebuild import rebuild
from command.restore import restore
from command.route import route
from command.serve import serve
from command.show import show
from command.token import token
from command.user import user
from command.verify import verify
from workflow.store.database import ReadOnly

OUTSIDE = (OSError, SQLAlchemyError, sqlite3.Error, psycopg.Error, ReadOnly)
"""What the world outside may do to any command: files, disks, servers that do not answer."""

app = typer.Typer(
    name="cunyi",
    help="村议：村里的事，按程序办，留得下记录。",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
COMMANDS: Mapping[Callable[..., int | None], str] = {
    demo: "打开演示：一个造好的县，用演示日期，不能办真事。",
    init: "新建一套登记，印出一次性启用码；没有人启用之前，可以再运行一次换新码。",
    serve: "打开网页服务，按 Ctrl+C 停下。",
    check: "检查程序、各级文本、事项清单、法条、日历和例子，每个毛病一行。",
    case: "跑例子：每个例子说的和算出来的一样不一样，不一样的指出第一处。",
    route: "要办什么事：找到事项，列出开什么会、谁召集、怎么开、多少天。",
    show: "用文字写出在一个地方起作用的程序，每个数写明是哪一级定的；也可以画成图。",
    diff: "两个地方或两个日子的程序，哪里不同，用文字说。",
    verify: "核对登记簿：每个字节、每个签名、每一步决定重新算一遍。",
    publish: "施行一份文本（程序、事项清单或者改它们的一层）：一人提出，另一人批准，记入登记册。",
    rebuild: "把事项一览表从登记簿重新做出来。",
    backup: "备份：不用停服务，做完当场核对。",
    restore: "从备份恢复到一个空文件夹，用新的登记册名号接着登记。",
}
for function, words in COMMANDS.items():
    app.command(help=words)(function)
app.add_typer(user, name="user")
app.add_typer(token, name="token")


def main() -> None:
    """Run the command line of this process and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; a wrong call is one line on stderr."""
    try:
        status = app(list(arguments), prog_name="cunyi", standalone_mode=False)
    except typer.TyperException as error:
        return _said(error.format_message(), error.exit_code)
    except OUTSIDE as error:
        return _said(str(error) or type(error).__name__, 2)
    return status if isinstance(status, int) else 0


def _said(message: str, status: int) -> int:
    typer.echo("cunyi: " + " ".join(message.split()), err=True)
    return status
