"""Begins a file of cases for a procedure: its steps with something in every question, and the four cases to begin with.

What is filled in is only a beginning: numbers and words a kind cannot know are for the official to set right. What the
cases say came of them; where the steps do not lead that far yet, a remark says where they stop.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workflow.cases.outline import Act, Opening, Said, Scene, opening_of, steps, way
from workflow.cases.running import Cases
from workflow.cases.texts import Case, Life
from workflow.cases.walking import Answer, Walk
from workflow.cases.words import Misworded, bare
from workflow.core.attempt import Decision, Refusal
from workflow.core.matter import ENDS, stage_of
from workflow.core.outcomes import outcome_words
from workflow.core.shares import ShareRule
from workflow.core.stages.attendance import BASE_OF_BODY
from workflow.core.stages.meeting import Meeting
from workflow.core.stages.posting import Posting

_PLAIN = re.compile(r"(?![-\d])[\w（）“”《》〔〕、，。：；！？·/.-]+|\d+[天元页]\w*|\d+/\d+")
_WIDE = 100


@dataclass(frozen=True)
class _Gate:
    """The hardest act of the way: its step's number, and ways to do it (a sentence and what is otherwise)."""

    number: int
    tried: tuple[tuple[str, Said], ...]


def skeleton(cases: Cases, procedure: str) -> str:
    """Return the text of a new file of cases for a procedure as it stands; raises what `Library.effective` raises."""
    day = datetime.date.fromisoformat(cases.lives.lives[0].first_day)
    opening = opening_of(cases.library, procedure, cases.village, day)
    scene = Scene(opening, cases.lives, cases.village)
    acts = way(opening)
    said = steps(scene, acts)
    life = Life.model_validate(
        _frozen({"程序": procedure, "事项": opening.kind.id, "从哪天": opening.day.isoformat(), "各步": said})
    )
    common: Said = {"事项": opening.kind.id, **_village(scene, opening, cases.village.code)}
    if opening.day != day:
        common["从哪天"] = opening.day.isoformat()
    found = [_tried(cases, life, common, said, *each) for each in _first_cases(scene, acts, said)]
    stops = next((stop for _, stop in found if stop), "")
    title = opening.compiled.procedure.title
    return "\n".join(
        [
            f"说明: {_scalar(f'{title}：请改成这些例子讲的是什么')}",
            "# 标准走法：一切照办时，谁在哪一步填什么。“请填写”和人数、金额都请改成合情合理的。",
            *([f"# 照现在填的还走不完：{stops}"] if stops else []),
            "走法:", *_lines({"程序": procedure, "事项": opening.kind.id, "从哪天": opening.day.isoformat()}, 2),
            "  各步:", *(line for each in said for line in _item(each, 4)),
            "每例都:", *_lines(common, 2),
            "# 先写四种：走到底、最难的一关过不去、差一点、正好。再给每个数各写两边。",
            "情形:", *(line for each, stop in found for line in _case(each, stop)),
        ]
    ) + "\n"  # fmt: skip


def _village(scene: Scene, opening: Opening, standard: str) -> Said:
    found: Said = {"代码": opening.place} if opening.place != standard else {}
    found |= {"任职": scene.people} if scene.people else {}
    bodies = scene.bodies()
    found |= {"组成": bodies} if bodies else {}
    return {"村里": found} if found else {}


def _first_cases(scene: Scene, acts: Sequence[Act], said: Sequence[Said]) -> list[tuple[str, int, Said]]:
    """Return the first cases: a sentence, the number of the step that is tried, and what is filled in otherwise."""
    numbers = [number for number, each in enumerate(said) if each["办"] != "复核确认"]
    gate = _gate(scene, acts, numbers)
    return [("走完全程", numbers[-1], {}), *((words, gate.number, more) for words, more in gate.tried)]


def _gate(scene: Scene, acts: Sequence[Act], numbers: Sequence[int]) -> _Gate:
    """Choose the vote that decides, else the last vote, else a posting, else the last act that may come out otherwise."""
    ways = list(zip(acts, numbers, strict=True))
    votes = [
        (each, number) for each, number in ways
        if isinstance(each.stage, Meeting) and each.stage.votes and each.action.id == "record"
    ]  # fmt: skip
    deciding = [each for each in votes if each[0].stage.phase == "vote"]
    if votes:
        act, number = (deciding or votes)[-1]
        return _Gate(number, _votes(scene, act))
    postings = [each for each in ways if isinstance(each[0].stage, Posting) and each[0].action.id == "close"]
    if postings:
        act, number = postings[0]
        tried: tuple[tuple[str, Said], ...] = (
            ("公示中途缺失，不能结束", {"填": {"期满时公示仍在、内容完整": "否"}}),
            ("差一天期满，不能结束", {"哪天": "当天"}),
            ("正好期满，结束", {"哪天": "最早"}),
        )
        return _Gate(number, tried)
    several = [each for each in ways if len(each[0].action.leads) > 1]
    _, number = (several or ways)[-1]
    return _Gate(number, tuple((f"{words}（请改“填”里的数）", {}) for words in ("通不过", "差一点", "正好")))


def _votes(scene: Scene, act: Act) -> tuple[tuple[str, Said], ...]:
    """Return a vote nobody agrees to, one short of one vote, and one that has just enough."""
    stage = act.stage
    assert isinstance(stage, Meeting)  # noqa: S101 (only meetings vote here)
    body = scene.body(stage)
    rules = stage.rules[body]
    counts = scene.counts(body)
    due = counts.get(BASE_OF_BODY.get(body, "villagers_18plus"), 0)
    present = -(-due * 4 // 5)
    least = _least(rules.approval, {**counts, "due": due, "present": present})
    none: Said = {"填": {"同意": 0, "反对": "其余", "弃权": 0}}
    if least is None:
        return (("没有人同意", none), ("差一票（请改票数）", none), ("正好（请改票数）", {}))
    return (
        ("没有人同意", none),
        (f"{least - 1}人同意，差一人", {"填": {"同意": least - 1, "反对": "其余", "弃权": 0}}),
        (f"{least}人同意，正好够", {"填": {"同意": least, "反对": "其余", "弃权": 0}}),
    )


def _least(rule: ShareRule | None, bases: Mapping[str, int]) -> int | None:
    if rule is None or not rule.bases & set(bases):
        return None
    return rule.least(bases)


def _tried(
    cases: Cases, life: Life, common: Said, said: Sequence[Said], words: str, number: int, more: Said
) -> tuple[Said, str]:
    """Return a case with what really comes of it, and where the way to it stops, if it does."""
    case: Said = {"例": words}
    before = [each["名"] for each in said[:number]]
    if before:
        case["先办到"] = before[-1]
    case |= {
        "办": said[number]["办"],
        **({"哪天": said[number]["哪天"]} if "哪天" in said[number] else {}),
        **more,
    }
    trial = Case.model_validate(_frozen({**common, **case, "结果": "已登记"}))
    try:
        walk, answer = cases.answer(trial, life)
    except Misworded as error:
        return {**case, "结果": "已登记"}, error.message
    if isinstance(answer, str):
        return {**case, "结果": "已登记"}, answer
    return {**case, **_came(walk, answer)}, ""


def _came(walk: Walk, answer: Answer) -> Said:
    """Say what came of an act as a case says it."""
    if isinstance(answer, Refusal):
        return {"不行因为": list(dict.fromkeys(each.check for each in answer.unmet))}
    if not isinstance(answer, Decision) or walk.matter is None:
        return {"填得不对": [each.message for each in answer] if isinstance(answer, tuple) else []}
    outcome = str(answer.computed.get("would_be", answer.outcome))
    stages = {each.id: each.title for each in walk.compiled.procedure.stages}
    warned = [each.check for each in answer.requirements if not each.met and each.weight == "warns"]
    return {
        "结果": outcome_words(outcome), "下一步": bare({**stages, **ENDS}[stage_of(walk.matter.at)]),
        **({"提醒": list(dict.fromkeys(warned))} if warned else {}),
    }  # fmt: skip


def _frozen(said: object) -> object:
    """Return the same with lists as tuples, as the strict models want it."""
    if isinstance(said, dict):
        return {key: _frozen(value) for key, value in said.items()}
    return tuple(_frozen(each) for each in said) if isinstance(said, list | tuple) else said


def _case(said: Said, stops: str) -> list[str]:
    remark = ["  # 还办不到这里，“结果”是猜的，改好上面再写。"] if stops else []
    return [*remark, *_item(said, 2)]


def _item(said: Said, indent: int) -> list[str]:
    lines = _lines(said, indent + 2)
    return [f"{' ' * indent}- {lines[0].lstrip()}", *lines[1:]]


def _lines(said: Mapping[str, object], indent: int) -> list[str]:
    """Return a mapping as lines; a mapping inside stands in one line where that is short."""
    found = []
    for key, value in said.items():
        flow = f"{' ' * indent}{_scalar(key)}: {_flow(value)}"
        if isinstance(value, Mapping) and len(flow) > _WIDE // 2:
            found += [f"{' ' * indent}{_scalar(key)}:", *_lines(value, indent + 2)]
        else:
            found.append(flow)
    return found


def _flow(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(key)}: {_flow(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(map(_flow, value)) + "]"
    return _scalar(value)


def _scalar(value: object) -> str:
    """Write a number or a text; in quotation marks where a reader of YAML might take it for something else."""
    if isinstance(value, int) or (isinstance(value, str) and _PLAIN.fullmatch(value)):
        return str(value)
    if isinstance(value, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", value):
        return value
    return json.dumps(value, ensure_ascii=False)
