"""The library: which text binds where and when, and what may not stand in it."""

import datetime
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.core.findings import Unreadable
from workflow.library import Library, NotInForce
from workflow.shelves import SHIPPED

DAY = datetime.date(2026, 3, 1)
LINSHU, ELSEWHERE, ZHEJIANG = "371329105201", "370102001001", "330102001001"
SYLGK = "siyi_lianggongkai"
Edit = Callable[[str, str, str], Library]


@pytest.fixture
def edited(tmp_path: Path) -> Edit:
    """Make a library in which one text of one file is replaced."""
    folder = tmp_path / "procedures"
    shutil.copytree(SHIPPED, folder)

    def edit(file: str, old: str, new: str) -> Library:
        path = folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return Library(folder)

    return edit


def refused(library: Library, place: str = LINSHU) -> list[str]:
    """What the library says of a text it will not take."""
    with pytest.raises(Unreadable) as told:
        library.effective(SYLGK, place, DAY)
    return [finding.line() for finding in told.value.findings]


NATIONAL = f"{SYLGK}/2026-01-01.yaml"
SHANDONG = f"layers/37/{SYLGK}/2026-01-01.yaml"
SHANDONG_EVERY = "layers/37/every_procedure/2026-01-01.yaml"
COUNTY = f"layers/371329/{SYLGK}/2026-01-01.yaml"


def test_each_layer_sets_its_own_values(tmp_path: Path) -> None:
    """The nation's three days become Shandong's five; Linshu adds its two stages; other provinces keep the nation's."""
    library = Library(SHIPPED)
    days = {
        place: library.effective(SYLGK, place, DAY)
        .compiled.procedure.by_id["resolve"]
        .bodies["rep_assembly"]
        .notice_days  # type: ignore[attr-defined]
        for place in (LINSHU, ELSEWHERE, ZHEJIANG)
    }
    stages = {place: len(library.effective(SYLGK, place, DAY).compiled.procedure.stages) for place in days}

    assert days == {LINSHU: 5, ELSEWHERE: 5, ZHEJIANG: 3}
    assert stages == {LINSHU: 11, ELSEWHERE: 9, ZHEJIANG: 9}


@pytest.mark.parametrize(
    "file, old, new, said",
    [
        (NATIONAL, "    days: 15\n", "    days: 14\n", "村务公布期限：现为“不少于14日”，组织法（2025年修正）第三十五条要求“不少于15日”"),
        (NATIONAL, '        quorum: ">= 2/3 of body_all"\n        approval: "> 1/2 of present"', '        quorum: ">= 3/5 of body_all"\n        approval: "> 1/2 of present"', "组织法（2025年修正）第三十条要求“组成人员的三分之二以上”"),
        (NATIONAL, '        quorum: ">= 2/3 of voting_members"', '        quorum: ">= 2/5 of voting_members"', "支部工作条例"),
        (NATIONAL, '        approval: "> 1/2 of due"', '        approval: "> 1/2 of present"', "支部工作条例"),
        (NATIONAL, "        notice_days: 10\n", "        notice_days: 9\n", "组织法（2025年修正）第二十五条要求“不少于10日”"),
        (NATIONAL, "        delegation: true\n", "        delegation: false\n", "组织法（2025年修正）第二十九条"),
        (SHANDONG, "notice_days: 5", "notice_days: 4", "山东省实施办法（2012年修订）第二十四条要求“不少于5日”"),
        (SHANDONG, 'women_quorum: ">= 2/3 of women_reps"', 'women_quorum: ">= 3/5 of women_reps"', "山东省实施办法（2012年修订）第二十四条"),
        (SHANDONG, "rep_assembly.notice_ways: [written, posted]", "rep_assembly.notice_ways: [written]", "缺少张榜公布"),
        (SHANDONG, "notice_waiver: false", "notice_waiver: true", "山东省实施办法（2012年修订）第十七条"),
        (SHANDONG_EVERY, "settings.objection_reply_days: 5", "settings.objection_reply_days: 6", "山东省村务公开条例"),
    ],
)  # fmt: skip
def test_a_text_below_a_floor_is_refused_with_the_article(
    edited: Edit, file: str, old: str, new: str, said: str
) -> None:
    """Looser than the law is refused where it stands: file, line, what was found, which article asks for what."""
    lines = refused(edited(file, old, new))

    assert len(lines) == 1
    assert said in lines[0]
    assert f"{file}:" in lines[0]
    assert " F301 " in lines[0]


def test_stricter_than_the_law_may_stand(edited: Edit) -> None:
    """Four fifths present and two thirds of all, a posting of twenty days: accepted."""
    edited(NATIONAL, "    days: 15\n", "    days: 20\n")
    library = edited(
        NATIONAL,
        '        quorum: ">= 2/3 of body_all"\n        approval: "> 1/2 of present"',
        '        quorum: ">= 4/5 of body_all"\n        approval: ">= 2/3 of body_all"',
    )

    assert library.effective(SYLGK, LINSHU, DAY)


@pytest.mark.parametrize(
    "file, old, new, code, said",
    [
        (NATIONAL, "then: consult\n\n", "then: consul\n\n", "P201", "没有“consul”这一步"),
        (NATIONAL, "    after: implement\n", "    after: post_resolution\n", "P202", "不是有验收的"),
        (NATIONAL, "    after_posting: post_resolution\n", "    after_posting: implement\n", "P202", "不是公示步骤"),
        (NATIONAL, "    on_divided: villagers_assembly\n", "    on_divided: party_meeting\n", "P202", "怎么开会"),
        (NATIONAL, "stage: consult\n", "stage: deliberate\n", "P202", "只能与紧接着的会议合并"),
        (NATIONAL, "stage: motion, action: open}", "stage: motion, action: opn}", "P203", "没有“opn”"),
        (NATIONAL, "document: sign_in}", "document: sign}", "P203", "没有“sign”这种附件"),
        (NATIONAL, "    then: post_result\n", "    then: archive\n", "P204", "没有哪一步会走到"),
        (NATIONAL, "  - id: consult\n", "  - id: propose\n", "P206", "重复"),
        (NATIONAL, "    kind: motion\n", "    kind: moton\n", "Y116", "motion"),
        (NATIONAL, "    photo: true\n", "    foto: true\n", "Y102", "是否指"),
        (NATIONAL, "    days: 15\n", "    days: 十五\n", "Y104", "整数"),
        (NATIONAL, "    days: 15\n", "    days: 15\n    days: 15\n", "Y012", "两次"),
        (COUNTY, "stages.consult.then", "stages.consolt.then", "Y201", "是否指"),
        (COUNTY, "      kind: signoff\n", "      kind: signof\n", "Y116", "signoff"),
    ],
)  # fmt: skip
def test_a_broken_text_is_refused_at_its_place(
    edited: Edit, file: str, old: str, new: str, code: str, said: str
) -> None:
    """Each fault is told with file, line and column, its code, and words that help."""
    lines = refused(edited(file, old, new))

    assert any(f" {code} " in line and said in line and f"{file}:" in line for line in lines), lines


def test_stages_that_never_end_are_refused(edited: Edit) -> None:
    """Two stages that only lead to each other are told as endless."""
    edited(NATIONAL, "    then: archived\n", "    then: post_result\n")
    lines = refused(edited(NATIONAL, "    then: archive\n", "    then: archive\n"))

    assert any(" P205 " in line for line in lines)


def test_a_text_in_force_is_chosen_by_day(edited: Edit, tmp_path: Path) -> None:
    """The newest text not later than the day binds; before the first there is none, with a hint for a wrong name."""
    library = Library(SHIPPED)
    with pytest.raises(NotInForce, match="没有施行的程序"):
        library.effective(SYLGK, LINSHU, datetime.date(2018, 12, 31))
    with pytest.raises(NotInForce, match=f'是否指 "{SYLGK}"'):
        library.effective("siyi_liangongkai", LINSHU, DAY)
    later = edited(NATIONAL, "from: 2026-01-01", "from: 2026-01-01")
    new = later.folder / SYLGK / "2026-07-01.yaml"
    text = (later.folder / NATIONAL).read_text(encoding="utf-8")
    new.write_text(
        text.replace("from: 2026-01-01", "from: 2026-07-01").replace("    days: 15\n", "    days: 20\n", 1)
    )

    june, july = (
        later.effective(SYLGK, LINSHU, datetime.date(2026, month, 30))
        .compiled.procedure.by_id["post_resolution"]
        .days  # type: ignore[attr-defined]
        for month in (6, 7)
    )

    assert (june, july) == (15, 20)


def test_a_matter_keeps_the_text_it_was_opened_under(edited: Edit) -> None:
    """By digest, a procedure that left the folder compiles from the kept bytes; other bytes are refused."""
    old = Library(SHIPPED).effective(SYLGK, LINSHU, DAY)
    moved_on = edited(NATIONAL, "    days: 15\n", "    days: 16\n")
    kept = moved_on.compiled(old.text.digest, lambda _: old.text.body)

    assert kept.procedure == old.compiled.procedure
    with pytest.raises(NotInForce):
        edited(NATIONAL, "    days: 16\n", "    days: 17\n").compiled(
            old.text.digest, lambda _: old.text.body + b" "
        )
    with pytest.raises(NotInForce):
        Library(moved_on.folder).compiled(old.text.digest, lambda _: None)


def test_the_law_of_an_old_entry_is_read_from_the_kept_texts(edited: Edit) -> None:
    """Statutes and calendar come back from their kept bytes, by digest, as they were."""
    shipped = Library(SHIPPED)
    statutes, calendar = shipped.statutes[1], shipped.calendar[1]
    changed = edited(f"layers/37/{SYLGK}/2026-01-01.yaml", "山东省", "山东")
    (changed.folder / "calendars" / "2036-provisional.yaml").unlink()
    law = changed.law_of(
        statutes.digest, calendar.digest, {statutes.digest: statutes.body, calendar.digest: calendar.body}.get
    )

    assert law.calendar.last == 2036
    assert changed.calendar[0].last == 2035
    assert law.statutes.in_force("disclosure.posting_days_min", DAY)[0].value == 15
    assert json.loads(statutes.body)


def test_another_countys_broken_layer_breaks_nobody_else(edited: Edit) -> None:
    """Procedures are read when asked for: a fault in Linshu's layer is no fault in Jinan."""
    library = edited(COUNTY, "extends:", "extend s:")

    assert library.effective(SYLGK, ELSEWHERE, DAY)
    assert refused(library)


def test_a_file_named_after_no_day_is_told(edited: Edit) -> None:
    """The name of a text's file is its first day in force."""
    library = edited(NATIONAL, "layer: national", "layer: national")
    (library.folder / NATIONAL).rename(library.folder / SYLGK / "newest.yaml")

    assert any(" P208 " in line for line in refused(library))
