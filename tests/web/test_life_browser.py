from datetime import date

import pytest

from tests.builders import OPENING, VILLAGE, People, advance_ok, document, png, village
from tests.lives import LIFE
from web.app import create_app
from workflow.core.days import civil_day

PAPER = ["picture"]
PICTURES = {
    "today",
    "open-form",
    "matter-before-resolved",
    "resolved-form",
    "resolved-check",
    "resolved-done",
}
TARGETS = """() => [...document.querySelectorAll('main a[href], main button, main input:not([type=hidden])')]
    .filter(each => each.getClientRects().length)
    .map(each => {
        const label = each.matches('[type=radio], [type=checkbox]') ? each.closest('.pick') : each;
        const box = label.getBoundingClientRect();
        return [each.textContent || each.name, Math.round(box.width), Math.round(box.height)];
    })"""


class Sitting:
    """Somebody at a browser, who fills in forms as the questions come."""

    def __init__(self, page, address, shots):
        self.page, self.address, self.shots = page, address, shots
        self.taken = set()

    def log_in(self, house, name):
        """Open a session."""
        self.page.goto(f"{self.address}/login")
        self.page.get_by_label("登录名").fill(name)
        self.page.get_by_label("密码").fill(house.password)
        self.press(self.page.get_by_role("button", name="登录"))

    def press(self, what):
        """Follow a link or hand in a form, and wait for the next page."""
        with self.page.expect_navigation():
            what.click()

    def photograph(self, name):
        """Every page fits the window and the thumb; of some, keep a picture, once."""
        wide = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide == 0, name
        small = [each for each in self.page.evaluate(TARGETS) if min(each[1:]) < 44]
        assert small == [], name
        assert self.page.locator(".button-main").count() <= 1, name
        if name in PICTURES and name not in self.taken:
            self.taken.add(name)
            self.page.screenshot(path=self.shots / f"{name}.png", full_page=True)

    def fill(self, day, facts):
        """Answer every question."""
        near = self.page.locator(f'input[name="day_of_act_near"][value="{day.isoformat()}"]')
        near.check()
        for name, value in facts.items():
            self._answer(name, value)

    def _answer(self, name, value):
        page = self.page
        if value == PAPER:
            page.locator(f'input[name="{name}[]"][type=file]').set_input_files(
                {"name": f"{name}.png", "mimeType": "image/png", "buffer": png()}
            )
        elif isinstance(value, list):
            for one in value:
                page.locator(f'input[name="{name}[]"][value="{one}"]').check()
        elif page.locator(f'input[name="{name}_y"]').count():
            for part, number in zip("ymd", str(value).split("-"), strict=True):
                page.locator(f'input[name="{name}_{part}"]').fill(str(int(number)))
        elif page.locator(f'input[type=radio][name="{name}"]').count():
            token = {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value
            page.locator(f'input[name="{name}"][value="{token}"]').check()
        else:
            typed = str(int(value) // 100) if name.endswith("_fen") else str(value)
            page.locator(f'[name="{name}"]').fill(typed)

    def hand_in(self, name):
        """From the filled form over the check to the confirmation."""
        self.photograph(f"{name}-form")
        self.press(self.page.get_by_role("button", name="核对"))
        assert self.page.title().startswith("核对"), self.page.locator("main").inner_text()
        self.photograph(f"{name}-check")
        self.press(self.page.locator(".button-main"))
        assert "/done/" in self.page.url, self.page.locator("main").inner_text()
        self.photograph(f"{name}-done")


@pytest.mark.browser
@pytest.mark.parametrize("width, scripts", [(1280, True), (360, False)])
def test_a_secretary_leads_the_drainage_matter_to_the_archive(
    install, serve, browser, tmp_path, width, scripts
):
    """The whole life of a matter through the pages: on a desk with scripts, on a phone without."""
    house = install()
    here = house.here
    house.watch.forward(days=1)
    people = village(
        here, People(secretary=house.person("文书小李"), vsc_chair=house.person("监委老王", "committee"))
    )
    app = create_app(house.settings, here, watch=type(house.watch)(house.watch.now))
    faults = []
    with serve(app) as address:
        window = {
            "viewport": {"width": width, "height": 740},
            "java_script_enabled": scripts,
            "locale": "zh-CN",
        }
        contexts = [browser.new_context(**window) for _ in range(2)]
        at, supervisor = (Sitting(context.new_page(), address, tmp_path) for context in contexts)
        for each, name in ((at, "文书小李"), (supervisor, "监委老王")):
            each.page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
            each.page.on("pageerror", lambda error: faults.append(str(error)))
            each.log_in(house, name)
        page = at.page
        page.goto(address)
        assert page.url == f"{address}/secretary"
        at.photograph("today-empty")
        at.press(page.get_by_role("link", name="提出新事项").last)
        at.photograph("kinds")
        at.press(page.get_by_role("link", name="公益事业兴办"))
        at.fill(civil_day(here.clock()), {name: value for name, value in OPENING.items() if name != "kind"})
        at.hand_in("open")
        at.press(page.get_by_role("link", name="回到这件事"))
        matter = page.url.rpartition("/")[2]
        for step in LIFE:
            here.clock.forward(days=step.days)
            day = civil_day(here.clock())
            if step.who == "secretary":
                _act(at, page, address, matter, step, day)
            elif step.action == "confirm":
                supervisor.page.goto(f"{address}/committee/matters/{matter}/confirm")
                supervisor.hand_in("confirm")
            else:
                facts = step.facts(day, [document(here)])
                advance_ok(here, VILLAGE, matter, step.action, getattr(people, step.who), facts)
        page.goto(f"{address}/secretary/matters/{matter}")
        page.get_by_text("已归档（").wait_for()
        at.photograph("archived")
        page.goto(f"{address}/secretary/place")
        at.photograph("place")
        for context in contexts:
            context.close()
    assert faults == []
    with here.database.reading() as conn:
        found = here.matter(conn, VILLAGE, matter)
    assert found.at == "archived"
    assert [act.action for act in found.acts] == ["open", *(step.action for step in LIFE)]


def _act(at, page, address, matter, step, day: date):
    page.goto(f"{address}/secretary")
    at.photograph("today")
    at.press(page.get_by_role("link", name="修建村东排水沟"))
    at.photograph(f"matter-before-{step.name}")
    at.press(page.locator("main .button-main"))
    at.fill(day, step.facts(day, PAPER))
    at.hand_in(step.name)
