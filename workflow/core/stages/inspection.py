"""The supervisory committee reads the file: findings, rectification, re-check; then the file is put away whole."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.stage import Action, Ask, Fault, Id, Judgement, Offices, Stage, Vocabulary, Yaml
from workflow.core.stages import sampling
from workflow.core.stages.sampling import Sample, Sampling

RESULTS = (Choice("sound", "没有发现问题"), Choice("findings", "发现问题，要求整改"))


class Paper(Yaml):
    """One document the file must hold: which act of which stage brought it (domain.md §26.2 归档目录)."""

    title: str = YamlField(min_length=1, title="文件名称")
    stage: Id = YamlField(title="哪一步")
    action: Id = YamlField(title="哪一次登记")
    document: Id | None = YamlField(default=None, title="哪一种附件；不写表示登记本身")


class Inspection(Stage):
    """Supervision of the result and the file, or of a sample (S-02, S-14, S-23), then archive (一事一档, AR-01)."""

    kind: Literal["inspection"]
    by: Offices = YamlField(default=("vsc_chair", "vsc_member"), title="由谁核验")
    archived_by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk"), title="由谁整改、归档"
    )
    papers: tuple[Paper, ...] = YamlField(default=(), title="归档目录")
    retention: Literal["permanent", "30", "10"] = YamlField(default="permanent", title="保管期限")
    sample: Sample | None = YamlField(default=None, title="抽查")
    filed: bool = YamlField(default=True, title="查完就归档")

    @property
    def done(self) -> str:
        """Where the matter is when nothing is left to correct: an inspection on the way goes straight on."""
        return ".inspected" if self.filed else self.then

    @property
    def sampling(self) -> Sampling | None:
        """The acts on a sample, where the stage draws one."""
        if self.sample is None:
            return None
        by, keepers = frozenset(self.by), frozenset(self.archived_by)
        return Sampling(self.sample, self.id, by, keepers, self.basis, self.done)

    def faults(self) -> tuple[Fault, ...]:
        """A sample's size and source of chance; papers are listed only where the file is put away."""
        own = tuple(self.sample.faults()) if self.sample else ()
        if self.papers and not self.filed:
            return (
                *own,
                Fault(("papers",), "中途的检查不归档，不写归档目录", "删去 papers，写在最后归档那一步"),
            )
        return own

    def achieves(self, action: str, outcome: str) -> frozenset[str]:  # noqa: ARG002 (every kind is asked alike)
        """Whether the supervisors have found nothing left to correct."""
        return frozenset({"inspected"}) if outcome in ("sound", "cleared") else frozenset()

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Inspect the file, or draw and inspect a sample; rectify and inspect again; then file."""
        archive = Action(
            "archive", "清点材料并归档", ".inspected", frozenset(self.archived_by),
            (
                Field("pages", "共多少页", "count"),
                Field("volume", "档号", "line"),
                Field("location", "存放在哪里", "line"),
                Field("keeper", "保管人", "line"),
            ),
            {"archived": self.then}, self._judge_archive,
        )  # fmt: skip
        looking = self.sampling.actions() if self.sampling else self._of_the_file()
        return (*looking, archive) if self.filed else looking

    def _of_the_file(self) -> tuple[Action, ...]:
        return (
            Action(
                "inspect", "登记核验意见", ".", frozenset(self.by),
                (
                    Field("result", "核验结果", "choice", choices=RESULTS),
                    Field("findings", "发现几个问题", "count"),
                    Field("opinion", "监督意见", "text"),
                    Field("rectify_by", "什么时候改完（有问题才填）", "day", required=False),
                ),
                {"sound": self.done, "findings": ".rectifying"}, self._judge_inspect,
            ),
            Action(
                "rectify", "登记整改情况", ".rectifying", frozenset(self.archived_by),
                (Field("note", "怎么改的", "text"), Field("paper", "整改材料", "documents", required=False)),
                {"rectified": "."}, lambda ask: Judgement("rectified"),  # noqa: ARG005 (the judge's shape)
            ),
        )  # fmt: skip

    def _judge_inspect(self, ask: Ask) -> Judgement:
        result, findings = str(ask.facts.open["result"]), ask.number("findings")
        agrees = (findings > 0) == (result == "findings")
        asked = [Requirement("inspection.findings", agrees, {"findings": findings, "result": result})]
        due = ask.day("rectify_by")
        if result == "findings":
            numbers = {"given": str(due or "")}
            asked.append(
                Requirement("inspection.rectify_by", due is not None and due >= ask.acted_on, numbers)
            )
        return Judgement(result, tuple(asked))

    def lacking(self, ask: Ask) -> list[str]:
        """Return the titles of the papers the file does not hold yet."""
        missing = []
        for paper in self.papers:
            acts = ask.matter.standing(paper.stage, paper.action)
            if ask.stages[paper.stage].when is not None and not ask.matter.standing(paper.stage):
                continue
            if not any(paper.document is None or paper.document in act.documents for act in acts):
                missing.append(paper.title)
        return missing

    def _judge_archive(self, ask: Ask) -> Judgement:
        missing = self.lacking(ask)
        numbers: Numbers = {"missing": missing, "papers": len(self.papers)}
        asked = Requirement("inspection.papers", not missing, numbers, self.basis)
        return Judgement("archived", (asked,), {"retention": self.retention})


VOCABULARY = Vocabulary(
    title="核验归档",
    outcomes={
        "sound": "没有发现问题",
        "findings": "发现问题，要求整改",
        "rectified": "已整改",
        "archived": "已归档",
        **sampling.OUTCOMES,
    },
    checks={
        "inspection.findings": ("发现问题 {findings} 个", "问题数与核验结果要对得上", "没有问题填 0；有问题选“要求整改”"),
        "inspection.rectify_by": ("没有写整改期限", "发现问题须写明什么时候改完", "填整改期限"),
        "inspection.papers": ("缺：{missing}", "归档目录共 {papers} 项，须齐全", "补齐材料再归档"),
        **sampling.CHECKS,
    },
    tokens={"method": sampling.METHODS, "retention": {"permanent": "永久", "30": "30 年", "10": "10 年"}},
)  # fmt: skip
