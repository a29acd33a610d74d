"""`cunyi demo`: a seeded county on a training clock, served on this machine; its accounts and tokens are printed."""

import json
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from command.answers import WrongCall
from command.county import read_county
from command.seeding import PASSWORD, DemoAccount, StoryClock, seed
from command.serve import Port, listen, settings_of
from command.training_clock import TrainingClock
from web.app import create_app
from workflow.installation import Installation, create, open_at
from workflow.published import lay_out

CLOCK, ACCOUNTS = "demo-clock", "demo-accounts.json"


def demo(
    data: Annotated[
        Path | None, typer.Option(metavar="DIR", help="演示数据放在哪里；不填就用临时文件夹，停下后不再用。")
    ] = None,
    port: Port = 8000,
    *,
    seed_only: Annotated[bool, typer.Option("--seed-only", help="只造数据，不打开网页。")] = False,
) -> None:
    """Open the demo: made on the first call, kept in DIR over restarts."""
    folder = data or Path(tempfile.mkdtemp(prefix="cunyi-demo-"))
    here, accounts = made_or_opened(folder)
    settings = settings_of(port=port, data=folder, demo=True)
    typer.echo(f"演示数据：{folder}\n网址：{settings.url}\n密码都是：{PASSWORD}\n")
    for each in accounts:
        typer.echo(f"{each.login:<13}{each.place}　{each.person}\n{'':<13}API 令牌 {each.token}")
    if not seed_only:
        listen(create_app(settings, here), settings)
    here.close()


def made_or_opened(folder: Path) -> tuple[Installation, tuple[DemoAccount, ...]]:
    """Return the demo of a folder, seeding it if it is new; `WrongCall` for a folder with other data in it."""
    clock = TrainingClock(folder / CLOCK)
    if (folder / ACCOUNTS).exists():
        known = json.loads((folder / ACCOUNTS).read_text(encoding="utf-8"))
        here = open_at(folder, clock=clock)
        lay_out(here)
        return here, tuple(DemoAccount(**each) for each in known)
    if folder.exists() and any(folder.iterdir()):
        raise WrongCall(f"{folder} 里已有别的东西，演示请换一个空文件夹")
    county = read_county().county
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    story_clock = StoryClock()
    here = create(folder, county.code, county.name, clock=story_clock)
    accounts = seed(here, story_clock)
    clock.start_at(story_clock())
    here.clock = clock
    (folder / ACCOUNTS).write_text(json.dumps([asdict(each) for each in accounts]), encoding="utf-8")
    return here, accounts
