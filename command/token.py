"""`cunyi token`: API tokens of a person."""

from datetime import timedelta
from typing import Annotated, Literal

import typer

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl
from command.user import Login, account_named, reading, writing
from web import store

token = typer.Typer(rich_markup_mode=None)


@token.command("list", help="列出一个人的令牌。")
def list_tokens(name: Login, data: Data = None, database: DatabaseUrl = None, json: Json = False) -> None:
    """Print a person's tokens, without their secrets."""
    with reading(data, database) as (_, conn):
        found = store.tokens_of(conn, account_named(conn, name).person)
    shown = [
        each.model_dump(include={"kid", "scope", "label", "created_at", "expires_at", "revoked_at"})
        for each in found
    ]
    if json:
        print_json({"tokens": shown})
        return
    for each in shown:
        state = "已作废" if each["revoked_at"] else f"到 {each['expires_at'][:10]}"
        typer.echo(f"{each['kid']}　{each['scope']}　{each['label']}　{state}")


@token.command("new", help="发一个新令牌，只印这一次。")
def new_token(
    name: Login,
    scope: Annotated[
        Literal["read", "act", "witness"], typer.Option(help="能做什么：只看、办事、见证。")
    ] = "read",
    days: Annotated[int, typer.Option(min=1, max=365, help="几天有效。")] = 90,
    label: Annotated[str, typer.Option(help="给谁用、做什么用。")] = "",
    data: Data = None,
    database: DatabaseUrl = None,
    *,
    json: Json = False,
) -> None:
    """Issue a token."""
    with writing(data, database) as (here, conn):
        person = account_named(conn, name).person
        secret = store.issue_token(conn, person, scope, label, here.clock(), timedelta(days=days))
    if json:
        print_json({"token": secret, "scope": scope, "days": days})
    else:
        typer.echo(secret)


@token.command("revoke", help="作废一个令牌。")
def revoke_token(
    name: Login,
    kid: Annotated[str, typer.Argument(metavar="KID", help="令牌 cy_ 后面那一段，见 token list。")],
    data: Data = None,
    database: DatabaseUrl = None,
    json: Json = False,
) -> None:
    """End a token."""
    with writing(data, database) as (here, conn):
        if not store.revoke_token(conn, account_named(conn, name).person, kid, here.clock()):
            raise WrongCall(f"{name} 没有还能用的令牌 {kid}")
    if json:
        print_json({"revoked": kid})
    else:
        typer.echo(f"已作废：{kid}")
