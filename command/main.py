"""`cunyi`: one file a command. Exit status 0 it holds, 1 it does not, 2 the call was wrong (3: see `verify`)."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from importlib import import_module

import typer

COMMANDS: Mapping[str, str] = {
    "demo": "打开演示：一个造好的县，用演示日期，不能办真事。",
    "init": "新建一套登记，印出一次性启用码；没有人启用之前，可以再运行一次换新码。",
    "serve": "打开网页服务，按 Ctrl+C 停下。",
    "check": "检查程序、各级文本、事项清单、法条、日历和例子，每个毛病一行。",
    "case": "跑例子：每个例子说的和算出来的一样不一样，不一样的指出第一处。",
    "route": "要办什么事：找到事项，列出开什么会、谁召集、怎么开、多少天。",
    "show": "用文字写出在一个地方起作用的程序，每个数写明是哪一级定的；也可以画成图。",
    "diff": "两个地方或两个日子的程序，哪里不同，用文字说。",
    "verify": "核对登记簿：每个字节、每个签名、每一步决定重新算一遍。",
    "publish": "施行一份文本（程序、事项清单或者改它们的一层）：一人提出，另一人批准，记入登记册。",
    "rebuild": "把事项一览表从登记簿重新做出来。",
    "backup": "备份：不用停服务，做完当场核对。",
    "restore": "从备份恢复到一个空文件夹，用新的登记册名号接着登记。",
    "user": "账号：列出、新开、重置密码、停用。",
    "token": "API 令牌：列出、新发、作废。",
}
"""What can be called, each in the file of its name."""


def main() -> None:
    """Run the command line of this process and exit with its status."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: Sequence[str]) -> int:
    """Run one command and return its exit status; a wrong call is one line on stderr."""
    app = application([each for each in arguments[:1] if each in COMMANDS] or COMMANDS)
    try:
        status = app(list(arguments), prog_name="cunyi", standalone_mode=False)
    except typer.TyperException as error:
        return _said(error.format_message(), error.exit_code)
    except _outside() as error:
        return _said(str(error) or type(error).__name__, 2)
    return status if isinstance(status, int) else 0


def application(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """Return the command line with these commands; no other is imported, so that none waits for what it does not use."""
    app = typer.Typer(
        name="cunyi",
        help="村议：村里的事，按程序办，留得下记录。",
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    # Without a callback, typer takes the only command there is for the whole program.
    app.callback()(lambda: None)
    for name in names:
        command = getattr(import_module(f"command.{name}"), name)
        if isinstance(command, typer.Typer):
            app.add_typer(command, name=name, help=COMMANDS[name])
        else:
            app.command(help=COMMANDS[name])(command)
    return app


def _outside() -> tuple[type[BaseException], ...]:
    outside: tuple[type[BaseException], ...] = import_module("command.installation").OUTSIDE
    return outside


def _said(message: str, status: int) -> int:
    typer.echo("cunyi: " + " ".join(message.split()), err=True)
    return status
