"""`cunyi rebuild`: the table of matters, written anew from the register."""

import typer

from command.answers import Json, print_json
from command.installation import Data, DatabaseUrl, opened
from workflow.rebuild import Damaged
from workflow.rebuild import rebuild as rebuilt


def rebuild(data: Data = None, database: DatabaseUrl = None, json: Json = False) -> int:
    """Rebuild and say which rows were wrong; 1 if the register itself cannot be read through."""
    here = opened(data, database)
    try:
        done = rebuilt(here)
    except Damaged as error:
        if json:
            print_json({"rebuilt": False, "message": str(error)})
        else:
            typer.echo(str(error))
        return 1
    finally:
        here.database.close()
    if json:
        print_json({"rebuilt": True, "matters": done.matters, "changed": list(done.changed)})
        return 0
    for each in done.changed:
        typer.echo(f"已改正：{each}")
    typer.echo(f"共 {done.matters} 件事，改正 {len(done.changed)} 行")
    return 0
