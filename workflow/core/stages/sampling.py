"""Inspection by sample: how many are drawn and which, by a rule anyone can repeat; findings, a deadline, a re-check."""

import datetime
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import AfterValidator, StringConstraints
from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.days import Period, period
from workflow.core.facts import Choice, Field
from workflow.core.matter import Act, replay
from workflow.core.stage import Action, Ask, CheckWords, Fault, Judgement, Texts, Title, Window, Yaml

METHODS = {"random": "随机抽查", "on_site": "实地走访", "phone": "电话采访", "covert": "明察暗访"}
SEVERITIES = {"serious": "严重", "ordinary": "一般", "slight": "轻微"}
MEASURES = (Choice("talk", "谈话提醒"), Choice("circular", "通报"), Choice("discipline", "问责"))

MOST_POPULATION = 1_000_000
MOST_DRAWN = 1000
# A draw's outcomes: the second says that a correction made it another sample, the first that it did so again.
DRAWN = ("drawn", "redrawn")
_RULE = "cunyi-sample-1"
_WORD = 8


def _at_most_all(part: str) -> str:
    above, below = map(int, part.split("/"))
    if above > below:
        raise ValueError("比例不能大于 1，例如 1/5")
    return part


Part = Annotated[
    str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}/[1-9][0-9]{0,3}$"), AfterValidator(_at_most_all)
]


def part_of(part: str, total: int) -> int:
    """Return a share such as 1/5 of a number, exactly, rounded up."""
    above, below = map(int, part.split("/"))
    return -(-total * above // below)


def draw(seed: int, population: int, size: int) -> tuple[int, ...]:
    """Draw `size` different numbers from 1 to `population`, in the order drawn; the same for everybody.

    Counter i = 0, 1, 2 ...: the first 8 bytes (big-endian) of SHA-256 of the ASCII text
    `cunyi-sample-1:<seed>:<population>:<i>`. A value not below the largest multiple of the population that 64 bits
    hold is passed over, so that no number is likelier than another; so is a number drawn before.
    """
    if not 0 <= size <= population:
        raise ValueError("more to draw than there are")
    fair = (1 << 8 * _WORD) // population * population if population else 0
    drawn: dict[int, None] = {}
    counter = 0
    while len(drawn) < size:
        text = f"{_RULE}:{seed}:{population}:{counter}".encode("ascii")
        value = int.from_bytes(hashlib.sha256(text).digest()[:_WORD], "big")
        if value < fair:
            drawn[value % population + 1] = None
        counter += 1
    return tuple(drawn)


class Sample(Yaml):
    """What a sample is drawn of, how it is looked at, how large it is, and how long rectification may take."""

    population: Title = YamlField(title="从哪些里抽")
    method: Literal["random", "on_site", "phone", "covert"] = YamlField(title="怎么查")
    size: int | None = YamlField(default=None, ge=1, le=MOST_DRAWN, title="抽几个")
    share: Part | None = YamlField(default=None, title="抽几分之几")
    min: int = YamlField(default=1, ge=1, le=MOST_DRAWN, title="按比例抽时至少几个")
    seed: Title | None = YamlField(default=None, title="用哪个公开号码抽")
    rectify_days: int = YamlField(default=15, ge=1, le=365, title="几天内整改")

    def count(self, population: int) -> int:
        """Return how many are drawn of that many: all, where there are fewer."""
        wanted = self.size if self.size is not None else 0
        if self.share is not None:
            wanted = max(part_of(self.share, population), self.min)
        return min(wanted, population)

    def faults(self) -> Iterator[Fault]:
        """Yield what contradicts itself: two sizes or none, a chance without a source."""
        if (self.size is None) == (self.share is None):
            yield Fault(("sample",), "size（抽几个）和 share（抽几分之几）要写一个，只写一个")
        elif self.share is None and "min" in self.model_fields_set:
            yield Fault(("sample", "min"), "min（至少几个）只有按比例抽时才写", "删去这一项，或改写 share")
        if self.method == "random" and self.seed is None:
            yield Fault(
                ("sample",), "随机抽查要写 seed（用哪个公开号码抽）",
                "例如 seed: 抽查前一天的福利彩票开奖号码，谁都能照着再抽一遍",
            )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Drawn:
    """A sample as it comes of a draw's facts."""

    population: int
    size: int
    numbers: tuple[int, ...]

    def computed(self) -> Numbers:
        """Return what is recorded of it."""
        return {"size": self.size, "drawn": [str(each) for each in self.numbers]}


@dataclass(frozen=True, slots=True)
class Sampling:
    """The acts of an inspection by sample at the stage of that id; `basis` is the stage's, `done` where it ends."""

    sample: Sample
    stage: str
    inspectors: frozenset[str]
    keepers: frozenset[str]
    basis: Texts
    done: str = ".inspected"

    def actions(self) -> tuple[Action, ...]:
        """Draw, look, rectify in time or be held to account, look again."""
        about = self.sample.population
        population = Field(
            "population", f"{about}一共几个", "count", hint="先从 1 起编好号，抽中几号就查几号"
        )
        hint = "只填数字，前面的零不算；抽以前就说好用哪个号码"
        seed = Field("seed", f"公开号码：{self.sample.seed}", "count", hint=hint)
        opinion = Field("opinion", "情况和意见", "text")
        paper = Field("paper", "照片或记录", "documents", required=False)
        looked = (Field("checked", "实际查了几个", "count"), *_severities("发现"), opinion, paper)
        found = {"sound": self.done, "findings": ".rectifying"}
        return (
            Action(
                "draw", "登记抽样", ".", self.inspectors, (population, seed) if self.sample.seed else (population,),
                dict.fromkeys(DRAWN, ".drawn"), self._judge_draw,
            ),
            Action(
                "inspect", f"登记{METHODS[self.sample.method]}结果", ".drawn", self.inspectors, looked, found,
                self._judge_inspect,
            ),
            Action(
                "rectify", "登记整改情况", ".rectifying", self.keepers,
                (Field("note", "怎么改的", "text"), Field("paper", "整改材料", "documents", required=False)),
                {"rectified": ".rectified"}, self._judge_rectify, window=self._rectify_window,
            ),
            Action(
                "hold_to_account", "登记问责", ".rectifying", self.inspectors,
                (
                    Field("measure", "怎么处理", "choice", choices=MEASURES),
                    Field("people", "处理几人", "count"),
                    Field("note", "对谁、因为什么", "text"),
                    paper,
                ),
                {"accounted": ".rectifying"}, self._judge_account, window=self._account_window,
            ),
            Action(
                "recheck", "登记复查结果", ".rectified", self.inspectors, (*_severities("还没改好的"), opinion, paper),
                {"cleared": self.done, "not_cleared": ".rectifying"}, self._judge_recheck,
            ),
        )  # fmt: skip

    def drawn(self, population: int, seed: int) -> Drawn:
        """Return the sample those two numbers give; none is drawn where too many were asked for."""
        size = self.sample.count(population)
        if self.sample.seed is None or population > MOST_POPULATION or size > MOST_DRAWN:
            return Drawn(population, size, ())
        return Drawn(population, size, draw(seed, population, size))

    def standing(self, ask: Ask) -> Drawn:
        """Return the sample of the draw on record, corrections counted."""
        act = ask.matter.last(self.stage, "draw")
        return self._sample_of(act) if act else Drawn(0, 0, ())

    def _sample_of(self, act: Act) -> Drawn:
        given = [act.facts.get(name) for name in ("population", "seed")]
        population, seed = (each if isinstance(each, int) else 0 for each in given)
        return self.drawn(population, seed)

    def _judge_draw(self, ask: Ask) -> Judgement:
        found = self.drawn(ask.number("population"), ask.number("seed"))
        within = 1 <= found.population <= MOST_POPULATION and found.size <= MOST_DRAWN
        numbers: Numbers = {
            "population": found.population, "most": MOST_POPULATION, "most_drawn": MOST_DRAWN, **found.computed(),
        }  # fmt: skip
        asked = Requirement("inspection.population", within, numbers, self.basis)
        return Judgement(self._outcome(ask, found), (asked,), found.computed())

    def _outcome(self, ask: Ask, found: Drawn) -> str:
        """Return another outcome than the draw's own where a correction gives another sample.

        What was looked at is then not what was drawn, and loses its basis.
        """
        entries = ask.matter.entries
        if not entries or entries[-1].mseq == ask.matter.mseq:
            return DRAWN[0]
        whole = replay(entries)
        act = next(each for each in whole.acts if each.mseq == ask.matter.mseq + 1) if whole else None
        if act is None or act.outcome not in DRAWN:
            return DRAWN[0]
        same = self._sample_of(act).computed() == found.computed()
        return act.outcome if same else DRAWN[1 - DRAWN.index(act.outcome)]

    def _judge_inspect(self, ask: Ask) -> Judgement:
        sample, findings, checked = self.standing(ask), _total(ask), ask.number("checked")
        numbers: Numbers = {"checked": checked, "size": sample.size}
        asked = Requirement("inspection.checked", checked >= sample.size, numbers, self.basis)
        return Judgement(
            "findings" if findings else "sound", (asked,), {**sample.computed(), "findings": findings}
        )

    def _deadline(self, ask: Ask) -> tuple[Act, Period] | None:
        """Return the act that found what is to be rectified, and the period it gives."""
        found = _newest(ask, self.stage, ("inspect", "recheck"))
        if found is None:
            return None
        days = self.sample.rectify_days
        return found, period(found.counts_from, days, ask.calendar, ask.settings.day_count)

    def _judge_rectify(self, ask: Ask) -> Judgement:
        deadline = self._deadline(ask)
        if deadline is None:
            return Judgement("rectified", (Requirement("inspection.found", met=False),))
        found, runs = deadline
        account = ask.matter.last(self.stage, "hold_to_account")
        accounted = account is not None and account.mseq > found.mseq
        numbers = _days(runs, ask.acted_on)
        met = ask.acted_on <= runs.last or accounted
        return Judgement(
            "rectified", (Requirement("inspection.accountability", met, numbers, self.basis),), numbers
        )

    def _judge_account(self, ask: Ask) -> Judgement:
        deadline = self._deadline(ask)
        if deadline is None:
            return Judgement("accounted", (Requirement("inspection.found", met=False),))
        runs = deadline[1]
        numbers = _days(runs, ask.acted_on)
        return Judgement(
            "accounted", (Requirement("inspection.overdue", ask.acted_on > runs.last, numbers, self.basis),)
        )

    def _judge_recheck(self, ask: Ask) -> Judgement:
        looked = ask.matter.last(self.stage, "inspect")
        counts = [looked.facts.get(name) for name in SEVERITIES] if looked else []
        findings = sum(each for each in counts if isinstance(each, int))
        left = _total(ask)
        numbers: Numbers = {"left": left, "findings": findings}
        asked = Requirement("inspection.left", left <= findings, numbers)
        return Judgement("not_cleared" if left else "cleared", (asked,), numbers)

    def _rectify_window(self, ask: Ask) -> Window:
        deadline = self._deadline(ask)
        if deadline is None:
            return Window()
        return Window(None, deadline[1].last, "inspection.accountability", deadline[1].provisional)

    def _account_window(self, ask: Ask) -> Window:
        deadline = self._deadline(ask)
        if deadline is None:
            return Window()
        return Window(deadline[1].closes_on, None, "inspection.overdue", deadline[1].provisional)


def _severities(which: str) -> tuple[Field, ...]:
    return tuple(Field(name, f"{which}{title}问题几个", "count") for name, title in SEVERITIES.items())


def _total(ask: Ask) -> int:
    return sum(ask.number(name) for name in SEVERITIES)


def _newest(ask: Ask, stage: str, actions: tuple[str, ...]) -> Act | None:
    return next((act for act in reversed(ask.matter.standing(stage)) if act.action in actions), None)


def _days(runs: Period, given: datetime.date) -> Numbers:
    return {
        "last": runs.last.isoformat(),
        "given": given.isoformat(),
        "provisional": runs.provisional,
    }


OUTCOMES = {
    "drawn": "已抽样",
    "redrawn": "抽样已更正，按新样本核查",
    "accounted": "已登记问责",
    "cleared": "复查已改好",
    "not_cleared": "复查没有改好，继续整改",
}
CHECKS: CheckWords = {
    "inspection.population": (
        "一共 {population} 个，要抽 {size} 个", "总数是 1 到 {most}，一次最多抽 {most_drawn} 个", "核对总数；太多的分批抽",
    ),
    "inspection.checked": ("实际查了 {checked} 个", "抽中的 {size} 个都要查", "查完再登记"),
    "inspection.found": ("没有发现问题的记录", "须先登记核查结果", "核对记录"),
    "inspection.accountability": (
        "填的是{given}，没有问责记录", "应在{last}以前改好{provisional_words}；过期才改的，须先登记问责", "请检查的人先登记问责",
    ),
    "inspection.overdue": ("填的是{given}", "整改期限到{last}二十四时为止{provisional_words}，过期才问责", "等整改登记"),
    "inspection.left": ("还有 {left} 个没改好", "不能多于发现的 {findings} 个", "新发现的问题另立一次检查"),
}  # fmt: skip
