"""A county puts its own text in force: one proposes, another approves, the register keeps it, nobody changes it after."""

import datetime
import itertools
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from command import main
from tests.builders import COUNTY, VILLAGE, Clock, grant, village
from web import store
from workflow.advance import advance
from workflow.core.attempt import Refusal
from workflow.core.days import civil_day
from workflow.installation import Installation, create
from workflow.published import keep, lay_out, published
from workflow.request import Answer, Malformed, Receipt, Request
from workflow.verify import verify

KEYS = itertools.count()
CIVIL, AGRI = "p_civil", "p_agri"
LAYER = """\
layer: county
division: "371329"
title: 临沭县
extends: siyi_lianggongkai
from: 2026-03-09
set:
  stages.deliberate.bodies.party_meeting.notice_days: 6
"""


@pytest.fixture
def here(database_url: str, tmp_path: Path) -> Iterator[Installation]:
    """A county with two people who may publish; it is Monday 2 March 2026."""
    made = create(tmp_path / "home", COUNTY, "临沭县", url=database_url, clock=Clock())
    grant(made, COUNTY, "installation", "p_administrator", "administrator")
    grant(made, COUNTY, "p_administrator", CIVIL, "county_civil_affairs")
    grant(made, COUNTY, "p_administrator", AGRI, "county_agri")
    yield made
    made.close()


def propose(
    here: Installation, folder: Path, text: str = LAYER, first: str = "2026-03-09", by: str = CIVIL
) -> Answer:
    """Ask to put a text in force."""
    path = folder / "text.yaml"
    path.write_text(text, encoding="utf-8")
    facts = {"text": [keep(here, path).digest], "from": first}
    day = civil_day(here.clock())
    return advance(here, Request(COUNTY, None, "publish_text", by, day, facts, f"propose {next(KEYS)}"))


def approve(here: Installation, number: int, by: str = AGRI) -> Answer:
    """The other person approves."""
    day = civil_day(here.clock())
    return advance(
        here, Request(COUNTY, None, "confirm", by, day, {"confirms": number}, f"approve {next(KEYS)}")
    )


def notice(here: Installation, day: str) -> int:
    """How many days before the party meeting the plan is delivered, in force in a village on a day."""
    effective = here.library.effective("siyi_lianggongkai", VILLAGE, datetime.date.fromisoformat(day))
    return effective.compiled.procedure.by_id["deliberate"].bodies["party_meeting"].notice_days  # type: ignore[attr-defined]


def test_a_text_binds_from_its_day_once_another_has_approved_it(here: Installation, tmp_path: Path) -> None:
    """Proposed, it binds nobody; approved, it binds from its first day and not on the day before."""
    proposed = propose(here, tmp_path)
    assert isinstance(proposed, Receipt)
    assert notice(here, "2026-03-09") == 3
    assert isinstance(approve(here, proposed.entry.pseq), Receipt)
    assert (notice(here, "2026-03-08"), notice(here, "2026-03-09")) == (3, 6)


def test_the_one_who_proposed_does_not_approve(here: Installation, tmp_path: Path) -> None:
    """The second pair of eyes is another person's."""
    proposed = propose(here, tmp_path)
    assert isinstance(proposed, Receipt)
    refused = approve(here, proposed.entry.pseq, by=CIVIL)
    assert isinstance(refused, Refusal)
    assert [each.check for each in refused.unmet] == ["confirm.other_person"]


@pytest.mark.parametrize("first, fine", [("2026-03-02", False), ("2026-03-03", True)])
def test_a_text_binds_at_the_earliest_from_the_day_after(
    here: Installation, tmp_path: Path, first: str, fine: bool
) -> None:
    """Not from the day it is put forward: what was done this morning was done under the old text."""
    answer = propose(here, tmp_path, LAYER.replace("2026-03-09", first), first)
    assert isinstance(answer, Receipt) is fine
    if isinstance(answer, Refusal):
        assert [each.check for each in answer.unmet] == ["place.text_from"]


@pytest.mark.parametrize(
    "old, new, words",
    [
        ("notice_days: 6", "notice_dais: 6", "Y102"),
        (
            "stages.deliberate.bodies.party_meeting.notice_days: 6",
            "stages.post_resolution.days: 14",
            "不少于15日",
        ),
        ('division: "371329"', 'division: "371325"', "不在本县"),
        ("extends: siyi_lianggongkai", "extends: siyi_liang", "P210"),
        ("from: 2026-03-09", "from: 2026-03-10", "和填的 2026-03-09 不一样"),
        ("set:\n", "set: [\n", "Y004"),
    ],
)
def test_a_text_with_a_fault_is_not_put_forward(
    here: Installation, tmp_path: Path, old: str, new: str, words: str
) -> None:
    """What the checker would say is said at once, with line and column; nothing is recorded."""
    answer = propose(here, tmp_path, LAYER.replace(old, new))
    assert isinstance(answer, Malformed)
    assert words in answer.errors[0].message
    with here.database.reading() as conn:
        assert published(conn) == []


def test_a_text_in_force_is_never_changed(here: Installation, tmp_path: Path) -> None:
    """Another text of the same name and day is refused, whether the first shipped or was published; a later day is free."""
    first = propose(here, tmp_path)
    assert isinstance(first, Receipt)
    approve(here, first.entry.pseq)
    other = LAYER.replace("notice_days: 6", "notice_days: 7")
    answer = propose(here, tmp_path, other)
    assert isinstance(answer, Malformed)
    assert "施行以后不能改" in answer.errors[0].message
    later = propose(here, tmp_path, other.replace("2026-03-09", "2026-04-01"), "2026-04-01")
    assert isinstance(later, Receipt)


def test_two_proposals_of_one_day_are_not_both_approved(here: Installation, tmp_path: Path) -> None:
    """The second is asked again at its approval and finds the place taken."""
    first, second = propose(here, tmp_path), propose(here, tmp_path, LAYER.replace(": 6", ": 8"))
    assert isinstance(first, Receipt)
    assert isinstance(second, Receipt)
    assert isinstance(approve(here, first.entry.pseq), Receipt)
    assert isinstance(approve(here, second.entry.pseq), Malformed)
    assert notice(here, "2026-03-09") == 6


def test_only_the_county_publishes(here: Installation, tmp_path: Path) -> None:
    """Somebody without a county office is refused."""
    answer = propose(here, tmp_path, by="p_nobody")
    assert isinstance(answer, Refusal)
    assert "office.may" in [each.check for each in answer.unmet]


def test_a_village_publishes_nothing(here: Installation, tmp_path: Path) -> None:
    """Texts are put forward on the county's own record; what they bind stands in them."""
    village(here)
    path = tmp_path / "text.yaml"
    path.write_text(LAYER, encoding="utf-8")
    facts = {"text": [keep(here, path).digest], "from": "2026-03-09"}
    day = civil_day(here.clock())
    refused = advance(here, Request(VILLAGE, None, "publish_text", CIVIL, day, facts, "village"))
    assert isinstance(refused, Refusal)
    assert [each.check for each in refused.unmet] == ["place.county"]


def test_the_folder_follows_the_register(here: Installation, tmp_path: Path) -> None:
    """A file slipped into the folder of published texts, or changed there, is put right from the register."""
    proposed = propose(here, tmp_path)
    assert isinstance(proposed, Receipt)
    approve(here, proposed.entry.pseq)
    root = here.library.more[0]
    mine = root / "layers/371329/siyi_lianggongkai/2026-03-09.yaml"
    slipped = root / "layers/371329/siyi_lianggongkai/2026-03-10.yaml"
    mine.write_text(mine.read_text(encoding="utf-8").replace(": 6", ": 9"), encoding="utf-8")
    slipped.write_text(LAYER, encoding="utf-8")
    lay_out(here)
    assert not slipped.exists()
    assert ": 6" in mine.read_text(encoding="utf-8")


def test_the_command_proposes_lists_and_approves(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`cunyi publish` with two people's tokens; without one it is a wrong call, with the proposer's it is refused."""
    folder = tmp_path / "home"
    made = create(folder, COUNTY, "临沭县")
    made.database.create()
    tokens = {}
    with made.database.writing() as conn:
        now = made.clock()
        for name in ("甲", "乙"):
            person = store.create_account(
                conn, name=name, display=name, group="county", scope=COUNTY[:6], place_name="临沭县", now=now
            )
            tokens[name] = person, store.issue_token(conn, person, "act", "", now, datetime.timedelta(days=1))
    grant(made, COUNTY, "installation", "p_administrator", "administrator")
    for person, _ in tokens.values():
        grant(made, COUNTY, "p_administrator", person, "county_civil_affairs")
    made.close()
    path = tmp_path / "text.yaml"
    path.write_text(LAYER.replace("2026-03-09", "2199-01-01"), encoding="utf-8")

    def said(*arguments: str) -> tuple[int, str]:
        status = main.run(["publish", *arguments, "--data", str(folder)])
        told = capsys.readouterr()
        return status, told.out + told.err

    assert said(str(path))[0] == 2
    assert said(str(path), "--approve", "1")[0] == 2
    status, told = said(str(path), "--token", tokens["甲"][1], "--json")
    assert status == 0
    number = str(json.loads(told)["number"])
    status, told = said("--approve", number, "--token", tokens["甲"][1])
    assert status == 1
    assert "另一个人" in told
    assert said("--approve", number, "--token", tokens["乙"][1])[0] == 0
    status, told = said()
    assert status == 0
    assert "自 2199-01-01 起　已批准" in told


def test_what_was_put_in_force_is_decided_again_by_verify(here: Installation, tmp_path: Path) -> None:
    """The register of a county that has published stands, and a changed text is found by its digest."""
    proposed = propose(here, tmp_path)
    assert isinstance(proposed, Receipt)
    approve(here, proposed.entry.pseq)
    here.signer.sign_pending()
    assert verify(here).findings == ()
    kept = here.documents.path(str(proposed.entry.documents[0]["digest"]))
    kept.chmod(0o600)
    kept.write_text(LAYER.replace(": 6", ": 1"), encoding="utf-8")
    assert [each.code for each in verify(here).findings] == ["V412"]
