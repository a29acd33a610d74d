"""A joint stage of three tracks, one of a ballot beside a survey, and the acts of each."""

from datetime import date, timedelta

from tests.trials import MONDAY, Trial
from workflow.core.attempt import Decision

S04 = """\
  - id: gate
    title: 转入下一步前的确认
    phase: review
    kind: joint
    tracks:
      - {id: town, title: 镇街审核, kind: signoff, mode: approve, by: [township_officer], days: 5}
      - id: principles
        title: 原则确认
        kind: checklist
        by: [vsc_chair, vsc_member]
        principles:
          - {id: lawful, title: 依法依规}
          - {id: orderly, title: 程序规范}
          - {id: accepted, title: 群众认可}
          - {id: lasting, title: 持续发展}
      - {id: asked, title: 民意调查, kind: survey, min_asked: 30, share: 4/5}
    then: next
    otherwise: rejected
  - {id: next, title: 备案, phase: audit, kind: signoff, mode: file, by: [county_civil_affairs], then: archived}
"""
TWO_OF_THREE = S04.replace("    kind: joint\n", "    kind: joint\n    needed: 2\n")
YES = {f"principle_{name}": True for name in ("lawful", "orderly", "accepted", "lasting")}
S15 = """\
  - id: review
    title: 民主评议
    phase: vote
    kind: joint
    tracks:
      - id: ballot
        title: 一户一票
        kind: ballot
        unit: household
        turnout: ">= 2/3 of households"
        tellers_min: 1
        scale: [{id: fit, title: 称职}, {id: bad, title: 不称职}]
        bands:
          - {id: competent, title: 称职, answers: [fit], rule: ">= 1/2 of ballots_cast"}
          - {id: incompetent, title: 不称职, leads: rejected}
      - {id: asked, title: 民意调查, kind: survey}
    then: archived
"""


def day(later: int) -> date:
    """A day counted from the Monday."""
    return MONDAY + timedelta(days=later)


def town(trial: Trial, opinion: str = "agree", on: int = 1) -> Decision:
    """The township signs."""
    return trial.ok("town_sign", "township_officer", day(on), opinion=opinion)


def affirm(trial: Trial, on: int = 1, **answers: bool) -> Decision:
    """The supervisors answer the principles, all yes but for those named."""
    return trial.ok(
        "principles_affirm",
        "vsc_chair",
        day(on),
        **{**YES, **{f"principle_{name}": said for name, said in answers.items()}},
    )


def survey(trial: Trial, satisfied: int = 40, dissatisfied: int = 10, on: int = 1) -> Decision:
    """Fifty people are asked, one in favour of everything after the other."""
    return trial.ok(
        "asked_survey", "clerk", day(on), asked=50, answer_satisfied=satisfied, answer_basically=0,
        answer_dissatisfied=dissatisfied, answer_unknown=0,
    )  # fmt: skip


ACTS = {"town": town, "principles": affirm, "asked": survey}
