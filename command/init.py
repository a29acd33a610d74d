"""`cunyi init`: a new installation, and the one-time code by which its first administrator gets in."""

import re
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl, located, opened
from web import store
from web.settings import Settings
from workflow.installation import AlreadyHere, Installation, create
from workflow.store import places

COUNTY = re.compile(r"[1-9][0-9]{5}000000", re.ASCII)
LONGEST_NAME = 80


def init(
    county: Annotated[str, typer.Option(metavar="CODE", help="县级区划代码，12 位，后 6 位是 0。")],
    name: Annotated[str, typer.Option(metavar="NAME", help="县（市、区）名，例如 临沭县。")],
    data: Data = None,
    database: DatabaseUrl = None,
    json: Json = False,
) -> None:
    """Make an installation, or a new code for one that nobody has set up yet."""
    if not COUNTY.fullmatch(county):
        raise WrongCall(f"{county} 不是县级区划代码：要 12 位数字，后 6 位是 0")
    if not 1 <= len(name.strip()) <= LONGEST_NAME or not name.isprintable():
        raise WrongCall(f"县名要填 1 到 {LONGEST_NAME} 个字")
    folder, url = located(data, database)
    try:
        here = create(folder, county, name.strip(), url=url)
    except AlreadyHere:
        here = _not_set_up_yet(opened(data, database), county)
    now = here.clock()
    with here.database.writing() as conn:
        code = store.issue_code(conn, "setup", now)
    address = f"{Settings(data=folder).url}/setup"
    origin = here.signer.status().origin
    here.database.close()
    if json:
        until = store.stamp(now + store.LIFETIME["setup"])
        print_json(
            {
                "data": str(folder),
                "county": county,
                "origin": origin,
                "setup_code": code,
                "setup_url": address,
                "setup_code_until": until,
            }
        )
        return
    typer.echo(f"建好了：{folder}\n启用码：{code}（30 分钟内有效，只能用一次）")
    typer.echo(f"下一步：运行 cunyi serve --data {folder}，在浏览器里打开 {address}")


def _not_set_up_yet(here: Installation, county: str) -> Installation:
    with here.database.reading() as conn:
        if store.has_account(conn):
            raise WrongCall("这里已经建好并启用了，不会覆盖；忘了密码请找管理员，或用 cunyi user code")
        if places.name_of(conn, county) is None:
            raise WrongCall(f"这里已经建好，但不是 {county} 的")
    return here
