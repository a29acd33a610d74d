"""`cunyi restore`: a data folder from a backup, which goes on under a new epoch."""

from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy import delete, update

from command.answers import Json, WrongCall, print_json
from command.installation import Data, located, opened
from web import store
from workflow.backup import Damaged, NotPossible, Restored, check_backup
from workflow.backup import restore as restored
from workflow.core.entry import ClockSuspect
from workflow.store.signing import ForkRefused


def restore(
    backup: Annotated[Path, typer.Argument(metavar="BACKUP", help="cunyi backup 做的文件夹。")],
    data: Data = None,
    *,
    reason: Annotated[str, typer.Option(help="为什么恢复，写进登记册。")] = "",
    key: Annotated[Path | None, typer.Option(metavar="FILE", help="签名钥匙；备份里带了就不用写。")] = None,
    held: Annotated[
        Path | None, typer.Option(metavar="FILE", help="外面保存的最新见证副本，或旧数据文件夹里的 signed。")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只核对备份，什么也不写。")] = False,
    json: Json = False,
) -> int:
    """Restore into an empty folder: 0 done and all holds, 1 the backup is damaged or does not hold."""
    try:
        if dry_run:
            made = check_backup(backup)
            _print(
                json,
                {"whole": True, "manifest": made.model_dump(mode="json")},
                f"备份完好，登记册 {made.size} 条",
            )
            return 0
        if not reason.strip():
            raise WrongCall("请用 --reason 写明为什么恢复，要写进登记册")
        folder, _ = located(data, None)
        done = restored(backup, folder, reason.strip(), key=key, held=held)
    except (NotPossible, ClockSuspect) as error:
        raise WrongCall(str(error)) from None
    except Damaged as error:
        _print(json, {"whole": False, "faults": list(error.faults)}, "\n".join(error.faults))
        return 1
    except ForkRefused as error:
        _print(json, {"whole": False, "faults": [str(error)]}, str(error))
        return 1
    _end_logins(folder)
    _print(json, _data(folder, done), _words(folder, done))
    return 0 if done.report.holds else 1


def _end_logins(folder: Path) -> None:
    """End sessions, codes and tokens: those ended since the backup would be open again."""
    here = opened(folder, None)
    with here.database.writing() as conn:
        conn.execute(delete(store.SESSION))
        conn.execute(delete(store.CODE))
        conn.execute(
            update(store.TOKEN)
            .where(store.TOKEN.c.revoked_at.is_(None))
            .values(revoked_at=store.stamp(here.clock()))
        )
    here.database.close()


def _data(folder: Path, done: Restored) -> dict[str, object]:
    return {
        "whole": True,
        "data": str(folder),
        "origin": done.head.origin,
        "size": done.head.size,
        "root": done.head.root.hex(),
        "verified": done.report.as_data(),
    }


def _words(folder: Path, done: Restored) -> str:
    lines = [each.line() for each in done.report.findings]
    lines += [
        f"恢复好了：{folder}，从备份的 {done.manifest.size} 条接着登记，新的登记册名号 {done.head.origin}",
        "原来的登录和令牌都已作废，请重新登录、重新领令牌",
    ]
    return "\n".join(lines)


def _print(json: bool, data: dict[str, object], words: str) -> None:
    if json:
        print_json(data)
    else:
        typer.echo(words)
