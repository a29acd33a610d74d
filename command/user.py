"""`cunyi user`: accounts from the command line, for whoever keeps the machine."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Literal

import typer
from sqlalchemy import Connection

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl, opened
from web import store
from web.pages import GROUP_WORDS
from web.tables import Account
from workflow.installation import Installation

Group = Literal["secretary", "committee", "township", "county", "auditor", "administrator"]
Login = Annotated[str, typer.Argument(metavar="NAME", help="登录名。")]

user = typer.Typer(rich_markup_mode=None)


@user.command("list", help="列出账号。")
def list_users(data: Data = None, database: DatabaseUrl = None, json: Json = False) -> None:
    """Print every account."""
    with reading(data, database) as (_, conn):
        found = store.accounts(conn)
    if json:
        print_json({"accounts": [_shown(each) for each in found]})
        return
    for each in found:
        closed = "　已停用" if each.closed_at else ""
        words = GROUP_WORDS[each.group_name]
        typer.echo(f"{each.name}　{each.display}　{words}　{each.place_name}（{each.scope}）{closed}")


@user.command("add", help="新开一个账号，印出设密码用的一次性代码。")
def add_user(
    name: Login,
    display: Annotated[str, typer.Option(metavar="NAME", help="姓名。")],
    group: Annotated[Group, typer.Option(help="岗位。")],
    scope: Annotated[str, typer.Option(metavar="CODE", help="区划代码：县 6 位，镇 9 位，村 12 位。")],
    place_name: Annotated[str, typer.Option(metavar="NAME", help="地方名，例如 青山镇张庄村。")],
    data: Data = None,
    database: DatabaseUrl = None,
    *,
    json: Json = False,
) -> None:
    """Add an account without a password."""
    with writing(data, database) as (here, conn):
        if not store.has_account(conn):
            raise WrongCall("还没有启用；请先打开网页，用启用码建第一个管理员")
        try:
            person = store.create_account(
                conn,
                name=name,
                display=display,
                group=group,
                scope=scope,
                place_name=place_name,
                now=here.clock(),
            )
        except ValueError as error:
            raise WrongCall(str(error)) from None
        code = store.issue_code(conn, "reset", here.clock(), person)
    _say_code(name, person, code, json=json)


@user.command("code", help="给忘了密码的人一个一次性代码，24 小时内有效。")
def new_code(name: Login, data: Data = None, database: DatabaseUrl = None, json: Json = False) -> None:
    """Issue a code by which the person sets a new password."""
    with writing(data, database) as (here, conn):
        account = account_named(conn, name)
        code = store.issue_code(conn, "reset", here.clock(), account.person)
    _say_code(name, account.person, code, json=json)


@user.command("close", help="停用账号，登录和令牌一起作废；登记过的照样在。")
def close_user(name: Login, data: Data = None, database: DatabaseUrl = None, json: Json = False) -> None:
    """End an account."""
    with writing(data, database) as (here, conn):
        account = account_named(conn, name)
        store.close_account(conn, account.person, here.clock())
    if json:
        print_json({"closed": account.person})
    else:
        typer.echo(f"已停用：{name}")


def account_named(conn: Connection, name: str) -> Account:
    """Return the open account of a login name; `WrongCall` where there is none."""
    account = store.account_by_name(conn, name)
    if account is None or account.closed_at is not None:
        raise WrongCall(f"没有“{name}”这个账号，或已停用")
    return account


@contextmanager
def reading(data: Data, database: DatabaseUrl) -> Iterator[tuple[Installation, Connection]]:
    """The installation of the options, with a snapshot of its database."""
    here = opened(data, database)
    try:
        with here.database.reading() as conn:
            yield here, conn
    finally:
        here.database.close()


@contextmanager
def writing(data: Data, database: DatabaseUrl) -> Iterator[tuple[Installation, Connection]]:
    """The installation of the options, with a transaction on its database."""
    here = opened(data, database)
    try:
        with here.database.writing() as conn:
            yield here, conn
    finally:
        here.database.close()


def _shown(account: Account) -> dict[str, object]:
    return {
        "person": account.person,
        "name": account.name,
        "display": account.display,
        "group": account.group_name,
        "scope": account.scope,
        "place_name": account.place_name,
        "closed_at": account.closed_at,
    }


def _say_code(name: str, person: str, code: str, *, json: bool) -> None:
    if json:
        print_json({"name": name, "person": person, "code": code})
    else:
        typer.echo(f"{name} 的一次性代码：{code}\n请本人打开登录页的“忘了密码”，24 小时内用它设密码")
