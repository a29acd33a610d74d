"""A secretary at the pages without a browser: reads the words of a page, posts what its forms would."""

import html
import re
from dataclasses import dataclass, field

from tests.builders import People, life, png, village
from workflow.core.days import civil_day

FILES = [
    ("minutes[]", ("会议记录.png", png(), "image/png")),
    ("sign_in[]", ("签到表.png", png(3, 3), "image/png")),
]
COUNT = {
    "due": "45", "present": "31", "women_present": "10", "in_favour": "28", "against": "3", "abstain": "0",
    "method": "show_of_hands", "place": "村委会会议室", "chair": "王书记", "recorder": "李文书",
    "summary": "讨论后表决", "township_attendee": "刘某，副镇长",
}  # fmt: skip

OBJECTION = {
    "channel": "web", "named": True, "name": "张三", "contact": "村东第三家", "content": "报价比邻村高",
}  # fmt: skip


@dataclass
class Sitting:
    """A secretary at the pages, reading what is seen and posting what a browser would."""

    house: object
    people: People
    browser: object = field(default=None)

    def log_in(self, name="文书小李"):
        """Begin a session; the clock may have gone on."""
        self.browser = self.house.logged_in(name)
        return self

    def see(self, address, status=200):
        """The words of a page."""
        answer = self.browser.get(address)
        assert answer.status_code == status, address
        return words(answer)

    def form(self, address):
        """The hidden fields of a form page, and the day of the act set to today."""
        today = civil_day(self.house.here.clock()).isoformat()
        return {**hidden(self.browser.get(address)), "day_of_act_near": today}

    def post(self, address, typed, step="check", files=None):
        """Hand in a form."""
        return self.browser.post(address, data={**typed, "step": step}, files=files)

    def record(self, address, typed, files=None):
        """From the form over the check to the register; the answer to the last post."""
        check = self.post(address, {**self.form(address), **typed}, files=files)
        assert check.status_code == 200, words(check)
        return self.post(address, hidden(check), "record")


def hand_in(browser, address, files=None, **typed):
    """From a form over the check to the register; the answer to the check where there is nothing to record."""
    check = browser.post(
        address, data={**hidden(browser.get(address)), **typed, "step": "check"}, files=files
    )
    if check.status_code != 200:
        return check
    return browser.post(address, data={**hidden(check), "step": "record"})


def words(answer):
    """What a person reads on a page, without the frame around it."""
    main = re.search(r"<main.*?</main>", answer.text, re.DOTALL)[0]
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", main)))


def hidden(answer):
    """The hidden fields of the last form on a page; lists for names that end in []."""
    found = {}
    for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', answer.text):
        if name not in ("back", "large"):
            found.setdefault(html.unescape(name), []).append(html.unescape(value))
    return {name: values if name.endswith("[]") else values[0] for name, values in found.items()}


def at_the_vote(sitting):
    """The drainage matter on the day of the representatives' meeting; returns its page's address."""
    matter = life(sitting.house.here, sitting.people, "called")
    sitting.house.watch.forward(days=5)
    sitting.log_in()
    return f"/secretary/matters/{matter}"


def supervised(install):
    """张庄村 with its people on record; those of the committee, an auditor and the secretary have accounts."""
    place = install()
    place.people = village(
        place.here,
        People(
            secretary=place.person("王书记"),
            vsc_chair=place.person("孙监督", "committee"),
            vsc_member=place.person("周委员", "committee"),
        ),
    )
    place.person("审计陈", "auditor", "371329")
    return place
