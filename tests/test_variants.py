"""The named local variants of 四议两公开 (domain.md §6): each layer applies, is lawful, and its special gate holds."""

import shutil
from pathlib import Path

import pytest

from workflow.cases.lives import EXAMPLES
from workflow.cases.running import Cases
from workflow.library import Library
from workflow.shelves import SHIPPED

LAYERS = EXAMPLES / "layers"
VILLAGES = {"410122": "410122103201", "330226": "330226100201", "330212": "330212001201", "370523": "370523101201", "150421": "150421100201"}  # fmt: skip
HOUSEHOLDS = (
    "应投票户数: 300, 发出票数: 150, 收回票数: 150, 其中无效票: 0, 其中有效票: 150, 无记名，设了秘密写票的地方: 是, 怎么计票: 人工计票, "
    "投票、计票地点: 会议室, 公开唱票、当场计票、当场公布结果: 是, 监票人几人: 1, 计票人几人: 1, 监票人、计票人姓名: 甲乙, "
    "监票人、计票人都不是被投票的人，也不是其近亲属: 是, 计票单: 计票单"
)
REPS = HOUSEHOLDS.replace("户数: 300", "数: 45").replace("150", "23")
POSTED = "公示正文: 公开, 张贴了几处: 在册, 张贴地点: 公开栏, 还用了哪些方式: [村务公开栏], 有异议向谁提、怎么联系: 监委会, 张贴照片: 照片"
CONTRACT = (
    "哪一种合同: 工程建设, 对方是谁: 某队, 主要内容：权利、义务、违约责任: 按图施工, 合同金额: 48000元, 合同从哪一天起: 当天, "
    "到哪一天止: 60天后, 一式几份: 2, 合同文本: 文本"
)
OPINION = "意见和理由: 没有意见"
SUGGESTED = "{办: 登记建议, 谁: 书记, 填: {走访听过群众意见: 是, 建议内容: 修排水沟}}"
READ = (
    f"{{办: 提出合同文本, 谁: 文书, 填: {{{CONTRACT}}}}}, {{办: 登记党员的修改意见, 谁: 书记, 填: {{党员的修改意见: 没有修改意见, {OPINION}}}}}, "
    f"{{办: 登记村民的修改意见, 谁: 文书, 填: {{村民的修改意见: 没有修改意见, {OPINION}}}}}"
)
SIGNED = READ + ", {办: 村委会签约, 谁: 主任, 填: {签字人: 王某, 用印登记编号: 用印1}}"
# Variant, what the case does, what must come of it.
WALKS = [
    ("siyi_lianggongkai_yijiandu", "先办到: 动议, 办: 登记会议结果, 填得不对: [列席的监委会成员]"),
    ("siyi_lianggongkai_yijiandu", "先办到: 动议, 办: 登记会议结果, 填: {列席的监委会成员: 1}, 结果: 通过, 下一步: consult"),
    ("siyi_yishen_lianggongkai", "先办到: 商议, 办: 审核, 谁: 镇街审核员, 填: {审核: 不同意，退回并说明理由, 意见和理由: 占了基本农田, 符合“不违反法律法规和国家政策”: 否}, 结果: 不同意，已退回, 下一步: consult"),
    ("siyi_yishen_lianggongkai", "先办到: 商议, 办: 审核, 谁: 镇街审核员, 填: {审核: 同意, 意见和理由: 合法, 符合“不违反法律法规和国家政策”: 是}, 结果: 同意, 下一步: deliberate"),
    ("siyi_yishen_lianggongkai", "先办到: 商议, 办: 审核, 谁: 镇街审核员, 填: {审核: 同意, 意见和理由: 合法, 符合“不违反法律法规和国家政策”: 否}, 不行因为: [没有确认]"),
    ("wuyi_lianggongkai_a", "先办到: 动议, 办: 登记会议结果, 填: {应到人数: 5, 实到人数: 4, 同意: 4, 反对: 0}, 不行因为: [现在轮不到这一步]"),
    ("wuyi_lianggongkai_a", f"先办到: 动议, 接着: [{SUGGESTED}], 办: 登记会议结果, 结果: 通过, 下一步: consult"),
    ("wuyi_lianggongkai_b", "先办到: 商议, 办: 登记会议结果, 谁: 监委会主任, 填: {实到人数: 3, 同意: 1, 反对: 2}, 结果: 未通过, 下一步: consult, 差在: [至少 2]"),
    ("wuyi_lianggongkai_b", "先办到: 商议, 办: 登记会议结果, 谁: 监委会主任, 填: {实到人数: 2, 同意: 2, 反对: 0}, 结果: 通过, 下一步: deliberate"),
    ("wuyi_lianggongkai_b", "先办到: 商议, 办: 登记会议结果, 谁: 书记, 填: {实到人数: 2, 同意: 2, 反对: 0}, 不行因为: [须由这些职务办理]"),
    ("wuyi_lianggongkai_c", f"先办到: 结果公示期满, 办: 登记投票结果, 谁: 监委会主任, 填: {{{HOUSEHOLDS}, “满意”几票: 75, “不满意”几票: 75}}, 结果: 满意, 下一步: archive, 差在: [至少 76]"),
    ("wuyi_lianggongkai_c", f"先办到: 结果公示期满, 办: 登记投票结果, 谁: 监委会主任, 填: {{{HOUSEHOLDS}, “满意”几票: 74, “不满意”几票: 76}}, 结果: 不满意, 下一步: implement"),
    ("wuyi_juecefa", "先办到: 决议公示期满, 其中: {决议会议: {填: {方案文本: 方案}}}, 办: 登记责任人和办法, 谁: 书记, 不行因为: [现在轮不到这一步]"),
    ("wuyi_juecefa", "先办到: 决议公示期满, 其中: {决议会议: {填: {方案文本: 方案}}}, 办: 登记会议结果, 结果: 通过, 下一步: implement"),
    ("wuyi_wugongkai", "先办到: 动议, 办: 登记建议, 谁: 书记, 填: {收到几条合理化建议: 0, 建议内容: 没有}, 不行因为: [不少于 1]"),
    ("wuyi_wugongkai", f"先办到: 动议, 接着: [{{办: 登记建议, 谁: 书记, 填: {{收到几条合理化建议: 1, 建议内容: 修沟}}}}], 办: 登记张贴公示, 谁: 文书, 填: {{{POSTED}, 公示到哪一天: 2天后}}, 不行因为: [公示不少于 3 天]"),
    ("liangwei_lianghui_liangongshi", "先办到: 商议, 办: 发出会议通知, 不行因为: [现在轮不到这一步]"),
    ("liangwei_lianghui_liangongshi", f"先办到: 商议, 办: 登记张贴公示, 谁: 文书, 填: {{{POSTED}, 公示到哪一天: 满7天}}, 结果: 已张贴, 下一步: post_opinions"),
    ("liangwei_lianghui_liangongshi", f"先办到: 商议, 哪天: 2026-03-04, 办: 登记张贴公示, 谁: 文书, 填: {{{POSTED}, 公示到哪一天: 2026-03-10}}, 不行因为: [公示不少于 7 天]"),
    ("cunwu_piaojuezhi", "先办到: 通知决议会议, 其中: {通知决议会议: {填: {开会日期: 7天后, 怎么通知的: [方案送达]}}}, 办: 登记会议结果, 填: {表决方式: 举手}, 不行因为: [无记名投票]"),
    ("cunwu_piaojuezhi", "先办到: 通知决议会议, 其中: {通知决议会议: {填: {开会日期: 7天后, 怎么通知的: [方案送达]}}}, 办: 登记会议结果, 填: {表决方式: 无记名投票}, 结果: 通过, 下一步: post_resolution"),
    ("cunwu_piaojuezhi", "先办到: 复核党员大会, 办: 发出会议通知, 填: {开会日期: 6天后, 怎么通知的: [方案送达]}, 不行因为: [至少提前 7 天]"),
    ("cunmin_shuoshi", "先办到: 动议, 办: 登记说事, 谁: 文书, 填: {在哪里说的: 说事室, 几人来说: 0, 责任人: 王主任, 什么时候给答复: 5天后}, 不行因为: [不少于 1]"),
    ("cunmin_shuoshi", "先办到: 动议, 办: 登记说事, 谁: 文书, 填: {在哪里说的: 说事室, 几人来说: 3, 责任人: 王主任, 什么时候给答复: 5天后}, 结果: 已登记, 下一步: propose"),
    ("siyi_santi_liangqian", f"先办到: 决议公示期满, 接着: [{READ}], 办: 登记对方签字、双方签订, 谁: 文书, 填: {{对方哪一天签的: 当天, 签字人: 某队长, 双方签字盖章的合同: 合同}}, 不行因为: [现在轮不到这一步]"),
    ("siyi_santi_liangqian", f"先办到: 决议公示期满, 接着: [{SIGNED}], 办: 村里另一组织签约, 谁: 书记, 填: {{签字人: 王书记}}, 结果: 村里另一组织已签约, 下一步: covenant"),
]  # fmt: skip


@pytest.fixture(scope="module")
def cases_of(tmp_path_factory: pytest.TempPathFactory):
    """Cases on the shipped texts with one variant in force at its place."""
    made: dict[str, Cases] = {}

    def of(name: str) -> Cases:
        if name not in made:
            folder = tmp_path_factory.mktemp(name) / "procedures"
            shutil.copytree(SHIPPED, folder, ignore=shutil.ignore_patterns("schema"))
            at = folder / "layers" / division(name) / "siyi_lianggongkai"
            at.mkdir(parents=True)
            shutil.copy(LAYERS / f"{name}.yaml", at / "2026-01-01.yaml")
            made[name] = Cases(Library(folder))
        return made[name]

    return of


def division(name: str) -> str:
    """The division the variant's own text names."""
    line = next(each for each in text_of(name).splitlines() if each.startswith("division:"))
    return line.split('"')[1]


def text_of(name: str) -> str:
    """The variant as written."""
    return (LAYERS / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name, walk", WALKS, ids=[f"{name}-{at}" for at, (name, _) in enumerate(WALKS)])
def test_the_gate_that_makes_the_variant_holds(cases_of, tmp_path: Path, name: str, walk: str) -> None:
    """Both ways through the step the variant adds or changes come out as its name says."""
    path = tmp_path / "case.yaml"
    code = VILLAGES[division(name)]
    path.write_text(f'说明: 试\n情形:\n  - {{例: 一, 村里: {{代码: "{code}"}}, {walk}}}\n', encoding="utf-8")

    assert cases_of(name).run_file(path)[0].difference is None


def test_every_variant_is_walked() -> None:
    """No layer of the folder is without a walk."""
    assert {path.stem for path in LAYERS.glob("*.yaml")} == {name for name, _ in WALKS}
