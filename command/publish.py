"""`cunyi publish`: a procedure, layer or catalogue is put in force: one person proposes, another approves."""

import secrets
from pathlib import Path
from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.installation import Data, DatabaseUrl, opened
from web import store
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.core.findings import Unreadable
from workflow.core.place_acts import PUBLISH
from workflow.core.words import in_words
from workflow.drafts import head_of
from workflow.installation import Installation
from workflow.published import county_of, keep, published
from workflow.request import Malformed, Receipt, Request
from workflow.shelves import read_file
from workflow.store.documents import TooLarge

STATES = {"waiting": "等另一人批准", "in_force": "已批准", "declined": "没有批准"}


def publish(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", help="要施行的文本；不填就列出已有的。")
    ] = None,
    approve: Annotated[
        int | None, typer.Option(metavar="NUMBER", min=1, help="批准第几条登记提出的文本。")
    ] = None,
    token: Annotated[
        str,
        typer.Option(
            envvar="CUNYI_TOKEN", metavar="TOKEN", help="本人的办事令牌（cunyi token new --scope act）。"
        ),
    ] = "",
    data: Data = None,
    database: DatabaseUrl = None,
    *,
    json: Json = False,
) -> int:
    """Propose a text, approve one, or list them; 1 where the text or the act may not stand, with every reason."""
    if file is not None and approve:
        raise WrongCall("提出和批准是两个人的事：FILE 和 --approve 只能写一个")
    here = opened(data, database)
    try:
        if file is None and not approve:
            return _list(here, json=json)
        answer = advance(here, _request(here, file, approve, token))
        here.signer.sign_pending()
    finally:
        here.database.close()
    if isinstance(answer, Receipt):
        number = answer.entry.pseq
        said = {"number": number, "outcome": answer.entry.computed["outcome"], "seq": answer.entry.seq}
        words = (
            f"已批准，记在第 {number} 条"
            if approve
            else f"已提出，记在第 {number} 条；请另一人用 --approve {number} 批准"
        )
        print_json(said) if json else typer.echo(words)
        return 0
    if isinstance(answer, Malformed):
        lines = [each.message for each in answer.errors]
    elif isinstance(answer, Refusal):
        lines = [f"{each.found}；{each.required}。{each.hint}" for each in map(in_words, answer.unmet)]
    else:
        raise WrongCall("这一条登记不在这里")
    for line in lines:
        typer.echo(line)
    return 1


def _request(here: Installation, file: Path | None, approve: int | None, token: str) -> Request:
    now = here.clock()
    with here.database.reading() as conn:
        known = store.token_holder(conn, token, now) if token else None
        county = county_of(conn)
    if known is None or known[1] != "act":
        raise WrongCall("请用 --token 或 CUNYI_TOKEN 给出本人的办事令牌")
    facts: dict[str, object] = {"confirms": approve or 0}
    if file is not None:
        try:
            first = head_of(read_file(file)).first_day
            facts = {"text": [keep(here, file).digest], "from": first.isoformat()}
        except Unreadable as error:
            raise WrongCall(error.findings[0].line()) from None
        except (OSError, TooLarge) as error:
            raise WrongCall(f"{file} 读不了：{error}") from None
    return Request(
        place=county, matter=None, action=PUBLISH if file else "confirm", actor=known[0].person,
        acted_on=civil_day(now), facts=facts, key=secrets.token_hex(16), auth="token",
    )  # fmt: skip


def _list(here: Installation, *, json: bool) -> int:
    with here.database.reading() as conn:
        found = published(conn)
    if json:
        print_json(
            [
                {
                    "number": each.pseq, "digest": each.digest, "from": each.first_day.isoformat(), "state": each.state,
                    "proposed_by": each.proposed_by, "approved_by": each.approved_by,
                }
                for each in found
            ]
        )  # fmt: skip
    else:
        for each in found:
            typer.echo(f"第 {each.pseq} 条　自 {each.first_day} 起　{STATES[each.state]}　{each.digest}")
    return 0
