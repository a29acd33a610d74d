"""Inspection by sample: what is drawn, how many, findings, the deadline, accountability, the re-check, a corrected draw."""

import hashlib
from datetime import date, timedelta

import pytest

from tests.trials import MONDAY, Trial, faults
from workflow.core.stages.sampling import MOST_DRAWN, draw, part_of

CHECK = """\
  - id: check
    title: 干部作风抽查
    phase: audit
    kind: inspection
    by: [discipline, vsc_member]
    archived_by: [secretary]
    sample: {population: 全镇的村, method: random, share: 1/10, min: 3, seed: 抽查前一天的开奖号码, rectify_days: 10}
    then: archived
"""
BY_HAND = CHECK.replace(
    "method: random, share: 1/10, min: 3, seed: 抽查前一天的开奖号码", "method: covert, size: 3"
)
PLAIN = "".join(line for line in CHECK.splitlines(keepends=True) if "sample" not in line)
SEED = 20260301


def day(later: int) -> date:
    """A day counted from the Monday; day 11 is a Friday."""
    return MONDAY + timedelta(days=later)


def drawn(population: int = 45, seed: int | None = SEED, text: str = CHECK) -> Trial:
    """A sample drawn on the Monday."""
    trial = Trial(text, "check")
    trial.ok("draw", "discipline", MONDAY, population=population, seed=seed)
    return trial


def looked(
    trial: Trial, serious: int = 0, ordinary: int = 0, slight: int = 0, checked: int = 5, on: int = 1
) -> str:
    """Look at the sample; the outcome."""
    return trial.ok(
        "inspect", "discipline", day(on), checked=checked, serious=serious, ordinary=ordinary, slight=slight
    ).outcome  # fmt: skip


def rechecked(trial: Trial, on: int, left: int = 0) -> str:
    """Look again; so many slight findings are left."""
    return trial.ok("recheck", "discipline", day(on), serious=0, ordinary=0, slight=left).outcome


# The draw


def test_the_rule_can_be_repeated_with_any_tool() -> None:
    """The numbers are those that SHA-256 of the published text gives, here computed apart from the engine."""
    found: list[int] = []
    counter = 0
    while len(found) < 5:
        text = f"cunyi-sample-1:{SEED}:45:{counter}"
        number = int(hashlib.sha256(text.encode()).hexdigest()[:16], 16) % 45 + 1
        if number not in found:
            found.append(number)
        counter += 1

    assert draw(SEED, 45, 5) == tuple(found)


def test_the_same_seed_and_population_give_the_same_numbers_and_others_do_not() -> None:
    """Drawn twice it is one sample; a larger sample begins with the smaller; another seed or population is another."""
    assert draw(SEED, 45, 5) == draw(SEED, 45, 5) == draw(SEED, 45, 9)[:5]
    assert draw(SEED + 1, 45, 5) != draw(SEED, 45, 5)
    assert draw(SEED, 46, 5) != draw(SEED, 45, 5)


@pytest.mark.parametrize("population, size", [(1, 1), (5, 5), (45, 0), (0, 0), (1_000_000, 20)])
def test_numbers_are_different_and_of_the_population(population: int, size: int) -> None:
    """Nothing is drawn twice, nothing beyond the last number; all of a small population can be drawn."""
    found = draw(SEED, population, size)

    assert len(set(found)) == size
    assert all(1 <= each <= population for each in found)
    if size == population:
        assert sorted(found) == list(range(1, population + 1))


def test_more_cannot_be_drawn_than_there_are() -> None:
    """Six of five is a mistake of the code, never an endless search."""
    with pytest.raises(ValueError, match="more to draw"):
        draw(SEED, 5, 6)


def test_no_number_is_likelier_than_another() -> None:
    """Over many seeds each of ten numbers comes first about as often: none under half or over twice its turn."""
    first = [draw(seed, 10, 1)[0] for seed in range(2000)]

    assert all(100 < first.count(number) < 400 for number in range(1, 11))


@pytest.mark.parametrize("total, tenth", [(0, 0), (1, 1), (10, 1), (11, 2), (45, 5), (50, 5), (51, 6)])
def test_a_share_is_exact_and_rounded_up(total: int, tenth: int) -> None:
    """A tenth of ten is one, of eleven two."""
    assert part_of("1/10", total) == tenth


@pytest.mark.parametrize("population, size", [(45, 5), (30, 3), (31, 4), (20, 3), (3, 3), (2, 2)])
def test_the_size_is_the_share_at_least_the_minimum_at_most_all(population: int, size: int) -> None:
    """A tenth, but three at least, and of two villages both."""
    trial = drawn(population)

    assert trial.entries[-1].computed["size"] == size
    assert trial.entries[-1].computed["drawn"] == [str(each) for each in draw(SEED, population, size)]


def test_nothing_to_draw_of_and_too_much_to_draw_are_refused() -> None:
    """No village, more than a million, and a tenth of more than ten thousand."""
    trial = Trial(CHECK, "check")
    for population in (0, 1_000_001, 10 * MOST_DRAWN + 1):
        assert trial.refused("draw", "discipline", MONDAY, population=population, seed=SEED) == {
            "inspection.population"
        }
    trial.ok("draw", "discipline", MONDAY, population=10 * MOST_DRAWN, seed=SEED)


def test_without_a_published_number_the_size_alone_is_computed() -> None:
    """Who goes unannounced chooses where; the form asks no number and no numbers are recorded."""
    trial = drawn(45, None, BY_HAND)

    assert (trial.entries[-1].computed["size"], trial.entries[-1].computed["drawn"]) == (3, [])
    assert trial.ahead(MONDAY)["inspect"].title == "登记明察暗访结果"


# What is found


def test_all_that_was_drawn_is_looked_at() -> None:
    """Five were drawn: four looked at are refused, five stand."""
    trial = drawn()
    facts = {"serious": 0, "ordinary": 0, "slight": 0}

    assert trial.refused("inspect", "discipline", day(1), checked=4, **facts) == {"inspection.checked"}
    assert looked(trial) == "sound"
    assert trial.at == "check.inspected"


@pytest.mark.parametrize("kind", ["serious", "ordinary", "slight"])
def test_one_finding_of_any_severity_is_a_finding(kind: str) -> None:
    """The outcome follows from the counts, not from a choice."""
    trial = drawn()

    assert looked(trial, **{kind: 1}) == "findings"
    assert (trial.at, trial.entries[-1].computed["findings"]) == ("check.rectifying", 1)


def test_what_is_rectified_in_time_is_looked_at_again_and_filed() -> None:
    """Findings, rectification, a clean re-check, the archive."""
    trial = drawn()
    looked(trial, ordinary=2)
    trial.ok("rectify", "secretary", day(5))

    assert rechecked(trial, 6) == "cleared"
    trial.ok("archive", "secretary", day(6), pages=9)
    assert trial.at == "archived"


def test_the_deadline_runs_from_the_findings_and_ends_on_a_workday() -> None:
    """Ten days from Tuesday 3 March end on Friday 13 March, and accountability begins on the 14th."""
    trial = drawn()
    looked(trial, slight=1)

    assert trial.window("rectify") == (None, day(11))
    assert trial.window("hold_to_account") == (day(12), None)
    weekend = drawn(text=CHECK.replace("rectify_days: 10", "rectify_days: 5"))
    looked(weekend, slight=1)
    assert weekend.window("rectify") == (None, day(7))


def test_on_the_last_day_it_is_in_time_and_a_day_later_somebody_answers_for_it() -> None:
    """Late rectification stands only once accountability is on record, which is not taken before the day is over."""
    trial = drawn()
    looked(trial, slight=1)
    assert trial.refused("hold_to_account", "discipline", day(11), measure="talk", people=1) == {
        "inspection.overdue"
    }
    assert trial.refused("rectify", "secretary", day(12)) == {"inspection.accountability"}
    trial.ok("hold_to_account", "discipline", day(12), measure="talk", people=1)

    assert trial.at == "check.rectifying"
    trial.ok("rectify", "secretary", day(12))
    in_time = drawn()
    looked(in_time, slight=1)
    in_time.ok("rectify", "secretary", day(11))
    assert in_time.at == trial.at == "check.rectified"


def test_a_recheck_that_finds_some_left_gives_a_new_deadline_and_a_new_account() -> None:
    """What was answered for in the first round answers for nothing in the second."""
    trial = drawn()
    looked(trial, slight=3)
    trial.ok("hold_to_account", "discipline", day(12), measure="circular", people=1)
    trial.ok("rectify", "secretary", day(12))

    assert rechecked(trial, 14, left=1) == "not_cleared"
    assert trial.window("rectify") == (None, day(24))
    assert trial.refused("rectify", "secretary", day(25)) == {"inspection.accountability"}
    trial.ok("rectify", "secretary", day(24))
    assert rechecked(trial, 25) == "cleared"


def test_a_recheck_counts_what_was_found_no_more() -> None:
    """Two of two may be left; a third would be a finding nobody made."""
    trial = drawn()
    looked(trial, serious=1, ordinary=1)
    trial.ok("rectify", "secretary", day(2))
    facts = {"serious": 1, "ordinary": 1}

    assert trial.refused("recheck", "discipline", day(3), **facts, slight=1) == {"inspection.left"}
    trial.ok("recheck", "discipline", day(3), **facts, slight=0)


def test_inspectors_do_not_rectify_and_the_inspected_do_not_inspect() -> None:
    """Each act has its own offices."""
    trial = drawn()

    assert trial.refused("inspect", "secretary", day(1), checked=5, serious=0, ordinary=0, slight=0) == {
        "office.may"
    }
    looked(trial, slight=1)
    assert trial.refused("rectify", "discipline", day(2)) == {"office.may"}


# Corrections


def test_a_corrected_seed_is_another_sample_and_undoes_what_was_looked_at() -> None:
    """The numbers drawn anew stand in the correction; the matter is back where the sample is looked at."""
    trial = drawn()
    looked(trial)
    done = trial.corrected("draw", "discipline", day(2), seed=SEED + 1, reason="号码抄错了")
    (asked,) = [each for each in done.requirements if each.check == "inspection.population"]

    assert asked.numbers["drawn"] == [str(each) for each in draw(SEED + 1, 45, 5)]
    assert (done.outcome, trial.at) == ("changed", "check.drawn")
    assert [act.action for act in trial.matter.acts if act.without_basis] == ["inspect"]


def test_a_seed_corrected_twice_undoes_twice() -> None:
    """Back to the first number is another sample than the second, though it was the first."""
    trial = drawn()
    trial.corrected("draw", "discipline", day(1), seed=SEED + 1, reason="号码抄错了")
    looked(trial, on=2)
    done = trial.corrected("draw", "discipline", day(3), seed=SEED, reason="原来没有错")

    assert (done.outcome, trial.at) == ("changed", "check.drawn")
    looked(trial, on=4)
    third = trial.corrected("draw", "discipline", day(5), seed=SEED + 2, reason="又错了")
    assert (third.outcome, trial.at) == ("changed", "check.drawn")


def test_a_correction_that_gives_the_same_sample_moves_nothing() -> None:
    """There are forty-six villages, not forty-five: without a number to draw by, three are looked at all the same."""
    trial = drawn(45, None, BY_HAND)
    looked(trial, checked=3)
    done = trial.corrected("draw", "discipline", day(2), population=46, reason="漏了一个村")

    assert (done.outcome, trial.at) == ("unchanged", "check.inspected")


def test_findings_that_were_not_found_send_the_matter_on() -> None:
    """The one finding was a slip: nothing is to be rectified."""
    trial = drawn()
    looked(trial, slight=1)
    done = trial.corrected("inspect", "discipline", day(2), slight=0, reason="记错了")

    assert (done.outcome, trial.at) == ("changed", "check.inspected")


# Without a sample, and what cannot stand together


def test_without_a_sample_the_stage_is_what_it_was() -> None:
    """The file is inspected with a result and a count that agree, rectified, inspected again and filed."""
    trial = Trial(PLAIN, "check")
    assert set(trial.compiled.actions["check"]) == {"inspect", "rectify", "archive"}
    assert trial.refused("inspect", "discipline", MONDAY, result="sound", findings=1) == {
        "inspection.findings"
    }
    trial.ok("inspect", "discipline", MONDAY, result="findings", findings=1, rectify_by=day(5))
    trial.ok("rectify", "secretary", day(9))
    assert trial.at == "check"
    trial.ok("inspect", "discipline", day(9), result="sound", findings=0)
    trial.ok("archive", "secretary", day(9), pages=3)

    assert trial.at == "archived"


@pytest.mark.parametrize(
    "old, new, path, words",
    [
        ("share: 1/10, min: 3,", "", ("sample",), "要写一个，只写一个"),
        ("share: 1/10, min: 3,", "share: 1/10, size: 5,", ("sample",), "要写一个，只写一个"),
        ("share: 1/10, min: 3,", "size: 5, min: 3,", ("sample", "min"), "只有按比例抽时才写"),
        (", seed: 抽查前一天的开奖号码", "", ("sample",), "随机抽查要写 seed"),
    ],
)
def test_what_cannot_stand_together_is_said_when_the_file_is_read(
    old: str, new: str, path: tuple[str, ...], words: str
) -> None:
    """Two sizes or none, a minimum of nothing, chance without a source."""
    (fault,) = faults(CHECK.replace(old, new), "check")

    assert (fault.code, fault.path) == ("P215", ("stages", "check", *path))
    assert words in fault.message
