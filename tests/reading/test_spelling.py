"""What people write for a number, a day, a share, a name or a token, and what of it a file wants."""

import pytest

from workflow.core.kinds import KINDS
from workflow.core.place import BODIES, OFFICES
from workflow.reading import spelling
from workflow.reading.tokens import titles_of, token_of, with_titles


@pytest.mark.parametrize(
    "text, key, number",
    [
        ("15天", "", 15), ("十五日", "", 15), ("１５", "", 15), ("3 人", "", 3), ("一百二十天", "", 120), ("15.0", "", 15),
        ("两家", "", 2), ("10,000", "", 10_000), ("5000元", "quotes_from_fen", 500_000),
        ("5万元", "tender_from_fen", 5_000_000), ("五万元", "x_fen", 5_000_000),
        ("15个工作日", "", None), ("5-7天", "", None), ("很久", "", None), ("", "", None), ("5000元", "days", None),
        ("五", "x_fen", None),
    ],
)  # fmt: skip
def test_a_number_with_its_unit_or_in_chinese(text: str, key: str, number: int | None) -> None:
    """A number is read out of its unit; workdays are no days, and yuan are fen only where fen are wanted."""
    assert spelling.whole_number(text, key) == number


@pytest.mark.parametrize(
    "text, day",
    [
        ("2026年1月1日", "2026-01-01"), ("2026/1/1", "2026-01-01"), ("2026.1.1", "2026-01-01"),
        ("２０２６年３月１日", "2026-03-01"), ("2026-02-30", None), ("一月一日", None),
    ],
)  # fmt: skip
def test_a_day_as_people_write_it(text: str, day: str | None) -> None:
    """Year, month and day in this order are a day; one that is not in the calendar is none."""
    assert spelling.day(text) == day


@pytest.mark.parametrize(
    "text, key, share",
    [
        ("三分之二以上", "quorum", ">= 2/3 of body_all"), ("过半数", "approval", "> 1/2 of present"),
        ("超过三分之二", "quorum", "> 2/3 of body_all"), ("组成人员的三分之二以上", "", ">= 2/3 of body_all"),
        ("到会人员过半数", "quorum", "> 1/2 of present"), ("半数以上", "approval", ">= 1/2 of present"),
        ("50%", "approval", ">= 1/2 of present"), ("66%", "quorum", ">= 2/3 of body_all"),
        ("66.7%", "quorum", ">= 2/3 of body_all"), ("百分之八十以上", "quorum", ">= 4/5 of body_all"),
        ("2/3", "women_quorum", ">= 2/3 of women_reps"), (">=2/3 of reps_all", "", ">= 2/3 of reps_all"),
        ("> 1/2 of presents", "", "> 1/2 of present"), ("全体同意", "approval", ">= 1/1 of present"),
        ("3/2", "", None), ("0%", "", None), ("大家同意", "", None), ("三分之二" * 30, "", None),
    ],
)  # fmt: skip
def test_a_share_as_people_write_it(text: str, key: str, share: str | None) -> None:
    """以上 includes, 过半数 and 超过 do not; the base is the one named or the usual one; never a guess beyond that."""
    assert spelling.share(text, key) == share


def test_a_name_made_of_what_was_written() -> None:
    """Capitals, dashes and blanks become what an id may hold; where nothing is left there is no guess."""
    assert [spelling.name(text) for text in ("Road-Works", "Lu Deng", "修路", "1a", "fine")] == [
        "road_works", "lu_deng", None, None, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "word, tokens, token",
    [
        ("会议", KINDS, "meeting"), ("公示", KINDS, "posting"), ("办理", KINDS, "work"), ("审核", KINDS, "signoff"),
        ("村支书", OFFICES, "secretary"), ("监委会主任", OFFICES, "vsc_chair"), ("村委会主任", OFFICES, "committee_director"),
        ("村民代表会议", BODIES, "rep_assembly"), ("两委联席会议", BODIES, "joint_meeting"), ("党员大会", BODIES, "party_meeting"),
        ("飞机场", OFFICES, None), ("", OFFICES, None), ("", BODIES, None),
    ],
)  # fmt: skip
def test_a_chinese_word_for_a_token(word: str, tokens: dict[str, str], token: str | None) -> None:
    """The title of a token, a part of it or what people call it leads to the token; a strange word to none."""
    assert token_of(word, tokens) == token


def test_tokens_are_shown_with_their_words() -> None:
    """A list of what may be written says each token in Chinese; one spelled alike elsewhere takes its own field's words."""
    assert with_titles(["major", "general"], "tier") == ["major（重大事项）", "general（一般事项）"]
    assert titles_of(["quorum", "approval"], "subject") == {"quorum": "到会", "approval": "通过"}
    assert with_titles(["nobody_knows"]) == ["nobody_knows"]
