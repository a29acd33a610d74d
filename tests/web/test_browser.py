from datetime import date

import pytest
from fastapi import Request
from starlette.responses import HTMLResponse

from web.forms import Form
from workflow.core.facts import Choice, Field

TARGETS = """() => [...document.querySelectorAll('a[href], button, input:not([type=hidden])')]
    .filter(each => !each.classList.contains('skip'))
    .map(each => {
        const label = each.matches('[type=radio], [type=checkbox]') ? each.closest('.pick') : each;
        const box = label.getBoundingClientRect();
        return [each.textContent || each.name, Math.round(box.width), Math.round(box.height)];
    })"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_a_person_logs_in_with_keyboard_and_large_letters(install, serve, browser, tmp_path, width):
    """On phone and desk: no sideways scrolling, targets of 44 px, a seen focus, the error box first."""
    place = install(demo=True, contact="0539-1234567")
    place.person()
    faults: list[str] = []
    with serve(place.app) as address:
        context = browser.new_context(viewport={"width": width, "height": 740}, locale="zh-CN")
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(f"{address}/login")
        page.screenshot(path=tmp_path / f"login-{width}.png", full_page=True)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "跳到正文"
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineWidth")
        assert outline == "3px"
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "18px"
        _fits(page, 44)

        page.get_by_label("登录名").fill("文书小李")
        page.get_by_label("密码").fill("不是这个")
        page.keyboard.press("Enter")
        page.wait_for_selector(".errors")
        assert page.title() == "错误：登录 - 村议"
        assert page.evaluate("document.activeElement.className") == "errors"
        assert page.get_by_label("登录名").input_value() == "文书小李"
        page.screenshot(path=tmp_path / f"refused-{width}.png", full_page=True)

        page.get_by_role("button", name="大字版").click()
        page.wait_for_selector("html.large")
        assert page.evaluate("getComputedStyle(document.body).fontSize") == "24px"
        assert page.get_by_role("button", name="登录").bounding_box()["height"] >= 60
        page.screenshot(path=tmp_path / f"large-{width}.png", full_page=True)
        _fits(page, 44)

        page.get_by_label("登录名").fill("文书小李")
        page.get_by_label("密码").fill(place.password)
        page.get_by_role("button", name="登录").click()
        page.wait_for_url(f"{address}/secretary")
        page.get_by_text("文书小李").first.wait_for()
        page.screenshot(path=tmp_path / f"today-{width}.png", full_page=True)
        _fits(page, 44)
        page.get_by_role("button", name="换人").click()
        page.get_by_text("已经退出").wait_for()
        context.close()
    # The refused login is the only complaint, and it is the browser's note of the 422.
    assert [fault for fault in faults if "422" not in fault] == []


QUESTIONS = (
    Field("yes", "赞成票数", "count", hint="举手的人数，主持人当场数、当场报"),
    Field("cost", "总金额", "money"),
    Field("held", "开会日期", "day"),
    Field("open_vote", "是不是公开表决", "flag"),
    Field(
        "told", "怎样通知的", "choices", choices=(Choice("board", "张贴在公示栏"), Choice("radio", "广播"))
    ),
    Field("words", "决议内容", "text"),
    Field("place", "开会地点", "line", required=False),
    Field("papers", "签到表照片", "documents"),
)
ASKING = """{% extends 'base.html' %}{% import '_macros.html' as f %}
{% block title %}登记票数{% endblock %}
{% block main %}{{ f.error_summary(form) }}<h1>登记票数</h1>
{% call f.inset('warning') %}登记后不能修改，只能更正。{% endcall %}
<form method="post" enctype="multipart/form-data">{{ f.submit_key('k') }}
{% for each in fields %}{{ f.fact(form, each, nearby(today, 2)) }}{% endfor %}
{{ f.button('核对') }}</form>
{{ f.summary_list([('应到', '45 人'), ('事由', '', '/x')]) }}{{ f.not_yet('张贴公示', '要等监委会确认票数。') }}
{% endblock %}"""


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_every_kind_of_question_fits_and_says_amounts_aloud(install, serve, browser, tmp_path, width):
    """All questions of a procedure on one page: each fits the window and the thumb; an amount is said while typed."""
    place = install()
    environment = place.app.state.templates.env

    @place.app.get("/asking")
    def asking(request: Request) -> HTMLResponse:
        form = Form({"yes": ["四十"], "held_y": ["2026"], "held_m": ["2"], "held_d": ["30"]})
        form.number("yes", "赞成票数")
        form.day("held", "开会日期")
        shown = environment.from_string(ASKING).render(
            form=form, fields=QUESTIONS, today=date(2026, 3, 1), viewer=None, large=width == 360, here="/asking",
            request_id=request.state.request_id,
        )  # fmt: skip
        return HTMLResponse(shown)

    with serve(place.app) as address:
        context = browser.new_context(viewport={"width": width, "height": 740})
        page = context.new_page()
        page.goto(f"{address}/asking")
        page.get_by_label("总金额").fill("￥１２,000.5")
        assert page.locator("#ecost").text_content() == "一万二千元五角"
        page.get_by_label("总金额").fill("一万")
        assert page.locator("#ecost").text_content() == ""
        page.get_by_role("link", name="赞成票数要填整数，例如 31").click()
        assert page.evaluate("document.activeElement.id") == "f-yes"
        page.get_by_text("2月28日 星期六（昨天）").click()
        assert page.locator("#f-held-2026-02-28").is_checked()
        page.screenshot(path=tmp_path / f"asking-{width}.png", full_page=True)
        _fits(page, 44)
        page.emulate_media(media="print")
        assert not page.locator(".top").is_visible()
        context.close()


def _fits(page, least: int) -> None:
    """No part is wider than the window, and whatever can be pressed is large enough for a thumb."""
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") == 0
    assert [each for each in page.evaluate(TARGETS) if min(each[1:]) < least] == []
