"""The effective procedure in words, from the shipped texts and from small layers written here."""

import shutil
from datetime import date
from typing import get_args

import pytest

from workflow.core.conditions import Condition
from workflow.core.kinds import AnyStage
from workflow.core.place import BODIES, OFFICES
from workflow.core.procedure import Procedure
from workflow.library import Library, NotInForce
from workflow.printing import as_data, in_text
from workflow.saying import TOKENS, condition_words, number_words
from workflow.shelves import SHIPPED
from workflow.show import Shown, Value, show

SIYI, LINSHU, BEIJING, DAY = "siyi_lianggongkai", "371329105201", "110101001001", date(2026, 3, 1)


@pytest.fixture(scope="module")
def library() -> Library:
    """The shipped texts."""
    return Library(SHIPPED)


def value_of(shown: Shown, *path: str) -> Value:
    """The value at a path that begins with the stage's id, or with `settings`."""
    start = path if path[0] == "settings" else ("stages", *path)
    return next(each for section in shown.sections for each in section.values if each.path == start)


def test_a_national_value_names_its_article(library):
    """The quorum of the representatives' assembly, with the text that wrote it and the article that binds it."""
    quorum = value_of(show(library, SIYI, BEIJING, DAY), "resolve", "bodies", "rep_assembly", "quorum")
    assert quorum.sentence() == "到会要求：组成人员的三分之二以上（国家文本；组织法（2025年修正）第三十条）"
    assert quorum.floor == "村民代表会议到会：组成人员的三分之二以上"


def test_a_province_s_value_names_the_province(library):
    """Five days' notice and its ways come from Shandong's layer; in Beijing the national three days stand."""
    path = ("resolve", "bodies", "rep_assembly", "notice_days")
    here, there = (value_of(show(library, SIYI, place, DAY), *path) for place in (LINSHU, BEIJING))
    assert here.sentence() == "提前 5 天通知（山东省；山东省实施办法（2012年修订）第二十四条）"
    assert there.sentence() == "提前 3 天通知（国家文本）"
    ways = value_of(show(library, SIYI, LINSHU, DAY), *path[:-1], "notice_ways")
    assert ways.said == "通知方式（都要做到）：书面通知到人、张榜公布"


def test_a_stage_of_the_county_names_the_county(library):
    """An inserted stage and every value in it carry the county's name, and the next step leads to it."""
    shown = show(library, SIYI, LINSHU, DAY)
    opinion = next(each for each in shown.sections if each.id == "township_opinion")
    assert (opinion.layer, opinion.when, opinion.default) == ("临沭县", "事项层级是重大事项", True)
    assert {each.layer for each in opinion.values if each.written} == {"临沭县"}
    assert value_of(shown, "consult", "then").sentence() == "通过后到：镇街出具意见（临沭县）"
    assert [each.title for each in shown.layers] == ["国家文本", "山东省", "山东省", "临沭县"]


def test_what_nobody_wrote_is_called_a_default(library):
    """A value of the software's own is never passed off as the text's."""
    by = value_of(show(library, SIYI, BEIJING, DAY), "consult", "by")
    assert (by.layer, by.written) == ("软件默认", False)


def test_money_days_and_times_stand_inside_their_words():
    """A number is put where its title leaves room for it."""
    assert number_words("提前几天通知", 5) == "提前 5 天通知"
    assert number_words("多少钱以上须比价（分）", 100_000) == "1000 元以上须比价"
    assert number_words("公示天数", 15) == "公示天数：15 天"
    assert number_words("编号", 3) == "编号：3"


def test_a_village_s_layer_shows_in_that_village_alone(tmp_path):
    """Longer than the law is allowed and named after the village; the neighbour keeps the national days."""
    folder = tmp_path / "procedures"
    shutil.copytree(SHIPPED, folder)
    own = folder / "layers" / LINSHU / SIYI
    own.mkdir(parents=True)
    (own / "2026-02-01.yaml").write_text(
        f"layer: village\ndivision: '{LINSHU}'\ntitle: 张庄村\nextends: {SIYI}\nfrom: 2026-02-01\n"
        "set:\n  stages.post_resolution.days: 20\n",
        encoding="utf-8",
    )
    changed = Library(folder)
    days = value_of(show(changed, SIYI, LINSHU, DAY), "post_resolution", "days")
    assert days.sentence() == "公示天数：20 天（张庄村；组织法（2025年修正）第三十五条）"
    assert days.floor == "村务公布期限：不少于15日"
    assert value_of(show(changed, SIYI, "371329105202", DAY), "post_resolution", "days").layer == "国家文本"
    assert (
        value_of(show(changed, SIYI, LINSHU, date(2026, 1, 31)), "post_resolution", "days").layer
        == "国家文本"
    )


def test_no_token_is_left_in_english(library):
    """Every procedure in every shipped place reads as Chinese: no token of the file is shown as it is."""
    for procedure in library.procedures():
        for place in (LINSHU, BEIJING):
            shown = show(library, procedure, place, DAY)
            said = [value.said for section in shown.sections for value in section.values]
            assert [each for each in said if any("a" <= sign <= "z" for sign in each)] == []


def literals(annotation: object) -> set[str]:
    """The closed words anywhere inside an annotation."""
    inside = get_args(annotation)
    return {each for each in inside if isinstance(each, str)}.union(*map(literals, inside))


def test_every_closed_word_of_every_stage_has_chinese(library):
    """A new kind of stage, or a new token of an old one, is refused here until it has words."""
    for kind in get_args(get_args(AnyStage)[0]):
        for name, about in kind.model_fields.items():
            words = TOKENS.get(name, {}) | OFFICES | BODIES
            assert literals(about.annotation) - set(words) == set(), f"{kind.__name__}.{name}"
    decides = Procedure.model_fields["decides"].annotation
    assert literals(decides) == set(TOKENS["decides"])


def test_a_condition_reads_as_a_sentence():
    """Amounts are said in yuan, kinds by their catalogue's names."""
    condition = Condition.model_validate(
        {
            "tier": "major",
            "amount_fen": {"at_least": 500_000},
            "any_of": ({"kind": "k"}, {"source": "cadres_propose"}),
        }
    )
    assert condition_words(condition, {"k": "修路"}) == (
        "事项层级是重大事项，并且金额不少于 5000 元，并且事项种类是修路或者动议事由是村干部提议"
    )


def test_the_text_and_the_data_say_the_same(library):
    """What the terminal prints and what a program gets come from one place."""
    shown = show(library, SIYI, LINSHU, DAY)
    text, data = in_text(shown), as_data(shown)
    assert text.startswith("四议两公开（371329105201，2026年3月1日）\n")
    assert (
        "4. 镇街出具意见（审议；审核备案；临沭县；事项层级是重大事项才需要；本步为软件默认，非法规原文）"
        in text
    )
    for section in data["sections"]:
        for value in section["values"]:
            assert value["words"] in text
            assert value["floor"] in text


def test_what_is_not_in_force_is_said(library):
    """Before its first day, and under another name, there is no procedure to show."""
    with pytest.raises(NotInForce, match="没有施行"):
        show(library, SIYI, LINSHU, date(2018, 12, 31))
    with pytest.raises(NotInForce, match="是否指"):
        show(library, "siyi_liangongkai", LINSHU, DAY)
