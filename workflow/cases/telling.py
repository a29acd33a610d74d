"""Says, in words, the first thing in which what came of a case differs from what the case says."""

import datetime
from collections.abc import Iterable, Sequence

from workflow.cases.texts import Case
from workflow.cases.walking import Answer, Walk
from workflow.cases.words import bare, day_of, token
from workflow.core.attempt import Decision, Refusal, Requirement
from workflow.core.facts import FieldError
from workflow.core.matter import ENDS, stage_of
from workflow.core.outcomes import OUTCOMES, outcome_words
from workflow.core.prospects import prospects
from workflow.core.stage import Window
from workflow.core.words import CHECKS, in_words


def difference(case: Case, walk: Walk, answer: Answer) -> str | None:
    """Return the first difference in words, None where all is as the case says; `Misworded` for an unknown word."""
    if isinstance(answer, Refusal):
        return _refusal(case, answer.unmet)
    if isinstance(answer, Decision):
        return _decision(case, walk, answer)
    return _malformed(case, answer)


def answer_words(answer: Answer) -> str:
    """Say an answer in one line: the outcome, or everything that stood in the way."""
    if isinstance(answer, Decision):
        return f"办成了：{_came(answer)}"
    if isinstance(answer, Refusal):
        return "不行：" + _listed(answer.unmet)
    return "填得不对：" + "；".join(each.message for each in answer)


def _listed(requirements: Iterable[Requirement]) -> str:
    said = []
    for each in requirements:
        words = in_words(each)
        said.append(
            f"{words.found}，{words.required}（{each.check}{'，' + words.basis if words.basis else ''}）"
        )
    return "；".join(said)


def _expected(case: Case) -> str:
    if case.outcome:
        return f"结果是“{case.outcome}”"
    if case.refused:
        return "不行，因为“" + "”“".join(case.refused) + "”"
    return "填得不对：“" + "”“".join(case.malformed) + "”"


def _fits(said: str, requirement: Requirement) -> bool:
    words = in_words(requirement)
    return said == requirement.check or said in f"{words.found}，{words.required}"


def _unmatched(
    said: Sequence[str], requirements: Sequence[Requirement], path: str
) -> tuple[list[str], list[Requirement]]:
    for index, each in enumerate(said):
        if "." in each and each.isascii() and each not in CHECKS:
            token(each, [(check, check) for check in CHECKS], "一条要求", (path, index))
    missing = [each for each in said if not any(_fits(each, one) for one in requirements)]
    unsaid = [each for each in requirements if not any(_fits(one, each) for one in said)]
    return missing, unsaid


def _refusal(case: Case, unmet: Sequence[Requirement]) -> str | None:
    if not case.refused:
        return f"说的是{_expected(case)}，实际不行：{_listed(unmet)}"
    missing, unsaid = _unmatched(case.refused, unmet, "不行因为")
    if missing:
        return f"说的是不行因为“{missing[0]}”，实际是：{_listed(unmet)}"
    if unsaid:
        return f"还有一条没有说：{_listed(unsaid[:1])}"
    return _basis(case, unmet)


def _malformed(case: Case, errors: Sequence[FieldError]) -> str | None:
    found = [each.message for each in errors]
    if not case.malformed:
        return f"说的是{_expected(case)}，实际填得不对：{'；'.join(found)}"
    missing = [each for each in case.malformed if not any(each in one for one in found)]
    unsaid = [each for each in found if not any(one in each for one in case.malformed)]
    if missing:
        return f"说的是“{missing[0]}”填得不对，实际是：{'；'.join(found)}"
    return f"还有一项填得不对：{unsaid[0]}" if unsaid else None


def _basis(case: Case, requirements: Sequence[Requirement]) -> str | None:
    found = "；".join(dict.fromkeys(article for each in requirements for article in each.basis))
    for article in case.basis:
        if article not in found:
            return f"说的依据是“{article}”，实际是“{found or '没有写依据'}”"
    return None


def _outcome(decision: Decision) -> str:
    return str(decision.computed.get("would_be", decision.outcome))


def _came(decision: Decision) -> str:
    return outcome_words(_outcome(decision), decision.computed)


def _spellings(case: Case, decision: Decision) -> str:
    named = [(name, words) for name, words in OUTCOMES.items()]
    if "band_title" in decision.computed:
        named.append((str(decision.computed["band"]), str(decision.computed["band_title"])))
    named += [(name, words.partition("，")[0]) for name, words in OUTCOMES.items() if "，" in words]
    return token(case.outcome or "", named, "一结果", ("结果",))


def _decision(case: Case, walk: Walk, decision: Decision) -> str | None:
    if case.outcome is None:
        return f"说的是{_expected(case)}，实际办成了：{_came(decision)}"
    expected, found = _spellings(case, decision), _outcome(decision)
    found = "recorded" if walk.matter is None and found == "unconfirmed" else found
    decided = [each for each in decision.requirements if not each.met and each.weight == "decides"]
    came = "已登记" if found == "recorded" else _came(decision)
    if OUTCOMES.get(expected, came if expected == found else expected) != came:
        because = "：" + _listed(decided) if decided else ""
        return f"说的是结果“{case.outcome}”，实际“{came}”{because}"
    missing, unsaid = _unmatched(case.short_of, decided, "差在")
    if missing:
        return f"说的是差在“{missing[0]}”，实际是：{_listed(decided) or '都达到了'}"
    if case.short_of and unsaid:
        return f"还有一条没有达到，没有说：{_listed(unsaid[:1])}"
    warned = [each for each in decision.requirements if not each.met and each.weight == "warns"]
    missing, unsaid = _unmatched(case.warned, warned, "提醒")
    if missing:
        return f"说的是提醒“{missing[0]}”，实际提醒：{_listed(warned) or '没有'}"
    if unsaid:
        return f"还有一条提醒没有说：{_listed(unsaid[:1])}"
    return _waiting(case, walk) or _basis(case, decision.requirements) or _after(case, walk)


def _waiting(case: Case, walk: Walk) -> str | None:
    if case.waits and not walk.waiting:
        return "说的是等复核，实际不用复核"
    return None


def _after(case: Case, walk: Walk) -> str | None:
    if walk.matter is None:
        return None
    at = stage_of(walk.matter.at)
    stages = [(each.id, each.title) for each in walk.compiled.procedure.stages]
    if case.then is not None:
        expected = token(case.then, [*stages, *ENDS.items()], "一步", ("下一步",))
        if expected != at:
            title = {**dict(stages), **ENDS}.get(at, at)
            return f"说的下一步是“{case.then}”，实际到了“{title}”"
    return _without_basis(case, walk) or _window(case, walk)


def _without_basis(case: Case, walk: Walk) -> str | None:
    if case.without_basis is None or walk.matter is None:
        return None
    titles = [
        bare(walk.compiled.actions[act.stage][act.action].title)
        for act in walk.matter.acts
        if act.without_basis
    ]
    if list(case.without_basis) != titles:
        return "实际失去依据的是：" + ("、".join(titles) or "没有")
    return None


def _window(case: Case, walk: Walk) -> str | None:
    if walk.matter is None or (case.earliest, case.latest, case.provisional) == (None, None, None):
        return None
    ahead = prospects(walk.compiled, walk.library.law, walk.matter, walk.place, walk.today)
    windows = [each.window for each in ahead if each.window != Window()]
    earliest = next((each.earliest for each in windows if each.earliest), None)
    latest = min((each.latest for each in windows if each.latest), default=None)
    pairs = (("下一步最早", case.earliest, earliest), ("最迟", case.latest, latest))
    for name, said, found in pairs:
        if said is not None and day_of(said, walk.today) != found:
            return f"说的{name}是{said}，实际{name}是{_day_words(found)}"
    provisional = any(each.provisional for each in windows)
    if case.provisional is not None and case.provisional != provisional:
        return f"说的是{'' if case.provisional else '不'}暂按，实际{'' if provisional else '不'}暂按"
    return None


def _day_words(day: datetime.date | None) -> str:
    return day.isoformat() if day else "没有限制"
