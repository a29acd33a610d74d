"""`cunyi backup`: a checked copy of everything, made while the server runs."""

from pathlib import Path
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl, located, opened
from workflow.backup import Damaged, Manifest, NotPossible, back_up
from workflow.store.signing import ForkRefused


def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="备份放进这个新文件夹。")],
    data: Data = None,
    database: DatabaseUrl = None,
    *,
    with_key: Annotated[
        bool, typer.Option("--with-key", help="连签名钥匙一起备份；谁拿到谁就能签名。")
    ] = False,
    json: Json = False,
) -> int:
    """Make a backup: 0 it is whole and its register holds, 1 it is made of a damaged one or could not be made."""
    folder, _ = located(data, database)
    here = opened(data, database)
    try:
        made = back_up(here, folder, target, with_key=with_key)
    except NotPossible as error:
        raise WrongCall(str(error)) from None
    except (Damaged, ForkRefused) as error:
        if json:
            print_json({"made": False, "message": str(error)})
        else:
            typer.echo(f"没有备份：{error}")
        return 1
    finally:
        here.database.close()
    if json:
        print_json({"made": True, "folder": str(target), "manifest": made.model_dump(mode="json")})
    else:
        _say(target, made)
    return 0 if made.holds and not made.missing else 1


def _say(target: Path, made: Manifest) -> None:
    typer.echo(f"备份好了：{target}，登记册 {made.origin} {made.size} 条，附件 {len(made.documents)} 个")
    for digest in made.missing:
        typer.echo(f"附件不见了或被改动：{digest}")
    if not made.holds:
        typer.echo("登记册核对有不符，请运行 cunyi verify 看清楚")
    if not made.with_key:
        typer.echo("备份里没有签名钥匙，恢复时要用；请把数据文件夹里的 key 另外妥善保管")
