"""The table of words: every check has its words, every word its check."""

import re
from pathlib import Path

import pytest

import workflow
from workflow.core.attempt import Requirement
from workflow.core.words import CHECKS, in_words, yuan

ROOT = Path(workflow.__file__).parent
ASKED = re.compile(r"""(?:Requirement\(|_asked_shares\(|_share\()\s*f?"([a-z_]+\.[a-z_{}]+)\"""")
NAMED = re.compile(
    r'"((?:move|office|day|confirm|count|meeting|motion|posting|objection|work|inspection|withdraw|correct|place)\.[a-z_]+)"'
)


def test_every_check_of_the_engine_has_words_and_no_words_are_idle() -> None:
    """Ids in the source and ids in the table are the same set."""
    sources = [path.read_text(encoding="utf-8") for path in ROOT.rglob("*.py") if path.name != "words.py"]
    asked = {name for text in sources for name in ASKED.findall(text) if "{" not in name}
    named = {name for text in sources for name in NAMED.findall(text)}
    asked |= {f"work.acceptance_{name}" for name in ("people", "committee", "supervisors")}

    assert asked - set(CHECKS) == set()
    assert set(CHECKS) - asked - named == set()


def test_a_refusal_says_found_required_article_and_next_step() -> None:
    """The four parts of a refusal, with the arithmetic that can be done by hand."""
    numbers = {"count": 29, "total": 45, "base": "body_all", "rule": ">= 2/3 of body_all", "least": 30}
    words = in_words(
        Requirement("meeting.quorum", met=False, numbers=numbers, basis=("组织法（2025年修正）第三十条",))
    )

    assert words.found == "实到 29，组成人员 45"
    assert words.required == "须达到组成人员的三分之二以上，至少 30（29×3=87 < 45×2=90）"
    assert words.basis == "组织法（2025年修正）第三十条"
    assert words.hint == "会议未开成，改期再开"


@pytest.mark.parametrize("check", sorted(CHECKS))
def test_words_never_fail_for_a_number_that_is_missing(check: str) -> None:
    """A requirement without its numbers still reads as a sentence: a dash, never an exception."""
    words = in_words(Requirement(check, met=False))

    assert words.found
    assert words.hint
    assert "{" not in words.found + words.required + words.hint


def test_days_and_tokens_are_said_in_words() -> None:
    """ISO days become days people read, tokens the names of offices."""
    words = in_words(
        Requirement("day.not_ahead", met=False, numbers={"acted": "2026-03-12", "recorded": "2026-03-11"})
    )
    office = in_words(Requirement("office.may", met=False, numbers={"held": [], "allowed": ["vsc_chair"]}))

    assert words.found == "填的日期是2026年3月12日（星期四），今天是2026年3月11日（星期三）"
    assert (office.found, office.required) == ("您现在的职务是：无", "须由这些职务办理：村务监督委员会主任")


def test_money_is_written_in_yuan() -> None:
    """Fen become yuan without a float."""
    assert [yuan(fen) for fen in (4800000, 4800050, 5, 0)] == ["48000", "48000.50", "0.05", "0"]
