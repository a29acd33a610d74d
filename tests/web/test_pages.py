import re
from datetime import date, datetime
from pathlib import Path

import pytest
from jinja2 import UndefinedError

from web import numerals, pages
from web.forms import Form, parse_count, parse_day, parse_money
from web.settings import Settings
from workflow.core.facts import Choice, Field, read_facts

STATIC = Path(pages.__file__).parent / "static"


@pytest.mark.parametrize(
    "number, words",
    [
        (0, "零"), (10, "十"), (12, "十二"), (110, "一百一十"), (105, "一百零五"), (1010, "一千零一十"),
        (10_005, "一万零五"), (12_000, "一万二千"), (101_000, "十万一千"), (100_010_000, "一亿零一万"),
        (10**12 + 5 * 10**8, "一万零五亿"),
    ],
)  # fmt: skip
def test_numbers_are_echoed_as_people_say_them(number, words):
    """Zeros are said once between digits and never at the end."""
    assert numerals.spoken(number) == words


@pytest.mark.parametrize(
    "fen, said, spelt",
    [
        (1_200_000, "一万二千元", "壹万贰仟元整"),
        (1_200_050, "一万二千元五角", "壹万贰仟元伍角整"),
        (1_200_005, "一万二千元零五分", "壹万贰仟元零伍分"),
        (1_000, "十元", "壹拾元整"),
        (5, "五分", "伍分"),
        (0, "零元", "零元整"),
    ],
)
def test_amounts_are_said_and_spelt(fen, said, spelt):
    """An amount reads one way aloud and another in capitals, exact to the fen."""
    assert numerals.spoken_money(fen) == said
    assert numerals.capital_money(fen) == spelt


def test_numbers_beyond_the_words_are_refused():
    """A number that has no words is an error, not a wrong word."""
    with pytest.raises(ValueError, match="10\\^16"):
        numerals.spoken(10**16)


@pytest.mark.parametrize(
    "typed, number",
    [("３１", 31), ("1,200", 1200), ("31人", 31), (" 7 ", 7), ("-1", None), ("3.5", None), ("", None)],
)
def test_counts_are_read_as_typed(typed, number):
    """Full-width digits, commas and a unit are fine; signs, fractions and nothing are not counts."""
    assert parse_count(typed) == number


@pytest.mark.parametrize(
    "typed, fen",
    [
        ("12000", 1_200_000),
        ("12,000.5元", 1_200_050),
        ("￥３５０．０５", 35_005),
        ("1.234", None),
        ("一万", None),
    ],
)
def test_amounts_are_read_in_yuan_and_kept_in_fen(typed, fen):
    """No float stands between what was typed and the fen."""
    assert parse_money(typed) == fen


def test_a_day_that_no_calendar_has_is_none():
    """29 February exists in leap years only, and a year has four digits."""
    assert parse_day("2028", "2", "29") == date(2028, 2, 29)
    assert parse_day("2026", "2", "29") is None
    assert parse_day("26", "3", "1") is None
    assert parse_day("2026", "", "1") is None


def test_days_and_spans_carry_what_people_check():
    """A day names its weekday; a span counts both its ends; an instant is told in China's time."""
    assert pages.weekday("2026-03-01") == "2026年3月1日（星期日）"
    assert pages.span("2026-03-01", "2026-03-16") == "自2026年3月1日至3月16日，共16日"
    assert pages.span(date(2026, 12, 30), date(2027, 1, 2)) == "自2026年12月30日至2027年1月2日，共4日"
    assert pages.moment("2026-02-28T16:05:00.000000Z") == "2026年3月1日 00:05"
    assert pages.nearby(date(2026, 3, 1), 1) == [
        ("2026-03-01", "3月1日 星期日（今天）"),
        ("2026-02-28", "2月28日 星期六（昨天）"),
    ]


@pytest.mark.parametrize(
    "path", ["//evil.cn", "/\\evil.cn", "https://evil.cn", "javascript:x", "/a\r\nb", ""]
)
def test_going_on_never_leaves_the_site(path):
    """Only a path of this site is followed after a login."""
    assert pages.local_path(path) == "/"
    assert pages.local_path("/matters/1?x=2") == "/matters/1?x=2"


FIELDS = (
    Field("yes", "赞成", "count"),
    Field("cost", "金额", "money"),
    Field("held", "开会日期", "day"),
    Field("open_vote", "公开表决", "flag"),
    Field("way", "方式", "choice", choices=(Choice("hands", "举手"), Choice("paper", "投票"))),
    Field("told", "通知方式", "choices", choices=(Choice("board", "张贴"), Choice("radio", "广播"))),
    Field("words", "决议内容", "text"),
    Field("place", "地点", "line", required=False),
)


def test_a_form_of_a_procedure_reads_back_what_was_typed():
    """Every type of fact goes from typed texts to the value the engine takes."""
    form = Form({
        "yes": ["３１"], "cost": ["12,000"], "held_near": ["2026-03-01"], "open_vote": ["yes"],
        "way": ["hands"], "told[]": ["board", "radio"], "words": ["同意\r\n修路"],
    })  # fmt: skip
    facts, errors = read_facts(FIELDS, form.given(FIELDS))
    assert errors == []
    assert facts.open == {
        "yes": 31, "cost": 1_200_000, "held": "2026-03-01", "open_vote": True,
        "way": "hands", "told": ["board", "radio"],
    }  # fmt: skip
    assert facts.private == {"words": "同意\n修路"}


def test_what_cannot_be_understood_is_refused_and_not_lost():
    """Every wrong answer gets its own sentence from the engine's reading, none is dropped on the way."""
    form = Form({
        "yes": ["很多"], "cost": ["贵"], "held_y": ["2026"], "held_m": ["2"], "held_d": ["30"],
        "open_vote": ["maybe"], "way": ["shout"], "told[]": ["tv"], "words": ["好"],
    })  # fmt: skip
    form.take(read_facts(FIELDS, form.given(FIELDS))[1])
    assert list(form.errors) == ["yes", "cost", "held", "open_vote", "way", "told"]
    assert form.value("yes") == "很多"


def test_a_day_must_be_said_once():
    """A day picked from the list and another in the boxes contradict each other."""
    form = Form({"held_near": ["2026-03-01"], "held_y": ["2026"], "held_m": ["3"], "held_d": ["2"]})
    assert form.day("held", "开会日期") is None
    assert form.error("held") == "开会日期：上面选了一天，下面又填了另一天，请只留一个"
    same = Form({"held_near": ["other"], "held_y": ["2026"], "held_m": ["3"], "held_d": ["2"]})
    assert same.day("held", "开会日期", last=date(2026, 3, 1)) == date(2026, 3, 2)
    assert same.error("held") == "开会日期不能晚于2026年3月1日"


def test_form_errors_say_what_to_do():
    """Each reader names its field and what it wants."""
    form = Form(
        {
            "yes": ["四十六"],
            "no": ["46"],
            "why": ["x" * 201],
            "d_y": ["2026"],
            "e_y": ["2026"],
            "e_m": ["13"],
            "e_d": ["1"],
        }
    )
    form.number("yes", "赞成票数")
    form.number("no", "反对票数", most=45)
    form.number("none", "弃权票数")
    form.text("why", "事由")
    form.money("cost", "金额")
    form.day("d", "日期")
    form.day("e", "截止日")
    form.choice("way", "方式", {"hands"})
    assert form.errors == {
        "yes": "赞成票数要填整数，例如 31",
        "no": "反对票数要在 0 到 45 之间",
        "none": "弃权票数没有填",
        "why": "事由最多 200 个字，现在有 201 个",
        "cost": "金额没有填",
        "d": "日期要填全年、月、日，例如 2026 年 3 月 1 日",
        "e": "截止日：没有“2026年13月1日”这一天",
        "way": "方式还没有选",
    }


def test_a_draft_keeps_words_and_never_secrets():
    """What is kept for later holds no password, code or submit key."""
    form = Form({"words": ["修路"], "old_password": ["x"], "code": ["y"], "key": ["z"], "told[]": ["board"]})
    assert Form.from_json(form.to_json()).typed == {"words": ["修路"], "told[]": ["board"]}


@pytest.fixture
def page(tmp_path):
    """A way to show a piece of template as a page would."""
    templates = pages.make_templates(
        Settings(data=tmp_path), lambda: datetime.fromisoformat("2026-03-01T10:00+08:00")
    )

    def show(source: str, **context: object) -> str:
        return templates.env.from_string("{% import '_macros.html' as f %}" + source).render(**context)

    return show


def test_every_question_has_a_label_and_its_error_beside_it(page):
    """A field in error is described by the same words as the error box, and linked from it."""
    form = Form({"yes": ["<b>"]})
    form.number("yes", "赞成票数")
    shown = page("{{ f.error_summary(form) }}{{ f.number(form, 'yes', '赞成票数', unit='票') }}", form=form)
    assert '<a href="#f-yes">赞成票数要填整数，例如 31</a>' in shown
    assert '<label for="f-yes">赞成票数</label>' in shown
    assert 'aria-invalid="true"' in shown
    assert 'value="&lt;b&gt;"' in shown
    assert shown.count("赞成票数要填整数，例如 31") == 2


def test_no_answer_is_chosen_beforehand(page):
    """同意, 不同意, 弃权 start empty; only what was chosen comes back chosen."""
    source = "{{ f.choice(form, 'vote', '意见', [('yes', '同意'), ('no', '不同意'), ('none', '弃权')]) }}"
    assert " checked" not in page(source, form=Form())
    assert page(source, form=Form({"vote": ["no"]})).count(" checked") == 1


def test_every_type_of_fact_has_its_question(page):
    """The dispatcher knows the engine's closed list of types, and marks what may stay empty."""
    fields = (*FIELDS, Field("papers", "签到表", "documents"))
    shown = page(
        "{% for each in fields %}{{ f.fact(form, each, nearby(day)) }}{% endfor %}",
        fields=fields,
        form=Form(),
        day=date(2026, 3, 1),
    )
    names = set(re.findall(r' name="([^"]+)"', shown))
    assert names == {
        "yes", "cost", "held_near", "held_y", "held_m", "held_d", "open_vote", "way", "told[]", "words",
        "place", "papers[]",
    }  # fmt: skip
    assert "地点（可以不填）" in shown


def test_summary_says_what_is_not_filled(page):
    """The check page shows 未填写 in place of an empty space."""
    shown = page("{{ f.summary_list([('应到', 45), ('事由', '', '/back'), ('弃权', 0)]) }}")
    assert shown.count("未填写") == 1
    assert 'href="/back"' in shown


def test_an_unknown_name_in_a_template_is_an_error(page):
    """A page never shows an empty space where a word was meant."""
    with pytest.raises(UndefinedError):
        page("{{ nothing }}")
