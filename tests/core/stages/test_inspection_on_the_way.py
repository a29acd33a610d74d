"""An inspection on the way: nothing is put away there, the matter goes on when nothing is left to correct."""

from datetime import date

from tests.trials import MONDAY, Trial, faults

FOLLOWED = """\
  - id: follow
    title: 中途督导
    phase: execution
    kind: inspection
    by: [discipline]
    archived_by: [secretary]
    sample: {population: 项目, method: on_site, size: 2, rectify_days: 10}
    filed: false
    then: review
  - {id: review, title: 中途审阅, phase: execution, kind: inspection, filed: false, then: archive}
  - {id: archive, title: 核验归档, phase: audit, kind: inspection, then: archived}
"""
COUNTS = {"serious": 0, "ordinary": 0, "slight": 0}


def drawn() -> Trial:
    """A sample of two out of five on the Monday."""
    trial = Trial(FOLLOWED, "follow")
    trial.ok("draw", "discipline", MONDAY, population=5)
    return trial


def test_a_sound_sample_on_the_way_leads_straight_on() -> None:
    """There is no putting away before the last stage, of a sample nor of the file."""
    trial = drawn()
    assert "archive" not in trial.compiled.actions["follow"]
    trial.ok("inspect", "discipline", MONDAY, checked=2, **COUNTS)
    assert trial.at == "review"
    trial.ok("inspect", "vsc_chair", MONDAY, result="sound", findings=0)

    assert trial.at == "archive"


def test_findings_on_the_way_are_rectified_and_looked_at_again_first() -> None:
    """What was found holds the matter until the second look is clear."""
    trial = drawn()
    trial.ok("inspect", "discipline", MONDAY, checked=2, **{**COUNTS, "slight": 1})
    trial.ok("rectify", "secretary", date(2026, 3, 5))
    trial.ok("recheck", "discipline", date(2026, 3, 6), **COUNTS)

    assert trial.at == "review"


def test_a_list_of_papers_belongs_where_the_file_is_put_away() -> None:
    """Papers listed where nothing is put away would never be asked for."""
    text = FOLLOWED.replace(
        "kind: inspection, filed: false, then: archive}",
        "kind: inspection, filed: false, papers: [{title: 动议, stage: motion, action: open}], then: archive}",
    )
    (fault,) = faults(text, "follow")

    assert fault.path == ("stages", "review", "papers")
    assert "不归档" in fault.message
