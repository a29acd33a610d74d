"""How a matter begins: what kind of thing it is, who moves it, and why (domain.md §6 step 0; 登记表 动议事由)."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field as YamlField

from workflow.core.attempt import Numbers, Requirement
from workflow.core.conditions import Condition
from workflow.core.facts import Choice, Field
from workflow.core.shares import ShareRule
from workflow.core.stage import Action, Ask, Judgement, Offices, Stage, Vocabulary, Yaml

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
    "unit": "街道、乡镇或本单位",
}
Mover = Literal["party_branch", "committee", "vsc", "collective", "villagers", "reps", "unit"]
_EVERYBODY: tuple[Mover, ...] = ("party_branch", "committee", "vsc", "collective", "villagers", "reps")
_PETITION = {"villagers": ("villagers_assembly", "villagers_18plus"), "reps": ("rep_assembly", "reps_all")}


class Caps(Yaml):
    """The most that may be levied in a year; the province sets it (农业法 art. 73), a text only repeats it (YSYY-08)."""

    per_person_fen: int = YamlField(ge=0, title="每人每年最多筹多少钱（分）")
    per_labourer_days: int = YamlField(ge=0, title="每个劳动力每年最多出几个工日")


class Motion(Stage):
    """The opening stage. A joint motion of villagers or representatives needs a share of them (SY table, step 0)."""

    kind: Literal["motion"]
    by: Offices = YamlField(
        default=("secretary", "committee_director", "clerk", "vsc_chair"), title="由谁登记"
    )
    villagers_share: ShareRule | None = YamlField(default=None, title="村民联名比例")
    reps_share: ShareRule | None = YamlField(default=None, title="村民代表联名比例")
    movers: tuple[Mover, ...] = YamlField(default=_EVERYBODY, min_length=1, title="可以由谁提出")
    plan_required: bool = YamlField(default=False, title="须附方案、预算或审批表")
    resolution_when: Condition | None = YamlField(default=None, title="何时须先有会议决议，写编号、附决议")
    caps: Caps | None = YamlField(default=None, title="筹资筹劳的限额")

    def actions(self, stages: Mapping[str, Stage]) -> tuple[Action, ...]:  # noqa: ARG002 (every kind is asked alike)
        """Open the matter; the kind and its tier come from the catalogue, not from the form."""
        fields = (
            Field("title", "事项名称", "line", hint="例如：修建村东排水沟。不要写身份证号、电话"),
            Field("source", "动议事由", "choice", choices=SOURCES),
            Field(
                "mover",
                "由谁提出",
                "choice",
                choices=tuple(Choice(token, MOVERS[token]) for token in self.movers),
            ),
            Field("supporters", "联名人数（联名提出才填）", "count", required=False),
            Field("reason", "为什么要办、打算怎么办", "text"),
            Field("amount_fen", "预计金额", "money", required=False, hint="不花钱的事不填"),
            Field("funds", "钱从哪里来", "line", required=False),
            Field("plan", "初步方案或预算（文件）", "documents", required=self.plan_required),
            *(_RESOLUTION if self.resolution_when else ()),
            *(_LEVY if self.caps else ()),
        )
        return (
            Action(
                "open", "登记动议", ".", frozenset(self.by), fields, {"opened": self.then}, self._judge, type="opened",
            ),
        )  # fmt: skip

    def _judge(self, ask: Ask) -> Judgement:
        return Judgement("opened", (*self._supported(ask), *self._resolved(ask), *self._capped(ask)))

    def _supported(self, ask: Ask) -> tuple[Requirement, ...]:
        mover = str(ask.facts.open.get("mover"))
        share = {"villagers": self.villagers_share, "reps": self.reps_share}.get(mover)
        if share is None:
            return ()
        body, base = _PETITION[mover]
        counts = ask.place.counts(body, ask.acted_on)
        if base not in counts:
            return (Requirement("count.body_on_record", met=False, numbers={"body": body}),)
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
        return within, enough

    def _resolved(self, ask: Ask) -> tuple[Requirement, ...]:
        """Ask for the number and the paper of the resolution this rests on (domain.md §16.3)."""
        if self.resolution_when is None or not self.resolution_when.holds(ask.facts.open):
            return ()
        given = "resolution_number" in ask.facts.private and "resolution" in ask.facts.documents
        return (Requirement("motion.resolution", given, {}, self.basis),)

    def _capped(self, ask: Ask) -> tuple[Requirement, ...]:
        """Ask that something is levied, nobody is made to pay instead of working, and the year's caps hold (YSYY-01, -08)."""
        if self.caps is None:
            return ()
        fen, days = ask.number("per_person_fen"), ask.number("labour_days")
        total_fen, total = fen + ask.number("levied_fen"), days + ask.number("levied_days")
        money: Numbers = {"total_fen": total_fen, "cap_fen": self.caps.per_person_fen}
        labour: Numbers = {"total": total, "cap": self.caps.per_labourer_days}
        within, few = total_fen <= self.caps.per_person_fen, total <= self.caps.per_labourer_days
        willing = ask.facts.open.get("willing") is True
        return (
            Requirement("motion.levied", fen + days > 0),
            Requirement("motion.willing", willing, {}, self.basis),
            Requirement("motion.cap_money", within, money, self.basis),
            Requirement("motion.cap_days", few, labour, self.basis),
        )


_RESOLUTION = (
    Field("resolution_number", "依据的会议决议编号（须有决议的才填）", "line", required=False),
    Field("resolution", "会议决议（照片或扫描件）", "documents", required=False),
)
_LEVY = (
    Field("per_person_fen", "每人筹多少钱（不筹资填 0）", "money"),
    Field("labour_days", "每个劳动力出几个工日（不筹劳填 0）", "count"),
    Field("levied_fen", "今年每人已经筹过多少钱", "money", required=False, hint="没有筹过不填"),
    Field("levied_days", "今年每个劳动力已经出过几个工日", "count", required=False, hint="没有出过不填"),
    Field("exempted", "向哪些人筹、哪些人减免", "text"),
    Field("willing", "以资代劳由村民自愿，不强行以资代劳", "flag"),
)
VOCABULARY = Vocabulary(
    title="动议",
    outcomes={
        "opened": "已立项",
    },
    checks={
        "motion.supporters": ("联名 {count} 人，{total_words}", "联名人数不能多于总人数", "核对联名名单"),
        "motion.resolution": ("没有写决议编号，或者没有附决议", "这样的事须先有会议决议", "先由会议决定；有决议的，填编号、附决议"),
        "motion.levied": ("筹资、筹劳都是 0", "至少有一项", "填每人筹多少钱，或每个劳动力出几个工日"),
        "motion.willing": ("以资代劳不是自愿", "不得强行以资代劳", "改为由村民自愿选择"),
        "motion.cap_money": (
            "连同今年已筹的，每人 {total_fen_yuan}元", "每人每年最多 {cap_fen_yuan}元（限额由省里定，须向省里核实）",
            "减到限额以内；省里的限额不是这个数的，请县里改",
        ),
        "motion.cap_days": (
            "连同今年已出的，每个劳动力 {total} 个工日", "每个劳动力每年最多 {cap} 个工日（限额由省里定，须向省里核实）",
            "减到限额以内；省里的限额不是这个数的，请县里改",
        ),
        "motion.support": ("联名 {count}，{total_words}", "须达到{rule_words}，至少 {least}（{arithmetic}）", "继续征集联名，或由村里提议"),
    },
    tokens={"source": {each.token: each.title for each in SOURCES}, "movers": MOVERS},
)  # fmt: skip
