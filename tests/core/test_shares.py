"""Shares are exact: what meets them, how they are spelled, said and reckoned by hand."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ConfigDict, ValidationError

from workflow.core.shares import BASES, Share, ShareRule


class Written(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    quorum: ShareRule


SHARES = st.builds(
    lambda op, denominator, part, base: Share(
        op, min(part, denominator - 1) if op == ">" else min(part, denominator), denominator, base
    ),
    st.sampled_from([">=", ">"]),
    st.integers(2, 9999),
    st.integers(1, 9999),
    st.sampled_from(sorted(BASES)),
)


@pytest.mark.parametrize(
    "spelled, count, total, met",
    [
        (">= 2/3 of body_all", 30, 45, True),
        (">= 2/3 of body_all", 29, 45, False),
        ("> 1/2 of present", 16, 30, True),
        ("> 1/2 of present", 15, 30, False),
        (">= 1/2 of voting_members", 15, 30, True),
        (">= 1/2 of voting_members", 14, 30, False),
        ("> 1/2 of due", 16, 31, True),
        ("> 1/2 of due", 15, 31, False),
        (">= 2/3 of households", 67, 100, True),
        (">= 2/3 of households", 66, 100, False),
        (">= 1/1 of directors_all", 7, 7, True),
        (">= 1/1 of directors_all", 6, 7, False),
    ],
)
def test_both_sides_of_a_share(spelled, count, total, met):
    """三分之二以上 includes the number, 过半数 does not (CNT-01)."""
    share = Share.parse(spelled)
    assert share.met(count, total) is met


@given(SHARES, st.integers(-3, 20_000), st.integers(1, 20_000))
def test_met_is_fraction_arithmetic(share, count, total):
    """Whether a share is met agrees with exact fractions at every count."""
    ratio, needed = Fraction(count, total), Fraction(share.numerator, share.denominator)
    assert share.met(count, total) is (ratio >= needed if share.op == ">=" else ratio > needed)


@given(SHARES, st.integers(1, 20_000))
def test_least_is_the_first_count_that_meets(share, total):
    """The least count meets the share, one less does not, and a full body always reaches it."""
    least = share.least(total)
    assert least is not None
    assert share.met(least, total)
    assert not share.met(least - 1, total)
    assert 1 <= least <= total


@given(SHARES)
def test_the_spelling_reads_back(share):
    """A share written out is read as the same share."""
    assert Share.parse(str(share)) == share


def test_an_empty_body_meets_nothing():
    """No share of nobody is met, and there is no least count of it."""
    share = Share.parse(">= 2/3 of body_all")
    assert not share.met(0, 0)
    assert share.least(0) is None


@pytest.mark.parametrize(
    "spelled, found",
    [
        ("66.7%", "不能用百分数或小数"),
        (">= 66% of present", "不能用百分数或小数"),
        (">= 0.667 of present", "不能用百分数或小数"),
        ("≥ 2/3 of body_all", "看不懂"),
        (">=2/3 of body_all", "看不懂"),
        (">= 2/3 of body_all\n", "看不懂"),
        (">= 02/3 of body_all", "看不懂"),
        (">= 2/3  of body_all", "看不懂"),
        ("2/3 of body_all", "看不懂"),
        (">= ２/3 of body_all", "看不懂"),
        (">= 2/3 of body", "没有 body 这个计算基数，是否指 body_all"),
        (">= 2/3 of xyzzy", "没有 xyzzy 这个计算基数；可用：present"),
        (">= 3/2 of body_all", "不大于一"),
        (">= 10000/10001 of body_all", "看不懂"),
        ("> 1/1 of body_all", "永远达不到"),
    ],
)
def test_other_spellings_are_refused(spelled, found):
    """There is one spelling; percentages, decimals and unknown bases are explained in Chinese."""
    with pytest.raises(ValueError, match=found):
        Share.parse(spelled)


@pytest.mark.parametrize(
    "spelled, words",
    [
        ("> 1/2 of present", "到会人员的过半数"),
        (">= 2/3 of body_all", "组成人员的三分之二以上"),
        (">= 1/2 of voting_members", "有表决权的党员的半数以上"),
        ("> 2/4 of due", "应到会人员的过半数"),
        ("> 2/3 of households", "超过本村总户数的三分之二"),
        (">= 1/1 of directors_all", "全体理事的全部"),
        (">= 667/1000 of body_all", "组成人员的千分之六百六十七以上"),
        (">= 11/15 of body_all", "组成人员的十五分之十一以上"),
        (">= 101/110 of body_all", "组成人员的一百一十分之一百零一以上"),
        (">= 1001/1010 of body_all", "组成人员的一千零一十分之一千零一以上"),
    ],
)
def test_shares_are_said_as_statutes_say_them(spelled, words):
    """Villagers read 三分之二以上 and 过半数, never a sign."""
    assert Share.parse(spelled).words() == words


def test_every_base_has_its_own_word():
    """Two bases are never called the same, or a page could not tell them apart."""
    assert len(set(BASES.values())) == len(BASES)


@pytest.mark.parametrize(
    "spelled, count, total, shown",
    [
        (">= 2/3 of body_all", 31, 45, "31×3=93 ≥ 45×2=90"),
        (">= 2/3 of body_all", 29, 45, "29×3=87 < 45×2=90"),
        ("> 1/2 of present", 16, 30, "16×2=32 > 30"),
        ("> 1/2 of present", 15, 30, "15×2=30 ≤ 30"),
        (">= 1/1 of directors_all", 7, 7, "7 ≥ 7"),
    ],
)
def test_the_arithmetic_can_be_done_by_hand(spelled, count, total, shown):
    """The comparison is shown in whole numbers, met or not."""
    assert Share.parse(spelled).arithmetic(count, total) == shown


ASSEMBLY = {"any_of": ["> 1/2 of villagers_18plus", ">= 2/3 of households"]}


def test_any_of_is_met_by_one_alternative():
    """村民会议 meets with over half the villagers or two thirds of the households (art. 26)."""
    rule = ShareRule.parse(ASSEMBLY)
    assert rule.met(51, {"villagers_18plus": 100})
    assert not rule.met(50, {"villagers_18plus": 100})
    assert rule.met(20, {"households": 30})
    assert not rule.met(19, {"households": 30})
    assert rule.least({"villagers_18plus": 100, "households": 30}) == 20
    assert rule.bases == {"villagers_18plus", "households"}
    assert rule.words() == "本村十八周岁以上村民的过半数，或者本村总户数的三分之二以上"


def test_a_rule_without_any_of_its_bases_is_an_error():
    """Asking a rule without its base is a mistake of the caller, not an unmet share."""
    with pytest.raises(KeyError, match="body_all"):
        ShareRule.parse(">= 2/3 of body_all").met(30, {"due": 45})
    assert ShareRule.parse(ASSEMBLY).least({"households": 0}) is None


@pytest.mark.parametrize("written", [">= 2/3 of body_all", ASSEMBLY])
def test_a_rule_is_a_field_of_strict_models(written):
    """Strict models take both spellings and give them back unchanged."""
    model = Written.model_validate({"quorum": written})
    assert model.quorum == ShareRule.parse(written)
    assert model.model_dump() == {"quorum": written}
    assert hash(model.quorum) == hash(ShareRule.parse(written))


@pytest.mark.parametrize(
    "written",
    [
        0.667,
        2,
        None,
        [">= 2/3 of body_all"],
        {"any_of": []},
        {"any_of": "> 1/2 of present"},
        {"any_of": [">= 2/3 of body_all", ">= 2/3 of body_all"]},
        {"any_of": [">= 2/3 of body_all"], "all_of": []},
        {"any_of": [2]},
        {"any_of": [f">= {part}/9 of body_all" for part in range(1, 6)]},
    ],
)
def test_other_shapes_are_refused_by_models(written):
    """A float, a list, an empty, long or doubled any_of and unknown keys are refused with a Chinese sentence."""
    with pytest.raises(ValidationError, match=r"看不懂|至少要写一项|最多写四项|重复"):
        Written.model_validate({"quorum": written})


def test_the_schema_names_both_spellings():
    """Editors are told the pattern of a share and the shape of any_of."""
    schema = Written.model_json_schema()["properties"]["quorum"]
    share, several = schema["anyOf"]
    assert "body_all" in share["pattern"]
    assert several["properties"]["any_of"]["items"] == share
