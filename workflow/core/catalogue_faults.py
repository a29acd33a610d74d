"""What may not stand in a catalogue: gaps and overlaps of its money tables, questions nobody asks, statutory kinds moved."""

from collections.abc import Callable, Iterator, Mapping

from workflow.core.catalogue import MOST_QUESTIONS, TIERS, Amounts, Catalogue, Kind
from workflow.core.conditions import Comparison, Condition
from workflow.core.facts import LARGEST
from workflow.core.findings import did_you_mean
from workflow.core.procedure import Problem

# What the opening form itself asks, or the entry itself keeps: no question may take these names.
RESERVED = frozenset(
    {
        "kind", "tier", "class", "title", "source", "mover", "supporters", "reason", "amount_fen", "funds", "plan",
        "late_reason",
    }
)  # fmt: skip
_WEIGHT = {"major": 3, "collective": 3, "general": 2, "assist": 2, "daily": 1}


def faults(catalogue: Catalogue, procedures: tuple[str, ...]) -> Iterator[Problem]:
    """Yield everything that may not stand in the catalogue by itself; `procedures` are the ids there are."""
    for name, rows in catalogue.money.items():
        yield from _table(("money", name), name, rows)
        for index, row in enumerate(rows):
            yield from _known(("money", name, index, "procedure"), row.procedure, procedures)
    seen: dict[str, str] = {}
    for index, kind in enumerate(catalogue.kinds):
        path = ("kinds", index)
        for name, value in (("id", kind.id), ("title", kind.title), ("number", str(kind.number))):
            if seen.setdefault(f"{name} {value}", kind.id) != kind.id or (
                name == "id" and kind.id in {each.id for each in catalogue.kinds[:index]}
            ):
                yield Problem(
                    (*path, name), "P211", f"“{value}”写了两次，前一次是“{seen[f'{name} {value}']}”"
                )
        yield from _known((*path, "procedure"), kind.procedure, procedures)
        yield from _kind(path, kind, catalogue, procedures)


def _known(path: tuple[str | int, ...], wanted: str, procedures: tuple[str, ...]) -> Iterator[Problem]:
    if wanted not in procedures:
        yield Problem(path, "P210", f"没有“{wanted}”这个程序", did_you_mean(wanted, procedures))


def _kind(
    path: tuple[str | int, ...], kind: Kind, catalogue: Catalogue, procedures: tuple[str, ...]
) -> Iterator[Problem]:
    if kind.money is not None and kind.money not in catalogue.money:
        words = f"没有“{kind.money}”这张金额表"
        yield Problem((*path, "money"), "P216", words, did_you_mean(kind.money, tuple(catalogue.money)))
    if len(kind.asks) + (kind.money is not None) > MOST_QUESTIONS:
        yield Problem((*path, "asks"), "P217", f"连同金额最多问 {MOST_QUESTIONS} 个问题")
    for number, question in enumerate(kind.asks):
        if question.id in RESERVED or question.id in {each.id for each in kind.asks[:number]}:
            yield Problem((*path, "asks", number, "id"), "P217", f"“{question.id}”已经有别的意思，换一个代号")
    for number, route in enumerate(kind.routes):
        here = (*path, "routes", number)
        yield from _known((*here, "procedure"), route.procedure, procedures)
        yield from _answers((*here, "when"), route.when, kind)
    if kind.cadence is not None and kind.every is None:
        yield Problem((*path, "cadence"), "P215", "写了法律对多久一次的规定，没有写多久办一次（every）")
    if kind.delegable and kind.non_delegable_as is not None:
        yield Problem((*path, "delegable"), "P215", "法律列为不得授权的，不能写可以授权")


def _answers(path: tuple[str | int, ...], condition: Condition, kind: Kind) -> Iterator[Problem]:
    known = {each.id: {one.id for one in each.answers} for each in kind.asks}
    for name, wanted in (condition.answers or {}).items():
        if name not in known:
            words = f"这类事项没有问“{name}”"
            yield Problem((*path, "answers"), "P217", words, did_you_mean(name, tuple(known)))
            continue
        for each in (wanted,) if isinstance(wanted, str) else wanted:
            if each not in known[name]:
                words = f"“{name}”没有“{each}”这个答案"
                yield Problem((*path, "answers", name), "P217", words, did_you_mean(each, tuple(known[name])))
    for index, alternative in enumerate(condition.any_of or ()):
        yield from _answers((*path, "any_of", index), alternative, kind)


def span(bounds: Comparison) -> tuple[int, int]:
    """Return the first and the last whole fen within the bounds."""
    first = max(
        bounds.at_least if bounds.at_least is not None else 0,
        bounds.more_than + 1 if bounds.more_than is not None else 0,
    )
    last = min(
        bounds.at_most if bounds.at_most is not None else LARGEST,
        bounds.less_than - 1 if bounds.less_than is not None else LARGEST,
    )
    return first, last


def _table(path: tuple[str | int, ...], name: str, rows: tuple[Amounts, ...]) -> Iterator[Problem]:
    spans = [(*span(row.amount_fen), index) for index, row in enumerate(rows)]
    for first, last, index in spans:
        if first > last:
            yield Problem((*path, index, "amount_fen"), "P218", "没有哪个金额合这一行")
    following = 0
    for first, last, index in sorted(each for each in spans if each[0] <= each[1]):
        here = (*path, index, "amount_fen")
        if first > following:
            yield Problem(here, "P218", f"“{name}”表缺一段：{_said(following, first - 1)}没有规定")
        elif first < following:
            yield Problem(here, "P219", f"“{name}”表重叠：{_said(first, min(last, following - 1))}有两条规定")
        following = max(following, last + 1)
    if following <= LARGEST:
        yield Problem(path, "P218", f"“{name}”表缺一段：{_yuan(following)} 元以上没有规定")


def _said(first: int, last: int) -> str:
    return f"{_yuan(first)} 元" if first == last else f"{_yuan(first)} 元到 {_yuan(last)} 元"


def _yuan(fen: int) -> str:
    whole, rest = divmod(fen, 100)
    return f"{whole}.{rest:02d}" if rest else str(whole)


def moved(national: Catalogue, here: Catalogue, decides: Callable[[str], str]) -> Iterator[Problem]:
    """Yield every statutory kind a layer has removed, lowered, or sent to another decider; `decides` asks a procedure."""
    mine: Mapping[str, tuple[int, Kind]] = {kind.id: (index, kind) for index, kind in enumerate(here.kinds)}
    for theirs in national.kinds:
        if not theirs.statutory:
            continue
        if theirs.id not in mine:
            words = f"“{theirs.title}”由法律规定，不能从清单里删去（{theirs.basis}）"
            yield Problem(("kinds",), "F302", words)
            continue
        index, kind = mine[theirs.id]
        kept = {each.procedure for each in national.leads_to(theirs)}
        lawful = {decides(each) for each in kept}
        least = min(_WEIGHT[each.tier] for each in national.leads_to(theirs))
        for each in here.leads_to(kind):
            if _WEIGHT[each.tier] < least:
                words = f"“{kind.title}”不能降为{TIERS[each.tier]}（{theirs.basis}）"
                yield Problem(("kinds", index, "tier"), "F302", words)
            elif decides(each.procedure) not in lawful:
                words = f"“{kind.title}”由谁决定是法律规定的，不能改走“{each.procedure}”（{theirs.basis}）"
                yield Problem(("kinds", index, "procedure"), "F302", words)
            elif theirs.non_delegable_as and each.procedure not in kept:
                words = (
                    f"“{kind.title}”法律规定不能交给代表决定，不能改走“{each.procedure}”（{theirs.basis}）"
                )
                yield Problem(("kinds", index, "procedure"), "F302", words)
        fewer = kind.non_delegable_as != theirs.non_delegable_as and theirs.non_delegable_as
        if not kind.statutory or (kind.delegable and not theirs.delegable) or fewer:
            words = f"“{kind.title}”由法律规定，不能改写 statutory、delegable 或 non_delegable_as（{theirs.basis}）"
            yield Problem(("kinds", index), "F302", words)
