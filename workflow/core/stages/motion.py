"""How a matter begins: what kind of thing it is, who moves it, and why (domain.md §6 step 0; 登记表 动议事由)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.facts import Choice, Field
from workflow.core.shares import ShareRule
from workflow.core.stage import Action, Ask, Judgement, Offices, Stage, Vocabulary

SOURCES = (
    Choice("villagers_suggest", "党员群众建议"),
    Choice("cadres_propose", "村干部提议"),
    Choice("superior_arranges", "上级党委政府安排"),
)
MOVERS: dict[str, str] = {
    "party_branch": "村党组织",
    "committee": "村民委员会",
    "vsc": "村务监督委员会",
    "collective": "村集体经济组织",
    "villagers": "村民联名",
    "reps": "村民代表联名",
}
_PETITION = {"villagers": ("villagers_assembly", "villagers_18plus"), "reps": ("rep_assembly", "reps_all")}


class Motion(Stage):
    """The opening stage. A joint motion of villagers or representatives needs a share of them (SY table, step 0)."""

    kind: Literal["motion"]
    by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk", "vsc_chair"), title="由谁登记"
    )
    villagers_share: ShareRule | None = YamlField(default=None, title="村民联名比例")
    reps_share: ShareRule | None = YamlField(default=None, title="村民代表联名比例")

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Open the matter; the kind and its tier come from the catalogue, not from the form."""
        fields = (
            Field("title", "事项名称", "line", hint="例如：修建村东排水沟。不要写身份证号、电话"),
            Field("source", "动议事由", "choice", choices=SOURCES),
            Field(
                "mover",
                "由谁提出",
                "choice",
                choices=tuple(Choice(token, words) for token, words in MOVERS.items()),
            ),
            Field("supporters", "联名人数（联名提出才填）", "count", required=False),
            Field("reason", "为什么要办、打算怎么办", "text"),
            Field("amount_fen", "预计金额", "money", required=False, hint="不花钱的事不填"),
            Field("funds", "钱从哪里来", "line", required=False),
            Field("plan", "初步方案或预算（文件）", "documents", required=False),
        )
        return (
            Action(
                "open", "登记动议", ".", frozenset(self.by), fields, {"opened": self.then}, self._judge, type="opened",
            ),
        )  # fmt: skip

    def _judge(self, ask: Ask) -> Judgement:
        mover = str(ask.facts.open.get("mover"))
        share = {"villagers": self.villagers_share, "reps": self.reps_share}.get(mover)
        if share is None:
            return Judgement("opened")
        body, base = _PETITION[mover]
        counts = ask.place.counts(body, ask.acted_on)
        if base not in counts:
            return Judgement(
                "opened", (Requirement("count.body_on_record", met=False, numbers={"body": body}),)
            )
        supporters = ask.number("supporters")
        bases = {base: counts[base]}
        numbers: Numbers = {
            "count": supporters,
            "total": counts[base],
            "base": base,
            "rule": str(share),
            "least": share.least(bases) or 0,
        }
        within = Requirement("motion.supporters", supporters <= counts[base], numbers)
        enough = Requirement("motion.support", share.met(supporters, bases), numbers, self.basis)
        return Judgement("opened", (within, enough))


VOCABULARY = Vocabulary(
    title="动议",
    outcomes={
        "opened": "已立项",
    },
    checks={
        "motion.supporters": ("联名 {count} 人，{total_words}", "联名人数不能多于总人数", "核对联名名单"),
        "motion.support": ("联名 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "继续征集联名，或由村里提议"),
    },
    tokens={"source": {each.token: each.title for each in SOURCES}},
)  # fmt: skip
