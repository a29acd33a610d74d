"""What a layer may not take from the text above it: who decides and who checks, what the law has others approve, what must be done first.

Numbers have floors; these have none. Each is compared stage by stage with the text that the layers change, and told as F303.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from workflow.core.procedure import Problem, Procedure
from workflow.core.stage import Stage
from workflow.core.stages.ballot import Ballot
from workflow.core.stages.contract import Contract
from workflow.core.stages.inspection import Inspection
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting
from workflow.core.stages.record import Record
from workflow.core.stages.signoff import Signoff

HIGHER: Final = frozenset({"villagers_assembly", "member_assembly"})
"""Bodies that everybody belongs to: a layer may always send a matter to them."""
ASSEMBLIES: Final = HIGHER | {"party_meeting", "rep_assembly", "member_reps", "group_meeting", "levy_reps"}
"""Bodies that many belong to: what the text above puts before them, a layer may not settle without them."""
_KEEP: Final = "照上级文本留着；可以再加，不能减"

Path = tuple[str | int, ...]


def lowered(above: Procedure, here: Procedure) -> Iterator[Problem]:
    """Yield everything in which `here`, with its layers, falls behind the text `above` that they change."""
    if above.decides not in ("none", here.decides):
        yield _problem(("decides",), "由谁决定，下级文本不能改")
    for each in above.always:
        if each not in here.always:
            yield _problem(("always",), f"上级文本要求任何走法都做到“{each.title}”，下级文本不能去掉")
    if more := set(here.settings.second_office) - set(above.settings.second_office):
        words = "复核确认的人，下级文本只能减少，不能换成别的职务"
        yield _problem(("settings", "second_office"), words, "去掉：" + "、".join(sorted(more)))
    for stage in above.stages:
        mine = here.by_id.get(stage.id)
        if mine is None:
            if isinstance(stage, Meeting) and set(stage.rules) & ASSEMBLIES:
                yield _problem(("stages",), f"上级文本里“{stage.title}”这个会，下级文本不能去掉")
            if isinstance(stage, Signoff) and stage.binding:
                yield _problem(
                    ("stages",), f"法律规定须经批准的“{stage.title}”不能去掉（{'；'.join(stage.binding)}）"
                )
        else:
            yield from (
                Problem(("stages", stage.id, *path), "F303", words, _KEEP) for path, words in _of(stage, mine)
            )


def _problem(path: Path, words: str, hint: str = _KEEP) -> Problem:
    return Problem(path, "F303", words, hint)


def _of(above: Stage, here: Stage) -> Iterator[tuple[Path, str]]:
    """Yield what a stage of the same name no longer is."""
    for name, words in (("kind", "是哪一种步骤"), ("phase", "属于哪一个阶段")):
        if getattr(above, name) != getattr(here, name):
            yield (name,), f"“{above.title}”{words}，下级文本不能改"
    for kind, compare in _COMPARED.items():
        if isinstance(above, kind) and isinstance(here, kind):
            yield from compare(above, here)


def _record(above: Record, here: Record) -> Iterator[tuple[Path, str]]:
    if {each.id for each in above.asks} - {each.id for each in here.asks}:
        yield ("asks",), f"“{above.title}”要逐项回答的，下级文本不能去掉"


def _meeting(above: Meeting, here: Meeting) -> Iterator[tuple[Path, str]]:
    for body in set(here.rules) - set(above.rules) - HIGHER:
        yield ("bodies", body), f"“{above.title}”由哪个会议决定，下级文本不能换成别的会议"


def _ballot(above: Ballot, here: Ballot) -> Iterator[tuple[Path, str]]:
    if above.purpose != here.purpose:
        yield ("purpose",), f"“{above.title}”投的是什么票，下级文本不能改"
    for name, words in (("secret", "无记名投票"), ("more_candidates", "候选人多于应选人数")):
        if getattr(above, name) and not getattr(here, name):
            yield (name,), f"“{above.title}”要{words}，下级文本不能去掉"


def _inspection(above: Inspection, here: Inspection) -> Iterator[tuple[Path, str]]:
    yield from _offices(above, above.by, here.by)


def _signoff(above: Signoff, here: Signoff) -> Iterator[tuple[Path, str]]:
    yield from _offices(above, above.by, here.by)
    if above.veto and not here.veto:
        yield ("veto",), f"“{above.title}”可以否决，下级文本不能去掉"
    if not above.binding:
        return
    for name, words in (("mode", "须经批准"), ("when", "什么情况须经批准")):
        if getattr(above, name) != getattr(here, name):
            yield (name,), f"“{above.title}”{words}是法律规定的（{'；'.join(above.binding)}），下级文本不能改"
    if set(above.binding) - set(here.binding):
        yield ("binding",), f"“{above.title}”须经批准的条文，下级文本不能去掉"


def _posting(above: Posting, here: Posting) -> Iterator[tuple[Path, str]]:
    for name, words in (("what", "公开什么"), ("pre_vote", "是不是表决前的公示")):
        if getattr(above, name) != getattr(here, name):
            yield (name,), f"“{above.title}”{words}，下级文本不能改"
    if set(above.media) - set(here.media):
        yield ("media",), f"“{above.title}”的公开方式，下级文本只能加"
    if above.photo and not here.photo:
        yield ("photo",), f"“{above.title}”要上传张贴照片，下级文本不能去掉"
    if above.floors() and above.when != here.when:
        yield ("when",), f"什么情况要“{above.title}”，下级文本不能改"


def _contract(above: Contract, here: Contract) -> Iterator[tuple[Path, str]]:
    days = here.after_filing_working_days if here.after_filing == above.after_filing else 0
    if days < above.after_filing_working_days:
        yield ("after_filing_working_days",), f"“{above.title}”之前报了以后满几个工作日，下级文本不能减少"


def _offices(above: Stage, theirs: Iterable[str], mine: Iterable[str]) -> Iterator[tuple[Path, str]]:
    if set(mine) - set(theirs):
        yield ("by",), f"“{above.title}”由谁办理，下级文本只能减少，不能换成别的职务"


_COMPARED: Final[Mapping[type[Stage], Callable[[Any, Any], Iterator[tuple[Path, str]]]]] = {
    Signoff: _signoff,
    Inspection: _inspection,
    Meeting: _meeting,
    Record: _record,
    Ballot: _ballot,
    Posting: _posting,
    Contract: _contract,
}
