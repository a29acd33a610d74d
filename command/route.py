"""`cunyi route`: what must we do? From words like 村里要修路 to the meetings in order, who calls them, and how."""

from typing import Annotated

import typer

from command.answers import Json, WrongCall, print_json
from command.drafting import With, texts_with
from command.show import PLACE, day_of
from workflow.core.catalogue import Kind
from workflow.core.facts import FactValue, read_facts
from workflow.core.findings import Unreadable, did_you_mean
from workflow.forms import AMOUNT
from workflow.library import NotInForce
from workflow.routing import advise, as_data, found, in_text


def route(
    what: Annotated[str, typer.Argument(metavar="WORDS", help="要办什么事，例如 村里要修路；或者事项代号。")],
    place: Annotated[
        str, typer.Option(metavar="CODE", help="哪个地方（2、6、9 或 12 位代码）；不填是全国通用文本。")
    ] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="哪一天，例如 2026-03-01；不填是今天。")] = "",
    amount: Annotated[str, typer.Option(metavar="YUAN", help="预计多少元，例如 48000。")] = "",
    answer: Annotated[
        list[str] | None, typer.Option(metavar="QUESTION=ANSWER", help="清单里问的，例如 owner=group。")
    ] = None,
    drafts: With = None,
    json: Json = False,
) -> int:
    """Print the likeliest kind's advice, or the kinds there are to choose from; 1 where none fits the words."""
    if place and not PLACE.fullmatch(place):
        raise WrongCall(f"--place 要填 2、6、9 或 12 位区划代码，写的是 {place}")
    day = day_of(on)
    try:
        with texts_with(drafts) as library:
            catalogue = library.catalogue(day, place)
            kinds = [catalogue.by_id[what]] if what in catalogue.by_id else found(catalogue, what)
            if not kinds:
                typer.echo(f"事项清单里没有找到“{what}”。换一种说法，或者按一般事项办理。")
                return 1
            facts = _facts(kinds[0], amount, answer or [])
            advice = advise(library, catalogue, kinds[0], facts, place, day)
    except NotInForce as error:
        raise WrongCall(str(error)) from None
    except Unreadable as error:
        for each in error.findings:
            typer.echo(each.line())
        return 1
    if advice is None:
        raise WrongCall(f"“{kinds[0].title}”按金额定程序，请加 --amount 多少元")
    if json:
        print_json(
            {**as_data(advice), "others": [{"kind": each.id, "title": each.title} for each in kinds[1:]]}
        )
        return 0
    typer.echo(in_text(advice), nl=False)
    for question in kinds[0].asks:
        told = "、".join(f"{each.id}（{each.title}）" for each in question.answers)
        typer.echo(f"还可以说明 --answer {question.id}=…　{question.title}：{told}")
    if len(kinds) > 1:
        typer.echo("也可能是：" + "、".join(f"{each.title}（{each.id}）" for each in kinds[1:]))
    return 0


def _facts(kind: Kind, amount: str, answers: list[str]) -> dict[str, FactValue]:
    given: dict[str, object] = {}
    if amount:
        whole, _, rest = amount.replace(",", "").partition(".")
        if not (whole + rest).isdecimal() or not (whole + rest).isascii() or len(rest) > 2:  # noqa: PLR2004 (fen)
            raise WrongCall(f"--amount 要填多少元，例如 48000，写的是 {amount}")
        given[AMOUNT.name] = int(whole or 0) * 100 + int(rest.ljust(2, "0") or 0)
    known = [each.id for each in kind.asks]
    for each in answers:
        name, _, value = each.partition("=")
        if name not in known:
            raise WrongCall(f"“{kind.title}”没有问“{name}”。{did_you_mean(name, known)}")
        given[name] = value
    facts, errors = read_facts((AMOUNT, *kind.fields()), {**dict.fromkeys(known, None), **given})
    wrong = [each for each in errors if given.get(each.field) is not None]
    if wrong:
        raise WrongCall(wrong[0].message)
    return dict(facts.open)
